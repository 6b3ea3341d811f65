"""What the services ask of the world: the Protocols that storage, queue and engine fulfil."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from bot.channels.base import Account
from bot.domain.access import AccessCode, ParcelGrant
from bot.domain.assignment import Colleague
from bot.domain.attempt import Attempt, Seen, Verdict
from bot.domain.case import Case
from bot.domain.consent import Consent
from bot.domain.conversation import Contact, Conversation, Identity, Message, Question
from bot.domain.flow import Flow, FlowRun
from bot.domain.invitation import Invitation
from bot.domain.media import Media
from bot.domain.merchant import ApiKey, AuditEntry, Merchant, ProviderAccount, User
from bot.domain.merge import Merge, Parting
from bot.domain.pace import Pace, Urgency
from bot.domain.pickup import PickupPoint
from bot.domain.places import Place
from bot.domain.proof import Proof, ProofKind
from bot.domain.request import DeliveryRequest
from bot.domain.saved_view import SavedView
from bot.domain.second_factor import SecondFactor
from bot.domain.shipment import Shipment, Status, TrackingEvent, UnclaimedEvent, UnknownCode
from bot.domain.survey import Survey
from bot.domain.templates import Template
from bot.domain.usual import Group, Journey, Took
from bot.services.inbox import Inbox, View


class Merchants(Protocol):
    async def get(self, merchant_id: UUID, *, lock: bool = False) -> Merchant: ...
    async def by_name(self, name: str) -> Merchant | None: ...
    async def by_key_hashes(self, hashes: Collection[str]) -> Mapping[str, Merchant]:
        """By the hashes of keys that are known and not revoked."""
        ...

    async def user(self, user_id: UUID) -> User | None: ...
    async def user_by_email(self, email: str) -> User | None: ...


class Accounts(Protocol):
    async def get(self, account_id: UUID) -> ProviderAccount: ...
    async def of(self, merchant_id: UUID, kind: str, name: str) -> ProviderAccount | None: ...
    async def every(self, kind: str, name: str) -> Sequence[ProviderAccount]:
        """Those of all merchants, for upkeep."""
        ...

    async def add(self, account: ProviderAccount) -> None: ...


class People(Protocol):
    """Contacts and their identities."""

    async def get(self, merchant_id: UUID, contact_id: UUID) -> Contact: ...
    async def by_phone(self, merchant_id: UUID, phone: str) -> Contact | None: ...
    async def recipient(
        self, merchant_id: UUID, phone: str | None, email: str | None
    ) -> tuple[Contact, Contact] | None:
        """Who has a phone, else (where there is none) a mail address, and who that is today.

        No merge begins or ends for either of them until the commit.
        """
        ...

    async def of_email(self, merchant_id: UUID, email: str) -> Contact | None:
        """The last one made with a mail address, whether they have a phone or not."""
        ...

    async def today(self, merchant_id: UUID, contact_id: UUID) -> Contact:
        """A contact, or whom they were merged into; `by_phone` and `of_email` answer so as well."""
        ...

    async def aliases(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Contact]:
        """Those who were merged into a contact."""
        ...

    async def many(self, merchant_id: UUID, ids: Iterable[UUID]) -> Mapping[UUID, Contact]: ...
    async def identity(self, account_id: UUID, address: str) -> Identity | None: ...
    async def identity_by_id(self, merchant_id: UUID, identity_id: UUID) -> Identity: ...
    async def find_identity(self, identity_id: UUID) -> Identity:
        """By id alone: a signed link names it and stands for its merchant."""
        ...

    async def identities(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Identity]: ...


class Shipments(Protocol):
    async def get(self, merchant_id: UUID, shipment_id: UUID) -> Shipment: ...
    async def locked(self, merchant_id: UUID, shipment_id: UUID) -> Shipment:
        """As it stands now, and stays until the commit."""
        ...

    async def zones(self, merchant_id: UUID, status: Status) -> Sequence[str]:
        """The time zones of the shipments in a status."""
        ...

    async def not_run(  # noqa: PLR0917  a page of what has no run
        self,
        merchant_id: UUID,
        status: Status,
        timezone: str,
        prefix: str,
        suffix: str,
        after: UUID,
        limit: int,
    ) -> Sequence[Shipment]:
        """Those in a status and a zone of which no run has the key prefix, id, suffix; by id."""
        ...

    async def by_reference(
        self, merchant_id: UUID, reference: str, *, lock: bool = False
    ) -> Shipment | None: ...
    async def by_tracking_number(
        self, merchant_id: UUID, number: str, *, lock: bool = False
    ) -> Shipment | None: ...
    async def under(self, merchant_id: UUID, numbers: Collection[str]) -> Sequence[Shipment]:
        """Every shipment under some tracking numbers, locked, by id: orders share parcels."""
        ...

    async def named(self, merchant_id: UUID, references: Collection[str]) -> Sequence[Shipment]:
        """Those that there are of some references, locked, by id."""
        ...

        ...

    async def page(
        self, merchant_id: UUID, *, after: UUID | None, limit: int, status: Status | None
    ) -> Sequence[Shipment]:
        """Up to `limit` shipments, oldest first, beginning after the one with the id `after`."""
        ...

    async def of_contact(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Shipment]:
        """The open ones first, then by what moved last."""
        ...

    async def is_first(self, shipment: Shipment) -> bool:
        """Whether its customer had no parcel of the merchant's before; nobody's is nobody's first."""
        ...

    async def visible(
        self, merchant_id: UUID, conversation_id: UUID, contact_id: UUID | None, now: datetime
    ) -> Sequence[Shipment]:
        """What a conversation may see: a contact's own, and what a code has opened; as above."""
        ...

    async def history(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[TrackingEvent]: ...
    async def unknown_codes(self, merchant_id: UUID, since: datetime) -> Sequence[UnknownCode]:
        """The codes that were received since and became `unknown`, the commonest first."""
        ...

    async def arrived_since(self, merchant_id: UUID, since: datetime) -> Sequence[Shipment]:
        """Those delivered since, whose customers had been told a window."""
        ...

    async def due_for_polling(
        self, merchant_id: UUID, carrier: str, now: datetime, limit: int
    ) -> Sequence[Shipment]:
        """Open ones whose carrier is to be asked now, locked; those that wait longest first."""
        ...

    async def aboard(
        self, merchant_id: UUID, by: str, name: str, *, lock: bool = False
    ) -> Sequence[Shipment]:
        """Those out for delivery with a `vehicle` or a `courier` of that name, by id."""
        ...

    async def with_old_estimates(self, now: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
        """Merchant and shipment of estimates of ours that are to be made anew; of all merchants."""
        ...

    def add_event(self, event: TrackingEvent) -> None:
        """Keep a new event of a shipment that is locked."""
        ...


class Journeys(Protocol):
    """How long parcels took."""

    async def add(self, journey: Journey) -> bool:
        """Keep one; False if that stretch of that shipment is kept already."""
        ...

    async def alike(
        self, merchant_id: UUID, group: Group, since: datetime, limit: int
    ) -> Sequence[Took]:
        """How long the latest of a group took that arrived since."""
        ...

    async def forget(self, before: datetime) -> None:
        """Those that arrived before, of every merchant."""
        ...


class Attempts(Protocol):
    """Claimed attempts, and where couriers were."""

    async def add(self, attempt: Attempt) -> bool:
        """Keep an attempt; False if that event's is kept already."""
        ...

    async def get(self, merchant_id: UUID, attempt_id: UUID) -> Attempt: ...
    async def of_shipment(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[Attempt]:
        """The latest first."""
        ...

    async def recent(
        self, merchant_id: UUID, since: datetime, limit: int
    ) -> Sequence[tuple[Attempt, Shipment]]:
        """Those claimed since, the disputed first, then the latest."""
        ...

    async def others(self, attempt: Attempt, within: timedelta) -> int:
        """How many others the same courier reported within that time of it."""
        ...

    async def verdicts(
        self, merchant_id: UUID, by: str, since: datetime
    ) -> Sequence[tuple[str, Verdict]]:
        """The `carrier`, `depot` or `courier_id` of every attempt claimed since, and its verdict."""
        ...

    async def add_position(self, merchant_id: UUID, vehicle: str, seen: Seen) -> bool: ...
    async def positions(
        self, merchant_id: UUID, vehicle: str, start: datetime, end: datetime
    ) -> Sequence[Seen]: ...
    async def forget_positions(self, before: datetime) -> None:
        """Of every merchant."""
        ...


class Cases(Protocol):
    """What people were asked for."""

    async def open(self, merchant_id: UUID, conversation_id: UUID) -> Case | None: ...
    async def of_conversation(
        self, merchant_id: UUID, conversation_id: UUID, limit: int = 20
    ) -> Sequence[Case]:
        """The latest first."""
        ...

    async def wanting(
        self, now: datetime, soon: datetime, limit: int
    ) -> Sequence[tuple[UUID, UUID]]:
        """Merchant and conversation of open cases that time may have done something to.

        Snoozes that are over or wait for a parcel, those who wait for an agent to be asked, and
        targets that are missed by `soon`; of all merchants, for upkeep.
        """
        ...

    async def settled_since(self, merchant_id: UUID, since: datetime, limit: int) -> Sequence[Case]:
        """Those that agents have settled, the latest first."""
        ...

    async def parcel_moved(self, case: Case) -> bool:
        """Whether anything was heard of the customer's parcels since the case was put aside."""
        ...

    async def colleagues(self, merchant_id: UUID, now: datetime) -> Sequence[Colleague]:
        """Everybody who works for a merchant, by name."""
        ...


@dataclass(frozen=True)
class Presence:
    """Somebody who looks at a conversation now."""

    user_id: UUID
    name: str
    typing: bool


class Presences(Protocol):
    """Where agents are looking, and what they have read."""

    async def keep(
        self, user: User, conversation_id: UUID | None, now: datetime, *, typing: bool
    ) -> bool:
        """Keep where somebody is; returns whether others see a difference."""
        ...

    async def place(self, user: User) -> UUID | None:
        """The conversation at which somebody was last seen."""
        ...

    async def leave(self, user: User) -> None: ...
    async def at(
        self, merchant_id: UUID, conversation_id: UUID, now: datetime
    ) -> Sequence[Presence]: ...
    async def read(self, user: User, conversation_id: UUID, now: datetime) -> None: ...


class Codes(Protocol):
    """One-time codes."""

    async def lock(self, shipment_id: UUID) -> None:
        """Until the unit ends, be the only one to send or to try a parcel's codes."""
        ...

    async def of_shipment(
        self, merchant_id: UUID, shipment_id: UUID, since: datetime
    ) -> Sequence[AccessCode]: ...
    async def newest(self, merchant_id: UUID, conversation_id: UUID) -> AccessCode | None: ...


class Points(Protocol):
    """Pick-up points that merchants keep outside of their policy."""

    async def lock(self, merchant_id: UUID, code: str) -> None:
        """Until the unit ends, be the only one to send a parcel to a point."""
        ...

    async def open(
        self,
        merchant_id: UUID,
        *,
        near: Place | None = None,
        postcode: str = "",
        limit: int | None = None,
    ) -> Sequence[PickupPoint]:
        """Those that are not closed, in the order of the file.

        The ones near a place first, or without one those with a postcode in their address.
        """
        ...

    async def named(self, merchant_id: UUID, name: str) -> Sequence[PickupPoint]:
        """Those that are not closed, with this id, this name, or "name, address"."""
        ...

    async def replace(self, merchant_id: UUID, points: Sequence[PickupPoint], now: datetime) -> int:
        """Make these the merchant's points, by their ids; how many others are closed by that."""
        ...

    async def taken(self, merchant_id: UUID) -> Mapping[str, int]:
        """How many open parcels were sent to each point, those of the policy as well."""
        ...


class Unclaimed(Protocol):
    """Carriers' events for numbers that no shipment has yet."""

    async def lock(self, merchant_id: UUID, numbers: Collection[str]) -> None:
        """Until the unit ends, be the only one to look for, or to make, the numbers' shipments."""
        ...

    async def keep(self, event: UnclaimedEvent) -> bool:
        """Store an event; False if its key is known already."""
        ...

    async def of_number(
        self, merchant_id: UUID, number: str, since: datetime
    ) -> Sequence[UnclaimedEvent]: ...


class Requests(Protocol):
    async def get(self, merchant_id: UUID, request_id: UUID) -> DeliveryRequest: ...
    async def of_shipment(
        self, merchant_id: UUID, shipment_id: UUID
    ) -> Sequence[DeliveryRequest]: ...
    async def work(
        self, merchant_id: UUID, limit: int
    ) -> Sequence[tuple[DeliveryRequest, Shipment]]:
        """What the merchant's people have to arrange, the most pressing first."""
        ...

    async def overdue(self, now: datetime, limit: int) -> Sequence[DeliveryRequest]:
        """Of all merchants: what they should have arranged by now, and nobody has been told."""
        ...


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


class Flows(Protocol):
    async def active(self, merchant_id: UUID) -> Sequence[Flow]: ...
    async def get(self, merchant_id: UUID, flow_id: UUID) -> Flow: ...
    async def versions(self, merchant_id: UUID, name: str, *, lock: bool = False) -> Sequence[Flow]:
        """All versions of a name, the latest first."""
        ...

    async def every(self, merchant_id: UUID) -> Sequence[Flow]:
        """By name and version."""
        ...

    async def standing(self, merchant_id: UUID) -> Mapping[UUID, Mapping[str, int]]:
        """How many runs of each flow stand at which note."""
        ...

    async def start_run(self, run: FlowRun) -> bool:
        """Store a run; False if its key is known already."""
        ...

    async def run(self, merchant_id: UUID, run_id: UUID) -> FlowRun:
        """Locked."""
        ...

    async def unfinished(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[FlowRun]:
        """A shipment's, not locked."""
        ...

    async def runs(self, merchant_id: UUID, flow_id: UUID) -> Sequence[FlowRun]:
        """All runs of one version, the earliest first."""
        ...

    async def instances(
        self, merchant_id: UUID, name: str, *, unfinished: bool, before: UUID | None, limit: int
    ) -> Sequence[tuple[FlowRun, Flow, Shipment]]:
        """Runs of all versions of a name with version and parcel, the last begun first."""
        ...

    async def open_runs(self, merchant_id: UUID, flow_id: UUID) -> Sequence[FlowRun]:
        """Those of one version that are not finished, locked, the earliest first."""
        ...

    async def gathering(
        self, merchant_id: UUID, flow_id: UUID, step: int, contact_id: UUID
    ) -> Sequence[UUID]:
        """The runs of one person's parcels that gather at a step, the smallest id first."""
        ...

    async def scheduled(self) -> Sequence[Flow]:
        """The active flows of all merchants that a schedule starts."""
        ...


class Hooks(Protocol):
    """Calls to systems of the merchants'."""

    def secret(self, merchant_id: UUID) -> str:
        """What a merchant checks signatures with."""
        ...

    async def call(self, merchant_id: UUID, key: str, url: str, body: bytes, now: datetime) -> None:
        """POST once, under a key that is the same for the same thing.

        Raises:
            Temporary, OutcomeUnknown: call again.
            Permanent: it may not be called, or refuses.
        """
        ...


class Feedback(Protocol):
    """Surveys and consents: what people told us about being asked."""

    async def survey(self, merchant_id: UUID, survey_id: UUID) -> Survey: ...
    async def surveys(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Survey]: ...
    async def of_shipment(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[Survey]: ...
    async def asked_since(
        self, merchant_id: UUID, since: datetime
    ) -> Sequence[tuple[Survey, Shipment | None, str]]:
        """Every survey asked since, its parcel, and the channel that it was asked on."""
        ...

    async def consent(
        self, merchant_id: UUID, contact_id: UUID, channel: str, purpose: str
    ) -> Consent | None:
        """The latest entry that speaks of this channel (or all) and purpose."""
        ...

    async def consents(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Consent]:
        """The latest entries, the latest first."""
        ...

    async def refused(self, merchant_id: UUID, contact_id: UUID) -> Sequence[tuple[str, str]]:
        """Each (channel, purpose) of which the last word was a refusal."""
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


class SecondFactors(Protocol):
    """What users sign in with besides a password."""

    async def get(self, user_id: UUID, *, lock: bool = False) -> SecondFactor | None: ...
    async def save(self, factor: SecondFactor) -> None: ...
    async def remove(self, user_id: UUID) -> None: ...
    async def switched_on(self, merchant_id: UUID) -> set[UUID]:
        """The users of a merchant who have one that counts."""
        ...


class Team(Protocol):
    """A merchant's own people."""

    async def users(self, merchant_id: UUID) -> Sequence[User]:
        """Everybody, the active first, by name."""
        ...

    async def user(self, merchant_id: UUID, user_id: UUID) -> User: ...
    async def owners(self, merchant_id: UUID) -> Sequence[User]:
        """The active ones, locked, so that two of them do not leave at once."""
        ...

    async def held_by(self, user: User) -> Sequence[Conversation]:
        """The conversations that a user answers, locked."""
        ...

    async def invitations(self, merchant_id: UUID, now: datetime) -> Sequence[Invitation]:
        """Those that are still open."""
        ...

    async def invitation(self, merchant_id: UUID, invitation_id: UUID) -> Invitation: ...
    async def invitation_by_digest(self, digest: str, *, lock: bool) -> Invitation | None: ...


class Views(Protocol):
    """Views of the queue that were kept."""

    async def seen_by(
        self, merchant_id: UUID, user_id: UUID, *, lock: bool = False
    ) -> Sequence[SavedView]:
        """The team's, then the user's own, each in the order in which they were made."""
        ...

    async def remove(self, view: SavedView) -> None: ...
    async def late_in(
        self, merchant_id: UUID, user_id: UUID, views: Sequence[View], now: datetime
    ) -> Sequence[int]:
        """How many conversations are late, in each of some views."""
        ...


class Merges(Protocol):
    """Contacts that become one, and one that becomes two: whose the rows are."""

    async def locked(
        self, merchant_id: UUID, contacts: Collection[UUID]
    ) -> Sequence[tuple[Contact, Conversation | None]]:
        """Contacts and their threads, in the order given, locked; NotFound where one is not theirs."""
        ...

    async def move(
        self, merchant_id: UUID, contact: tuple[UUID, UUID], thread: tuple[UUID, UUID] | None
    ) -> dict[str, list[str]]:
        """Give everything of one contact, and of their thread, to another; the ids, by table."""
        ...

    async def move_back(self, merge: Merge, thread: tuple[UUID, UUID] | None) -> None:
        """Give back what a merge moved, and what was said since on the addresses that it moved."""
        ...

    async def take_out(
        self, identity: Identity, contact_id: UUID, thread: tuple[UUID, UUID] | None
    ) -> None:
        """Give an address to another contact, and what was said on it to their thread."""
        ...

    async def said_on(self, identity: Identity) -> tuple[datetime, datetime] | None:
        """When the first and the last message of an address was."""
        ...

    async def end_thread(self, conversation: Conversation) -> None:
        """Delete a thread that has nothing any more."""
        ...

    async def forget(self, table: str, ids: Collection[UUID]) -> None: ...
    async def of_contact(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Merge]:
        """What went into a contact, the latest first."""
        ...

    async def get(self, merchant_id: UUID, merge_id: UUID) -> Merge: ...
    async def parting(self, merge: Merge) -> Parting:
        """Whose each parcel would be if it were undone now."""
        ...

    async def thread_of(self, merchant_id: UUID, conversation_id: UUID) -> UUID | None:
        """Which thread a thread has gone into."""
        ...

    async def alike(
        self, merchant_id: UUID, contact: Contact, typed: str, limit: int
    ) -> Sequence[Contact]:
        """Who may be the same person: by what was typed, or else by name and mail address."""
        ...


class PersonalData(Protocol):
    """Everything about one contact, in whatever table it is."""

    async def find(self, merchant_id: UUID, address: str) -> Sequence[Contact]:
        """Whoever has this phone (E.164), mail address or address on a channel."""
        ...

    async def counts(self, merchant_id: UUID, contact_id: UUID) -> Mapping[str, int]:
        """How many rows each table has about them, and `files` the media store."""
        ...

    async def everything(
        self, merchant_id: UUID, contact_id: UUID
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The rows of each table, as they are stored."""
        ...

    async def erase(self, merchant_id: UUID, contact_id: UUID, now: datetime) -> Sequence[str]:
        """Take the person out of every row; returns the digests of files that are theirs."""
        ...

    async def proofs(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Proof]:
        """The latest first."""
        ...

    async def proof(self, merchant_id: UUID, proof_id: UUID) -> Proof: ...
    async def proved_since(self, kind: ProofKind, since: datetime) -> Sequence[Proof]:
        """Of every merchant, for upkeep."""
        ...

    async def keep_refusals(
        self,
        merchant_id: UUID,
        addresses: Iterable[str],
        refused: Iterable[tuple[str, str]],
        now: datetime,
    ) -> None:
        """Keep what (channel, purpose) was refused, by a keyed digest of each address."""
        ...

    async def refusals(
        self, merchant_id: UUID, addresses: Iterable[str]
    ) -> Sequence[tuple[str, str, datetime]]:
        """What was refused (channel, purpose, when) from addresses that were erased."""
        ...


@dataclass(frozen=True)
class NewJob:
    """A job that follows from a transaction; of two with one `lock` one is done at a time."""

    task: str
    arguments: Mapping[str, str | int]
    lock: str | None = None
    at: datetime | None = None
    """When it falls due; at once when nothing is said."""
    priority: int = 0


class Jobs(Protocol):
    """Jobs deferred in the unit's own transaction: they exist if and only if it commits."""

    async def defer(
        self,
        task: str,
        *,
        lock: str | None = None,
        at: datetime | None = None,
        urgency: Urgency = Urgency.notice,
        **arguments: str | int,
    ) -> None: ...

    async def bring_nearer(self, by: timedelta) -> None:
        """Let waiting jobs fall due earlier: the sandbox has moved its clock on."""
        ...


class ReadAhead(Protocol):
    """Reads for many things what they will ask for in this unit, with a few statements for all."""

    async def runs(self, wanted: Collection[UUID]) -> Sequence[FlowRun]:
        """Flow runs, locked in the order of their ids, and what they are advanced by."""
        ...

    async def messages(self, wanted: Collection[UUID]) -> Sequence[Message]:
        """Messages, locked in the order of their ids, and what they are sent by."""
        ...

    async def locked(self, wanted: Collection[UUID]) -> Sequence[Message]:
        """Messages, locked in the order of their ids, of which only what came is to be kept."""
        ...

    async def parcels(self, merchant_id: UUID, shipments: Sequence[Shipment]) -> None:
        """What recording events of a merchant's shipments asks for; they are locked."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` undoes everything."""

    @property
    def ahead(self) -> ReadAhead: ...
    @property
    def merchants(self) -> Merchants: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def people(self) -> People: ...
    @property
    def shipments(self) -> Shipments: ...
    @property
    def unclaimed(self) -> Unclaimed: ...
    @property
    def requests(self) -> Requests: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def questions(self) -> Questions: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def points(self) -> Points: ...
    @property
    def flows(self) -> Flows: ...
    @property
    def attempts(self) -> Attempts: ...
    @property
    def journeys(self) -> Journeys: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def presences(self) -> Presences: ...
    @property
    def media(self) -> MediaFiles: ...
    @property
    def templates(self) -> Templates: ...
    @property
    def paces(self) -> Paces: ...
    @property
    def feedback(self) -> Feedback: ...
    @property
    def second_factors(self) -> SecondFactors: ...
    @property
    def team(self) -> Team: ...
    @property
    def merges(self) -> Merges: ...
    @property
    def views(self) -> Views: ...
    @property
    def personal(self) -> PersonalData: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def jobs(self) -> Jobs: ...

    def add(
        self,
        *things: Merchant
        | ApiKey
        | User
        | Contact
        | Identity
        | Shipment
        | Conversation
        | Question
        | Message
        | DeliveryRequest
        | Survey
        | Flow
        | Consent
        | AccessCode
        | ParcelGrant
        | AuditEntry
        | Media
        | Template
        | Case
        | Invitation
        | Proof
        | Merge
        | SavedView,
    ) -> None: ...

    async def flush(self) -> None: ...
    def writing_late(self) -> AbstractContextManager[object]:
        """Within it changes wait for `flush`; else each is written before the next question."""
        ...

    async def notify(self, topic: str, payload: Mapping[str, str]) -> None:
        """Tell every process of this installation, once this transaction has committed."""
        ...

    async def commit(self) -> None: ...


class UnitOfMany(UnitOfWork, Protocol):
    """One transaction over many things of a kind.

    What is added in it is written at its commit, with a statement for each kind, and cannot be
    queried before. Whatever goes wrong undoes all of it: each is to be done alone then.
    """


class Units(Protocol):
    """Opens units of work: `async with units() as unit: ...`."""

    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]: ...
    def together(self) -> AbstractAsyncContextManager[UnitOfMany]: ...


@dataclass(frozen=True)
class Say:
    """Something the bot wants to say: a wording key and its variables, not yet a sentence."""

    say: str
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    options: tuple[Mapping[str, Any], ...] = ()
    question: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Turn:
    """What the engine made of one message."""

    replies: tuple[Say, ...]
    understood: Mapping[str, Any]
    loop: str | None = None
    """The form that is active after the turn."""


class Engine(Protocol):
    """Reads language and predicts what happens next."""

    async def respond(
        self,
        *,
        sender: str,
        message_id: UUID,
        text: str,
        metadata: Mapping[str, str],
        question: Mapping[str, Any] | None,
    ) -> Turn:
        """Hand over one message; repeating a `message_id` gives the earlier answer.

        Raises:
            Temporary: the engine or an action failed, or said nothing at all.
        """
        ...

    async def topics(self, comments: Sequence[str]) -> Sequence[Mapping[str, float]]:
        """How surely each comment is about each topic, 0 to 1.

        Raises:
            Temporary: the engine did not answer soon.
        """
        ...


@dataclass(frozen=True)
class Heard:
    """The language of a conversation so far, and how much speaks for each."""

    language: str
    evidence: Mapping[str, float]


class Languages(Protocol):
    def listen(self, text: str, prior: str, evidence: Mapping[str, float]) -> Heard:
        """The language of a conversation after one more message.

        It stays `prior` unless this message and those before it, in `evidence`, clearly speak
        for another one; a short text never changes it.
        """
        ...


class Wording(Protocol):
    @property
    def languages(self) -> Sequence[str]:
        """In which it is spoken to customers."""
        ...

    def keys(self) -> Collection[str]:
        """What can be said."""
        ...

    def say(
        self,
        key: str,
        variables: Mapping[str, Any],
        language: str,
        overrides: Mapping[str, Mapping[str, str]],
        now: datetime,
    ) -> str:
        """The sentence for a key. Raises KeyError for an unknown key."""
        ...

    def put(self, template: str, variables: Mapping[str, Any], language: str, now: datetime) -> str:
        """Any Liquid text in words; empty where something is missing for it."""
        ...


def adapter_account(account: ProviderAccount) -> Account:
    """A provider account as the adapters want it."""
    return Account(account.id, account.name, account.address, account.secrets, account.options)
