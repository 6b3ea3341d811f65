"""What a unit of work over many things has made or changed, written at its end kind by kind.

Each kind is one statement, and its rows are one value of it: JSON, which PostgreSQL itself reads into
rows of the table. What was made by somebody else meanwhile ends the whole unit in a Conflict:
whoever works on many does each by itself then, and finds it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, TextClause, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import class_mapper
from sqlalchemy.orm.attributes import get_history

from bot.domain.errors import Conflict
from bot.storage import tables

_ALL, _LATE = "all that is made", "made, not written"


def keep_until_end(session: AsyncSession) -> None:
    """From now on all that is made is kept, and written by `write`."""
    session.info[_ALL] = True
    write_late(session)


def write_late(session: AsyncSession) -> None:
    """From now on `late` keeps what it is given, and changes can be written by `write_changes`."""
    session.info[_LATE] = []


def keeps(session: AsyncSession, *things: object) -> bool:
    """Keep things, if the session's unit is one over many; else they are the caller's to write."""
    return session.info.get(_ALL, False) and late(session, *things)


def late(session: AsyncSession, *things: object) -> bool:
    """Keep things that nobody else can have made, if the session writes late."""
    kept: list[object] | None = session.info.get(_LATE)
    if kept is None:
        return False
    kept.extend(things)
    return True


async def write(session: AsyncSession) -> None:
    """Write all that was kept. Raises Conflict: some of it is there already."""
    kept: list[object] = session.info.get(_LATE, [])
    rows = _by_table(kept)
    kept.clear()
    for table in _in_order():
        for names, given in rows.get(table, {}).items():
            try:
                insertion = _insertion(table, names)
                done: Any = await session.execute(insertion, {"rows": _json(given)})
            except IntegrityError as error:
                raise Conflict(str(error.orig)) from error
            if done.rowcount < len(given):
                raise Conflict(f"some of {table.name} were there already")


async def write_changes(session: AsyncSession) -> None:
    """Write what has changed of the things that were read, and let go of them: the unit ends.

    Does nothing in a session that does not write late.
    """
    if _LATE not in session.info:
        return
    changed: dict[Any, _Rows] = defaultdict(lambda: defaultdict(list))
    things: list[object] = list(session.dirty)
    for thing in things:
        table = class_mapper(type(thing)).local_table
        values = _changes(thing)
        if values:
            changed[table][tuple(values)].append({"id": vars(thing)["id"], **values})
        session.expunge(thing)
    for table in _in_order():
        for names, rows in changed.get(table, {}).items():
            await session.execute(_update(table, names), {"rows": _json(rows)})


type _Rows = dict[tuple[str, ...], list[Mapping[str, Any]]]


def _by_table(made: Iterable[object]) -> dict[Any, _Rows]:
    """Values by table, and there by which columns are given: those left out have their default."""
    rows: dict[Any, _Rows] = defaultdict(lambda: defaultdict(list))
    for thing in made:
        table = class_mapper(type(thing)).local_table
        known = vars(thing)
        values = {name: known[name] for name in _columns(table) if name in known}
        rows[table][tuple(values)].append(values)
    return rows


def _changes(thing: object) -> dict[str, Any]:
    state = inspect(thing, raiseerr=True)
    touched = _columns(class_mapper(type(thing)).local_table)
    untouched = state.unmodified
    return {
        name: vars(thing)[name]
        for name in touched
        if name not in untouched and get_history(thing, name).has_changes()
    }


@cache
def _in_order() -> Sequence[Table]:
    """The tables, each after those that it refers to."""
    return tables.metadata.sorted_tables


@cache
def _columns(table: Any) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


@cache
def _insertion(table: Table, names: tuple[str, ...]) -> TextClause:
    columns = ", ".join(f'"{name}"' for name in names)
    return text(
        f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {_given(table)}"  # noqa: S608  our own names
        " ON CONFLICT DO NOTHING"
    )


@cache
def _update(table: Table, names: tuple[str, ...]) -> TextClause:
    new = ", ".join(f'"{name}" = given."{name}"' for name in names)
    return text(
        f"UPDATE {table.name} SET {new} FROM {_given(table)} WHERE {table.name}.id = given.id"  # noqa: S608  our own names
    )


def _given(table: Table) -> str:
    return f"json_populate_recordset(NULL::{table.name}, CAST(:rows AS json)) AS given"


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(rows), default=_text)


def _text(value: Any) -> str:
    """Ids and times as PostgreSQL reads them."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
