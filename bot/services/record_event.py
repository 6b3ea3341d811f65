"""Something has happened to a parcel: keep it once, and let what follows from it follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from bot.carriers.base import CarrierEvent
from bot.domain.attempt import Attempt, Claim
from bot.domain.clock import Clock
from bot.domain.conversation import Contact
from bot.domain.errors import NotFound
from bot.domain.flow import REFUSED, WINDOW_CHANGED, Trigger
from bot.domain.ids import new_id
from bot.domain.nearness import FRESH, Near
from bot.domain.refusal import claims_refusal
from bot.domain.shipment import Shipment, Standing, Status, TrackingEvent, derive, event_key
from bot.domain.when import Window
from bot.services.intake import EventIn
from bot.services.intake_types import plausible
from bot.services.judge_attempts import asked_to_cancel, claim_attempt
from bot.services.one_time_codes import Digits, is_their_code
from bot.services.own_estimates import expect_anew, learn
from bot.services.phones import normalise_phone
from bot.services.ports import UnitOfWork, Units
from bot.services.reach import notify_shipment
from bot.services.start_flows import start_flows, start_near, wake_flows
from bot.services.together import Together

TOLD_FOR = timedelta(days=2)
"""An event older than this is kept, but no longer told: it would be news to nobody."""
_CLOCKS_DIFFER = timedelta(days=1)
_AWAY = {"minutes_away", "stops_away"}
# To come to these a second time is a second thing to tell, not the first one repeated.
_HAPPENS_AGAIN = {Status.attempt_failed}


@dataclass(frozen=True)
class NewEvent:
    """An event of one shipment. `id` is that of `source`, which counts for itself."""

    source: str
    """As for `event_key`."""
    id: str
    status: Status
    at: datetime
    code: str = ""
    description: str = ""
    window: Window | None = None
    courier_name: str | None = None
    courier_phone: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])
    raw: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def of_carrier(cls, account_id: UUID, told: CarrierEvent) -> "NewEvent":
        return cls(
            source=f"carrier:{account_id}",
            id=told.key,
            status=told.status,
            at=told.at,
            code=told.code,
            description=told.description,
            window=told.window,
            courier_name=told.courier_name,
            courier_phone=told.courier_phone,
            details=told.details,
            raw=told.raw,
        )

    @classmethod
    def of_merchant(cls, given: EventIn) -> "NewEvent":
        known = given.status in Status.__members__
        return cls(
            source="api",
            id=given.id,
            status=Status(given.status) if known else Status.unknown,
            at=given.at,
            # The word of a status that nobody knows is kept for the merchant to see.
            code=given.code or ("" if known else given.status),
            description=given.description,
            window=given.window.window if given.window else None,
            courier_name=given.courier.name,
            courier_phone=given.courier.phone,
            details=given.details,
            raw=given.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        )

    @property
    def key(self) -> str:
        return event_key(self.source, self.id)


@dataclass(frozen=True)
class RecordedEvents:
    """What became of some events, by their ids."""

    shipment: Shipment
    stored: tuple[str, ...]
    repeated: tuple[str, ...]
    contradicting: tuple[str, ...]
    """Those repeated that say something else than what is stored; the first telling stays."""
    stale: bool
    """The status was set by an event too old to be told."""
    contact: Contact | None = None
    """Who it goes to, where that is asked for."""


type Told = tuple[str, Sequence[NewEvent]]
"""What is told of one name: a reference, or a tracking number."""


@dataclass(frozen=True)
class RecordEvents:
    """Stores events of a shipment, in whatever order and however often they are told.

    What comes in at the same time is recorded in one transaction.
    """

    units: Units
    clock: Clock
    digits: Digits

    @cached_property
    def _together(self) -> Together[UUID, Told, RecordedEvents | None]:
        return Together(self._record)

    async def __call__(
        self, merchant_id: UUID, reference: str, events: Sequence[NewEvent]
    ) -> RecordedEvents:
        """Store events, derive the standing anew and start what the merchant has ordered.

        Raises:
            NotFound: the merchant has no such shipment.
        """
        recorded = await self._together(merchant_id, (reference, events))
        if recorded is None:
            raise NotFound(f"there is no shipment {reference}")
        return recorded

    async def _record(
        self, merchant_id: UUID, told: Sequence[Told]
    ) -> Sequence[RecordedEvents | None]:
        async with self.units() as unit:
            references = {reference for reference, _ in told}
            by_reference = {
                shipment.reference: [shipment]
                for shipment in await unit.shipments.named(merchant_id, references)
            }
            recorded = await self.within(unit, merchant_id, by_reference, told)
            # Whoever they go to has been read ahead.
            done = [await _addressed(unit, each[0]) if each else None for each in recorded]
            await unit.commit()
            return done

    async def within(
        self,
        unit: UnitOfWork,
        merchant_id: UUID,
        shipments: Mapping[str, Sequence[Shipment]],
        told: Sequence[Told],
    ) -> Sequence[Sequence[RecordedEvents]]:
        """Record what is told of many shipments in the transaction that has them locked.

        Args:
            unit: has nothing else to do with them.
            merchant_id: whose they are.
            shipments: by the name under which they are told of.
            told: of each shipment in the order given here.

        Returns:
            For each telling what became of it with each shipment of that name.
        """
        every = [shipment for named in shipments.values() for shipment in named]
        if every:
            # Locked: of two events at once each sees the other in the history.
            await unit.ahead.parcels(merchant_id, every)
        now = self.clock.now()
        return [
            [
                await record_events(unit, shipment, events, now, digits=self.digits)
                for shipment in shipments.get(name, ())
            ]
            for name, events in told
        ]


async def _addressed(unit: UnitOfWork, recorded: RecordedEvents) -> RecordedEvents:
    shipment = recorded.shipment
    if shipment.contact_id is None:
        return recorded
    contact = await unit.people.get(shipment.merchant_id, shipment.contact_id)
    return replace(recorded, contact=contact)


async def record_events(
    unit: UnitOfWork,
    shipment: Shipment,
    events: Sequence[NewEvent],
    now: datetime,
    *,
    digits: Digits | None,
    announce: bool = True,
) -> RecordedEvents:
    """Store events of a locked shipment, within another's transaction.

    Args:
        announce: tell the customer of what is news.
        digits: checks the codes that couriers were given; without it there can be none yet.
    """
    new: list[NewEvent] = []
    repeated: list[NewEvent] = []
    history = list(await unit.shipments.history(shipment.merchant_id, shipment.id))
    first = {event.key: event for event in history}
    before = shipment.status
    for told_event in events:
        event = await _as_believed(unit, shipment, told_event, before, digits)
        before = before if event.status is Status.unknown else event.status
        if event.key in first:
            repeated.append(event)
            continue
        kept = first[event.key] = _tracking_event(shipment, event, now)
        unit.shipments.add_event(kept)
        history.append(kept)
        new.append(event)
    standing = derive(history, shipment.promise)
    shipment.take(standing)
    near = _near(history, {event.key for event in new}, now)
    if new:
        await learn(unit, shipment, history)
        near = await expect_anew(unit, shipment, history, now) or near
        await wake_flows(unit, shipment)
    telling = _worth_telling(standing, {event.key for event in new})
    stale = telling is not None and telling.at < now - TOLD_FOR
    attempt = None
    if telling is not None and ("claim" in telling.details or telling.status in _HAPPENS_AGAIN):
        attempt = await claim_attempt(unit, shipment, telling, now)
    if new and announce and not stale:
        happened = _happened(telling, attempt) if telling else None
        await _announce(unit, shipment, happened, telling.key if telling else "", near, now)
    if new:
        await notify_shipment(unit, shipment)
    return RecordedEvents(
        shipment=shipment,
        stored=tuple(event.id for event in new),
        repeated=tuple(event.id for event in repeated),
        contradicting=tuple(e.id for e in repeated if _differs(first[e.key], e)),
        stale=stale,
    )


async def _announce(
    unit: UnitOfWork,
    shipment: Shipment,
    happened: Trigger | None,
    anew: str,
    near: Near | None,
    now: datetime,
) -> None:
    """Start what tells of the status, else that it is nearly there, else of its new time.

    Who is told of one is told the time with it.
    """
    if happened is not None and await start_flows(unit, shipment, happened, now, anew=anew):
        return
    if near is not None and await start_near(unit, shipment, near, now):
        return
    if shipment.told_wrong:
        await start_flows(unit, shipment, WINDOW_CHANGED, now, anew=shipment.news)


async def _as_believed(
    unit: UnitOfWork, shipment: Shipment, event: NewEvent, before: Status, digits: Digits | None
) -> NewEvent:
    """An event as it is believed.

    That a customer cancelled or refused a parcel takes their code, or their own request; without
    it the parcel is not cancelled by that, and the customer is asked.
    """
    proof = dict(event.details.get("proof") or {})
    code = str(proof.pop("code", ""))
    if code and digits is not None and await is_their_code(unit, shipment, code, event.at, digits):
        proof["code_checked"] = True
    details = {name: value for name, value in event.details.items() if name != "proof"}
    details |= {"proof": proof} if proof else {}
    # The merchant's own system may take a parcel off the round; what it says counts, not when.
    where = before if event.source.startswith("carrier:") else Status.unknown
    if not claims_refusal(event.status, event.code, event.description, where):
        return replace(event, details=details)
    details |= {"claim": Claim.refused.value, "told": event.status.value}
    proved = bool(proof.get("code_checked")) or await asked_to_cancel(unit, shipment)
    doubted = event.status is Status.cancelled and not proved
    status = Status.attempt_failed if doubted else event.status
    return replace(event, details=details, status=status)


def _happened(telling: TrackingEvent, attempt: Attempt | None) -> Trigger | None:
    """What is told of an event; of a refusal that is proved only the status that it led to."""
    status = Trigger("status", telling.status.value)
    if attempt is None or attempt.claim is not Claim.refused:
        return status
    if not attempt.proved:
        return REFUSED
    return None if telling.status is Status.attempt_failed else status


def _worth_telling(standing: Standing, new: set[str]) -> TrackingEvent | None:
    """The event by which the status has been reached anew; None if it was known already.

    One that came late, after others which happened later, must not announce the past; and a
    refined window or a courier's name within a status is not the status again.
    """
    event = standing.event
    if event is None or event.key not in new:
        return None
    if event.status in _HAPPENS_AGAIN:
        return event
    anew = standing.before is not standing.status
    return event if anew and all(e.key in new for e in standing.streak) else None


def _near(history: Sequence[TrackingEvent], new: set[str], now: datetime) -> Near | None:
    """How near the courier is, if the last event that tells it is new and of this moment."""
    telling = [one for one in history if one.key in new and _AWAY & set(one.details)]
    last = max(telling, key=lambda one: one.at, default=None)
    if last is None or not abs(now - last.at) <= FRESH:
        return None
    return Near(*(last.details.get(name) for name in ("minutes_away", "stops_away")))


def _differs(known: TrackingEvent, told: NewEvent) -> bool:
    return (known.status, known.code, known.window) != (told.status, told.code, told.window)


def _tracking_event(shipment: Shipment, event: NewEvent, now: datetime) -> TrackingEvent:
    window = event.window
    if window is not None and not (plausible(window.start) and plausible(window.end)):
        window = None
    # A carrier whose clock is wrong must not pin the status to the year 2099.
    believable = plausible(event.at) and event.at <= now + _CLOCKS_DIFFER
    return TrackingEvent(
        id=new_id(),
        merchant_id=shipment.merchant_id,
        shipment_id=shipment.id,
        key=event.key,
        status=event.status,
        at=event.at if believable else now,
        received_at=now,
        code=event.code,
        description=event.description,
        window_start=window.start if window else None,
        window_end=window.end if window else None,
        courier_name=event.courier_name,
        courier_phone=_dialable(event.courier_phone, shipment.country),
        details=dict(event.details),
        raw=dict(event.raw),
    )


def _dialable(phone: str | None, country: str) -> str | None:
    """The number in E.164 where it is one; else as the carrier wrote it."""
    if phone is None:
        return None
    try:
        return normalise_phone(phone, country or None)
    except ValueError:
        return phone
