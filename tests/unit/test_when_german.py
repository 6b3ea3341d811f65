"""German phrases; the day is counted in November 2026, today is Monday the 23rd."""

from datetime import date

import pytest

from tests.unit.test_when import read, said


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("morgen", 24, None),
        ("morgen früh", 24, "08:00-12:00"),
        ("morgen Nachmittag", 24, "12:00-18:00"),
        ("Freitag zwischen 9 und 11", 27, "09:00-11:00"),
        ("übermorgen ab halb sieben", 25, "18:30-21:00"),
        ("uebermorgen vormittag", 25, "08:00-12:00"),
        ("viertel nach drei", None, "15:15-16:15"),
        ("morgen um viertel vor fünf", 24, "16:45-17:45"),
        ("dreiviertel sechs", None, "17:45-18:45"),
        ("heute Nachmittag", 23, "12:00-18:00"),
        ("heute Abend nach 19 Uhr", 23, "19:00-21:00"),
        ("kommende Woche Dienstag", 31, None),
        ("Dienstag in einer Woche", 31, None),
        ("Dienstag in 14 Tagen", 38, None),
        ("nächste Woche Mittwoch ab 10", 32, "10:00-21:00"),
        ("am Donnerstag nächster Woche", 33, None),
        ("am 28.", 28, None),
        ("am 28.11.", 28, None),
        ("am 28. November", 28, None),
        ("Samstag, den 28.11. um 10 Uhr", 28, "10:00-11:00"),
        ("am achtundzwanzigsten", 28, None),
        ("am ersten Dezember", 31, None),
        ("3. Dezember nachmittags", 33, "12:00-18:00"),
        ("17.30 Uhr", None, "17:30-18:30"),
        ("um 17 Uhr 30", None, "17:30-18:30"),
        ("morgen gegen 18 Uhr", 24, "18:00-19:00"),
        ("von 9 bis 11 Uhr", None, "09:00-11:00"),
        ("morgen 9-11 Uhr", 24, "09:00-11:00"),
        ("nicht vor 16 Uhr", None, "16:00-21:00"),
        ("bis 15 Uhr", None, "08:00-15:00"),
        ("vor 12", None, "08:00-12:00"),
        ("Donerstag abend", 26, "18:00-21:00"),
        ("Mittwochnachmittag", 25, "12:00-18:00"),
        ("Freitagabend", 27, "18:00-21:00"),
        ("Dienstag morgen", 24, "08:00-12:00"),
        ("in zwei Tagen", 25, None),
        ("in einer Woche", 30, None),
        ("diesen Freitag", 27, None),
        ("ich arbeite bis 18 Uhr", None, "18:00-21:00"),
        ("morgen bin ich bis 5 im Büro", 24, "17:00-21:00"),
        ("ich muss um 4 weg", None, "08:00-16:00"),
        ("ab 17 Uhr bin ich zuhause", None, "17:00-21:00"),
        ("nicht Dienstag, sondern Mittwoch", 25, None),
        ("morgen geht nicht, lieber Donnerstag", 26, None),
        ("Donnerstag, nein Freitag", 27, None),
        ("Donnerstag, ich meine Freitag", 27, None),
        ("Freitag statt Donnerstag", 27, None),
        ("mittags am Mittwoch", 25, "12:00-13:00"),
        ("Do. vorm.", 26, "08:00-12:00"),
        ("in der Mittagspause morgen", 24, "12:00-14:00"),
        ("morgen den ganzen Tag", 24, "08:00-21:00"),
        ("Samstag früh", 28, "08:00-12:00"),
        ("so gegen halb acht abends", None, "19:30-20:30"),
        ("nach 18 Uhr am Mittwoch", 25, "18:00-21:00"),
        ("verschieben von Dienstag auf Donnerstag", 26, None),
        ("Mi ab 14h", 25, "14:00-21:00"),
        ("zehn vor vier", None, "15:50-16:50"),
        ("nach der Arbeit morgen", 24, "18:00-21:00"),
    ],
)  # fmt: skip
def test_german(text: str, day: int | None, hours: str | None) -> None:
    assert said(text, "DE") == (day, hours)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Donnerstag oder Freitag", [26, 27]),
        ("Do. od. Fr.", [26, 27]),
        ("nächste Woche", [30, 31, 32, 33, 34]),
        ("am Wochenende", [28, 29]),
        ("Anfang nächster Woche", [30, 31]),
        ("von Dienstag bis Donnerstag", [24, 25, 26]),
        ("heute oder morgen", [23, 24]),
    ],
)
def test_german_choices(text: str, days: list[int]) -> None:
    wish = read(text, "DE")
    assert wish.ambiguous
    assert [(day - date(2026, 10, 31)).days for day in wish.choices] == days


@pytest.mark.parametrize(
    "text", ["gestern", "letzte Woche", "vor zwei Tagen", "letzten Freitag", "vorgestern"]
)
def test_german_past(text: str) -> None:
    assert read(text, "DE").past


@pytest.mark.parametrize(
    "text",
    ["mein Paket", "so ein Mist", "Hauptstraße 12", "Code 4407", "2 Pakete", "3. Stock", "guten Morgen", "guten Abend",
     "das kostet 5 Euro", "warum nicht", "0176 12345678", "schönen Tag noch", "so schnell wie möglich", "die do",
     "kein Problem", "nach München", "um die Ecke", "Wohnung 4", "bitte vor die Tür", "Danke", "Montage am Auto"],
)  # fmt: skip
def test_german_nothing(text: str) -> None:
    wish = read(text, "DE")
    assert not wish.says_something
    assert not wish.past
