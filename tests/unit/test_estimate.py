"""Whose word stands, and whether what was told still holds."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bot.domain.estimate import By, Estimate, prevailing
from bot.domain.request import Policy, RequestKind, Rule, decide
from bot.domain.shipment import Shipment, Status
from bot.domain.when import Window

DAY = datetime(2026, 11, 26, tzinfo=UTC)


def window(start: float, end: float) -> Window:
    return Window(DAY + timedelta(hours=start), DAY + timedelta(hours=end))


def said(by: By, start: float, end: float) -> Estimate:
    return Estimate(window(start, end), by)


def parcel(**values: Any) -> Shipment:
    made = Shipment(UUID(int=1), UUID(int=2), "r", "onfleet", "n", None, DAY)
    made.status = Status.out_for_delivery
    for name, value in values.items():
        setattr(made, name, value)
    return made


def given(start: float, end: float) -> dict[str, Any]:
    told = window(start, end)
    return {"window_start": told.start, "window_end": told.end}


GIVEN = said(By.carrier, 14, 16)


@pytest.mark.parametrize(
    ("own", "stands"),
    [
        (None, GIVEN),
        (said(By.history, 10, 12), GIVEN),
        (said(By.history, 14.5, 15), GIVEN),
        # Within the carrier's window, wholly or for the most part: narrowed.
        (said(By.position, 14.5, 15), said(By.position, 14.5, 15)),
        (said(By.position, 15.5, 16.25), said(By.position, 15.5, 16)),
        (said(By.position, 13.75, 14.75), said(By.position, 14, 14.75)),
        # Sooner than promised: there may be other stops first.
        (said(By.position, 12, 12.5), GIVEN),
        (said(By.position, 13, 14.25), GIVEN),
        # Later than promised: for the most part, or for certain.
        (said(By.position, 15.75, 17), said(By.position, 15.75, 17)),
        (said(By.position, 18, 19), said(By.position, 18, 19)),
    ],
)
def test_whose_word_stands(own: Estimate | None, stands: Estimate) -> None:
    assert prevailing(GIVEN, own) == stands
    assert prevailing(None, own) == own


def test_a_shipment_says_whose_its_estimate_is() -> None:
    assert parcel().estimate is None
    made = parcel(**given(14, 16))
    assert made.estimate == GIVEN
    made.make_promise(window(14, 16), DAY)
    assert made.estimate == said(By.merchant, 14, 16)
    by_position = said(By.position, 14.5, 15)
    assert made.expect(by_position, DAY + timedelta(hours=15))
    assert (made.estimate, made.expected) == (by_position, by_position.window)
    assert not made.expect(by_position, DAY + timedelta(hours=16)), "nothing else stands"
    made.tell()
    assert (made.told, made.told_by) == (by_position.window, "position")
    assert made.expect(None)
    assert made.own_until is None


@pytest.mark.parametrize(
    ("told", "now", "wrong"),
    [
        # A window that was given holds only while the present one lies within it.
        ((14, 16), GIVEN, False),
        ((14, 16), said(By.carrier, 14.5, 16.5), True),
        ((14, 16), said(By.carrier, 14.2, 16.2), False),
        # Of our own it is enough that it is as likely as not.
        ((10, 15), said(By.history, 12, 17), False),
        ((10, 15), said(By.history, 14, 19), True),
        ((10, 15), said(By.history, 9, 11), False),
        ((14, 16), said(By.position, 15.5, 16.5), False),
        ((14, 16), said(By.position, 16, 17), True),
    ],
)
def test_told_again_only_when_it_does_not_hold(
    told: tuple[float, float], now: Estimate, wrong: bool
) -> None:
    was = window(*told)
    made = parcel(told_start=was.start, told_end=was.end)
    if now.by.ours:
        made.expect(now, now.window.end)
    else:
        made.window_start, made.window_end = now.window.start, now.window.end
    assert made.told_wrong is wrong


def test_our_own_estimates_are_put_right_once_for_what_was_told() -> None:
    was = window(10, 12)
    made = parcel(told_start=was.start, told_end=was.end)
    made.expect(said(By.history, 13, 15), DAY)
    first = made.news
    made.expect(said(By.history, 14, 16), DAY)
    assert made.news == first, "the same wrong window"
    made.tell()
    made.expect(said(By.history, 18, 20), DAY)
    assert made.news != first


def test_cut_offs_go_by_no_history() -> None:
    rule = Rule(allowed=True, cut_off=timedelta(hours=4))
    policy = Policy(rules={RequestKind.contactless: rule})
    at = DAY + timedelta(hours=12)
    made = parcel()
    made.expect(said(By.history, 14, 16), DAY)
    assert decide(policy, RequestKind.contactless, made, [], at).allowed
    made.expect(said(By.position, 12.5, 13), DAY)
    assert decide(policy, RequestKind.contactless, made, [], at).reason == "refused_cut_off"
    made.window_start, made.window_end = given(20, 22).values()
    made.expect(None)
    assert decide(policy, RequestKind.contactless, made, [], at).allowed
