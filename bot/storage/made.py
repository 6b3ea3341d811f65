"""What a unit of work over many things has made: kept until its end, then written kind by kind.

Each kind is one statement, in the order in which tables refer to each other. What was made by
somebody else meanwhile ends the whole unit in a Conflict: whoever works on many does each by itself
then, and finds it.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import class_mapper

from bot.domain.errors import Conflict
from bot.storage import tables

_MADE = "made"


def keep_until_end(session: AsyncSession) -> None:
    """From now on what is made is kept, and written by `write`."""
    session.info[_MADE] = []


def keeps(session: AsyncSession, *things: object) -> bool:
    """Keep things, if the session's unit is one over many; else they are the caller's to write."""
    made: list[object] | None = session.info.get(_MADE)
    if made is None:
        return False
    made.extend(things)
    return True


async def write(session: AsyncSession) -> None:
    """Write all that was kept. Raises Conflict: some of it is there already."""
    made: list[object] = session.info.get(_MADE, [])
    rows = _by_table(made)
    made.clear()
    for table in tables.metadata.sorted_tables:
        for given in rows.get(table, {}).values():
            try:
                done = (await session.execute(_insertion(table), given)).all()
            except IntegrityError as error:
                raise Conflict(str(error.orig)) from error
            if len(done) < len(given):
                raise Conflict(f"some of {table.name} were there already")


type _Rows = dict[frozenset[str], list[dict[str, Any]]]


def _by_table(made: Iterable[object]) -> dict[Any, _Rows]:
    """Values by table, and there by which columns are given: those left out have their default."""
    rows: dict[Any, _Rows] = defaultdict(lambda: defaultdict(list))
    for thing in made:
        table = class_mapper(type(thing)).local_table
        known = vars(thing)
        values = {name: known[name] for name in _columns(table) if name in known}
        rows[table][frozenset(values)].append(values)
    return rows


@cache
def _columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


@cache
def _insertion(table: Any) -> Any:
    return insert(table).on_conflict_do_nothing().returning(table.c.id)
