"""A merchant's policy: read with lines, and decided by one pure function."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Invalid
from bot.domain.read_policy import read_policy
from bot.domain.request import FREE, Known, RequestKind, decide, handed_over, offer_windows
from bot.domain.shipment import Handover, Shipment, Status
from bot.services.publish_policy import check_policy
from bot.services.quiet_times import public_holidays
from bot.settings import ROOT

# Paris is an hour ahead.
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 23, 12, tzinfo=UTC)


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
        ({"service": "Express"}, True),
        ({"service": ["standard", "economy"]}, False),
    ],
)
def test_a_rule_is_for_the_parcels_that_it_names(only: dict[str, Any], allowed: bool) -> None:
    made = decision(parcel(value_amount=5000, service="express"), only=only)
    assert made == ((True, "", 290) if allowed else (False, "refused_not_offered", 0))


def test_a_fee_is_waived_for_what_is_dear() -> None:
    assert decision(parcel(value_amount=5000), fee_waived_from=5000)[2] == FREE.amount
    assert decision(parcel(value_amount=4999), fee_waived_from=5000)[2] == 290
    assert decision(parcel(), fee_waived_from=1)[2] == 290


@pytest.mark.parametrize(
    ("waived_for", "known", "amount"),
    [
        ({"tag": "vip"}, Known(), 0),
        ({"tag": "loyal"}, Known(), 290),
        ({"tag": "vip", "value_from": 9000}, Known(), 290),
        ({"first_parcel": True}, Known(), 290),
        ({"first_parcel": True}, Known(first=True), 0),
        ({"tag": "loyal", "first_parcel": True}, Known(first=True), 0),
        ({"first_parcel": False}, Known(first=True), 290),
        # Another try is free after a disputed attempt; a cancellation is none.
        (None, Known(disputed=True), 290),
    ],
)
def test_a_fee_is_waived_for_whom_the_merchant_names(
    waived_for: dict[str, Any] | None, known: Known, amount: int
) -> None:
    vip = parcel(details={"tags": ["vip"]}, value_amount=5000)
    rule = {"fee": {"amount": 290, "currency": "EUR"}, "fee_waived_for": waived_for}
    policy = read_policy({"requests": {"cancel": rule}})
    assert decide(policy, RequestKind.cancel, vip, [], NOW, known).fee.amount == amount


def test_a_disputed_attempt_makes_another_try_free() -> None:
    rule = {"fee": {"amount": 290, "currency": "EUR"}}
    policy = read_policy({"requests": {"reschedule": rule}})
    made = decide(policy, RequestKind.reschedule, parcel(), [], NOW, Known(disputed=True))
    assert (made.fee, made.rule) == (FREE, "attempts")


@pytest.mark.parametrize(
    ("rule", "changes", "reason", "named"),
    [
        (None, {}, "refused_not_offered", "requests"),
        ({"allowed": False}, {}, "refused_not_offered", "requests.cancel.allowed"),
        ({"only": {"service": "x"}}, {}, "refused_not_offered", "requests.cancel.only.service"),
        ({"until": "created"}, {}, "refused_under_way", "requests.cancel.until"),
        ({"at_most": 0}, {}, "refused_too_often", "requests.cancel.at_most"),
        ({"cut_off_hours": 40}, {}, "refused_cut_off", "requests.cancel.cut_off_hours"),
        ({"latest": "09:00"}, {}, "refused_cut_off", "requests.cancel.latest"),
        ({}, {"status": Status.delivered}, "refused_delivered", "status"),
        ({}, {}, "", "requests.cancel"),
        ({"fee": {"amount": 1, "currency": "EUR"}}, {}, "", "requests.cancel.fee"),
    ],
)
def test_every_decision_names_the_rule_that_made_it(
    rule: dict[str, Any] | None, changes: dict[str, Any], reason: str, named: str
) -> None:
    policy = read_policy({"requests": {} if rule is None else {"cancel": rule}})
    made = decide(policy, RequestKind.cancel, parcel(**changes), [], NOW)
    assert (made.reason, made.rule, made.allowed) == (reason, named, not reason)


@pytest.mark.parametrize(
    ("status", "stops", "taken"),
    [
        (Status.out_for_delivery, 4, True),
        (Status.out_for_delivery, 3, False),
        (Status.out_for_delivery, 0, False),
        (Status.out_for_delivery, None, True),
        (Status.in_transit, 0, True),
    ],
)
def test_a_change_is_taken_until_so_many_stops_before(
    status: Status, stops: int | None, taken: bool
) -> None:
    policy = read_policy({"requests": {"cancel": {"until": {"stops": 3}}}})
    thing = parcel(status=status)
    made = decide(policy, RequestKind.cancel, thing, [], NOW, Known(stops=stops))
    assert made.allowed is taken
    assert taken or made.rule == "requests.cancel.until.stops"


@pytest.mark.parametrize("until", [{}, {"stops": -1}, {"stops": True}, {"stops": 2, "km": 1}])
def test_stops_that_are_no_number_are_refused(until: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="a number of stops"):
        read_policy({"requests": {"cancel": {"until": until}}})


LAX: dict[str, Any] = {"at_most": 3, "cut_off_hours": 0}
STRICTER: list[dict[str, Any]] = [
    {"allowed": False},
    {"only": {"carrier": "fedex"}},
    {"only": {"service": "express"}},
    {"until": "in_transit"},
    {"latest": "10:00"},
    {"cut_off_hours": 48},
    {"at_most": 0},
]


@settings(deadline=None)  # a busy machine is not a slow reader
@given(
    hours=st.floats(-72, 72),
    status=st.sampled_from(Status),
    extra=st.sampled_from(STRICTER),
    service=st.sampled_from(["", "express"]),
)
def test_a_stricter_rule_never_allows_what_a_laxer_one_refuses(
    hours: float, status: Status, extra: dict[str, Any], service: str
) -> None:
    shipment = parcel(hours, status=status, service=service)
    lax = read_policy({"requests": {"cancel": LAX}})
    strict = read_policy({"requests": {"cancel": LAX | extra}})
    one, other = (decide(p, RequestKind.cancel, shipment, [], NOW) for p in (lax, strict))
    assert one.allowed or not other.allowed
    assert other.rule
    assert other.allowed is not bool(other.reason)


@pytest.mark.parametrize(
    ("places", "words", "taken"),
    [
        (["garage", "porch"], "in the Garage, left side", True),
        (["garage", "porch"], "under the car", False),
        ({"garage": ["carport", "garaje"], "porch": []}, "en el garaje", True),
        ({"garage": None}, "in the garage", True),
        (["veranda", "Büro"], "im büro nebenan", True),
        (None, "anywhere", True),
    ],
)
def test_a_safe_place_is_one_of_the_list(places: Any, words: str, taken: bool) -> None:
    policy = read_policy({"requests": {"safe_place": {"places": places}}})
    made = decide(policy, RequestKind.safe_place, parcel(), [], NOW, words=words)
    assert made.allowed is taken
    if not taken:
        assert (made.reason, made.rule) == ("refused_place", "requests.safe_place.places")
        assert made.facts == {"places": ["garage", "porch"]}
    assert decide(policy, RequestKind.safe_place, parcel(), [], NOW).allowed


def test_a_new_address_lies_in_the_area() -> None:
    policy = read_policy({"requests": {"change_address": {"area": {"postcodes": ["75*"]}}}})

    def asked(words: str) -> tuple[str, str]:
        made = decide(policy, RequestKind.change_address, parcel(), [], NOW, words=words)
        return made.reason, made.rule

    assert asked("3 rue Bleue, 75009 Paris") == ("", "requests.change_address")
    refused = ("refused_area", "requests.change_address.area")
    assert asked("75 rue Bleue, 69002 Lyon") == refused


def windows(shipment: Shipment, **more: Any) -> list[str]:
    zone, hours = ZoneInfo("Europe/Paris"), ["08:00-12:00"]
    policy = read_policy({"slots": hours, "days_ahead": 8, **more})
    region = str(shipment.address.get("region") or "")
    offered = offer_windows(policy, shipment, CHRISTMAS, public_holidays(shipment.country, region))
    return [f"{w.start.astimezone(zone):%d %H}" for w in offered]


def test_nobody_comes_on_a_public_holiday_unless_the_policy_says_so() -> None:
    alsace = {"region": "Grand-Est"}
    # Wednesday the 23rd: Friday is Christmas, the 26th a holiday in Germany, the 27th a Sunday.
    assert windows(parcel()) == ["24 08", "26 08", "28 08", "29 08", "30 08", "31 08"]
    assert windows(parcel(country="DE")) == ["24 08", "28 08", "29 08", "30 08", "31 08"]
    assert windows(parcel(country="ZZ"))[1] == "25 08", "of an unknown country none is known"
    assert windows(parcel(address=alsace)) == windows(parcel()), "nor of an unknown region"
    assert windows(parcel(), holidays=True)[1] == "25 08"


def test_a_region_has_holidays_of_its_own() -> None:
    epiphany = date(2027, 1, 6)
    assert epiphany in public_holidays("DE", "DE-BY")
    assert epiphany in public_holidays("DE", "by")
    assert epiphany not in public_holidays("DE")


def test_each_day_has_slots_of_its_own() -> None:
    slots = {"thu": ["09:00-10:00", "18:00-20:00"], "sun": "10:00-11:00"}
    assert windows(parcel(), slots=slots) == ["24 09", "24 18", "27 10", "31 09", "31 18"]
    assert windows(parcel(), slots=slots, weekdays=["sun"]) == ["27 10"]


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
        ("requests:\n  cancel:\n    until: soon\n", "line 3, requests.cancel.until: 'soon'"),
        ("requests:\n  fly: {}\n", "line 2, requests.fly: is not a kind of request"),
        ("requests:\n  cancel:\n    fees: 3\n", "line 3, requests.cancel.fees: is no setting"),
        ("requests:\n  cancel:\n    latest: noon\n", "line 3, requests.cancel.latest: 'noon'"),
        (
            "requests:\n  cancel:\n    only:\n      moon: 1\n",
            "line 4, requests.cancel.only.moon: is no condition",
        ),
        ("requests:\n  cancel:\n    only: {language: fr}\n", "does not go by language"),
        ("slots:\n  - 8 to 10\n", "line 2, slots[0]"),
        ("slots:\n  sat:\n    - 9-10\n", "line 3, slots.sat[0]"),
        ("slots:\n  soon: []\n", "line 2, slots.soon: is not a day"),
        ("holidays: maybe\n", "line 1, holidays: 'maybe' must be true or false"),
        ("requests:\n  cancel: never\n", "line 2, requests.cancel: must be a mapping"),
        ("requests:\n  cancel:\n    allowed: 'no'\n", "line 3, requests.cancel.allowed: 'no'"),
        ("requests:\n  cancel:\n    otp: 1\n", "line 3, requests.cancel.otp: 1 must be true"),
        ("requests:\n  cancel:\n    at_most: -1\n", "line 3, requests.cancel.at_most: -1"),
        ("requests:\n  cancel:\n    fee: 2.90\n", "line 3, requests.cancel.fee: needs an amount"),
        (
            "requests:\n  cancel:\n    fee: {amount: 290}\n",
            "line 3, requests.cancel.fee: needs a currency",
        ),
        (
            "requests:\n  cancel:\n    area: {postcodes: ['75*']}\n",
            "line 3, requests.cancel.area: is no setting of a rule for cancel",
        ),
        (
            "requests:\n  change_address:\n    area:\n      postcodes: [7500]\n",
            "line 4, requests.change_address.area.postcodes: 7500 must be a text in quotes",
        ),
        (
            "requests:\n  change_address:\n    area: {countries: [UK]}\n",
            "line 3, requests.change_address.area.countries: 'UK' is not a country",
        ),
        (
            "requests:\n  change_address:\n    area: {within_km: far}\n",
            "line 3, requests.change_address.area.within_km: 'far' must be a number",
        ),
        (
            "requests:\n  change_address:\n    area: {of: Paris}\n",
            "line 3, requests.change_address.area.of: must be a place",
        ),
        (
            "requests:\n  cancel:\n    fee_waived_for: {moon: 1}\n",
            "line 3, requests.cancel.fee_waived_for.moon: is no condition",
        ),
        ("colour: red\n", "line 1, colour"),
        ("- a\n", "line 1"),
        ("a: {\n", "line 2"),
    ],
)
def test_a_wrong_file_names_its_lines(written: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_policy(written)
    assert says in str(caught.value), str(caught.value)


def test_the_example_of_the_documentation_is_right() -> None:
    page = (ROOT / "docs" / "policy.md").read_text("utf-8")
    [example] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    _, policy = check_policy(example)
    assert set(policy.rules) == set(RequestKind)
    assert policy.weekdays == {0, 1, 5}
    assert policy.rule(RequestKind.cancel).otp


def test_a_right_file_is_read() -> None:
    written = "requests:\n  cancel:\n    latest: '18:00'\n    only: {country: [FR]}\n"
    document, policy = check_policy(written)
    assert document["requests"]["cancel"]["latest"] == "18:00"
    rule = policy.rule(RequestKind.cancel)
    assert rule.only.countries == {"FR"}
    assert replace(rule, latest=None) != rule


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (RequestKind.neighbour, Handover.courier, Handover.neighbour),
        (RequestKind.pickup_point, Handover.courier, Handover.shop),
        (RequestKind.safe_place, Handover.neighbour, Handover.courier),
        (RequestKind.reschedule, Handover.locker, Handover.locker),
        (RequestKind.contactless, Handover.robot, Handover.robot),
    ],
)
def test_how_it_changes_hands_after_a_change(
    kind: RequestKind, before: Handover, after: Handover
) -> None:
    assert handed_over(kind, before) is after
