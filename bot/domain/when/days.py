"""The grammar of days: dates, weekdays, weeks, and days counted from others."""

from datetime import date, timedelta

from bot.domain.when.calendar import Almanac, between
from bot.domain.when.stretches import AFTER_IT, BEFORE_IT
from bot.domain.when.tokens import Days, Found, Rule, Token, rewrite

_WEEK, _MONTH = 7, 30
_MOSTLY_DATES = 11
_NOON = 12
_BESIDE = {*AFTER_IT, *BEFORE_IT} - {"later"}
_NEAR = 5
"""How many words may stand between "move" and "by two days"."""
_CLOCKLIKE = ("hour_mark", "am", "pm", "minute_unit", "hour_unit", "clock", "ish", "post_minutes",
              "onwards", "after_post", "until_post", "before_post")  # fmt: skip


def _token(found: Found, *days: date | None, **more: bool) -> list[Token] | None:
    """A token for the days that are real; None when there is none."""
    real = tuple(sorted({day for day in days if day is not None}))
    return [Token(found.text, {"days": Days(real), **more})] if real else None


def _vague(found: Found) -> list[Token]:
    return [Token(found.text, {"days": Days(unnamed=True)})]


def _gone(found: Found, *days: date) -> list[Token]:
    return [Token(found.text, {"days": Days(days, gone=True)})]


def _move_beside(found: Found) -> Token | None:
    """The word of moving that a length of time belongs to, if nothing but small words are between."""
    if found.after().has("move", "sooner"):
        return found.after()
    for steps in range(1, _NEAR + 1):
        word = found.before(steps)
        if word.has("move", "sooner"):
            return word
        if not word.text or word.has("comma", "stop", "break", "days", "num"):
            return None
    return None


def _day_follows(found: Found) -> bool:
    """Whether a day stands after the match, small words aside."""
    steps = 1
    while steps < 3 and found.after(steps).has("on", "the", "of", "art", "of_the"):
        if found.after(steps).has("month"):
            break
        steps += 1
    first, second = found.after(steps), found.after(steps + 1)
    if first.has("weekday", "date", "iso", "ord", "pointed", "day"):
        return True
    return first.has("num") and second.has("month", "date_post")


def _counted(found: Found) -> list[Token] | None:
    """As in "two days before Christmas", "the day after the 14th"."""
    base: Days = found.value("d")
    # "A day later, the 14th" is the 14th.
    lead = found.token("s")
    joined = found.token("x") or (lead and not _BESIDE.isdisjoint(lead.text.split()))
    if not joined or base.gone or len(base.days) != 1:
        return None
    return _token(found, base.days[0] + timedelta(days=found.value("s")))


_COUNTED: tuple[Rule, ...] = (("s:shift x:of|of_the|from_the? on|the|art? d:days", _counted),)


