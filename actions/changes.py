"""Changing a delivery: which parcel, what is needed, and a yes before anything is done.

One set of actions for every kind of change; what differs is in actions/forms.py. They are made
at the end of this file: for each form a validation, the questions, and the submission.
"""

from typing import Any
from uuid import UUID

from actions.base import DoorstepAction, Event, Talk, choosing, option, slot
from actions.choices import INTENTS
from actions.context import current
from actions.forms import FORMS, Form
from actions.identity import needs_code
from actions.parcel import ask_which, go_on_with, say_nothing_here, tell_status
from bot.domain.answers import gives_up, goes_back, says_no, says_yes
from bot.domain.asking import asks_for_someone_else
from bot.domain.choosing import asks_others, means_both
from bot.domain.details import find_detail
from bot.domain.errors import NotFound, Refused
from bot.domain.for_courier import for_me_only, is_astray, message_to_courier
from bot.domain.request import DeliveryRequest, RequestKind
from bot.domain.shipment import Shipment, Status
from bot.domain.when import Wish
from bot.services import change_delivery
from bot.services.facts import money_fact, window_fact
from bot.services.find_parcel import find_by_number, says_also, says_other
from bot.services.one_time_codes import CONFIRMS

YES, NO = "yes", "no"
_CODE = "code:"
"""Before what was asked for: it was agreed to, and a code has to be sent for it."""
_FRESH: tuple[Event, ...] = (slot("agreed", None), slot("request", None))
# How sure the reader has to be for a message to be something else than an answer.
_LIKELY, _CLEAR, _VERY_CLEAR = 0.5, 0.6, 0.7

# Questions with times in them ("does it come tomorrow?") are not answers to ours.
_QUESTIONS = {
    "ask_delivery_fees", "ask_delivery_options", "ask_courier_contact", "ask_capabilities",
    "ask_proof_of_delivery", "bot_challenge", "talk_to_human", "stop_messages",
    "track_parcel", "ask_delivery_time",
}  # fmt: skip
_CASES = {
    "report_not_received", "dispute_attempt",
    "report_damage", "report_wrong_or_missing_item", "return_parcel",
    "complain", "request_data_erasure", "change_language",
}  # fmt: skip
_UNRELATED = {"out_of_scope", "nlu_fallback"}
_ASKING = ("?", "when", "where", "quand", "ou est", "où", "wann", "wo ", "cuando", "cuándo", "donde",
           "dónde", "quando", "onde", "dove", "kab", "kahan", "कब", "कहां", "कहाँ")  # fmt: skip
_EXTRA = RequestKind.access_note
_BY_OTHERS = {RequestKind.neighbour, RequestKind.safe_place, RequestKind.contactless}


class _OfForm:
    """What the actions of all forms have in common."""

    form: Form

    async def shipment(self, talk: Talk) -> Shipment:
        """The parcel that the form is about; NotFound when it is not the customer's own."""
        found = (await talk.parcels()).by_id(talk.slot("parcel"))
        if found is None:
            raise NotFound("the form's parcel is not one of this customer's")
        return found


