"""The grammar of hours: between, after, before and at; what was said, and the minutes it means."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.domain.when.language import HOURS_OF
from bot.domain.when.tokens import Clock, Found, Rule, Span, Token, rewrite

OPENS, CLOSES = 8 * 60, 21 * 60
_NOON, _HOUR, _LAST = 12 * 60, 60, 24 * 60 - 1
_EARLY = {"morning", "late_morning"}
_STRICTLY = (
    "after",
    "past",
    "apres",
    "passe",
    "nach",
    "despues",
    "tras",
    "luego",
    "depois",
    "apos",
    "dopo",
)


class Said(NamedTuple):
    """Hours as they were said, before it is known which half of the day they are in."""

    shape: str
    """point, range, after, before or exact."""
    start: Clock
    end: Clock | None = None
    part: str = ""


def read_hours(tokens: list[Token]) -> list[Token]:
    """The tokens with their hours found, as kind "said"; parts of the day stay "part"."""
    return rewrite(rewrite(tokens, _RULES), _BARE)


def minutes_of(said: Said, part: str) -> Span | None:
    """The minutes of the day that are meant; None when there are none.

    Args:
        said: the hours as said.
        part: the part of the day that was named beside them, or "".
    """
    part = said.part or part
    if said.shape == "range" and said.end is not None:
        return _range(said.start, said.end, part)
    if said.shape == "before":
        return _until(said.start, part)
    start = _guess(said.start, part)
    if said.shape == "after" and start < CLOSES:
        return Span(start, CLOSES, "after")
    end = min(start + _HOUR, _LAST)
    return Span(start, end, "point") if start < end else None


def is_open(said: Said) -> bool:
    """Whether either half of the day may be meant: "at 8", "after 5"."""
    clock = said.start
    return said.shape in {"point", "after"} and not (said.part or clock.fixed) and clock.hour < 12


def part_minutes(part: str) -> Span:
    """The minutes of a part of the day."""
    start, end = HOURS_OF[part]
    return Span(start * 60, end * 60, "part")


def _guess(clock: Clock, part: str) -> int:
    """Nobody is delivered to at three in the night."""
    if clock.fixed or clock.hour >= 12:
        return clock.minutes
    late = part not in _EARLY and (1 <= clock.hour <= 7 or (part not in {"", "whole_day"}))
    if part in {"noon", "lunch"} and clock.hour >= 10:
        late = False
    return clock.minutes + (_NOON if late else 0)


def _until(clock: Clock, part: str) -> Span | None:
    end = _guess(clock, part)
    if end <= OPENS and not clock.fixed:
        end += _NOON
    if end <= OPENS:
        return Span(max(end - _HOUR, 0), end, "point") if end else None
    return Span(OPENS, min(end, _LAST), "before")


def _range(one: Clock, two: Clock, part: str) -> Span | None:
    """The likeliest reading of two hours: within the day, and the shorter."""
    found = [
        Span(start, min(end, _LAST), "range")
        for start in _readings(one)
        for end in _readings(two, last=True)
        if start < end
    ]
    if part and part != "whole_day":
        first, last = (v * 60 for v in HOURS_OF[part])
        # Within the part that was named, as far as may be.
        found.sort(
            key=lambda span: (
                span.end - span.start - 2 * _overlap(span, first, last),
                _outside(span),
                span,
            )
        )
    else:
        found.sort(key=lambda span: (_outside(span), span.end - span.start, span.start))
    return found[0] if found else None


def _readings(clock: Clock, *, last: bool = False) -> Iterator[int]:
    yield clock.minutes or (_LAST + 1 if last else 0)
    if not clock.fixed and 1 <= clock.hour < 12:
        yield clock.minutes + _NOON


def _outside(span: Span) -> int:
    return max(OPENS - span.start, 0) + max(span.end - CLOSES, 0)


def _overlap(span: Span, first: int, last: int) -> int:
    return max(min(span.end, last) - max(span.start, first), 0)


def _hour(found: Found, name: str) -> Clock | None:
    """The clock time that a named element is, bare numbers included."""
    value = found.value(name)
    if isinstance(value, Clock):
        return value
    return Clock(value, 0, value > 12) if isinstance(value, int) and 1 <= value <= 24 else None


def _said(found: Found, shape: str) -> list[Token] | None:
    clock = _hour(found, "c")
    if clock is None or (
        found.kind("c") == "num" and found.after().has("unit", "thing", "minute_unit")
    ):
        return None
    return [Token(found.text, {"said": Said(shape, clock, part=found.value("p") or "")})]


def _after(found: Found) -> list[Token] | None:
    last = found.token("x")
    # "At 5 on Friday" is not "from 5 on".
    if last is not None and last.has("on") and found.after().text:
        return None
    return _said(found, "after")


def _open_ended(found: Found) -> list[Token] | None:
    return None if found.after().has("num", "clock", "days", "part") else _said(found, "after")


def _before(found: Found) -> list[Token] | None:
    return _said(found, "before")


def _point(found: Found) -> list[Token] | None:
    return _said(found, "point")


def _coming_or_going(found: Found) -> list[Token] | None:
    """As in "home by 6", where the "by" belongs to the verb."""
    verb, made = found.token("x"), _point(found)
    return [verb, *made] if verb and made else None


def _weakly(found: Found) -> list[Token] | None:
    """As in "À 5" is an hour when nothing unknown follows."""
    after = found.after()
    return None if found.kind("c") == "num" and after.text and not after.senses else _point(found)


def _between(found: Found) -> list[Token] | None:
    one, two = _hour(found, "a"), _hour(found, "b")
    if one is None or two is None:
        return None
    bare = found.kind("a") == found.kind("b") == "num"
    lead, joint, tail = found.kind("x"), found.kind("s"), found.kind("tail")
    marked = lead == "between" or tail == "between_post" or found.kind("p")
    if joint in {"and", "or"} and not marked and (bare or joint == "or"):
        return None
    if bare and (
        found.after().has("unit", "thing", "month", "minute_unit") or found.before().has("label")
    ):
        return None
    if found.kind("half") in {"am", "pm"}:
        late = 12 if found.kind("half") == "pm" and two.hour < 12 else 0
        two = Clock(two.hour + late, two.minute, fixed=True)
    said = Said("range", one, two, found.value("p") or found.value("q") or "")
    return [Token(found.text, {"said": said})]


def _after_part(found: Found) -> list[Token] | None:
    part = found.value("p") if found.kind("p") == "part" else "lunch"
    last = found.token("x")
    if last is not None and last.has("on") and found.after().text:
        return None
    start, end = HOURS_OF[part]
    past = part in {"morning", "late_morning", "lunch"} and (
        found.text.startswith(_STRICTLY) or found.kind("x") == "after_post"
    )
    clock = Clock(end if past else start, 0, fixed=True)
    return [Token(found.text, {"said": Said("after", clock)})]


def _before_part(found: Found) -> list[Token] | None:
    part = found.value("p") if found.kind("p") == "part" else "lunch"
    start = HOURS_OF[part][0]
    if start <= 8:
        return None
    return [Token(found.text, {"said": Said("before", Clock(start, 0, fixed=True))})]


def _military(found: Found) -> list[Token] | None:
    clock: Clock = found.value("c")
    shape = {"after": "after", "before": "before", "from": "after"}.get(found.kind("x"), "point")
    return [Token(found.text, {"said": Said(shape, clock)})]


def _between_military(found: Found) -> list[Token]:
    said = Said("range", found.value("a"), found.value("b"))
    return [Token(found.text, {"said": said})]


def _or_hour(found: Found) -> list[Token] | None:
    first, clock = found.token("s"), _hour(found, "c")
    if first is None or clock is None or found.after().has("unit", "thing"):
        return None
    return [first, Token(found.text, {"said": Said("point", clock, part=found.value("p") or "")})]


def _either_hour(found: Found) -> list[Token] | None:
    hours = [hour for name in "ab" if (hour := _hour(found, name))]
    part = found.value("p") or ""
    return [Token(found.text, {"said": Said("point", hour, part=part)}) for hour in hours] or None


def _part_and_hour(found: Found) -> list[Token] | None:
    after = found.after()
    if (after.text and not after.senses) or after.has("unit", "thing", "month"):
        return None
    return _point(found)


def _half_of_day(found: Found) -> list[Token] | None:
    """As in "Friday pm": a part of the day without an hour."""
    day = found.token("d")
    part = "morning" if found.kind("half") == "am" else "afternoon"
    return [day, Token(found.text, {"part": part})] if day else None


def _corrected_hour(found: Found) -> list[Token] | None:
    mark, after = found.token("x"), found.after()
    if mark is None or (after.text and not after.has("stop", "comma", "part", "days", "good")):
        return None
    made = _said(found, "point")
    return [mark, *made] if made else None


def _hour_of_day(found: Found) -> list[Token] | None:
    day, after = found.token("d"), found.after()
    if day is None or after.has("unit", "thing", "num", "dead", "street"):
        return None
    if day.senses["days"].gone or (
        (found.value("c") or 0) < 4 and not after.has("part", "onwards")
    ):
        return None
    made = _said(found, "point")
    return [day, *made] if made else None


_PREPARED = "at|about|the|art? at|about|art?"
_C = "c:clock|num"
_P = "of|on|at_weak? the|art|of? p:part?"
_FROM = f"q:part? of|on? x:between|from|after {_PREPARED} a:clock|num q2:part?"
_UP_TO = "b:clock|num half:hour_mark|am|pm? tail:between_post|until_post"
_RULES: tuple[Rule, ...] = (
    (f"{_FROM} s:and|to|dash|or|before {_PREPARED} {_UP_TO}|to? {_P}", _between),
    (f"q:part? at|about? a:clock|num s:to|dash|and|from_post|before at|about? {_UP_TO}? {_P}", _between),
    (f"x:after {_PREPARED} {_C} {_P}", _after),
    (f"p:part? {_C} {_P} x:onwards", _after),
    (f"{_C} {_P} or after|later_post", _open_ended),
    (f"p:part? {_C} x:after_post|from_post", _after),
    (f"{_C} {_P} x:after_post|from_post", _after),
    (f"x:before {_PREPARED} {_C} {_P}", _before),
    (f"p:part? {_C} x:before_post|until_post|at_latest", _before),
    (f"{_C} {_P} x:before_post|until_post|at_latest", _before),
    ("x:after on|the|art|of? the|art? p:part|meal", _after_part),
    ("p:part|meal x:after_post|onwards", _after_part),
    ("x:before on|the|art|of? the|art? p:part|meal", _before_part),
    ("p:part|meal x:before_post|until_post", _before_part),
    ("at|about|between|from? a:military to|dash|and b:military|clock", _between_military),
    ("x:after|before|at|about|from at|about? c:military", _military),
    (f"at|about at|about|art? {_C} {_P}", _point),
    (f"x:back|leave {_C} {_P}", _coming_or_going),
    (f"at_weak {_C} {_P}", _weakly),
    (f"at|about? a:num or at|about? b:clock {_P}", _either_hour),
    (f"c:clock {_P}", _point),
    ("c:num of|on? the|art|of? p:part", _point),
)  # fmt: skip
_BARE: tuple[Rule, ...] = (
    (f"s:said or at|about? {_C} {_P}", _or_hour),
    ("p:part c:num", _part_and_hour),
    ("d:days comma? the|on|of? half:am|pm", _half_of_day),
    ("x:correct comma? at|about? c:num", _corrected_hour),
    ("x:no comma at|about? c:num", _corrected_hour),
    ("d:days c:num p:part?", _hour_of_day),
)