class DayRules:
    """Rewrites words of days into tokens of the kind "days"."""

    def __init__(self, almanac: Almanac) -> None:
        self._almanac = almanac
        week_day = "w:weekday comma? on|the? of|on|the|art? of|the|art?"
        lead = "w:weekday? comma? on|the|of? on|the|of?"
        self._rules: tuple[Rule, ...] = (
            (f"{lead} i:iso", self._iso),
            (f"{lead} d:num|ord of? of? m:month of|comma? y:year?", self._named_date),
            ("w:weekday? comma? on|the? m:month the? d:num|ord comma? y:year?", self._named_date),
            (f"{lead} n:date", self._numbered),
            ("w:weekday comma? on|the? n:dotted_date", self._numbered),
            ("on|the|to_the|from_the n:dotted_date", self._dotted),
            ("n:dotted_date", self._lone_dotted),
            ("from_the a:num x:to_the|to|dash the? b:num of? m:month?", self._date_range),
            ("on|the? a:num|ord or|and|dash on|the? b:num|ord of? of? m:month", self._two_dates),
            ("on|the a:num|ord or|and on|the? b:num|ord", self._two_numbers),
            ("w:weekday? comma? on|the? on|the? d:num|ord of? of? x:next|this unit:unit", self._of_month),
            ("on|the? on|the? d:num|ord of? of|art? unit:unit x:next_post", self._of_month),
            ("on|the? d:ord of the|art? unit:unit", self._of_month),
            ("x:next|this unit:unit of|on|the? of|on|the? d:num|ord date_post?", self._of_month),
            ("w:weekday comma? on|the? on|the d:num|ord|pointed", self._weekday_number),
            ("w:weekday comma? the? d:ord|pointed|num date_post?", self._weekday_number),
            (f"{week_day} x:next|this|coming|next_next unit:unit", self._in_week),
            (f"{week_day} unit:unit x:next_post|week_after", self._in_week),
            ("x:next|this|coming|next_next unit:unit comma? of|on|the|to? of|on|the|art? w:weekday", self._in_week),
            ("unit:unit x:next_post comma? of|on|the? of|on|the|art? w:weekday", self._in_week),
            ("x:dated d:num|ord|pointed", self._dated_number),
            ("x:easter", self._feast),
            ("vague_day", _vague),
            ("w:weekday x:week_after", self._week_on),
            ("w:weekday x:fortnight_after", self._fortnight_later),
            ("x:next_next w:weekday", self._week_later),
            ("w:weekday ahead n:one|num unit:unit", self._weeks_on),
            ("n:one|num? unit:unit of|on|from|after w:weekday", self._weeks_on),
            ("w:weekday unit:unit", self._weekday_week),
            ("n:one|num unit:unit of|on|from? d:day", self._weeks_from_day),
            ("d:day ahead n:one|num unit:unit", self._weeks_from_day),
            ("next_week", self._next_week),
            ("e:edge_begin|edge_mid|edge_end of|art|the? of|art|the? x:next|this|coming|last? unit:unit x2:next_post|last_post?",
             self._edge),
            ("e:edge_begin|edge_mid|edge_end of|art|the? m:month", _vague),
            ("last unit:unit of|of_the the|art? unit of m:month", self._last_day),
            ("last unit:unit of|of_the the|art? m:unit", self._last_day),
            ("last unit:unit of|of_the? the|art? m:month", self._last_day),
            ("x:ord|last unit:unit of? of|the? m:month", self._week_of_month),
            ("ord|last? week_of m:month", _vague),
            ("calendar_week n:num", self._calendar_week),
            ("week_of on|the|art? d:num|ord|pointed of? of? m:month?", self._week_of),
            ("x:next|this|coming|last weekend", self._weekend),
            ("weekend x:next_post|last_post?", self._weekend),
            ("later_week", self._this_week),
            ("weekdays", _vague),
            ("x:next|this|coming|last|next_next unit:unit", self._unit),
            ("unit:unit x:next_post|last_post|week_after", self._unit),
            ("this|coming? w:weekday or the|on|art|of_the? x:next|next_post", self._this_or_next),
            ("x:next|this|coming|last w:weekday x2:next_post?", self._weekday),
            ("w:weekday x:next_post|last_post", self._weekday),
            ("ahead few|couple? n:num or|dash|to|and m:num unit:unit ahead_post?", self._either_ahead),
            ("n:num or|dash|to m:num unit:unit ahead_post", self._either_ahead),
            ("ahead couple unit:unit", self._couple),
            ("couple unit:unit ahead_post", self._couple),
            ("ahead few unit:unit", _vague),
            ("few unit:unit ahead_post", _vague),
            ("n:num|one|few|couple unit:unit ago_post", self._ago),
            ("ago_pre n:num|one|few|couple unit:unit", self._ago),
            ("within n:num|one|few|couple unit:unit", self._within),
            ("within unit:unit", _vague),
            ("n:num|one unit:unit ahead_post", self._ahead),
            ("ahead n:num|one unit:unit", self._ahead),
            ("n:num|one unit:unit x:later_post|earlier_post of|the|on|art? w:weekday", self._from_weekday),
            ("n:num|one unit:unit x:later_post|earlier_post", self._shifted),
            ("n:num|one unit:unit x:after|before", self._from_a_day),
            ("n:num|one|couple unit:unit", self._moved_by),
            ("n:num|one|few|couple unit:unit", lambda found: [Token(found.text)]),
            ("s:shift of|the|art? w:weekday", self._from_weekday),
            ("s:shift x:of|of_the|from_the the|on? d:num|ord|pointed of? m:month?", self._from_date),
            ("s:shift", lambda found: [Token(found.text, {"shift": found.value("s")})]),
            ("last d:day", _gone),
            ("last p:part", _gone),
            ("p:part last_post", _gone),
            ("this p:part", self._this_part),
            ("p:part of_the d:num|ord|pointed", self._part_of_day),
            ("on|the d:ord date_post?", self._day_of_month),
            ("x:on|the d:num|pointed date_post?", self._day_of_month),
            ("d:num|ord post:date_post", self._day_of_month),
            ("the d:num date_post?", self._day_of_month),
            ("d:ord", self._lone_ordinal),
            ("of|ahead|this|next m:month", self._month),
            ("d:day", self._day),
            ("w:weekday", self._weekday),
        )  # fmt: skip

    def read(self, tokens: list[Token]) -> list[Token]:
        """The tokens with their days found."""
        return rewrite(rewrite(tokens, self._rules), _COUNTED)

    def _with_weekday(self, found: Found, *days: date | None) -> list[Token] | None:
        """A date and its weekday; where they disagree, either may be meant."""
        number = found.value("w")
        real = [day for day in days if day is not None]
        if number is None or not real or any(day.weekday() == number for day in real):
            matching = [day for day in real if number is None or day.weekday() == number]
            return _token(found, *matching)
        return _token(found, *real, self._almanac.weekday(number))

    def _iso(self, found: Found) -> list[Token] | None:
        year, month, day = found.value("i")
        return self._with_weekday(found, self._almanac.dated(day, month, year))

    def _named_date(self, found: Found) -> list[Token] | None:
        if found.after().has("hour_mark", "am", "pm") and not found.value("y"):
            last = found.token("m")
            if last is not None and found.text.endswith(last.text) is False:
                return None
        day = self._almanac.dated(found.value("d"), found.value("m"), found.value("y"))
        return self._with_weekday(found, day)

    def _numbered(self, found: Found) -> list[Token] | None:
        one, two, *year = found.value("n")
        if one > 31:
            return None
        return self._with_weekday(found, *self._almanac.numbered(one, two, *year[:1]))

    def _dotted(self, found: Found) -> list[Token] | None:
        return None if found.after().has("hour_mark", "am", "pm") else self._numbered(found)

    def _lone_dotted(self, found: Found) -> list[Token] | None:
        """As in "28.11", which is no hour; but not "version 1.03"."""
        before, itself = found.before(), found.token("n")
        named = (before.text and not before.senses) or before.has("label", "num", "told")
        return None if named or (itself and itself.has("clock")) else self._dotted(found)

    def _date_range(self, found: Found) -> list[Token] | None:
        one, two, month = found.value("a"), found.value("b"), found.value("m")
        first = found.token("a")
        dates = found.kind("x") == "to_the" or (first is not None and first.has("pointed"))
        if month is None and ((two <= 24 and not dates) or found.after().has(*_CLOCKLIKE)):
            return None
        almanac = self._almanac
        last = almanac.dated(two, month) if month else almanac.day_of_month(two)
        if last is None or not 0 < two - one < 31:
            return None
        return _token(found, *(last - timedelta(days=ago) for ago in range(two - one + 1)))

    def _two_dates(self, found: Found) -> list[Token] | None:
        month = found.value("m")
        return _token(found, *(self._almanac.dated(found.value(name), month) for name in "ab"))

    def _two_numbers(self, found: Found) -> list[Token] | None:
        if found.after().has(*_CLOCKLIKE, "thing", "unit", "part") or found.before().has("between"):
            return None
        if found.kind("a") == found.kind("b") == "num" and found.value("b") <= 12:
            return None
        return _token(found, *(self._almanac.day_of_month(found.value(name)) for name in "ab"))

    def _of_month(self, found: Found) -> list[Token] | None:
        if found.value("unit") != _MONTH:
            return None
        if not found.kind("x"):
            return self._with_weekday(found, self._almanac.day_of_month(found.value("d")))
        months = 0 if found.kind("x") == "this" else 1
        return self._with_weekday(found, self._almanac.day_of_month(found.value("d"), months))

    def _weekday_number(self, found: Found) -> list[Token] | None:
        number, day = found.value("w"), self._almanac.day_of_month(found.value("d"))
        gone = self._almanac.day_of_month(found.value("d"), 0)
        if gone and gone < self._almanac.today and gone.weekday() == number:
            # "Monday 14th", said on the 16th, is not next month's.
            return _gone(found, gone) if found.kind("d") in {"ord", "pointed"} else None
        if day is None or (found.after().has(*_CLOCKLIKE) and day.weekday() != number):
            return None
        after = found.after()
        joint = after.has("dash") or (after.has("to") and not after.has("at", "at_weak"))
        joined = joint and found.after(2).has("num", "clock")
        hours_follow = joined and not found.after(2).has("part")
        # "Lunedì 21 in mattinata" is no hour.
        part = found.after().has("part") and (day.weekday() != number or found.value("d") <= _NOON)
        if found.kind("d") != "ord" and (hours_follow or part or found.after().has(*_CLOCKLIKE)):
            return None
        if day.weekday() == number:
            return _token(found, day)
        sure = found.kind("d") in {"ord", "pointed"} or found.value("d") > 24
        return _token(found, day, self._almanac.weekday(number)) if sure else None

    def _in_week(self, found: Found) -> list[Token] | None:
        if found.value("unit") != _WEEK:
            return None
        weeks = {"this": 0, "coming": 1, "next_next": 2, "week_after": 2}.get(found.kind("x"), 1)
        day = self._almanac.in_week(found.value("w"), weeks)
        # "Not this week, Monday" is the Monday after it.
        apart = found.kind("x") == "this" and "," in found.text and day < self._almanac.today
        return None if apart else _token(found, day)

    def _week_on(self, found: Found) -> list[Token] | None:
        """As in "mercredi en huit"; said on that weekday, it is in a week."""
        if found.value("w") == self._almanac.today.weekday():
            return _token(found, self._almanac.ahead(_WEEK))
        return self._week_later(found)

    def _week_later(self, found: Found) -> list[Token] | None:
        return _token(found, self._almanac.weekday(found.value("w"), 1))

    def _fortnight_later(self, found: Found) -> list[Token] | None:
        return _token(found, self._almanac.weekday(found.value("w"), 2))

    def _weeks_on(self, found: Found) -> list[Token] | None:
        """As in "Dienstag in einer Woche", "a week on Tuesday"."""
        number = found.value("n")
        weeks = number if isinstance(number, int) and number is not True else 1
        if found.value("unit") != _WEEK or weeks > 8:
            return None
        if found.value("w") == self._almanac.today.weekday():
            return _token(found, self._almanac.ahead(weeks * _WEEK))
        return _token(found, self._almanac.weekday(found.value("w"), weeks))

    def _weeks_from_day(self, found: Found) -> list[Token] | None:
        """As in "two weeks today"."""
        number = 1 if found.kind("n") == "one" else found.value("n")
        days = number * found.value("unit")
        if days % _WEEK or found.value("d") < 0:
            return None
        return _token(found, self._almanac.ahead(found.value("d") + days))

    def _next_week(self, found: Found) -> list[Token]:
        return [
            Token(found.text, {"days": Days(self._almanac.week(1), unnamed=True), "week": True})
        ]

    def _weekday_week(self, found: Found) -> list[Token] | None:
        """As in "Tuesday week", as the British say."""
        unit = found.token("unit")
        if unit is None or unit.text != "week" or found.before().has("next", "this", "last"):
            return None
        if found.value("w") == self._almanac.today.weekday():
            # On a Tuesday, "Tuesday week" is a week from now to some, two to others.
            return _token(found, *(self._almanac.ahead(weeks * _WEEK) for weeks in (1, 2)))
        return self._week_later(found)

    def _edge(self, found: Found) -> list[Token] | None:
        kinds = {found.kind("x"), found.kind("x2")}
        if kinds & {"last", "last_post"}:
            return _gone(found)
        if found.value("unit") != _WEEK:
            return _vague(found) if found.value("unit") == _MONTH else None
        ahead = 1 if kinds & {"next", "next_post", "coming"} else 0
        first, last = {"edge_begin": (0, 1), "edge_mid": (2, 2), "edge_end": (3, 4)}[
            found.kind("e")
        ]
        if not ahead and self._almanac.today.weekday() >= last:
            # On a Wednesday the beginning of the week is the next one's.
            ahead = 1
        days = self._almanac.week(ahead, first, last)
        if found.kind("e") == "edge_mid":
            days = self._almanac.week(ahead, 1, 3)
        return [Token(found.text, {"days": Days(days, unnamed=len(days) == 1), "week": True})]

    def _weekend(self, found: Found) -> list[Token] | None:
        kind = found.kind("x")
        if kind in {"last", "last_post"}:
            return _gone(found)
        weeks = 1 if kind == "next" and not self._almanac.next_is_nearest else 0
        days = self._almanac.weekend(weeks)
        return [Token(found.text, {"days": Days(days, unnamed=True), "week": True})]

    def _this_week(self, found: Found) -> list[Token]:
        days = self._almanac.week(0)
        return [Token(found.text, {"days": Days(days, unnamed=True), "week": True})]

    def _unit(self, found: Found) -> list[Token] | None:
        kind, unit = found.kind("x"), found.value("unit")
        if kind in {"last", "last_post"}:
            return _gone(found)
        if unit == _WEEK:
            weeks = {"this": 0, "next_next": 2, "week_after": 2}.get(kind, 1)
            days = self._almanac.week(weeks)
            return [Token(found.text, {"days": Days(days, unnamed=True), "week": True})]
        if unit == _MONTH:
            return _vague(found)
        return [Token(found.text, {"shift": 1})] if kind in {"next", "next_post"} else None

    def _weekday(self, found: Found) -> list[Token] | None:
        number, kinds = found.value("w"), {found.kind("x"), found.kind("x2")}
        if kinds & {"last", "last_post"}:
            return _gone(found, self._almanac.last_weekday(number))
        if "next" in kinds:
            return _token(found, self._almanac.next_weekday(number), by_weekday=True)
        return _token(found, self._almanac.weekday(number), by_weekday=True)

    def _this_or_next(self, found: Found) -> list[Token] | None:
        """As in "this Friday or the next"."""
        if found.after().has("weekday", "unit", "part", "day", "weekend"):
            return None
        return _token(found, *(self._almanac.weekday(found.value("w"), weeks) for weeks in (0, 1)))

    def _couple(self, found: Found) -> list[Token] | None:
        return self._in_units(found, 2)

    def _in_units(self, found: Found, number: int) -> list[Token] | None:
        unit = found.value("unit")
        if unit == _MONTH:
            return _token(found, self._almanac.months_ahead(number))
        return _token(found, self._almanac.ahead(number * unit))

    def _ahead(self, found: Found) -> list[Token] | None:
        number = 1 if found.kind("n") == "one" else found.value("n")
        return self._in_units(found, number) if number else None

    def _either_ahead(self, found: Found) -> list[Token] | None:
        unit = found.value("unit")
        days = [
            self._almanac.ahead(number * unit) for number in (found.value("n"), found.value("m"))
        ]
        return _token(found, *days)

    def _ago(self, found: Found) -> list[Token]:
        if found.kind("n") in {"few", "couple"}:
            return _gone(found)
        number = 1 if found.kind("n") == "one" else found.value("n")
        day = self._almanac.ahead(-number * found.value("unit"))
        return _gone(found, *([day] if day and number else []))

    def _shifted(self, found: Found) -> list[Token] | None:
        number = 1 if found.kind("n") == "one" else found.value("n")
        sign = -1 if found.kind("x") == "earlier_post" else 1
        return [Token(found.text, {"shift": sign * number * found.value("unit")})]

    def _moved_by(self, found: Found) -> list[Token] | None:
        """As in "push it back a day": from the day that stands."""
        move = _move_beside(found)
        if move is None:
            return None
        number = {"one": 1, "couple": 2}.get(found.kind("n")) or found.value("n")
        sign = -1 if move.has("sooner") else 1
        return [Token(found.text, {"shift": sign * number * found.value("unit")})]

    def _from_date(self, found: Found) -> list[Token] | None:
        """As in "le lendemain du 14"."""
        if found.after().has(*_CLOCKLIKE, "thing", "unit"):
            return None
        number, month, almanac = found.value("d"), found.value("m"), self._almanac
        day = almanac.dated(number, month) if month else almanac.day_of_month(number)
        return _token(found, day + timedelta(days=found.value("s"))) if day else None

    def _from_a_day(self, found: Found) -> list[Token] | None:
        """As in "zwei Tage vor Heiligabend", if a day is what follows."""
        if not _day_follows(found):
            return None
        number = 1 if found.kind("n") == "one" else found.value("n")
        sign = -1 if found.kind("x") == "before" else 1
        return [Token(found.text, {"shift": sign * number * found.value("unit")})]

    def _within(self, found: Found) -> list[Token] | None:
        """As in "within three days": any of them."""
        number = {"one": 1, "couple": 2, "few": 3}.get(found.kind("n")) or found.value("n")
        last = self._almanac.ahead(number * found.value("unit"))
        if last is None or found.value("unit") == _MONTH:
            return _vague(found)
        days = between(self._almanac.today + timedelta(days=1), last)
        return [Token(found.text, {"days": Days(tuple(days), unnamed=True)})]

    def _week_of_month(self, found: Found) -> list[Token] | None:
        """As in "the first week of January"; "the third day" of it is too vague as well."""
        return _vague(found) if found.value("unit") in {1, _WEEK} else None

    def _last_day(self, found: Found) -> list[Token] | None:
        """As in "el último día del mes"."""
        unit, month = found.value("unit"), found.value("m")
        if unit != 1 or (found.kind("m") == "unit" and month != _MONTH):
            return None
        number = month if found.kind("m") == "month" else self._almanac.today.month
        following = self._almanac.dated(1, number % 12 + 1)
        return _token(found, following - timedelta(days=1)) if following else None

    def _dated_number(self, found: Found) -> list[Token] | None:
        """As in "à partir du 15", where the article tells a day from an hour."""
        lead, number, after = found.token("x"), found.value("d"), found.after()
        clocklike = set(_CLOCKLIKE) - {"onwards", "after_post"}
        if lead is None or after.has(*clocklike, "thing", "unit", "month", "num", "dead", "label"):
            return None
        # "Nach dem 2. Klingeln" counts.
        if number < _MOSTLY_DATES and after.text and not after.senses:
            return None
        day = self._almanac.day_of_month(number)
        return [lead, Token(found.text, {"days": Days((day,))})] if day else None

    def _feast(self, found: Found) -> list[Token] | None:
        """As in "lundi de Pâques", so many days from Easter Sunday."""
        return _token(found, self._almanac.from_easter(found.value("x")))

    def _calendar_week(self, found: Found) -> list[Token] | None:
        """As in "KW 51": this year's, or the next year's where this one's is over."""
        number, today = found.value("n"), self._almanac.today
        for year in (today.isocalendar().year, today.isocalendar().year + 1):
            if not 1 <= number <= date(year, 12, 28).isocalendar().week:
                continue
            week = [date.fromisocalendar(year, number, weekday) for weekday in range(1, 6)]
            ahead = tuple(day for day in week if day > today)
            if ahead:
                return [Token(found.text, {"days": Days(ahead, unnamed=True), "week": True})]
        return None

    def _week_of(self, found: Found) -> list[Token] | None:
        """As in "week commencing the 14th"."""
        month, number = found.value("m"), found.value("d")
        almanac = self._almanac
        first = almanac.dated(number, month) if month else almanac.day_of_month(number)
        if first is None:
            return None
        week = range(max(5 - first.weekday(), 1))
        days = tuple(first + timedelta(days=ahead) for ahead in week)
        return [Token(found.text, {"days": Days(days, unnamed=True), "week": True})]

    def _from_weekday(self, found: Found) -> list[Token] | None:
        """As in "Two days after Friday", "the day before Friday"."""
        base = self._almanac.weekday(found.value("w"))
        if found.value("s") is not None:
            return _token(found, base + timedelta(days=found.value("s")))
        number = 1 if found.kind("n") == "one" else found.value("n")
        sign = -1 if found.kind("x") == "earlier_post" else 1
        days = sign * number * found.value("unit")
        return _token(found, base + timedelta(days=days)) if abs(days) < 366 else None

    def _this_part(self, found: Found) -> list[Token] | None:
        part = found.token("p")
        if part is None or part.has("clock"):
            return None
        return [Token(found.text, {"days": Days((self._almanac.today,))}), part]

    def _part_of_day(self, found: Found) -> list[Token] | None:
        """As in "la tarde del 3"."""
        part, made = found.token("p"), self._day_of_month(found)
        return [part, *made] if part and made else None

    def _day_of_month(self, found: Found) -> list[Token] | None:
        named = found.token("post")
        sure = found.kind("d") == "ord" or (named is not None and named.has("the"))
        if found.after().has(*_CLOCKLIKE, "thing", "of", "num", "dash") and not sure:
            return None
        if found.kind("d") == "ord" and found.after().has("thing", "unit"):
            return None
        lead = found.token("x")
        # "Au 3" is a floor or a house as often as a day.
        if found.kind("d") == "num" and lead and not lead.has("the") and found.value("d") <= 12:
            return None
        return _token(found, self._almanac.day_of_month(found.value("d")))

    def _lone_ordinal(self, found: Found) -> list[Token] | None:
        """As in "4th": only where nothing else is numbered by it."""
        after, before = found.after(), found.before()
        named = (after.text and not after.senses) or after.has(
            "thing", "unit", "of", "label", "num"
        )
        words = found.token("d")
        if named or (before.text and not before.senses):
            return None
        # "Third" counts more often than it dates; "thirteenth" does not.
        if words and words.has("word") and (found.value("d") < _MOSTLY_DATES or before.text):
            return None
        return None if before.has("label", "num", "art") else self._day_of_month(found)

    def _month(self, found: Found) -> list[Token] | None:
        name = found.before()
        if name.text and not name.senses and found.before(2).has("street"):
            return None
        month = found.token("m")
        # "Après sept heures" is no September.
        if found.after().has("hour_mark"):
            return None
        return (
            None if month is None or (month.has("weak") and len(month.text) < 5) else _vague(found)
        )

    def _day(self, found: Found) -> list[Token] | None:
        offset: int = found.value("d")
        if offset < 0:
            return _gone(found, self._almanac.today + timedelta(days=offset))
        day = found.token("d")
        both = {"looks_back": True} if day and day.has("looks_back") else {}
        return _token(found, self._almanac.today + timedelta(days=offset), **both)
