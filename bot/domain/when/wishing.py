"""The last step: one wish out of the days and hours of a message."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.domain.when.hours import CLOSES, OPENS, is_open, minutes_of, part_minutes
from bot.domain.when.polarity import Item, Message, shifted, weigh
from bot.domain.when.tokens import Days, Span, Token
from bot.domain.when.window import DAY_CLOSES, Wish


@dataclass
class _Named:
    """The days of a message, sorted out."""

    ahead: set[date] = field(default_factory=set[date])
    past: set[date] = field(default_factory=set[date])
    gone: bool = False
    unclear: bool = False


def make_wish(tokens: Sequence[Token], local: datetime, about: date | None) -> Wish:
    """What the tokens of a message wish for, seen from a local time."""
    today = local.date()
    message = weigh(tokens, today)
    named = _named(message, today, about)
    against = _refused(message, today, about)
    spans = _spans(message)
    ruled_out = {day for day in against if not _restored(message, named)}
    named.ahead = _past_this_week(message, named.ahead, ruled_out) - ruled_out
    if not named.ahead and not named.unclear and (named.gone or named.past):
        return Wish(day=next(iter(named.past)) if len(named.past) == 1 else None, past=True)
    if _restored(message, named) and len(against) == 1:
        named.ahead = set(against)
    any_day = any(token.has("any_day") for token in tokens) and not named.ahead
    # "Anything but Monday" leaves the other days, "anything but mornings" the other hours.
    any_day |= (
        bool(ruled_out) and not named.ahead and any(token.has("any_time") for token in tokens)
    )
    day = next(iter(named.ahead)) if len(named.ahead) == 1 and not named.unclear else None
    start, end = _times(spans[0]) if len(spans) == 1 else (None, None)
    over = day == today and (end or DAY_CLOSES) <= local.time()
    choices = tuple(sorted(named.ahead)) if len(named.ahead) > 1 else ()
    unclear = named.unclear or len(named.ahead) > 1 or len(spans) > 1 or any_day
    refused = tuple(sorted(ruled_out))
    return Wish(day, start, end, unclear, over, choices, refused, _is_guessed(message))


def _named(message: Message, today: date, about: date | None) -> _Named:
    named = _Named()
    items = message.days()
    narrow = _narrowed(message, items)
    single = any(
        item.kind == "days" and len(item.value.days) == 1 and not item.value.gone for item in items
    )
    for item in items:
        # "I'm away until Wednesday, so Thursday": the day says it better than the stretch.
        if single and item.token.has("stretch") and len(item.value.days) > 1:
            continue
        if item.kind == "shift":
            day = shifted(message, item, about)
            days = Days((day,)) if day else Days(unnamed=True)
        else:
            days = narrow.get(id(item), item.value)
        if days is None:
            continue
        named.gone |= days.gone
        named.unclear |= days.unnamed
        named.ahead |= {day for day in days.days if day >= today}
        named.past |= {day for day in days.days if day < today}
    if len(named.ahead) > 1 and named.unclear:
        named.unclear = False
    return named


def _narrowed(message: Message, items: list[Item]) -> dict[int, Days | None]:
    """As in "Next week ... Tuesday": the weekday is that week's, and the week as a whole is left out."""
    found: dict[int, Days | None] = {}
    weeks = [item for item in items if item.kind == "days" and item.token.has("week")]
    for item in items:
        if item.kind != "days" or item.token.has("week") or len(item.value.days) != 1:
            continue
        day = item.value.days[0]
        for week in weeks:
            first, last = sorted((item.at, week.at))
            if any(token.has("or") for token in message.tokens[first + 1 : last]):
                # "Friday or next week" are two wishes.
                continue
            spread = _whole_week(week.value.days)
            for candidate in (day, day + timedelta(days=7)):
                moved = candidate == day or item.token.has("by_weekday")
                if candidate in spread and moved:
                    found[id(item)], found[id(week)] = Days((candidate,)), None
                    break
    return found


def _whole_week(days: Sequence[date]) -> set[date]:
    if len(days) < 4:
        return set(days)
    monday = days[0] - timedelta(days=days[0].weekday())
    return {monday + timedelta(days=number) for number in range(7)}


def _refused(message: Message, today: date, about: date | None) -> set[date]:
    days: set[date] = set()
    for item in message.items:
        if not item.refused:
            continue
        if item.kind == "shift":
            day = shifted(message, item, about)
            days |= {day} if day else set()
        else:
            days |= set(item.value.days)
    return {day for day in days if day >= today}


