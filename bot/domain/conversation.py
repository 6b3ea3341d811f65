"""Conversations: who holds them, what was said, which question is open."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from bot.domain.answers import says_yes
from bot.domain.choosing import chosen_instead
from bot.domain.errors import Refused

SESSION_IDLE = timedelta(hours=1)
SESSION_TURNS = 30
UNREACHABLE_FOR = timedelta(days=30)
PICTURE_TOPICS = frozenset({"report_damage", "report_wrong_or_missing_item", "dispute_attempt"})
"""Cases that a picture helps, so that it is taken in while a person is awaited."""
BY_ENGINE = "engine"
"""The topic of a conversation that the bot itself could not go on with."""
_YES = '/inform{"choice": "yes"}'
_BRIEF = 4
"""Words of a yes that takes what is offered; a longer one says something besides."""


class Holder(StrEnum):
    """Who answers: the bot, nobody yet (a person was asked for), or an agent."""

    bot = "bot"
    waiting = "waiting"
    agent = "agent"


class Author(StrEnum):
    """Who said it; `flow` is a message nobody asked for (a notification)."""

    customer = "customer"
    bot = "bot"
    flow = "flow"
    agent = "agent"
    system = "system"
    """A line in the thread that only agents see ("handed to Ana")."""


class MessageStatus(StrEnum):
    """`received` for a customer's message; the rest for ours, in the order of `rank`."""

    received = "received"
    parked = "parked"
    """Waits until the customer writes again: free words may not be sent before."""
    queued = "queued"
    sent = "sent"
    delivered = "delivered"
    read = "read"
    failed = "failed"
    withdrawn = "withdrawn"
    """The agent took it back before it was sent."""


_RANK = {
    MessageStatus.parked: 0,
    MessageStatus.queued: 0, MessageStatus.sent: 1, MessageStatus.failed: 2,
    MessageStatus.delivered: 3, MessageStatus.read: 4, MessageStatus.withdrawn: 5,
}  # fmt: skip


@dataclass(eq=False)
class Contact:
    """A person whom a merchant's parcels go to. `phone` is E.164."""

    id: UUID
    merchant_id: UUID
    created_at: datetime
    name: str = ""
    phone: str | None = None
    email: str | None = None
    language: str = "en"
    timezone: str = "UTC"
    country: str = ""
    language_fixed: bool = False
    """The language was asked for in so many words: what is written changes it no more."""
    language_evidence: dict[str, float] = field(default_factory=dict[str, float])
    """How much the last messages speak for each language; see `bot.domain.languages`."""
    merged_into: UUID | None = None
    """The contact who is the same person, and has everything that was this one's."""


@dataclass(eq=False)
class Identity:
    """An address on a channel by which a contact is reached."""

    id: UUID
    merchant_id: UUID
    contact_id: UUID
    account_id: UUID
    channel: str
    address: str
    created_at: datetime
    verified: bool = False
    """The provider, or a signed link, vouches that this is the contact's own."""
    last_inbound_at: datetime | None = None
    unreachable_at: datetime | None = None
    """When the provider said that nothing reaches it; forgotten as soon as they write from it."""

    def reachable(self, now: datetime) -> bool:
        """Whether it is worth trying; after a while an address may have come back to life."""
        return self.unreachable_at is None or now - self.unreachable_at > UNREACHABLE_FOR


