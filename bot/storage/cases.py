"""Cases, and where agents are looking."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.assignment import Colleague
from bot.domain.case import Case, SnoozedFor
from bot.domain.conversation import Holder
from bot.domain.desk import Assignment
from bot.domain.merchant import Availability, User
from bot.services.ports import Presence
from bot.storage import tables as t

HERE_FOR = timedelta(seconds=75)
"""Since an agent's page was last heard of; it speaks up every half minute."""
TYPING_FOR = timedelta(seconds=6)


class Cases:
    """See `bot.services.ports.Cases`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self, merchant_id: UUID, conversation_id: UUID) -> Case | None:
        return await self._session.scalar(
            select(Case).where(
                t.cases.c.merchant_id == merchant_id,
                t.cases.c.conversation_id == conversation_id,
                t.cases.c.closed_at.is_(None),
            )
        )

    async def of_conversation(
        self, merchant_id: UUID, conversation_id: UUID, limit: int = 20
    ) -> Sequence[Case]:
        query = (
            select(Case)
            .where(
                t.cases.c.merchant_id == merchant_id, t.cases.c.conversation_id == conversation_id
            )
            .order_by(t.cases.c.id.desc())
            .limit(limit)
        )
        return (await self._session.scalars(query)).all()

    async def wanting(
        self, now: datetime, soon: datetime, limit: int
    ) -> Sequence[tuple[UUID, UUID]]:
        table = t.cases.c
        # The clock that counts now, as `Case.next_due` says it.
        due = or_(
            and_(table.first_response_at.is_(None), table.first_due_at < soon),
            and_(
                table.first_response_at.is_not(None),
                table.paused_since.is_(None),
                table.due_at < soon,
            ),
        )
        in_turn = t.merchants.c.desk["assignment"]["how"].as_string() == Assignment.in_turn
        waiting = t.conversations.c.holder == Holder.waiting
        query = (
            select(table.merchant_id, table.conversation_id)
            .join(t.merchants, t.merchants.c.id == table.merchant_id)
            .join(t.conversations, t.conversations.c.id == table.conversation_id)
            .where(
                table.closed_at.is_(None),
                or_(
                    table.snoozed_until <= now,
                    table.snoozed_for == SnoozedFor.parcel_moves,
                    and_(in_turn, waiting),
                    and_(table.late_at.is_(None), due),
                ),
            )
            .order_by(table.id)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in await self._session.execute(query)]

    async def settled_since(self, merchant_id: UUID, since: datetime, limit: int) -> Sequence[Case]:
        query = (
            select(Case)
            .where(
                t.cases.c.merchant_id == merchant_id,
                t.cases.c.closed_at >= since,
                t.cases.c.closed_by.is_not(None),
            )
            .order_by(t.cases.c.closed_at.desc())
            .limit(limit)
        )
        return (await self._session.scalars(query)).all()

    async def parcel_moved(self, case: Case) -> bool:
        told, shipments, threads = t.tracking_events.c, t.shipments.c, t.conversations.c
        query = (
            select(told.id)
            .join(t.shipments, shipments.id == told.shipment_id)
            .join(t.conversations, threads.contact_id == shipments.contact_id)
            .where(
                threads.id == case.conversation_id,
                told.merchant_id == case.merchant_id,
                told.received_at > case.snoozed_at,
            )
            .limit(1)
        )
        return await self._session.scalar(query) is not None

    async def colleagues(self, merchant_id: UUID, now: datetime) -> Sequence[Colleague]:
        users, held = t.users.c, t.conversations.c
        load = (
            select(held.agent_id, func.count().label("load"))
            .where(held.merchant_id == merchant_id, held.holder == Holder.agent)
            .group_by(held.agent_id)
            .subquery()
        )
        offered = (
            select(t.cases.c.offered_to, func.count().label("load"))
            .where(t.cases.c.merchant_id == merchant_id, t.cases.c.closed_at.is_(None))
            .group_by(t.cases.c.offered_to)
            .subquery()
        )
        last = (
            select(t.cases.c.agent_id, func.max(t.cases.c.opened_at).label("at"))
            .where(t.cases.c.merchant_id == merchant_id)
            .group_by(t.cases.c.agent_id)
            .subquery()
        )
        query: Any = (
            select(
                User,
                (func.coalesce(load.c.load, 0) + func.coalesce(offered.c.load, 0)).label("load"),
                t.presences.c.seen_at,
                last.c.at,
            )
            .outerjoin(load, load.c.agent_id == users.id)
            .outerjoin(offered, offered.c.offered_to == users.id)
            .outerjoin(t.presences, t.presences.c.user_id == users.id)
            .outerjoin(last, last.c.agent_id == users.id)
            .where(users.merchant_id == merchant_id, users.active)
            .order_by(users.name, users.id)
        )
        rows: Any = await self._session.execute(query)
        return [
            Colleague(user, load=load_now, here=_here(user, seen_at, now), last_case_at=last_at)
            for user, load_now, seen_at, last_at in rows
        ]


def _here(user: User, seen_at: datetime | None, now: datetime) -> Availability:
    """What colleagues see: somebody whose page is closed is away, whatever they had said."""
    if seen_at is None or now - seen_at > HERE_FOR:
        return Availability.away
    return user.availability


class Presences:
    """See `bot.services.ports.Presences`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(
        self, user: User, conversation_id: UUID | None, now: datetime, *, typing: bool
    ) -> bool:
        before = (
            await self._session.execute(
                select(
                    t.presences.c.conversation_id, t.presences.c.typed_at, t.presences.c.seen_at
                ).where(t.presences.c.user_id == user.id)
            )
        ).first()
        values = {
            "user_id": user.id,
            "merchant_id": user.merchant_id,
            "conversation_id": conversation_id,
            "seen_at": now,
            "typed_at": now if typing else None,
        }
        await self._session.execute(
            insert(t.presences)
            .values(values)
            .on_conflict_do_update(
                index_elements=["user_id"], set_={k: v for k, v in values.items() if k != "user_id"}
            )
        )
        if before is None:
            return True
        was_typing = before.typed_at is not None and now - before.typed_at < TYPING_FOR
        moved = before.conversation_id != conversation_id or now - before.seen_at > HERE_FOR
        return moved or was_typing != typing

    async def place(self, user: User) -> UUID | None:
        return await self._session.scalar(
            select(t.presences.c.conversation_id).where(t.presences.c.user_id == user.id)
        )

    async def leave(self, user: User) -> None:
        await self._session.execute(t.presences.delete().where(t.presences.c.user_id == user.id))

    async def at(
        self, merchant_id: UUID, conversation_id: UUID, now: datetime
    ) -> Sequence[Presence]:
        query = (
            select(t.presences.c.user_id, t.users.c.name, t.presences.c.typed_at)
            .join(t.users, t.users.c.id == t.presences.c.user_id)
            .where(
                t.presences.c.merchant_id == merchant_id,
                t.presences.c.conversation_id == conversation_id,
                t.presences.c.seen_at > now - HERE_FOR,
            )
            .order_by(t.users.c.name)
        )
        return [
            Presence(row.user_id, row.name, typing=_typing(row.typed_at, now))
            for row in await self._session.execute(query)
        ]

    async def read(self, user: User, conversation_id: UUID, now: datetime) -> None:
        row = {"user_id": user.id, "conversation_id": conversation_id, "at": now}
        await self._session.execute(
            insert(t.reads)
            .values(row)
            .on_conflict_do_update(index_elements=["user_id", "conversation_id"], set_={"at": now})
        )


def _typing(typed_at: datetime | None, now: datetime) -> bool:
    return typed_at is not None and now - typed_at < TYPING_FOR
