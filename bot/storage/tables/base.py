"""What all tables are made of."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    MetaData,
    Text,
    TypeDecorator,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> Column[Any]:
    """Its own id."""
    return Column("id", Uuid, primary_key=True)


def of(table: str, name: str, *, null: bool = False, index: bool = False) -> Column[Any]:
    """A reference to another table."""
    return Column(name, Uuid, ForeignKey(f"{table}.id"), nullable=null, index=index)


def merchant() -> Column[Any]:
    """Whose it is."""
    return of("merchants", "merchant_id", index=True)


def string(name: str, default: str | None = "") -> Column[Any]:
    """A text; with no default it has to be given."""
    return Column(name, Text, nullable=False, server_default=default)


class Word(TypeDecorator[StrEnum]):
    """One of a StrEnum's words, kept as text so that a new word needs no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


def word(name: str, words: type[StrEnum], default: str | None = None) -> Column[Any]:
    """One of a StrEnum's words."""
    return Column(name, Word(words), nullable=False, server_default=default)


def instant(name: str, *, null: bool = False) -> Column[Any]:
    """A moment, in UTC."""
    return Column(name, TIMESTAMP(timezone=True), nullable=null)


def document(name: str, default: str = "{}") -> Column[Any]:
    """JSON, as it is."""
    return Column(name, JSONB, nullable=False, server_default=text(f"'{default}'::jsonb"))


def flag(name: str, default: str = "false") -> Column[Any]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False, server_default=text(default))
