"""Promised against actual, and scores with their intervals."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.commands import nps as command
from bot.domain.estimate import By
from bot.domain.eta import Arrival, eta_report
from bot.domain.nps import nps_report
from bot.domain.when import Window

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
TOLD = Window(NOON, NOON + timedelta(hours=2))


def arrival(minutes: int, carrier: str = "onfleet") -> Arrival:
    return Arrival(carrier, TOLD, NOON + timedelta(minutes=minutes))


def test_windows_kept_and_missed() -> None:
    told = [arrival(m) for m in (0, 60, 120, -30, 150, 240)] + [arrival(60, "fedex")]
    onfleet, fedex = eta_report(told)
    assert (onfleet.count, onfleet.inside, onfleet.early, onfleet.late) == (6, 3, 1, 2)
    assert onfleet.median_miss == timedelta(minutes=30)
    assert onfleet.worst_miss == timedelta(minutes=120)
    assert onfleet.low < onfleet.share < onfleet.high
    assert (fedex.share, fedex.median_miss) == (1.0, None)


def test_windows_are_counted_apart_by_whose_they_were() -> None:
    ours = Arrival("onfleet", TOLD, NOON + timedelta(hours=3), By.history)
    found = eta_report([arrival(60), arrival(60), ours, arrival(0, "fedex")])
    assert [(one.carrier, one.by, one.count, one.share) for one in found] == [
        ("onfleet", By.carrier, 2, 1.0),
        ("onfleet", By.history, 1, 0.0),
        ("fedex", By.carrier, 1, 1.0),
    ]


def test_nothing_has_come() -> None:
    assert eta_report([]) == []


def test_nps_with_its_margin() -> None:
    scores = [("a", 10)] * 60 + [("a", 8)] * 20 + [("a", 3)] * 20
    (found,) = nps_report([*scores, ("a", None)])
    assert (found.asked, found.answered, found.score) == (101, 100, 40.0)
    assert found.margin == pytest.approx(100 * 1.96 * (0.8 - 0.4**2) ** 0.5 / 10)


def test_nobody_has_answered() -> None:
    (found,) = nps_report([("a", None)])
    assert (found.score, found.margin) == (0.0, 100.0)


@pytest.mark.parametrize("comment", ["=1+1", "+33", "-x", "@sum"])
def test_a_comment_is_no_formula(comment: str) -> None:
    assert command._harmless(comment) == f"'{comment}"
    assert command._harmless("late again") == "late again"
