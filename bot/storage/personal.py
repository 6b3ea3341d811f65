"""Where personal data is, column by column: what an erasure takes, and what it leaves and why.

A test walks all tables and fails when a column that can hold words is in neither list.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.conversation import Author, Contact, Holder, MessageStatus
from bot.domain.errors import NotFound
from bot.domain.proof import Proof, ProofKind
from bot.domain.request import RequestState
from bot.storage import tables as t
from bot.storage.vault import Vault

GONE = "[erased]"
"""Stands where somebody's words were."""

_OWN = "a name of ours, or one of a few words that we choose from"
_SHOP = "the shop's own, says nothing of the customer"
_PROOF = "shows that the delivery happened, to whoever has the order's number"

KEPT: Mapping[str, Mapping[str, str]] = {
    "contacts": dict.fromkeys(("language", "timezone", "country"), "tells nobody apart"),
    "identities": {"channel": _OWN},
    "shipments": {
        "reference": _PROOF,
        "carrier": _PROOF,
        "tracking_number": _PROOF,
        "timezone": "tells nobody apart",
        "country": "tells nobody apart",
        "value_currency": _PROOF,
        "service": _PROOF,
        "told_by": "whose estimate it was, one of four words of ours",
        "own_by": "what our estimate goes by, a word of ours",
    },
    "journeys": {
        "carrier": _PROOF,
        "lane": "a depot, a country and two characters of a postcode: tells nobody apart",
    },
    "tracking_events": {"key": "the carrier's number of the event", "code": "the carrier's code"},
    "attempts": {
        "event_key": "the carrier's number of the event",
        "carrier": _PROOF,
        "courier_id": "the carrier's number of the courier, for the scorecard",
        "depot": "the carrier's depot, for the scorecard",
        "reasons": "weights and distances",
    },
    "conversations": {"topic": _OWN},
    "cases": {"topic": _OWN},
    "questions": {"loop": _OWN, "requested": _OWN},
    "messages": {
        "channel": _OWN,
        "kind": _OWN,
        "say": _OWN,
        "purpose": _OWN,
        "status_times": "when it arrived",
        "cost": "what it cost",
    },
    "delivery_requests": {"fee_currency": _OWN},
    "access_codes": {"wish": _OWN},
    "flow_runs": {
        "key": "the flow and the parcel, by id",
        "note": _OWN,
        "facts": "its variant, its survey by id, and times",
    },
    "consents": {"channel": _OWN, "purpose": _OWN, "source": _OWN},
    "media": {"content_type": _OWN},
    "audit": {
        "actor": "who did it, by id",
        "action": _OWN,
        "subject": "what it was done to, by id",
        "details": "numbers, ids and words of ours",
    },
    "merges": {"moved": "rows by id", "copied": _OWN},
    "proofs": {
        "actor": "who did it, by id",
        "counts": "how much it was",
        "digest": "cannot be turned back",
    },
}
"""Columns that stay as they are, and why."""

OTHERS: Mapping[str, str] = {
    "merchants": _SHOP,
    "provider_accounts": _SHOP,
    "api_keys": _SHOP,
    "users": "the shop's own people, see bot/services/manage_people.py",
    "second_factors": "the shop's own people",
    "invitations": "the shop's own people",
    "flows": _SHOP,
    "saved_views": "the shop's own people; no words of a search are kept in them",
    "message_templates": _SHOP,
    "pickup_points": _SHOP,
    "vehicle_positions": "where couriers were, for a few days, of no parcel in particular",
    "paces": "accounts and addresses by id, for some seconds",
    "opt_outs": "digests that cannot be turned back without the installation's secret",
    "job_failures": "deleted with the jobs that they are of, see `PersonalData.erase`",
}
"""Tables that no contact has rows in, and why."""


# A line of ours in the thread ("Ana took over") says who and what of the shop's own; the rest goes.
_NOTE_WITHOUT_WORDS = text(
    "(SELECT coalesce(jsonb_object_agg(one.key, CASE WHEN one.key IN"
    " ('name', 'other', 'topic', 'kind', 'priority', 'before', 'by', 'score', 'verdict', 'why')"
    " THEN one.value ELSE to_jsonb(CAST(:gone AS text)) END), '{}'::jsonb)"
    " FROM jsonb_each(messages.variables) AS one)"
).bindparams(gone=GONE)


