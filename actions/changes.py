"""Changing a delivery: which parcel, when, and a yes before anything is done."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from actions.base import DoorstepAction, Event, Talk, choosing, option, slot
from actions.choices import CHANGES, HUMAN
from actions.parcel import ask_which, say_nothing_here
from bot.domain.errors import NotFound, Refused
from bot.domain.request import DeliveryRequest, RequestKind
from bot.domain.shipment import Shipment
from bot.domain.when import Window, Wish, read_wish
from bot.services import change_delivery
from bot.services.describe_policy import still_possible
from bot.services.facts import money_fact, window_fact
from bot.services.find_parcel import find_by_number

YES, NO = "yes", "no"
_FRESH: tuple[Event, ...] = (slot("agreed", None), slot("request", None))

# Questions with times in them ("does it come tomorrow?") are not answers to ours.
_QUESTIONS = {
    "ask_delivery_fees", "ask_delivery_options", "ask_courier_contact", "ask_capabilities",
    "ask_proof_of_delivery", "bot_challenge", "talk_to_human", "stop_messages",
    "track_parcel", "ask_delivery_time", "report_not_received", "dispute_attempt",
}  # fmt: skip
_GIVE_UP = re.compile(
    r"\b(never ?mind|nvm|forget (about )?(it|that)|laisse[sz]? tomber|oublie[sz]?|tant pis)\b"
    r"|^\W*(cancel|cancel that|leave it( as it is)?|annule[rz]?|on annule)\W*$",
    re.IGNORECASE,
)
# "Oui merci" is read as thanks, "sure, go ahead" as anything: at a yes-or-no question the first
# word counts for more than the reader's opinion.
_YES = re.compile(
    r"\W*(yes|yep|yeah|yup|ya|ye|y|ok|okay|sure|perfect|great|please do|go ahead|go for it|do it"
    r"|sounds good|deal|that'?s fine|fine|confirm(ed)?|correct|absolutely|of course|oui|ouais|ouep"
    r"|o|d'?accord|dac|parfait|vas[- ]?y|allez[- ]?y|volontiers|bien s[uû]r|ça marche|ca marche"
    r"|c'?est bon|c'?est parfait|nickel|entendu|je confirme|confirm[ée]|avec plaisir|top)\b",
    re.IGNORECASE,
)
_NO = re.compile(r"\W*(no|nope|nah|non|nan|not now|rather not|pas maintenant)\b", re.IGNORECASE)
_BUT = re.compile(r"\b(but|mais|instead|plut[oô]t|not yet|pas encore)\b|\?", re.IGNORECASE)
_ASKING = ("?", "when", "where", "quand", "ou est", "où")


class _Form:
    """What the two forms have in common.

    Slots hold plain strings, so that a question can be taken up in a later session of the engine.
    """

    kind: RequestKind
    loop: str

    async def shipment(self, talk: Talk) -> Shipment:
        """The parcel that the form is about; NotFound when it is not the customer's own."""
        found = (await talk.parcels()).by_id(talk.slot("parcel"))
        if found is None:
            raise NotFound("the form's parcel is not one of this customer's")
        return found

    def question(self, requested: str, **slots: str | None) -> dict[str, Any]:
        known = {name: value for name, value in slots.items() if value is not None}
        return {"loop": self.loop, "requested": requested, "slots": known}

    async def refuse(self, talk: Talk, shipment: Shipment, reason: str) -> None:
        """Say why not, and what is still possible."""
        possible = await still_possible(talk.unit, shipment, talk.now, but=self.kind)
        facts = {**await talk.facts(shipment), "kind": str(self.kind), "offers": possible}
        options = [CHANGES[made["kind"]] for made in possible]
        talk.say(reason, facts, options=[*options, HUMAN])


class _Reschedule(_Form):
    kind = RequestKind.reschedule
    loop = "reschedule_form"


class _Contactless(_Form):
    kind = RequestKind.contactless
    loop = "contactless_form"


