"""Where it is, when it comes, who brings it, what it costs."""

from abc import ABC, abstractmethod

from actions.base import DoorstepAction, Event, Talk, choosing, option, slot
from actions.choices import CHANGES, HUMAN, INTENTS, some_changes
from actions.forms import FORMS, window_slot, wish_of
from actions.identity import tell_coarsely
from actions.lately import made_lately
from bot.domain.asking import (
    asks_for_someone_else,
    asks_how_long_kept,
    asks_of_the_thing,
    asks_sooner,
    asks_the_shop,
    asks_why,
)
from bot.domain.choosing import means_all
from bot.domain.for_courier import is_astray, is_coming, names_somebody, tells_phone
from bot.domain.request import DeliveryRequest, RequestKind
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

# More would not fit a WhatsApp list.
_MOST_CHOICES = 10
_FEW_WORDS = 6
_NOT_PLANNED = {Status.created, Status.in_transit}
# Parcels of which is told at once.
_AT_ONCE = 5


class OfParcel(ABC):
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


class Track(OfParcel, DoorstepAction):
    title = "action_track"

    async def act(self, talk: Talk) -> list[Event]:
        if await told_of_all(talk):
            return []
        told = await tell_other(talk)
        return await super().act(talk) if told is None else told

    async def tell(self, talk: Talk, shipment: Shipment) -> list[Event]:
        return await tell_status(talk, shipment)


class When(OfParcel, DoorstepAction):
    title = "action_when"

    async def act(self, talk: Talk) -> list[Event]:
        return [] if await told_of_all(talk) else await super().act(talk)

    async def tell(self, talk: Talk, shipment: Shipment) -> list[Event]:
        if asks_how_long_kept(talk.typed) and await _waits_somewhere(talk, shipment):
            return await _tell_until_when(talk, shipment)
        if asks_sooner(talk.typed) and shipment.open and not talk.tracker.active_loop_name:
            return go_on_with(FORMS[RequestKind.reschedule].loop)
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


class CourierContact(OfParcel, DoorstepAction):
    title = "action_courier_contact"

    async def tell(self, talk: Talk, shipment: Shipment) -> list[Event]:
        courier_hears = (tells_phone, names_somebody, is_astray)
        alone = not talk.tracker.active_loop_name
        if alone and shipment.open and any(hears(talk.typed) for hears in courier_hears):
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
        if asks_of_the_thing(talk.typed):
            _tell_unknown(talk)
            return []
        delivered = shipment.status is Status.delivered
        key = "proof_delivered" if delivered else "proof_not_delivered"
        talk.say(key, await talk.facts(shipment), options=(HUMAN,) if delivered else ())
        return [slot("parcel", str(shipment.id))]


class Fees(DoorstepAction):
    title = "action_fees"

    async def act(self, talk: Talk) -> list[Event]:
        if asks_the_shop(talk.typed):
            talk.say("for_the_shop", options=(HUMAN,))
            return []
        talk.say("fees", {"offers": await describe_policy(talk.unit, talk.merchant_id)})
        return []


class Options(DoorstepAction):
    """What can be changed: of this very parcel when it is known, else in general."""

    title = "action_options"

    async def act(self, talk: Talk) -> list[Event]:
        told = await tell_of_before(talk)
        if told is None:
            told = await tell_of_someone_else(talk)
        if told is not None:
            return told
        parcels = await talk.parcels()
        shipment = parcels.meant(talk.typed, talk.slot("parcel"))
        alone = not talk.tracker.active_loop_name
        if alone and (names_time(talk, parcels) or (parcels.open and asks_sooner(talk.typed))):
            # "Can you come on Sunday?" is answered by the times of that day.
            return go_on_with(FORMS[RequestKind.reschedule].loop)
        kept = shipment is not None and asks_how_long_kept(talk.typed)
        if shipment is not None and kept and await _waits_somewhere(talk, shipment):
            return await _tell_until_when(talk, shipment)
        if asks_of_the_thing(talk.typed):
            _tell_unknown(talk)
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


