"""Who may do what in the console: one table, asked by the services and by the pages."""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.errors import Refused
from bot.domain.merchant import Role, User


class Right(StrEnum):
    """Something that not everybody who is signed in may do."""

    converse = "converse"
    """See conversations and parcels, and answer customers."""
    lead = "lead"
    """See how the others do, and what they did."""
    hold_data = "hold_data"
    """Give out, or erase, everything about a customer."""
    manage_people = "manage_people"
    """Invite colleagues, change their roles, shut them out."""


_AGENT = frozenset({Right.converse})
_SUPERVISOR = _AGENT | {Right.lead, Right.hold_data}
_ADMIN = _SUPERVISOR | {Right.manage_people}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.agent: _AGENT,
    Role.supervisor: _SUPERVISOR,
    Role.admin: _ADMIN,
    Role.owner: _ADMIN,
}
_RANK = {role: place for place, role in enumerate(Role)}


def may(role: Role, right: Right) -> bool:
    """Whether a role includes a right."""
    return right in RIGHTS[role]


def demand(user: User, right: Right) -> None:
    """Raises Refused when the user's role does not include the right."""
    if not may(user.role, right):
        raise Refused("not_your_right")


def givable(role: Role) -> tuple[Role, ...]:
    """The roles that somebody may give to others, the least first: none above their own."""
    if not may(role, Right.manage_people):
        return ()
    return tuple(other for other in Role if _RANK[other] <= _RANK[role])


def demand_over(user: User, role: Role) -> None:
    """Raises Refused unless the user may give this role, or take it from whoever has it."""
    if role not in givable(user.role):
        raise Refused("not_your_right")
