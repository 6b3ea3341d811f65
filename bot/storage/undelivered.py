"""Messages that have reached nobody: failed, and not told by another channel."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from bot.domain.conversation import MessageStatus
from bot.storage import tables as t

SHOWN_FOR = timedelta(days=14)
"""How long one keeps its conversation in the view of those not delivered."""


def not_delivered(merchant_id: UUID) -> ColumnElement[bool]:
    """A merchant's messages that have failed; a notice that went on to another channel has not."""
    messages, anew = t.messages.c, t.messages.alias().c
    told_instead = exists().where(
        anew.conversation_id == messages.conversation_id,
        anew.id > messages.id,
        anew.stands_in_for == messages.id,
    )
    return and_(
        messages.merchant_id == merchant_id, messages.status == MessageStatus.failed, ~told_instead
    )


def threads(merchant_id: UUID, now: datetime) -> ColumnElement[bool]:
    """Conversations in which something was lately not delivered."""
    messages = t.messages.c
    lately = messages.created_at > now - SHOWN_FOR
    found = select(messages.conversation_id).where(not_delivered(merchant_id), lately)
    return t.conversations.c.id.in_(found)
