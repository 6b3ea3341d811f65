"""Days and time windows: made, compared, and read out of plain words (English and French)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.when_words import (
    GONE,
    MEANING_SOMETHING_ELSE,
    MONTHS,
    NUMBERS,
    ONE,
    PARTS,
    RELATIVE,
    WEEKDAYS,
    mend,
)

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

    `ambiguous`: several days or readings are possible (`choices`, if they can be named): ask
    back. `past`: the day is gone.
    """

    day: date | None = None
    start: time | None = None
    end: time | None = None
    ambiguous: bool = False
    past: bool = False
    choices: tuple[date, ...] = ()
    refused: tuple[date, ...] = ()
    """Days that were ruled out ("I'm not in tomorrow")."""

    @property
    def says_something(self) -> bool:
        return self.ambiguous or self.day is not None or self.start is not None

    def fits(self, window: Window, zone: ZoneInfo) -> bool:
        """Whether an offered window is one that was asked for."""
        day = window.day(zone)
        if day in self.refused or (self.day is not None and day != self.day):
            return False
        if self.start is None or self.end is None:
            return True
        asked = self._hours_on(day, zone)
        return asked is not None and window.overlap(asked) > timedelta()

    def best(self, windows: Iterable[Window], zone: ZoneInfo) -> list[Window]:
        """The windows that fit, those overlapping the wish most first, then the earliest."""

        def rank(window: Window) -> tuple[timedelta, datetime]:
            if self.start is None or self.end is None:
                return timedelta(), window.start
            asked = self._hours_on(window.day(zone), zone)
            return -(window.overlap(asked) if asked else timedelta()), window.start

        return sorted((w for w in windows if self.fits(w, zone)), key=rank)

    def _hours_on(self, day: date, zone: ZoneInfo) -> Window | None:
        """The wished hours of a day; None where the clocks go over them in spring."""
        if self.start is None or self.end is None:
            return None
        try:
            return Window.on(day, self.start, self.end, zone)
        except ValueError:
            return None


_DAYS = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_MONTHS = "|".join(sorted(MONTHS, key=len, reverse=True))
_HOUR = (
    r"(\d{1,2})(?!\d|\s*(?:days?|jours?|st|nd|rd|th|%|€|kg|parcels?|colis)\b)"
    r"(?:\s*(?:h|:|\.|heures?|hrs?)\s*(\d{2})?(?!\d))?\s*(?:o'?clock)?\s*(am|pm|a\.m|p\.m)?\b"
)
_NOT = (
    r"(?:n't|\b(?:not|cant|cannot|wont|dont|isnt|pas|absente?|away|sauf|except|but not|instead of|rather than|au lieu de"
    r"|plutot que))\s+(?!before|avant|until|later|earlier|after|apres)"
    r"(?:(?!mais|but|and|et|or|ou)\w+\s+){0,2}?"
)
_PART = r"(?: (?:morning|afternoon|evening|matin|soir|aprem|apres[- ]midi)\b)?"
# What makes of a day that was just named one that does not suit.
_WILL_NOT_DO = (
    r"(?:(?:is |it'?s |that'?s |ca |c'?est )?(?:does ?n[o']?t|is ?n'?t|wo ?n'?t|not|pas|no good"
    r"|impossible)|(?:je |j')?ne |(?:je |j')(?:suis|serai|peux|pourrai) pas|je bosse|je travaille"
    r"|i(?: a|')?m (?:out|away|not|at work|working)|i (?:cant|can'?t|cannot|wont|won'?t|work))\b"
)
_FILLED_MONTH = 12
_HALF_A_YEAR = timedelta(days=183)
_LONGEST = 600
"""Characters read: a wish is short, and a long text is not searched for one."""


