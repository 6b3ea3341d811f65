"""What every repository can do."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.errors import Conflict, NotFound
from bot.storage import made


class Repository:
    """What all of them do: every query is scoped to its merchant."""

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
            return (await self._session.execute(insertion(table), values)).first() is not None
        except IntegrityError as error:
            # What it belongs to went elsewhere meanwhile, as a thread does that is merged.
            raise Conflict(str(error.orig)) from error


@cache
def insertion(table: Any) -> Any:
    """Insert unless a unique key is taken. Built once, since building takes longer than running."""
    return insert(table).on_conflict_do_nothing().returning(table.c.id)
