"""How the desk stands and has done: counted by the database."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.merchant import AuditEntry
from bot.services.inbox import Board, Day
from bot.storage import tables as t

_TODAY = timedelta(days=1)

_NOW = text(
    "SELECT count(*) FILTER (WHERE holder = 'waiting') AS waiting,"
    " min(waiting_since) FILTER (WHERE holder = 'waiting') AS oldest_since,"
    " count(*) FILTER (WHERE holder = 'agent') AS held,"
    " count(*) FILTER (WHERE snoozed_for IS NOT NULL) AS snoozed,"
    " count(*) FILTER (WHERE snoozed_for IS NULL AND CASE WHEN first_response_at IS NULL THEN"
    " first_due_at WHEN paused_since IS NULL THEN due_at END <= :now) AS late"
    " FROM cases JOIN conversations ON conversations.id = cases.conversation_id"
    " WHERE cases.merchant_id = :merchant AND closed_at IS NULL"
)
_DAYS = text(
    """
    WITH talks AS (
      SELECT (created_at AT TIME ZONE :zone)::date AS day, conversation_id
      FROM messages
      WHERE merchant_id = :merchant AND author = 'customer'
        AND created_at >= :since AND created_at < :until
      GROUP BY 1, 2
    ), handed AS (
      SELECT (opened_at AT TIME ZONE :zone)::date AS day, conversation_id, reopened,
        first_response_at - opened_at AS first_response, closed_at - opened_at AS resolution,
        closed_at, late_at
      FROM cases
      WHERE merchant_id = :merchant AND opened_at >= :since AND opened_at < :until
    ), scores AS (
      SELECT (cases.opened_at AT TIME ZONE :zone)::date AS day, avg(surveys.score)::float8 AS score
      FROM cases
      JOIN conversations ON conversations.id = cases.conversation_id
      JOIN surveys ON surveys.contact_id = conversations.contact_id
        AND surveys.scored_at BETWEEN cases.closed_at AND cases.closed_at + interval '7 days'
      WHERE cases.merchant_id = :merchant AND cases.opened_at >= :since
        AND cases.opened_at < :until AND cases.agent_id IS NOT NULL
      GROUP BY 1
    )
    SELECT day, coalesce(said.talks, 0) AS talks,
      coalesce(said.talks, 0) - coalesce(said.with_case, 0) AS contained,
      coalesce(done.opened, 0) AS opened, coalesce(done.closed, 0) AS closed,
      coalesce(done.reopened, 0) AS reopened, coalesce(done.late, 0) AS late,
      done.first_response, done.resolution, scores.score
    FROM (
      SELECT talks.day, count(*) AS talks, count(*) FILTER (WHERE EXISTS (
        SELECT FROM cases WHERE cases.conversation_id = talks.conversation_id
          AND (cases.opened_at AT TIME ZONE :zone)::date <= talks.day
          AND (cases.closed_at IS NULL OR (cases.closed_at AT TIME ZONE :zone)::date >= talks.day)
      )) AS with_case
      FROM talks GROUP BY talks.day
    ) said
    FULL JOIN (
      SELECT day, count(*) AS opened, count(closed_at) AS closed,
        count(*) FILTER (WHERE reopened) AS reopened, count(late_at) AS late,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY first_response) AS first_response,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY resolution) AS resolution
      FROM handed GROUP BY day
    ) done USING (day)
    LEFT JOIN scores USING (day)
    ORDER BY day DESC
    """
)


async def now(session: AsyncSession, merchant_id: UUID, at: datetime) -> Board:
    """See `Inbox.board`."""
    values = {"merchant": merchant_id, "now": at}
    row = (await session.execute(_NOW, values)).mappings().one()
    messages = t.messages.c
    answered = await session.execute(
        select(messages.agent_id, func.count())
        .where(
            messages.merchant_id == merchant_id,
            messages.author == "agent",
            messages.created_at > at - _TODAY,
        )
        .group_by(messages.agent_id)
    )
    settled = await session.execute(
        select(t.cases.c.closed_by, func.count())
        .where(t.cases.c.merchant_id == merchant_id, t.cases.c.closed_at > at - _TODAY)
        .group_by(t.cases.c.closed_by)
    )
    by_agent: dict[UUID, int] = {agent: count for agent, count in answered if agent}
    return Board(**row, answered_today=by_agent, settled_today={a: n for a, n in settled if a})


async def days(
    session: AsyncSession, merchant_id: UUID, since: datetime, until: datetime, zone: str
) -> Sequence[Day]:
    """See `Inbox.days`."""
    values = {"merchant": merchant_id, "since": since, "until": until, "zone": zone}
    rows: Any = (await session.execute(_DAYS, values)).mappings()
    return [Day(**row) for row in rows]


async def trail(
    session: AsyncSession, merchant_id: UUID, before: datetime | None, limit: int
) -> Sequence[tuple[AuditEntry, str]]:
    """See `Inbox.trail`."""
    query = (
        select(AuditEntry, func.coalesce(t.users.c.name, ""))
        .outerjoin(t.users, t.audit.c.actor == func.concat("user:", t.users.c.id))
        .where(t.audit.c.merchant_id == merchant_id)
        .order_by(t.audit.c.at.desc(), t.audit.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(t.audit.c.at < before)
    return [(entry, name) for entry, name in await session.execute(query)]
