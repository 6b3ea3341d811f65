"""The sandbox's clock: real time plus an offset that ``POST /clock`` moves."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
LONGEST = timedelta(days=366)


def parse_duration(text: object) -> timedelta:
    """An ISO 8601 duration of weeks, days, hours, minutes, seconds. Raises ``ValueError``."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None or not any(match.groups()):
        raise ValueError(f'not an ISO 8601 duration like "PT2H": {text!r}')
    found = timedelta(**{unit: int(n) for unit, n in match.groupdict().items() if n})
    if found > LONGEST:
        raise ValueError("the clock moves a year at most")
    return found


def iso(when: datetime) -> str:
    """A UTC instant with millisecond precision, ending in Z."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class SandboxClock:
    """Moves forward only, by ``advance``; whoever sleeps on it wakes when it jumps."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def advance(self, by: timedelta) -> datetime:
        self._offset += by
        self._moved.set()
        self._moved = asyncio.Event()
        return self.now()

    def match(self, now: datetime) -> None:
        """Take over another clock's reading (the gateway's, after a restart of the sandbox)."""
        self._offset = now - datetime.now(UTC)

    async def sleep_until(self, when: datetime) -> None:
        """Return once this clock reads ``when``, by passing time or by being moved."""
        while (left := (when - self.now()).total_seconds()) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), left)
            except TimeoutError:
                continue
