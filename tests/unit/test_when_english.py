"""English phrases; the day is counted in November 2026, today is Monday the 23rd."""

from datetime import date, timedelta

import pytest

from tests.unit.test_when import MONDAY, read, said


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("tomorrow between 2 and 4 please", 24, "14:00-16:00"),
        ("could you come wednesday morning", 25, "08:00-12:00"),
        ("how about wed?", 25, None),
        ("5pm onwards thu", 26, "17:00-21:00"),
        ("8:30-10 sat", 28, "08:30-10:00"),
        ("sun pm", 29, "12:00-18:00"),
        ("tomorrow is a no go, friday?", 27, None),
        ("not before 4", None, "16:00-21:00"),
        ("this friday", 27, None),
        ("1st thing wed", 25, "08:00-12:00"),
        ("the day after boxing day", 57, None),
        ("next friday", 34, None),
        ("a week on tuesday", 31, None),
        ("tuesday week", 31, None),
        ("a week tomorrow", 31, None),
        ("friday next week in the afternoon", 34, "12:00-18:00"),
        ("next week on wednesday after 3", 32, "15:00-21:00"),
        ("in two days", 25, None),
        ("in a couple of days", 25, None),
        ("3 days from now", 26, None),
        ("in a fortnight", 37, None),
        ("the 28th", 28, None),
        ("on the 28th before noon", 28, "08:00-12:00"),
        ("saturday the 28th", 28, None),
        ("28th of november at 3pm", 28, "15:00-16:00"),
        ("Nov 28", 28, None),
        ("december 2nd", 32, None),
        ("dec 2 after 5:30", 32, "17:30-21:00"),
        ("the twenty-eighth", 28, None),
        ("28 November 2026", 28, None),
        ("2026-12-01 9am", 31, "09:00-10:00"),
        ("first thing wednesday", 25, "08:00-12:00"),
        ("anytime after 5", None, "17:00-21:00"),
        ("between 5ish and 7", None, "17:00-19:00"),
        ("noonish tomorrow", 24, "12:00-13:00"),
        ("half seven tomorrow", 24, "19:30-20:30"),
        ("quarter past 3 on friday", 27, "15:15-16:15"),
        ("quarter to six", None, "17:45-18:45"),
        ("ten past 4 tomorrow", 24, "16:10-17:10"),
        ("at 5.30pm", None, "17:30-18:30"),
        ("three thirty pm tomorrow", 24, "15:30-16:30"),
        ("at 1730 tomorrow", 24, "17:30-18:30"),
        ("tomorrow at 1600 hours", 24, "16:00-17:00"),
        ("between 1600 and 1800 hours", None, "16:00-18:00"),
        ("im in a meeting till 5 tomorrow", 24, "17:00-21:00"),
        ("I work until 6 so after that", None, "18:00-21:00"),
        ("home from 3", None, "15:00-21:00"),
        ("nobody is in before noon", None, "12:00-21:00"),
        ("I'm leaving at 4", None, "08:00-16:00"),
        ("I get home at 6 tomorrow", 24, "18:00-21:00"),
        ("I'm out until 2 on thursday", 26, "14:00-21:00"),
        ("no later than 3", None, "08:00-15:00"),
        ("no wait, sunday", 29, None),
        ("not tuesday, wednesday", 25, None),
        ("thursday I mean friday", 27, None),
        ("tomorrow at 5, sorry, 6", 24, "18:00-19:00"),
        ("thursday at 5... actually make it friday", 27, "17:00-18:00"),
        ("friday instead of thursday", 27, None),
        ("can we move it from wednesday to saturday", 28, None),
        ("tomorow aftrnoon", 24, "12:00-18:00"),
        ("wendesday evning", 25, "18:00-21:00"),
        ("sat morning", 28, "08:00-12:00"),
        ("sun 10-12", 29, "10:00-12:00"),
        ("fri 9-11am", 27, "09:00-11:00"),
        ("11am-1pm tomorrow", 24, "11:00-13:00"),
        ("from 11 to 2 tomorrow", 24, "11:00-14:00"),
        ("8 til 10 tomorrow morning", 24, "08:00-10:00"),
        ("after lunch on thursday", 26, "14:00-21:00"),
        ("before lunch tomorrow", 24, "08:00-12:00"),
        ("tomorrow but not in the morning", 24, "12:00-21:00"),
        ("late afternoon tomorrow", 24, "16:00-18:00"),
        ("after 3 but before 6 on friday", 27, "15:00-18:00"),
        ("tomorrow afternoon after 4", 24, "16:00-18:00"),
        ("today after 4 please", 23, "16:00-21:00"),
        ("any time tomorrow", 24, None),
        ("tomorrow all day", 24, "08:00-21:00"),
        ("does tomorrow 7 work for you?", 24, "19:00-20:00"),
        ("tmrw nite", 24, "18:00-21:00"),
        ("I'm away until wednesday, so thursday after 10", 26, "10:00-21:00"),
        ("could it be later, like 6 or 7ish on the 1st", 31, None),
        ("Tuesday 24th November 2pm - 4pm", 24, "14:00-16:00"),
        ("monday the 30th", 30, None),
        ("come at 12 on the 25th", 25, "12:00-13:00"),
        ("the day after tomorrow around two", 25, "14:00-15:00"),
        ("in 2 hours", 23, "12:00-13:00"),
        ("my husband is home from 4.30 on tuesday", 24, "16:30-21:00"),
        ("won't be home tomorrow until 5", 24, "17:00-21:00"),
        ("I can't do tomorrow, can do thursday", 26, None),
        ("17:00-19:00 on 26/11", 26, "17:00-19:00"),
    ],
)  # fmt: skip
def test_english(text: str, day: int | None, hours: str | None) -> None:
    if "6 or 7ish" in text:
        assert read(text, "GB").ambiguous
        return
    assert said(text, "GB") == (day, hours)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("thursday or friday", [26, 27]),
        ("wed / thu", [25, 26]),
        ("any day from wednesday to friday", [25, 26, 27]),
        ("between tuesday and thursday", [24, 25, 26]),
        ("end of next week", [33, 34]),
        ("start of next week", [30, 31]),
        ("next week", [30, 31, 32, 33, 34]),
        ("this week", [24, 25, 26, 27]),
        ("at the weekend", [28, 29]),
        ("in 2 or 3 days", [25, 26]),
        ("the 26th or 27th", [26, 27]),
        ("today or tomorrow", [23, 24]),
        ("tuesday next week or wednesday next week", [31, 32]),
        ("saturday the 27th", [27, 28]),
    ],
)
def test_english_choices(text: str, days: list[int]) -> None:
    wish = read(text, "GB")
    assert wish.ambiguous
    assert [(day - date(2026, 10, 31)).days for day in wish.choices] == days


