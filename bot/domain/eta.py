"""Told against actual: how often a parcel came within the window that was told, by whose it was."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.attempt import wilson
from bot.domain.estimate import By
from bot.domain.quantile import quantile
from bot.domain.shipment import Shipment
from bot.domain.when import Window


@dataclass(frozen=True)
class Arrival:
    """A delivered parcel: whose, what its customer was last told by whom, and when it came."""

    carrier: str
    told: Window
    came: datetime
    by: By = By.carrier

    @property
    def missed_by(self) -> timedelta:
        """Zero within the window; negative when it came too early, positive when too late."""
        if self.came < self.told.start:
            return self.came - self.told.start
        return max(self.came - self.told.end, timedelta())


@dataclass(frozen=True)
class Kept:
    """How the windows of one carrier's parcels were kept, by whose estimate they were.

    The interval of the share is 95 % (Wilson).
    """

    carrier: str
    by: By
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
        Arrival(
            shipment.carrier, shipment.told, shipment.status_at, By(shipment.told_by or By.carrier)
        )
        for shipment in shipments
        if shipment.told is not None and shipment.status_at is not None
    ]


def eta_report(arrivals: Sequence[Arrival]) -> list[Kept]:
    """By carrier and whose estimate it was, the carrier with most parcels first."""
    grouped: dict[tuple[str, By], list[Arrival]] = {}
    for arrival in arrivals:
        grouped.setdefault((arrival.carrier, arrival.by), []).append(arrival)
    kept = [_kept(carrier, by, those) for (carrier, by), those in grouped.items()]
    parcels = Counter(arrival.carrier for arrival in arrivals)
    return sorted(kept, key=lambda one: (-parcels[one.carrier], one.carrier, -one.count, one.by))


def _kept(carrier: str, by: By, arrivals: Sequence[Arrival]) -> Kept:
    missed = sorted(abs(a.missed_by) for a in arrivals if a.missed_by)
    inside = len(arrivals) - len(missed)
    return Kept(
        carrier,
        by,
        len(arrivals),
        inside,
        *wilson(inside, len(arrivals)),
        early=sum(a.missed_by < timedelta() for a in arrivals),
        late=sum(a.missed_by > timedelta() for a in arrivals),
        median_miss=quantile(missed, 0.5) if missed else None,
        worst_miss=quantile(missed, 0.9) if missed else None,
    )
