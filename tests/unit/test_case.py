"""Cases, their clocks, and who is asked to take them."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.assignment import Colleague, next_in_turn
from bot.domain.case import Case, Priority, SnoozedFor, Standing, Targets
from bot.domain.desk import Act, Assignment, read_desk, read_tag
from bot.domain.errors import Invalid
from bot.domain.merchant import Availability, Merchant, Role, User
from bot.domain.working_time import WorkingTime
from bot.services.desk import desk_of
from bot.services.publish_desk import check_desk
from bot.services.work_case import mentioned
from bot.storage.search import tsquery

PARIS = ZoneInfo("Europe/Paris")
NINE_TO_SIX = dict.fromkeys(range(5), (time(9), time(18)))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)
HOUR = timedelta(hours=1)


def office(*closed: date) -> WorkingTime:
    return WorkingTime(NINE_TO_SIX, PARIS, lambda day: day in closed)


ALWAYS = WorkingTime({}, PARIS, lambda _: False)


def a_case(**more: object) -> Case:
    case = Case(uuid4(), uuid4(), uuid4(), MONDAY)
    for name, value in more.items():
        setattr(case, name, value)
    return case


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        (MONDAY, HOUR, MONDAY + HOUR),
        # In the evening there is an hour left; the rest is on the next morning.
        (MONDAY.replace(hour=17), 2 * HOUR, datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)),
        # From Friday evening over the weekend.
        (
            datetime(2026, 11, 27, 20, 0, tzinfo=PARIS),
            HOUR,
            datetime(2026, 11, 30, 10, 0, tzinfo=PARIS),
        ),
        # At night.
        (datetime(2026, 11, 23, 3, 0, tzinfo=PARIS), 9 * HOUR, MONDAY.replace(hour=18)),
    ],
)
def test_working_time_goes_by_while_people_are_there(
    start: datetime, amount: timedelta, end: datetime
) -> None:
    assert office().after(start, amount) == end
    assert office().between(start, end) == amount


def test_holidays_are_no_working_time_and_nobody_is_late_where_nobody_works() -> None:
    tuesday = datetime(2026, 11, 24, 12, 0, tzinfo=PARIS)
    assert office(date(2026, 11, 24)).after(tuesday, HOUR) == datetime(
        2026, 11, 25, 10, 0, tzinfo=PARIS
    )
    never = WorkingTime(NINE_TO_SIX, PARIS, lambda _: True)
    assert never.after(tuesday, HOUR) is None
    assert never.between(tuesday, tuesday + 100 * HOUR) == timedelta()


moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001  the zone is added
    max_value=datetime(2026, 12, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
amounts = st.integers(0, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(moments, amounts)
def test_after_is_the_inverse_of_between(start: datetime, amount: timedelta) -> None:
    """Also over the nights on which clocks change."""
    end = office().after(start, amount)
    assert end is not None
    assert end >= start
    assert office().between(start, end) == amount


@given(moments, st.lists(amounts, min_size=2, max_size=4))
def test_stretches_of_working_time_add_up(start: datetime, parts: list[timedelta]) -> None:
    at, whole = start, timedelta()
    for part in parts:
        whole += office().between(at, at + part)
        at += part
    assert office().between(start, at) == whole


def test_the_first_answer_then_the_solution_are_due_and_waiting_stops_the_clock() -> None:
    work, case = office(), a_case()
    case.start(Targets(HOUR, 4 * HOUR), work)
    assert case.next_due == MONDAY + HOUR
    assert case.standing(MONDAY + HOUR / 2, 0.25, work) is Standing.fine
    assert case.standing(MONDAY + 0.8 * HOUR, 0.25, work) is Standing.soon
    assert case.standing(MONDAY + HOUR, 0.25, work) is Standing.late
    case.answered(MONDAY + HOUR / 2)
    assert case.next_due is None
    assert case.standing(MONDAY + 100 * HOUR, 0.25, work) is Standing.paused
    # The customer writes on the next morning: three and a half hours are left.
    tuesday = datetime(2026, 11, 24, 9, 0, tzinfo=PARIS)
    assert not case.customer_wrote(work, tuesday)
    assert case.next_due == tuesday + 3.5 * HOUR


def test_a_snooze_ends_when_the_customer_writes_and_stops_only_the_second_clock() -> None:
    case = a_case()
    case.start(Targets(HOUR, 4 * HOUR), ALWAYS)
    case.snooze(SnoozedFor.parcel_moves, None, MONDAY)
    assert case.snoozed
    assert case.next_due == MONDAY + HOUR, "nobody has answered yet"
    assert case.customer_wrote(ALWAYS, MONDAY + HOUR)
    assert not case.snoozed
    case.answered(MONDAY + HOUR)
    case.snooze(SnoozedFor.time, MONDAY + 9 * HOUR, MONDAY + 2 * HOUR)
    assert case.resume(ALWAYS, MONDAY + 9 * HOUR)
    assert not case.resume(ALWAYS, MONDAY + 9 * HOUR)
    # Paused from the answer on, at one; three hours were left.
    assert case.next_due == MONDAY + 12 * HOUR


def test_a_closed_case_stays_as_it_was() -> None:
    case, first = a_case(), uuid4()
    case.close(first, "settled", MONDAY)
    case.close(uuid4(), "again", MONDAY + HOUR)
    assert (case.open, case.closed_by, case.settled) == (False, first, "settled")


def test_without_targets_nothing_is_late() -> None:
    case = a_case()
    case.start(None, ALWAYS)
    assert case.standing(MONDAY + 9999 * HOUR, 0.25, ALWAYS) is Standing.fine


def colleague(
    name: str,
    load: int = 0,
    here: Availability = Availability.online,
    last: datetime | None = None,
    **skills: list[str],
) -> Colleague:
    user = User(
        uuid4(), uuid4(), f"{name}.x@shop.example", f"{name} Doe", Role.agent, "", MONDAY,
        skills=skills,
    )  # fmt: skip
    return Colleague(user, load, here, last)


def turn(*people: Colleague, language: str = "fr", topic: str = "x", **more: object) -> str | None:
    found = next_in_turn(people, language, topic, 3, **more)  # pyright: ignore[reportArgumentType]
    return next((one.user.name.split()[0] for one in people if one.user.id == found), None)


def test_who_has_least_to_do_is_asked_then_who_waited_longest_for_a_case() -> None:
    ana, bea = colleague("Ana", 2), colleague("Bea", 1)
    assert turn(ana, bea) == "Bea"
    ana, bea = colleague("Ana", 1, last=MONDAY), colleague("Bea", 1, last=MONDAY - HOUR)
    assert turn(ana, bea) == "Bea"
    assert turn(ana, bea, colleague("Cem", 1)) == "Cem"


def test_nobody_is_asked_who_is_away_busy_full_skipped_or_cannot_do_it() -> None:
    away = colleague("Ana", here=Availability.away)
    busy = colleague("Bea", here=Availability.busy)
    full = colleague("Cem", 3)
    german = colleague("Dag", languages=["de"])
    refunds = colleague("Eva", topics=["complain"])
    assert turn(away, busy, full, german, refunds) is None
    assert turn(german, language="de") == "Dag"
    assert turn(german, language="de-AT") == "Dag"
    assert turn(refunds, topic="complain") == "Eva"
    assert turn(german, language="de", skip={german.user.id}) is None


def test_a_note_calls_by_first_name_whole_name_or_mail_name() -> None:
    team = [colleague("Ana").user, colleague("Bea").user]
    ana, bea = team
    assert mentioned("ask @ana.", team) == {ana.id}
    assert mentioned("@AnaDoe and @bea.x please", team) == {ana.id, bea.id}
    assert mentioned("write to me@ana.example", team) == set[UUID]()


def test_the_shipped_desk_reads_and_speaks_the_four_languages() -> None:
    desk = desk_of(Merchant(uuid4(), "Shop", MONDAY))
    assert set(desk.targets) == set(Priority)
    assert desk.assignment is Assignment.pull
    for reply in desk.replies.values():
        assert {"en", "fr", "es", "de"} <= set(reply.texts), reply.shortcut
    assert desk.replies["hello"].text("pt") == desk.replies["hello"].texts["en"]


def test_a_wrong_desk_is_refused_with_its_lines() -> None:
    text = """\
