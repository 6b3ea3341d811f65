"""Where it is, when it comes, who brings it, what it costs."""

from abc import ABC, abstractmethod
from datetime import timedelta
from uuid import UUID

from actions.base import DoorstepAction, Event, Option, Talk, choosing, option, slot
from actions.choices import CHANGES, HUMAN, INTENTS, TRACK, some_changes
from actions.forms import FORMS, window_slot, wish_of
from actions.identity import tell_coarsely
from bot.domain.asking import asks_how_long_kept, asks_of_the_thing, asks_why
from bot.domain.attempt import CustomerSays
from bot.domain.for_courier import is_coming, tells_phone
from bot.domain.request import DeliveryRequest, RequestKind, RequestState
from bot.domain.shipment import Shipment, Status
from bot.domain.when import Wish
from bot.services.change_delivery import offer
from bot.services.describe_policy import describe_policy, still_possible
from bot.services.facts import window_fact
from bot.services.find_parcel import (
    Parcels,
    find_by_number,
    says_also,
    says_other,
    tracking_numbers,
)
from bot.services.judge_attempts import customer_says

# More would not fit a WhatsApp list.
_MOST_CHOICES = 10
_FEW_WORDS = 6
_NOT_PLANNED = {Status.created, Status.in_transit}
# How long "the other one too" may speak of a change that was agreed to.
_LATELY = timedelta(hours=1)


class _OfParcel(ABC):
    """What is asked of one parcel; but who is coming to the door is told of to the courier first."""

    async def act(self, talk: Talk) -> list[Event]:
        shipment = await find(talk)
        if shipment is None:
            return []
        if _is_awaited(talk, shipment):
            return go_on_with(FORMS[RequestKind.access_note].loop)
        return await self.tell(talk, shipment)

    @abstractmethod
    async def tell(self, talk: Talk, shipment: Shipment) -> list[Event]: ...


class Track(_OfParcel, DoorstepAction):
    title = "action_track"

    async def act(self, talk: Talk) -> list[Event]:
        told = await tell_other(talk)
        return await super().act(talk) if told is None else told

    async def tell(self, talk: Talk, shipment: Shipment) -> list[Event]:
        return await tell_status(talk, shipment)


class When(_OfParcel, DoorstepAction):
    title = "action_when"

    async def tell(self, talk: Talk, shipment: Shipment) -> list[Event]:
        if shipment.open and shipment.expected and shipment.expected.end > talk.now:
            talk.say("when", await talk.facts(shipment), options=await _changes(talk, shipment))
            return [slot("parcel", str(shipment.id))]
        if shipment.status in _NOT_PLANNED and shipment.expected is None:
            if "?" not in talk.typed and names_time(talk, await talk.parcels()):
                # "Monday or Tuesday, I don't mind" is an answer rather than a question.
                return go_on_with(FORMS[RequestKind.reschedule].loop)
            # "It is on its way" would be no answer to "when".
            talk.say(
                "when_unknown", await talk.facts(shipment), options=await _changes(talk, shipment)
            )
            return [slot("parcel", str(shipment.id))]
        return await tell_status(talk, shipment)


class CourierContact(_OfParcel, DoorstepAction):
    title = "action_courier_contact"

    async def tell(self, talk: Talk, shipment: Shipment) -> list[Event]:
        if shipment.open and tells_phone(talk.typed):
            # "Tell him to ring 07700 900123" asks for nobody's number.
            return go_on_with(FORMS[RequestKind.access_note].loop)
        told = shipment.courier_name or shipment.courier_phone
        known = shipment.open and told and not shipment.handover.by_itself
        key = "courier_known" if known else "courier_unknown"
        talk.say(key, await talk.facts(shipment), options=() if known else (HUMAN,))
        return [slot("parcel", str(shipment.id))]


class ProofOfDelivery(DoorstepAction):
    title = "action_proof_of_delivery"

    async def act(self, talk: Talk) -> list[Event]:
        shipment = await find(talk)
        if shipment is None:
            return []
        delivered = shipment.status is Status.delivered
        key = "proof_delivered" if delivered else "proof_not_delivered"
        talk.say(key, await talk.facts(shipment), options=(HUMAN,) if delivered else ())
        return [slot("parcel", str(shipment.id))]


