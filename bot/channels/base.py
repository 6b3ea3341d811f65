"""What a channel is: the words in which the house and every channel speak to each other.

A channel is a folder with three parts: `parse.py` (the provider's request into the types
below), `render.py` (a worded message into the provider's request, within its limits) and
`client.py` (the only part that opens a connection). Parse and render are pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, Protocol, runtime_checkable
from uuid import UUID

from bot.domain.pace import Pace
from bot.domain.templates import TemplateState, TemplateUse


class InboundKind(StrEnum):
    """What a customer sent."""

    text = "text"
    choice = "choice"
    opened = "opened"
    """They opened the chat, and have not said anything yet."""
    location = "location"
    image = "image"
    voice = "voice"
    video = "video"
    document = "document"
    sticker = "sticker"
    contact = "contact"
    reaction = "reaction"
    """A sign put to one of our messages; nothing is asked by it."""
    unsupported = "unsupported"


class DeliveryStatus(StrEnum):
    """How far an outbound message got, as its provider tells."""

    queued = "queued"
    sent = "sent"
    delivered = "delivered"
    read = "read"
    failed = "failed"


ANY_FILE = "*"
"""Among a channel's attachments: every kind of file that is not named."""


@dataclass(frozen=True)
class Capabilities:
    """What a channel can do; asked for by the house instead of the channel's name.

    Lengths are in characters (UTF-16 units where the provider counts so). `buttons` and
    `list_rows` are the largest number of choices shown as such; 0 means the choices are
    numbered in the text.
    """

    text_limit: int
    buttons: int = 0
    button_title_limit: int = 0
    list_rows: int = 0
    list_title_limit: int = 0
    interactive_text_limit: int = 0
    receipts: bool = False
    free_text_for: timedelta | None = None
    """How long after the customer's last message free text may be sent; None: always."""
    needs_opening: bool = False
    """Only a person who has opened the chat can be written to."""
    verified_phone: bool = False
    """The provider vouches that the address is the phone number the person writes from."""
    address_is: Literal["phone", "email"] | None = None
    """The detail of a contact that is also an address here, so that we can write first."""
    framed: bool = False
    """There is more to a message than its words: a subject, a thread, a way to unsubscribe."""
    pace: Pace | None = None
    """How fast an account may send; its option `per_second` goes before it."""
    recipient_pace: Pace | None = None
    """How fast one person may be written to."""
    attachments: Mapping[str, int] = field(default_factory=dict[str, int])
    """Which files go with a message as such: the content type, or ANY_FILE, and the most bytes."""
    attachments_by: str = ""
    """The option of an account that has to say `yes` before they do; empty: they always do."""
    carries_files: bool = False
    """A file travels within the message; elsewhere the provider fetches it by its link."""
    forgeable: bool = False
    """Anybody can write in anybody's name; who answers to our own reply address has proved it."""

    def takes(self, account: "Account", content_type: str, size: int) -> bool:
        """Whether a file of this kind and size (bytes) goes with a message of an account's."""
        if self.attachments_by and account.options.get(self.attachments_by) != "yes":
            return False
        return 0 < size <= self.attachments.get(content_type, self.attachments.get(ANY_FILE, 0))


