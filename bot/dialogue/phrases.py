"""How each language writes days, hours and windows. Plain spaces only: an SMS is billed by them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date


@dataclass(frozen=True)
class Phrases:
    """A language's way with dates; `{day}`, `{start}` and `{end}` are filled in."""

    locale: Locale
    today: str
    tomorrow: str
    yesterday: str
    on_day: str
    tomorrow_in_full: str
    window_form: str
    slot_form: str
    hour: str
    hour_and_minute: str

    def dated(self, at: datetime, tz: str, now: datetime) -> str:
        """Name a day: "today", "tomorrow", "yesterday" or "on Thursday 26 November"."""
        day, today = _local(at, tz).date(), _local(now, tz).date()
        near = {0: self.today, 1: self.tomorrow, -1: self.yesterday}.get((day - today).days)
        return near or self.on_day.format(day=self._long(day))

    def time(self, at: datetime, tz: str) -> str:
        """The wall clock time in the recipient's zone."""
        local = _local(at, tz)
        form = self.hour_and_minute if local.minute else self.hour
        return form.format(hour=local.hour, minute=local.minute)

    def window(self, start: datetime, end: datetime, tz: str, now: datetime) -> str:
        """Read a window out: "tomorrow, Tuesday 24 November, between 18:00 and 21:00"."""
        day, today = _local(start, tz).date(), _local(now, tz).date()
        if day == today + timedelta(days=1):
            named = self.tomorrow_in_full.format(day=self._long(day))
        else:
            named = self.dated(start, tz, now)
        return self.window_form.format(
            day=named, start=self.time(start, tz), end=self.time(end, tz)
        )

    def slot(self, start: datetime, end: datetime, tz: str, now: datetime) -> str:
        """A window short enough for a button (20 characters): "Thu 26, 18:00-21:00"."""
        day, today = _local(start, tz).date(), _local(now, tz).date()
        if day == today + timedelta(days=1):
            named = self.tomorrow.capitalize()
        else:
            named = f"{format_date(day, 'EEE d', self.locale)},"
        return self.slot_form.format(
            day=named,
            start=self.time(start, tz).replace(" ", ""),
            end=self.time(end, tz).replace(" ", ""),
        )

    def _long(self, day: date) -> str:
        return format_date(day, "EEEE d MMMM", self.locale)


def _local(at: datetime, tz: str) -> datetime:
    return at.astimezone(ZoneInfo(tz))


PHRASES: dict[str, Phrases] = {
    "en": Phrases(
        locale=Locale("en"),
        today="today",
        tomorrow="tomorrow",
        yesterday="yesterday",
        on_day="on {day}",
        tomorrow_in_full="tomorrow, {day},",
        window_form="{day} between {start} and {end}",
        slot_form="{day} {start}-{end}",
        hour="{hour}:00",
        hour_and_minute="{hour}:{minute:02}",
    ),
    "fr": Phrases(
        locale=Locale("fr"),
        today="aujourd'hui",
        tomorrow="demain",
        yesterday="hier",
        on_day="{day}",
        tomorrow_in_full="demain {day}",
        window_form="{day} entre {start} et {end}",
        slot_form="{day} {start}-{end}",
        hour="{hour} h",
        hour_and_minute="{hour} h {minute:02}",
    ),
}