async def tell_of_someone_else(talk: Talk) -> list[Event] | None:
    """Whether somebody else may take it in, and who; None when that was not asked.

    At the door the courier is told who; where it waits, that is for who keeps it to say.
    """
    if not asks_for_someone_else(talk.typed):
        return None
    parcels = await talk.parcels()
    shipment = parcels.meant(talk.typed, talk.slot("parcel"))
    loop = talk.tracker.active_loop_name
    if loop == FORMS[RequestKind.pickup_point].loop or (shipment and _is_kept(shipment)):
        talk.say("someone_collects")
        return []
    if loop or not parcels.open:
        return None
    return go_on_with(FORMS[RequestKind.access_note].loop)


def _is_kept(shipment: Shipment) -> bool:
    return shipment.status is Status.ready_for_pickup


async def _waits_somewhere(talk: Talk, shipment: Shipment) -> bool:
    """Whether it goes, or is to go, to where it can be fetched."""
    made = await made_lately(talk, str(shipment.id))
    chosen = made is not None and made.kind is RequestKind.pickup_point
    return shipment.handover.waits or _is_kept(shipment) or chosen


def _tell_unknown(talk: Talk) -> None:
    talk.say("thing_unknown", options=(CHANGES[RequestKind.access_note], HUMAN))


def _is_awaited(talk: Talk, shipment: Shipment) -> bool:
    """Whether a courier on the way is to wait for whoever is coming to the door."""
    near = shipment.status is Status.out_for_delivery and not talk.tracker.active_loop_name
    return near and (is_coming(talk.typed) or is_astray(talk.typed))


async def _tell_until_when(talk: Talk, shipment: Shipment) -> list[Event]:
    """Until when a shop or a locker keeps a parcel, which nobody knows before it is there."""
    if shipment.status is Status.ready_for_pickup:
        return await tell_status(talk, shipment)
    talk.say("kept_until_told", await talk.facts(shipment))
    return [slot("parcel", str(shipment.id))]


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


async def told_of_all(talk: Talk) -> bool:
    """Say in a line where each of several parcels is, to who asks about all of them."""
    parcels = await talk.parcels()
    several = parcels.candidates[:_AT_ONCE]
    if len(several) < 2 or parcels.named(talk.typed) or not means_all(talk.typed):
        return False
    facts = [(await talk.facts(shipment))["parcel"] for shipment in several]
    for shipment, told in zip(several, facts, strict=True):
        if shipment.window and shipment.window.end <= talk.now:
            told["window"] = None
    talk.say("track_all", {"parcels": facts})
    return True


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
    if not few or not talk.slot("parcel"):
        return None
    parcels = await talk.parcels()
    named = parcels.named(talk.typed)
    another = len(named) == 1 and str(named[0].id) != str(talk.slot("parcel"))
    if not says_other(talk.typed) and not (another and says_also(talk.typed)):
        return None
    if len(parcels.candidates) < 2:
        return None
    shipment = await find(talk)
    if shipment is None:
        return []
    if says_also(talk.typed):
        made = await made_lately(talk)
        if made is not None:
            return _the_same(talk, shipment, made)
    return await tell_status(talk, shipment)


def _the_same(talk: Talk, shipment: Shipment, made: DeliveryRequest) -> list[Event]:
    """Propose for another parcel what was agreed to for one: its own summary, its own yes."""
    detail = window_slot(made.window) if made.window else made.note
    about = {"next": str(shipment.id), "kind": str(made.kind), "detail": detail}
    talk.remember("others", about)
    return go_on_with(FORMS[made.kind].loop)


async def _changes(talk: Talk, shipment: Shipment) -> list[dict[str, object]]:
    """The changes that are possible now, and a person; nothing where a form goes on anyway."""
    if talk.tracker.active_loop_name or not shipment.open:
        return []
    possible = await still_possible(talk.unit, shipment, talk.now)
    return some_changes(possible)
