"""The clocks a process may be given."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.clock import Clock, SystemClock
from bot.settings import Settings


class MovableClock:
    """The machine's time plus an offset kept in a file; the sandbox moves it for all processes.

    Reading the file each time costs microseconds and spares every process a subscription.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    @property
    def offset(self) -> timedelta:
        try:
            return timedelta(seconds=float(self._file.read_text()))
        except (FileNotFoundError, ValueError):
            return timedelta()

    def advance(self, by: timedelta) -> None:
        """Move the present on for everybody. Raises ValueError when asked to go back."""
        if by < timedelta():
            raise ValueError("the clock only moves forward")
        draft = self._file.with_suffix(".new")
        draft.write_text(str((self.offset + by).total_seconds()))
        draft.replace(self._file)


def make_clock(settings: Settings) -> Clock:
    """The machine's clock, or in the sandbox one that can be moved."""
    if settings.sandbox and settings.clock_file is not None:
        return MovableClock(settings.clock_file)
    return SystemClock()