class _Validate(_OfForm):
    """Reads what was said into the form's slots."""

    def understood(self, events: list[Event]) -> bool:
        return bool(events)

    async def act(self, talk: Talk) -> list[Event]:
        opened = talk.just_opened(self.form.loop)
        asked = None if opened else talk.slot("requested_slot")
        if opened and self._is_for_courier(talk):
            return self._tell_courier(talk)
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
        return await self._read_detail(talk, shipment)

    async def _read_parcel(self, talk: Talk, *, opened: bool) -> list[Event]:
        parcels = await talk.parcels()
        named = parcels.named(talk.typed)
        strange = None
        if not parcels.by_id(talk.choice) and not named:
            strange = await find_by_number(talk.unit, talk.conversation, talk.typed)
        if strange is not None:
            needs_code(talk, strange)
            return _end()
        if not parcels.own:
            say_nothing_here(talk, parcels)
            return _end()
        if not opened and not named and _leaves(talk):
            return _end()
        if not opened and talk.choice is None and _is_question(talk):
            return []
        current = talk.slot("parcel") if opened else None
        found = parcels.by_id(talk.choice) or parcels.meant(talk.typed, current)
        if not talk.choice and not named and means_both(talk.typed) and parcels.candidates[1:]:
            found, *others = parcels.candidates
            talk.remember("others", {"left": [str(other.id) for other in others]})
        if found is not None:
            return await self._begin(talk, found)
        # "Sunday morning" names no parcel, but is not forgotten once one is named.
        told = talk.intent in {self.form.intent, "inform"}
        again = opened or named or told
        return [slot("parcel", None), *_FRESH, *self._nothing_yet()] if again else []

    def _is_for_courier(self, talk: Talk) -> bool:
        """Whether what sounds like this wish is only to be told to the courier."""
        kind, text = self.form.kind, talk.typed
        if kind is _EXTRA:
            return False
        return (
            (kind in _BY_OTHERS and for_me_only(text))
            or (kind is RequestKind.pickup_point and asks_for_someone_else(text))
            or is_astray(text)
            or (talk.confidence < _CLEAR and message_to_courier(text) is not None)
        )

    def _tell_courier(self, talk: Talk) -> list[Event]:
        """Have "not with the neighbours" passed on: a word for the courier, and no wish for one."""
        told = {"intent": INTENTS[_EXTRA], "confidence": talk.confidence, "text": talk.typed}
        waiting: list[dict[str, Any]] = talk.slot("later") or []
        talk.remember("later", [told, *waiting])
        return _end()

    async def _begin(self, talk: Talk, found: Shipment) -> list[Event]:
        """The parcel is clear: go on, unless nothing can be done for it."""
        await change_delivery.drop_open(
            talk.unit, talk.conversation, (await talk.parcels()).own, talk.now
        )
        if found.status is Status.ready_for_pickup and self._asks_where_it_is(talk):
            return await self._tell_where(talk, found)
        made = await change_delivery.offer(talk.unit, found, self.form.kind, Wish(), talk.now)
        if not made.decision.allowed:
            why = {"rule": made.decision.rule, **made.decision.facts}
            await self.form.refuse(talk, found, made.decision.reason, why)
            return [slot("parcel", str(found.id)), *_end()]
        detail = self._same_again(talk, found) or await self.form.first(talk, found)
        return [slot("parcel", str(found.id)), *_FRESH, *detail]

    def _asks_where_it_is(self, talk: Talk) -> bool:
        """Whether a parcel that waits already is asked for, rather than where it shall wait."""
        if self.form.kind is RequestKind.pickup_point:
            return not asks_others(talk.typed)
        return self.form.kind is _EXTRA and asks_for_someone_else(talk.typed)

    async def _tell_where(self, talk: Talk, found: Shipment) -> list[Event]:
        if asks_for_someone_else(talk.typed):
            talk.say("someone_collects")
            told = [slot("parcel", str(found.id))]
        else:
            told = await tell_status(talk, found)
        return [*told, *_end()]

    def _same_again(self, talk: Talk, found: Shipment) -> list[Event]:
        """What was agreed for one parcel and is to hold for this one as well; see `_Submit`."""
        others: dict[str, Any] = talk.slot("others") or {}
        same = (others.get("next"), others.get("kind")) == (str(found.id), str(self.form.kind))
        if not self.form.detail or not same:
            return []
        return [slot(self.form.detail, others["detail"])]

    def _nothing_yet(self) -> list[Event]:
        return [slot(self.form.detail, None)] if self.form.detail else []

    async def _read_detail(self, talk: Talk, shipment: Shipment) -> list[Event]:
        if talk.text.startswith("/"):
            return await self.form.read(talk, shipment)
        aside = await self._aside(talk, shipment)
        if aside is not None:
            return aside
        other = [] if asks_others(talk.typed) else await self._other_parcel(talk, shipment)
        read = other or await self.form.read(talk, shipment)
        return read if read or not _refuses(talk) else _end()

    async def _read_answer(self, talk: Talk, shipment: Shipment) -> list[Event]:
        if talk.choice in {YES, NO}:
            return await self._agreed(talk, shipment) if talk.choice == YES else _end()
        aside = None if talk.text.startswith("/") else await self._aside(talk, shipment)
        if aside is not None:
            return aside
        correction = await self.form.correct(talk, shipment)
        correction = correction or await self._other_parcel(talk, shipment)
        if correction:
            return correction
        if says_yes(talk.typed) or (talk.intent == "affirm" and not _qualified(talk)):
            return await self._agreed(talk, shipment)
        return _end() if _refuses(talk) else []

    async def _agreed(self, talk: Talk, shipment: Shipment) -> list[Event]:
        """A yes; where the policy wants a code besides, the question stays open until it is there."""
        ids = _asked(talk)
        if ids and await self._code_wanted(talk, shipment):
            return [slot("agreed", None), slot("request", f"{_CODE}{','.join(map(str, ids))}")]
        return [slot("agreed", True)]

    async def _code_wanted(self, talk: Talk, shipment: Shipment) -> bool:
        kinds = [self.form.kind, *([_EXTRA] if talk.slot("extra") else [])]
        return await change_delivery.code_wanted(
            talk.unit, talk.conversation, shipment, kinds, talk.now
        )

    async def _aside(self, talk: Talk, shipment: Shipment) -> list[Event] | None:
        """What a message means that is no answer to our question; None when it may be one."""
        if self.form.answered_by(talk, shipment):
            return None
        if goes_back(talk.typed):
            return await self._back(talk)
        if gives_up(talk.typed):
            return _end()
        if _is_question(talk) or self._wants_something_else(talk):
            return self._extra(talk)
        return None

    async def _back(self, talk: Talk) -> list[Event]:
        if talk.slot("requested_slot") == "agreed" and self.form.detail:
            return [slot(self.form.detail, None), slot("agreed", None)]
        return await self._back_to_parcel(talk)

    async def _back_to_parcel(self, talk: Talk) -> list[Event]:
        """One step before the first question there is only the choice of the parcel, if any."""
        if len((await talk.parcels()).candidates) > 1:
            return [slot("parcel", None), *self._nothing_yet(), slot("agreed", None)]
        return _end()

    async def _other_parcel(self, talk: Talk, shipment: Shipment) -> list[Event]:
        """Turn the form to the parcel that is named, or to "the other one"; the rest stays."""
        parcels = await talk.parcels()
        other = parcels.meant(talk.typed, str(shipment.id))
        if other is not None and other is not shipment and says_also(talk.typed):
            # "And the mug at the same time": one after the other, each with its own yes.
            talk.remember("others", {"left": [str(other.id)]})
            talk.say("others_next", await talk.facts(other))
            return [slot("agreed", None)]
        if other is not None and other is not shipment:
            return [slot("parcel", str(other.id)), slot("agreed", None)]
        if other is shipment and parcels.ruled_out(talk.typed):
            # "Not the lamp", of which nobody spoke: what is proposed is said again.
            return [slot("agreed", None)]
        if other is None and says_other(talk.typed):
            return [slot("parcel", None), slot("agreed", None)]
        return []

    def _wants_something_else(self, talk: Talk) -> bool:
        """Whether the reader is sure that it is another wish, and no word of it answers us."""
        if talk.intent == self.form.intent or not talk.typed:
            return False
        if talk.intent in {*INTENTS.values(), *_CASES}:
            mine = self.form.detail == "detail" and find_detail(
                self.form.kind, talk.typed, asked=False
            )
            return talk.confidence >= (_VERY_CLEAR if mine else _CLEAR)
        return talk.intent in _UNRELATED and talk.confidence >= _VERY_CLEAR

    def _extra(self, talk: Talk) -> list[Event]:
        """A code for the door, told in the middle, goes along with what is being arranged."""
        if talk.intent != INTENTS[_EXTRA] or self.form.kind is _EXTRA:
            return []
        told = find_detail(_EXTRA, talk.typed, asked=False)
        return [slot("extra", told), slot("agreed", None)] if told else []


