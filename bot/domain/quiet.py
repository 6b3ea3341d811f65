"""Quiet hours: when nobody is written to unasked, by the recipient's own clock and calendar."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.domain.consent import Purpose

_SETTINGS = ("hours", "sundays", "holidays")
_LONGEST = 31
"""Days to look ahead; no country is quiet for longer."""


@dataclass(frozen=True)
class Quiet:
    """What is quiet: from `start` to `end`, over midnight if need be, and perhaps whole days."""

    start: time
    end: time
    sundays: bool = False
    holidays: bool = False


type QuietHours = Mapping[Purpose, Quiet]
"""By purpose; a purpose that is missing is never held back."""

_NIGHT = Quiet(time(21), time(8))
DEFAULT: QuietHours = {Purpose.feedback: _NIGHT, Purpose.marketing: _NIGHT}
# France: no marketing by SMS from 22:00 to 08:00, nor on Sundays and public holidays
# (operators' charter for SMS+, af2m.org); what belongs to an order is free.
BY_COUNTRY: Mapping[str, QuietHours] = {
    "FR": {
        Purpose.feedback: _NIGHT,
        Purpose.marketing: Quiet(time(22), time(8), sundays=True, holidays=True),
    }
}


def quiet_for(own: QuietHours, country: str, purpose: Purpose) -> Quiet | None:
    """The rule for a message: the merchant's own, else the country's, else everybody's."""
    if purpose in own:
        rule = own[purpose]
        return None if rule.start == rule.end and not rule.sundays and not rule.holidays else rule
    return BY_COUNTRY.get(country, DEFAULT).get(purpose)


def next_allowed(
    quiet: Quiet, at: datetime, zone: ZoneInfo, is_holiday: Callable[[date], bool]
) -> datetime:
    """The first moment from `at` on that is not quiet: `at` itself when it is not."""
    for ahead in range(_LONGEST):
        day = at.astimezone(zone).date() + timedelta(days=ahead)
        if (quiet.sundays and day.isoweekday() == 7) or (quiet.holidays and is_holiday(day)):
            continue
        for start, end in _loud(quiet):
            opens = _instant(day, start, zone)
            closes = _instant(day, end, zone) if end else _instant(_after(day), time(), zone)
            if at < closes:
                return max(at, opens)
    return at


def _loud(quiet: Quiet) -> list[tuple[time, time | None]]:
    """The stretches of a day that are not quiet; None is midnight at its end."""
    if quiet.start == quiet.end:
        return [(time(), None)]
    if quiet.start > quiet.end:
        return [(quiet.end, quiet.start)]
    before = [(time(), quiet.start)] if quiet.start > time() else []
    return [*before, (quiet.end, None)]


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A wall clock's time as an instant; one that a change of the clock skips is the one after."""
    return datetime.combine(day, at, zone).astimezone(ZoneInfo("UTC"))


def read_quiet(data: object, problems: list[tuple[str, str]]) -> dict[Purpose, Quiet]:
    """Read `{marketing: {hours: "22:00-08:00", sundays: true, holidays: true}, feedback: none}`.

    What is wrong is added to `problems`, by field.
    """
    if not isinstance(data, dict):
        problems.append(("quiet_hours", f"must be a mapping of purposes: {', '.join(Purpose)}"))
        return {}
    found: dict[Purpose, Quiet] = {}
    for name, rule in cast("dict[str, Any]", data).items():
        where = f"quiet_hours.{name}"
        if name not in Purpose.__members__:
            problems.append((where, f"is not a purpose; known: {', '.join(Purpose)}"))
        elif rule is None or rule == "none":
            found[Purpose(name)] = Quiet(time(), time())
        else:
            read = _read_rule(rule, where, problems)
            if read is not None:
                found[Purpose(name)] = read
    return found


def _read_rule(rule: object, where: str, problems: list[tuple[str, str]]) -> Quiet | None:
    if not isinstance(rule, dict):
        problems.append((where, 'must be none, or a mapping as in {hours: "22:00-08:00"}'))
        return None
    settings = cast("dict[str, Any]", rule)
    known = ", ".join(_SETTINGS)
    unknown = sorted(settings.keys() - set(_SETTINGS))
    problems += [(f"{where}.{key}", f"is not a setting; known: {known}") for key in unknown]
    text = str(settings.get("hours", "00:00-00:00"))
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        problems.append((f"{where}.hours", f"{text!r} must look like 22:00-08:00"))
        return None
    flags: dict[str, bool] = {}
    for key in ("sundays", "holidays"):
        value = settings.get(key, False)
        if not isinstance(value, bool):
            problems.append((f"{where}.{key}", "must be true or false"))
        flags[key] = value is True
    return Quiet(start, end, **flags)
