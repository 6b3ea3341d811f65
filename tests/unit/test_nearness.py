"""How soon a courier can be there, and when that is near."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attempt import Seen
from bot.domain.errors import Invalid
from bot.domain.estimate import By
from bot.domain.flow import Trigger
from bot.domain.nearness import Near, approach, is_next, too_early
from bot.domain.places import Place, distance
from bot.domain.read_flow import read_flow
from bot.domain.when import Window

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOME: Place = (48.8566, 2.3522)
MINUTE = timedelta(minutes=1)


def north(kilometres: float) -> Place:
    return HOME[0] + kilometres / 111.2, HOME[1]


def came(*kilometres: float, every: timedelta = MINUTE) -> list[Seen]:
    return [Seen(NOON + n * every, north(km)) for n, km in enumerate(kilometres)]


@given(st.floats(0.2, 30), st.floats(0, 30))
def test_soonest_likely_and_latest_are_in_their_order(before: float, now: float) -> None:
    found = approach(came(before, now), HOME)
    if found is None:
        return
    assert timedelta() <= found.soonest <= found.likely <= found.latest
    assert found.likely <= timedelta(minutes=30)
    window, at = found.estimate(NOON).window, NOON
    assert window.start <= at + found.soonest
    assert window.end >= at + found.latest
    assert window.end - window.start <= timedelta(minutes=90)


def test_around_the_corner() -> None:
    found = approach(came(2, 1, 0.5), HOME)
    assert found is not None
    assert found.likely == pytest.approx(timedelta(minutes=2), abs=MINUTE)
    estimate = found.estimate(NOON)
    assert (estimate.by, estimate.window) == (By.position, Window(NOON, NOON + 25 * MINUTE))


def test_who_has_come_slowly_so_far_is_not_likely_to_come_faster() -> None:
    found = approach(came(3, 2.9, 2, every=5 * MINUTE), HOME)
    assert found is not None
    assert found.likely == pytest.approx(timedelta(minutes=20), abs=MINUTE)


@pytest.mark.parametrize(
    "kilometres",
    [
        (1.0, 2.0),
        # Parked around the corner, and a single position: nobody can tell.
        (0.5, 0.5, 0.52),
        (0.5,),
        # Too far, and too slowly.
        (25.0, 20.0),
        (3.2, 3.0, 3.0, 3.0, 3.0),
    ],
)
def test_who_does_not_come_says_nothing(kilometres: tuple[float, ...]) -> None:
    assert approach(came(*kilometres), HOME) is None


def test_what_was_long_ago_does_not_count() -> None:
    assert approach(came(9, 1, every=timedelta(hours=2)), HOME) is None


def test_the_next_door_is_the_nearest_and_a_house_is_one() -> None:
    doors = [north(3), north(1), north(1), north(5)]
    assert [is_next(HOME, door, doors) for door in doors] == [False, True, True, False]
    assert is_next(HOME, north(3), [])


def _round(dice: Random, stops: int) -> tuple[list[Seen], dict[int, datetime], list[Place]]:
    """A round as vans drive it, always on to the nearest door: its track and its arrivals."""
    doors = [(HOME[0] + dice.gauss(0, 0.018), HOME[1] + dice.gauss(0, 0.027)) for _ in range(stops)]
    at, here, left = NOON, north(6), dict(enumerate(doors))
    track: list[Seen] = []
    arrived: dict[int, datetime] = {}
    while left:
        which = min(left, key=lambda n: distance(here, left[n]))
        door = left.pop(which)
        drive = distance(here, door) * dice.uniform(1.2, 1.6) / dice.uniform(15, 40) * 60
        for n in range(int(drive)):
            along = n / drive
            place = (here[0] + (door[0] - here[0]) * along, here[1] + (door[1] - here[1]) * along)
            track.append(Seen(at + n * MINUTE, place))
        at += drive * MINUTE
        arrived[which], here = at, door
        wait = int(dice.uniform(2, 6))
        track += [Seen(at + n * MINUTE, door) for n in range(wait)]
        at += wait * MINUTE
    return track, arrived, doors


def test_on_made_up_rounds_nine_in_ten_come_within() -> None:
    """What docs/eta.md says was found; of each door, whenever it is the next one."""
    dice = Random(7)  # noqa: S311  no secret
    inside = said = 0
    for _ in range(5):
        track, arrived, doors = _round(dice, 25)
        for place, here in enumerate(track):
            open_ = {n: doors[n] for n, at in arrived.items() if at > here.at}
            seen = track[max(0, place - 15) : place + 1]
            for n, door in open_.items():
                found = approach(seen, door) if is_next(here.place, door, open_.values()) else None
                if found is not None:
                    window = found.estimate(here.at).window
                    said, inside = said + 1, inside + (window.start <= arrived[n] <= window.end)
    assert said > 300
    assert inside / said > 0.9, inside / said


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
