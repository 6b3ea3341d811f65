"""Days and time windows: made, compared, and read out of plain words (English and French)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_OPENS = time(8)
DAY_CLOSES = time(21)


@dataclass(frozen=True, order=True)
class Window:
    """From `start` up to `end`, aware UTC instants."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs aware instants")
        if self.end <= self.start:
            raise ValueError("a window ends after it starts")

    @classmethod
    def on(cls, day: date, start: time, end: time, zone: ZoneInfo) -> "Window":
        """The window between two wall clock times of one day in `zone`."""
        return cls(
            datetime.combine(day, start, zone).astimezone(UTC),
            datetime.combine(day, end, zone).astimezone(UTC),
        )

    def day(self, zone: ZoneInfo) -> date:
        return self.start.astimezone(zone).date()

    def overlap(self, other: "Window") -> timedelta:
        return max(min(self.end, other.end) - max(self.start, other.start), timedelta())


@dataclass(frozen=True)
class Wish:
    """What somebody said about time: a day, hours, both or neither.

    `ambiguous`: several days or readings are possible, ask back. `past`: the day is gone.
    """

    day: date | None = None
    start: time | None = None
    end: time | None = None
    ambiguous: bool = False
    past: bool = False

    @property
    def says_something(self) -> bool:
        return self.ambiguous or self.day is not None or self.start is not None

    def fits(self, window: Window, zone: ZoneInfo) -> bool:
        """Whether an offered window is one that was asked for."""
        if self.day is not None and window.day(zone) != self.day:
            return False
        if self.start is None or self.end is None:
            return True
        asked = Window.on(window.day(zone), self.start, self.end, zone)
        return window.overlap(asked) > timedelta()

    def best(self, windows: Iterable[Window], zone: ZoneInfo) -> list[Window]:
        """The windows that fit, those overlapping the wish most first, then the earliest."""

        def rank(window: Window) -> tuple[timedelta, datetime]:
            if self.start is None or self.end is None:
                return timedelta(), window.start
            asked = Window.on(window.day(zone), self.start, self.end, zone)
            return -window.overlap(asked), window.start

        return sorted((w for w in windows if self.fits(w, zone)), key=rank)


_PARTS: dict[str, tuple[int, int]] = {
    "morning": (8, 12), "matin": (8, 12), "matinee": (8, 12),
    "afternoon": (12, 18), "apres-midi": (12, 18), "apres midi": (12, 18), "aprem": (12, 18),
    "evening": (18, 21), "tonight": (18, 21), "soir": (18, 21), "soiree": (18, 21),
    "lunchtime": (12, 14), "lunch time": (12, 14), "noon": (12, 13), "midday": (12, 13),
    "midi": (12, 13), "all day": (8, 21), "toute la journee": (8, 21),
}  # fmt: skip

_WEEKDAYS: dict[str, int] = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5,
    "sunday": 6, "mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3,
    "fri": 4, "sat": 5, "sun": 6,
    "lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5,
    "dimanche": 6,
}  # fmt: skip

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier", "february feb fevrier fev", "march mar mars",
            "april apr avril", "may mai", "june jun juin", "july jul juillet",
            "august aug aout", "september sep sept septembre", "october oct octobre",
            "november nov novembre", "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_NUMBERS: dict[str, int] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7,
}  # fmt: skip

_HOUR = r"(\d{1,2})(?:\s*(?:h|:|\.|heures?)\s*(\d{2})?)?\s*(am|pm)?(?:\s*o'?clock)?"


def read_wish(text: str, now: datetime, zone: ZoneInfo, country: str = "") -> Wish:
    """Read a day and hours out of a message.

    Args:
        text: what the customer wrote.
        now: the present (aware).
        zone: the recipient's zone, in which the words are meant.
        country: ISO 3166 alpha-2; "US" reads 11/12 as month/day, others as day/month.
    """
    words = _plain(text)
    today = now.astimezone(zone).date()
    days = _days(words, today, country)
    hours = _hours(words)
    if hours is None and "tonight" in words:
        hours = (time(18), time(21))
    if not days and re.search(r"\b(last|yesterday|hier|derniere?)\b", words):
        return Wish(past=True)
    day = next(iter(days)) if len(days) == 1 else None
    past = day is not None and day < today
    start, end = hours or (None, None)
    return Wish(day, start, end, ambiguous=len(days) > 1, past=past)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(c for c in folded if not unicodedata.combining(c))


def _days(words: str, today: date, country: str) -> set[date]:
    days: set[date] = set()
    rest = words
    patterns = (
        (r"\b(?:day after tomorrow|apres[- ]demain)\b", 2),
        (r"\b(?:tomorrow|tomorow|tommorow|tmrw|tmr|2moro|demain|dem1)\b", 1),
        (r"\b(?:today|tonight|this (?:morning|afternoon|evening)|aujourd'?hui|ce soir|cet aprem"
         r"|cet apres[- ]midi|ce matin)\b", 0),
    )  # fmt: skip
    for pattern, ahead in patterns:
        rest, found = re.subn(pattern, " ", rest)
        if found:
            days.add(today + timedelta(days=ahead))
    for count in re.findall(r"\b(?:in|dans)\s+(\w+)\s+(?:days?|jours?)\b", rest):
        number = int(count) if count.isdigit() else _NUMBERS.get(count)
        if number is not None and number < 366:
            days.add(today + timedelta(days=number))
    days |= _weekdays(rest, today) | _dates(rest, today, country)
    return days


