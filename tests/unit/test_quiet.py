"""Quiet hours: the next allowed moment, by the recipient's clock, and how a rule is read."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import Purpose
from bot.domain.quiet import BY_COUNTRY, Quiet, next_allowed, quiet_for, read_quiet

PARIS = ZoneInfo("Europe/Paris")
FRENCH = BY_COUNTRY["FR"][Purpose.marketing]
HOLIDAYS = {date(2026, 12, 25), date(2027, 1, 1)}


def allowed(quiet: Quiet, at: str) -> str:
    found = next_allowed(
        quiet, datetime.fromisoformat(at).replace(tzinfo=PARIS), PARIS, HOLIDAYS.__contains__
    )
    return found.astimezone(PARIS).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        ("2026-11-26 14:00", "2026-11-26 14:00"),
        ("2026-11-26 07:59", "2026-11-26 08:00"),
        ("2026-11-26 08:00", "2026-11-26 08:00"),
        ("2026-11-26 22:00", "2026-11-27 08:00"),
        ("2026-11-28 23:30", "2026-11-30 08:00"),  # Saturday night: over Sunday
        ("2026-11-29 12:00", "2026-11-30 08:00"),
        ("2026-12-24 22:30", "2026-12-26 08:00"),  # Christmas
        ("2026-12-31 23:59", "2027-01-02 08:00"),  # the year's end
    ],
)
def test_marketing_in_france(at: str, wanted: str) -> None:
    assert allowed(FRENCH, at) == wanted


@pytest.mark.parametrize(
    ("quiet", "at", "wanted"),
    [
        (Quiet(time(12), time(14)), "2026-11-26 13:00", "2026-11-26 14:00"),
        (Quiet(time(12), time(14)), "2026-11-26 09:00", "2026-11-26 09:00"),
        (Quiet(time(0), time(8)), "2026-11-26 03:00", "2026-11-26 08:00"),
        (Quiet(time(21), time(0)), "2026-11-26 22:00", "2026-11-27 00:00"),
        (Quiet(time(), time(), sundays=True), "2026-11-29 10:00", "2026-11-30 00:00"),
        # The clock goes forward at two in the night of 28 March 2027, back on 31 October.
        (Quiet(time(22), time(2, 30)), "2027-03-27 23:00", "2027-03-28 03:30"),
        (Quiet(time(22), time(8)), "2027-10-30 23:00", "2027-10-31 08:00"),
    ],
)
def test_other_rules(quiet: Quiet, at: str, wanted: str) -> None:
    assert allowed(quiet, at) == wanted


times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
moments = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(
    quiet=st.builds(Quiet, times, times, st.booleans(), st.booleans()),
    at=moments,
    zone=st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
)
def test_the_next_allowed_moment_is_loud_and_none_before_it_is(
    quiet: Quiet, at: datetime, zone: str
) -> None:
    here = ZoneInfo(zone)
    found = next_allowed(quiet, at, here, HOLIDAYS.__contains__)
    assert found >= at
    assert next_allowed(quiet, found, here, HOLIDAYS.__contains__) == found
    earlier = found - timedelta(minutes=1)
    if earlier >= at:
        assert next_allowed(quiet, earlier, here, HOLIDAYS.__contains__) == found


def test_the_merchants_own_rule_goes_before_the_countrys() -> None:
    own = {Purpose.marketing: Quiet(time(20), time(9)), Purpose.feedback: Quiet(time(), time())}
    assert quiet_for(own, "FR", Purpose.marketing) == own[Purpose.marketing]
    assert quiet_for(own, "FR", Purpose.feedback) is None
    assert quiet_for({}, "FR", Purpose.marketing) == FRENCH
    assert quiet_for({}, "IN", Purpose.marketing) == Quiet(time(21), time(8))
    assert quiet_for({}, "FR", Purpose.service) is None


def test_a_rule_is_read_and_what_is_wrong_is_named_by_field() -> None:
    problems: list[tuple[str, str]] = []
    document = {
        "feedback": None,
        "marketing": {"hours": "20:00-09:00", "sundays": True, "holidays": True},
    }
    found = read_quiet(document, problems)
    assert not problems
    assert found[Purpose.marketing] == Quiet(time(20), time(9), sundays=True, holidays=True)
    assert quiet_for(found, "FR", Purpose.feedback) is None
    wrong = {
        "news": {},
        "feedback": "late",
        "service": {"hours": "ten to six"},
        "marketing": {"sundays": "yes", "nights": True},
    }
    read_quiet(wrong, problems)
    assert [field for field, _ in problems] == [
        "quiet_hours.news",
        "quiet_hours.feedback",
        "quiet_hours.service.hours",
        "quiet_hours.marketing.nights",
        "quiet_hours.marketing.sundays",
    ]
    read_quiet([], problems)
    assert problems[-1][0] == "quiet_hours"