class _Validate(_Form):
    """Reads what was said into the form's slots."""

    async def act(self, talk: Talk) -> list[Event]:
        opened = talk.just_opened(self.loop)
        asked = None if opened else talk.slot("requested_slot")
        if asked == "parcel" or opened:
            return await self._read_parcel(talk, opened=opened)
        try:
            shipment = await self.shipment(talk)
        except NotFound:
            # The number behind the conversation has changed hands since we asked.
            say_nothing_here(talk, await talk.parcels())
            return _end()
        if asked == "agreed":
            return await self._read_answer(talk, shipment)
        return await self._read_window(talk, shipment)

    async def _read_parcel(self, talk: Talk, *, opened: bool) -> list[Event]:
        parcels = await talk.parcels()
        if not parcels.own:
            say_nothing_here(talk, parcels)
            return _end()
        if not opened and (_gives_up(talk) or (talk.choice is None and _is_question(talk))):
            return _end() if _gives_up(talk) else []
        current = talk.slot("parcel") if opened else None
        found = parcels.by_id(talk.choice) or parcels.meant(talk.typed, current)
        if found is not None:
            return await self._begin(talk, found)
        named = parcels.named(talk.typed)
        if not named and await find_by_number(talk.unit, talk.conversation, talk.typed):
            talk.say("not_your_parcel", options=(HUMAN,))
            return _end()
        return [slot("parcel", None), *_FRESH, *self._no_window()] if opened or named else []

    async def _begin(self, talk: Talk, found: Shipment) -> list[Event]:
        """The parcel is clear: go on, unless nothing can be done for it."""
        made = await change_delivery.offer(talk.unit, found, self.kind, Wish(), talk.now)
        if not made.decision.allowed:
            await self.refuse(talk, found, made.decision.reason)
            return [slot("parcel", str(found.id)), *_end()]
        window = await self._first_window(talk, found)
        return [slot("parcel", str(found.id)), *_FRESH, *window]

    def _no_window(self) -> list[Event]:
        return []

    async def _first_window(self, talk: Talk, shipment: Shipment) -> list[Event]:
        return []

    async def _read_window(self, talk: Talk, shipment: Shipment) -> list[Event]:
        return []

    async def _correct(self, talk: Talk, shipment: Shipment) -> list[Event]:
        """What a message at the last question changes; nothing when it is only yes or no."""
        parcels = await talk.parcels()
        other = parcels.meant(talk.typed, str(shipment.id))
        if other is None or other is shipment:
            return []
        return [slot("parcel", str(other.id)), slot("agreed", None)]

    async def _read_answer(self, talk: Talk, shipment: Shipment) -> list[Event]:
        if talk.choice in {YES, NO}:
            return [slot("agreed", True)] if talk.choice == YES else _end()
        if _is_question(talk):
            return []
        correction = await self._correct(talk, shipment)
        if correction:
            return correction
        if _says_yes(talk):
            return [slot("agreed", True)]
        return _end() if _gives_up(talk) or _NO.match(talk.typed) else []


