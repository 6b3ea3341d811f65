"""How each language writes days, hours and windows. Plain spaces only: an SMS is billed by them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Phrases:
    """A language's way with dates; `{day}`, `{start}` and `{end}` are filled in.

    An hour's form may use `{hour}`, `{minute}`, `{twelve}` (the hour on a clock face) and
    `{part}` (of the day, one of `parts`). Patterns of days are CLDR's.
    """

    locale: Locale
    today: str
    tomorrow: str
    yesterday: str
    on_day: str
    tomorrow_in_full: str
    window_form: str
    span_form: str
    """A window of several days, such as a carrier's first guess."""
    all_day: str
    """After a day's name on a button."""
    until_today: str
    """With `{time}`; the last day on which a parcel can be fetched."""
    until_tomorrow: str
    until_day: str
    days_left: str
    """Behind the last day, with `{count}`, which is two or more."""
    hour: str
    hour_and_minute: str
    oclock: str = ""
    """What follows an hour that stands alone; a window says it once, in its own form."""
    slot_form: str = "{day} {start}-{end}"
    slot_hour: str | None = None
    """The hour on a button, where the spoken one is too long for it."""
    long_day: str = "EEEE d MMMM"
    first_of_month: str | None = None
    short_day: str = "EEE d"
    after_short_day: str = ","
    parts: tuple[tuple[int, str], ...] = ()
    """From which hour a part of the day is called what; before the first it is still the last."""

    def dated(self, at: datetime, tz: str, now: datetime) -> str:
        """Name a day: "today", "tomorrow", "yesterday" or "on Thursday 26 November"."""
        day, today = _local(at, tz).date(), _local(now, tz).date()
        near = {0: self.today, 1: self.tomorrow, -1: self.yesterday}.get((day - today).days)
        return near or self.on_day.format(day=self._long(day))

    def time(self, at: datetime, tz: str) -> str:
        """The wall clock time in the recipient's zone."""
        return self._hour(_local(at, tz)) + self.oclock

    def window(self, start: datetime, end: datetime, tz: str, now: datetime) -> str:
        """Read a window out: "tomorrow, Tuesday 24 November, between 18:00 and 21:00"."""
        first, last = _local(start, tz), _local(end, tz)
        if end - start > _A_DAY + timedelta(hours=1):
            return self.span_form.format(
                start=self._long(first.date()), end=self._long(_last_day(last))
            )
        named = self._in_full(start, tz, now)
        if _is_whole_day(first, last):
            return named.rstrip(",")
        return self.window_form.format(day=named, start=self._hour(first), end=self._hour(last))

    def until(self, at: datetime, tz: str, now: datetime) -> str:
        """Say how long there is: "until Sunday 29 November (6 days left)"."""
        last, today = _local(at, tz), _local(now, tz).date()
        left = (last.date() - today).days
        if left == 0:
            return self.until_today.format(time=self.time(at, tz))
        if left == 1:
            return self.until_tomorrow
        said = self.until_day.format(day=self._long(last.date()))
        return said + self.days_left.format(count=left) if left > 1 else said

    def slot(self, start: datetime, end: datetime, tz: str, now: datetime) -> str:
        """A window short enough for a button (20 characters): "Thu 26, 18:00-21:00"."""
        first, last = _local(start, tz), _local(end, tz)
        if end - start > _A_DAY + timedelta(hours=1):
            return f"{self._short(first.date())}-{self._short(_last_day(last))}"
        if first.date() == _local(now, tz).date() + _A_DAY:
            named = self.tomorrow.capitalize()
        else:
            named = self._short(first.date()) + self.after_short_day
        if _is_whole_day(first, last):
            return f"{named} {self.all_day}"
        return self.slot_form.format(
            day=named, start=self._slot_hour(first), end=self._slot_hour(last)
        )

    def _in_full(self, at: datetime, tz: str, now: datetime) -> str:
        day = _local(at, tz).date()
        if day == _local(now, tz).date() + _A_DAY:
            return self.tomorrow_in_full.format(day=self._long(day))
        return self.dated(at, tz, now)

    def _hour(self, local: datetime) -> str:
        form = self.hour_and_minute if local.minute else self.hour
        return self._fill(form, local)

    def _slot_hour(self, local: datetime) -> str:
        spoken = self._hour(local) if self.slot_hour is None else self._fill(self.slot_hour, local)
        return spoken.replace(" ", "")

    def _fill(self, form: str, local: datetime) -> str:
        begun = [name for since, name in self.parts if since <= local.hour]
        part = (begun or [name for _, name in self.parts] or [""])[-1]
        return form.format(
            hour=local.hour, minute=local.minute, twelve=local.hour % 12 or 12, part=part
        )

    def _long(self, day: date) -> str:
        pattern = self.first_of_month if day.day == 1 and self.first_of_month else self.long_day
        return format_date(day, pattern, self.locale)

    def _short(self, day: date) -> str:
        return format_date(day, self.short_day, self.locale)


def _local(at: datetime, tz: str) -> datetime:
    return at.astimezone(ZoneInfo(tz))


def _last_day(end: datetime) -> date:
    """The last day of a window, which may end at the midnight after it."""
    return (end - timedelta(minutes=1)).date()


def _is_whole_day(first: datetime, last: datetime) -> bool:
    ends = last.time() >= time(23, 59) or (
        last.time() == time() and last.date() == first.date() + _A_DAY
    )
    return first.time() == time() and ends


