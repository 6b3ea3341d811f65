"""How long parcels have usually taken, and what that says of the next one.

Two stretches of a journey are learnt from: from the first scan on the way, which is a matter of
days, and from the van's loading, which is a matter of hours. Only journeys on which nothing
happened count, and only for parcels to which nothing has happened: what a failed attempt or a delay
comes to is not usual.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.estimate import By, Estimate
from bot.domain.ids import new_id
from bot.domain.quantile import quantile
from bot.domain.shipment import Shipment, Status, TrackingEvent, in_order
from bot.domain.when import Window

ENOUGH = 20
"""Of so many journeys two lie beyond each end of the window: one odd parcel does not set it."""
SOONEST, LATEST = 0.1, 0.9
REMEMBERED = timedelta(days=180)
"""Older journeys were another season's."""
AT_MOST = 500
"""As many of the latest journeys of a group say all that there is to say."""
_LONGEST = timedelta(days=60)
_QUARTER = timedelta(minutes=15)
_SHORTEST = timedelta(minutes=30)


class Leg(StrEnum):
    """A stretch of a journey, by where it begins; both end at the door or the pick-up point."""

    shipped = "shipped"
    out = "out"


_TELLS_NOTHING = {Leg.shipped: timedelta(days=7), Leg.out: timedelta(hours=12)}
"""A window that is wider says nothing that anybody could plan by."""
_BEGINS = {Status.in_transit: Leg.shipped, Status.out_for_delivery: Leg.out}
_ARRIVED = {Status.delivered, Status.ready_for_pickup}
_NOT_USUAL = {
    Status.attempt_failed, Status.delayed, Status.exception,
    Status.returning, Status.returned, Status.cancelled,
}  # fmt: skip


@dataclass(frozen=True)
class Departure:
    """Where, when and with whom a stretch began; weekday (Monday is 0) and hour are local."""

    leg: Leg
    carrier: str
    lane: str
    at: datetime
    zone: ZoneInfo

    @property
    def weekday(self) -> int:
        return self.at.astimezone(self.zone).weekday()

    @property
    def hour(self) -> int:
        return self.at.astimezone(self.zone).hour


class Took(NamedTuple):
    """How long a stretch took, in three ways to say it; see `Journey`."""

    seconds: int
    days: int
    minute: int


@dataclass(eq=False)
class Journey:
    """A stretch that came to its end as usual."""

    id: UUID
    merchant_id: UUID
    shipment_id: UUID
    leg: Leg
    carrier: str
    lane: str
    weekday: int
    hour: int
    seconds: int
    days: int
    """Local midnights on the way."""
    minute: int
    """Of the local day of its arrival."""
    arrived_at: datetime


@dataclass(frozen=True)
class Group:
    """Journeys that are alike; what is None does not matter."""

    leg: Leg
    carrier: str
    lane: str | None = None
    weekday: int | None = None
    hour: int | None = None


def groups(of: Departure) -> tuple[Group, ...]:
    """The groups that a departure belongs to, from narrow to broad."""
    return (
        Group(of.leg, of.carrier, of.lane, of.weekday, of.hour),
        Group(of.leg, of.carrier, of.lane),
        Group(of.leg, of.carrier),
    )


@dataclass(frozen=True)
class Trip:
    """How a parcel's history looks to whoever learns from it."""

    departed: Mapping[Leg, TrackingEvent] = field(default_factory=dict[Leg, TrackingEvent])
    """The stretches that it is on, or was on when it arrived, with the event that began each."""
    arrived: TrackingEvent | None = None


def trip(history: Iterable[TrackingEvent]) -> Trip:
    """Read a history; a stretch on which something happened is left out."""
    departed: dict[Leg, TrackingEvent] = {}
    smooth = True
    for event in in_order(history):
        if event.status in _ARRIVED:
            return Trip(departed, event)
        if event.status in _NOT_USUAL:
            departed, smooth = {}, False
        elif event.status is Status.in_transit:
            # Back from the van, or on its way at last.
            departed.pop(Leg.out, None)
            if smooth:
                departed.setdefault(Leg.shipped, event)
        elif event.status is Status.out_for_delivery:
            loaded = departed.setdefault(Leg.out, event)
            if event.at - loaded.at > _TELLS_NOTHING[Leg.out]:
                # Another day's run.
                departed[Leg.out] = event
    return Trip(departed)


