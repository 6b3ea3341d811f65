"""One transaction over all repositories, and the jobs that it leaves."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from bot.domain.access import AccessCode, ParcelGrant
from bot.domain.case import Case
from bot.domain.consent import Consent
from bot.domain.conversation import Contact, Conversation, Identity, Message, Question
from bot.domain.flow import Flow, FlowRun
from bot.domain.invitation import Invitation
from bot.domain.media import Media
from bot.domain.merchant import ApiKey, AuditEntry, Merchant, User
from bot.domain.merge import Merge
from bot.domain.pace import Urgency
from bot.domain.proof import Proof
from bot.domain.request import DeliveryRequest
from bot.domain.saved_view import SavedView
from bot.domain.shipment import Shipment
from bot.domain.survey import Survey
from bot.domain.templates import Template
from bot.services.inbox import Inbox
from bot.services.ports.desk import Cases, Presences, Views
from bot.services.ports.flows import Feedback, Flows
from bot.services.ports.merchants import Accounts, Merchants, SecondFactors, Team
from bot.services.ports.parcels import (
    Attempts,
    Codes,
    Journeys,
    Points,
    Requests,
    Shipments,
    Unclaimed,
)
from bot.services.ports.people import Merges, People, PersonalData
from bot.services.ports.talk import Conversations, MediaFiles, Messages, Paces, Questions, Templates


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
