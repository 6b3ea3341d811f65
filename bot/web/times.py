"""Times on our pages: in one zone, in one language, with days named as people name them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from bot.domain.when import Window


@dataclass(frozen=True)
class _Days:
    """How a language names days: a locale, the three near ones, and CLDR's patterns."""

    locale: str
    yesterday: str
    today: str
    tomorrow: str
    full: str = "EEEE d MMMM"
    short: str = "d MMM"
    before_year: str = " "

    def near(self, distance: int) -> str | None:
        return {-1: self.yesterday, 0: self.today, 1: self.tomorrow}.get(distance)


_DAYS = {
    "en": _Days("en_GB", "yesterday", "today", "tomorrow"),
    "fr": _Days("fr_FR", "hier", "aujourd’hui", "demain"),
    "es": _Days("es", "ayer", "hoy", "mañana", "EEEE, d 'de' MMMM", before_year=" 'de' "),
    "de": _Days("de", "gestern", "heute", "morgen", "EEEE, d. MMMM", "d. MMM"),
    "pt": _Days("pt", "ontem", "hoje", "amanhã", "EEEE, d 'de' MMMM", "d 'de' MMM", " 'de' "),
    "it": _Days("it", "ieri", "oggi", "domani"),
    "hi": _Days("hi", "कल", "आज", "कल", "EEEE, d MMMM"),
    "hi-Latn": _Days("en_IN", "kal", "aaj", "kal"),
}


@dataclass(frozen=True)
class Times:
    """Words for instants, as seen from `now` in `zone`."""

    zone: ZoneInfo
    language: str
    now: datetime

    def clock(self, at: datetime) -> str:
        """The hour, as 14:05."""
        return format_time(at.astimezone(self.zone), "HH:mm", locale=self._days.locale)

    def day(self, at: datetime) -> str:
        """Today, Tomorrow, Yesterday, or Tuesday 24 November (with the year in another year)."""
        return self._near(at) or _capital(self._date(at, self._days.full))

    def short(self, at: datetime) -> str:
        """Today 14:05, or 24 Nov 14:05."""
        return f"{self._near(at) or self._date(at, self._days.short)} {self.clock(at)}"

    def dated(self, at: datetime) -> str:
        """With the year and by no other day, as it must stand on paper: 24 November 2026 14:05."""
        pattern = f"{self._days.full}{self._days.before_year}y"
        return (
            f"{_capital(format_date(self._local(at), pattern, locale=self._days.locale))}"
            f" {self.clock(at)}"
        )

    def window(self, window: Window) -> str:
        """Day and hours, as Today 14:00–16:00; of several days both ends."""
        last = window.end - timedelta(microseconds=1)
        if self._local(last) != self._local(window.start):
            start, end = (f"{self.day(at)} {self.clock(at)}" for at in (window.start, window.end))
            return f"{start} – {end}"
        return f"{self.day(window.start)} {self.hours(window)}"

    def hours(self, window: Window) -> str:
        """The hours alone, as 14:00–16:00."""
        return f"{self.clock(window.start)}–{self.clock(window.end)}"

    def _near(self, at: datetime) -> str | None:
        named = self._days.near((self._local(at) - self._local(self.now)).days)
        return named and _capital(named)

    def _date(self, at: datetime, pattern: str) -> str:
        day = self._local(at)
        if day.year != self._local(self.now).year:
            pattern += f"{self._days.before_year}y"
        return format_date(day, pattern, locale=self._days.locale)

    def _local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    @property
    def _days(self) -> _Days:
        return _DAYS.get(self.language, _DAYS["en"])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