PHRASES: dict[str, Phrases] = {
    "en": Phrases(
        locale=Locale("en"),
        today="today",
        tomorrow="tomorrow",
        yesterday="yesterday",
        on_day="on {day}",
        tomorrow_in_full="tomorrow, {day},",
        window_form="{day} between {start} and {end}",
        span_form="between {start} and {end}",
        all_day="all day",
        until_today="until {time} today",
        until_tomorrow="until tomorrow",
        until_day="until {day}",
        days_left=" ({count} days left)",
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
        span_form="entre {start} et {end}",
        all_day="la journée",
        until_today="jusqu'à {time} aujourd'hui",
        until_tomorrow="jusqu'à demain",
        until_day="jusqu'au {day}",
        days_left=" (encore {count} jours)",
        hour="{hour} h",
        hour_and_minute="{hour} h {minute:02}",
        first_of_month="EEEE d'er' MMMM",
    ),
    "es": Phrases(
        locale=Locale("es"),
        today="hoy",
        tomorrow="mañana",
        yesterday="ayer",
        on_day="el {day}",
        tomorrow_in_full="mañana, {day},",
        window_form="{day} entre las {start} y las {end}",
        span_form="entre el {start} y el {end}",
        all_day="todo el día",
        until_today="hasta las {time} de hoy",
        until_tomorrow="hasta mañana",
        until_day="hasta el {day}",
        days_left=" (quedan {count} días)",
        hour="{hour}:00",
        hour_and_minute="{hour}:{minute:02}",
        long_day="EEEE d 'de' MMMM",
    ),
    "de": Phrases(
        locale=Locale("de"),
        today="heute",
        tomorrow="morgen",
        yesterday="gestern",
        on_day="am {day}",
        tomorrow_in_full="morgen ({day})",
        window_form="{day} zwischen {start} und {end} Uhr",
        span_form="zwischen {start} und {end}",
        all_day="ganztags",
        until_today="bis heute {time}",
        until_tomorrow="bis morgen",
        until_day="bis {day}",
        days_left=" (noch {count} Tage)",
        hour="{hour}",
        hour_and_minute="{hour}:{minute:02}",
        oclock=" Uhr",
        slot_hour="{hour}:{minute:02}",
        long_day="EEEE, d. MMMM",
        short_day="ccc d.",
    ),
    "pt": Phrases(
        locale=Locale("pt"),
        today="hoje",
        tomorrow="amanhã",
        yesterday="ontem",
        on_day="{day}",
        tomorrow_in_full="amanhã ({day})",
        window_form="{day} entre {start} e {end}",
        span_form="entre {start} e {end}",
        all_day="o dia todo",
        until_today="até as {time} de hoje",
        until_tomorrow="até amanhã",
        until_day="até {day}",
        days_left=" (faltam {count} dias)",
        hour="{hour}h",
        hour_and_minute="{hour}h{minute:02}",
        long_day="EEEE, d 'de' MMMM",
        first_of_month="EEEE, d'º' 'de' MMMM",
    ),
    "it": Phrases(
        locale=Locale("it"),
        today="oggi",
        tomorrow="domani",
        yesterday="ieri",
        on_day="{day}",
        tomorrow_in_full="domani, {day},",
        window_form="{day} tra le {start} e le {end}",
        span_form="tra {start} e {end}",
        all_day="in giornata",
        until_today="fino alle {time} di oggi",
        until_tomorrow="fino a domani",
        until_day="fino a {day}",
        days_left=" (ancora {count} giorni)",
        hour="{hour}:00",
        hour_and_minute="{hour}:{minute:02}",
    ),
    "hi": Phrases(
        locale=Locale("hi"),
        today="आज",
        tomorrow="कल",
        yesterday="कल",
        on_day="{day} को",
        tomorrow_in_full="कल ({day})",
        window_form="{day} {start} से {end} बजे के बीच",
        span_form="{start} से {end} के बीच",
        all_day="पूरे दिन",
        until_today="आज {time} तक",
        until_tomorrow="कल तक",
        until_day="{day} तक",
        days_left=" ({count} दिन बाकी)",
        hour="{part} {twelve}",
        hour_and_minute="{part} {twelve}:{minute:02}",
        oclock=" बजे",
        slot_hour="{hour}:{minute:02}",
        after_short_day="",
        long_day="EEEE, d MMMM",
        parts=((4, "सुबह"), (12, "दोपहर"), (16, "शाम"), (20, "रात")),
    ),
    "hi-Latn": Phrases(
        locale=Locale("en", "IN"),
        today="aaj",
        tomorrow="kal",
        yesterday="kal",
        on_day="{day} ko",
        tomorrow_in_full="kal ({day})",
        window_form="{day} {start} se {end} baje ke beech",
        span_form="{start} se {end} ke beech",
        all_day="poore din",
        until_today="aaj {time} tak",
        until_tomorrow="kal tak",
        until_day="{day} tak",
        days_left=" ({count} din baaki)",
        hour="{part} {twelve}",
        hour_and_minute="{part} {twelve}:{minute:02}",
        oclock=" baje",
        slot_hour="{hour}:{minute:02}",
        parts=((4, "subah"), (12, "dopahar"), (16, "shaam"), (20, "raat")),
    ),
}
