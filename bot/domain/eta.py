"""Promised against actual: how often a parcel came within the window that was told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.attempt import wilson
from bot.domain.shipment import Shipment
from bot.domain.when import Window


@dataclass(frozen=True)
class Arrival:
    """A delivered parcel: whose, what its customer was last told, and when it came."""

    carrier: str
    told: Window
    came: datetime

    @property
    def missed_by(self) -> timedelta:
        """Zero within the window; negative when it came too early, positive when too late."""
        if self.came < self.told.start:
            return self.came - self.told.start
        return max(self.came - self.told.end, timedelta())


@dataclass(frozen=True)
class Kept:
    """How one carrier's windows were kept; the interval of the share is 95 % (Wilson)."""

    carrier: str
    count: int
    inside: int
    low: float
    high: float
    early: int
    late: int
    median_miss: timedelta | None
    """Of those that missed, either way; None when none did."""
    worst_miss: timedelta | None
    """As much as nine in ten of the misses stay within."""

    @property
    def share(self) -> float:
        return self.inside / self.count


def arrivals_of(shipments: Iterable[Shipment]) -> list[Arrival]:
    """Those that were told a window, and have come."""
    return [
        Arrival(shipment.carrier, shipment.told, shipment.status_at)
        for shipment in shipments
        if shipment.told is not None and shipment.status_at is not None
    ]


def eta_report(arrivals: Sequence[Arrival]) -> list[Kept]:
    """By carrier, the one with most parcels first."""
    by_carrier: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        by_carrier.setdefault(arrival.carrier, []).append(arrival)
    kept = [_kept(carrier, those) for carrier, those in by_carrier.items()]
    return sorted(kept, key=lambda one: (-one.count, one.carrier))


def _kept(carrier: str, arrivals: Sequence[Arrival]) -> Kept:
    missed = sorted(abs(a.missed_by) for a in arrivals if a.missed_by)
    inside = len(arrivals) - len(missed)
    return Kept(
        carrier,
        len(arrivals),
        inside,
        *wilson(inside, len(arrivals)),
        early=sum(a.missed_by < timedelta() for a in arrivals),
        late=sum(a.missed_by > timedelta() for a in arrivals),
        median_miss=_quantile(missed, 0.5),
        worst_miss=_quantile(missed, 0.9),
    )


def _quantile(ordered: Sequence[timedelta], share: float) -> timedelta | None:
    """The nearest rank."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else None