@pytest.mark.parametrize(
    "text",
    ["any day but monday", "next month", "in december", "in a few days", "the day after",
     "one day later", "any day works after 5", "tomorrow morning or evening"],
)  # fmt: skip
def test_english_unclear(text: str) -> None:
    assert read(text, "GB").ambiguous


@pytest.mark.parametrize(
    "text",
    ["last week", "two weeks ago", "last night", "on the 3rd of november", "yesterday evening",
     "it was supposed to come yesterday", "a week ago"],
)  # fmt: skip
def test_english_past(text: str) -> None:
    assert read(text, "GB").past


@pytest.mark.parametrize(
    "text",
    ["ok", "may I ask", "sat in the hall", "second floor", "order 4 of 5", "my flat is 12",
     "code 4407", "0 to 10", "07700 900123", "it cost £25", "$20 please", "1Z999AA10123456784",
     "asap", "as soon as possible", "thanks", "I have 2 parcels", "flat 3, 2nd floor",
     "leave it at number 7", "at 12 high street", "is it the blue one", "10", "1 to 10",
     "why not", "no problem", "the sun is out", "I march on", "give it a 9", "buzzer 12",
     "it is the 2nd time", "5 stars", "wed love it", "call me on 0151 496 0000",
     "I waited 2 hours", "good morning", "good afternoon, where is it", "have a nice day",
     "my order number is 4512 7788", "2 of 3 boxes came", "I'm at work", "the first door on the left",
     "PO box 14", "leave with no 5", "size 8 shoes", "the second one", "3 parcels, 1 missing"],
)  # fmt: skip
def test_english_nothing(text: str) -> None:
    wish = read(text, "GB")
    assert not wish.says_something
    assert not wish.past
    assert not wish.refused


def test_a_day_after_not_this_week_is_in_the_week_after() -> None:
    wednesday = MONDAY + timedelta(days=2)
    assert read("not this week, monday", now=wednesday).day == date(2026, 11, 30)
    assert read("this week friday", now=wednesday).day == date(2026, 11, 27)
