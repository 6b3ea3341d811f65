"""The audit: who did what to what, written in the transaction that does it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry, User
from bot.services.ports import UnitOfWork


def audit(
    unit: UnitOfWork,
    user: User,
    action: str,
    subject: tuple[str, UUID],
    now: datetime,
    *,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Record that a user did something; `subject` is its kind and id ("conversation", ...).

    Args:
        details: numbers, ids and words of ours; nothing of a person.
    """
    kind, thing = subject
    unit.add(
        AuditEntry(
            id=new_id(),
            merchant_id=user.merchant_id,
            actor=f"user:{user.id}",
            action=action,
            subject=f"{kind}:{thing}",
            at=now,
            details=dict(details or {}),
        )
    )
