"""Flows' documents: read whole, or every wrong field named with its fix."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from bot.domain.conditions import Only
from bot.domain.errors import Invalid
from bot.domain.flow import (
    WINDOW_CHANGED,
    AskNps,
    Escalate,
    Goal,
    If,
    Plan,
    Send,
    Tag,
    Trigger,
    Wait,
    WaitBefore,
    WaitFor,
    Webhook,
)
from bot.domain.ladder import Rung
from bot.domain.read_flow import read_flow
from bot.domain.shipment import Handover, Shipment, Standing, Status
from bot.domain.when import Window

LEAST: dict[str, Any] = {"trigger": {"status": "delivered"}, "steps": [{"send": {"say": "x"}}]}
DAY = timedelta(days=1)
SCORED = frozenset(Trigger("score", value) for value in ("low", "middle", "high"))
PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def parcel(**more: Any) -> Shipment:
    made = Shipment(UUID(int=1), UUID(int=2), "r", "onfleet", "n", None, NOON, country="FR")
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_reads_everything() -> None:
    plan = read_flow(
        {
            "about": "for whoever reads it",
            "trigger": {"verdict": "not_made"},
            "repeat": "each",
            "only": {"country": ["FR", "BE"], "carrier": "onfleet", "value_from": 5000},
            "steps": [
                {"wait": "2h"},
                {"wait": {"until": "09:00"}},
                {
                    "send": {
                        "say": "x",
                        "while": "attempt_failed",
                        "good_for": "1d",
                        "ladder": [{"channel": "sms", "wait": "10m"}, "email"],
                        "options": [{"key": "y", "payload": "/affirm"}],
                    }
                },
                {"ask_nps": None},
                {"escalate": "dispute_attempt"},
                {"wait": {"for": ["delivered", "scored"], "at_most": "2d"}},
                {"tag": "vip", "if": "missing"},
                {"webhook": "https://shop.example/hook", "variant": "a"},
                {"wait": {"before_last_day": "2d", "else": "1d"}},
            ],
            "variants": {"a": 50, "holdout": 50},
            "goal": {"for": "scored", "within": "3d"},
        }
    )
    assert plan.trigger == Trigger("verdict", "not_made")
    assert plan.only == Only(frozenset({"onfleet"}), frozenset({"FR", "BE"}), value_from=5000)
    assert plan.steps == (
        Wait(timedelta(hours=2)),
        Wait(until=time(9)),
        Send(
            "x",
            good_for=timedelta(days=1),
            while_status=Status.attempt_failed,
            ladder=(Rung("sms", timedelta(minutes=10)), Rung("email")),
            options=({"key": "y", "payload": "/affirm"},),
        ),
        AskNps(),
        Escalate("dispute_attempt"),
        WaitFor(SCORED | {Trigger("status", "delivered")}, 2 * DAY, "delivered or scored"),
        Tag(("vip",), only_if=If.missing),
        Webhook("https://shop.example/hook", variant="a"),
        WaitBefore(2, DAY),
    )
    assert plan.goal == Goal(SCORED, 3 * DAY)
    assert read_flow({**LEAST, "trigger": {"window": "changed"}}).trigger == WINDOW_CHANGED


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"trigger": {"status": "gone"}}, "trigger.status: 'gone' is none"),
        ({"trigger": {"moon": "full"}}, "trigger: must have exactly one of: status"),
        ({"trigger": None}, "trigger: must have exactly one of"),
        ({"repeat": "always"}, "repeat: must be once or each"),
        ({"active": "yes"}, "active: must be true or false"),
        ({"colour": 1}, "colour: is no setting of a flow"),
        ({"only": {"moon": 1}}, "only.moon: is no condition; known: carrier"),
        ({"only": {"value_from": "much"}}, "only.value_from"),
        ({"only": {"first_parcel": "yes"}}, "only.first_parcel: must be true or false"),
        ({"only": 5}, "only: must be a table"),
        ({"steps": []}, "steps: must be a list"),
        ({"steps": [{"dance": 1}]}, "steps[0].dance: is not a step"),
        ({"steps": [{"send": {}}]}, "steps[0].send.say"),
        ({"steps": [{"send": {"say": "x", "while": "gone"}}]}, "steps[0].send.while"),
        ({"steps": [{"send": {"say": "x", "purpose": "fun"}}]}, "steps[0].send.purpose"),
        ({"steps": [{"send": {"say": "x", "whil": 1}}]}, "steps[0].send.whil: is no setting of it"),
        (
            {"steps": [{"send": {"say": "x", "options": [{"key": "y"}]}}]},
            "steps[0].send.options[0]",
        ),
        ({"steps": [{"send": {"say": "x", "ladder": [5]}}]}, "steps[0].send.ladder[0]: must be a"),
        ({"steps": [{"ask_nps": "soon"}]}, "steps[0].ask_nps: must be empty"),
        ({"steps": [{"ask_nps": {"open": "1d"}}]}, "steps[0].ask_nps.open: is no setting"),
        ({"steps": [{"wait": "soon"}]}, "steps[0].wait: 'soon' must look like"),
        ({"steps": [{"wait": {"until": "noon"}}]}, "steps[0].wait.until"),
        ({"steps": [{"escalate": 5}]}, "steps[0].escalate"),
        (
            {"steps": [{"wait": {"for": "rain", "at_most": "1d"}}]},
            "steps[0].wait.for: 'rain' is no",
        ),
        ({"steps": [{"wait": {"for": "delivered"}}]}, "steps[0].wait.at_most: 'None' must look"),
        ({"steps": [{"wait": {"for": "delivered", "at_last": "1d"}}]}, "steps[0].wait.at_last"),
        ({"steps": [{"wait": {"before_last_day": "x"}}]}, "steps[0].wait.before_last_day"),
        ({"steps": [{"tag": []}]}, "steps[0].tag: must be a word"),
        ({"steps": [{"webhook": "shop.example"}]}, "steps[0].webhook: must be the URL"),
        (
            {"steps": [{"wait": "1d", "if": "maybe"}]},
            "steps[0].if: 'maybe' must be came or missing",
        ),
        ({"steps": [{"wait": "1d", "variant": "b"}]}, "steps[0].variant: 'b' is none of variants"),
        ({"variants": {"a": 50}}, "variants: must be shares in percent that come to 100"),
        ({"goal": "scored"}, "goal: must be like"),
        ({"goal": {"for": "rain", "within": "3d"}}, "goal.for: 'rain' is no event"),
        ({"trigger": {"schedule": "daily"}}, "trigger.schedule: must be"),
        ({"trigger": {"schedule": {"at": "noon", "status": "delivered"}}}, "trigger.schedule.at"),
        ({"trigger": {"score": 3}}, "trigger.score: 3 is none; known: low, middle, high"),
    ],
)
def test_names_what_is_wrong(change: dict[str, Any], says: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_flow(LEAST | change)
    assert says in str(caught.value)


def test_names_everything_that_is_wrong_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        read_flow({"trigger": {}, "steps": [{"wait": "x"}, {"send": 1}], "repeat": 3})
    fields = [field for field, _ in caught.value.problems]
    assert fields == ["trigger", "repeat", "steps[0].wait", "steps[1].send.say"]


@pytest.mark.parametrize(
    ("only", "fits"),
    [
        (Only(), True),
        (Only(countries=frozenset({"FR"})), True),
        (Only(countries=frozenset({"DE"})), False),
        (Only(carriers=frozenset({"fedex"})), False),
        (Only(languages=frozenset({"fr"})), True),
        (Only(languages=frozenset({"en"})), False),
        (Only(handovers=frozenset({"robot"})), False),
        (Only(value_from=5000), True),
        (Only(value_from=5001), False),
    ],
)
def test_conditions(only: Only, fits: bool) -> None:
    made = parcel(value_amount=5000, handover=Handover.courier)
    assert only.fits(made, "fr") is fits


def test_a_wait_until_an_hour_is_by_the_clock_at_the_address() -> None:
    assert Wait(until=time(13, 30)).over_at(NOON, PARIS) == NOON + timedelta(minutes=30)
    assert Wait(until=time(13)).over_at(NOON, PARIS) == NOON + timedelta(days=1)
    before_the_clocks_change = datetime(2026, 10, 24, 12, tzinfo=UTC)
    over = Wait(until=time(9)).over_at(before_the_clocks_change, PARIS)
    assert over == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_a_reminder_comes_before_the_last_day() -> None:
    wait = WaitBefore(2, DAY)
    until = datetime(2026, 11, 30, 20, tzinfo=UTC)
    assert wait.over_at(NOON, PARIS, until) == datetime(2026, 11, 27, 23, tzinfo=UTC)
    assert wait.over_at(NOON, PARIS, NOON + DAY) == NOON, "it is high time"
    assert wait.over_at(NOON, PARIS) == NOON + DAY
    waits = parcel(details={"collect": {"until": until.isoformat()}})
    assert waits.last_day == until
    assert parcel(details={"collect": {"until": "soon"}}).last_day is None


def test_a_contact_keeps_its_variant_and_the_shares_are_kept() -> None:
    plan = Plan(Trigger("status", "delivered"), variants={"a": 30, "b": 60, "holdout": 10})
    given = [plan.variant_of("x", UUID(int=n)) for n in range(2000)]
    assert given == [plan.variant_of("x", UUID(int=n)) for n in range(2000)]
    for name, share in plan.variants.items():
        assert abs(given.count(name) / 2000 - share / 100) < 0.04
    assert given != [plan.variant_of("y", UUID(int=n)) for n in range(2000)], "each flow for itself"
    assert Plan(Trigger("status", "delivered")).variant_of("x", None) == ""


def test_tags_outlive_what_carriers_tell() -> None:
    tagged = parcel()
    tagged.tag("vip", "fragile")
    tagged.tag("vip")
    tagged.take(Standing(Status.in_transit, details={"depot": "Paris"}))
    assert tagged.details == {"depot": "Paris", "tags": ["vip", "fragile"]}
    assert Only(tags=frozenset({"vip"})).fits(tagged, "en")
    assert not Only(tags=frozenset({"late"})).fits(tagged, "en")


@pytest.mark.parametrize(
    ("start", "end", "wrong"), [(0, 120, False), (10, 130, False), (-30, 90, True), (60, 180, True)]
)
def test_a_few_minutes_are_no_news(start: int, end: int, wrong: bool) -> None:
    told = parcel(window_start=NOON, window_end=NOON + timedelta(hours=2))
    assert not told.told_wrong
    told.tell()
    told.window_start = NOON + timedelta(minutes=start)
    told.window_end = NOON + timedelta(minutes=end)
    assert told.told_wrong is wrong
    assert told.told == Window(NOON, NOON + timedelta(hours=2))


def test_whoever_was_promised_a_new_time_is_told_it() -> None:
    late = parcel(window_start=None, window_end=None, status=Status.delayed, status_at=NOON)
    late.tell()
    assert (late.told, late.told_wrong) == (None, False)
    late.window_start, late.window_end = NOON, NOON + timedelta(hours=2)
    assert late.told_wrong
    late.tell()
    assert not late.told_wrong


def test_whoever_was_told_no_window_is_not_told_a_new_one() -> None:
    out = parcel(window_start=None, window_end=None, status=Status.out_for_delivery)
    out.tell()
    out.window_start, out.window_end = NOON, NOON + timedelta(hours=2)
    assert not out.told_wrong
