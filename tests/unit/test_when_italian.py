"""Italian phrases; the day is counted in November 2026, today is Monday the 23rd."""

import pytest

from tests.unit.test_when import read, said


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("domani", 24, None),
        ("domani mattina", 24, "08:00-12:00"),
        ("dopodomani dopo le 18", 25, "18:00-21:00"),
        ("dalle 9 alle 11", None, "09:00-11:00"),
        ("giovedì dalle 14 alle 16", 26, "14:00-16:00"),
        ("venerdì tra le 9 e le 11", 27, "09:00-11:00"),
        ("stasera", 23, "18:00-21:00"),
        ("oggi pomeriggio", 23, "12:00-18:00"),
        ("il 28", 28, None),
        ("il 28 novembre alle 10", 28, "10:00-11:00"),
        ("sabato 28", 28, None),
        ("il primo dicembre", 31, None),
        ("alle cinque e mezza", None, "17:30-18:30"),
        ("domani alle 9 e un quarto", 24, "09:15-10:15"),
        ("alle sei meno un quarto", None, "17:45-18:45"),
        ("verso le 19", None, "19:00-20:00"),
        ("prima delle 12", None, "08:00-12:00"),
        ("fino alle 15", None, "08:00-15:00"),
        ("non prima delle 16", None, "16:00-21:00"),
        ("a partire dalle 17", None, "17:00-21:00"),
        ("dalle 17 in poi", None, "17:00-21:00"),
        ("mercoledi pomeriggio", 25, "12:00-18:00"),
        ("martedì della prossima settimana", 31, None),
        ("venerdì prossimo", 27, None),
        ("tra due giorni", 25, None),
        ("fra una settimana", 30, None),
        ("lavoro fino alle 18", None, "18:00-21:00"),
        ("torno a casa alle 18", None, "18:00-21:00"),
        ("domani non ci sono, giovedì sì", 26, None),
        ("non martedì, mercoledì", 25, None),
        ("giovedì, anzi venerdì", 27, None),
        ("domani all'ora di pranzo", 24, "12:00-14:00"),
        ("domani a mezzogiorno", 24, "12:00-13:00"),
        ("all'una", None, "13:00-14:00"),
        ("sabato tutto il giorno", 28, "08:00-21:00"),
        ("esco alle 4", None, "08:00-16:00"),
        ("nel tardo pomeriggio di giovedì", 26, "16:00-18:00"),
    ],
)
def test_italian(text: str, day: int | None, hours: str | None) -> None:
    assert said(text, "IT") == (day, hours)


@pytest.mark.parametrize(
    "text",
    ["giovedì o venerdì", "la prossima settimana", "nel fine settimana", "da martedì a giovedì"],
)
def test_italian_unclear(text: str) -> None:
    assert read(text, "IT").ambiguous


@pytest.mark.parametrize("text", ["ieri", "la settimana scorsa", "due giorni fa", "lunedì scorso"])
def test_italian_past(text: str) -> None:
    assert read(text, "IT").past


@pytest.mark.parametrize(
    "text",
    ["grazie mille", "ho 2 pacchi", "buongiorno", "buonasera", "via Roma 12", "il codice è 4407", "al terzo piano",
     "interno 5", "il prima possibile", "perché no", "costa 5 euro", "a dopo", "è la seconda volta", "340 1234567"],
)  # fmt: skip
def test_italian_nothing(text: str) -> None:
    wish = read(text, "IT")
    assert not wish.says_something
    assert not wish.past
