"""Who is asked to take a case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from bot.domain.merchant import Availability, User

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Colleague:
    """Somebody who works for a merchant, as they are now."""

    user: User
    load: int
    """Conversations in their hands or offered to them."""
    here: Availability
    last_case_at: datetime | None = None


def next_in_turn(
    colleagues: Sequence[Colleague],
    language: str,
    topic: str,
    at_most: int,
    skip: Collection[UUID] = (),
) -> UUID | None:
    """The one who is there, can do it, has least to do, and whose last case is longest ago.

    None where there is nobody; then it waits for whoever takes it.
    """
    able = [
        one
        for one in colleagues
        if one.here is Availability.online
        and one.load < at_most
        and one.user.id not in skip
        and one.user.can(language, topic)
    ]
    if not able:
        return None
    turn = min(able, key=lambda one: (one.load, one.last_case_at or _NEVER, str(one.user.id)))
    return turn.user.id