def read_wish(text: str, now: datetime, zone: ZoneInfo, country: str = "") -> Wish:
    """Read a day and hours out of a message.

    Args:
        text: what the customer wrote.
        now: the present (aware).
        zone: the recipient's zone, in which the words are meant.
        country: ISO 3166 alpha-2; in the US 11/12 is November, elsewhere December; both are
            possible where the country is not known.
    """
    local = now.astimezone(zone)
    words, gone = re.subn(GONE.format(days=_DAYS), " ", _plain(text))
    wanted, refused = _without_refused(words, local.date())
    days, rest = _days(wanted, local.date(), country)
    ahead = {day for day in days if day >= local.date()}
    spans = _hours(rest)
    if not ahead and (gone or days):
        return Wish(day=next(iter(days)) if len(days) == 1 else None, past=True)
    day = next(iter(ahead)) if len(ahead) == 1 else None
    span = next(iter(spans)) if len(spans) == 1 else None
    if day is None and span is not None and re.search(r"\b(?:tonight|tonite)\b", words):
        day = local.date()
    start, end = span or (None, None)
    over = day == local.date() and end is not None and end <= local.time()
    choices = tuple(sorted(ahead)) if len(ahead) > 1 else ()
    unclear = len(ahead) > 1 or len(spans) > 1
    return Wish(day, start, end, unclear, over, choices, tuple(sorted(refused)))


def _plain(text: str) -> str:
    """Lower case, no accents, numbers in digits, the commonest slips mended."""
    folded = unicodedata.normalize("NFKD", text[:_LONGEST].lower().replace("’", "'"))
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    kept = re.sub(r"\bentre midi et (?:deux|2|14 ?h)\b", "12h - 14h", bare)
    kept = re.sub(r"(?<=between )noon|(?<=entre )midi|(?<=and )noon\b", "12h", kept)
    kept = re.sub(r"(?<=before )(?:noon|midday|lunch)|(?<=avant )midi", "12h", kept)
    kept = re.sub(r"(?<=after )(?:noon|midday)|(?<=until )noon|(?<=jusqu'a )midi", "12h", kept)
    kept = re.sub(r"\bhalf past (\w+)", r"\1:30", kept)
    kept = re.sub(r"(\d+ ?h|heures?) et demie?", r"\1 30", kept)
    kept = re.sub(r"\b(at|around|about|after|before|vers|apres|avant) (?:one|une)\b", r"\1 1", kept)
    kept = re.sub(r"\b(?:one|une) (o'?clock|pm|heure)\b", r"1 \1", kept)
    tokens = re.split(r"([a-z0-9]+(?:-[a-z]+)*)", kept)
    return "".join(
        str(NUMBERS[token]) if token in NUMBERS else mend(token, MONTHS) for token in tokens
    )


def _without_refused(words: str, today: date) -> tuple[str, set[date]]:
    """The words without the days that were only ruled out, and those days.

    "not tomorrow but Friday", "I won't be in tomorrow morning", "demain je ne peux pas".
    """
    relative = "|".join(pattern for pattern, _ in RELATIVE)
    named = rf"(?P<day>(?:{_DAYS}|{relative})\b){_PART}"
    moved = re.sub(
        rf"\b(?:from|de|du) (?:{_DAYS}|{relative}) (?:to|a|au)(?= (?:{_DAYS}|{relative}))",
        " ",
        words,
    )
    refused: set[date] = set()

    def rule_out(match: re.Match[str]) -> str:
        refused.update(_days(match["day"], today, "")[0])
        return " "

    kept = re.sub(rf"{_NOT}(?:on |le )?{named}", rule_out, moved)
    kept = re.sub(rf"\b{named},? {_WILL_NOT_DO}", rule_out, kept)
    return kept, refused


def _days(words: str, today: date, country: str) -> tuple[set[date], str]:
    """The days that are named, and the words without them."""
    days: set[date] = set()
    rest = words
    for pattern, ahead in RELATIVE:
        rest, found = re.subn(rf"\b(?:the )?(?:{pattern})\b", _part_left, rest)
        if found:
            days.add(today + timedelta(days=ahead))
    rest, counted = _counted(rest, today)
    rest, dated = _dates(rest, today, country)
    rest, named = _weekdays(rest, today, alone=not (days or dated))
    return days | counted | dated | (named if not (dated & named) else set()), rest


def _part_left(match: re.Match[str]) -> str:
    """A day that also names its part ("ce soir") leaves the part behind."""
    part = re.search(
        r"tonight|tonite|morning|afternoon|evening|soir|matin|midi|aprem|apres[- ]midi",
        match.group(0),
    )
    return f" {part.group(0)} " if part else " "


