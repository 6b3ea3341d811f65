"""What may be changed about a delivery, until when, how often and at which fee."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Invalid
from bot.domain.ids import new_id
from bot.domain.money import Money
from bot.domain.read_policy import read_policy
from bot.domain.request import (
    DeliveryRequest,
    RequestKind,
    RequestState,
    decide,
    offer_windows,
)
from bot.domain.shipment import Shipment, Status

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RESCHEDULE = RequestKind.reschedule
DOCUMENT: dict[str, Any] = {
    "requests": {
        "reschedule": {"cut_off_hours": 2, "fee": {"amount": 290, "currency": "EUR"}, "at_most": 1},
        "contactless": {},
    },
    "slots": ["08:00-12:00", "18:00-21:00"],
    "days_ahead": 3,
    "weekdays": ["mon", "tue", "wed"],
}
POLICY = read_policy(DOCUMENT, 4)


def moments(first: date, last: date) -> st.SearchStrategy[datetime]:
    """Instants between two days."""
    low, high = (datetime.combine(day, time()) for day in (first, last))
    return st.datetimes(low, high, timezones=st.just(UTC))


def parcel(**changes: Any) -> Shipment:
    values: dict[str, Any] = {
        "id": new_id(),
        "merchant_id": new_id(),
        "reference": "R",
        "carrier": "generic",
        "tracking_number": "SW1",
        "contact_id": None,
        "created_at": NOW,
        "timezone": "Europe/Paris",
        "status": Status.in_transit,
    }
    return Shipment(**(values | changes))


def request(state: RequestState, kind: RequestKind = RESCHEDULE) -> DeliveryRequest:
    return DeliveryRequest(new_id(), new_id(), new_id(), None, kind, state, NOW)


def test_an_allowed_change_has_its_fee() -> None:
    assert POLICY.version == 4
    decision = decide(POLICY, RESCHEDULE, parcel(), [], NOW)
    assert (decision.allowed, decision.fee) == (True, Money(290, "EUR"))
    assert not decide(POLICY, RequestKind.contactless, parcel(), [], NOW).fee


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.delivered, "refused_delivered"),
        (Status.returning, "refused_returned"),
        (Status.returned, "refused_returned"),
        (Status.cancelled, "refused_cancelled"),
    ],
)
def test_what_is_over_cannot_be_changed(status: Status, reason: str) -> None:
    decision = decide(POLICY, RESCHEDULE, parcel(status=status), [], NOW)
    assert (decision.allowed, decision.reason) == (False, reason)


def test_what_the_policy_does_not_name_is_not_offered() -> None:
    assert decide(POLICY, RequestKind.cancel, parcel(), [], NOW).reason == "refused_not_offered"


def test_the_cut_off_is_reckoned_from_the_window() -> None:
    def at(hours: float) -> bool:
        start = NOW + timedelta(hours=hours)
        due = parcel(window_start=start, window_end=start + timedelta(hours=2))
        return decide(POLICY, RESCHEDULE, due, [], NOW).allowed

    assert at(2)
    assert not at(1.99)


def test_a_window_that_is_over_cuts_nothing_off() -> None:
    def ended(hours: float) -> bool:
        end = NOW - timedelta(hours=hours)
        due = parcel(window_start=end - timedelta(hours=2), window_end=end)
        return decide(POLICY, RESCHEDULE, due, [], NOW).allowed

    assert ended(0)
    assert ended(24)
    assert not ended(-0.01)


@pytest.mark.parametrize("state", list(RequestState))
def test_only_what_was_made_counts_towards_the_limit(state: RequestState) -> None:
    made = state in {RequestState.requested, RequestState.accepted}
    assert decide(POLICY, RESCHEDULE, parcel(), [request(state)], NOW).allowed is not made
    other = request(state, RequestKind.contactless)
    assert decide(POLICY, RESCHEDULE, parcel(), [other], NOW).allowed


def test_windows_are_of_the_coming_delivery_days_only() -> None:
    windows = offer_windows(POLICY, parcel(), NOW)
    zone = ZoneInfo("Europe/Paris")
    assert [w.start.astimezone(zone).strftime("%a %H") for w in windows] == [
        "Tue 08", "Tue 18", "Wed 08", "Wed 18",
    ]  # fmt: skip


def test_its_own_window_is_not_offered() -> None:
    [first, *rest] = offer_windows(POLICY, parcel(), NOW)
    due = parcel(window_start=first.start, window_end=first.end)
    assert offer_windows(POLICY, due, NOW) == rest


@settings(deadline=None)  # a busy machine is not a slow reader
@given(
    now=moments(date(2026, 1, 1), date(2027, 12, 31)),
    zone=st.sampled_from(["Europe/Paris", "America/New_York", "Pacific/Apia"]),
)
def test_no_window_is_ever_past_or_inverted(now: datetime, zone: str) -> None:
    for window in offer_windows(POLICY, parcel(timezone=zone), now):
        assert now < window.start < window.end


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slot": []}, "slot"),
        ({"slots": ["18-21h"]}, "slots[0]"),
        ({"slots": ["21:00-18:00"]}, "slots[0]"),
        ({"days_ahead": 0}, "days_ahead"),
        ({"weekdays": ["monday"]}, "weekdays"),
        ({"requests": {"teleport": {}}}, "requests.teleport"),
        ({"requests": {"reschedule": {"fee": {"amount": "x"}}}}, "requests.reschedule.fee"),
    ],
)
def test_a_wrong_policy_names_the_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_policy(DOCUMENT | change)
    assert [problem[0] for problem in caught.value.problems] == [field]


def test_a_policy_is_a_mapping() -> None:
    with pytest.raises(Invalid):
        read_policy(["reschedule"])
