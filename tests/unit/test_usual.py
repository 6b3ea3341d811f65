"""Estimates from history: quantiles, groups from narrow to broad, and what counts as usual."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.estimate import By, Estimate
from bot.domain.ids import new_id
from bot.domain.quantile import quantile
from bot.domain.shipment import Promise, Shipment, Status, TrackingEvent
from bot.domain.usual import (
    ENOUGH,
    Departure,
    Group,
    Leg,
    Took,
    departure,
    groups,
    journeys,
    trip,
    usual,
)
from bot.domain.when import Window

PARIS = ZoneInfo("Europe/Paris")
EIGHT = datetime(2026, 11, 26, 8, tzinfo=PARIS).astimezone(UTC)
"""A Thursday."""
MERCHANT = UUID(int=1)
QUARTER = timedelta(minutes=15)


def took(hours: float, days: int = 0, at: time = time(12)) -> Took:
    return Took(int(hours * 3600), days, at.hour * 60 + at.minute)


def left(leg: Leg = Leg.out, at: datetime = EIGHT) -> Departure:
    return Departure(leg, "onfleet", "Lyon Sud>FR:75", at, PARIS)


def hours_of(found: Estimate | None) -> tuple[float, float]:
    assert found is not None
    start, end = found.window.start - EIGHT, found.window.end - EIGHT
    return start / timedelta(hours=1), end / timedelta(hours=1)


@given(st.lists(st.integers(0, 1000), min_size=1), st.sampled_from([0.1, 0.25, 0.4]))
def test_quantiles_are_values_in_their_order(values: list[int], share: float) -> None:
    ordered = sorted(values)
    low, middle, high = (quantile(ordered, q) for q in (share, 0.5, 1 - share))
    assert low <= middle <= high
    assert {low, middle, high} <= set(values)
    # As many lie beyond one end as beyond the other.
    assert sum(v < low for v in values) <= len(values) * share
    assert sum(v > high for v in values) <= len(values) * share


def test_two_of_twenty_do_not_set_the_window() -> None:
    usual_ones = [took(2 + n / 15) for n in range(16)]
    odd = [took(0.1), took(0.2), took(9), took(11)]
    assert hours_of(usual(left(), [*usual_ones, *odd], EIGHT)) == (2.0, 3.0)


def test_too_few_say_nothing() -> None:
    assert usual(left(), [took(3)] * (ENOUGH - 1), EIGHT) is None
    assert hours_of(usual(left(), [took(3)] * ENOUGH, EIGHT)) == (3.0, 3.5), "half an hour at least"


def test_what_is_too_far_apart_says_nothing() -> None:
    assert usual(left(), [took(n) for n in range(1, 41)], EIGHT) is None


@given(st.lists(st.floats(0.5, 10), min_size=ENOUGH, max_size=60), st.integers(1, 4))
def test_more_history_never_widens_to_nonsense(hours: list[float], times: int) -> None:
    """The window lies within what was seen; more of the same leaves it as it is."""
    once = usual(left(), [took(h) for h in hours], EIGHT)
    start, end = hours_of(once)
    assert min(hours) - 0.25 <= start < end <= max(hours) + 0.75
    within = [took(start + (end - start) * n / 40) for n in range(41)]
    more = hours_of(usual(left(), [*(took(h) for h in hours), *within * times], EIGHT))
    assert start <= more[0]
    assert more[1] <= end + 0.5


@given(st.lists(st.floats(0.1, 11), min_size=ENOUGH, max_size=60), st.floats(0, 11))
def test_whoever_is_not_there_yet_is_compared_with_the_slower_ones(
    hours: list[float], gone: float
) -> None:
    now = EIGHT + timedelta(hours=gone)
    found = usual(left(), [took(h) for h in hours], now)
    slower = [h for h in hours if timedelta(seconds=int(h * 3600)) > timedelta(hours=gone)]
    if len(slower) < ENOUGH:
        assert found is None
    elif found is not None:
        assert found.window.end > now
        assert found.window.start > now - QUARTER


@pytest.mark.parametrize("seen", [ENOUGH, 40, 200])
def test_four_in_five_come_within_it(seen: int) -> None:
    """Of parcels that were not learnt from, however few were; with a long tail, as vans have."""
    dice = Random(seen)  # noqa: S311  no secret
    inside = tries = 0
    for _ in range(40):
        found = usual(left(), [took(dice.lognormvariate(1.2, 0.35)) for _ in range(seen)], EIGHT)
        assert found is not None
        start, end = hours_of(found)
        inside += sum(start <= dice.lognormvariate(1.2, 0.35) <= end for _ in range(50))
        tries += 50
    assert 0.76 < inside / tries < 0.90, inside / tries


def test_days_and_hours_of_the_day_are_learnt_apart() -> None:
    """Nobody comes at night, though parcels that left in the evening travel for 40 hours."""
    past = [took(40, days, time(10 + n)) for days in (1, 2) for n in range(6)] * 2
    found = usual(left(Leg.shipped), past, EIGHT)
    assert found is not None
    assert found.by is By.history
    start, end = (at.astimezone(PARIS) for at in (found.window.start, found.window.end))
    assert (start.date(), end.date()) == (date(2026, 11, 27), date(2026, 11, 28))
    assert (start.hour, end.hour) == (10, 15)


def test_the_clocks_going_back_move_no_delivery() -> None:
    friday = datetime(2026, 10, 23, 18, tzinfo=PARIS).astimezone(UTC)
    past = [took(64, 3, time(11))] * ENOUGH
    found = usual(left(Leg.shipped, friday), past, friday)
    assert found is not None
    assert found.window.start.astimezone(PARIS).time() == time(11)


def test_groups_go_from_narrow_to_broad() -> None:
    lane = "Lyon Sud>FR:75"
    assert groups(left()) == (
        Group(Leg.out, "onfleet", lane, 3, 8),
        Group(Leg.out, "onfleet", lane),
        Group(Leg.out, "onfleet"),
    )


def parcel() -> Shipment:
    made = Shipment(new_id(), MERCHANT, "r", "onfleet", "n", None, EIGHT, "Europe/Paris", "FR")
    made.address = {"postal_code": "75011"}
    return made


def story(*told: tuple[Status, float]) -> list[TrackingEvent]:
    return [
        TrackingEvent(
            id=new_id(), merchant_id=MERCHANT, shipment_id=MERCHANT, key=str(place), status=status,
            at=EIGHT + timedelta(hours=hours), received_at=EIGHT, details={"depot": "Lyon Sud"},
        )
        for place, (status, hours) in enumerate(told)
    ]  # fmt: skip


SMOOTH = (
    (Status.created, -30.0), (Status.in_transit, -14.0), (Status.in_transit, -3.0),
    (Status.out_for_delivery, 0.0), (Status.unknown, 1.0), (Status.out_for_delivery, 2.0),
)  # fmt: skip


def test_a_parcel_that_has_come_teaches_both_stretches() -> None:
    found = journeys(parcel(), story(*SMOOTH, (Status.delivered, 4.5)))
    by_leg = {one.leg: one for one in found}
    shipped, out = by_leg[Leg.shipped], by_leg[Leg.out]
    assert (out.seconds, out.days, out.minute, out.hour, out.weekday) == (16200, 0, 750, 8, 3)
    assert (shipped.seconds, shipped.days, shipped.hour) == (int(18.5 * 3600), 1, 18)
    assert out.lane == shipped.lane == "Lyon Sud>FR:75"


def test_a_pick_up_point_is_an_arrival_and_the_fetching_is_not() -> None:
    told = (*SMOOTH, (Status.ready_for_pickup, 5.0), (Status.delivered, 50.0))
    assert {one.seconds for one in journeys(parcel(), story(*told))} == {5 * 3600, 19 * 3600}


@pytest.mark.parametrize("trouble", [Status.delayed, Status.attempt_failed, Status.exception])
def test_what_befell_a_parcel_is_not_usual(trouble: Status) -> None:
    again = ((trouble, 5.0), (Status.in_transit, 6.0))
    assert journeys(parcel(), story(*SMOOTH, *again, (Status.delivered, 9.0))) == []
    assert trip(story(*SMOOTH, *again)).departed == {}
    next_day = (*again, (Status.out_for_delivery, 24.0), (Status.delivered, 27.0))
    (out,) = journeys(parcel(), story(*SMOOTH, *next_day))
    assert (out.leg, out.seconds) == (Leg.out, 3 * 3600)


def test_another_day_s_run_begins_anew() -> None:
    told = ((Status.out_for_delivery, -24.0), (Status.out_for_delivery, 0.0))
    assert trip(story(*told)).departed[Leg.out].at == EIGHT


def test_a_time_that_was_arranged_teaches_nothing() -> None:
    made = parcel()
    made.make_promise(Window(EIGHT, EIGHT + timedelta(hours=2)), EIGHT)
    assert isinstance(made.promise, Promise)
    assert journeys(made, story(*SMOOTH, (Status.delivered, 4.5))) == []


def test_nothing_arrives_before_it_leaves() -> None:
    told = story((Status.out_for_delivery, 0.0), (Status.delivered, 0.0))
    assert journeys(parcel(), told) == []


def test_a_lane_is_where_from_and_roughly_where_to() -> None:
    made = parcel()
    made.address, made.country = {}, ""
    (event,) = story((Status.out_for_delivery, 0.0))
    event.details = {}
    assert departure(made, Leg.out, event).lane == ">:"
