"""What a piece of a message means by itself, in any language: numbers, clock times, marks."""

import re
from collections.abc import Callable
from typing import Any

from bot.domain.when.folding import Piece
from bot.domain.when.tokens import Clock

_MARKS: dict[str, dict[str, Any]] = {
    "comma": {"comma": True},
    "stop": {"stop": True},
    "dash": {"dash": True},
    "slash": {"or": True, "slash": True},
    "about": {"about": True},
    "at": {"at": True},
    "plus": {"and": True, "plus": True},
    "dead": {"dead": True},
}


def meaning(piece: Piece) -> dict[str, Any]:
    """The senses of a piece that is no word."""
    if piece.kind in _MARKS:
        return _MARKS[piece.kind]
    read = _READERS.get(piece.kind)
    return read(piece.text) if read else {}


def _date(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


def _dotted(text: str) -> dict[str, Any]:
    """5.30 is a time, 5.10 may be a date as well; 21.09 and 28.11 only a date."""
    one, two = _date(text)
    if not (1 <= two <= 12 and 1 <= one <= 31):
        return _clock(text)
    # Nobody makes an appointment for nine minutes past.
    if two % 5 or not _real(one, two):
        return {"dotted_date": (one, two)}
    return {**_clock(text), "dotted_date": (one, two)}


def _point(text: str) -> dict[str, Any]:
    number = int(text[:-1])
    return {"num": number, "digits": True, "pointed": number}


def _mixed(text: str) -> dict[str, Any]:
    found = re.fullmatch(r"(\d{1,2})ish", text)
    return {"num": int(found[1]), "hourly": True} if found else {"dead": True}


def _number(text: str) -> dict[str, Any]:
    if len(text) <= 2:
        return {"num": int(text), "digits": True}
    if len(text) == 4:
        hour, minute = divmod(int(text), 100)
        military = {"military": Clock(hour, minute, fixed=True)} if _real(hour, minute) else {}
        year = {"year": int(text)} if 2000 <= int(text) < 2100 else {}
        return {**military, **year, "dead": True}
    if len(text) == 3 and _real(int(text[0]), int(text[1:])):
        return {"military": Clock(int(text[0]), int(text[1:])), "dead": True}
    return {"dead": True}


def _clock(text: str) -> dict[str, Any]:
    half = re.search(r"([ap])\.?\s?m?\b\.?$", text)
    digits = re.findall(r"\d+", text)
    if len(digits) == 1 and len(digits[0]) > 2:
        digits = [digits[0][:-2], digits[0][-2:]]
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if not _real(hour, minute):
        return {"dead": True}
    fixed = hour > 12 or hour == 0 or (digits[0].startswith("0") and minute >= 0)
    if half and hour <= 12:
        hour, fixed = hour % 12 + (12 if half[1] == "p" else 0), True
    return {"clock": Clock(hour, minute, fixed)}


def _real(hour: int, minute: int) -> bool:
    return (hour < 24 and minute < 60) or (hour == 24 and minute == 0)


_READERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "iso": lambda text: {"iso": _date(text)},
    "date": lambda text: {"date": _date(text)},
    "clock": _clock,
    "dotted": _dotted,
    "ordinal": lambda text: {"ord": _date(text)[0]},
    "point": _point,
    "number": _number,
    "mixed": _mixed,
}