def _weekdays(words: str, today: date) -> set[date]:
    found: set[date] = set()
    for before, name, after in re.findall(
        r"(?:(next|this)\s+)?\b(" + "|".join(_WEEKDAYS) + r")s?\b(?:\s+(prochain))?", words
    ):
        ahead = (_WEEKDAYS[name] - today.weekday()) % 7 or 7
        # "next Friday", said early in the week, means the Friday of next week.
        if before == "next" and today.weekday() + ahead < 7:
            ahead += 7
        del after  # "vendredi prochain" is simply the coming Friday
        found.add(today + timedelta(days=ahead))
    return found


def _dates(words: str, today: date, country: str) -> set[date]:
    found: set[date] = set()
    months = "|".join(sorted(_MONTHS, key=len, reverse=True))
    for number, month in re.findall(
        rf"\b(\d{{1,2}})(?:st|nd|rd|th|er)?\s+(?:of\s+)?({months})\b", words
    ):
        found |= _next_date(int(number), _MONTHS[month], today)
    for month, number in re.findall(rf"\b({months})\s+(\d{{1,2}})(?:st|nd|rd|th)?\b", words):
        found |= _next_date(int(number), _MONTHS[month], today)
    for first, second in re.findall(r"\b(\d{1,2})[/.](\d{1,2})\b(?!\s*(?:h|am|pm))", words):
        day, month = (second, first) if country == "US" else (first, second)
        found |= _next_date(int(day), int(month), today)
    if not found:
        for number in re.findall(r"\bthe (\d{1,2})(?:st|nd|rd|th)\b|\ble (\d{1,2})\b", words):
            found |= _next_day_of_month(int("".join(number)), today)
    return found


def _next_date(day: int, month: int, today: date) -> set[date]:
    for year in (today.year, today.year + 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        # Half a year back is "gone", more is next year's.
        if candidate >= today - timedelta(days=183):
            return {candidate}
    return set()


def _next_day_of_month(day: int, today: date) -> set[date]:
    month = today.replace(day=1)
    for _ in range(12):
        try:
            candidate = month.replace(day=day)
        except ValueError:
            candidate = None
        if candidate is not None and candidate >= today:
            return {candidate}
        month = (month + timedelta(days=32)).replace(day=1)
    return set()


def _hours(words: str) -> tuple[time, time] | None:
    between = re.search(
        rf"(?:between|from|entre|de)?\s*\b{_HOUR}\s*(?:and|to|till|until|-|–|et|a|jusqu'a)\s*{_HOUR}",
        words,
    )
    if between and _looks_like_hours(between):
        start = _time(between.group(1), between.group(2), between.group(3) or between.group(6))
        end = _time(between.group(4), between.group(5), between.group(6))
        if start and end and start < end:
            return start, end
    for pattern, shape in (
        (rf"\b(?:not before|after|from|apres|a partir de|pas avant)\s+{_HOUR}", "open end"),
        (rf"\b(?:before|by|until|avant|jusqu'a)\s+{_HOUR}", "open start"),
        (rf"\b(?:at|around|about|vers|a)\s+{_HOUR}", "hour"),
        (r"\b(\d{1,2})\s*(?:h|:|heures?)\s*(\d{2})?()\b", "hour"),
        (r"\b(\d{1,2})()\s*(am|pm)\b", "hour"),
    ):
        found = re.search(pattern, words)
        moment = _time(*found.groups()) if found else None
        if moment:
            return _span(moment, shape)
    return _part_of_day(words)


def _looks_like_hours(match: re.Match[str]) -> bool:
    return bool(re.search(r"[h:]|am|pm|heure|between|from|entre|de\s", match.group(0)))


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    value = int(hour)
    if half == "pm" and value < 12:
        value += 12
    elif half is None and 1 <= value <= 7:
        value += 12  # nobody is delivered to at three in the night
    if value > 23 or int(minute or 0) > 59:
        return None
    return time(value, int(minute or 0))


def _span(moment: time, shape: str) -> tuple[time, time] | None:
    if shape == "open end":
        return (moment, DAY_CLOSES) if moment < DAY_CLOSES else None
    if shape == "open start":
        return (DAY_OPENS, moment) if moment > DAY_OPENS else None
    return moment, time(min(moment.hour + 1, 23), moment.minute)


def _part_of_day(words: str) -> tuple[time, time] | None:
    for part in sorted(_PARTS, key=len, reverse=True):
        if re.search(rf"\b{part}\b", words):
            start, end = _PARTS[part]
            return time(start), time(end)
    return None