def _past_this_week(message: Message, ahead: set[date], refused: set[date]) -> set[date]:
    """As in "Wednesday, but not this week": the Wednesday after it."""
    weeks = [item for item in message.items if item.refused and item.token.has("week")]
    by_weekday = all(item.token.has("by_weekday") for item in message.days())
    if not weeks or not by_weekday or not ahead <= refused:
        return ahead
    return {day + timedelta(days=7) for day in ahead}


def _restored(message: Message, named: _Named) -> bool:
    """As in "Tomorrow morning is no good, afternoon is": the day stands, that part of it does not."""
    refused = [item for item in message.items if item.refused]
    if len(refused) != 1 or named.ahead or named.unclear:
        return False
    near = [item for item in message.items if item.dropped and item.kind in {"part", "said"}
            and abs(item.at - refused[0].at) <= 2]  # fmt: skip
    hours = [item for item in message.items if item.free and item.kind in {"part", "said"}]
    return bool(near) and bool(hours)


def _spans(message: Message) -> list[Span]:
    """The spans of hours that are possible; more than one where the words leave a choice."""
    parts = {item.value for item in message.items if item.kind == "part" and item.free}
    if len(parts) > 1:
        parts.discard("whole_day")
    part = next(iter(parts)) if len(parts) == 1 else ""
    said = [item.value for item in message.items if item.kind == "said" and item.free]
    spans = _joined({span for one in said if (span := minutes_of(one, part)) is not None})
    if spans and not parts:
        return spans
    if spans and part:
        return [_within(span, part_minutes(part)) for span in spans]
    if spans:
        own = {part_minutes(name) for name in parts}
        outside = {one for one in own if not any(_meet(one, span) for span in spans)}
        return sorted({*spans, *outside})
    if parts:
        return sorted({part_minutes(name) for name in parts})
    return _but(item.value for item in message.items if item.complement)


def _is_guessed(message: Message) -> bool:
    """Whether the hours are one clock time that could be in either half of the day."""
    free = [item for item in message.items if item.free and item.kind in {"said", "part"}]
    return len(free) == 1 and free[0].kind == "said" and is_open(free[0].value)


def _joined(spans: set[Span]) -> list[Span]:
    """As in "After three but before six" is one span; an open one outweighs an hour told beside it."""
    after = sorted(span for span in spans if span.shape == "after")[-1:]
    before = sorted((span for span in spans if span.shape == "before"), key=lambda span: span.end)[
        :1
    ]
    if after and before and after[0].start == before[0].end:
        # "The baby sleeps till three, so after three."
        before = []
    others = {span for span in spans if span.shape not in {"after", "before"}}
    spans = others | {*after, *before}
    if len(after) == 1 and len(before) == 1 and after[0].start < before[0].end:
        spans = (spans - {after[0], before[0]}) | {Span(after[0].start, before[0].end, "range")}
    # "After lunch, say two to four": the narrower one says it.
    within = {one for one in spans if all(o.start <= one.start and one.end <= o.end for o in spans)}
    spans = {one for one in within if one.shape == "range"} or spans
    if len(spans) > 1:
        sure = {span for span in spans if span.shape != "point"}
        spans = sure or spans
    unique = {(span.start, span.end): span for span in sorted(spans)}
    return list(unique.values())


def _within(span: Span, part: Span) -> Span:
    """Hours without an end of their own end with the part of the day that was named."""
    if span.shape == "after" and part.start <= span.start < part.end:
        return Span(span.start, part.end, "range")
    if span.shape == "before" and part.start < span.end <= part.end:
        return Span(part.start, span.end, "range")
    return span


def _but(parts: Iterable[str]) -> list[Span]:
    """The hours that are left when parts of the day are ruled out."""
    start, end = OPENS, CLOSES
    ruled_out = sorted(part_minutes(part) for part in parts)
    for one in ruled_out:
        if one.start <= start:
            start = max(start, one.end)
        elif one.end >= end:
            end = min(end, one.start)
    return (
        [Span(start, end, "part")]
        if ruled_out and (start, end) != (OPENS, CLOSES) and start < end
        else []
    )


def _meet(one: Span, two: Span) -> bool:
    return one.start < two.end and two.start < one.end


def _times(span: Span) -> tuple[time, time]:
    end = min(span.end, 23 * 60 + 59)
    return time(*divmod(span.start, 60)), time(*divmod(end, 60))
