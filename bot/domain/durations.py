"""Durations as merchants write them: 30s, 10m, 2h, 3d."""

from datetime import timedelta

from bot.domain.errors import Invalid

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def read_duration(where: str, text: object) -> timedelta:
    """Read a duration.

    Raises:
        Invalid: names the field and the form.
    """
    value = str(text)
    if value[:-1].isdecimal() and value[-1:] in _UNITS:
        return timedelta(**{_UNITS[value[-1]]: int(value[:-1])})
    raise Invalid((where, f"{value!r} must look like 30s, 10m, 2h or 3d"))