class Fees(DoorstepAction):
    title = "action_fees"

    async def act(self, talk: Talk) -> list[Event]:
        talk.say("fees", {"offers": await describe_policy(talk.unit, talk.merchant_id)})
        return []


class Options(DoorstepAction):
    """What can be changed: of this very parcel when it is known, else in general."""

    title = "action_options"

    async def act(self, talk: Talk) -> list[Event]:
        told = await tell_of_before(talk)
        if told is not None:
            return told
        parcels = await talk.parcels()
        shipment = parcels.meant(talk.typed, talk.slot("parcel"))
        if not talk.tracker.active_loop_name and names_time(talk, parcels):
            # "Can you come on Sunday?" is answered by the times of that day.
            return go_on_with(FORMS[RequestKind.reschedule].loop)
        if shipment is not None and asks_how_long_kept(talk.typed) and shipment.handover.waits:
            return await _tell_until_when(talk, shipment)
        if asks_of_the_thing(talk.typed):
            talk.say("thing_unknown", options=(CHANGES[RequestKind.access_note], HUMAN))
            return []
        if shipment is None:
            offers = await describe_policy(talk.unit, talk.merchant_id)
        else:
            offers = await still_possible(talk.unit, shipment, talk.now)
        choices = [CHANGES[made["kind"]] for made in offers]
        talk.say("change_options", {"offers": offers}, options=[*choices, HUMAN])
        return []


def tell_why(talk: Talk) -> bool:
    """Say the reason once more to whoever asks why, right after a refusal."""
    said = talk.said_last()
    refused = str(said.get("say") or "").startswith(("refused_", "missed_refused"))
    if not refused or not asks_why(talk.typed):
        return False
    talk.say(said["say"], said["with"], options=said["options"])
    return True


async def tell_of_before(talk: Talk) -> list[Event] | None:
    """The answer to words that mean something only after what was said: "why not?", "the other one"."""
    return [] if tell_why(talk) else await tell_other(talk)


def _is_awaited(talk: Talk, shipment: Shipment) -> bool:
    """Whether a courier on the way is to wait for whoever is coming to the door."""
    near = shipment.status is Status.out_for_delivery
    return near and not talk.tracker.active_loop_name and is_coming(talk.typed)


async def _tell_until_when(talk: Talk, shipment: Shipment) -> list[Event]:
    """Until when a shop or a locker keeps a parcel, which nobody knows before it is there."""
    if shipment.status is Status.ready_for_pickup:
        return await tell_status(talk, shipment)
    talk.say("kept_until_told", await talk.facts(shipment))
    return [slot("parcel", str(shipment.id))]


class MissedDelivery(_OfParcel, DoorstepAction):
    """The customer was out: no questions asked, here are the next times."""

    title = "action_missed_delivery"

    async def tell(self, talk: Talk, shipment: Shipment) -> list[Event]:
        await customer_says(talk.unit, shipment, CustomerSays.was_out, talk.now)
        return await offer_another_try(talk, shipment, "missed_offer")


async def offer_another_try(talk: Talk, shipment: Shipment, say: str) -> list[Event]:
    """Say something of an attempt, with the next windows to tap."""
    made = await offer(talk.unit, shipment, RequestKind.reschedule, Wish(), talk.now)
    facts = await talk.facts(shipment)
    if not made.decision.allowed:
        reason = made.decision.reason
        talk.say("missed_refused", {**facts, "reason": reason}, options=(HUMAN,))
        return [slot("parcel", str(shipment.id))]
    options = [
        option(
            f"slot{place}",
            choosing(window_slot(window), INTENTS[RequestKind.reschedule]),
            key="option_slot",
            facts={"window": window_fact(window, shipment.timezone)},
        )
        for place, window in enumerate(made.windows)
    ]
    # Whoever answers in words ("tomorrow evening") is in the form as well as who taps.
    question = FORMS[RequestKind.reschedule].question(talk, "window", shipment)
    talk.say(say, facts, options=options, question=question)
    return [slot("parcel", str(shipment.id))]


def names_time(talk: Talk, parcels: Parcels) -> bool:
    """Whether a message names a day or hours, and there is a parcel to come then."""
    if not parcels.open or not any(c.isalpha() for c in talk.typed):
        return False
    wish = wish_of(talk.typed, talk, parcels.open[0])
    return wish.day is not None or wish.start is not None or bool(wish.choices)


