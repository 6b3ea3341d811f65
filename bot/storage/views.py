"""Views of the queue that were kept, and how much in each is late."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.saved_view import SavedView
from bot.services.inbox import View
from bot.storage import tables as t
from bot.storage.inbox import DUE, narrowed, part


class Views:
    """See `bot.services.ports.Views`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def seen_by(
        self, merchant_id: UUID, user_id: UUID, *, lock: bool = False
    ) -> Sequence[SavedView]:
        table = t.saved_views.c
        query = (
            select(SavedView)
            .where(
                table.merchant_id == merchant_id,
                or_(table.owner_id.is_(None), table.owner_id == user_id),
            )
            .order_by(table.owner_id.is_not(None), table.id)
        )
        return (await self._session.scalars(query.with_for_update() if lock else query)).all()

    async def remove(self, view: SavedView) -> None:
        await self._session.delete(view)

    async def late_in(
        self, merchant_id: UUID, user_id: UUID, views: Sequence[View], now: datetime
    ) -> Sequence[int]:
        if not views:
            return []
        late = (now >= DUE) & t.cases.c.snoozed_for.is_(None)
        counts = [
            func.count().filter(part(view, merchant_id, user_id, now) & narrowed(view))
            for view in views
        ]
        # One pass over what is late, however many views there are.
        query = (
            select(*counts)
            .select_from(t.cases)
            .join(t.conversations, t.conversations.c.id == t.cases.c.conversation_id)
            .join(t.contacts, t.contacts.c.id == t.conversations.c.contact_id)
            .outerjoin(t.identities, t.identities.c.id == t.conversations.c.identity_id)
            .where(t.cases.c.merchant_id == merchant_id, t.cases.c.closed_at.is_(None), late)
        )
        return list((await self._session.execute(query)).one())