targets:
  urgent: {first_response: 2h, resolution: 1h}
  sometimes: {first_response: 1h, resolution: 2h}
  low: {first_response: soon, resolution: 2h}
assignment: {how: by_dice, at_most: 0}
replies:
  Not a shortcut: {texts: {en: hello}}
  fine: {texts: {en: hello}}
macros:
  wrong: [{reply: missing}, {dance: yes}, {hand_back: done}, {tag: x}]
tags: ["a, b"]
undo: 5m
warn: 2
unheard_of: 1
"""
    with pytest.raises(Invalid) as caught:
        check_desk(text)
    said = {where.partition(", ")[2]: where.partition(",")[0] for where, _ in caught.value.problems}
    assert said["targets.urgent"] == "line 2"
    assert set(said) == {
        "targets.urgent", "targets.sometimes", "targets.low.first_response", "assignment.how",
        "assignment.at_most", "replies.Not a shortcut", "macros.wrong", "macros.wrong[0]",
        "macros.wrong[1].dance", "macros.wrong[1]", "tags[0]", "undo", "warn", "unheard_of",
    }  # fmt: skip


def test_a_right_desk_is_read_whole() -> None:
    desk = read_desk({
        "assignment": {"how": "in_turn", "at_most": 4, "moves_on_after": "2m"},
        "replies": {"hi": {"title": "Hi", "texts": {"en": "Hi"}}},
        "macros": {"Done": [{"reply": "hi"}, {"snooze": "2h"}, {"priority": "low"}, {"hand_back": None}]},
        "undo": "0s", "override": True,
    })  # fmt: skip
    assert (desk.assignment, desk.at_most, desk.override) == (Assignment.in_turn, 4, True)
    assert desk.moves_on_after == timedelta(minutes=2)
    assert desk.undo == timedelta()
    assert [act for act, _ in desk.macros["Done"].acts] == [
        Act.reply, Act.snooze, Act.priority, Act.hand_back,
    ]  # fmt: skip


def test_tags_and_search_words() -> None:
    assert read_tag("  two   words ") == "two words"
    for wrong in ("", "a,b", "x" * 41):
        with pytest.raises(Invalid):
            read_tag(wrong)
    assert tsquery("où est  mon colis") == "'où' & 'est' & 'mon' & 'colis':*"
    assert tsquery("';--") == ""
