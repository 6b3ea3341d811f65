"""Days on our pages, in every language that a page speaks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.when import Window
from bot.web.times import Times

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "tomorrow", "later", "next_year", "short"),
    [
        ("en", "Tomorrow", "Thursday 26 November", "Friday 1 January 2027", "26 Nov 14:05"),
        ("fr", "Demain", "Jeudi 26 novembre", "Vendredi 1 janvier 2027", "26 nov. 14:05"),
        ("es", "Mañana", "Jueves, 26 de noviembre", "Viernes, 1 de enero de 2027", "26 nov 14:05"),
        ("de", "Morgen", "Donnerstag, 26. November", "Freitag, 1. Januar 2027", "26. Nov. 14:05"),
        ("pt", "Amanhã", "Quinta-feira, 26 de novembro", "Sexta-feira, 1 de janeiro de 2027",
         "26 de nov. 14:05"),
        ("it", "Domani", "Giovedì 26 novembre", "Venerdì 1 gennaio 2027", "26 nov 14:05"),
        ("hi", "कल", "गुरुवार, 26 नवंबर", "शुक्रवार, 1 जनवरी 2027", "26 नव॰ 14:05"),
        ("hi-Latn", "Kal", "Thursday 26 November", "Friday 1 January 2027", "26 Nov 14:05"),
        ("xx", "Tomorrow", "Thursday 26 November", "Friday 1 January 2027", "26 Nov 14:05"),
    ],
)  # fmt: skip
def test_days(language: str, tomorrow: str, later: str, next_year: str, short: str) -> None:
    times = Times(ZoneInfo("Europe/Paris"), language, NOW)
    thursday = datetime(2026, 11, 26, 13, 5, tzinfo=UTC)
    assert times.day(datetime(2026, 11, 24, 9, tzinfo=UTC)) == tomorrow
    assert times.day(thursday) == later
    assert times.day(datetime(2027, 1, 1, 9, tzinfo=UTC)) == next_year
    assert times.short(thursday) == short


def test_a_window_of_several_days_is_told_by_both_ends() -> None:
    times = Times(ZoneInfo("Europe/Paris"), "en", NOW)
    start, end = datetime(2026, 11, 23, 13, tzinfo=UTC), datetime(2026, 11, 26, 16, tzinfo=UTC)
    assert times.window(Window(start, end)) == "Today 14:00 – Thursday 26 November 17:00"
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert times.window(Window(start, midnight)) == "Today 14:00–00:00"
