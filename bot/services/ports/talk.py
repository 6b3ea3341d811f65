"""Conversations, messages and files, and what it takes to send them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from bot.domain.conversation import Conversation, Message, Question
from bot.domain.media import Media
from bot.domain.pace import Pace
from bot.domain.templates import Template


class Conversations(Protocol):
    async def get(
        self, merchant_id: UUID, conversation_id: UUID, *, lock: bool = False
    ) -> Conversation: ...
    async def of_contact(self, merchant_id: UUID, contact_id: UUID) -> Conversation | None: ...
    async def find(self, conversation_id: UUID) -> Conversation:
        """By id alone, for the action server, which learns the merchant from it."""
        ...


class Messages(Protocol):
    async def get(self, merchant_id: UUID, message_id: UUID, *, lock: bool = False) -> Message: ...
    async def named(
        self, merchant_id: UUID, conversation_id: UUID, provider_id: str
    ) -> Message | None:
        """The message of a conversation, either way, that its provider calls so."""
        ...

    async def unsent(self, merchant_id: UUID, identity_id: UUID) -> Sequence[Message]:
        """What waits to be sent to an address."""
        ...

    async def parked(self, merchant_id: UUID, identity_id: UUID) -> Sequence[Message]:
        """What waits for the customer to write from an address, the oldest first, locked."""
        ...

    async def find(self, message_id: UUID) -> Message:
        """By id alone: a signed link names it and stands for its merchant."""
        ...

    async def add_inbound(self, message: Message) -> bool:
        """Store a customer's message; False if the provider's id is known already."""
        ...

    async def add_once(self, message: Message) -> bool:
        """Store one of ours under its key; False if that effect is there already."""
        ...

    async def thread(
        self, merchant_id: UUID, conversation_id: UUID, limit: int = 200
    ) -> Sequence[Message]:
        """The newest `limit` messages, oldest first."""
        ...

    async def unanswered(
        self, merchant_id: UUID, conversation_id: UUID, after: UUID
    ) -> Sequence[Message]:
        """A customer's messages without an answer since the one with the id `after`."""
        ...

    async def written_since(self, merchant_id: UUID, conversation_id: UUID, after: UUID) -> bool:
        """Whether the customer has written anything after the message with the id `after`."""
        ...

    async def notices_since(
        self, merchant_id: UUID, conversation_id: UUID, after: UUID
    ) -> Sequence[Message]:
        """What the flows have said after the message with the id `after`, oldest first."""
        ...

    async def answered_with(self, head: Message) -> Sequence[Message]:
        """The messages that are read as one with `head`, itself included, oldest first."""
        ...

    async def undelivered(
        self, merchant_id: UUID, before: UUID | None, limit: int
    ) -> Sequence[tuple[Message, str]]:
        """What has reached nobody, the newest first, each with the address it was for.

        A notice that another channel has taken over is not among them.
        """
        ...

    async def of_question(self, merchant_id: UUID, question_id: UUID) -> Message | None: ...


class Questions(Protocol):
    async def get(self, merchant_id: UUID, question_id: UUID) -> Question | None: ...
    async def open(self, merchant_id: UUID, conversation_id: UUID) -> Sequence[Question]:
        """The questions not closed yet, the last one asked first."""
        ...

    async def newest(
        self, merchant_id: UUID, conversation_id: UUID, before: datetime
    ) -> Question | None:
        """The last question asked until then, whether it is still open or not."""
        ...


class Templates(Protocol):
    """The catalogue of what may be said when free words may not."""

    async def of_account(self, merchant_id: UUID, account_id: UUID) -> Sequence[Template]: ...
    async def find(self, account_id: UUID, name: str, language: str) -> Template | None: ...


class MediaFiles(Protocol):
    """What is known of the files that customers sent."""

    async def of_message(self, merchant_id: UUID, message_id: UUID) -> Media | None: ...
    async def of_messages(
        self, merchant_id: UUID, messages: Iterable[UUID]
    ) -> Mapping[UUID, Media]: ...
    async def find(self, media_id: UUID) -> Media:
        """By id alone: a signed link names it and stands for its merchant."""
        ...

    async def older_than(self, before: datetime, limit: int) -> Sequence[Media]:
        """Those of all merchants whose bytes are still kept, the oldest first, for upkeep."""
        ...

    async def remove(self, media: Media) -> None: ...
    async def has(self, digest: str) -> bool:
        """Whether any file has these bytes."""
        ...


class MediaStore(Protocol):
    """Where the bytes are, by their digest: the same bytes are kept once."""

    async def keep(self, content: bytes) -> tuple[str, str]:
        """Keep bytes; returns their digest and what they are (a content type)."""
        ...

    async def read(self, digest: str) -> bytes:
        """The bytes. Raises NotFound when they are not kept any more."""
        ...

    async def forget(self, digest: str) -> None: ...


class Paces(Protocol):
    """How fast may be sent, shared by all workers."""

    async def take_turns(
        self, wanted: Sequence[tuple[str, Pace]], now: datetime
    ) -> Sequence[timedelta]:
        """Take the next turn of what each key names; how long it is until then.

        In this order, and a key may come several times.
        """
        ...

    async def put_off(self, until: Mapping[str, datetime]) -> None:
        """Let what each key names have its next turn no sooner than that."""
        ...
