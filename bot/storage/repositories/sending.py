"""What a provider approved, and at which pace it is sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    select,
    text,
)

from bot.domain.pace import Pace
from bot.domain.templates import Template
from bot.storage import ahead, made
from bot.storage import tables as t
from bot.storage.repositories.base import Repository


class Templates(Repository):
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


class Paces(Repository):
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

    async def put_off(self, until: Mapping[str, datetime]) -> None:
        if until:
            keys = sorted(until)
            values = {"keys": keys, "until": [until[key] for key in keys]}
            await self._session.execute(_silence(), values)


@cache
def _silence() -> Any:
    return text(
        "INSERT INTO paces (key, free_at)"
        " SELECT key, free_at FROM unnest(CAST(:keys AS text[]), CAST(:until AS timestamptz[]))"
        " AS wanted (key, free_at) ORDER BY key"
        " ON CONFLICT (key) DO UPDATE SET free_at = greatest(paces.free_at, excluded.free_at)"
    )


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
