"""The repositories: every query that the services make, each scoped to its merchant."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    Text,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.access import AccessCode
from bot.domain.attempt import Attempt, Seen, Verdict
from bot.domain.consent import Consent
from bot.domain.conversation import (
    Author,
    Contact,
    Conversation,
    Identity,
    Message,
    MessageStatus,
    Question,
)
from bot.domain.errors import Conflict, NotFound
from bot.domain.flow import Flow, FlowRun
from bot.domain.ids import new_id
from bot.domain.media import Media
from bot.domain.merchant import AccountKind, Merchant, ProviderAccount, User
from bot.domain.pace import Pace
from bot.domain.polling import GIVEN_UP_AFTER
from bot.domain.request import DeliveryRequest, RequestState
from bot.domain.shipment import Shipment, Status, TrackingEvent, UnclaimedEvent, UnknownCode
from bot.domain.survey import Survey
from bot.domain.templates import Template
from bot.domain.usual import Group, Journey, Took
from bot.storage import ahead, made
from bot.storage import tables as t
from bot.storage.known_accounts import KnownAccounts
from bot.storage.read_ahead import active_flows, one_of
from bot.storage.vault import Vault


class _Repository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        # A session holds what it has read only weakly.
        self._read: object = None

    async def _one[T](self, query: Select[T], what: str) -> T:
        found = await self._session.scalar(query)
        if found is None:
            raise NotFound(f"there is no such {what}")
        return found

    async def _first[T](self, query: Select[T]) -> T | None:
        return await self._session.scalar(query.limit(1))

    async def _all[T](self, query: Select[T]) -> Sequence[T]:
        return (await self._session.scalars(query)).all()

    async def _by_id[T](self, kind: type[T], thing_id: UUID, merchant_id: UUID, what: str) -> T:
        """One thing by its id, without a query if the unit has read it already."""
        found: Any = await self._session.get(kind, thing_id)
        if found is None or found.merchant_id != merchant_id:
            raise NotFound(f"there is no such {what}")
        return found

    async def _insert(self, table: Any, thing: object) -> bool:
        """Insert unless a unique key is taken; a plain insert, so that no error ends the unit."""
        if made.keeps(self._session, thing):
            return True
        values = {column.name: getattr(thing, column.name) for column in table.columns}
        try:
            return (await self._session.execute(_insertion(table), values)).first() is not None
        except IntegrityError as error:
            # What it belongs to went elsewhere meanwhile, as a thread does that is merged.
            raise Conflict(str(error.orig)) from error


# Statements that every message needs are built once: building takes longer than running them.


@cache
def _insertion(table: Any) -> Any:
    return insert(table).on_conflict_do_nothing().returning(table.c.id)


@cache
def _message(*, lock: bool) -> Select[Message, Conversation, Contact, Merchant, Identity, Question]:
    """A message, and with it what nearly everybody who reads it asks for next."""
    messages, conversations = t.messages.c, t.conversations.c
    query = (
        select(Message, Conversation, Contact, Merchant, Identity, Question)
        .join_from(t.messages, t.conversations, conversations.id == messages.conversation_id)
        .join(t.contacts, t.contacts.c.id == conversations.contact_id)
        .join(t.merchants, t.merchants.c.id == messages.merchant_id)
        .outerjoin(t.identities, t.identities.c.id == messages.identity_id)
        .outerjoin(t.questions, t.questions.c.id == messages.question_id)
        .where(messages.merchant_id == bindparam("merchant"), messages.id == bindparam("message"))
    )
    if lock:
        query = query.with_for_update(of=t.messages).execution_options(populate_existing=True)
    return query


@cache
def _flow_run() -> Select[FlowRun, Flow, Merchant, Shipment, Contact]:
    """A run, locked, and with it what it is advanced by."""
    runs = t.flow_runs.c
    return (
        select(FlowRun, Flow, Merchant, Shipment, Contact)
        .join_from(t.flow_runs, t.flows, t.flows.c.id == runs.flow_id)
        .join(t.merchants, t.merchants.c.id == runs.merchant_id)
        .outerjoin(t.shipments, t.shipments.c.id == runs.shipment_id)
        .outerjoin(t.contacts, t.contacts.c.id == t.shipments.c.contact_id)
        .where(runs.merchant_id == bindparam("merchant"), runs.id == bindparam("run"))
        .with_for_update(of=t.flow_runs)
    )


@cache
def _by_key_hashes() -> Select[str, Merchant]:
    keys = t.api_keys.c
    return (
        select(keys.hash, Merchant)
        .join(t.merchants, keys.merchant_id == t.merchants.c.id)
        .where(one_of(keys.hash, Text()), keys.revoked_at.is_(None))
    )


@cache
def _conversation() -> Select[Conversation]:
    table = t.conversations.c
    return (
        select(Conversation)
        .where(table.merchant_id == bindparam("merchant"), table.id == bindparam("conversation"))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


@cache
def _open_questions() -> Select[Question]:
    table = t.questions.c
    return (
        select(Question)
        .where(
            table.merchant_id == bindparam("merchant"),
            table.conversation_id == bindparam("conversation"),
            table.closed_at.is_(None),
        )
        .order_by(table.id.desc())
        .limit(10)
    )


class Merchants(_Repository):
    async def get(self, merchant_id: UUID, *, lock: bool = False) -> Merchant:
        found = await self._session.get(
            Merchant, merchant_id, with_for_update=lock or None, populate_existing=lock
        )
        if found is None:
            raise NotFound("there is no such merchant")
        self._read = found
        return found

    async def by_name(self, name: str) -> Merchant | None:
        return await self._first(select(Merchant).where(t.merchants.c.name == name))

    async def by_key_hashes(self, hashes: Collection[str]) -> Mapping[str, Merchant]:
        rows = await self._session.execute(_by_key_hashes(), {"wanted": list(hashes)})
        return {key_hash: merchant for key_hash, merchant in rows}  # noqa: C416  of a Row

    async def user(self, user_id: UUID) -> User | None:
        return await self._first(select(User).where(t.users.c.id == user_id))

    async def user_by_email(self, email: str) -> User | None:
        return await self._first(select(User).where(t.users.c.email == email.strip().lower()))


class Accounts(_Repository):
    """Read as rows, not mapped: the secrets are sealed in the table and open in the object."""

    def __init__(self, session: AsyncSession, vault: Vault, known: KnownAccounts) -> None:
        super().__init__(session)
        self._vault = vault
        self._known = known

    async def get(self, account_id: UUID) -> ProviderAccount:
        """As it is now, or was a moment ago: see `KnownAccounts`."""
        account = self._known.get(account_id)
        if account is None:
            account = await self._find(t.provider_accounts.c.id == account_id)
            if account is None:
                raise NotFound("there is no such account")
            self._known.keep(account)
        return account

    async def of(self, merchant_id: UUID, kind: str, name: str) -> ProviderAccount | None:
        table = t.provider_accounts
        return await self._find(
            table.c.merchant_id == merchant_id, table.c.kind == kind, table.c.name == name
        )

    async def every(self, kind: str, name: str) -> Sequence[ProviderAccount]:
        table = t.provider_accounts
        query = select(table).where(table.c.kind == kind, table.c.name == name, table.c.active)
        rows = (await self._session.execute(query)).mappings().all()
        return [self._opened(dict(row)) for row in rows]

    async def add(self, account: ProviderAccount) -> None:
        values = vars(account) | {"secrets": self._vault.seal(account.secrets)}
        await self._session.execute(t.provider_accounts.insert().values(values))

    async def _find(self, *conditions: Any) -> ProviderAccount | None:
        active = t.provider_accounts.c.active
        query = select(t.provider_accounts).where(*conditions, active).limit(1)
        row = (await self._session.execute(query)).mappings().first()
        return None if row is None else self._opened(dict(row))

    def _opened(self, values: dict[str, Any]) -> ProviderAccount:
        secrets = self._vault.open(values.pop("secrets"))
        kind = AccountKind(values.pop("kind"))
        return ProviderAccount(kind=kind, secrets=secrets, **values)


class People(_Repository):
    async def get(self, merchant_id: UUID, contact_id: UUID) -> Contact:
        return await self._by_id(Contact, contact_id, merchant_id, "contact")

    async def by_phone(self, merchant_id: UUID, phone: str) -> Contact | None:
        table = t.contacts.c
        found = await self._first(
            select(Contact).where(table.merchant_id == merchant_id, table.phone == phone)
        )
        return await self._today(found)

    async def recipient(
        self, merchant_id: UUID, phone: str | None, email: str | None
    ) -> tuple[Contact, Contact] | None:
        table = t.contacts.c
        if phone is None and email is None:
            return None
        known = table.phone == phone if phone else (table.email == email) & table.phone.is_(None)
        theirs = (table.merchant_id == merchant_id) & known
        leads_to = select(table.merged_into).where(theirs).scalar_subquery()
        # In the order in which a merge locks them, so that neither waits for the other for ever.
        query = (
            select(Contact)
            .where(table.merchant_id == merchant_id, or_(known, table.id == leads_to))
            .order_by(table.id)
            .with_for_update(read=True, key_share=True)
            .execution_options(populate_existing=True)
        )
        while True:
            rows = {one.id: one for one in await self._all(query)}
            named = next((one for one in rows.values() if _is(one, phone, email)), None)
            if named is None:
                return None
            stayed = rows.get(named.merged_into or named.id)
            if stayed is not None:
                return named, stayed
            # It was merged while we waited for its row.

    async def of_email(self, merchant_id: UUID, email: str) -> Contact | None:
        table = t.contacts
        query = select(Contact).where(
            table.c.merchant_id == merchant_id, func.lower(table.c.email) == email.lower()
        )
        return await self._today(await self._first(query.order_by(table.c.id.desc())))

    async def today(self, merchant_id: UUID, contact_id: UUID) -> Contact:
        found = await self.get(merchant_id, contact_id)
        return await self._today(found) or found

    async def aliases(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Contact]:
        table = t.contacts.c
        return await self._all(
            select(Contact)
            .where(table.merchant_id == merchant_id, table.merged_into == contact_id)
            .order_by(table.id)
        )

    async def _today(self, found: Contact | None) -> Contact | None:
        if found is None or found.merged_into is None:
            return found
        return await self.get(found.merchant_id, found.merged_into)

    async def many(self, merchant_id: UUID, ids: Iterable[UUID]) -> Mapping[UUID, Contact]:
        table = t.contacts
        found = await self._all(
            select(Contact).where(table.c.merchant_id == merchant_id, table.c.id.in_(list(ids)))
        )
        return {contact.id: contact for contact in found}

    async def identity(self, account_id: UUID, address: str) -> Identity | None:
        table = t.identities
        return await self._first(
            select(Identity).where(table.c.account_id == account_id, table.c.address == address)
        )

    async def identity_by_id(self, merchant_id: UUID, identity_id: UUID) -> Identity:
        return await self._by_id(Identity, identity_id, merchant_id, "identity")

    async def find_identity(self, identity_id: UUID) -> Identity:
        return await self._one(select(Identity).where(t.identities.c.id == identity_id), "address")

    async def identities(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Identity]:
        known = ahead.of(self._session, ahead.IDENTITIES, contact_id)
        if known is not ahead.NOTHING:
            return [identity for identity in known if identity.merchant_id == merchant_id]
        table = t.identities
        return await self._all(
            select(Identity)
            .where(table.c.merchant_id == merchant_id, table.c.contact_id == contact_id)
            .order_by(table.c.last_inbound_at.desc().nulls_last())
        )


def _is(contact: Contact, phone: str | None, email: str | None) -> bool:
    if phone is not None:
        return contact.phone == phone
    return contact.phone is None and contact.email == email


_SHARE_A_NUMBER = 100
"""Orders that travel in one parcel; there are no more."""


@cache
def _locked_shipments(by: str) -> Any:
    """Shipments by a column of theirs, locked in the order that everybody locks in."""
    table = t.shipments.c
    return (
        select(Shipment)
        .where(table.merchant_id == bindparam("merchant"), one_of(table[by], Text()))
        .order_by(table.id)
        .limit(bindparam("limit"))
        .with_for_update()
    )


_ABOARD = {"vehicle": "'vehicle'", "courier": "'courier_id'"}


class Shipments(_Repository):
    async def get(self, merchant_id: UUID, shipment_id: UUID) -> Shipment:
        return await self._by_id(Shipment, shipment_id, merchant_id, "shipment")

    async def by_reference(
        self, merchant_id: UUID, reference: str, *, lock: bool = False
    ) -> Shipment | None:
        return await self._by(merchant_id, t.shipments.c.reference == reference, lock=lock)

    async def by_tracking_number(
        self, merchant_id: UUID, number: str, *, lock: bool = False
    ) -> Shipment | None:
        return await self._by(merchant_id, t.shipments.c.tracking_number == number, lock=lock)

    async def _by(self, merchant_id: UUID, condition: Any, *, lock: bool) -> Shipment | None:
        query = select(Shipment).where(t.shipments.c.merchant_id == merchant_id, condition)
        return await self._first(query.with_for_update() if lock else query)

    async def under(self, merchant_id: UUID, numbers: Collection[str]) -> Sequence[Shipment]:
        return await self._locked(merchant_id, "tracking_number", numbers, _SHARE_A_NUMBER)

    async def named(self, merchant_id: UUID, references: Collection[str]) -> Sequence[Shipment]:
        return await self._locked(merchant_id, "reference", references, 1)

    async def _locked(
        self, merchant_id: UUID, by: str, wanted: Collection[str], each: int
    ) -> Sequence[Shipment]:
        values = {"merchant": merchant_id, "wanted": list(wanted), "limit": each * len(wanted)}
        return (await self._session.scalars(_locked_shipments(by), values)).all()

    async def page(
        self, merchant_id: UUID, *, after: UUID | None, limit: int, status: Status | None
    ) -> Sequence[Shipment]:
        table = t.shipments
        query = select(Shipment).where(table.c.merchant_id == merchant_id)
        if after is not None:
            query = query.where(table.c.id > after)
        if status is not None:
            query = query.where(table.c.status == status)
        return await self._all(query.order_by(table.c.id).limit(limit))

    async def of_contact(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Shipment]:
        return await self._listed(merchant_id, t.shipments.c.contact_id == contact_id)

    async def is_first(self, shipment: Shipment) -> bool:
        if shipment.contact_id is None:
            return False
        table = t.shipments.c
        before = await self._session.scalar(
            select(table.id)
            .where(table.merchant_id == shipment.merchant_id)
            .where(table.contact_id == shipment.contact_id)
            .where(table.created_at < shipment.created_at)
            .limit(1)
        )
        return before is None

    async def visible(
        self, merchant_id: UUID, conversation_id: UUID, contact_id: UUID | None, now: datetime
    ) -> Sequence[Shipment]:
        table, grants = t.shipments, t.parcel_grants
        granted = select(grants.c.shipment_id).where(
            grants.c.merchant_id == merchant_id,
            grants.c.conversation_id == conversation_id,
            grants.c.expires_at > now,
        )
        theirs = table.c.id.in_(granted)
        if contact_id is not None:
            theirs = or_(theirs, table.c.contact_id == contact_id)
        return await self._listed(merchant_id, theirs)

    async def _listed(self, merchant_id: UUID, condition: Any) -> Sequence[Shipment]:
        table = t.shipments
        closed = table.c.status.in_([status for status in Status if status.final])
        return await self._all(
            select(Shipment)
            .where(table.c.merchant_id == merchant_id, condition)
            .order_by(case((closed, 1), else_=0), table.c.status_at.desc().nulls_last(), table.c.id)
            .limit(20)
        )

    async def locked(self, merchant_id: UUID, shipment_id: UUID) -> Shipment:
        table = t.shipments.c
        mine = select(Shipment).where(table.merchant_id == merchant_id, table.id == shipment_id)
        fresh = mine.with_for_update().execution_options(populate_existing=True)
        return await self._one(fresh, "shipment")

    async def zones(self, merchant_id: UUID, status: Status) -> Sequence[str]:
        table = t.shipments.c
        zones = select(table.timezone).distinct()
        rows = await self._session.scalars(
            zones.where(table.merchant_id == merchant_id, table.status == status)
        )
        return list(rows)

    async def not_run(  # noqa: PLR0917  the port's
        self,
        merchant_id: UUID,
        status: Status,
        timezone: str,
        prefix: str,
        suffix: str,
        after: UUID,
        limit: int,
    ) -> Sequence[Shipment]:
        table, runs = t.shipments.c, t.flow_runs.c
        key = func.concat(prefix, table.id, suffix)
        run = exists().where(runs.merchant_id == merchant_id, runs.key == key)
        return await self._all(
            select(Shipment)
            .where(table.merchant_id == merchant_id, table.status == status)
            .where(table.timezone == timezone, table.id > after, ~run)
            .order_by(table.id)
            .limit(limit)
        )

    async def history(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[TrackingEvent]:
        known = ahead.of(self._session, ahead.HISTORY, shipment_id)
        if known is not ahead.NOTHING:
            return sorted(known, key=lambda event: (event.at, event.key))
        table = t.tracking_events
        return await self._all(
            select(TrackingEvent)
            .where(table.c.merchant_id == merchant_id, table.c.shipment_id == shipment_id)
            .order_by(table.c.at, table.c.key)
        )

    async def unknown_codes(self, merchant_id: UUID, since: datetime) -> Sequence[UnknownCode]:
        event, shipment = t.tracking_events.c, t.shipments.c
        count = func.count().label("events")
        query = (
            select(
                shipment.carrier,
                event.code,
                func.max(event.description),
                count,
                func.max(event.at),
                func.max(shipment.reference),
            )
            .join(t.shipments, shipment.id == event.shipment_id)
            .where(
                event.merchant_id == merchant_id,
                event.status == Status.unknown,
                event.received_at >= since,
                event.code != "",
                # What only says when it is expected is no scan.
                event.window_start.is_(None),
            )
            .group_by(shipment.carrier, event.code)
            .order_by(count.desc(), shipment.carrier, event.code)
        )
        return [UnknownCode(*row) for row in await self._session.execute(query)]

    async def arrived_since(self, merchant_id: UUID, since: datetime) -> Sequence[Shipment]:
        table = t.shipments.c
        query = select(Shipment).where(
            table.merchant_id == merchant_id,
            table.status == Status.delivered,
            table.status_at >= since,
            table.told_start.is_not(None),
        )
        return await self._all(query.order_by(table.status_at))

    async def due_for_polling(
        self, merchant_id: UUID, carrier: str, now: datetime, limit: int
    ) -> Sequence[Shipment]:
        table = t.shipments.c
        moved = func.coalesce(table.status_at, table.created_at)
        query = select(Shipment).where(
            table.merchant_id == merchant_id,
            table.carrier == carrier,
            table.tracking_number != "",
            table.status.not_in([status for status in Status if status.final]),
            or_(table.poll_due_at.is_(None), table.poll_due_at <= now),
            moved > now - GIVEN_UP_AFTER,
        )
        query = query.order_by(table.poll_due_at.nulls_first()).limit(limit)
        return await self._all(query.with_for_update(skip_locked=True))

    async def aboard(
        self, merchant_id: UUID, by: str, name: str, *, lock: bool = False
    ) -> Sequence[Shipment]:
        table = t.shipments.c
        query = select(Shipment).where(
            table.merchant_id == merchant_id,
            # As the partial indexes are written: a parameter in its place would miss them.
            table.status == literal_column(f"'{Status.out_for_delivery}'"),
            table.details.op("->>")(literal_column(_ABOARD[by])) == name,
        )
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return await self._all(query.order_by(table.id))

    async def with_old_estimates(self, now: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
        table = t.shipments.c
        old = select(table.merchant_id, table.id).where(table.own_until <= now)
        rows = await self._session.execute(old.order_by(table.own_until).limit(limit))
        return [(row[0], row[1]) for row in rows]

    def add_event(self, event: TrackingEvent) -> None:
        self._session.add(event)
        known = ahead.of(self._session, ahead.HISTORY, event.shipment_id)
        if known is not ahead.NOTHING:
            known.append(event)


class Journeys(_Repository):
    async def add(self, journey: Journey) -> bool:
        ahead.forget(self._session, ahead.JOURNEYS)
        return await self._insert(t.journeys, journey)

    async def alike(
        self, merchant_id: UUID, group: Group, since: datetime, limit: int
    ) -> Sequence[Took]:
        known = ahead.of(self._session, ahead.JOURNEYS, (merchant_id, group))
        if known is not ahead.NOTHING:
            return known
        table = t.journeys.c
        query = select(table.seconds, table.days, table.minute).where(
            table.merchant_id == merchant_id,
            table.leg == group.leg,
            table.carrier == group.carrier,
            table.arrived_at >= since,
        )
        matters = {"lane": group.lane, "weekday": group.weekday, "hour": group.hour}
        for name, value in matters.items():
            if value is not None:
                query = query.where(table[name] == value)
        latest = query.order_by(table.arrived_at.desc()).limit(limit)
        found = [Took(*row) for row in await self._session.execute(latest)]
        # Of the parcels that one transaction is about many are alike.
        ahead.put(self._session, ahead.JOURNEYS, {(merchant_id, group): found})
        return found

    async def forget(self, before: datetime) -> None:
        await self._session.execute(t.journeys.delete().where(t.journeys.c.arrived_at < before))


class Attempts(_Repository):
    async def add(self, attempt: Attempt) -> bool:
        return await self._insert(t.attempts, attempt)

    async def get(self, merchant_id: UUID, attempt_id: UUID) -> Attempt:
        table = t.attempts.c
        mine = select(Attempt).where(table.merchant_id == merchant_id, table.id == attempt_id)
        return await self._one(mine, "attempt")

    async def of_shipment(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[Attempt]:
        table = t.attempts.c
        mine = select(Attempt).where(
            table.merchant_id == merchant_id, table.shipment_id == shipment_id
        )
        return await self._all(mine.order_by(table.claimed_at.desc(), table.id.desc()))

    async def recent(
        self, merchant_id: UUID, since: datetime, limit: int
    ) -> Sequence[tuple[Attempt, Shipment]]:
        table = t.attempts.c
        rows = await self._session.execute(
            select(Attempt, Shipment)
            .join(Shipment, t.shipments.c.id == table.shipment_id)
            .where(table.merchant_id == merchant_id, table.claimed_at >= since)
            .order_by(table.disputed_at.is_(None), table.claimed_at.desc())
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]

    async def others(self, attempt: Attempt, within: timedelta) -> int:
        if not attempt.courier_id:
            return 0
        table = t.attempts.c
        near = table.claimed_at.between(attempt.claimed_at - within, attempt.claimed_at + within)
        count = select(func.count()).where(
            table.merchant_id == attempt.merchant_id,
            table.carrier == attempt.carrier,
            table.courier_id == attempt.courier_id,
            table.id != attempt.id,
            near,
        )
        return int(await self._session.scalar(count) or 0)

    async def verdicts(
        self, merchant_id: UUID, by: str, since: datetime
    ) -> Sequence[tuple[str, Verdict]]:
        table = t.attempts.c
        name = {"carrier": table.carrier, "depot": table.depot, "courier": table.courier_id}[by]
        rows = await self._session.execute(
            select(name, table.verdict).where(
                table.merchant_id == merchant_id, table.claimed_at >= since, name != ""
            )
        )
        return [(row[0], row[1]) for row in rows]

    async def add_position(self, merchant_id: UUID, vehicle: str, seen: Seen) -> bool:
        latitude, longitude = seen.place
        done = await self._session.execute(
            insert(t.vehicle_positions)
            .values(
                id=new_id(),
                merchant_id=merchant_id,
                vehicle=vehicle,
                at=seen.at,
                latitude=latitude,
                longitude=longitude,
            )
            .on_conflict_do_nothing()
            .returning(t.vehicle_positions.c.id)
        )
        return done.first() is not None

    async def positions(
        self, merchant_id: UUID, vehicle: str, start: datetime, end: datetime
    ) -> Sequence[Seen]:
        table = t.vehicle_positions.c
        rows = await self._session.execute(
            select(table.at, table.latitude, table.longitude)
            .where(
                table.merchant_id == merchant_id,
                table.vehicle == vehicle,
                table.at.between(start, end),
            )
            .order_by(table.at)
        )
        return [Seen(row[0], (row[1], row[2])) for row in rows]

    async def forget_positions(self, before: datetime) -> None:
        await self._session.execute(
            t.vehicle_positions.delete().where(t.vehicle_positions.c.at < before)
        )


class Unclaimed(_Repository):
    async def lock(self, merchant_id: UUID, numbers: Collection[str]) -> None:
        wanted = [f"{merchant_id}:{number}" for number in numbers]
        await self._session.execute(_number_locks(), {"wanted": wanted})

    async def keep(self, event: UnclaimedEvent) -> bool:
        return await self._insert(t.unclaimed_events, event)

    async def of_number(
        self, merchant_id: UUID, number: str, since: datetime
    ) -> Sequence[UnclaimedEvent]:
        table = t.unclaimed_events
        return await self._all(
            select(UnclaimedEvent)
            .where(
                table.c.merchant_id == merchant_id,
                table.c.tracking_number == number,
                table.c.received_at >= since,
            )
            .order_by(table.c.id)
        )


@cache
def _number_locks() -> Any:
    """One after the other in the order of the keys, so that no two units wait for each other."""
    return text(
        "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(number, 0) AS key"
        " FROM unnest(CAST(:wanted AS text[])) AS number ORDER BY key) AS keys"
    )


class Requests(_Repository):
    async def get(self, merchant_id: UUID, request_id: UUID) -> DeliveryRequest:
        table = t.delivery_requests
        return await self._one(
            select(DeliveryRequest).where(
                table.c.merchant_id == merchant_id, table.c.id == request_id
            ),
            "delivery request",
        )

    async def of_shipment(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[DeliveryRequest]:
        table = t.delivery_requests
        return await self._all(
            select(DeliveryRequest)
            .where(table.c.merchant_id == merchant_id, table.c.shipment_id == shipment_id)
            .order_by(table.c.id)
        )

    async def work(
        self, merchant_id: UUID, limit: int
    ) -> Sequence[tuple[DeliveryRequest, Shipment]]:
        asked = t.delivery_requests.c
        rows = await self._session.execute(
            select(DeliveryRequest, Shipment)
            .join(t.shipments, t.shipments.c.id == asked.shipment_id)
            .where(
                asked.merchant_id == merchant_id,
                asked.state == RequestState.requested,
                asked.work_due_at.is_not(None),
            )
            .order_by(asked.work_due_at, asked.id)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]

    async def overdue(self, now: datetime, limit: int) -> Sequence[DeliveryRequest]:
        asked = t.delivery_requests.c
        return await self._all(
            select(DeliveryRequest)
            .where(
                asked.state == RequestState.requested,
                asked.work_due_at <= now,
                asked.late_at.is_(None),
            )
            .order_by(asked.work_due_at)
            .limit(limit)
        )


class Conversations(_Repository):
    async def get(
        self, merchant_id: UUID, conversation_id: UUID, *, lock: bool = False
    ) -> Conversation:
        if not lock:
            return await self._by_id(Conversation, conversation_id, merchant_id, "conversation")
        values = {"merchant": merchant_id, "conversation": conversation_id}
        found = await self._session.scalar(_conversation(), values)
        if found is None:
            raise NotFound("there is no such conversation")
        return found

    async def of_contact(self, merchant_id: UUID, contact_id: UUID) -> Conversation | None:
        known = ahead.of(self._session, ahead.CONVERSATIONS, contact_id)
        if known is not ahead.NOTHING:
            return next((thread for thread in known if thread.merchant_id == merchant_id), None)
        table = t.conversations
        return await self._first(
            select(Conversation).where(
                table.c.merchant_id == merchant_id, table.c.contact_id == contact_id
            )
        )

    async def find(self, conversation_id: UUID) -> Conversation:
        return await self._one(
            select(Conversation).where(t.conversations.c.id == conversation_id), "conversation"
        )


class Messages(_Repository):
    async def get(self, merchant_id: UUID, message_id: UUID, *, lock: bool = False) -> Message:
        known = ahead.of(self._session, ahead.MESSAGE, message_id)
        if known is not ahead.NOTHING and known.merchant_id == merchant_id:
            return known
        values = {"merchant": merchant_id, "message": message_id}
        row = (await self._session.execute(_message(lock=lock), values)).first()
        if row is None:
            raise NotFound("there is no such message")
        self._read = row
        return row[0]

    async def find(self, message_id: UUID) -> Message:
        return await self._one(select(Message).where(t.messages.c.id == message_id), "message")

    async def named(
        self, merchant_id: UUID, conversation_id: UUID, provider_id: str
    ) -> Message | None:
        table = t.messages.c
        theirs = or_(table.key == provider_id, table.variables["id"].as_string() == provider_id) & (
            table.author == Author.customer
        )
        ours = table.provider_ids.contains([provider_id]) & (table.author != Author.customer)
        return await self._first(
            select(Message)
            .where(
                table.merchant_id == merchant_id,
                table.conversation_id == conversation_id,
                or_(theirs, ours),
            )
            .order_by(table.id.desc())
        )

    async def unsent(self, merchant_id: UUID, identity_id: UUID) -> Sequence[Message]:
        table = t.messages.c
        waiting = table.status.in_((MessageStatus.queued, MessageStatus.parked))
        return await self._all(
            select(Message)
            .where(table.merchant_id == merchant_id, table.identity_id == identity_id, waiting)
            .with_for_update()
        )

    async def parked(self, merchant_id: UUID, identity_id: UUID) -> Sequence[Message]:
        table = t.messages.c
        query = select(Message).where(
            table.merchant_id == merchant_id,
            table.identity_id == identity_id,
            table.status == MessageStatus.parked,
        )
        return await self._all(query.order_by(table.id).with_for_update())

    async def add_inbound(self, message: Message) -> bool:
        return await self._insert(t.messages, message)

    async def add_once(self, message: Message) -> bool:
        return await self._insert(t.messages, message)

    async def thread(
        self, merchant_id: UUID, conversation_id: UUID, limit: int = 200
    ) -> Sequence[Message]:
        table = t.messages
        newest = await self._all(
            select(Message)
            .where(table.c.merchant_id == merchant_id, table.c.conversation_id == conversation_id)
            .order_by(table.c.id.desc())
            .limit(limit)
        )
        return list(reversed(newest))

    async def of_question(self, merchant_id: UUID, question_id: UUID) -> Message | None:
        table = t.messages
        return await self._first(
            select(Message).where(
                table.c.merchant_id == merchant_id, table.c.question_id == question_id
            )
        )

    async def unanswered(
        self, merchant_id: UUID, conversation_id: UUID, after: UUID
    ) -> Sequence[Message]:
        table = t.messages
        return await self._all(
            select(Message)
            .where(
                table.c.merchant_id == merchant_id,
                table.c.conversation_id == conversation_id,
                table.c.id > after,
                table.c.author == Author.customer,
                table.c.answered_at.is_(None),
            )
            .order_by(table.c.id)
            .limit(20)
        )

    async def notices_since(
        self, merchant_id: UUID, conversation_id: UUID, after: UUID
    ) -> Sequence[Message]:
        table = t.messages.c
        query = select(Message).where(
            table.merchant_id == merchant_id,
            table.conversation_id == conversation_id,
            table.id > after,
            table.author == Author.flow,
        )
        return await self._all(query.order_by(table.id))

    async def written_since(self, merchant_id: UUID, conversation_id: UUID, after: UUID) -> bool:
        table = t.messages
        return bool(
            await self._session.scalar(
                select(
                    select(table.c.id)
                    .where(
                        table.c.merchant_id == merchant_id,
                        table.c.conversation_id == conversation_id,
                        table.c.id > after,
                        table.c.author == Author.customer,
                    )
                    .exists()
                )
            )
        )

    async def answered_with(self, head: Message) -> Sequence[Message]:
        table = t.messages
        return await self._all(
            select(Message)
            .where(
                table.c.merchant_id == head.merchant_id,
                table.c.conversation_id == head.conversation_id,
                table.c.id >= head.id,
                table.c.answers_with == head.id,
            )
            .order_by(table.c.id)
        )


class Questions(_Repository):
    async def get(self, merchant_id: UUID, question_id: UUID) -> Question | None:
        found = await self._session.get(Question, question_id)
        return found if found is not None and found.merchant_id == merchant_id else None

    async def newest(
        self, merchant_id: UUID, conversation_id: UUID, before: datetime
    ) -> Question | None:
        table = t.questions
        return await self._first(
            select(Question)
            .where(
                table.c.merchant_id == merchant_id,
                table.c.conversation_id == conversation_id,
                table.c.asked_at <= before,
            )
            .order_by(table.c.id.desc())
        )

    async def open(self, merchant_id: UUID, conversation_id: UUID) -> Sequence[Question]:
        values = {"merchant": merchant_id, "conversation": conversation_id}
        return (await self._session.scalars(_open_questions(), values)).all()


class Codes(_Repository):
    async def lock(self, shipment_id: UUID) -> None:
        key = func.hashtextextended(f"code:{shipment_id}", 0)
        await self._session.execute(select(func.pg_advisory_xact_lock(key)))

    async def of_shipment(
        self, merchant_id: UUID, shipment_id: UUID, since: datetime
    ) -> Sequence[AccessCode]:
        table = t.access_codes
        query = select(AccessCode).where(
            table.c.merchant_id == merchant_id,
            table.c.shipment_id == shipment_id,
            table.c.created_at > since,
        )
        # Read anew: another conversation may have been counted while this one waited.
        return await self._all(query.execution_options(populate_existing=True))

    async def newest(self, merchant_id: UUID, conversation_id: UUID) -> AccessCode | None:
        table = t.access_codes
        return await self._first(
            select(AccessCode)
            .where(table.c.merchant_id == merchant_id, table.c.conversation_id == conversation_id)
            .order_by(table.c.id.desc())
        )


class Flows(_Repository):
    async def active(self, merchant_id: UUID) -> Sequence[Flow]:
        known = ahead.of(self._session, ahead.ACTIVE, merchant_id)
        if known is not ahead.NOTHING:
            return known
        return (await self._session.scalars(active_flows(), {"merchant": merchant_id})).all()

    async def get(self, merchant_id: UUID, flow_id: UUID) -> Flow:
        return await self._by_id(Flow, flow_id, merchant_id, "flow")

    async def versions(self, merchant_id: UUID, name: str, *, lock: bool = False) -> Sequence[Flow]:
        table = t.flows.c
        query = select(Flow).where(table.merchant_id == merchant_id, table.name == name)
        query = query.order_by(table.version.desc())
        return await self._all(query.with_for_update() if lock else query)

    async def every(self, merchant_id: UUID) -> Sequence[Flow]:
        table = t.flows.c
        query = select(Flow).where(table.merchant_id == merchant_id)
        return await self._all(query.order_by(table.name, table.version))

    async def standing(self, merchant_id: UUID) -> Mapping[UUID, Mapping[str, int]]:
        table = t.flow_runs.c
        rows = await self._session.execute(
            select(table.flow_id, table.note, func.count())
            .where(table.merchant_id == merchant_id)
            .group_by(table.flow_id, table.note)
        )
        found: dict[UUID, dict[str, int]] = {}
        for flow_id, note, count in rows:
            found.setdefault(flow_id, {})[note] = count
        return found

    async def start_run(self, run: FlowRun) -> bool:
        known = ahead.of(self._session, ahead.RUNS, run.shipment_id)
        if known is ahead.NOTHING:
            return await self._insert(t.flow_runs, run)
        if any(one.key == run.key for one in known):
            return False
        known.append(run)
        self._session.add(run)
        return True

    async def run(self, merchant_id: UUID, run_id: UUID) -> FlowRun:
        known = ahead.of(self._session, ahead.RUN, run_id)
        if known is not ahead.NOTHING and known.merchant_id == merchant_id:
            return known
        values = {"merchant": merchant_id, "run": run_id}
        row = (await self._session.execute(_flow_run(), values)).first()
        if row is None:
            raise NotFound("there is no such flow run")
        self._read = row
        return row[0]

    async def unfinished(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[FlowRun]:
        known = ahead.of(self._session, ahead.RUNS, shipment_id)
        if known is not ahead.NOTHING:
            return [run for run in known if run.finished_at is None]
        table = t.flow_runs.c
        mine = select(FlowRun).where(
            table.merchant_id == merchant_id, table.shipment_id == shipment_id
        )
        return await self._all(mine.where(table.finished_at.is_(None)).order_by(table.id))

    async def runs(self, merchant_id: UUID, flow_id: UUID) -> Sequence[FlowRun]:
        table = t.flow_runs.c
        mine = select(FlowRun).where(table.merchant_id == merchant_id, table.flow_id == flow_id)
        return await self._all(mine.order_by(table.id))

    async def instances(
        self, merchant_id: UUID, name: str, *, unfinished: bool, before: UUID | None, limit: int
    ) -> Sequence[tuple[FlowRun, Flow, Shipment]]:
        runs, flows = t.flow_runs.c, t.flows.c
        query = (
            select(FlowRun, Flow, Shipment)
            .join(t.flows, flows.id == runs.flow_id)
            .join(t.shipments, t.shipments.c.id == runs.shipment_id)
            .where(runs.merchant_id == merchant_id, flows.name == name)
        )
        if unfinished:
            query = query.where(runs.finished_at.is_(None))
        if before is not None:
            query = query.where(runs.id < before)
        rows = await self._session.execute(query.order_by(runs.id.desc()).limit(limit))
        return [(run, flow, shipment) for run, flow, shipment in rows]

    async def open_runs(self, merchant_id: UUID, flow_id: UUID) -> Sequence[FlowRun]:
        table = t.flow_runs.c
        mine = select(FlowRun).where(
            table.merchant_id == merchant_id,
            table.flow_id == flow_id,
            table.finished_at.is_(None),
        )
        return await self._all(mine.order_by(table.id).with_for_update())

    async def gathering(
        self, merchant_id: UUID, flow_id: UUID, step: int, contact_id: UUID
    ) -> Sequence[UUID]:
        runs, shipments = t.flow_runs.c, t.shipments.c
        found = await self._session.scalars(
            select(runs.id)
            .join(t.shipments, shipments.id == runs.shipment_id)
            .where(runs.merchant_id == merchant_id, runs.flow_id == flow_id, runs.step == step)
            .where(runs.finished_at.is_(None), runs.facts.has_key("gathering"))
            .where(shipments.contact_id == contact_id)
            .order_by(runs.id)
        )
        return list(found)

    async def scheduled(self) -> Sequence[Flow]:
        table = t.flows.c
        by_clock = table.document["trigger"].has_key("schedule")
        return await self._all(select(Flow).where(table.active, by_clock).order_by(table.id))


class Feedback(_Repository):
    async def survey(self, merchant_id: UUID, survey_id: UUID) -> Survey:
        table = t.surveys
        return await self._one(
            select(Survey).where(table.c.merchant_id == merchant_id, table.c.id == survey_id),
            "survey",
        )

    async def surveys(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Survey]:
        table = t.surveys
        return await self._all(
            select(Survey)
            .where(table.c.merchant_id == merchant_id, table.c.contact_id == contact_id)
            .order_by(table.c.id.desc())
        )

    async def of_shipment(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[Survey]:
        table = t.surveys.c
        return await self._all(
            select(Survey)
            .where(table.merchant_id == merchant_id, table.shipment_id == shipment_id)
            .order_by(table.id)
        )

    async def asked_since(
        self, merchant_id: UUID, since: datetime
    ) -> Sequence[tuple[Survey, Shipment | None, str]]:
        surveys, messages = t.surveys.c, t.messages.c
        # The last message whose question holds the survey says where it was asked. All of them
        # are read at once: to look for each survey's by itself is to read all questions each time.
        named = t.questions.c.slots["survey"].as_string()
        asked_on = (
            select(named.label("survey"), messages.channel)
            .join(t.questions, t.questions.c.id == messages.question_id)
            .where(messages.merchant_id == merchant_id, messages.created_at >= since)
            .where(named.is_not(None))
            .order_by(named, messages.created_at.desc())
            .ext(distinct_on(named))
            .subquery()
        )
        rows = await self._session.execute(
            select(Survey, Shipment, asked_on.c.channel)
            .outerjoin(Shipment, t.shipments.c.id == surveys.shipment_id)
            .outerjoin(asked_on, asked_on.c.survey == cast(surveys.id, Text))
            .where(surveys.merchant_id == merchant_id, surveys.asked_at >= since)
            .order_by(surveys.asked_at)
        )
        return [(row[0], row[1], row[2] or "") for row in rows]

    async def consent(
        self, merchant_id: UUID, contact_id: UUID, channel: str, purpose: str
    ) -> Consent | None:
        known = ahead.of(self._session, ahead.CONSENTS, contact_id)
        if known is not ahead.NOTHING:
            return next(
                (one for one in known if _is_about(one, merchant_id, channel, purpose)), None
            )
        table = t.consents
        return await self._first(
            select(Consent)
            .where(
                table.c.merchant_id == merchant_id,
                table.c.contact_id == contact_id,
                table.c.channel.in_(("", channel)),
                table.c.purpose.in_(("", purpose)),
            )
            .order_by(table.c.id.desc())
        )

    async def consents(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Consent]:
        table = t.consents.c
        return await self._all(
            select(Consent)
            .where(table.merchant_id == merchant_id, table.contact_id == contact_id)
            .order_by(table.id.desc())
            .limit(20)
        )

    async def refused(self, merchant_id: UUID, contact_id: UUID) -> Sequence[tuple[str, str]]:
        table = t.consents.c
        latest = (
            select(table.channel, table.purpose, table.given)
            .where(table.merchant_id == merchant_id, table.contact_id == contact_id)
            .ext(distinct_on(table.channel, table.purpose))
            .order_by(table.channel, table.purpose, table.id.desc())
            .subquery()
        )
        found = await self._session.execute(
            select(latest.c.channel, latest.c.purpose).where(~latest.c.given)
        )
        return [(row[0], row[1]) for row in found]


def _is_about(consent: Consent, merchant_id: UUID, channel: str, purpose: str) -> bool:
    where, what = consent.channel in {"", channel}, consent.purpose in {"", purpose}
    return consent.merchant_id == merchant_id and where and what


class Templates(_Repository):
    async def of_account(self, merchant_id: UUID, account_id: UUID) -> Sequence[Template]:
        known = ahead.of(self._session, ahead.TEMPLATES, (merchant_id, account_id))
        if known is not ahead.NOTHING:
            return known
        table = t.message_templates.c
        found = await self._all(
            select(Template)
            .where(table.merchant_id == merchant_id, table.account_id == account_id)
            .order_by(table.name, table.language)
        )
        if made.keeps(self._session):
            # Each of many asks for the same ones.
            ahead.put(self._session, ahead.TEMPLATES, {(merchant_id, account_id): found})
        return found

    async def find(self, account_id: UUID, name: str, language: str) -> Template | None:
        table = t.message_templates.c
        return await self._first(
            select(Template).where(
                table.account_id == account_id, table.name == name, table.language == language
            )
        )


class Paces(_Repository):
    async def take_turns(
        self, wanted: Sequence[tuple[str, Pace]], now: datetime
    ) -> Sequence[timedelta]:
        if not wanted:
            return []
        paces, counts = dict(wanted), Counter(key for key, _ in wanted)
        taken = {key: paces[key].every * count for key, count in counts.items()}
        values = {"keys": list(taken), "taken": list(taken.values()), "now": now}
        rows = await self._session.execute(_turns(), values)
        # When the first of each key's turns begins.
        begins: dict[str, datetime] = {row.key: row.free_at - taken[row.key] for row in rows}
        waits: list[timedelta] = []
        for key, pace in wanted:
            begins[key] += pace.every
            waits.append(pace.wait(begins[key], now))
        return waits


@cache
def _turns() -> Any:
    """The next free turns, given out by one statement: whoever asks next finds them taken.

    This is the generic cell rate algorithm (ITU-T I.371) with the waiting made explicit. The rows
    are locked in the order of their keys.
    """
    return text(
        "INSERT INTO paces (key, free_at)"
        " SELECT key, CAST(:now AS timestamptz) + taken"
        " FROM unnest(CAST(:keys AS text[]), CAST(:taken AS interval[])) AS wanted (key, taken)"
        " ORDER BY key"
        " ON CONFLICT (key) DO UPDATE"
        " SET free_at = greatest(paces.free_at, CAST(:now AS timestamptz))"
        " + (excluded.free_at - CAST(:now AS timestamptz))"
        " RETURNING key, free_at"
    ).columns(key=t.paces.c.key.type, free_at=t.paces.c.free_at.type)


class MediaFiles(_Repository):
    async def of_message(self, merchant_id: UUID, message_id: UUID) -> Media | None:
        table = t.media.c
        return await self._first(
            select(Media).where(table.merchant_id == merchant_id, table.message_id == message_id)
        )

    async def of_messages(
        self, merchant_id: UUID, messages: Iterable[UUID]
    ) -> Mapping[UUID, Media]:
        table = t.media.c
        found = await self._all(
            select(Media).where(
                table.merchant_id == merchant_id, table.message_id.in_(list(messages))
            )
        )
        return {media.message_id: media for media in found}

    async def find(self, media_id: UUID) -> Media:
        return await self._one(select(Media).where(t.media.c.id == media_id), "file")

    async def older_than(self, before: datetime, limit: int) -> Sequence[Media]:
        table = t.media.c
        query = select(Media).where(table.created_at < before, table.digest != "")
        return await self._all(query.order_by(table.created_at).limit(limit))

    async def has(self, digest: str) -> bool:
        query = select(Media).where(t.media.c.digest == digest)
        return await self._first(query) is not None
