"""What all actions share: the unit they work in, what they know, and how they say things."""

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import current
from bot.domain.conversation import Contact, Conversation
from bot.domain.shipment import Shipment
from bot.services.facts import parcel_facts
from bot.services.find_parcel import Parcels, find_parcels
from bot.services.links import Links
from bot.services.ports import UnitOfWork
from bot.services.tell_carrier import carrier_title

logger = logging.getLogger(__name__)

# What was said lately, so that it is not said in the same words again.
_REMEMBERED = 20

type Event = dict[str, Any]
type Option = dict[str, Any]


def slot(name: str, value: object) -> Event:
    """An event that fills a slot."""
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def option(
    name: str, payload: str, *, key: str | None = None, facts: Mapping[str, Any] | None = None
) -> Option:
    """A choice; its title is worded from `key`, by default "option_<name>"."""
    return {
        "id": name,
        "key": key or f"option_{name}",
        "title": None,
        "with": dict(facts or {}),
        "payload": payload,
    }


def choosing(value: str, intent: str = "inform") -> str:
    """The payload of a choice that stands for a value, and perhaps for a wish as well."""
    return f'/{intent}{{"choice": "{value}"}}'


def chosen_value(one: Option) -> str | None:
    """The value that a choice stands for, as `choosing` was given it."""
    _, brace, body = str(one.get("payload") or "").partition("{")
    return json.loads(brace + body).get("choice") if brace else None


@dataclass
class Talk:
    """One turn as an action sees it."""

    unit: UnitOfWork
    tracker: Tracker
    conversation: Conversation
    contact: Contact
    now: datetime
    links: Links
    said: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    remembered: dict[str, Any] = field(default_factory=dict[str, Any])
    """Slots to be set besides what the action returns; see `remember`."""

    @property
    def text(self) -> str:
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def said_at(self) -> datetime:
        """When the customer wrote it: "tomorrow" counts from then, however late the answer."""
        metadata: Mapping[str, Any] = self.tracker.latest_message.get("metadata") or {}
        at = metadata.get("at")
        return datetime.fromisoformat(str(at)) if at else self.now

    @property
    def typed(self) -> str:
        """The customer's words; empty when a choice was tapped."""
        return "" if self.text.startswith("/") else self.text

    @property
    def intent(self) -> str:
        intent: Mapping[str, Any] = self.tracker.latest_message.get("intent") or {}
        return str(intent.get("name") or "")

    @property
    def confidence(self) -> float:
        """How sure the reader is of the intent, 0 to 1."""
        intent: Mapping[str, Any] = self.tracker.latest_message.get("intent") or {}
        return float(intent.get("confidence") or 0.0)

    @property
    def choice(self) -> str | None:
        """The value of the option that was chosen in this turn."""
        return self.value("choice")

    @property
    def location(self) -> str | None:
        """The place that was shared in this turn, "48.85,2.35"."""
        return self.value("location")

    @property
    def wishes(self) -> list[dict[str, Any]]:
        """The wishes that the message holds, when there are several; see engine/wishes.py."""
        return list(self.tracker.latest_message.get("wishes") or [])

    def value(self, entity: str) -> str | None:
        """What this turn gives as a `choice`, `media` ("image") or `location` ("48.85,2.35")."""
        found = next(self.tracker.get_latest_entity_values(entity), None)
        return None if found is None else str(found)

    def slot(self, name: str) -> Any:
        return self.remembered.get(name, self.tracker.slots.get(name))

    def remember(self, name: str, value: object) -> None:
        """Set a slot at the end of this action, besides what the action itself returns."""
        self.remembered[name] = value

    def first_time(self, what: str) -> bool:
        """Whether something is said for the first time in this session; remembers that it is."""
        told: Sequence[str] = self.slot("told") or ()
        before = list(told)
        self.remember("told", [*before, what][-_REMEMBERED:])
        return what not in before

    async def parcels(self) -> Parcels:
        return await find_parcels(self.unit, self.conversation, self.now)

    @property
    def merchant_id(self) -> UUID:
        return self.conversation.merchant_id

    async def facts(self, shipment: Shipment) -> dict[str, Any]:
        """What may be said of a parcel, its carrier by the name that customers know."""
        carrier = await carrier_title(self.unit, shipment)
        return {"parcel": {**parcel_facts(shipment, self.links), "carrier": carrier}}

    def say(
        self,
        key: str,
        facts: Mapping[str, Any] | None = None,
        *,
        options: Sequence[Option] = (),
        question: Mapping[str, Any] | None = None,
    ) -> None:
        """Say something at the end of this action; see the dialogue contract."""
        self.said.append({
            "say": key,
            "with": dict(facts or {}),
            "options": list(options),
            "question": dict(question) if question else None,
            "understood": {
                "intent": self.intent or None,
                "confidence": self.confidence,
            },
        })  # fmt: skip

    def events_of_turn(self) -> list[Event]:
        """What has happened since the customer's last message."""
        events: list[Event] = list(self.tracker.events)
        for place in range(len(events) - 1, -1, -1):
            if events[place].get("event") == "user":
                return events[place + 1 :]
        return events

    def already_said(self) -> bool:
        """Whether another action has answered in this turn."""
        return any(event.get("event") == "bot" for event in self.events_of_turn())

    def said_last(self) -> Mapping[str, Any]:
        """What was said last before this turn, in the dialogue contract's words; else nothing."""
        events: list[Event] = list(self.tracker.events)
        for event in reversed(events[: len(events) - len(self.events_of_turn())]):
            if event.get("event") == "bot":
                return _said(event)
        return {}

    def just_opened(self, loop: str) -> bool:
        """Whether it is this message that has opened a form."""
        return any(
            event.get("event") == "active_loop" and event.get("name") == loop
            for event in self.events_of_turn()
        )

    def just_left(self) -> str:
        """The form that this message has closed; empty when it closed none."""
        before = ""
        for event in self.tracker.events:
            if event.get("event") == "active_loop" and event.get("name"):
                before = str(event.get("name"))
        closed = any(
            event.get("event") == "active_loop" and event.get("name") is None
            for event in self.events_of_turn()
        )
        return before if closed else ""

    def leave_form(self) -> list[Event]:
        """Events that close the form that is active, if any; it asks nothing more."""
        if not self.tracker.active_loop_name:
            return []
        closed = {"event": "active_loop", "name": None, "timestamp": None}
        return [closed, slot("requested_slot", None)]

    def came_back(self, loop: str) -> bool:
        """Whether a form is run again after something else was answered in its middle."""
        return any(
            event.get("event") == "action_execution_rejected" and event.get("name") == loop
            for event in self.events_of_turn()
        )

    def texts_since_opening(self, loop: str) -> list[str]:
        """What the customer has typed since (and with) the message that opened a form.

        The newest first; what the form rejected was no answer to it and is left out.
        """
        texts: list[str] = []
        opened = rejected = False
        for event in reversed(list(self.tracker.events)):
            kind, mine = event.get("event"), event.get("name") == loop
            if kind == "active_loop" and not mine and not opened:
                # Afterwards it is only what the very message that opened the form has closed.
                break
            opened = opened or kind == "active_loop"
            rejected = rejected or (kind == "action_execution_rejected" and mine)
            if kind == "user":
                text = str(event.get("text") or "")
                texts += [] if rejected or text.startswith("/") else [text]
                rejected = False
                if opened:
                    break
        return texts

    def askings(self, loop: str) -> list[Mapping[str, Any]]:
        """How a form has asked since it was opened, the newest first: what `say` was given.

        In a session that has only taken its question up, earlier askings are not known.
        """
        asked: list[Mapping[str, Any]] = []
        for event in reversed(list(self.tracker.events)):
            if event.get("event") == "active_loop" and event.get("name") == loop:
                break
            said = _said(event)
            question: Mapping[str, Any] = said.get("question") or {}
            if question.get("loop") == loop:
                asked.append(said)
        return asked


