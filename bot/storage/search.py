"""Finding conversations: by words that were said, by name or mail, by number, by parcel."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MOST_FOUND = 60
_READ = 400
"""Messages looked through, the newest first, so that one long talk does not hide the others."""
_SNIPPET = 120
_WORDS_AT_MOST = 8
_DIGITS = 4
"""Digits that make a number worth looking for."""

_SAID = text(
    "SELECT conversation_id, text FROM messages"
    " WHERE to_tsvector('simple', doorstep_fold(text)) @@ to_tsquery('simple', doorstep_fold(:words))"
    " AND merchant_id = :merchant AND (author <> 'system' OR kind = 'comment')"
    " ORDER BY id DESC LIMIT :limit"
)
_CALLED = text(
    "SELECT conversations.id, contacts.name FROM contacts"
    " JOIN conversations ON conversations.contact_id = coalesce(contacts.merged_into, contacts.id)"
    " WHERE to_tsvector('simple', doorstep_fold(contacts.name || ' ' || coalesce(contacts.email, '')))"
    " @@ to_tsquery('simple', doorstep_fold(:words)) AND contacts.merchant_id = :merchant"
    " ORDER BY conversations.last_message_at DESC LIMIT :limit"
)
_NUMBERED = text(
    "SELECT conversations.id, '' FROM contacts"
    " JOIN conversations ON conversations.contact_id = coalesce(contacts.merged_into, contacts.id)"
    " WHERE contacts.merchant_id = :merchant AND reverse(contacts.phone) LIKE :ending LIMIT :limit"
)
_PARCELS = text(
    "SELECT conversations.id, shipments.reference FROM shipments"
    " JOIN conversations ON conversations.contact_id = shipments.contact_id"
    " WHERE shipments.merchant_id = :merchant AND (upper(shipments.reference) LIKE :begins"
    " OR upper(shipments.tracking_number) LIKE :begins) LIMIT :limit"
)


class Search:
    """Finds by anything an agent would type; accents and capitals do not matter."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def __call__(self, merchant_id: UUID, typed: str) -> Mapping[UUID, str]:
        """The conversations found, each with the words by which it was; at most MOST_FOUND."""
        found: dict[UUID, str] = {}
        words = tsquery(typed)
        about: dict[str, Any] = {"merchant": merchant_id, "limit": MOST_FOUND}
        code = re.sub(r"\s", "", typed).upper()
        if len(code) >= 3 and any(sign.isdigit() for sign in code):
            await self._add(found, _PARCELS, about | {"begins": _escaped(code) + "%"})
        digits = re.sub(r"\D", "", typed)
        if len(digits) >= _DIGITS:
            ending = digits.lstrip("0")[::-1] or digits
            await self._add(found, _NUMBERED, about | {"ending": ending + "%"})
        if words:
            await self._add(found, _CALLED, about | {"words": words})
            await self._add(found, _SAID, about | {"words": words, "limit": _READ})
        return dict(list(found.items())[:MOST_FOUND])

    async def _add(self, found: dict[UUID, str], query: Any, values: dict[str, Any]) -> None:
        rows: Any = await self._session.execute(query, values)
        for conversation_id, words in rows:
            found.setdefault(conversation_id, words[:_SNIPPET])


def tsquery(typed: str) -> str:
    """All of the words, the last one perhaps not finished; empty when there are none."""
    words = re.findall(r"\w+", typed.replace("_", " "))[:_WORDS_AT_MOST]
    if not words:
        return ""
    *whole, last = words
    return " & ".join([*(f"'{word}'" for word in whole), f"'{last}':*"])


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
