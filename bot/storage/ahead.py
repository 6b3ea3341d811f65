"""What a unit of work over many things has read ahead of them, with one statement for all.

A use case does one thing and asks for what that needs. Where many of the same kind are done in one
transaction, what they will ask for is read before, and each finds it here without a round trip.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

# By the id of the thing itself, or of whose it is.
MESSAGE, RUN = "message", "run"
HISTORY, RUNS, CONSENTS = "history", "runs", "consents"
IDENTITIES, CONVERSATIONS = "identities", "conversations"
ACTIVE, TEMPLATES = "active flows", "templates"

_AHEAD = "read ahead"
NOTHING = object()
"""Nobody has read this ahead: ask the database."""


def put(session: AsyncSession, what: str, found: Mapping[Any, object]) -> None:
    """Keep answers of one kind, by what they answer; they are the session's, until its end."""
    session.info.setdefault(_AHEAD, {}).setdefault(what, {}).update(found)


def put_lists[Whose: Hashable](
    session: AsyncSession,
    what: str,
    asked: Iterable[Whose],
    found: Iterable[tuple[Whose, object]],
) -> None:
    """Keep lists by whose they are; whoever has none has an empty one."""
    lists: dict[Whose, list[object]] = defaultdict(list)
    for whose, one in found:
        lists[whose].append(one)
    put(session, what, {whose: lists[whose] for whose in asked})


def of(session: AsyncSession, what: str, key: Hashable) -> Any:
    """What was read ahead, or `NOTHING`."""
    return session.info.get(_AHEAD, {}).get(what, {}).get(key, NOTHING)


def forget(session: AsyncSession, what: str) -> None:
    """What has been changed since is asked for again."""
    session.info.get(_AHEAD, {}).pop(what, None)