def go_on_with(loop: str) -> list[Event]:
    """Let a form take up the message that has just been read."""
    return [{"event": "followup", "timestamp": None, "name": loop}]


async def find(talk: Talk) -> Shipment | None:
    """The parcel that is meant; when there is none, what there is to say about it is said."""
    parcels = await talk.parcels()
    chosen = parcels.by_id(talk.choice)
    if chosen is not None:
        return chosen
    if not parcels.named(talk.typed) and tracking_numbers(talk.typed):
        strange = await find_by_number(talk.unit, talk.conversation, talk.typed)
        if strange is not None:
            tell_coarsely(talk, strange)
            return None
        if not parcels.own:
            talk.say("parcel_unknown", options=(HUMAN,))
            return None
    if not parcels.own:
        say_nothing_here(talk, parcels)
        return None
    meant = parcels.meant(talk.typed, talk.slot("parcel"))
    if meant is None:
        ask_which(talk, parcels)
    return meant


def say_nothing_here(talk: Talk, parcels: Parcels) -> None:
    """There is no parcel to talk about; a stranger does not learn whether that is true."""
    talk.say("no_parcel" if parcels.verified else "link_needed", options=(HUMAN,))


def ask_which(talk: Talk, parcels: Parcels, *, question: dict[str, object] | None = None) -> None:
    """Ask which parcel is meant, by item and last digits."""
    named = parcels.named(talk.typed)
    several = (named if len(named) > 1 else parcels.candidates)[:_MOST_CHOICES]
    options = [
        option(
            f"parcel{place}",
            choosing(str(shipment.id)),
            key="option_parcel",
            facts={"parcel": {"item": shipment.item, "last4": shipment.last_digits}},
        )
        for place, shipment in enumerate(several)
    ]
    talk.say("which_parcel", {"count": len(several)}, options=options, question=question)


async def tell_status(talk: Talk, shipment: Shipment) -> list[Event]:
    """Say where a parcel is, and what can be done about it."""
    options = await _changes(talk, shipment)
    facts = await talk.facts(shipment)
    window = shipment.window
    facts["overdue"] = shipment.open and window is not None and window.end <= talk.now
    talk.say(f"track_{shipment.status}", facts, options=options)
    return [slot("parcel", str(shipment.id))]


async def tell_other(talk: Talk) -> list[Event] | None:
    """The answer to "and the other one?"; None when that was not what was said.

    Alone, these words tell the reader nothing; what was last talked about does.
    """
    few = len(talk.typed.split()) <= _FEW_WORDS
    if not few or not says_other(talk.typed) or not talk.slot("parcel"):
        return None
    if len((await talk.parcels()).candidates) < 2:
        return None
    shipment = await find(talk)
    if shipment is None:
        return []
    if says_also(talk.typed):
        made = await made_lately(talk)
        if made is not None:
            return await _offer_the_same(talk, shipment, made)
    return await tell_status(talk, shipment)


async def made_lately(talk: Talk) -> DeliveryRequest | None:
    """The change that was agreed to last, for the parcel that was talked about before."""
    if not talk.slot("parcel"):
        return None
    before = UUID(str(talk.slot("parcel")))
    made = [
        request
        for request in await talk.unit.requests.of_shipment(talk.merchant_id, before)
        if request.conversation_id == talk.conversation.id
        and request.state in {RequestState.requested, RequestState.accepted}
        and request.along_with is None
        and talk.now - request.created_at < _LATELY
    ]
    return max(made, key=lambda request: request.created_at, default=None)


async def _offer_the_same(talk: Talk, shipment: Shipment, made: DeliveryRequest) -> list[Event]:
    window = made.window
    choice = window_slot(window) if window else str(shipment.id)
    same: Option = {**option("yes", choosing(choice, INTENTS[made.kind])), "yes": True}
    facts = {**await talk.facts(shipment), "kind": str(made.kind)}
    facts["window"] = window_fact(window, shipment.timezone)
    talk.say("same_for_other", facts, options=(same, TRACK, HUMAN))
    return [slot("parcel", str(shipment.id))]


async def _changes(talk: Talk, shipment: Shipment) -> list[dict[str, object]]:
    """The changes that are possible now, and a person; nothing where a form goes on anyway."""
    if talk.tracker.active_loop_name or not shipment.open:
        return []
    possible = await still_possible(talk.unit, shipment, talk.now)
    return some_changes(possible)
