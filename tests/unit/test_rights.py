"""Who may do what: the one table, and what nobody may."""

from itertools import pairwise
from uuid import uuid4

import pytest

from bot.domain.errors import Refused
from bot.domain.merchant import Role, User
from bot.domain.rights import RIGHTS, Right, demand, demand_over, givable, may
from tests.conftest import MONDAY_MORNING


def user(role: Role) -> User:
    return User(uuid4(), uuid4(), "a@b.example", "A", role, "", MONDAY_MORNING)


def test_each_role_may_what_the_one_below_may() -> None:
    assert set(RIGHTS) == set(Role)
    for lower, higher in pairwise(Role):
        assert RIGHTS[lower] <= RIGHTS[higher]


@pytest.mark.parametrize(
    ("right", "least"),
    [
        (Right.converse, Role.agent),
        (Right.lead, Role.supervisor),
        (Right.hold_data, Role.supervisor),
        (Right.manage_people, Role.admin),
    ],
)
def test_who_has_a_right(right: Right, least: Role) -> None:
    order = list(Role)
    for role in Role:
        allowed = order.index(role) >= order.index(least)
        assert may(role, right) is allowed
        if allowed:
            demand(user(role), right)
        else:
            with pytest.raises(Refused, match="not_your_right"):
                demand(user(role), right)


def test_every_right_is_somebodys() -> None:
    assert {right for rights in RIGHTS.values() for right in rights} == set(Right)


def test_nobody_gives_a_role_above_their_own_and_who_manages_nobody_gives_none() -> None:
    assert givable(Role.owner) == tuple(Role)
    assert givable(Role.admin) == (Role.agent, Role.supervisor, Role.admin)
    assert givable(Role.supervisor) == givable(Role.agent) == ()
    demand_over(user(Role.admin), Role.admin)
    with pytest.raises(Refused):
        demand_over(user(Role.admin), Role.owner)