def _counted(words: str, today: date) -> tuple[str, set[date]]:
    found: set[date] = set()

    def take(match: re.Match[str]) -> str:
        number = 1 if match.group(1) in ONE else int(match.group(1))
        unit = 7 if match.group(2).startswith(("week", "semaine")) else 1
        if number * unit < 366:
            found.add(today + timedelta(days=number * unit))
        return " "

    rest = re.sub(
        r"\b(?:in|dans) (\d{1,3}|a|one|une?) (days?|jours?|weeks?|semaines?)(?: time)?\b",
        take,
        words,
    )
    monday = today + timedelta(days=7 - today.weekday())
    rest, week = re.subn(r"\b(?:next week|(?:la )?semaine prochaine)\b", " ", rest)
    if week:
        named = {WEEKDAYS[name] for name in re.findall(rf"\b({_DAYS})\b", rest)}
        found |= {monday + timedelta(days=n) for n in named or range(5)}
        rest = re.sub(rf"\b({_DAYS})\b", " ", rest)
    rest, end = re.subn(r"\b(?:this |the |next |ce |le )?week-?\s?end(?: prochain)?\b", " ", rest)
    if end:
        found |= {monday - timedelta(days=2), monday - timedelta(days=1)} - {today}
    return rest, found


def _weekdays(words: str, today: date, *, alone: bool) -> tuple[str, set[date]]:
    found: set[date] = set()

    def take(match: re.Match[str]) -> str:
        before, name = match.group(1), match.group(2)
        if name in MEANING_SOMETHING_ELSE and not (
            alone and re.search(rf"\d|{'|'.join(PARTS)}|^\W*{name}\W*$", words)
        ):
            return match.group(0)
        ahead = (WEEKDAYS[name] - today.weekday()) % 7 or 7
        # "next Friday", said early in the week, means the Friday of next week.
        if before == "next" and today.weekday() + ahead < 7:
            ahead += 7
        found.add(today + timedelta(days=ahead))
        return " "

    rest = re.sub(
        rf"(?<!\bi )(?<!\bwe )(?:\b(next|this|on|le|ce)\s+)?\b({_DAYS})s?\b"
        r"(?:\s+(?:prochain|qui vient))?",
        take,
        words,
    )
    return rest, found