class _AskParcel(_OfForm):
    understands = False

    async def act(self, talk: Talk) -> list[Event]:
        ask_which(talk, await talk.parcels(), question=self.form.question(talk, "parcel", None))
        return []


class _AskDetail(_OfForm):
    understands = False

    async def act(self, talk: Talk) -> list[Event]:
        await self.form.ask(talk, await self.shipment(talk))
        return []


class _AskAgreed(_OfForm):
    """The summary: which parcel, what, when, at which fee; yes or no."""

    understands = False

    async def act(self, talk: Talk) -> list[Event]:
        shipment = await self.shipment(talk)
        if str(talk.slot("request") or "").startswith(_CODE):
            await self._ask_code(talk, shipment)
            return []
        try:
            proposed = await self._propose(talk, shipment)
        except Refused as refusal:
            # Between two messages the cut-off has passed: the next yes will find it refused.
            await self.form.refuse(talk, shipment, refusal.reason, refusal.details)
            return [slot("request", None)]
        ids = ",".join(str(request.id) for request in proposed)
        talk.remember("request", ids)
        options = [option(YES, choosing(YES)), option(NO, choosing(NO))]
        terms = {**await self.form.terms(talk, shipment), **_terms(proposed, shipment)}
        facts = {**await talk.facts(shipment), **terms}
        question = self.form.question(talk, "agreed", shipment)
        talk.say(f"{self.form.kind}_confirm", facts, options=options, question=question)
        return []

    async def _ask_code(self, talk: Talk, shipment: Shipment) -> None:
        """Send the code and ask for it. It is typed as an answer to this; see `services/answer`."""
        talk.remember("request", str(talk.slot("request")).removeprefix(_CODE))
        sent = await current().codes.send(
            talk.unit, talk.conversation, shipment.id, CONFIRMS, talk.now
        )
        question = self.form.question(talk, "agreed", shipment)
        options = [dict(one) for one in sent.options]
        talk.say(sent.say, sent.variables, options=options, question=question)

    async def _propose(self, talk: Talk, shipment: Shipment) -> list[DeliveryRequest]:
        """The change itself, and the note that goes along with it if the policy takes one."""
        unit, conversation, now = talk.unit, talk.conversation, talk.now
        form = self.form
        made = await change_delivery.propose(
            unit, conversation, shipment, form.kind, form.window(talk), now, note=form.note(talk)
        )
        if not talk.slot("extra"):
            return [made]
        try:
            note = await change_delivery.propose(
                unit,
                conversation,
                shipment,
                _EXTRA,
                None,
                now,
                note=str(talk.slot("extra")),
                along_with=made.id,
            )
        except Refused:
            talk.say("extra_refused")
            talk.remember("extra", None)
            return [made]
        return [made, note]