def departure(shipment: Shipment, leg: Leg, event: TrackingEvent) -> Departure:
    """A stretch of a shipment's journey, as what it is compared by."""
    postcode = str(shipment.address.get("postal_code") or "")
    depot = str(event.details.get("depot") or "")
    lane = f"{depot}>{shipment.country}:{postcode[:2].upper()}"
    return Departure(leg, shipment.carrier, lane, event.at, ZoneInfo(shipment.timezone))


def journeys(shipment: Shipment, history: Sequence[TrackingEvent]) -> list[Journey]:
    """What a parcel that has arrived teaches; nothing where its time had been arranged."""
    if shipment.promise is not None or not any(event.status in _ARRIVED for event in history):
        return []
    made = trip(history)
    if made.arrived is None:
        return []
    found = [
        _journey(shipment, departure(shipment, leg, event), made.arrived.at)
        for leg, event in made.departed.items()
    ]
    return [one for one in found if timedelta() < timedelta(seconds=one.seconds) < _LONGEST]


def _journey(shipment: Shipment, left: Departure, arrived: datetime) -> Journey:
    began, ended = left.at.astimezone(left.zone), arrived.astimezone(left.zone)
    return Journey(
        id=new_id(),
        merchant_id=shipment.merchant_id,
        shipment_id=shipment.id,
        leg=left.leg,
        carrier=left.carrier,
        lane=left.lane,
        weekday=left.weekday,
        hour=left.hour,
        seconds=int((arrived - left.at).total_seconds()),
        days=(ended.date() - began.date()).days,
        minute=ended.hour * 60 + ended.minute,
        arrived_at=arrived,
    )


def usual(left: Departure, alike: Sequence[Took], now: datetime) -> Estimate | None:
    """When a parcel comes, by how long such parcels took; None for too few, or too much apart.

    Journeys that were over by now say nothing of one that is not: only the slower ones count.
    """
    arrivals = sorted(one for one in (_arrival(left, each) for each in alike) if one > now)
    if len(arrivals) < ENOUGH:
        return None
    start, end = _hours(arrivals) if left.leg is Leg.out else _days(arrivals, left.zone)
    start, end = _rounded(max(start, now), down=True), _rounded(end, down=False)
    end = max(end, start + _SHORTEST)
    if end <= now or end - start > _TELLS_NOTHING[left.leg]:
        return None
    return Estimate(Window(start, end), By.history)


def _arrival(left: Departure, took: Took) -> datetime:
    if left.leg is Leg.out:
        return left.at + timedelta(seconds=took.seconds)
    day = left.at.astimezone(left.zone).date() + timedelta(days=took.days)
    clock = time(took.minute // 60, took.minute % 60)
    return datetime.combine(day, clock, left.zone).astimezone(UTC)


def _hours(arrivals: Sequence[datetime]) -> tuple[datetime, datetime]:
    return quantile(arrivals, SOONEST), quantile(arrivals, LATEST)


def _days(arrivals: Sequence[datetime], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """By the day and by the hour apart: nobody comes at night, however long a parcel travels."""
    local = [one.astimezone(zone) for one in arrivals]
    days, clocks = [one.date() for one in local], sorted(one.time() for one in local)
    start, end = (
        datetime.combine(quantile(days, share), quantile(clocks, share), zone).astimezone(UTC)
        for share in (SOONEST, LATEST)
    )
    return start, end


def _rounded(moment: datetime, *, down: bool) -> datetime:
    """To the quarter of an hour."""
    over = timedelta(seconds=moment.timestamp() % _QUARTER.total_seconds())
    return moment - over if down or not over else moment - over + _QUARTER
