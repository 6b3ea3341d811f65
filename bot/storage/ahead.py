"""What a unit of work over many things has read ahead of them, with one statement for all.

A use case does one thing and asks for what that needs. Where many of the same kind are done in one
transaction, what they will ask for is read before, and each finds it here without a round trip.
"""

from collections.abc import Hashable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

_AHEAD = "read ahead"
NOTHING = object()
"""Nobody has read this ahead: ask the database."""


def put(session: AsyncSession, what: str, found: Mapping[Any, object]) -> None:
    """Keep answers of one kind, by what they answer; they are the session's, until its end."""
    session.info.setdefault(_AHEAD, {}).setdefault(what, {}).update(found)


def of(session: AsyncSession, what: str, key: Hashable) -> Any:
    """What was read ahead, or `NOTHING`."""
    return session.info.get(_AHEAD, {}).get(what, {}).get(key, NOTHING)


def forget(session: AsyncSession, what: str, key: Hashable) -> None:
    """What has been changed since is asked for again."""
    session.info.get(_AHEAD, {}).get(what, {}).pop(key, None)


def forget_all(session: AsyncSession, what: str) -> None:
    """The same for all of a kind."""
    session.info.get(_AHEAD, {}).pop(what, None)