class _Submit(_OfForm):
    """Does what was agreed to, or lets it be."""

    async def act(self, talk: Talk) -> list[Event]:
        ids = _asked(talk)
        if talk.slot("agreed") is True:
            await self._confirm(talk, ids)
            others: dict[str, Any] = talk.slot("others") or {}
            if others.get("left"):
                return self._the_next(talk, *others["left"])
            talk.remember("others", None)
        else:
            talk.remember("others", None)
            for request_id in ids:
                await change_delivery.drop(talk.unit, talk.conversation, request_id, talk.now)
            waiting: list[dict[str, Any]] = talk.slot("later") or []
            goes_on = any(one["text"] == talk.typed for one in waiting)
            if not talk.already_said() and not goes_on:
                talk.say("change_dropped")
            if gives_up(talk.typed):
                talk.remember("later", None)
        return [slot(name, None) for name in ("window", "detail", "agreed", "request", "extra")]

    def _the_next(self, talk: Talk, parcel: str, *left: str) -> list[Event]:
        """The same for the next of the parcels that were meant: its own summary, its own yes."""
        detail = talk.slot(self.form.detail) if self.form.detail else None
        kind = str(self.form.kind)
        talk.remember(
            "others", {"left": list(left), "next": parcel, "kind": kind, "detail": detail}
        )
        return [slot("parcel", parcel), *_FRESH, *go_on_with(self.form.loop)]

    async def _confirm(self, talk: Talk, ids: list[UUID]) -> None:
        shipment = await self.shipment(talk)
        if not ids:
            await self.form.refuse(talk, shipment, "refused_expired")
            return
        try:
            requests = [
                await change_delivery.confirm(talk.unit, talk.conversation, one, talk.now)
                for one in ids
            ]
        except Refused as refusal:
            await self.form.refuse(talk, shipment, refusal.reason, refusal.details)
            return
        kind = requests[0].kind
        taken = await current().services.tell_carrier.takes(talk.unit, shipment, kind)
        facts = {**await talk.facts(shipment), **_terms(requests, shipment)}
        # What people have to arrange is not the carrier's to confirm.
        talk.say("request_made", {**facts, "by_hand": not taken})


