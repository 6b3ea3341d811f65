"""The way into Rasa: one inner HTTP handle, spoken to by the product's dialogue client alone.

Rasa's own REST channel answers 200 with whatever it had when something broke, and would handle
a repeated message twice. Here:
* a message is handled once; a repeat of its id gets the stored answer;
* an open question that was asked outside Rasa is put before the text that answers it;
* a turn in which an action failed is not stored, so that a retry really is one;
* a message that holds several wishes is served wish by wish, in one turn (engine/wishes.py);
* whatever raises is a 500; a tracker store that is away is not papered over in memory.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from engine.action_answers import check_once
from engine.wishes import CASES, CHANGES, NOTE, QUESTIONS, Wish, ordered, read_wishes

logger = logging.getLogger(__name__)

# What the talk is about outlives the form that asked for it.
KEPT_SLOTS = frozenset({"parcel"})
# Set here when a message holds several wishes: a note for the courier that goes along with a
# change, and the changes that wait until the first one is done.
EXTRA, LATER = "extra", "later"
SURVEY = "nps_form"
SHORTEST_TOKEN = 8
# Between a message's id and the number of a further part of it.
PART = "/"

_failures: ContextVar[list[str] | None] = ContextVar("failures", default=None)


class BadBodyError(ValueError):
    """The request's body is not what the contract says; the text says where."""


@dataclass
class Question:
    """A form's question that was asked outside Rasa: which form, which slot, what it knows."""

    loop: str
    requested: str
    slots: dict[str, Any] = field(default_factory=dict)


@dataclass
class Asked:
    """One customer's message as it comes in."""

    sender: str
    message_id: str
    text: str
    metadata: dict[str, Any]
    question: Question | None


@dataclass
class Step:
    """A part of a message that is handled as if it had been sent by itself."""

    text: str
    read: dict[str, Any]
    slots: dict[str, Any] = field(default_factory=dict)


class _FailureNotes(logging.Handler):
    """Rasa's processor logs an action's exception and goes on; this is how it is noticed."""

    def emit(self, record: logging.LogRecord) -> None:
        notes = _failures.get()
        if notes is not None and record.exc_info:
            notes.append(record.getMessage())


class DoorstepInput(InputChannel):
    """`POST /webhooks/doorstep/message`, guarded by a bearer token."""

    def __init__(self, token: str) -> None:
        """A short or unexpanded token is refused: it would be no guard."""
        if len(token) < SHORTEST_TOKEN or token.startswith("${"):
            raise ValueError("ENGINE_TOKEN must be set, to at least 8 characters")
        self._token = token.encode()

    @classmethod
    def name(cls) -> str:
        """The name in the URL, and the input channel in Rasa's events."""
        return "doorstep"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """From credentials.yml; without a token Rasa does not start."""
        if not credentials or not credentials.get("token"):
            cls.raise_missing_credentials_exception()
        return cls(str(credentials["token"]))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; Rasa's own way in (`on_new_message`) is not taken, it hides failures."""
        _listen_for_failures()
        check_once()
        routes = Blueprint("doorstep_input")

        @routes.route("/message", methods=["POST"])
        async def message(request: Request) -> HTTPResponse:
            return await self._receive(request)

        return routes

    async def _receive(self, request: Request) -> HTTPResponse:
        if not self._may_enter(request):
            return response.json({"error": "wrong or missing bearer token"}, status=401)
        agent = request.app.ctx.agent
        if agent is None or not agent.is_ready():
            return response.json({"error": "no model is loaded yet"}, status=503)
        try:
            asked = read_body(_json_of(request), agent.processor.domain)
        except BadBodyError as error:
            return response.json({"error": str(error)}, status=400)
        try:
            async with agent.lock_store.lock(asked.sender):
                answer = await Turn(agent.processor, asked).answer()
        except Exception as error:
            logger.exception("could not handle message %s", asked.message_id)
            return response.json({"error": f"{type(error).__name__} in the engine"}, status=500)
        return response.json(answer)

    def _may_enter(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), self._token)