@dataclass(frozen=True)
class Account:
    """A merchant's account with a provider, as an adapter needs it.

    `address` is what customers write to (number, phone number id, bot name); `secrets` and
    `options` are the adapter's own; the docstring of each
    channel's `__init__.py` names their keys.
    """

    id: UUID
    channel: str
    address: str
    secrets: Mapping[str, str] = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class WebhookRequest:
    """A provider's HTTP request, with nothing decoded.

    `url` is the public URL that the provider called, query included.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Inbound:
    """Something a customer sent. `key` is the provider's id of it, unique within the account."""

    key: str
    sender: str
    kind: InboundKind
    text: str = ""
    choice: str | None = None
    """The id of the option that was tapped, as it was sent out."""
    sender_name: str | None = None
    location: tuple[float, float] | None = None
    media: str | None = None
    """The provider's reference to the media."""
    file: bytes | None = None
    """What was attached, where it comes with the message instead of by reference."""
    start_token: str | None = None
    """The payload of a deep link with which the person opened the chat."""
    opt_out: Literal["stop", "start", "help"] | None = None
    """What the provider took it for, having acted on it and answered already."""
    own_id: str | None = None
    """The provider's id by which later updates name this message, where `key` is another."""
    about: str | None = None
    """The provider's id of the message that is quoted, or reacted to."""
    reply_token: str | None = None
    """What made the address unique that they answered to: only who got our mail knows it."""
    at: datetime | None = None
    chat_is_private: bool = True
    raw: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Receipt:
    """A provider's word on a message that we sent.

    `reference` is our own message id where the provider hands it back, `provider_id` the
    provider's; at least one is set. `reason` is the provider's code and text on failure.
    """

    key: str
    status: DeliveryStatus
    reference: UUID | None = None
    provider_id: str | None = None
    at: datetime | None = None
    reason: str | None = None
    gone: bool = False
    """It failed because nothing arrives at this address: there is no such number or mailbox."""
    window_closed: bool = False
    """It failed because free words may not be sent any more: a template may."""
    opted_out: str | None = None
    """It failed because the recipient refuses messages of this purpose; "" is every purpose."""


@dataclass(frozen=True)
class TemplateNews:
    """What a provider says of one of an account's templates; None where it says nothing of it."""

    name: str
    language: str
    state: TemplateState | None = None
    category: str | None = None
    body: str | None = None
    buttons: tuple[str, ...] = ()
    provider_id: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Amendment:
    """The customer has edited a message of theirs, or taken it back (`text` is None)."""

    about: str
    """The provider's id of that message."""
    sender: str
    text: str | None


@dataclass(frozen=True)
class Preference:
    """A customer has told the provider, not us, whether they want messages of a purpose."""

    sender: str
    purpose: str
    given: bool
    text: str
    """As the provider puts it."""
    at: datetime


type Update = Inbound | Amendment | Preference | Receipt | TemplateNews


@dataclass(frozen=True)
class Option:
    """A choice shown to the customer; `id` comes back when it is tapped (at most 64 bytes)."""

    id: str
    title: str
    url: str = ""
    """Where it is chosen on a channel without taps, if that channel is `framed`."""


@dataclass(frozen=True)
class Frame:
    """What stands around a message's words on a channel that has more than words."""

    subject: str
    sender: str
    """The merchant's name."""
    language: str
    thread: UUID
    """The conversation, by which a mail program keeps its messages together."""
    at: datetime
    """When it is written."""
    answers: str = ""
    """The provider's id of the customer's message that this one answers."""
    reply_token: str = ""
    """Handed back as `Inbound.reply_token` by whoever answers."""
    refuse_url: str = ""
    """Where the recipient says what they want to be written about."""
    refuse_label: str = ""
    reply_line: str = ""
    """What stands above which an answer is written."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message, of a kind and size that the channel takes."""

    url: str
    """Where whoever has it can fetch it."""
    content_type: str
    name: str
    digest: str
    """Of its bytes: where files travel within the message, they are put in when it is sent."""

    @property
    def kind(self) -> Literal["image", "audio", "video", "document"]:
        """What people call it."""
        start = self.content_type.partition("/")[0]
        return start if start in {"image", "audio", "video"} else "document"  # type: ignore[return-value]


@dataclass(frozen=True)
class Worded:
    """A message in its final words, before a channel has shaped it."""

    text: str
    options: tuple[Option, ...] = ()
    options_label: str = ""
    """What a list's button says, in the customer's language ("Choose")."""
    frame: Frame | None = None
    """There on a `framed` channel."""
    template: TemplateUse | None = None
    """To be said by this template, because free words may not be sent now."""
    attachment: Attachment | None = None
    sender: str = ""
    """Who it is from, where that depends on where it goes: see `SendsAs`."""
    footer: str = ""
    """How to be written to no more, where the law or a sender without a number asks for it."""