def _asked(talk: Talk) -> list[UUID]:
    """What was put to the customer for a yes."""
    ids = str(talk.slot("request") or "").removeprefix(_CODE)
    return [UUID(one) for one in ids.split(",") if one]


def _terms(requests: list[DeliveryRequest], shipment: Shipment) -> dict[str, Any]:
    """What is asked for, with the fees of all of it as one sum."""
    main, *more = requests
    fees = [request.fee for request in requests]
    total = fees[0] if len(fees) == 1 else fees[0].plus(fees[1])
    return {
        "kind": str(main.kind),
        "window": window_fact(main.window, shipment.timezone),
        "note": main.note or None,
        "extra": more[0].note if more else None,
        "fee": money_fact(total),
    }


def _is_question(talk: Talk) -> bool:
    """Whether a message asks something else rather than answering."""
    if talk.intent not in _QUESTIONS:
        return False
    if talk.confidence < _LIKELY and "?" not in talk.typed:
        return False
    if talk.intent in {"track_parcel", "ask_delivery_time"}:
        # A bare "tomorrow evening" is often read as one of these.
        return any(mark in talk.typed.lower() for mark in _ASKING)
    return True


def _leaves(talk: Talk) -> bool:
    return gives_up(talk.typed) or goes_back(talk.typed) or talk.intent == "deny"


def _refuses(talk: Talk) -> bool:
    return talk.intent == "deny" or says_no(talk.typed)


def _qualified(talk: Talk) -> bool:
    """Whether what reads as a yes is none: a question, or more than a few words."""
    return "?" in talk.typed or says_no(talk.typed)


def _end() -> list[Event]:
    """Leave the form; the submit action then hears that nothing was agreed."""
    return [slot("agreed", False), slot("requested_slot", None)]


def _made(form: Form) -> list[type[DoorstepAction]]:
    """The actions of one form, under the names that domain.yml gives them."""
    parts: dict[str, type[_OfForm]] = {
        f"validate_{form.loop}": _Validate,
        f"action_ask_{form.loop}_parcel": _AskParcel,
        f"action_ask_{form.loop}_agreed": _AskAgreed,
        f"action_submit_{form.kind}": _Submit,
    }
    if form.detail:
        parts[f"action_ask_{form.loop}_{form.detail}"] = _AskDetail
    return [
        type(title, (part, DoorstepAction), {"title": title, "form": form, "__module__": __name__})
        for title, part in parts.items()
    ]


ACTIONS: list[type[DoorstepAction]] = [action for form in FORMS.values() for action in _made(form)]