@dataclass(eq=False)
class Conversation:
    """One thread with one contact, across channels.

    `session` numbers the engine's sessions: a fresh one keeps its tracker short.
    """

    id: UUID
    merchant_id: UUID
    contact_id: UUID
    created_at: datetime
    last_message_at: datetime
    identity_id: UUID | None = None
    """Where the customer wrote last, and so where replies go."""
    holder: Holder = Holder.bot
    agent_id: UUID | None = None
    topic: str = ""
    """Why a person was asked for: an intent, or `BY_ENGINE`."""
    waiting_since: datetime | None = None
    session: int = 1
    session_turns: int = 0
    session_at: datetime | None = None
    tags: list[str] = field(default_factory=list[str])

    def hand_over(self, topic: str, now: datetime) -> bool:
        """Ask for a person; a conversation that an agent holds stays with the agent."""
        if self.holder is not Holder.bot:
            return False
        self.holder, self.topic, self.waiting_since = Holder.waiting, topic, now
        return True

    @property
    def awaits_picture(self) -> bool:
        """Nobody has it in hand yet, and a picture belongs to the case."""
        return self.holder is Holder.waiting and self.topic in PICTURE_TOPICS

    @property
    def helped_meanwhile(self) -> bool:
        """A person is called by anger or a dispute alone, and what is wanted next can be served."""
        return self.holder is Holder.waiting and self.topic in {"complain", "disputed"}

    def waited_at(self, at: datetime) -> bool:
        """Whether a person was awaited then, and still is."""
        since = self.waiting_since
        return self.holder is Holder.waiting and since is not None and since < at

    def take(self, agent_id: UUID) -> None:
        """An agent takes it. Raises Refused when another agent has it."""
        if self.holder is Holder.agent and self.agent_id != agent_id:
            raise Refused("held_by_another")
        self.holder, self.agent_id, self.waiting_since = Holder.agent, agent_id, None

    def pass_to(self, agent_id: UUID) -> None:
        """The agent who has it passes it to another."""
        self.agent_id = agent_id

    def put_back(self, now: datetime) -> None:
        """The agent who has it lets anybody take it; the bot stays silent."""
        self.holder, self.agent_id, self.waiting_since = Holder.waiting, None, now

    def hand_back(self) -> None:
        """Give it back to the bot, which starts afresh."""
        self.holder, self.agent_id, self.topic = Holder.bot, None, ""
        self.waiting_since = None
        self.start_session()

    def start_session(self) -> None:
        self.session += 1
        self.session_turns, self.session_at = 0, None

    def touch_session(self, now: datetime, *, mid_form: bool) -> None:
        """Count a turn with the engine, starting afresh after a pause or a long talk."""
        idle = self.session_at is not None and now - self.session_at > SESSION_IDLE
        if idle or (self.session_turns >= SESSION_TURNS and not mid_form):
            self.start_session()
        self.session_turns += 1
        self.session_at = now


@dataclass(eq=False)
class Message:
    """One message of a thread, either way, or a system line.

    An outbound message is `say` (a wording key) with its variables until it is delivered,
    then also the `text` as it was sent; an agent's message is text from the start.
    """

    id: UUID
    merchant_id: UUID
    conversation_id: UUID
    author: Author
    created_at: datetime
    status: MessageStatus
    channel: str = ""
    account_id: UUID | None = None
    identity_id: UUID | None = None
    kind: str = "text"
    text: str = ""
    key: str | None = None
    """The provider's id (inbound), or our own name of the effect (outbound): unique."""
    say: str | None = None
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    options: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    question_id: UUID | None = None
    purpose: str = "service"
    in_reply_to: UUID | None = None
    agent_id: UUID | None = None
    provider_ids: list[str] = field(default_factory=list[str])
    error: str = ""
    payloads: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """The provider's requests it was shaped into, so that a retry repeats none and skips none."""
    sent_parts: int = 0
    attempted_at: datetime | None = None
    """Since when a part is on its way whose end we have not heard of."""
    doubts: int = 0
    """How often a part was sent again because nobody knew what had become of it."""
    status_at: datetime | None = None
    status_times: dict[str, str] = field(default_factory=dict[str, str])
    """When each status was reached (ISO 8601), also of those that were told too late."""
    slot_at: datetime | None = None
    """When its turn comes by the pace of its account; it is given one once."""
    answered_at: datetime | None = None
    engine_session: int | None = None
    """The engine's session that was asked about it; a retry asks the same one."""
    answers_with: UUID | None = None
    """The first of the messages that are read as one and get one answer; its own id on that."""
    understood: dict[str, Any] = field(default_factory=dict[str, Any])
    cost: dict[str, Any] = field(default_factory=dict[str, Any])
    """`pieces` the provider counts, and their `amount` and `currency` where a price is known."""
    stands_in_for: UUID | None = None
    """The same notice by an earlier channel of the ladder, on which it did not arrive."""
    raw: dict[str, Any] = field(default_factory=dict[str, Any])

    def park(self, why: str) -> None:
        """Let it wait for the customer, as if it had never been tried."""
        self.status, self.error = MessageStatus.parked, why
        self.payloads, self.sent_parts, self.attempted_at = [], 0, None

    def unpark(self) -> None:
        """The customer has written: it is to be sent now."""
        self.status, self.error, self.provider_ids = MessageStatus.queued, "", []
        self.slot_at = None

    def queue_again(self) -> None:
        """It has failed and is to be sent all the same; parts that were sent are not repeated."""
        self.status, self.error = MessageStatus.queued, ""
        self.attempted_at, self.slot_at, self.doubts = None, None, 0
        self.status_times = {
            status: at for status, at in self.status_times.items() if status != MessageStatus.failed
        }
        if not self.sent_parts:
            # What may be said, and how, can have changed since.
            self.payloads = []

    def withdraw(self) -> bool:
        """Take it back; False when a part of it is on its way."""
        untouched = self.attempted_at is None and not self.sent_parts
        if self.status not in {MessageStatus.queued, MessageStatus.parked} or not untouched:
            return False
        self.status = MessageStatus.withdrawn
        return True

    @property
    def unsent(self) -> list[dict[str, Any]]:
        return self.payloads[self.sent_parts :]

    def advance(self, status: MessageStatus, now: datetime, error: str = "") -> bool:
        """Move the delivery status on; it never moves back, whatever order receipts come in."""
        if self.status is MessageStatus.received:
            return False
        if status not in self.status_times:
            self.status_times = {**self.status_times, status.value: now.isoformat()}
        if _RANK[status] <= _RANK[self.status]:
            return False
        self.status, self.status_at = status, now
        if error:
            self.error = error
        return True


