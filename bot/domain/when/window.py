"""Windows of time, and what somebody wished for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_OPENS = time(8)
DAY_CLOSES = time(21)
_LAST_HOUR = 23
_NOON = time(12)


@dataclass(frozen=True, order=True)
class Window:
    """From `start` up to `end`, aware UTC instants."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs aware instants")
        if self.end <= self.start:
            raise ValueError("a window ends after it starts")

    @classmethod
    def on(cls, day: date, start: time, end: time, zone: ZoneInfo) -> "Window":
        """The window between two wall clock times of one day in `zone`."""
        return cls(
            datetime.combine(day, start, zone).astimezone(UTC),
            datetime.combine(day, end, zone).astimezone(UTC),
        )

    def day(self, zone: ZoneInfo) -> date:
        return self.start.astimezone(zone).date()

    def overlap(self, other: "Window") -> timedelta:
        return max(min(self.end, other.end) - max(self.start, other.start), timedelta())


@dataclass(frozen=True)
class Wish:
    """What somebody said about time: a day, hours, both or neither.

    `ambiguous`: several days or readings are possible (`choices`, if they can be named): ask
    back. `past`: the day is gone.
    """

    day: date | None = None
    start: time | None = None
    end: time | None = None
    ambiguous: bool = False
    past: bool = False
    choices: tuple[date, ...] = ()
    refused: tuple[date, ...] = ()
    """Days that were ruled out ("I'm not in tomorrow")."""
    guessed: bool = False
    """The hour was named without its half of the day ("at 8"); `start` is the likelier one."""

    @property
    def says_something(self) -> bool:
        return self.ambiguous or self.day is not None or self.start is not None

    def then(self, later: "Wish") -> "Wish":
        """What both say that were said one after the other: "Monday", then "in the morning".

        The later one holds where they differ; what it leaves open stays as it was.
        """
        later = later.beside(self)
        refused = tuple(sorted({*self.refused, *later.refused} - {later.day}))
        if later.past or not (later.says_something or later.refused):
            return later if later.past else self
        days = later if later.day or later.choices or later.ambiguous else self
        hours = later if later.start or (later.ambiguous and later.day) else self
        day = None if days.past or days.day in refused else days.day
        choices = tuple(one for one in days.choices if one not in refused)
        if days is later and day is not None and not later.ambiguous:
            # "Next week", then "Wednesday": that week's.
            day = next((one for one in self.choices if one.weekday() == day.weekday()), day)
        unclear = later.ambiguous or bool(choices)
        return Wish(day, hours.start, hours.end, unclear, False, choices, refused, hours.guessed)

    def beside(self, earlier: "Wish") -> "Wish":
        """The wish as it is meant after an earlier one: after "in the evening", "at 8" is 20:00."""
        if not (self.guessed and self.start and self.end and earlier.start and earlier.end):
            return self
        other = self.start.replace(hour=(self.start.hour + 12) % 24)
        # "Por la tarde" lasts into what others call the evening.
        late = earlier.start >= _NOON and _NOON <= other < DAY_CLOSES
        if not late or earlier.start <= self.start < earlier.end:
            return self
        # An hour that was named lasts one; "after 8" lasts as long as the evening.
        end = other.replace(hour=other.hour + 1) if other.hour < _LAST_HOUR else time.max
        return replace(self, start=other, end=end if self._is_an_hour else DAY_CLOSES)

    @property
    def _is_an_hour(self) -> bool:
        return bool(self.start and self.end and self.start.hour + 1 == self.end.hour)

    def fits(self, window: Window, zone: ZoneInfo) -> bool:
        """Whether an offered window is one that was asked for."""
        day = window.day(zone)
        if day in self.refused or (self.day is not None and day != self.day):
            return False
        if self.start is None or self.end is None:
            return True
        asked = self._hours_on(day, zone)
        return asked is not None and window.overlap(asked) > timedelta()

    def best(self, windows: Iterable[Window], zone: ZoneInfo) -> list[Window]:
        """The windows that fit, those overlapping the wish most first, then the earliest."""

        def rank(window: Window) -> tuple[timedelta, datetime]:
            if self.start is None or self.end is None:
                return timedelta(), window.start
            asked = self._hours_on(window.day(zone), zone)
            return -(window.overlap(asked) if asked else timedelta()), window.start

        fitting = sorted((w for w in windows if self.fits(w, zone)), key=rank)
        # "After five" is the evening: from two to six, most of the time would be too early.
        mostly = [w for w in fitting if -rank(w)[0] * 2 >= w.end - w.start]
        return mostly or fitting

    def _hours_on(self, day: date, zone: ZoneInfo) -> Window | None:
        """The wished hours of a day; None where the clocks go over them in spring."""
        if self.start is None or self.end is None:
            return None
        try:
            return Window.on(day, self.start, self.end, zone)
        except ValueError:
            return None
