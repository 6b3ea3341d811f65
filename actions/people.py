"""Cases for a person, and what concerns the messages themselves."""

from actions.base import DoorstepAction, Event, Talk, choosing, option, slot
from actions.choices import HUMAN, HUMAN_ASKED, INTENTS
from actions.forms import FORMS
from actions.parcel import (
    OfParcel,
    find,
    go_on_with,
    offer_another_try,
    tell_of_someone_else,
    tell_other,
    tell_status,
)
from bot.domain.answers import thinks_again, was_in
from bot.domain.asking import asks_the_shop
from bot.domain.attempt import Claim, CustomerSays
from bot.domain.consent import Purpose, refuses_only_surveys, wants_no_surveys
from bot.domain.flow import NOT_RECEIVED as NOT_RECEIVED_TRIGGER
from bot.domain.for_courier import is_astray
from bot.domain.request import RequestKind
from bot.domain.rough import is_abuse
from bot.domain.shipment import Shipment, Status
from bot.services import consents
from bot.services.accept_refusal import accept_refusal
from bot.services.hand_over import hand_over
from bot.services.judge_attempts import customer_says
from bot.services.post import note
from bot.services.start_flows import happens
from bot.services.support import answered_within, back_at, recorded_place

FOUND, NOT_THERE = "found", "not_there"
REFUSED = "refused"
NO_SURVEYS = "no_surveys"
NOT_RECEIVED = "not_received"
"""The value of slot `asked` while we wait for an answer to "could it be at ...?"."""

_UNSURE = 0.6
# "Wait, I've changed my mind" is about what was agreed to last, and not about messages.
_ACKNOWLEDGE: list[Event] = go_on_with("action_acknowledge")
_LOOPS = {form.loop for form in FORMS.values()}
_CHANGES = {intent: kind for kind, intent in INTENTS.items()}


class HandOver(DoorstepAction):
    title = "action_hand_over"

    async def act(self, talk: Talk) -> list[Event]:
        told = await tell_of_someone_else(talk)
        if told is not None:
            # "Can somebody else sign for it" wants nobody of ours.
            return told
        changed = await hand_over(talk.unit, talk.conversation, talk.intent, talk.now)
        facts = {
            "back": await back_at(talk.unit, talk.merchant_id, talk.now),
            "within": await answered_within(talk.unit, talk.conversation, talk.now),
        }
        talk.say("handed_over" if changed else "handed_over_already", facts)
        return []


class MissedDelivery(OfParcel, DoorstepAction):
    """The customer was out: no questions asked, here are the next times.

    They are asked for anew, so a form in whose middle it is said need not ask again.
    """

    title = "action_missed_delivery"

    async def tell(self, talk: Talk, shipment: Shipment) -> list[Event]:
        left = talk.leave_form()
        told = await dispute(talk) if was_in(talk.typed) else None
        if told is None:
            await customer_says(talk.unit, shipment, CustomerSays.was_out, talk.now)
            told = await offer_another_try(talk, shipment, "missed_offer")
        return [*left, *told]


class Escalate(DoorstepAction):
    """Something went wrong: say so as a person would, and fetch one."""

    title = "action_escalate"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.intent == "complain" and is_abuse(talk.typed):
            talk.say("abuse", options=(HUMAN_ASKED,))
            return []
        misread = await _misread(talk)
        if misread is not None:
            return misread
        interrupted = talk.just_left()
        if talk.intent == "complain" and interrupted in _LOOPS:
            # Anger in the middle of arranging something is answered, and the arranging goes on.
            talk.say("complaint_heard")
            return go_on_with(interrupted)
        if talk.intent == "report_not_received" and await look_first(talk):
            return []
        if talk.intent == "dispute_attempt":
            told = await dispute(talk)
            if told is not None:
                return told
        await escalate(talk, await _topic(talk))
        return []


async def _topic(talk: Talk) -> str:
    """Why a person is called; money back for what has not come is no wish to send it back."""
    if talk.intent != "return_parcel" or not asks_the_shop(talk.typed):
        return talk.intent
    shipment: Shipment | None = (await talk.parcels()).meant(talk.typed, talk.slot("parcel"))
    return "complain" if shipment is not None and shipment.open else talk.intent


async def _misread(talk: Talk) -> list[Event] | None:
    """What a message means that only seems to complain; None when it may well do so."""
    if talk.intent == "return_parcel":
        # "Peut-elle le récupérer ?" has nothing to be sent back.
        told = await tell_of_someone_else(talk)
        if told is not None:
            return told
    if talk.confidence >= _UNSURE:
        return None
    # "And the other one too" tells the reader nothing of what is wrong with it.
    told = await tell_other(talk)
    if told is not None or talk.intent != "dispute_attempt" or await _tried(talk):
        return told
    if is_astray(talk.typed):
        return go_on_with(FORMS[RequestKind.access_note].loop)
    # Rather "nobody is at home" than "nobody came": no courier claims to have come.
    shipment = await find(talk)
    return await tell_status(talk, shipment) if shipment else []


async def _tried(talk: Talk) -> bool:
    """Whether an attempt is on record for the parcel, or it is not clear for which."""
    shipment: Shipment | None = (await talk.parcels()).meant(talk.typed, talk.slot("parcel"))
    if shipment is None or shipment.status is Status.attempt_failed:
        return True
    return bool(await talk.unit.attempts.of_shipment(talk.merchant_id, shipment.id))