def _said(event: Event) -> Mapping[str, Any]:
    """What a bot's event has said, in the words of the dialogue contract; else nothing."""
    data: Mapping[str, Any] = event.get("data") or {}
    said: Mapping[str, Any] = data.get("custom") or {}
    return said if event.get("event") == "bot" else {}


class DoorstepAction(Action, ABC):
    """An action of ours: one transaction, committed before anything is said."""

    title: str
    understands: bool = True
    """Whether its running means that the customer was understood."""

    def name(self) -> str:
        return self.title

    @abstractmethod
    async def act(self, talk: Talk) -> list[Event]:
        """Do the work and say what came of it; the unit is committed afterwards."""

    def understood(self, events: Sequence[Event]) -> bool:
        """Whether the count of misunderstandings begins anew after this."""
        return self.understands

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[Event]:
        """Raises whatever went wrong: the engine then takes the turn for failed."""
        try:
            async with current().database() as unit:
                talk = await open_talk(unit, tracker)
                events = await self.act(talk)
                if self.understood(events) and talk.slot("misses"):
                    talk.remember("misses", None)
                events = [*events, *(slot(*item) for item in talk.remembered.items())]
                await unit.commit()
        except Exception:
            logger.exception("%s failed for %s", self.title, tracker.sender_id)
            raise
        for saying in talk.said:
            dispatcher.utter_message(json_message=saying)
        return events


async def open_talk(unit: UnitOfWork, tracker: Tracker) -> Talk:
    """Find the conversation that a tracker belongs to; its sender is "<conversation>.<session>".

    Raises:
        ValueError, NotFound: no conversation of ours.
    """
    conversation = await unit.conversations.find(UUID(tracker.sender_id.partition(".")[0]))
    contact = await unit.people.get(conversation.merchant_id, conversation.contact_id)
    surroundings = current()
    return Talk(unit, tracker, conversation, contact, surroundings.clock.now(), surroundings.links)
