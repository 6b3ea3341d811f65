"""How well days and hours are read: `python -m bot evaluate-dates FILE [--json OUT]`.

A line of FILE is `{"text", "lang", "now", "tz", "country", "expect": {"date", "from", "to",
"ambiguous", "past"}, "also": [expect, ...]}`. See docs/dates.md for when a reading is right.
"""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.domain.when import DAY_CLOSES, DAY_OPENS, Wish, read_wish

_WHOLE_DAY = (f"{DAY_OPENS:%H:%M}", f"{DAY_CLOSES:%H:%M}")
_FIELDS = ("date", "from", "to", "ambiguous", "past")


class BadFileError(ValueError):
    """Lines that are not what the format says; one problem a line of the text."""


@dataclass(frozen=True)
class Line:
    """One phrase, when and where it was said, and the readings that are right."""

    given: Mapping[str, Any]
    text: str
    lang: str
    now: datetime
    zone: ZoneInfo
    country: str
    expected: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Row:
    """A line and how it was read; `ms` is the time of reading alone."""

    line: Line
    got: Mapping[str, Any]
    ms: float

    @property
    def right(self) -> bool:
        """Whether one of the expected readings was got."""
        return any(agrees(wanted, self.got) for wanted in self.line.expected)


def read_lines(source: str) -> list[Line]:
    """Parse the file's text; raises `BadFileError` that names every bad line and field."""
    lines: list[Line] = []
    problems: list[str] = []
    for number, raw in enumerate(source.splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            lines.append(_line(json.loads(raw)))
        except json.JSONDecodeError as error:
            problems.append(f"line {number}: not JSON: {error.msg}")
        except ValueError as error:
            problems.append(f"line {number}: {error}")
    if not lines and not problems:
        problems.append("line 1: the file holds no phrase")
    if problems:
        raise BadFileError("\n".join(problems))
    return lines


def read_row(line: Line) -> Row:
    """Read one line's phrase as the product would, its language known from the conversation."""
    started = time.perf_counter()
    wish = read_wish(line.text, line.now, line.zone, line.country, language=line.lang)
    return Row(line, as_reading(wish), (time.perf_counter() - started) * 1000)


def as_reading(wish: Wish) -> dict[str, Any]:
    """A wish in the file's fields."""
    return {
        "date": wish.day.isoformat() if wish.day else None,
        "from": f"{wish.start:%H:%M}" if wish.start else None,
        "to": f"{wish.end:%H:%M}" if wish.end else None,
        "ambiguous": wish.ambiguous,
        "past": wish.past,
    }


def agrees(wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Whether a reading is the wanted one in every field that is given.

    A day without hours is a whole day. Of what is asked back about or refused as gone, only
    what was wanted and read both has to be the same.
    """
    for flag in ("ambiguous", "past"):
        if flag in wanted and bool(wanted[flag]) != bool(got[flag]):
            return False
    unsettled = bool(wanted.get("ambiguous")) or bool(wanted.get("past"))
    if "date" in wanted and not _same(wanted["date"], got["date"], unsettled=unsettled):
        return False
    hours = _hours(wanted)
    return all(
        _same(hours[name], _hours(got)[name], unsettled=unsettled)
        for name in ("from", "to")
        if name in wanted
    )


def accuracy(rows: Iterable[Row]) -> float:
    """The share of rows read rightly."""
    marks = [row.right for row in rows]
    return sum(marks) / len(marks)


def as_json(rows: list[Row]) -> dict[str, Any]:
    """The report for other programs; rows in the file's order."""
    return {
        "accuracy": accuracy(rows),
        "by_lang": {lang: accuracy(part) for lang, part in _by_lang(rows)},
        "rows": [
            {**row.line.given, "got": dict(row.got), "right": row.right, "ms": round(row.ms, 3)}
            for row in rows
        ],
    }


def report(rows: list[Row]) -> str:
    """The misses and a table for people; the last line is the accuracy of all."""
    times = sorted(row.ms for row in rows)
    table = [
        f"{lang:<10} {sum(row.right for row in part):>4} of {len(part):>4}  {accuracy(part):.3f}"
        for lang, part in _by_lang(rows)
    ]
    return "\n".join(
        [
            *(_miss(row) for row in rows if not row.right),
            *table,
            f"median {times[len(times) // 2]:.1f} ms a phrase",
            f"accuracy {accuracy(rows):.2f} (n={len(rows)})",
        ]
    )


def _hours(reading: Mapping[str, Any]) -> dict[str, Any]:
    """From and to; those of a whole day count as none."""
    hours = (reading.get("from"), reading.get("to"))
    one, two = (None, None) if hours == _WHOLE_DAY else hours
    return {"from": one, "to": two}


def _same(wanted: object, got: object, *, unsettled: bool) -> bool:
    return wanted == got or (unsettled and (wanted is None or got is None))


def _miss(row: Row) -> str:
    wanted = " or ".join(_in_words(one) for one in row.line.expected)
    return f"{row.line.lang}: {row.line.text!r}: wanted {wanted}, got {_in_words(row.got)}"


def _in_words(reading: Mapping[str, Any]) -> str:
    said = [str(reading[name]) for name in ("date", "from", "to") if reading.get(name) is not None]
    return (
        " ".join(said + [name for name in ("ambiguous", "past") if reading.get(name)]) or "nothing"
    )


def _by_lang(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    parts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[row.line.lang].append(row)
    return sorted(parts.items())


def _line(found: object) -> Line:
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  # one type for all that a file has wrong
    given = cast("dict[str, Any]", found)
    zone = _field("tz", ZoneInfo, _text(given, "tz"))
    now = _field("now", datetime.fromisoformat, _text(given, "now"))
    also = given.get("also", [])
    if not isinstance(also, list):
        raise ValueError("also: a list is wanted")  # noqa: TRY004
    expected = [_expected("expect", given.get("expect"))]
    expected += [_expected("also", one) for one in cast("list[object]", also)]
    country = given.get("country") or ""
    if not isinstance(country, str):
        raise ValueError("country: a string is wanted")  # noqa: TRY004
    return Line(
        given=given,
        text=_text(given, "text"),
        lang=_text(given, "lang"),
        # A time without a zone is meant in the recipient's.
        now=now if now.tzinfo else now.replace(tzinfo=zone),
        zone=zone,
        country=country,
        expected=tuple(expected),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name}: a non-empty string is wanted")
    return value


def _field[T](name: str, parse: Callable[[str], T], value: str) -> T:
    try:
        return parse(value)
    except (ValueError, KeyError, OSError) as error:
        raise ValueError(f"{name}: {value!r} cannot be used ({error})") from error


def _expected(name: str, found: object) -> dict[str, Any]:
    if not isinstance(found, dict) or not found:
        raise ValueError(f"{name}: an object with some of {', '.join(_FIELDS)} is wanted")
    wanted = cast("dict[str, Any]", found)
    for field in ("date", "from", "to"):
        value = wanted.get(field)
        if value is None:
            continue
        if not isinstance(value, str):
            raise ValueError(f"{name}.{field}: a string or null is wanted")  # noqa: TRY004
        if field == "date":
            _field(f"{name}.date", date.fromisoformat, value)
        else:
            wanted = {**wanted, field: _clock(f"{name}.{field}", value)}
    for field in ("ambiguous", "past"):
        if field in wanted and not isinstance(wanted[field], bool | None):
            raise ValueError(f"{name}.{field}: true or false is wanted")
    return wanted


def _clock(name: str, value: str) -> str:
    """A time as HH:MM; the end of the day may be written 24:00."""
    if value == "24:00":
        return "23:59"
    return _field(name, lambda text: f"{datetime.strptime(text[:5], '%H:%M'):%H:%M}", value)  # noqa: DTZ007