@dataclass(eq=False)
class Question:
    """A question we asked, with all that is needed to understand an answer days later.

    `loop`, `requested` and `slots` put the engine into the state of having just asked it;
    `loop` is None where only choices were shown. `session` is the engine's session that
    knows of it, None when none does yet.
    """

    id: UUID
    merchant_id: UUID
    conversation_id: UUID
    asked_at: datetime
    loop: str | None = None
    requested: str | None = None
    slots: dict[str, Any] = field(default_factory=dict[str, Any])
    options: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    session: int | None = None
    closed_at: datetime | None = None
    expires_at: datetime | None = None

    def open_at(self, now: datetime) -> bool:
        return self.closed_at is None and (self.expires_at is None or now < self.expires_at)


def option_id(question_id: UUID, place: int) -> str:
    """The id under which a choice is sent out: 34 bytes, within Telegram's 64."""
    return f"{question_id.hex}.{place}"


def parse_option_id(choice: str) -> tuple[UUID, int] | None:
    """The question and the place of a choice that came back; None if it is not ours."""
    question, _, place = choice.partition(".")
    try:
        return UUID(hex=question), int(place)
    except ValueError:
        return None


def chosen_by_words(options: list[dict[str, Any]], text: str) -> int | None:
    """The place of the choice that was typed instead of tapped: its number or its title.

    Where a question of its own offers one thing ("Shall I get a colleague?"), a yes takes it;
    beside a mere statement ("ok") it agrees to nothing. A number is none of the places where the
    choices are numbers themselves.
    """
    typed = text.strip().rstrip(".)!").casefold()
    places = not any(option.get("numbers_mean_themselves") for option in options)
    if places and typed.isdecimal() and 1 <= int(typed) <= len(options):
        return int(typed) - 1
    asked = [place for place, option in enumerate(options) if option.get("yes")]
    if len(asked) == 1 and len(typed.split()) <= _BRIEF and says_yes(typed):
        return asked[0]
    titles = [str(option.get("shown", "")).casefold() for option in options]
    if typed and typed in titles:
        return titles.index(typed)
    # "The first one" of yes and no is no yes.
    return None if _agrees(options) else chosen_instead(typed, len(options))


def _agrees(options: list[dict[str, Any]]) -> bool:
    return any(option.get("payload") == _YES for option in options)