class Turn:
    """One message and what comes of it; `MessageProcessor.handle_message` with our promises.

    Reaches into the processor: this Rasa is the last open-source release and pinned, and its
    public method saves the tracker before anybody can look at how the turn went.
    """

    def __init__(self, processor: MessageProcessor, asked: Asked) -> None:
        """To be run under the lock of the conversation."""
        self._processor = processor
        self._asked = asked
        self._output = CollectingOutputChannel()
        self._parts: list[list[dict[str, Any]]] = []
        self._store = _primary(processor.tracker_store)

    async def answer(self) -> dict[str, Any]:
        """Handle the message, or find the answer it got before."""
        tracker = await self._tracker()
        event = find_message(tracker, self._asked.message_id)
        if event is not None:
            await self._repeat(tracker, event)
            return self._result(tracker, event, failed=False)
        seen = len(tracker.events)
        if self._asked.question:
            tracker.update_with_events(
                opening(self._asked.question, self._processor.domain), self._processor.domain
            )
        failed = await self._serve(tracker)
        if not failed:
            self._leave_tidy(tracker)
            await self._store.save(tracker)
        said = next(e for e in list(tracker.events)[seen:] if isinstance(e, UserUttered))
        return self._result(tracker, said, failed=failed)

    async def _serve(self, tracker: DialogueStateTracker) -> bool:
        """Handle the message step by step, and what waited for it to be done. True on failure."""
        steps = await self._steps(tracker)
        while steps:
            step = steps.pop(0)
            seen, loop_before = len(tracker.events), tracker.active_loop_name
            for name, value in step.slots.items():
                tracker.update(SlotSet(name, value), self._processor.domain)
            if await self._handle(tracker, step):
                return True
            self._forget_left_forms(tracker, loop_before, seen)
            if not steps:
                steps = self._due(tracker, seen)
        return False

    async def _steps(self, tracker: DialogueStateTracker) -> list[Step]:
        """The wishes of the message in the order in which they are served; mostly just itself."""
        text = self._asked.text
        whole = await self._parse(text, tracker)
        loop = tracker.active_loop_name
        if text.startswith("/") or loop == SURVEY:
            return [Step(text, whole)]
        told = [Wish(w["intent"], w["confidence"], w["text"]) for w in whole.get("wishes") or []]
        wishes = ordered(told if len(told) > 1 else await read_wishes(text, whole, self._parse))
        asked = [Step(w.text, await self._parse(w.text)) for w in wishes if w.intent in QUESTIONS]
        rest = [wish for wish in wishes if wish.intent not in QUESTIONS]
        if not wishes or (loop and not asked):
            return [Step(text, whole)]
        if loop:
            left = ", ".join(wish.text for wish in rest)
            return [*asked, *([Step(left, await self._parse(left))] if rest else [])]
        return [*asked, *_changes_or_case(text, whole, wishes, rest)]

    async def _parse(
        self, text: str, tracker: DialogueStateTracker | None = None
    ) -> dict[str, Any]:
        metadata = {**self._asked.metadata, "message_id": self._asked.message_id}
        message = UserMessage(text, None, self._asked.sender, metadata=metadata)
        return dict(await self._processor.parse_message(message, tracker))

    def _due(self, tracker: DialogueStateTracker, seen: int) -> list[Step]:
        """The next change that waits, once a form has come to its end."""
        waiting = list(tracker.get_slot(LATER) or [])
        ended = any(
            isinstance(event, ActionExecuted)
            and str(event.action_name).startswith("action_submit_")
            for event in list(tracker.events)[seen:]
        )
        if not waiting or not ended or tracker.active_loop_name:
            return []
        wish = Wish(**waiting[0])
        return [Step(wish.text, _as_read(wish), {LATER: waiting[1:] or None})]

    def _leave_tidy(self, tracker: DialogueStateTracker) -> None:
        """Where no form goes on, nothing waits for it."""
        for name in (EXTRA, LATER):
            if not tracker.active_loop_name and tracker.get_slot(name):
                tracker.update(SlotSet(name, None), self._processor.domain)

    async def _tracker(self) -> DialogueStateTracker:
        sender = self._asked.sender
        tracker = await self._store.retrieve(sender) or self._store.init_tracker(sender)
        tracker.model_id = self._processor.model_metadata.model_id
        tracker.assistant_id = tracker.assistant_id or self._processor.model_metadata.assistant_id
        await self._processor._update_tracker_session(tracker, self._output)  # noqa: SLF001
        return tracker

    async def _handle(self, tracker: DialogueStateTracker, step: Step) -> bool:
        """The same steps as Rasa's own `handle_message`, up to saving. True when one failed."""
        place = len(self._parts)
        before = len(self._output.messages)
        message = UserMessage(
            step.text,
            self._output,
            self._asked.sender,
            parse_data=step.read,
            input_channel=DoorstepInput.name(),
            message_id=f"{self._asked.message_id}{PART}{place}"
            if place
            else self._asked.message_id,
            metadata={**self._asked.metadata, "message_id": self._asked.message_id},
        )
        notes: list[str] = []
        marker = _failures.set(notes)
        try:
            await self._processor._handle_message_with_tracker(message, tracker)  # noqa: SLF001
            tracker = await self._processor.run_action_extract_slots(self._output, tracker)
            await self._processor._run_prediction_loop(self._output, tracker)  # noqa: SLF001
        finally:
            _failures.reset(marker)
        self._parts.append(self._output.messages[before:])
        return bool(notes)

    async def _repeat(self, tracker: DialogueStateTracker, said: UserUttered) -> None:
        before = 0
        for event in turn_events(tracker, said):
            if isinstance(event, BotUttered):
                await self._output.send_response(self._asked.sender, event.message())
            elif isinstance(event, UserUttered):
                self._parts.append(self._output.messages[before:])
                before = len(self._output.messages)
        self._parts.append(self._output.messages[before:])

    def _forget_left_forms(
        self, tracker: DialogueStateTracker, loop_before: str | None, seen: int
    ) -> None:
        """A half-agreed time must not be taken up unasked when the form is opened again."""
        domain = self._processor.domain
        left: set[str | None] = {
            event.name for event in list(tracker.events)[seen:] if isinstance(event, ActiveLoop)
        } | {loop_before}
        active = tracker.active_loop_name
        kept = set(KEPT_SLOTS) | set(domain.required_slots_for_form(active) if active else [])
        for form in sorted(name for name in left if name and name != active):
            for slot in domain.required_slots_for_form(form):
                if slot not in kept and tracker.get_slot(slot) is not None:
                    tracker.update(SlotSet(slot, None), domain)

    def _result(
        self, tracker: DialogueStateTracker, said: UserUttered | None, *, failed: bool
    ) -> dict[str, Any]:
        messages = [
            {key: value for key, value in message.items() if key != "recipient_id"}
            for message in joined(self._parts)
        ]
        result: dict[str, Any] = {
            "messages": messages,
            "understood": understood(said),
            "loop": tracker.active_loop_name,
        }
        if failed:
            result["failed_action"] = True
        return result


