"""Which day of the calendar an expression means, seen from today."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_HALF_A_YEAR = timedelta(days=183)
_MONTH_FIRST = {"US", "PH", "FM", "MH", "PW", "GU", "PR", "AS", "VI"}
_BOTH_ORDERS = {"", "CA"}
_WEEK = 7


@dataclass(frozen=True)
class Almanac:
    """Today, and how the writer's country and language speak of days."""

    today: date
    country: str = ""
    day_first: bool = False
    """Whether the language settles that 11/12 is in December."""
    next_is_nearest: bool = True

    def ahead(self, days: int) -> date | None:
        """So many days from today; None beyond a year or so."""
        return self.today + timedelta(days=days) if abs(days) <= 400 else None

    def weekday(self, number: int, weeks: int = 0) -> date:
        """The coming one, never today."""
        ahead = (number - self.today.weekday()) % _WEEK or _WEEK
        return self.today + timedelta(days=ahead + weeks * _WEEK)

    def last_weekday(self, number: int) -> date:
        """The last one that is gone."""
        return self.today - timedelta(days=(self.today.weekday() - number) % _WEEK or _WEEK)

    def next_weekday(self, number: int) -> date:
        """What "next Friday" is: the coming one, or that of next week."""
        return self.weekday(number) if self.next_is_nearest else self.in_week(number, 1)

    def monday(self, weeks: int) -> date:
        """The Monday of a week, counted from the present one."""
        return self.today + timedelta(days=weeks * _WEEK - self.today.weekday())

    def in_week(self, number: int, weeks: int) -> date:
        """A weekday of a calendar week, counted from the present one."""
        return self.monday(weeks) + timedelta(days=number)

    def week(self, weeks: int, first: int = 0, last: int = 4) -> tuple[date, ...]:
        """The days of a week that are still to come, working days unless said otherwise."""
        days = [self.in_week(number, weeks) for number in range(first, last + 1)]
        ahead = tuple(day for day in days if day > self.today)
        return ahead or tuple(
            day for day in (self.in_week(n, weeks) for n in range(_WEEK)) if day > self.today
        )

    def weekend(self, weeks: int = 0) -> tuple[date, ...]:
        """Saturday and Sunday; on a Sunday the next ones."""
        later = weeks + (1 if self.today.weekday() == 6 else 0)
        days = (self.in_week(5, later), self.in_week(6, later))
        return tuple(day for day in days if day >= self.today)

    def dated(self, day: int, month: int, year: int | None = None) -> date | None:
        """A day of a month; without a year the one that is neither long gone nor far off."""
        if year is not None:
            return _real(year + 2000 if year < 100 else year, month, day)
        for candidate in (_real(y, month, day) for y in (self.today.year, self.today.year + 1)):
            if candidate is not None and candidate >= self.today - _HALF_A_YEAR:
                return candidate
        return None

    def numbered(self, one: int, two: int, year: int | None = None) -> tuple[date, ...]:
        """What "11/12" can be: one date where the country or language settles it, else two."""
        day_first, month_first = self.dated(one, two, year), self.dated(two, one, year)
        if self.country in _MONTH_FIRST:
            readings = [month_first or day_first]
        elif self.country in _BOTH_ORDERS and not self.day_first:
            readings = [day_first, month_first]
        else:
            readings = [day_first or month_first]
        found = sorted({day for day in readings if day is not None})
        return tuple(day for day in found if day >= self.today) or tuple(found)

    def day_of_month(self, day: int, months: int | None = None) -> date | None:
        """The next day with this number, or that of a month counted from the present one."""
        for ahead in range(12) if months is None else (months,):
            total = self.today.year * 12 + self.today.month - 1 + ahead
            found = _real(total // 12, total % 12 + 1, day)
            if found is not None and (months is not None or found >= self.today):
                return found
        return None

    def from_easter(self, days: int) -> date:
        """A day counted from Easter Sunday, of the year in which it is not long gone."""
        here, later = (
            easter(year) + timedelta(days=days) for year in (self.today.year, self.today.year + 1)
        )
        return here if here >= self.today - _HALF_A_YEAR else later

    def months_ahead(self, months: int) -> date | None:
        """The same day some months on, or the last of a shorter month."""
        total = self.today.year * 12 + self.today.month - 1 + months
        if not 0 < months <= 12:
            return None
        year, month = total // 12, total % 12 + 1
        return date(year, month, min(self.today.day, calendar.monthrange(year, month)[1]))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher's rule)."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    leap = 32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4
    late = (year % 19 + 11 * moon + 22 * (leap % 7)) // 451
    month, day = divmod(moon + leap % 7 - 7 * late + 114, 31)
    return date(year, month, day + 1)


def between(first: date, last: date) -> Iterator[date]:
    """The days from the first to the last."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