def _dates(words: str, today: date, country: str) -> tuple[str, set[date]]:
    found: set[date] = set()

    def by_name(match: re.Match[str]) -> str:
        groups = match.groupdict()
        found.update(_next_date(int(groups["day"]), MONTHS[groups["month"]], today))
        return " "

    def by_number(match: re.Match[str]) -> str:
        one, two = int(match.group(1)), int(match.group(2))
        readings = {(one, two)} if country != "US" else {(two, one)}
        if not country and one != two:
            readings = {(one, two), (two, one)}
        days = {day for d, m in readings for day in _next_date(d, m, today)}
        found.update(days)
        return " " if days else match.group(0)

    def by_iso(match: re.Match[str]) -> str:
        try:
            found.add(date(*(int(part) for part in match.groups())))
        except ValueError:
            return match.group(0)
        return " "

    def by_day(match: re.Match[str]) -> str:
        found.update(_next_day_of_month(int(match.group(1)), today))
        return " "

    def by_weekday(match: re.Match[str]) -> str:
        days = _next_day_of_month(int(match.group(2)), today)
        if any(day.weekday() == WEEKDAYS[match.group(1)] for day in days):
            found.update(days)
            return " "
        return match.group(0)

    day_of_week = rf"(?:\b(?:{_DAYS}),?\s+)?(?:the |le )?"
    rest = re.sub(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", by_iso, words)
    rest = re.sub(
        rf"{day_of_week}\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?\s+(?:of\s+)?(?P<month>{_MONTHS})\b",
        by_name, rest,
    )  # fmt: skip
    rest = re.sub(
        rf"{day_of_week}\b(?P<month>{_MONTHS})\s+(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"
        r"(?!\s*(?:h|:|am|pm))",
        by_name, rest,
    )  # fmt: skip
    numeric = r"(?<![\d:/.-])(\d{1,2})/(\d{1,2})(?:/\d{2,4})?(?![\d/]|\s*(?:h|am|pm|:)\b)"
    rest = re.sub(rf"{day_of_week}{numeric}", by_number, rest)
    if country != "US":
        rest = re.sub(r"(?<![\d:.-])(\d{1,2})\.(\d{1,2})\.(?:\d{2,4})?(?!\d)", by_number, rest)
    rest = re.sub(rf"{day_of_week}\b(\d{{1,2}})(?:st|nd|rd|th)\b", by_day, rest)
    rest = re.sub(rf"\b({_DAYS})\s+(?:le )?(\d{{1,2}})\b(?!\s*(?:h|:|am|pm|-|to\b|a\b|o'))",
                  by_weekday, rest)  # fmt: skip
    return re.sub(r"\ble (\d{1,2})\b(?!\s*(?:h|:))", by_day, rest), found


def _next_date(day: int, month: int, today: date) -> set[date]:
    for year in (today.year, today.year + 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        # Half a year back is "gone", more is next year's.
        if candidate >= today - _HALF_A_YEAR:
            return {candidate}
    return set()


def _next_day_of_month(day: int, today: date) -> set[date]:
    month = today.replace(day=1)
    for _ in range(_FILLED_MONTH):
        try:
            candidate = month.replace(day=day)
        except ValueError:
            candidate = None
        if candidate is not None and candidate >= today:
            return {candidate}
        month = (month + timedelta(days=32)).replace(day=1)
    return set()


def _hours(words: str) -> set[tuple[time, time]]:
    """The spans of hours that are named; more than one when the words leave a choice."""
    part = _parts_of_day(words)
    late = bool(part) and all(start >= time(12) for start, _ in part)
    early = bool(part) and all(end <= time(12) for _, end in part)
    between = re.search(
        rf"(?:(?:between|from|entre|de)\s+)?\b{_HOUR}"
        rf"\s*(?:and|to|till|til|until|-|–|et|a|jusqu'a)\s*{_HOUR}",
        words,
    )
    if between and _looks_like_hours(between):
        one, two = between.groups()[:3], between.groups()[3:]
        end = _time(*two, late=late, early=early)
        for half in (one[2], two[2]):
            start = _time(one[0], one[1], half, late=late, early=early)
            if start and end and start < end:
                return {(start, end)}
    for pattern, shape in (
        (
            rf"\b(?:not before|after|from|past|apres|a partir de|des|pas avant)\s+{_HOUR}",
            "open end",
        ),
        (rf"\b(?:before|by|until|till|avant|jusqu'a)\s+{_HOUR}", "open start"),
        (rf"\b(?:at|around|about|vers|a|@|~)\s*{_HOUR}", "hour"),
        (r"\b(\d{1,2})\s*(?:h|:|heures?)\s*(\d{2})?()(?!\d)", "hour"),
        (r"\b(\d{1,2})()\s*(am|pm|a\.m|p\.m)\b", "hour"),
        (r"\b(\d{1,2})()()\s*o'?clock\b", "hour"),
    ):
        found = re.search(pattern, words)
        moment = _time(*found.groups(), late=late, early=early) if found else None
        span = _span(moment, shape) if moment else None
        if span:
            return {span}
    return part


def _looks_like_hours(match: re.Match[str]) -> bool:
    return bool(
        re.search(r"\d ?h|:|am\b|pm\b|heure|between|from|entre|de\s|\d\s*(?:-|–|to|till)\s*\d",
                  match.group(0))
    )  # fmt: skip


def _time(
    hour: str, minute: str | None, half: str | None, *, late: bool = False, early: bool = False
) -> time | None:
    value = int(hour)
    mark = (half or "").replace(".", "")
    # Nobody is delivered to at three in the night.
    guessed_late = not mark and not early and (1 <= value <= 7 or (late and value < 12))
    if (mark == "pm" or guessed_late) and value < 12:
        value += 12
    if mark == "am" and value == 12:
        value = 0
    if value > 23 or int(minute or 0) > 59:
        return None
    return time(value, int(minute or 0))


def _span(moment: time, shape: str) -> tuple[time, time] | None:
    if shape == "open end":
        return (moment, DAY_CLOSES) if moment < DAY_CLOSES else None
    if shape == "open start":
        if moment <= DAY_OPENS:
            moment = time(moment.hour + 12, moment.minute)
        return DAY_OPENS, moment
    last = moment.hour == 23
    end = time(23, 59) if last else time(moment.hour + 1, moment.minute)
    return (moment, end) if moment < end else None


def _parts_of_day(words: str) -> set[tuple[time, time]]:
    """The parts of the day that are named; "après-midi" is not also "midi"."""
    found: set[tuple[time, time]] = set()
    rest = words
    for name in sorted(PARTS, key=len, reverse=True):
        rest, times = re.subn(rf"\b{name}s?\b", " ", rest)
        if times:
            start, end = PARTS[name]
            found.add((time(start), time(end)))
    return found