def _changes_or_case(
    text: str, whole: dict[str, Any], wishes: list[Wish], rest: list[Wish]
) -> list[Step]:
    """What is to be done after the questions: a case for a person, or one change after another.

    A person is told of the whole message, so that nothing of it is arranged behind their back.
    """
    case = next((wish for wish in rest if wish.intent in CASES), None)
    if case is not None:
        told = {"wishes": [wish.as_dict() for wish in wishes]}
        return [Step(text, {**whole, **told, "intent": _as_read(case)["intent"]})]
    notes = [wish for wish in rest if wish.intent == NOTE]
    changes = [wish for wish in rest if wish.intent in CHANGES - {NOTE}] or notes[:1]
    if not changes:
        return []
    first, *others = changes
    slots: dict[str, Any] = {LATER: [wish.as_dict() for wish in others] or None}
    if notes and first is not notes[0]:
        slots[EXTRA] = notes[0].text
    return [Step(first.text, _as_read(first), slots)]


def _as_read(wish: Wish) -> dict[str, Any]:
    intent = {"name": wish.intent, "confidence": wish.confidence}
    return {"text": wish.text, "intent": intent, "entities": []}


def joined(parts: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What is said to all parts of a message, as one answer: only its end asks and offers."""
    *earlier, last = parts or [[]]
    said: list[dict[str, Any]] = []
    for message in (message for part in earlier for message in part):
        custom = message.get("custom")
        if not isinstance(custom, dict):
            said.append(message)
        elif not custom.get("question"):
            said.append({**message, "custom": {**custom, "options": []}})
    return [*said, *last] if last else [m for part in parts for m in part]


def read_body(body: Any, domain: Domain) -> Asked:
    """The request's body, checked; raises `BadBodyError` naming the field."""
    if not isinstance(body, dict):
        raise BadBodyError("the body is not a JSON object")
    for name in ("sender", "message_id", "text"):
        if not isinstance(body.get(name), str) or not body[name].strip():
            raise BadBodyError(f"{name}: a non-empty string is wanted")
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise BadBodyError("metadata: an object is wanted")
    return Asked(
        sender=body["sender"],
        message_id=body["message_id"],
        text=body["text"],
        metadata=metadata,
        question=read_question(body.get("question"), domain),
    )


def read_question(given: Any, domain: Domain) -> Question | None:
    """The open question, checked against the domain's forms and slots."""
    if given is None:
        return None
    if not isinstance(given, dict):
        raise BadBodyError("question: an object or null is wanted")
    slots = given.get("slots") or {}
    if not isinstance(slots, dict):
        raise BadBodyError("question.slots: an object is wanted")
    question = Question(str(given.get("loop")), str(given.get("requested")), slots)
    if question.loop not in domain.form_names:
        raise BadBodyError(f"question.loop: there is no form {question.loop!r}")
    if question.requested not in domain.required_slots_for_form(question.loop):
        raise BadBodyError(f"question.requested: {question.requested!r} is not asked by the form")
    known = {slot.name for slot in domain.slots}
    unknown = sorted(set(question.slots) - known)
    if unknown:
        raise BadBodyError(f"question.slots: there is no slot {unknown[0]!r}")
    return question


def opening(question: Question, domain: Domain) -> list[Event]:
    """The events after which a form stands as if it had just asked its question."""
    blank = dict.fromkeys(domain.required_slots_for_form(question.loop))
    values = {**blank, **question.slots}
    return [
        ActionExecuted(question.loop),
        ActiveLoop(question.loop),
        *[SlotSet(name, value) for name, value in values.items()],
        SlotSet(REQUESTED_SLOT, question.requested),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


def find_message(tracker: DialogueStateTracker, message_id: str) -> UserUttered | None:
    """The stored message with this id, when its turn came to an end."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered) and event.message_id == message_id:
            done = any(
                isinstance(later, ActionExecuted) and later.action_name == ACTION_LISTEN_NAME
                for later in turn_events(tracker, event)
            )
            return event if done else None
    return None


def turn_events(tracker: DialogueStateTracker, said: UserUttered) -> list[Event]:
    """What happened between a message and the next one; its own further parts belong to it."""
    events = list(tracker.events)
    start = next(i for i, event in enumerate(events) if event is said) + 1
    rest = events[start:]
    part = f"{said.message_id}{PART}"
    ends = (
        i
        for i, event in enumerate(rest)
        if isinstance(event, UserUttered) and not str(event.message_id).startswith(part)
    )
    return rest[: next(ends, len(rest))]


def understood(said: UserUttered | None) -> dict[str, Any] | None:
    """How the message was read, for whoever watches the quality."""
    if said is None or not said.intent or not said.intent.get("name"):
        return None
    return {
        "intent": said.intent["name"],
        "confidence": round(float(said.intent.get("confidence") or 0.0), 4),
    }


def _json_of(request: Request) -> Any:
    try:
        return request.json
    except Exception as error:  # sanic's own error would be answered in its own shape
        raise BadBodyError("the body is not JSON") from error


def _listen_for_failures() -> None:
    processor_log = logging.getLogger(MessageProcessor.__module__)
    if not any(isinstance(handler, _FailureNotes) for handler in processor_log.handlers):
        processor_log.addHandler(_FailureNotes(level=logging.ERROR))


def _primary(store: TrackerStore) -> TrackerStore:
    """The store itself: Rasa's wrapper answers from memory when the database is away."""
    while True:
        inner = getattr(store, "_tracker_store", None)
        if inner is None:
            return store
        store = inner
