"""Every column that can hold words is either erased, or named as kept and why."""

import pytest
from sqlalchemy import Column, Enum, Float, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB

from bot.storage import tables as t
from bot.storage.personal import DELETED, KEPT, OTHERS, erased
from tests.conftest import MONDAY_MORNING

ERASED = {table.name: set(values) for table, values in erased(MONDAY_MORNING).items()}


def holds_words(column: Column[object]) -> bool:
    """Whether anything of a person could stand there: words, JSON, bytes, a place on the map."""
    if isinstance(column.type, t.Word | Enum):
        return False
    return isinstance(
        column.type, Text | JSONB | LargeBinary | Float
    ) or column.type.python_type in (
        str,
        bytes,
        dict,
        list,
    )


# A weight of ours is no place on the map.
NUMBERS = {("attempts", "score")}


@pytest.mark.parametrize("table", sorted(t.metadata.tables))
def test_every_column_that_holds_words_is_erased_or_named_as_kept(table: str) -> None:
    if table in OTHERS or table in {one.name for one in DELETED}:
        return
    columns = t.metadata.tables[table].columns
    decided = ERASED.get(table, set()) | set(KEPT.get(table, {}))
    open_ = [c.name for c in columns if holds_words(c) and (table, c.name) not in NUMBERS]
    missing = [name for name in open_ if name not in decided]
    assert not missing, (
        f"{table}: {', '.join(missing)}: say in bot/storage/personal.py what an erasure does there"
    )


def test_nothing_is_both_erased_and_kept_and_nothing_is_named_that_is_not_there() -> None:
    for table, names in KEPT.items():
        assert not ERASED.get(table, set()) & set(names), table
    for table, names in [*ERASED.items(), *KEPT.items()]:
        assert set(names) <= set(t.metadata.tables[table].columns.keys()), table
    assert set(OTHERS) <= set(t.metadata.tables)
    assert not set(OTHERS) & (set(KEPT) | set(ERASED))