async def dispute(talk: Talk) -> list[Event] | None:
    """Put "I was in, nobody came" beside what the carrier claims; None where it claims nothing."""
    parcels = await talk.parcels()
    shipment: Shipment | None = parcels.meant(talk.typed, talk.slot("parcel"))
    if shipment is None or not parcels.verified:
        return None
    attempt = await customer_says(talk.unit, shipment, CustomerSays.was_in, talk.now)
    if attempt is None or shipment.status is not Status.attempt_failed:
        return None
    about = {"attempt": str(attempt.id), "verdict": attempt.verdict.value}
    refused = attempt.claim is Claim.refused
    if attempt.disputed_at == talk.now or not attempt.disputed:
        what = "refusal_answered" if refused else "attempt_answered"
        await note(talk.unit, talk.conversation, talk.now, what, **about)
    if not talk.first_time(f"dispute:{attempt.id}"):
        talk.say("complaint_heard")
        return await offer_another_try(talk, shipment, "reschedule_window")
    opened = "refusal_disputed" if refused else "dispute_opened"
    return await offer_another_try(
        talk, shipment, opened if attempt.disputed else "dispute_both_sides"
    )


async def refused_it(talk: Talk) -> list[Event]:
    """The customer did refuse a parcel, or cancel it at the door, as its carrier says."""
    parcels = await talk.parcels()
    for shipment in parcels.own if parcels.verified else ():
        attempt = await accept_refusal(talk.unit, shipment, talk.now)
        if attempt is not None:
            about = {"attempt": str(attempt.id)}
            await note(talk.unit, talk.conversation, talk.now, "refusal_confirmed", **about)
            talk.say("refusal_confirmed", await talk.facts(shipment))
            return [slot("parcel", str(shipment.id))]
    talk.say("acknowledge_yes")
    return [slot("asked", None)]


async def escalate(talk: Talk, topic: str) -> None:
    """Give the case to a person, with what else the message asked for, and say what is next."""
    if topic == "report_not_received":
        await _report_not_received(talk)
    meant = (await talk.parcels()).meant(talk.typed, talk.slot("parcel"))
    about = meant.id if meant else None
    await hand_over(talk.unit, talk.conversation, topic, talk.now, about)
    wishes = [wish for wish in talk.wishes if wish["intent"] in _CHANGES]
    for wish in wishes:
        kind = _CHANGES[wish["intent"]]
        await note(
            talk.unit, talk.conversation, talk.now, "also_wanted", kind=kind, words=wish["text"]
        )
    also = _CHANGES[wishes[0]["intent"]] if wishes else None
    back = await back_at(talk.unit, talk.merchant_id, talk.now)
    talk.say("escalated", {"topic": topic, "also": also, "back": back})


async def _report_not_received(talk: Talk) -> None:
    """Let the merchant's flows follow it up, once a day however often it is said."""
    shipment: Shipment | None = (await talk.parcels()).meant(talk.typed, talk.slot("parcel"))
    if shipment is not None and shipment.status is Status.delivered:
        today = talk.now.date().isoformat()
        await happens(talk.unit, shipment, NOT_RECEIVED_TRIGGER, talk.now, anew=today)


async def look_first(talk: Talk) -> bool:
    """Ask once whether it is where the carrier says it was left, if the carrier says where."""
    parcels = await talk.parcels()
    shipment: Shipment | None = parcels.meant(talk.typed, talk.slot("parcel"))
    if shipment is None or shipment.status is not Status.delivered:
        return False
    place = await recorded_place(talk.unit, shipment)
    if not place or not talk.first_time(f"{NOT_RECEIVED}:{shipment.id}"):
        return False
    options = [
        option(FOUND, choosing(FOUND)),
        option(NOT_THERE, "/report_not_received"),
    ]
    talk.say("not_received_look", {**await talk.facts(shipment), "place": place}, options=options)
    talk.remember("parcel", str(shipment.id))
    talk.remember("asked", NOT_RECEIVED)
    return True


async def _no_surveys(talk: Talk) -> None:
    every = consents.EVERY_CHANNEL
    await consents.stop(
        *(talk.unit, talk.contact, every, "words", talk.text, talk.now), purpose=Purpose.feedback
    )
    talk.say("surveys_off")


class StopMessages(DoorstepAction):
    """Said in one's own words: then it means every channel."""

    title = "action_stop_messages"

    async def act(self, talk: Talk) -> list[Event]:
        if refuses_only_surveys(talk.typed):
            await _no_surveys(talk)
            return []
        every = consents.EVERY_CHANNEL
        await consents.stop(talk.unit, talk.contact, every, "words", talk.text, talk.now)
        talk.say("stopped")
        return []


class ResumeMessages(DoorstepAction):
    title = "action_resume_messages"

    async def act(self, talk: Talk) -> list[Event]:
        if thinks_again(talk.typed):
            return _ACKNOWLEDGE
        every = consents.EVERY_CHANNEL
        await consents.start(talk.unit, talk.contact, every, "words", talk.text, talk.now)
        talk.say("restarted")
        return []


class SetPreferences(DoorstepAction):
    """Surveys are switched off at once; for the rest there is a page, and a person."""

    title = "action_set_preferences"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.choice == NO_SURVEYS or wants_no_surveys(talk.typed):
            await _no_surveys(talk)
            return []
        if thinks_again(talk.typed):
            return _ACKNOWLEDGE
        no_surveys = option(NO_SURVEYS, choosing(NO_SURVEYS, "set_notification_preferences"))
        # Who writes does it from somewhere, so there is an identity.
        assert talk.conversation.identity_id is not None
        link = talk.links.messages(talk.conversation.identity_id)
        talk.say("preferences", {"link": link}, options=(no_surveys, HUMAN))
        return []
