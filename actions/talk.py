"""Small talk, and what was not understood."""

from uuid import UUID

from actions.base import DoorstepAction, Event, Option, Talk, choosing, option, slot
from actions.choices import CHANGES, HUMAN, HUMAN_ASKED, MORE, START
from actions.forms import FORMS
from actions.lately import made_lately
from actions.parcel import (
    find,
    go_on_with,
    names_time,
    tell_of_before,
    tell_of_someone_else,
    tell_other,
    tell_status,
    tell_why,
    told_of_all,
)
from actions.people import FOUND, NOT_RECEIVED, REFUSED, escalate, refused_it
from bot.domain.answers import is_absent, keeps, thinks_again
from bot.domain.asking import asks_the_shop, speaks_of_parcel
from bot.domain.conversation import PICTURE_TOPICS
from bot.domain.for_courier import for_me_only, for_the_courier
from bot.domain.languages import SERVED, named_language
from bot.domain.places import read_place
from bot.domain.request import DeliveryRequest, RequestKind
from bot.domain.rough import is_abuse
from bot.services.change_delivery import take_back
from bot.services.facts import window_fact
from bot.services.find_parcel import Parcels
from bot.services.post import note

_CHOICES_AFTER, _PERSON_AFTER = 2, 3
_BRIEF = 2
# Beneath it, a greeting or praise is something that nobody has understood.
_UNSURE = 0.4
_TAKE_BACK = "take_back:"
"""Before the id of a change that is to be undone, as a choice's value."""


class Greet(DoorstepAction):
    title = "action_greet"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.typed and talk.confidence < _UNSURE:
            return go_on_with("action_not_understood")
        if speaks_of_parcel(talk.typed):
            # "Hi, my parcel?" wants more than a greeting.
            return go_on_with("action_track")
        name = (talk.contact.name.split() or [""])[0]
        talk.say("greet", {"name": name}, options=START)
        return []


class _Says:
    """The part of an action that only says something."""

    key: str
    options: tuple[Option, ...] = ()

    async def act(self, talk: Talk) -> list[Event]:
        talk.say(self.key, options=self.options)
        return []


class Goodbye(_Says, DoorstepAction):
    title, key = "action_goodbye", "goodbye"


class Thank(_Says, DoorstepAction):
    title, key = "action_thank", "thank"


class Capabilities(_Says, DoorstepAction):
    title, key, options = "action_capabilities", "capabilities", START

    async def act(self, talk: Talk) -> list[Event]:
        return [] if tell_why(talk) else await super().act(talk)


class BotChallenge(_Says, DoorstepAction):
    title, key, options = "action_bot_challenge", "bot_challenge", (HUMAN,)


class NotUnderstood(DoorstepAction):
    """Once it is asked to say it differently, twice choices are shown, then a person is offered."""

    title = "action_not_understood"
    understands = False

    async def act(self, talk: Talk) -> list[Event]:
        told = await self._understood_after_all(talk)
        if told is not None:
            return told
        alone = not talk.tracker.active_loop_name
        if alone and for_the_courier(talk.typed) and (await talk.parcels()).candidates:
            return go_on_with(FORMS[RequestKind.access_note].loop)
        misses = int(talk.slot("misses") or 0) + 1
        talk.remember("misses", misses)
        if misses < _CHOICES_AFTER:
            talk.say("not_understood")
        elif misses < _PERSON_AFTER:
            talk.say("not_understood_choices", options=START)
        else:
            talk.say("not_understood_person", options=(HUMAN_ASKED,))
            # "Shall I get a colleague?" is the only question then: a yes must not answer a form.
            return talk.leave_form()
        return []

    async def _understood_after_all(self, talk: Talk) -> list[Event] | None:
        """What the words themselves tell, or what was said before; None when they tell nothing."""
        if is_abuse(talk.typed):
            talk.say("abuse", options=(HUMAN_ASKED,))
            return []
        if talk.slot("asked") == NOT_RECEIVED:
            # "I asked them": whatever it is, it was not found.
            await escalate(talk, "report_not_received")
            return [slot("asked", None)]
        told = await tell_of_before(talk)
        if told is None:
            told = await tell_of_someone_else(talk)
        if told is None and asks_the_shop(talk.typed):
            talk.say("for_the_shop", options=(HUMAN,))
            return []
        return told


class Feedback(_Says, DoorstepAction):
    title, key = "action_feedback", "feedback_thanks"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.confidence >= _UNSURE:
            return await super().act(talk)
        named = (await talk.parcels()).named(talk.typed)
        if len(named) == 1:
            # "OK, the kettle first"
            return await tell_status(talk, named[0])
        return go_on_with("action_not_understood")


