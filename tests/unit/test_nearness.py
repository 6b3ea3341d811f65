"""How soon a courier can be there, and when that is near."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attempt import Seen
from bot.domain.errors import Invalid
from bot.domain.estimate import By
from bot.domain.flow import Trigger
from bot.domain.nearness import Near, approach, comes_nearer, stops_before, too_early
from bot.domain.places import Place
from bot.domain.read_flow import read_flow
from bot.domain.when import Window

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOME: Place = (48.8566, 2.3522)
MINUTE = timedelta(minutes=1)


def north(kilometres: float) -> Place:
    return HOME[0] + kilometres / 111.2, HOME[1]


@given(st.floats(0, 30), st.integers(0, 60))
def test_soonest_likely_and_latest_are_in_their_order(kilometres: float, stops: int) -> None:
    found = approach(north(kilometres), HOME, stops)
    assert timedelta() <= found.soonest <= found.likely <= found.latest
    further = approach(north(kilometres + 1), HOME, stops + 1)
    assert further.soonest > found.soonest
    assert further.latest > found.latest
    estimate = found.estimate(NOON)
    if estimate is not None:
        assert estimate.by is By.position
        assert estimate.window.start <= NOON + found.soonest
        assert estimate.window.end >= NOON + found.latest
        assert estimate.window.end - estimate.window.start <= timedelta(minutes=100)


def test_around_the_corner() -> None:
    found = approach(north(0.5), HOME, 0)
    assert found.likely == pytest.approx(timedelta(minutes=2), abs=MINUTE)
    estimate = found.estimate(NOON)
    assert estimate is not None
    assert estimate.window == Window(NOON, NOON + timedelta(minutes=15))


@pytest.mark.parametrize(("kilometres", "stops"), [(20, 0), (1, 30)])
def test_far_away_or_many_stops_say_nothing(kilometres: float, stops: int) -> None:
    assert approach(north(kilometres), HOME, stops).estimate(NOON) is None


def test_stops_are_doors_and_those_that_lie_nearer() -> None:
    doors = {"a": north(3), "b": north(1), "c": north(1), "d": north(5)}
    assert stops_before(HOME, doors) == {"b": 0, "c": 0, "a": 1, "d": 2}


@pytest.mark.parametrize(
    ("kilometres", "coming"),
    [
        ((3.0, 2.0, 1.0), True),
        ((1.0, 2.0), False),
        # Parked around the corner, and a single position: nobody can tell.
        ((0.5, 0.5, 0.52), False),
        ((0.5,), False),
        ((), False),
    ],
)
def test_who_comes_nearer(kilometres: tuple[float, ...], coming: bool) -> None:
    seen = [Seen(NOON + n * MINUTE, north(km)) for n, km in enumerate(kilometres)]
    assert comes_nearer(seen, HOME) is coming


def test_what_was_long_ago_does_not_count() -> None:
    seen = [Seen(NOON - timedelta(hours=2), north(9)), Seen(NOON, north(1))]
    assert not comes_nearer(seen, HOME)


def test_a_window_that_begins_later_is_not_disturbed() -> None:
    afternoon = Window(NOON + timedelta(hours=2), NOON + timedelta(hours=4))
    assert too_early(afternoon, Near(10.0, 0), NOON)
    assert not too_early(afternoon, Near(10.0, 0), NOON + timedelta(hours=1, minutes=50))
    assert not too_early(None, Near(10.0, 0), NOON)


STEPS = [{"send": {"say": "x"}}]


@pytest.mark.parametrize(
    ("written", "within", "stops"),
    [
        (None, 15, None),
        ({}, 15, None),
        ({"minutes": 30}, 30, None),
        ({"stops": 2}, None, 2),
        ({"minutes": 5, "stops": 0}, 5, 0),
    ],
)
def test_the_trigger_is_read(written: object, within: int | None, stops: int | None) -> None:
    trigger = read_flow({"trigger": {"near": written}, "steps": STEPS}).trigger
    time = None if within is None else timedelta(minutes=within)
    assert trigger == Trigger("near", "courier", within=time, stops=stops)


@pytest.mark.parametrize(
    "written", ["soon", 15, {"minutes": "15"}, {"minutes": -1}, {"hours": 1}, {"stops": True}]
)
def test_a_wrong_trigger_is_named_with_the_fix(written: Any) -> None:
    with pytest.raises(Invalid, match=r"trigger\.near.*\{minutes: 15\}"):
        read_flow({"trigger": {"near": written}, "steps": STEPS})


@pytest.mark.parametrize(
    ("near", "enough"),
    [
        (Near(10.0, 5), True),
        (Near(20.0, 5), False),
        (Near(20.0, 1), True),
        (Near(None, 2), False),
        (Near(None, 0), True),
        (Near(15.0, None), True),
        (Near(), False),
    ],
)
def test_near_enough_by_minutes_or_by_stops(near: Near, enough: bool) -> None:
    trigger = Trigger("near", "courier", within=timedelta(minutes=15), stops=1)
    assert trigger.near_enough(near) is enough
    assert not Trigger("status", "out_for_delivery").near_enough(near)
