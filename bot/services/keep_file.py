"""Keeping a file beside its message."""

from datetime import datetime
from uuid import UUID

from bot.domain.conversation import Message
from bot.domain.ids import new_id
from bot.domain.media import Media
from bot.services.ports import MediaStore, UnitOfWork


async def keep_file(
    unit: UnitOfWork,
    store: MediaStore,
    message: Message,
    content: bytes,
    now: datetime,
    *,
    media_id: UUID | None = None,
) -> Media:
    """Keep a file that is here already, within the unit's transaction."""
    digest, content_type = await store.keep(content)
    found = Media(media_id or new_id(), message.merchant_id, message.id, now)
    found.digest, found.content_type, found.size = digest, content_type, len(content)
    unit.add(found)
    return found