class Acknowledge(DoorstepAction):
    """A yes or a no to nothing in particular: it is heard, and agrees to nothing."""

    title = "action_acknowledge"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot("asked") == NOT_RECEIVED:
            if talk.intent == "deny":
                await escalate(talk, "report_not_received")
            else:
                talk.say("not_received_found")
            return [slot("asked", None)]
        told = await tell_of_before(talk)
        if told is not None:
            return told
        if talk.intent != "deny" and not thinks_again(talk.typed):
            talk.say("acknowledge_yes")
            return []
        return await self._denied(talk)

    async def _denied(self, talk: Talk) -> list[Event]:
        """A no is often more than a no."""
        parcels = await talk.parcels()
        if len(parcels.candidates) > 1 and len(parcels.named(talk.typed)) == 1:
            # "No, the mug": the other one is meant.
            return await tell_status(talk, parcels.named(talk.typed)[0])
        if names_time(talk, parcels) or (parcels.open and is_absent(talk.typed)):
            # "No, Sunday after all", or "no estaré", which is more than a no.
            return go_on_with(FORMS[RequestKind.reschedule].loop)
        if parcels.open and for_me_only(talk.typed):
            return go_on_with(FORMS[RequestKind.access_note].loop)
        made = None if keeps(talk.typed) else await made_lately(talk)
        if made is None:
            # "No me va bien" is more than a no: there is something to be done about it.
            much = len(talk.typed.split()) > _BRIEF and not keeps(talk.typed)
            talk.say("acknowledge_no", options=START if much else ())
        else:
            _still_stands(talk, made, parcels)
        return []


def _still_stands(talk: Talk, made: DeliveryRequest, parcels: Parcels) -> None:
    """A no after the yes undoes nothing, and must not sound as if it did."""
    shipment = parcels.by_id(made.shipment_id)
    window = window_fact(made.window, shipment.timezone) if shipment else None
    facts = {"kind": str(made.kind), "window": window}
    if made.is_work:
        # Nobody has told a carrier yet, so it can be undone.
        undo = option("take_back", choosing(f"{_TAKE_BACK}{made.id}"))
        talk.say("acknowledge_made", facts, options=(undo, MORE, HUMAN))
    else:
        talk.say("acknowledge_made", facts, options=(CHANGES[made.kind], MORE, HUMAN))


async def _take_back(talk: Talk, request_id: UUID) -> None:
    parcels = await talk.parcels()
    request = await take_back(talk.unit, talk.conversation, request_id, talk.now)
    if request is None:
        made = await made_lately(talk)
        if made is None:
            talk.say("acknowledge_no")
        else:
            _still_stands(talk, made, parcels)
        return
    about = {"request": f"back:{request.id}", "kind": str(request.kind)}
    await note(talk.unit, talk.conversation, talk.now, "taken_back", **about)
    shipment = parcels.by_id(request.shipment_id)
    window = window_fact(request.window, shipment.timezone) if shipment else None
    talk.say("taken_back", {"kind": str(request.kind), "window": window})


class Inform(DoorstepAction):
    """A value that no form waits for: a number, a place, a picture, an older message's choice."""

    title = "action_inform"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.value("media") == "image":
            await self._picture(talk)
            return []
        if read_place(talk.location):
            self._place(talk)
            return []
        told = await self._chosen(talk)
        if told is None:
            told = await tell_other(talk)
        return await self._value(talk) if told is None else told

    async def _value(self, talk: Talk) -> list[Event]:
        parcels = await talk.parcels()
        if talk.choice is None and await told_of_all(talk):
            return []
        if talk.choice is None and names_time(talk, parcels):
            return go_on_with(FORMS[RequestKind.reschedule].loop)
        if parcels.own and talk.choice is None and not parcels.named(talk.typed):
            if for_the_courier(talk.typed):
                return go_on_with(FORMS[RequestKind.access_note].loop)
            talk.say("inform_unclear", options=START)
            return []
        shipment = await find(talk)
        return await tell_status(talk, shipment) if shipment else []

    async def _chosen(self, talk: Talk) -> list[Event] | None:
        """What one of our notices offered to tap; None when it was none of that."""
        if talk.choice == FOUND:
            talk.say("not_received_found")
            return [slot("asked", None)]
        if talk.choice and talk.choice.startswith(_TAKE_BACK):
            await _take_back(talk, UUID(talk.choice.removeprefix(_TAKE_BACK)))
            return []
        return await refused_it(talk) if talk.choice == REFUSED else None

    async def _picture(self, talk: Talk) -> None:
        """It stands in the thread already; a case gets a line that points to it."""
        topic = talk.conversation.topic
        if topic in PICTURE_TOPICS:
            await note(talk.unit, talk.conversation, talk.now, "picture", topic=topic)
            talk.say("picture_kept")
            return
        talk.say("picture_what", options=(option("damage", "/report_damage"), HUMAN))

    def _place(self, talk: Talk) -> None:
        """A place alone does not say whether to bring it there or to look for a shop near by."""
        where = f'{{"location": "{talk.location}"}}'
        options = [
            option("deliver_there", f"/change_address{where}"),
            option("points_near", f"/use_pickup_point{where}"),
        ]
        talk.say("location_what", options=options)


class ChangeLanguage(DoorstepAction):
    """Once asked for, a language stays until another one is: nothing written flips it."""

    title = "action_change_language"

    async def act(self, talk: Talk) -> list[Event]:
        wanted = talk.choice if talk.choice in SERVED else named_language(talk.typed)
        if wanted is None:
            options = [
                {**option(code, f'/change_language{{"choice": "{code}"}}'), "title": name}
                for code, name in SERVED.items()
            ]
            talk.say("language_which", options=options)
            return []
        talk.contact.language, talk.contact.language_fixed = wanted, True
        talk.say("language_changed")
        return []
