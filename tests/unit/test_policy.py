"""A merchant's policy: read with lines, and decided by one pure function."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bot.domain.errors import Invalid
from bot.domain.request import FREE, RequestKind, decide, read_policy
from bot.domain.shipment import Shipment
from bot.services.publish_policy import check_policy

# Paris is an hour ahead.
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def parcel(hours: float = 30, **more: Any) -> Shipment:
    made = Shipment(UUID(int=1), UUID(int=2), "r", "onfleet", "n", None, NOW,
                    timezone="Europe/Paris", country="FR")  # fmt: skip
    made.window_start = NOW + timedelta(hours=hours)
    made.window_end = made.window_start + timedelta(hours=2)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def decision(shipment: Shipment, **rule: Any) -> tuple[bool, str, int]:
    fee = {"amount": 290, "currency": "EUR"}
    policy = read_policy({"requests": {"cancel": {"fee": fee, **rule}}})
    made = decide(policy, RequestKind.cancel, shipment, [], NOW)
    return made.allowed, made.reason, made.fee.amount


@pytest.mark.parametrize(
    ("only", "allowed"),
    [
        ({}, True),
        ({"carrier": "onfleet", "country": ["FR", "BE"]}, True),
        ({"carrier": ["fedex"]}, False),
        ({"country": "DE"}, False),
        ({"value_to": 10000}, True),
        ({"value_to": 100}, False),
        ({"handover": "robot"}, False),
    ],
)
def test_a_rule_is_for_the_parcels_that_it_names(only: dict[str, Any], allowed: bool) -> None:
    made = decision(parcel(value_amount=5000), only=only)
    assert made == ((True, "", 290) if allowed else (False, "refused_not_offered", 0))


def test_a_fee_is_waived_for_what_is_dear() -> None:
    assert decision(parcel(value_amount=5000), fee_waived_from=5000)[2] == FREE.amount
    assert decision(parcel(value_amount=4999), fee_waived_from=5000)[2] == 290
    assert decision(parcel(), fee_waived_from=1)[2] == 290


@pytest.mark.parametrize(
    ("latest", "hours", "allowed"),
    [
        ("14:00", 30, True),  # comes tomorrow; it is 13:00 in Paris now
        ("13:00", 30, True),
        ("12:59", 30, False),
        ("12:00", 60, True),  # comes the day after tomorrow
        ("23:00", 5, False),  # comes today
    ],
)
def test_a_change_is_taken_until_a_time_of_the_day_before(
    latest: str, hours: float, allowed: bool
) -> None:
    assert decision(parcel(hours), latest=latest)[0] is allowed


def test_the_stricter_of_two_limits_counts() -> None:
    assert decision(parcel(30), latest="23:00", cut_off_hours=40)[0] is False
    over = parcel(30)
    over.window_start, over.window_end = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
    assert decision(over, latest="09:00")[0] is True, "a window that is over holds nobody"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("requests:\n  cancel:\n    until: soon\n", "line 2, requests.cancel: cannot be read"),
        ("requests:\n  fly: {}\n", "line 2, requests.fly: is not a kind of request"),
        ("requests:\n  cancel:\n    fees: 3\n", "line 3, requests.cancel.fees: is no setting"),
        ("requests:\n  cancel:\n    latest: noon\n", "line 2, requests.cancel: cannot be read"),
        (
            "requests:\n  cancel:\n    only:\n      moon: 1\n",
            "line 4, requests.cancel.only.moon: is no condition",
        ),
        ("requests:\n  cancel:\n    only: {language: fr}\n", "does not go by language"),
        ("slots:\n  - 8 to 10\n", "line 2, slots[0]"),
        ("colour: red\n", "line 1, colour"),
        ("- a\n", "line 1"),
        ("a: {\n", "line 2"),
    ],
)
def test_a_wrong_file_names_its_lines(written: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_policy(written)
    assert says in str(caught.value), str(caught.value)


def test_a_right_file_is_read() -> None:
    written = "requests:\n  cancel:\n    latest: '18:00'\n    only: {country: [FR]}\n"
    document, policy = check_policy(written)
    assert document["requests"]["cancel"]["latest"] == "18:00"
    rule = policy.rule(RequestKind.cancel)
    assert rule.only.countries == {"FR"}
    assert replace(rule, latest=None) != rule
