"""Working time: how long people were there between two moments, and when so much of it is over."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.hours import Hours

_LONGEST = timedelta(days=400)
"""How far ahead is looked for working time; whoever is never there is never late."""


@dataclass(frozen=True)
class WorkingTime:
    """When a merchant's people are there: their hours by the clock in `zone`, without holidays.

    Without any hours they are always there.
    """

    hours: Hours
    zone: ZoneInfo
    is_holiday: Callable[[date], bool]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; none when `end` comes first."""
        if end <= start:
            return timedelta()
        spans = self._spans(start, end)
        return sum((min(to, end) - max(since, start) for since, to in spans), timedelta())

    def after(self, start: datetime, amount: timedelta) -> datetime | None:
        """The moment at which `amount` of working time has gone by since `start`.

        None where there is not so much of it within a year.
        """
        left = amount
        for since, to in self._spans(start, start + _LONGEST):
            begin = max(since, start)
            if to - begin >= left:
                return begin + left
            left -= to - begin
        return None

    def _spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of work that touch the time from `start` to `end`, in order."""
        if not self.hours:
            yield start, end
            return
        day = start.astimezone(self.zone).date()
        while _instant(day, time(), self.zone) < end:
            span = self.hours.get(day.weekday())
            if span is not None and not self.is_holiday(day):
                # As instants: by wall clocks a day with a change of the clock is not 24 hours.
                opens, closes = (_instant(day, edge, self.zone) for edge in span)
                if closes > start and opens < end and closes > opens:
                    yield opens, closes
            day += timedelta(days=1)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
