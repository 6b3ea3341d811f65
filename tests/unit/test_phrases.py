"""Days, hours and windows, as each language says them and as they fit a button."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.text import units
from bot.dialogue.phrases import PHRASES

PARIS = "Europe/Paris"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LANGUAGES = sorted(PHRASES)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A wall clock time in Paris, in winter."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def window(language: str, start: datetime, end: datetime) -> str:
    return PHRASES[language].window(start, end, PARIS, NOW)


def slot(language: str, start: datetime, end: datetime) -> str:
    return PHRASES[language].slot(start, end, PARIS, NOW)


SPOKEN = {
    "en": (
        "today between 18:00 and 21:00",
        "tomorrow, Tuesday 24 November, between 9:30 and 11:00",
        "on Thursday 26 November between 18:00 and 19:00",
    ),
    "fr": (
        "aujourd'hui entre 18 h et 21 h",
        "demain mardi 24 novembre entre 9 h 30 et 11 h",
        "jeudi 26 novembre entre 18 h et 19 h",
    ),
    "es": (
        "hoy entre las 18:00 y las 21:00",
        "mañana, martes 24 de noviembre, entre las 9:30 y las 11:00",
        "el jueves 26 de noviembre entre las 18:00 y las 19:00",
    ),
    "de": (
        "heute zwischen 18 und 21 Uhr",
        "morgen (Dienstag, 24. November) zwischen 9:30 und 11 Uhr",
        "am Donnerstag, 26. November zwischen 18 und 19 Uhr",
    ),
    "pt": (
        "hoje entre 18h e 21h",
        "amanhã (terça-feira, 24 de novembro) entre 9h30 e 11h",
        "quinta-feira, 26 de novembro entre 18h e 19h",
    ),
    "it": (
        "oggi tra le 18:00 e le 21:00",
        "domani, martedì 24 novembre, tra le 9:30 e le 11:00",
        "giovedì 26 novembre tra le 18:00 e le 19:00",
    ),
    "hi": (
        "आज शाम 6 से रात 9 बजे के बीच",
        "कल (मंगलवार, 24 नवंबर) सुबह 9:30 से सुबह 11 बजे के बीच",
        "गुरुवार, 26 नवंबर को शाम 6 से शाम 7 बजे के बीच",
    ),
    "hi-Latn": (
        "aaj shaam 6 se raat 9 baje ke beech",
        "kal (Tuesday 24 November) subah 9:30 se subah 11 baje ke beech",
        "Thursday 26 November ko shaam 6 se shaam 7 baje ke beech",
    ),
}


def test_every_language_is_spoken_here() -> None:
    assert set(SPOKEN) == set(PHRASES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_windows_are_read_out(language: str) -> None:
    assert (
        window(language, at(23, 18), at(23, 21)),
        window(language, at(24, 9, 30), at(24, 11)),
        window(language, at(26, 18), at(26, 19)),
    ) == SPOKEN[language]


@pytest.mark.parametrize(
    ("language", "tomorrow", "later", "all_day", "slot_all_day"),
    [
        ("en", "tomorrow, Tuesday 24 November", "on Thursday 26 November",
         "Tomorrow all day", "Thu 26, all day"),
        ("fr", "demain mardi 24 novembre", "jeudi 26 novembre",
         "Demain la journée", "jeu. 26, la journée"),
        ("es", "mañana, martes 24 de noviembre", "el jueves 26 de noviembre",
         "Mañana todo el día", "jue 26, todo el día"),
        ("de", "morgen (Dienstag, 24. November)", "am Donnerstag, 26. November",
         "Morgen ganztags", "Do 26., ganztags"),
    ],
)  # fmt: skip
def test_a_whole_day_has_no_hours(
    language: str, tomorrow: str, later: str, all_day: str, slot_all_day: str
) -> None:
    assert window(language, at(24, 0), at(25, 0)) == tomorrow
    assert window(language, at(26, 0), at(26, 23, 59)) == later
    assert slot(language, at(24, 0), at(25, 0)) == all_day
    assert slot(language, at(26, 0), at(27, 0)) == slot_all_day


def test_a_day_of_25_hours_is_one_day() -> None:
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    end = start + timedelta(hours=25)
    assert PHRASES["en"].window(start, end, PARIS, NOW) == "on Sunday 25 October"


def test_a_window_of_several_days_names_both_ends() -> None:
    assert (
        window("en", at(26, 8), at(28, 18))
        == "between Thursday 26 November and Saturday 28 November"
    )
    assert window("de", at(26, 0), at(28, 0)) == (
        "zwischen Donnerstag, 26. November und Freitag, 27. November"
    )
    assert slot("en", at(26, 8), at(28, 18)) == "Thu 26-Sat 28"


def test_the_first_of_the_month_in_french() -> None:
    assert window("fr", at(1, 18, month=12), at(1, 21, month=12)).startswith("mardi 1er décembre")
    assert window("fr", at(2, 18, month=12), at(2, 21, month=12)).startswith("mercredi 2 décembre")


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("en", "9:05"), ("fr", "9 h 05"), ("es", "9:05"), ("de", "9:05 Uhr"), ("pt", "9h05"),
        ("it", "9:05"), ("hi", "सुबह 9:05 बजे"), ("hi-Latn", "subah 9:05 baje"),
    ],
)  # fmt: skip
def test_an_hour_alone(language: str, spoken: str) -> None:
    assert PHRASES[language].time(at(23, 9, 5), PARIS) == spoken


@pytest.mark.parametrize(
    ("hour", "part"), [(0, "raat 12"), (3, "raat 3"), (5, "subah 5"), (12, "dopahar 12")]
)
def test_parts_of_the_day_in_hinglish(hour: int, part: str) -> None:
    assert PHRASES["hi-Latn"].time(at(24, hour), PARIS) == f"{part} baje"


@pytest.mark.parametrize(
    ("language", "later", "tomorrow"),
    [
        ("en", "Thu 26, 18:30-21:30", "Tomorrow 18:00-21:00"),
        ("fr", "jeu. 26, 18h30-21h30", "Demain 18h-21h"),
        ("es", "jue 26, 18:30-21:30", "Mañana 18:00-21:00"),
        ("de", "Do 26., 18:30-21:30", "Morgen 18:00-21:00"),
        ("pt", "qui. 26, 18h30-21h30", "Amanhã 18h-21h"),
        ("it", "gio 26, 18:30-21:30", "Domani 18:00-21:00"),
        ("hi", "गुरु 26 18:30-21:30", "कल 18:00-21:00"),
        ("hi-Latn", "Thu 26, 18:30-21:30", "Kal 18:00-21:00"),
    ],
)
def test_slots(language: str, later: str, tomorrow: str) -> None:
    assert slot(language, at(26, 18, 30), at(26, 21, 30)) == later
    assert slot(language, at(24, 18), at(24, 21)) == tomorrow


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    start=st.integers(0, 24 * 60 - 1),
    length=st.integers(1, 5 * 24 * 60),
)
def test_any_slot_fits_a_button(language: str, day: date, start: int, length: int) -> None:
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=start)
    title = slot(language, begins, begins + timedelta(minutes=length))
    assert units(title) <= 20
    assert title == title.strip()
    assert "{" not in title
