"""Our own estimate of when a parcel comes: by where the courier is, else by what is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bot.domain.attempt import Seen
from bot.domain.clock import Clock
from bot.domain.estimate import By, Estimate
from bot.domain.flow import WINDOW_CHANGED
from bot.domain.nearness import (
    FRESH,
    LOOK_BACK,
    STANDS,
    Near,
    approach,
    is_next,
    too_early,
)
from bot.domain.places import Place
from bot.domain.shipment import Shipment, Status, TrackingEvent
from bot.domain.usual import AT_MOST, REMEMBERED, Leg, departure, groups, journeys, trip, usual
from bot.services.judge_attempts import address_of
from bot.services.ports import UnitOfWork, Units
from bot.services.reach import notify_shipment
from bot.services.start_flows import start_flows, start_near

_PAGE = 200
_SAME = timedelta(minutes=3)
"""An estimate by position that moves by less is not written again."""
_CLOCKS_DIFFER = timedelta(minutes=2)


async def learn(unit: UnitOfWork, shipment: Shipment, history: Sequence[TrackingEvent]) -> None:
    """Keep how long a parcel took that has arrived; once, however often that is told."""
    for journey in journeys(shipment, history):
        await unit.journeys.add(journey)


async def expect_anew(
    unit: UnitOfWork, shipment: Shipment, history: Sequence[TrackingEvent], now: datetime
) -> Near | None:
    """Make our own estimate of a locked shipment as its history stands now.

    Returns:
        How near the courier is, where events or its vehicle's positions tell.
    """
    near: Near | None = None
    seen = await _seen(unit, shipment, history, now)
    if seen:
        near = expect_by_position(shipment, seen, await _doors(unit, shipment), now)
    stands = shipment.own_until is not None and shipment.own_until > now
    under_way = shipment.status is Status.out_for_delivery
    if under_way and stands and shipment.own_by == By.position:
        return near
    own = await _by_history(unit, shipment, history, now) if shipment.window is None else None
    shipment.expect(own, own.window.end if own else None)
    return near


def expect_by_position(
    shipment: Shipment, seen: Sequence[Seen], doors: Mapping[UUID, Place], now: datetime
) -> Near | None:
    """Estimate by where the courier is, and say how near that is.

    Args:
        shipment: one that is out for delivery.
        seen: where the courier was in the last quarter of an hour, in order.
        doors: where each parcel aboard goes, of those of which that is known; this one's among them.
        now: the present.

    Returns:
        None where the place is not known or not fresh, where another door is next, or where the
        courier does not come nearer, or comes but will go elsewhere first.
    """
    door = doors.get(shipment.id)
    if door is None or not seen or now - seen[-1].at > FRESH:
        return None
    here = seen[-1]
    reaches = approach(seen, door) if is_next(here.place, door, doors.values()) else None
    if reaches is None:
        return None
    own = reaches.estimate(here.at)
    if not _much_the_same(shipment, own, now):
        shipment.expect(own, here.at + STANDS)
    near = Near(reaches.likely / timedelta(minutes=1), 0)
    return None if too_early(shipment.window, near, now) else near


async def come_nearer(unit: UnitOfWork, merchant_id: UUID, vehicle: str, now: datetime) -> None:
    """A vehicle has moved: estimate its parcels anew, and let flows say that it is near."""
    seen = await unit.attempts.positions(
        merchant_id, vehicle, now - LOOK_BACK, now + _CLOCKS_DIFFER
    )
    if not seen or now - seen[-1].at > FRESH:
        return
    aboard = await unit.shipments.aboard(merchant_id, "vehicle", vehicle, lock=True)
    doors = _known_doors(aboard)
    for shipment in aboard:
        before = shipment.estimate
        near = expect_by_position(shipment, seen, doors, now)
        # Who is told that it is nearly there is told the time with it.
        told = await start_near(unit, shipment, near, now) if near is not None else 0
        if shipment.estimate == before:
            continue
        await notify_shipment(unit, shipment)
        if shipment.told_wrong and not told:
            await start_flows(unit, shipment, WINDOW_CHANGED, now, anew=shipment.news)


@dataclass(frozen=True)
class RefreshEstimates:
    """Makes estimates of ours anew that are over, or that no position has borne out since."""

    units: Units
    clock: Clock

    async def __call__(self) -> int:
        """Returns how many there were; each is a transaction of its own."""
        now, done = self.clock.now(), 0
        while True:
            async with self.units() as unit:
                old = await unit.shipments.with_old_estimates(now, _PAGE)
            for merchant_id, shipment_id in old:
                async with self.units() as unit:
                    await self._refresh(unit, merchant_id, shipment_id, now)
                    await unit.commit()
            done += len(old)
            # What was made anew is not old any more.
            if len(old) < _PAGE:
                return done

    async def forget(self, now: datetime) -> None:
        """Drop journeys that are too old to be learnt from."""
        async with self.units() as unit:
            await unit.journeys.forget(now - REMEMBERED)
            await unit.commit()

    async def _refresh(
        self, unit: UnitOfWork, merchant_id: UUID, shipment_id: UUID, now: datetime
    ) -> None:
        shipment = await unit.shipments.locked(merchant_id, shipment_id)
        if shipment.own_until is None or shipment.own_until > now:
            return
        history = await unit.shipments.history(merchant_id, shipment_id)
        await expect_anew(unit, shipment, history, now)
        await notify_shipment(unit, shipment)
        # That a van has fallen silent is no news of the parcel.
        if shipment.told_by == By.history and shipment.told_wrong:
            await start_flows(unit, shipment, WINDOW_CHANGED, now, anew=shipment.news)


async def _seen(
    unit: UnitOfWork, shipment: Shipment, history: Sequence[TrackingEvent], now: datetime
) -> list[Seen]:
    """Where the courier of a shipment was of late, by its events and by its vehicle."""
    if shipment.status is not Status.out_for_delivery:
        return []
    since, until = now - LOOK_BACK, now + _CLOCKS_DIFFER
    seen = [Seen(e.at, e.place) for e in history if e.place and since <= e.at <= until]
    vehicle = str(shipment.details.get("vehicle") or "")
    if vehicle:
        seen += await unit.attempts.positions(shipment.merchant_id, vehicle, since, until)
    return sorted(seen, key=lambda one: one.at)


async def _doors(unit: UnitOfWork, shipment: Shipment) -> dict[UUID, Place]:
    """Where the parcels go that are with the same vehicle or courier, this one's among them."""
    aboard = [shipment]
    for by, name in (("vehicle", "vehicle"), ("courier", "courier_id")):
        known = str(shipment.details.get(name) or "")
        if known:
            others = await unit.shipments.aboard(shipment.merchant_id, by, known)
            aboard += [one for one in others if by == "vehicle" or one.carrier == shipment.carrier]
    return _known_doors(aboard)


def _known_doors(aboard: Sequence[Shipment]) -> dict[UUID, Place]:
    doors = {shipment.id: address_of(shipment) for shipment in aboard}
    return {id_: door for id_, door in doors.items() if door is not None}


def _much_the_same(shipment: Shipment, own: Estimate, now: datetime) -> bool:
    before = shipment.own
    if before is None or before.by is not own.by or shipment.own_until is None:
        return False
    moved = max(
        abs(before.window.start - own.window.start), abs(before.window.end - own.window.end)
    )
    return moved < _SAME and shipment.own_until - now > STANDS / 2


async def _by_history(
    unit: UnitOfWork, shipment: Shipment, history: Sequence[TrackingEvent], now: datetime
) -> Estimate | None:
    """By the narrowest group of which there is enough."""
    made = trip(history)
    leg = next((leg for leg in (Leg.out, Leg.shipped) if leg in made.departed), None)
    if made.arrived is not None or leg is None:
        return None
    left = departure(shipment, leg, made.departed[leg])
    for group in groups(left):
        alike = await unit.journeys.alike(shipment.merchant_id, group, now - REMEMBERED, AT_MOST)
        found = usual(left, alike, now)
        if found is not None:
            return found
    return None
