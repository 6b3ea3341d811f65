"""The merchant's ladder: by which channel a contact is told first, and by which if that fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from bot.domain.durations import read_duration
from bot.domain.errors import Invalid

_SETTINGS = {"channel", "wait"}


@dataclass(frozen=True)
class Rung:
    """A channel, and how long its receipt may take before the next one is tried as well.

    Without `wait` the next one is tried only when this one has failed.
    """

    channel: str
    wait: timedelta | None = None

    @property
    def document(self) -> dict[str, str]:
        """As it is written."""
        wait = {} if self.wait is None else {"wait": f"{int(self.wait.total_seconds())}s"}
        return {"channel": self.channel, **wait}


def read_ladder(document: Sequence[object], where: str = "ladder") -> list[Rung]:
    """Read `["whatsapp", "sms"]` or `[{channel: whatsapp, wait: 10m}, {channel: sms}]`.

    `where` is its place in what it stands in.

    Raises:
        Invalid: names the rung and the fix.
    """
    return [_read_rung(f"{where}[{place}]", rung) for place, rung in enumerate(document)]


def _read_rung(where: str, rung: object) -> Rung:
    if isinstance(rung, str):
        return Rung(rung)
    if not isinstance(rung, dict):
        raise Invalid((where, "must be a channel, or {channel: whatsapp, wait: 10m}"))
    settings = cast("dict[str, Any]", rung)
    unknown = sorted(settings.keys() - _SETTINGS)
    if unknown:
        raise Invalid((f"{where}.{unknown[0]}", "is not a setting; known: channel, wait"))
    channel = settings.get("channel")
    if not isinstance(channel, str) or not channel:
        raise Invalid((f"{where}.channel", "must name a channel"))
    wait = settings.get("wait")
    return Rung(channel, None if wait is None else read_duration(f"{where}.wait", wait))
