"""Opening hours: read out of a settings document, and asked when somebody is there."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

type Hours = Mapping[int, tuple[time, time]]
"""From and to on a weekday, Monday is 0; a day that is missing is closed."""


def read_hours(data: object, field: str, problems: list[tuple[str, str]]) -> Hours:
    """Read `{mon: "09:00-18:00", ...}`; what is wrong is added to `problems`, by field."""
    if not isinstance(data, dict):
        problems.append((field, 'must be a mapping of days, as in {mon: "09:00-18:00"}'))
        return {}
    hours: dict[int, tuple[time, time]] = {}
    for day, text in cast("dict[str, Any]", data).items():
        if day not in WEEKDAYS:
            problems.append((f"{field}.{day}", f"is not a day; write {', '.join(WEEKDAYS)}"))
            continue
        span = read_span(str(text), f"{field}.{day}", problems)
        if span is not None:
            hours[WEEKDAYS.index(day)] = span
    return hours


def read_span(text: str, field: str, problems: list[tuple[str, str]]) -> tuple[time, time] | None:
    """Read "08:00-12:00"; None, and a problem, when it is something else."""
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        problems.append((field, f"{text!r} must look like 08:00-12:00"))
        return None
    if start >= end:
        problems.append((field, f"{text!r} ends before it starts"))
    return start, end


def next_opening(hours: Hours, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When somebody is there again; None when it is open now, or always (no hours are set)."""
    local = now.astimezone(zone)
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        span = hours.get(day.weekday())
        if span is None:
            continue
        start, end = (datetime.combine(day, edge, zone) for edge in span)
        if start <= local < end:
            return None
        if local < start:
            return start
    return None
