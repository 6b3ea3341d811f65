"""Times on our pages: in one zone, in one language, with days named as people name them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from bot.domain.when import Window

_LOCALES = {"en": "en_GB", "fr": "fr_FR"}
_DAYS = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "fr": {-1: "hier", 0: "aujourd’hui", 1: "demain"},
}


@dataclass(frozen=True)
class Times:
    """Words for instants, as seen from `now` in `zone`."""

    zone: ZoneInfo
    language: str
    now: datetime

    def clock(self, at: datetime) -> str:
        """The hour, as 14:05."""
        return format_time(at.astimezone(self.zone), "HH:mm", locale=self._locale)

    def day(self, at: datetime) -> str:
        """Today, Tomorrow, Yesterday, or Tuesday 24 November (with the year in another year)."""
        there, here = at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date()
        named = _DAYS[self._served].get((there - here) // timedelta(days=1))
        if named is not None:
            return _capital(named)
        pattern = "EEEE d MMMM" if there.year == here.year else "EEEE d MMMM y"
        return _capital(format_date(there, pattern, locale=self._locale))

    def short(self, at: datetime) -> str:
        """Today 14:05, or 24 Nov 14:05."""
        there, here = at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date()
        named = _DAYS[self._served].get((there - here) // timedelta(days=1))
        pattern = "d MMM" if there.year == here.year else "d MMM y"
        day = _capital(named) if named else format_date(there, pattern, locale=self._locale)
        return f"{day} {self.clock(at)}"

    def window(self, window: Window) -> str:
        """Day and hours, as Today 14:00–16:00."""
        return f"{self.day(window.start)} {self.hours(window)}"

    def hours(self, window: Window) -> str:
        """The hours alone, as 14:00–16:00."""
        return f"{self.clock(window.start)}–{self.clock(window.end)}"

    @property
    def _served(self) -> str:
        return self.language if self.language in _DAYS else "en"

    @property
    def _locale(self) -> str:
        return _LOCALES[self._served]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
