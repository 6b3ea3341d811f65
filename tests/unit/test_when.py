"""Days and hours out of plain words."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.when import Window, Wish, read_wish
from bot.domain.when.calendar import easter

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=PARIS)


def read(text: str, country: str = "FR", now: datetime = MONDAY) -> Wish:
    return read_wish(text, now, PARIS, country)


def said(text: str, country: str = "FR") -> tuple[int | None, str | None]:
    """(day of November 2026, hours) of a wish that is clear."""
    wish = read(text, country)
    assert not wish.ambiguous
    assert not wish.past
    hours = f"{wish.start:%H:%M}-{wish.end:%H:%M}" if wish.start and wish.end else None
    return wish.day.toordinal() - date(2026, 10, 31).toordinal() if wish.day else None, hours


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("tomorrow evening", 24, "18:00-21:00"),
        ("tmrw evening pls", 24, "18:00-21:00"),
        ("tomorow", 24, None),
        ("2moro morning", 24, "08:00-12:00"),
        ("can you bring it tonight", 23, "18:00-21:00"),
        ("the day after tomorrow at noon", 25, "12:00-13:00"),
        ("in two days", 25, None),
        ("in a week", 30, None),
        ("wensday", 25, None),
        ("thrusday morning", 26, "08:00-12:00"),
        ("fri morning", 27, "08:00-12:00"),
        ("this friday after 4", 27, "16:00-21:00"),
        ("next friday", 34, None),
        ("thursday next week", 33, None),
        ("friday 5pm", 27, "17:00-18:00"),
        ("the 28th", 28, None),
        ("Nov 28 between 2 and 6", 28, "14:00-18:00"),
        ("2026-11-28", 28, None),
        ("not before 4", None, "16:00-21:00"),
        ("between 9 and 11", None, "09:00-11:00"),
        ("tomorrow 8 to 10 in the evening", 24, "20:00-22:00"),
        ("half past six tomorrow", 24, "18:30-19:30"),
        ("before noon tomorrow", 24, "08:00-12:00"),
        ("by 5pm", None, "08:00-17:00"),
        ("tomorrow at lunchtime", 24, "12:00-14:00"),
        ("not tomorrow but friday", 27, None),
        ("I can't tomorrow, friday please", 27, None),
        ("move it from tomorrow to friday", 27, None),
        ("demain soir", 24, "18:00-21:00"),
        ("dmain", 24, None),
        ("ce soir", 23, "18:00-21:00"),
        ("après-demain matin", 25, "08:00-12:00"),
        ("mercredi vers 19h30", 25, "19:30-20:30"),
        ("mecredi", 25, None),
        ("jeudi 26 novembre entre 18h et 20h", 26, "18:00-20:00"),
        ("jeudi 26", 26, None),
        ("le 28", 28, None),
        ("28/11", 28, None),
        ("vendredi prochain", 27, None),
        ("samedi après midi", 28, "12:00-18:00"),
        ("lundi de la semaine prochaine", 30, None),
        ("dans 2 jours à partir de 17h", 25, "17:00-21:00"),
        ("pas demain, plutôt jeudi", 26, None),
        ("demain entre midi et deux", 24, "12:00-14:00"),
        ("pas avant 16h", None, "16:00-21:00"),
        ("jusqu'à 15h", None, "08:00-15:00"),
        ("vers dix-huit heures demain", 24, "18:00-19:00"),
        ("toute la journée demain", 24, "08:00-21:00"),
        ("à 9 h", None, "09:00-10:00"),
    ],
)
def test_plain_words(text: str, day: int | None, hours: str | None) -> None:
    assert said(text) == (day, hours)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("thursday or friday", [26, 27]),
        ("mercredi ou jeudi après 17h", [25, 26]),
        ("at the weekend", [28, 29]),
        ("next week", [30, 31, 32, 33, 34]),
    ],
)
def test_several_days_are_asked_about(text: str, days: list[int]) -> None:
    wish = read(text)
    assert wish.ambiguous
    assert [(day - date(2026, 10, 31)).days for day in wish.choices] == days


def test_morning_or_evening_is_asked_about() -> None:
    wish = read("demain matin ou soir")
    assert (wish.day, wish.start, wish.ambiguous) == (date(2026, 11, 24), None, True)


def test_a_bare_date_is_read_as_the_country_writes_it() -> None:
    assert read("11/12", "FR").day == date(2026, 12, 11)
    assert read("12/11", "US").day == date(2026, 12, 11)
    unknown = read("5/12", "")
    assert unknown.ambiguous
    assert unknown.choices == (date(2026, 12, 5), date(2027, 5, 12))
    assert read("11/12", "").day == date(2026, 12, 11)  # 12 November is gone


@pytest.mark.parametrize(
    "text",
    ["last week", "yesterday", "hier", "la semaine dernière", "3 days ago", "last friday",
     "vendredi dernier", "12/11"],
)  # fmt: skip
def test_what_is_gone_is_known_to_be_gone(text: str) -> None:
    assert read(text).past


def test_hours_of_today_can_be_gone_too() -> None:
    assert read("this morning", now=MONDAY.replace(hour=15)).past
    assert not read("this morning").past


def test_a_past_day_beside_a_coming_one_is_only_a_story() -> None:
    wish = read("you missed me yesterday, come on friday")
    assert (wish.day, wish.past) == (date(2026, 11, 27), False)


@pytest.mark.parametrize(
    "text",
    ["", "how much is it", "anytime", "my code is 4407", "is it 2 parcels?", "yes", "8",
     "not tomorrow", "I'm not home tomorrow", "32/13", "the other one", "un deux trois",
     "I sat there", "oui merci"],
)  # fmt: skip
def test_where_nothing_is_said_nothing_is_read(text: str) -> None:
    wish = read(text)
    assert not wish.says_something
    assert not wish.past


def test_the_day_is_the_recipients() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert read_wish("tomorrow", late, PARIS).day == date(2026, 11, 25)
    assert read_wish("tomorrow", late, ZoneInfo("America/New_York")).day == date(2026, 11, 24)


def moments(first: date, last: date) -> st.SearchStrategy[datetime]:
    """Instants between two days."""
    low, high = (datetime.combine(day, time()) for day in (first, last))
    return st.datetimes(low, high, timezones=st.just(UTC))


_DAYS = st.sampled_from(
    ["tomorrow", "demain", "friday", "next monday", "le 29", "29/3", "25 october", "in 3 days",
     "today", "ce soir", "hier", "last week", "the weekend", "lundi ou mardi", "sunday", ""]
)  # fmt: skip
_HOURS = st.sampled_from(
    ["", "evening", "matin", "at 2", "at 2:30 am", "vers 19h30", "between 9 and 11", "23h", "23:59",
     "after 8pm", "before 8", "avant midi", "not before 4", "from 11 to 2", "0h", "12 am",
     "entre 22h et 23h30", "at 24", "9-11"]
)  # fmt: skip
_NOW = moments(date(2026, 1, 1), date(2028, 12, 31))
_ZONES = st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Apia"])


@settings(deadline=None)  # a busy machine is not a slow reader
@given(day=_DAYS, hours=_HOURS, now=_NOW, zone=_ZONES, country=st.sampled_from(["", "FR", "US"]))
def test_a_wish_is_never_inverted_and_never_silently_past(
    day: str, hours: str, now: datetime, zone: str, country: str
) -> None:
    _check(read_wish(f"{day} {hours}", now, ZoneInfo(zone), country), now, ZoneInfo(zone))


@settings(deadline=None)  # a busy machine is not a slow reader
@given(
    text=st.text(max_size=80)
    | st.lists(st.sampled_from(
        ["tomorrow", "demain", "friday", "jeudi", "9", "11", "17h", "5pm", "28/11", "between", "and", "or", "ou", "entre", "et", "le", "the", "at", "in", "days", "jours", "2", "99", "next", "last", "week", "before", "avant", "not", "pas", "matin", "evening", "11.12.", ":", "-"]
    ), max_size=9).map(" ".join),
    now=_NOW,
)  # fmt: skip
def test_anything_may_be_said(text: str, now: datetime) -> None:
    _check(read_wish(text, now, PARIS), now, PARIS)


def _check(wish: Wish, now: datetime, zone: ZoneInfo) -> None:
    today = now.astimezone(zone).date()
    assert (wish.start is None) == (wish.end is None)
    if wish.start and wish.end:
        assert wish.start < wish.end
    if wish.day is not None and wish.day < today:
        assert wish.past
    assert all(choice >= today for choice in wish.choices)
    if wish.choices:
        assert wish.ambiguous


@settings(deadline=None)  # a busy machine is not a slow reader
@given(
    start=moments(date(2026, 3, 25), date(2026, 11, 5)),
    text=st.sampled_from(["tomorrow evening", "at 2", "sunday between 1 and 3", "friday", "2am"]),
)
def test_the_best_windows_are_among_those_offered(start: datetime, text: str) -> None:
    windows = [
        Window(start + timedelta(hours=3 * n), start + timedelta(hours=3 * n + 2))
        for n in range(40)
    ]
    best = read_wish(text, start, PARIS).best(windows, PARIS)
    assert set(best) <= set(windows)
    assert len(set(best)) == len(best)


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_windows_of_the_nights_when_clocks_change_are_real(night: date) -> None:
    day = Window.on(night, time(0, 30), time(12), PARIS)
    assert day.end - day.start in {timedelta(hours=10, minutes=30), timedelta(hours=12, minutes=30)}
    wish = Wish(night, time(2), time(3))
    assert wish.best([day], PARIS) in ([day], [])


def test_a_window_ends_after_it_starts() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Window(MONDAY, MONDAY)
    with pytest.raises(ValueError, match="aware"):
        Window(datetime(2026, 11, 23), datetime(2026, 11, 24))  # noqa: DTZ001


def test_the_window_that_overlaps_most_comes_first() -> None:
    afternoon = Window.on(date(2026, 11, 24), time(14), time(18), PARIS)
    evening = Window.on(date(2026, 11, 24), time(18), time(21), PARIS)
    assert read("tomorrow after 4").best([afternoon, evening], PARIS) == [evening, afternoon]
    assert read("tomorrow 19h30").best([afternoon, evening], PARIS) == [evening]


def test_a_window_that_is_mostly_too_early_is_not_offered() -> None:
    afternoon = Window.on(date(2026, 11, 24), time(14), time(18), PARIS)
    evening = Window.on(date(2026, 11, 24), time(18), time(21), PARIS)
    assert read("tomorrow after 5").best([afternoon, evening], PARIS) == [evening]
    assert read("tomorrow at 5pm").best([afternoon], PARIS) == [afternoon]


@pytest.mark.parametrize(
    ("texts", "same_as"),
    [
        (["thursday", "in the morning"], "thursday morning"),
        (["tomorrow after 5", "no wait, friday"], "friday after 5"),
        (["not tomorrow", "evenings"], "not tomorrow, in the evening"),
        (["thursday morning", "or friday afternoon"], "friday afternoon"),
        (["friday or saturday", "saturday"], "saturday"),
        (["next week", "wednesday"], "next wednesday"),
        (["yesterday", "tomorrow"], "tomorrow"),
        (["thursday", "how much is it?"], "thursday"),
    ],
)
def test_what_is_said_in_two_messages_is_one_wish(texts: list[str], same_as: str) -> None:
    wish = Wish()
    for text in texts:
        wish = wish.then(read(text))
    assert wish == read(same_as)


def test_a_day_that_was_ruled_out_can_be_taken_back() -> None:
    wish = read("not tomorrow").then(read("ok tomorrow then"))
    assert (wish.day, wish.refused) == (date(2026, 11, 24), ())


def test_a_very_long_message_is_read_quickly() -> None:
    text = "tomorrow " + "or maybe friday between 9 and 11 " * 500
    assert read(text).ambiguous


@pytest.mark.parametrize(
    ("words", "day", "refused"),
    [
        ("I'm not in tomorrow, thursday is better", date(2026, 11, 26), [date(2026, 11, 24)]),
        ("je serai pas la demain matin, on peut decaler", None, [date(2026, 11, 24)]),
        ("demain je ne suis pas dispo", None, [date(2026, 11, 24)]),
        ("tomorrow doesn't work for me", None, [date(2026, 11, 24)]),
        ("I won't be home, bring it tomorrow evening", date(2026, 11, 24), []),
    ],
)
def test_days_that_are_ruled_out(words: str, day: date | None, refused: list[date]) -> None:
    wish = read_wish(words, datetime(2026, 11, 23, 10, tzinfo=UTC), ZoneInfo("Europe/Paris"), "FR")
    assert (wish.day, list(wish.refused)) == (day, refused)
    if refused and day is None:
        assert wish.start is None
        window = Window.on(refused[0], time(8), time(12), ZoneInfo("Europe/Paris"))
        assert not wish.fits(window, ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("texts", "hours"),
    [
        (["in the evening", "at 8"], "20:00-21:00"),
        (["por la noche", "a las 8"], "20:00-21:00"),
        (["por la tarde", "a las 8"], "20:00-21:00"),
        (["por la tarde", "después de las 7"], "19:00-21:00"),
        (["abends", "nach 8"], "20:00-21:00"),
        (["le soir", "à 8h30"], "20:30-21:30"),
        (["in the morning", "at 8"], "08:00-09:00"),
        (["in the evening", "8am"], "08:00-09:00"),
        (["in the afternoon", "at 8"], "20:00-21:00"),
        (["tomorrow", "at 8"], "08:00-09:00"),
    ],
)
def test_an_hour_is_in_the_half_of_the_day_that_was_talked_about(
    texts: list[str], hours: str
) -> None:
    wish = Wish()
    for text in texts:
        wish = wish.then(read(text))
    assert wish.start
    assert wish.end
    assert f"{wish.start:%H:%M}-{wish.end:%H:%M}" == hours


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("push it back a day", 1),
        ("can you push my delivery back by two days", 2),
        ("delay by a couple of days", 2),
        ("bring it forward a day", -1),
        ("décalez d'un jour", 1),
        ("vous pouvez repousser ma livraison de deux jours", 2),
        ("um einen tag verschieben", 1),
        ("verschieben sie es bitte um 2 tage", 2),
        ("aplazarlo un día", 1),
        ("posticipare di due giorni", 2),
        ("adiar um dia", 1),
    ],
)
def test_moved_by_some_days_from_the_one_that_stands(text: str, days: int) -> None:
    stands = date(2026, 11, 26)
    wish = read_wish(text, MONDAY, PARIS, "FR", about=stands)
    assert (wish.day, wish.ambiguous) == (stands + timedelta(days=days), False)


@pytest.mark.parametrize(
    "text",
    [
        "move it please, i've waited 3 days",
        "change it, 2 weeks now without my parcel",
    ],
)
def test_how_long_somebody_waits_moves_nothing(text: str) -> None:
    wish = read_wish(text, MONDAY, PARIS, "FR", about=date(2026, 11, 26))
    assert wish.day is None


@pytest.mark.parametrize(
    "text", ["w/c 30th", "week commencing the 30th", "la semaine du 30", "la semana del 30"]
)
def test_a_week_by_its_first_day_is_to_be_chosen_from(text: str) -> None:
    wish = read(text)
    assert wish.ambiguous
    assert [day.day for day in wish.choices] == [30, 1, 2, 3, 4]


def test_the_beginning_of_a_week_that_is_half_over_is_the_next_ones() -> None:
    wednesday = MONDAY + timedelta(days=2)
    wish = read_wish("anfang der woche", wednesday, PARIS, "FR")
    assert [day.day for day in wish.choices] == [30, 1]
    for text in ("mittwoch in einer woche", "mercredi en 8"):
        assert read_wish(text, wednesday, PARIS, "FR").day == date(2026, 12, 2)


def test_wednesday_week_said_on_a_wednesday_is_asked_about() -> None:
    wednesday = MONDAY + timedelta(days=2)
    assert [day.day for day in read("wednesday week", now=wednesday).choices] == [2, 9]
    assert read("thursday week", now=wednesday).day == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("two days before christmas", 12, 23),
        ("the day after the 14th of december", 12, 15),
        ("day after the 28th", 11, 29),
        ("one day after boxing day", 12, 27),
        ("le lendemain du 14 décembre", 12, 15),
        ("deux jours après noël", 12, 27),
        ("dos días antes de nochebuena", 12, 22),
        ("zwei tage vor heiligabend", 12, 22),
        ("am tag nach dem 2. weihnachtstag", 12, 27),
        ("due giorni prima di natale", 12, 23),
    ],
)
def test_days_counted_from_a_date(text: str, month: int, day: int) -> None:
    wish = read(text)
    assert (wish.day, wish.ambiguous) == (date(2026, month, day), False)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("within two days", [24, 25]),
        ("innerhalb von 3 tagen", [24, 25, 26]),
        ("entro due giorni", [24, 25]),
        ("en los próximos dos días", [24, 25]),
        ("kw 49", [30, 31, 32, 33, 34]),
        ("de aquí al jueves", [24, 25, 26]),
        ("this friday or the next", [27, 34]),
        ("ce vendredi ou le suivant", [27, 34]),
        ("friday or next week", [27, 30, 31, 32, 33, 34]),
        ("mi oder do is egal", [25, 26]),
        ("sat or sun whichever", [28, 29]),
    ],
)
def test_one_of_several_days(text: str, days: list[int]) -> None:
    wish = read(text)
    assert wish.ambiguous
    assert [(day - date(2026, 10, 31)).days for day in wish.choices] == days


@pytest.mark.parametrize(
    "text",
    ["the first week of january", "the last week of november", "end of the week", "end of the month",
     "anything but monday", "alles außer mittwoch geht", "immer außer freitags"],
)  # fmt: skip
def test_too_vague_to_name(text: str) -> None:
    wish = read(text)
    assert wish.ambiguous
    assert wish.day is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("demain en début d'aprem", "12:00-15:00"),
        ("demain en fin d'apm", "16:00-18:00"),
        ("toward the end of the afternoon", "16:00-18:00"),
        ("anything but mornings", "12:00-21:00"),
        ("ce soir après sept heures", "19:00-21:00"),
    ],
)
def test_the_edge_of_a_part_of_the_day(text: str, hours: str) -> None:
    assert said(text)[1] == hours


def test_a_weekday_but_not_this_weeks_is_the_one_after() -> None:
    assert said("wednesday but not this week")[0] == 32
    assert read("mercredi prochain, pas celui de cette semaine").day == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [("sat if poss", 28), ("sat works", 28), ("fourteenth would be grand", 44),
     ("the 14th of the month", 44), ("après dmain soir", 25), ("heute in 8 tagen", 30)],
)  # fmt: skip
def test_short_forms_of_a_day(text: str, day: int) -> None:
    assert said(text)[0] == day


@pytest.mark.parametrize(
    "text",
    ["one of the parcels", "3 of the 5 boxes", "third time now", "the second of the two", "sat and waited",
     "it ended in the middle", "week of hell", "innerhalb der wohnung", "sous le porche", "entro in casa",
     "first of the line", "at the end of the road", "mein sohn ist 2. geworden"],
)  # fmt: skip
def test_plain_sentences_say_nothing(text: str) -> None:
    wish = read(text)
    assert not wish.says_something
    assert not wish.past
    assert not wish.refused


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("à partir du 25", [25, 26, 27, 28, 29]),
        ("après le 25", [26, 27, 28, 29, 30]),
        ("a partir del 25 estoy en casa", [25, 26, 27, 28, 29]),
        ("antes del 26", [24, 25]),
        ("dal 25 in poi", [25, 26, 27, 28, 29]),
        ("entro il 26", [24, 25, 26]),
        ("dal 25 al 28", [25, 26, 27, 28]),
        ("depois do 25", [26, 27, 28, 29, 30]),
        ("ab dem 25. wieder", [25, 26, 27, 28, 29]),
        ("bis zum 25.", [24, 25]),
        ("vom 25. bis 27.", [25, 26, 27]),
        ("25 tarikh ke baad", [26, 27, 28, 29, 30]),
        ("not til after the weekend", [30, 31, 32, 33, 34]),
        ("nach dem wochenende", [30, 31, 32, 33, 34]),
        ("not before next week", [30, 31, 32, 33, 34]),
    ],
)
def test_a_number_with_the_article_of_a_day_is_no_hour(text: str, days: list[int]) -> None:
    wish = read(text)
    assert wish.ambiguous
    assert wish.start is None
    assert [(day - date(2026, 10, 31)).days for day in wish.choices] == days


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("dalle 15 alle 18", "15:00-18:00"),
        ("de 15 à 18", "15:00-18:00"),
        ("de 15 a 18", "15:00-18:00"),
        ("von 15 bis 18", "15:00-18:00"),
        ("nach dem essen", "14:00-21:00"),
        ("a partir de las 15", "15:00-21:00"),
    ],
)
def test_a_number_without_it_is_an_hour(text: str, hours: str) -> None:
    assert said(text) == (None, hours)


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("lundi de pâques", 3, 29),
        ("ostermontag", 3, 29),
        ("good friday", 3, 26),
        ("pasquetta", 3, 29),
        ("el viernes santo", 3, 26),
        ("christi himmelfahrt", 5, 6),
        ("lundi de pentecôte", 5, 17),
        ("le dernier jour du mois de février", 2, 28),
    ],
)
def test_feasts_that_move_with_easter(text: str, month: int, day: int) -> None:
    february = datetime(2027, 2, 3, 10, tzinfo=PARIS)
    assert read(text, now=february).day == date(2027, month, day)


@pytest.mark.parametrize(("year", "month", "day"), [
    (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2285, 3, 22),
])  # fmt: skip
def test_easter(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("i'd rather have it thursday than wednesday", 26),
        ("lieber donnerstag als mittwoch", 26),
        ("can you make it wednesday instead i wont be in til late", 25),
        ("je rentre de vacances le 25 donc le 26", 26),
        ("i'm back on the 25th so the 26th works", 26),
        ("a fortnight today", 37),
        ("el último día del mes", 30),
    ],
)
def test_the_day_that_is_wished_among_those_that_are_named(text: str, day: int) -> None:
    assert said(text)[0] == day


def test_a_not_that_ends_the_sentence_rules_out_what_came_before() -> None:
    wish = read("friday unfortunately i can not")
    assert (wish.day, wish.refused) == (None, (date(2026, 11, 27),))
    assert said("can you do friday or not")[0] == 27


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("28.11", 28, None),
        ("27.11 after 3", 27, "15:00-21:00"),
        ("at 5.30", None, "17:30-18:30"),
        ("at 9.15", None, "09:15-10:15"),
        ("el viernes 27 de 10 a 12", 27, "10:00-12:00"),
        ("lunedì 30 in mattinata", 30, "08:00-12:00"),
        ("diesen samstag spätestens 12", 28, "08:00-12:00"),
        ("8pm latest, tomorrow", 24, "08:00-20:00"),
        ("redeliver 2moz between 4 n 6", 24, "16:00-18:00"),
    ],
)
def test_numbers_that_are_days_beside_numbers_that_are_hours(
    text: str, day: int | None, hours: str | None
) -> None:
    assert said(text) == (day, hours)


def test_a_weekday_and_its_number_that_are_gone_are_not_next_months() -> None:
    assert read("it was meant for monday 16th").past
    assert read("saturday 28th").day == date(2026, 11, 28)


@pytest.mark.parametrize(
    "text",
    ["flat 4, 22 may street", "1 of 3", "12 of 40 boxes", "version 1.03", "it cost me 12.09"],
)
def test_numbers_of_houses_and_things_are_no_days(text: str) -> None:
    wish = read(text, "GB")
    assert not wish.says_something
    assert not wish.past


@pytest.mark.parametrize(
    "text", ["swap monday for tuesday", "cambia el lunes por el martes", "change lundi pour mardi"]
)
def test_a_day_in_exchange_for_another(text: str) -> None:
    assert read(text).day == read("tuesday").day
