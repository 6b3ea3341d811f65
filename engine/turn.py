"""One turn of the talk: a customer's message, and everything that comes of it.

* a message is handled once; a repeat of its id gets the stored answer;
* an open question that was asked outside Rasa is put before the text that answers it;
* a turn in which an action failed is not stored, so that a retry really is one;
* a message that holds several wishes is served wish by wish (engine/steps.py);
* a tracker store that is away is not papered over in memory.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
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

from engine.asked import Asked, Question
from engine.steps import EXTRA, LATER, OTHERS, Step, due, steps_of

NAME = "doorstep"
"""The channel's name in the URL, and in Rasa's events."""
# What the talk is about outlives the form that asked for it.
KEPT_SLOTS = frozenset({"parcel"})
# Between a message's id and the number of a further part of it.
PART = "/"

_UNREAD = {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": []}

_failures: ContextVar[list[str] | None] = ContextVar("failures", default=None)


class _FailureNotes(logging.Handler):
    """Rasa's processor logs an action's exception and goes on; this is how it is noticed."""

    def emit(self, record: logging.LogRecord) -> None:
        notes = _failures.get()
        if notes is not None and record.exc_info:
            notes.append(record.getMessage())


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
        text, loop = self._asked.text, tracker.active_loop_name
        steps = steps_of(text, loop, lambda texts: self._read(texts, tracker) if texts else [])
        while steps:
            step = steps.pop(0)
            seen, loop_before = len(tracker.events), tracker.active_loop_name
            for name, value in step.slots.items():
                tracker.update(SlotSet(name, value), self._processor.domain)
            if await self._handle(tracker, step):
                return True
            self._forget_left_forms(tracker, loop_before, seen)
            if not steps:
                steps = due(tracker, list(tracker.events)[seen:])
        return False

    def _read(self, texts: list[str], tracker: DialogueStateTracker) -> list[dict[str, Any]]:
        """How texts are read, all in one go: to the reader three cost little more than one."""
        metadata = {**self._asked.metadata, "message_id": self._asked.message_id}
        messages = [UserMessage(t, None, self._asked.sender, metadata=metadata) for t in texts]
        target = self._processor.model_metadata.nlu_target
        found = self._processor.graph_runner.run(
            inputs={PLACEHOLDER_MESSAGE: messages, PLACEHOLDER_TRACKER: tracker}, targets=[target]
        )
        return [
            {**_UNREAD, **message.as_dict(only_output_properties=True)} for message in found[target]
        ]

    def _leave_tidy(self, tracker: DialogueStateTracker) -> None:
        """Where no form goes on, nothing waits for it."""
        for name in (EXTRA, LATER, OTHERS):
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
            input_channel=NAME,
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


def listen_for_failures() -> None:
    """To be called once before the first turn; without it a failed action goes unnoticed."""
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