def erased(now: datetime) -> Mapping[Table, Mapping[str, Any]]:
    """What an erasure writes into each table, in this order.

    A provider's id of a message is replaced too: WhatsApp's holds the phone number.
    """
    messages, requests, evidence = t.messages.c, t.delivery_requests.c, t.attempts.c.evidence
    ours = messages.author != Author.customer
    waiting = messages.status.in_((MessageStatus.queued, MessageStatus.parked))
    asked = (RequestState.draft, RequestState.awaiting_confirmation)
    by_hand = (requests.state == RequestState.requested) & requests.work_due_at.is_not(None)
    undecided = requests.state.in_(asked) | by_hand
    return {
        t.contacts: {"name": "", "phone": None, "email": None, "language_evidence": {}},
        t.identities: {
            "address": _instead_of(t.identities),
            "verified": False,
            "last_inbound_at": None,
            "unreachable_at": now,
        },
        t.shipments: {
            "address": {},
            "item": "",
            "courier_name": None,
            "courier_phone": None,
            "details": {},
        },
        t.tracking_events: {
            "description": "",
            "courier_name": None,
            "courier_phone": None,
            "details": {},
            "raw": {},
        },
        t.attempts: {
            "evidence": case(
                (evidence == literal({}, JSONB), evidence),
                else_=evidence.concat(
                    literal({"address": None, "courier_seen": [], "carrier_words": ""}, JSONB)
                ),
            ),
        },
        t.conversations: {
            # Nobody can be answered there, neither by the bot nor by an agent.
            "identity_id": None,
            "holder": Holder.bot,
            "agent_id": None,
            "waiting_since": None,
            "tags": [],
        },
        t.cases: {
            "facts": {},
            "settled": "",
            "closed_at": func.coalesce(t.cases.c.closed_at, now),
        },
        t.questions: {
            "slots": {},
            "options": [],
            "closed_at": func.coalesce(t.questions.c.closed_at, now),
        },
        t.messages: {
            # A line of ours in the thread is a name of ours; its words are the variables.
            "text": case(
                (messages.kind == "note", messages.text),
                (messages.text == "", ""),
                else_=GONE,
            ),
            "key": case((ours, messages.key), else_=_instead_of(t.messages)),
            "variables": case(
                (messages.kind == "note", _NOTE_WITHOUT_WORDS), else_=literal({}, JSONB)
            ),
            "options": [],
            "provider_ids": [],
            # As if it had been sent whole: a job that runs once more sends nothing.
            "payloads": case((ours, literal([{}], JSONB)), else_=literal([], JSONB)),
            "sent_parts": case((ours, 1), else_=0),
            "error": "",
            "understood": {},
            "raw": {},
            # Nothing more goes out, and nothing is answered that has not been.
            "status": case((ours & waiting, MessageStatus.failed), else_=messages.status),
            "answered_at": case(
                (ours, messages.answered_at), else_=func.coalesce(messages.answered_at, now)
            ),
        },
        t.delivery_requests: {
            "note": "",
            "point": "",
            "reason": "",
            # What was not decided cannot be any more: nobody knows what was wanted, or by whom.
            "state": case((undecided, RequestState.expired), else_=requests.state),
            "decided_at": case((undecided, now), else_=requests.decided_at),
        },
        t.surveys: {"comment": "", "topics": []},
        t.flow_runs: {"finished_at": func.coalesce(t.flow_runs.c.finished_at, now)},
        t.consents: {"text": ""},
        t.merges: {"reason": ""},
        t.media: {"digest": "", "error": "erased"},
        t.unclaimed_events: {},
    }


DELETED: tuple[Table, ...] = (t.unclaimed_events,)
"""Tables whose rows about somebody are deleted whole: nothing refers to them."""


