"""When a notice that has been held up may still go: by its recipient's night, and while it has a sense."""

from datetime import datetime
from typing import Any

from bot.domain.conversation import Contact, Message
from bot.services.change_delivery import policy_of
from bot.services.ports import UnitOfWork
from bot.services.quiet_times import may_go_at

TOO_LATE = "not sent: it would have come too late to be of use"
_GOOD_UNTIL = "good_until"


def kept_good(until: datetime) -> dict[str, Any]:
    """Until when a notice has a sense, as it is kept among what is known of it."""
    return {_GOOD_UNTIL: until.isoformat()}


async def goes_at(
    unit: UnitOfWork, message: Message, contact: Contact, now: datetime
) -> datetime | None:
    """The first moment from `now` on at which a notice may go; None where that is too late for it."""
    policy = await policy_of(unit, message.merchant_id)
    goes = may_go_at(policy, contact, message.purpose, now)
    until = message.variables.get(_GOOD_UNTIL)
    return None if until and goes > datetime.fromisoformat(until) else goes