@dataclass(frozen=True)
class Sender:
    """Who a message is from; a name instead of a number cannot be answered."""

    name: str
    answerable: bool = True


@dataclass(frozen=True)
class Cost:
    """What a message costs before it is sent.

    `pieces` are what the provider counts: segments of an SMS, templates of WhatsApp. `amount` is
    in whole units of the currency, and None where the account names no price.
    """

    pieces: int
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class WebhookAnswer:
    """What the provider wants to hear back at once."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain"


class Channel(Protocol):
    """A way to reach customers. One instance serves every account of its kind."""

    name: str
    capabilities: Capabilities

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check, in constant time, that the provider sent this.

        Raises:
            BadSignature: it did not, or did not prove it.
        """
        ...

    def parse(self, account: Account, request: WebhookRequest) -> list[Update]:
        """Read a verified request; kinds we do not know become `InboundKind.unsupported`.

        Raises:
            MalformedUpdate: not what this provider sends; the message says what is wrong.
        """
        ...

    def answer(self, account: Account, request: WebhookRequest) -> WebhookAnswer:
        """The provider's expected reply (TwiML, an echo of a challenge, nothing).

        Raises:
            BadSignature: a challenge with the wrong token.
        """
        ...

    def render(self, account: Account, message: Worded) -> list[dict[str, Any]]:
        """Shape a message into one or more provider payloads, in order, within the limits."""
        ...

    async def send(
        self, account: Account, to: str, payload: Mapping[str, Any], reference: UUID
    ) -> str:
        """Send one rendered payload; `reference` is our id, handed back in receipts.

        Returns the provider's id of the message.

        Raises:
            Limited: slow down, with how long.
            Temporary: nothing was sent; try again.
            Permanent: will never work; the message says why in words.
            OutcomeUnknown: sent or not, nobody knows (a timeout after the request left).
        """
        ...

    async def close(self) -> None:
        """Close what was opened for sending; the shared HTTP session is its owner's."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """A channel on which files come by reference."""

    async def fetch(self, account: Account, media: str, limit: int) -> bytes:
        """The bytes behind `Inbound.media`, from the provider's own hosts alone.

        Raises:
            Temporary: not fetched, try again.
            Permanent: gone, or larger than `limit` bytes; the message says which.
        """
        ...


@runtime_checkable
class SendsAs(Protocol):
    """A channel on which who a message is from depends on where it goes."""

    def sender(self, account: Account, to: str, *, asks: bool) -> Sender:
        """Who writes to an address; what `asks` for an answer is from one that can be answered."""
        ...


@runtime_checkable
class Priced(Protocol):
    """A channel whose provider is paid by the message."""

    def cost(self, account: Account, to: str, payloads: Sequence[Mapping[str, Any]]) -> Cost:
        """What rendered payloads will cost, by the prices among the account's options."""
        ...


@runtime_checkable
class Templated(Protocol):
    """A channel whose provider keeps templates for an account."""

    async def templates(self, account: Account) -> list[TemplateNews]:
        """All of an account's templates; errors as `Channel.send`, but never OutcomeUnknown."""
        ...

    async def create_template(
        self, account: Account, draft: TemplateNews, examples: Sequence[str]
    ) -> TemplateNews:
        """Ask the provider for a template; `examples` stand in its places for its reviewers."""
        ...


@runtime_checkable
class Acknowledges(Protocol):
    """A channel on which a tap spins until it is told that it was seen."""

    async def acknowledge(self, account: Account, inbound: Inbound) -> None:
        """Tell the provider that a tap has arrived; errors as `Channel.send`."""
        ...