class ValidateReschedule(_Reschedule, _Validate, DoorstepAction):
    title = "validate_reschedule_form"

    def _no_window(self) -> list[Event]:
        return [slot("window", None)]

    async def _first_window(self, talk: Talk, shipment: Shipment) -> list[Event]:
        """A time that was named before the parcel was clear is not asked for again."""
        chosen = await self._chosen_window(talk, shipment)
        wish = said_wish(talk, shipment, self.loop)
        window = chosen or await self._only_fit(talk, shipment, wish)
        return [slot("window", window_slot(window) if window else None)]

    async def _read_window(self, talk: Talk, shipment: Shipment) -> list[Event]:
        chosen = await self._chosen_window(talk, shipment)
        if chosen is not None:
            return [slot("window", window_slot(chosen))]
        if talk.typed and not _is_question(talk):
            wish = _wish(talk.typed, talk, shipment)
            window = await self._only_fit(talk, shipment, wish)
            if window is not None:
                return [slot("window", window_slot(window))]
            if wish.says_something or wish.past:
                return [slot("window", None)]
        return _end() if _gives_up(talk) else []

    async def _correct(self, talk: Talk, shipment: Shipment) -> list[Event]:
        before = read_window(talk.slot("window"))
        zone = ZoneInfo(shipment.timezone)
        wish = _wish(talk.typed, talk, shipment)
        if wish.past or wish.says_something:
            if _says_yes(talk) and before and wish.fits(before, zone) and not wish.past:
                return []
            window = await self._only_fit(talk, shipment, _merge(wish, before, zone))
            window = window or await self._only_fit(talk, shipment, wish)
            return [slot("window", window_slot(window) if window else None), slot("agreed", None)]
        if talk.intent == "reschedule_delivery":
            return [slot("window", None), slot("agreed", None)]
        return await super()._correct(talk, shipment)

    async def _chosen_window(self, talk: Talk, shipment: Shipment) -> Window | None:
        chosen = read_window(talk.choice)
        if chosen is None:
            return None
        possible = await change_delivery.possible_windows(talk.unit, shipment, talk.now)
        return chosen if chosen in possible else None

    async def _only_fit(self, talk: Talk, shipment: Shipment, wish: Wish) -> Window | None:
        made = await change_delivery.offer(talk.unit, shipment, self.kind, wish, talk.now)
        exact = wish.says_something and made.fits and len(made.windows) == 1
        return made.windows[0] if exact else None


class ValidateContactless(_Contactless, _Validate, DoorstepAction):
    title = "validate_contactless_form"


class _AskParcel(_Form):
    async def act(self, talk: Talk) -> list[Event]:
        ask_which(talk, await talk.parcels(), question=self.question("parcel"))
        return []


class AskRescheduleParcel(_Reschedule, _AskParcel, DoorstepAction):
    title = "action_ask_reschedule_form_parcel"


class AskContactlessParcel(_Contactless, _AskParcel, DoorstepAction):
    title = "action_ask_contactless_form_parcel"


class AskRescheduleWindow(_Reschedule, DoorstepAction):
    title = "action_ask_reschedule_form_window"

    async def act(self, talk: Talk) -> list[Event]:
        shipment = await self.shipment(talk)
        wish = said_wish(talk, shipment, self.loop)
        made = await change_delivery.offer(talk.unit, shipment, self.kind, wish, talk.now)
        options = [
            option(
                f"slot{place}",
                choosing(window_slot(window)),
                key="option_slot",
                facts={"window": window_fact(window, shipment.timezone)},
            )
            for place, window in enumerate(made.windows)
        ]
        question = self.question("window", parcel=str(shipment.id))
        facts = await talk.facts(shipment)
        talk.say(_window_key(wish, fits=made.fits), facts, options=options, question=question)
        return []


class _AskAgreed(_Form):
    """The summary: which parcel, when, at which fee; yes or no."""

    async def act(self, talk: Talk) -> list[Event]:
        shipment = await self.shipment(talk)
        window = read_window(talk.slot("window"))
        unit, conversation, now = talk.unit, talk.conversation, talk.now
        try:
            proposed = await change_delivery.propose(
                unit, conversation, shipment, self.kind, window, now
            )
        except Refused as refusal:
            # Between two messages the cut-off has passed: the next yes will find it refused.
            await self.refuse(talk, shipment, refusal.reason)
            return [slot("request", None)]
        question = self.question(
            "agreed",
            parcel=str(shipment.id),
            window=talk.slot("window"),
            request=str(proposed.id),
        )
        options = [option(YES, choosing(YES)), option(NO, choosing(NO))]
        facts = {**await talk.facts(shipment), **_terms(proposed, shipment)}
        talk.say(f"{self.kind}_confirm", facts, options=options, question=question)
        return [slot("request", str(proposed.id))]


class AskRescheduleAgreed(_Reschedule, _AskAgreed, DoorstepAction):
    title = "action_ask_reschedule_form_agreed"


class AskContactlessAgreed(_Contactless, _AskAgreed, DoorstepAction):
    title = "action_ask_contactless_form_agreed"