class PersonalData:
    """See `bot.services.ports.PersonalData`."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def find(self, merchant_id: UUID, address: str) -> Sequence[Contact]:
        people, known = t.contacts.c, t.identities.c
        alias = t.contacts.alias("gone").c
        theirs = select(known.contact_id).where(
            known.merchant_id == merchant_id, func.lower(known.address) == address.lower()
        )
        query = (
            select(Contact)
            .where(
                people.merchant_id == merchant_id,
                people.merged_into.is_(None),
                or_(
                    people.phone == address,
                    func.lower(people.email) == address.lower(),
                    people.id.in_(theirs),
                    people.id.in_(
                        select(alias.merged_into).where(
                            or_(alias.phone == address, func.lower(alias.email) == address.lower())
                        )
                    ),
                ),
            )
            .order_by(people.id)
        )
        return (await self._session.scalars(query)).all()

    async def counts(self, merchant_id: UUID, contact_id: UUID) -> Mapping[str, int]:
        found = {
            table.name: await self._count(table, condition)
            for table, condition in rows(merchant_id, contact_id).items()
        }
        files = rows(merchant_id, contact_id)[t.media] & (t.media.c.digest != "")
        return found | {"files": await self._count(t.media, files)}

    async def everything(
        self, merchant_id: UUID, contact_id: UUID
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return {
            table.name: await self._rows(table, condition)
            for table, condition in rows(merchant_id, contact_id).items()
        }

    async def erase(self, merchant_id: UUID, contact_id: UUID, now: datetime) -> Sequence[str]:
        await self._session.flush()
        theirs = rows(merchant_id, contact_id)
        media = select(t.media.c.digest).where(theirs[t.media], t.media.c.digest != "")
        digests = list((await self._session.scalars(media)).all())
        await self._forget_jobs(merchant_id, contact_id)
        for table in DELETED:
            await self._session.execute(table.delete().where(theirs[table]))
        for table, values in erased(now).items():
            if values:
                await self._session.execute(table.update().where(theirs[table]).values(values))
        # What was read before says what was there before.
        self._session.expire_all()
        return digests

    async def proofs(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Proof]:
        table = t.proofs.c
        query = select(Proof).where(
            table.merchant_id == merchant_id, table.contact_id == contact_id
        )
        return (await self._session.scalars(query.order_by(table.id.desc()))).all()

    async def proof(self, merchant_id: UUID, proof_id: UUID) -> Proof:
        table = t.proofs.c
        query = select(Proof).where(table.merchant_id == merchant_id, table.id == proof_id)
        found = await self._session.scalar(query)
        if found is None:
            raise NotFound("there is no such proof")
        return found

    async def proved_since(self, kind: ProofKind, since: datetime) -> Sequence[Proof]:
        query = select(Proof).where(t.proofs.c.kind == kind, t.proofs.c.at >= since)
        return (await self._session.scalars(query.order_by(t.proofs.c.id))).all()

    async def keep_refusals(
        self,
        merchant_id: UUID,
        addresses: Iterable[str],
        refused: Iterable[tuple[str, str]],
        now: datetime,
    ) -> None:
        marks, pairs = {self._mark(one) for one in addresses}, list(refused)
        for mark in sorted(marks):
            for channel, purpose in pairs:
                await self._session.execute(
                    insert(t.opt_outs)
                    .values(
                        merchant_id=merchant_id,
                        digest=mark,
                        channel=channel,
                        purpose=purpose,
                        at=now,
                    )
                    .on_conflict_do_nothing()
                )

    async def refusals(
        self, merchant_id: UUID, addresses: Iterable[str]
    ) -> Sequence[tuple[str, str, datetime]]:
        marks = {self._mark(one) for one in addresses}
        table = t.opt_outs.c
        found = await self._session.execute(
            select(table.channel, table.purpose, func.max(table.at))
            .where(table.merchant_id == merchant_id, table.digest.in_(marks))
            .group_by(table.channel, table.purpose)
            .order_by(table.channel, table.purpose)
        )
        return [(row[0], row[1], row[2]) for row in found]

    def _mark(self, address: str) -> str:
        return self._vault.mark(address.strip().lower())

    async def _count(self, table: Table, condition: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(condition)
        return await self._session.scalar(query) or 0

    async def _rows(
        self, table: Table, condition: ColumnElement[bool]
    ) -> Sequence[Mapping[str, Any]]:
        found = await self._session.execute(
            select(table).where(condition).order_by(*table.primary_key)
        )
        return [dict(row) for row in found.mappings()]

    async def _forget_jobs(self, merchant_id: UUID, contact_id: UUID) -> None:
        """Why jobs failed may quote an address; and the engine keeps what was said by itself."""
        theirs = rows(merchant_id, contact_id)
        messages = select(cast(t.messages.c.id, Text)).where(theirs[t.messages])
        ids = list((await self._session.scalars(messages)).all())
        failed = text("SELECT id FROM procrastinate_jobs WHERE args ->> 'message_id' = ANY(:ids)")
        found = list((await self._session.scalars(failed, {"ids": ids})).all())
        await self._session.execute(
            t.job_failures.delete().where(t.job_failures.c.job_id.in_(found))
        )
        if await self._session.scalar(select(func.to_regclass("rasa.events"))) is None:
            return
        talks = select(t.conversations.c.id).where(theirs[t.conversations])
        for talk in (await self._session.scalars(talks)).all():
            await self._session.execute(
                text("DELETE FROM rasa.events WHERE sender_id LIKE :senders"),
                {"senders": f"{talk}.%"},
            )


def rows(merchant_id: UUID, contact_id: UUID) -> Mapping[Table, ColumnElement[bool]]:
    """Which rows of each table are about a contact."""
    same = select(t.contacts.c.id).where(
        or_(t.contacts.c.id == contact_id, t.contacts.c.merged_into == contact_id)
    )
    talks = _ids(t.conversations, t.conversations.c.contact_id == contact_id)
    messages = _ids(t.messages, t.messages.c.conversation_id.in_(talks))
    parcels = _ids(t.shipments, t.shipments.c.contact_id == contact_id)
    numbers = select(t.shipments.c.tracking_number).where(
        t.shipments.c.contact_id == contact_id, t.shipments.c.tracking_number != ""
    )
    found: dict[Table, ColumnElement[bool]] = {
        t.contacts: or_(t.contacts.c.id == contact_id, t.contacts.c.merged_into == contact_id),
        t.identities: t.identities.c.contact_id == contact_id,
        t.shipments: t.shipments.c.contact_id == contact_id,
        t.tracking_events: t.tracking_events.c.shipment_id.in_(parcels),
        t.attempts: t.attempts.c.shipment_id.in_(parcels),
        t.journeys: t.journeys.c.shipment_id.in_(parcels),
        t.conversations: t.conversations.c.contact_id == contact_id,
        t.cases: t.cases.c.conversation_id.in_(talks),
        t.questions: t.questions.c.conversation_id.in_(talks),
        t.messages: t.messages.c.conversation_id.in_(talks),
        t.delivery_requests: _either(t.delivery_requests, parcels, talks),
        t.access_codes: _either(t.access_codes, parcels, talks),
        t.parcel_grants: _either(t.parcel_grants, parcels, talks),
        t.surveys: t.surveys.c.contact_id == contact_id,
        t.flow_runs: t.flow_runs.c.shipment_id.in_(parcels),
        t.consents: t.consents.c.contact_id == contact_id,
        t.media: t.media.c.message_id.in_(messages),
        t.unclaimed_events: t.unclaimed_events.c.tracking_number.in_(numbers),
        t.audit: or_(
            t.audit.c.actor == f"contact:{contact_id}",
            t.audit.c.subject.in_(select("contact:" + _shown(same))),
            t.audit.c.subject.in_(select("conversation:" + _shown(talks))),
            t.audit.c.subject.in_(select("shipment:" + _shown(parcels))),
        ),
        t.proofs: t.proofs.c.contact_id.in_(same),
        t.merges: or_(t.merges.c.contact_id.in_(same), t.merges.c.other_id.in_(same)),
    }
    return {
        table: and_(table.c.merchant_id == merchant_id, condition)
        for table, condition in found.items()
    }


def _ids(table: Table, condition: ColumnElement[bool]) -> Any:
    return select(table.c.id).where(condition)


def _shown(ids: Any) -> Any:
    return cast(ids.subquery().c.id, Text)


def _either(table: Table, parcels: Any, talks: Any) -> ColumnElement[bool]:
    return or_(table.c.shipment_id.in_(parcels), table.c.conversation_id.in_(talks))


def _instead_of(table: Table) -> ColumnElement[str]:
    """A value that is as unique as the one it replaces."""
    return func.concat("erased:", table.c.id)
