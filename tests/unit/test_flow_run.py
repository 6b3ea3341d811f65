"""Which runs may go on by another version of their flow."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from bot.domain.flow import FlowRun
from bot.domain.flow_run import hinders_move, stands
from bot.domain.read_flow import read_flow
from tests.conftest import MONDAY_MORNING

TELL = {"send": {"say": "flow_delivered"}}
WAIT, LONGER = {"wait": "1h"}, {"wait": "2h"}
PEOPLE = {"escalate": "engine"}


def at(step: int, **facts: Any) -> FlowRun:
    ids = (uuid4(), uuid4(), uuid4(), uuid4())
    return FlowRun(*ids, "key", step, MONDAY_MORNING, facts=facts)


@pytest.mark.parametrize(
    ("step", "old", "new", "hinders"),
    [
        (0, [WAIT, TELL], [LONGER, TELL], ""),
        (1, [WAIT, TELL], [WAIT, TELL, PEOPLE], ""),
        (1, [WAIT, TELL], [WAIT], ""),
        (1, [WAIT, TELL], [LONGER, TELL], "done"),
        (1, [WAIT, TELL], [WAIT, PEOPLE], "stands"),
    ],
)
def test_a_run_can_be_moved_where_its_past_is_the_same(
    step: int, old: list[Any], new: list[Any], hinders: str
) -> None:
    plans = [
        read_flow({"trigger": {"status": "delivered"}, "steps": steps}) for steps in (old, new)
    ]
    assert hinders in hinders_move(at(step), *plans)
    assert bool(hinders) == bool(hinders_move(at(step), *plans))


def test_a_run_of_a_variant_that_is_gone_stays() -> None:
    varied = {"trigger": {"status": "delivered"}, "steps": [WAIT], "variants": {"a": 50, "b": 50}}
    plain = {"trigger": {"status": "delivered"}, "steps": [WAIT]}
    plans = read_flow(varied), read_flow(plain)
    assert "variant a" in hinders_move(at(0, variant="a"), *plans)


def test_a_run_says_why_it_stands_and_until_when() -> None:
    run, paris = at(0), ZoneInfo("Europe/Paris")
    assert stands(run, paris) == "begun"
    held = replace(run, note="held: quiet hours", due_at=MONDAY_MORNING + timedelta(hours=23))
    hour = held.due_at.astimezone(paris) if held.due_at else None
    assert stands(held, paris) == f"held: quiet hours until {hour:%Y-%m-%d %H:%M}"
    done = replace(held, note="sent by sms", finished_at=MONDAY_MORNING)
    assert stands(done, paris) == "sent by sms"