class _Submit(_Form):
    """Does what was agreed to, or lets it be."""

    async def act(self, talk: Talk) -> list[Event]:
        asked_for = talk.slot("request")
        if talk.slot("agreed") is True:
            await self._confirm(talk, asked_for)
        else:
            if asked_for:
                await change_delivery.drop(
                    talk.unit, talk.conversation, UUID(str(asked_for)), talk.now
                )
            if not talk.already_said():
                talk.say("change_dropped")
        return [slot(name, None) for name in ("window", "agreed", "request")]

    async def _confirm(self, talk: Talk, request_id: str | None) -> None:
        shipment = await self.shipment(talk)
        if request_id is None:
            await self.refuse(talk, shipment, "refused_expired")
            return
        try:
            request = await change_delivery.confirm(
                talk.unit, talk.conversation, UUID(str(request_id)), talk.now
            )
        except Refused as refusal:
            await self.refuse(talk, shipment, refusal.reason)
            return
        facts = {**await talk.facts(shipment), **_terms(request, shipment)}
        talk.say("request_made", facts)


class SubmitReschedule(_Reschedule, _Submit, DoorstepAction):
    title = "action_submit_reschedule"


class SubmitContactless(_Contactless, _Submit, DoorstepAction):
    title = "action_submit_contactless"


def window_slot(window: Window) -> str:
    """A window as a slot and as a choice's value: two instants, ISO 8601."""
    return f"{window.start.isoformat()}/{window.end.isoformat()}"


def read_window(value: object) -> Window | None:
    """A window out of a slot or a choice; None when it is something else."""
    start, slash, end = str(value or "").partition("/")
    try:
        return Window(datetime.fromisoformat(start), datetime.fromisoformat(end)) if slash else None
    except ValueError:
        return None


def said_wish(talk: Talk, shipment: Shipment, loop: str) -> Wish:
    """The last that was said about time since the form was opened."""
    for text in talk.texts_since_opening(loop):
        wish = _wish(text, talk, shipment)
        if wish.says_something or wish.past or wish.refused:
            return wish
    return Wish()


def _wish(text: str, talk: Talk, shipment: Shipment) -> Wish:
    country = shipment.country or talk.contact.country
    return read_wish(text, talk.said_at, ZoneInfo(shipment.timezone), country)


def _merge(wish: Wish, before: Window | None, zone: ZoneInfo) -> Wish:
    """A correction changes only what it names: "no, Thursday" keeps the hours."""
    if before is None or wish.ambiguous or wish.past:
        return wish
    start, end = before.start.astimezone(zone), before.end.astimezone(zone)
    if wish.start is None:
        return Wish(wish.day, start.time(), end.time())
    return wish if wish.day else Wish(start.date(), wish.start, wish.end)


def _window_key(wish: Wish, *, fits: bool) -> str:
    if wish.past:
        return "reschedule_past"
    if wish.ambiguous:
        return "reschedule_which_day"
    if not wish.says_something:
        return "reschedule_window"
    return "reschedule_several" if fits else "reschedule_none_fits"


def _terms(request: DeliveryRequest, shipment: Shipment) -> dict[str, Any]:
    return {
        "kind": str(request.kind),
        "window": window_fact(request.window, shipment.timezone),
        "fee": money_fact(request.fee),
    }


def _is_question(talk: Talk) -> bool:
    """Whether a message asks something else rather than answering."""
    if talk.intent not in _QUESTIONS:
        return False
    if talk.intent in {"track_parcel", "ask_delivery_time"}:
        # A bare "tomorrow evening" is often read as one of these.
        return any(mark in talk.typed.lower() for mark in _ASKING)
    return True


def _says_yes(talk: Talk) -> bool:
    if talk.intent in {"deny", "talk_to_human", "stop_messages"} or _BUT.search(talk.typed):
        return False
    return talk.intent == "affirm" or _YES.match(talk.typed) is not None


def _gives_up(talk: Talk) -> bool:
    return talk.intent == "deny" or _GIVE_UP.search(talk.typed) is not None


def _end() -> list[Event]:
    """Leave the form; the submit action then hears that nothing was agreed."""
    return [slot("agreed", False), slot("requested_slot", None)]
