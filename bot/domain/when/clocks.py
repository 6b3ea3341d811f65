"""The grammar of clock times: "half past six", "halb sieben", "las cinco y media", "5 baje"."""

from bot.domain.when.tokens import Clock, Found, Rule, Token, rewrite

_LEADS = ("at", "at_weak", "after", "before", "from", "between", "to", "about", "and", "until")
_SAID_MINUTES = {15, 20, 25, 30, 35, 40, 45, 50, 55}
_ROUND = {5, 10, 15, 20, 25}


def read_clocks(tokens: list[Token]) -> list[Token]:
    """The tokens with their clock times found."""
    return rewrite(rewrite(tokens, _RULES), _MORE)


def _token(found: Found, hour: int, minute: int = 0, *, fixed: bool = False) -> list[Token] | None:
    total = hour * 60 + minute
    if not 0 <= total <= 24 * 60:
        return None
    hour, minute = divmod(total, 60)
    return [Token(found.text, {"clock": Clock(hour, minute, fixed or hour > 12 or hour == 0)})]


def _hour(found: Found, name: str = "h") -> Clock | None:
    """An hour without minutes that a named element can be."""
    value, kind = found.value(name), found.kind(name)
    if kind == "clock":
        clock: Clock = value
        return None if clock.minute else clock
    number: int = 1 if kind == "one_hour" else value
    return Clock(number, 0, number > 12) if 1 <= number <= 24 else None


def _before_hour(found: Found) -> list[Token] | None:
    hour, minutes = _hour(found), found.value("m")
    if hour is None or (
        found.after().has("unit", "minute_unit", "hour_unit") and not found.after().has("hour_mark")
    ):
        return None
    back = 12 if minutes < 0 and hour.hour == 1 else 0
    return _token(found, hour.hour + back, minutes, fixed=hour.fixed)


def _minutes_past(found: Found) -> list[Token] | None:
    hour, minutes = _hour(found), found.value("n")
    return None if hour is None or minutes not in _ROUND else _token(found, hour.hour, minutes)


def _minutes_to(found: Found) -> list[Token] | None:
    hour, minutes, word = _hour(found), found.value("n"), found.token("to")
    # In English "five to seven" is as often a stretch of time.
    if hour is None or minutes not in _ROUND or (word and word.has("to") and minutes < 20):
        return None
    return _token(found, hour.hour + (12 if hour.hour == 1 else 0), -minutes)


def _minutes_by_half(found: Found) -> list[Token] | None:
    """As in "fünf nach halb vier"."""
    hour, minutes, half = _hour(found), found.value("n"), found.value("m")
    if hour is None or minutes not in _ROUND or abs(half) != 30:
        return None
    sign = 1 if found.kind("way") == "past_minutes" else -1
    return _token(found, hour.hour, half + sign * minutes)


def _hour_and_minutes(found: Found) -> list[Token] | None:
    hour, minutes = _hour(found), found.value("n")
    if hour is None or not 5 <= minutes < 60 or found.after().has("hour_mark", "unit", "thing"):
        return None
    joined = found.token("and") is not None
    return None if joined and minutes < 25 else _token(found, hour.hour, minutes, fixed=hour.fixed)


def _after_hour(found: Found) -> list[Token] | None:
    hour, minutes = _hour(found), found.value("m")
    return None if hour is None else _token(found, hour.hour, minutes, fixed=hour.fixed)


def _and_minutes(found: Found) -> list[Token] | None:
    """As in "A las cinco y veinte": minutes after an "and", unless it joins two hours."""
    hour, minutes = _hour(found), found.value("n")
    if hour is None or not found.before().has("at") or found.before().has("between"):
        return None
    joins_hours = found.before(2).has("between") or found.after().has("hour_mark", "part", "unit")
    if (
        joins_hours
        or minutes % 5
        or not 5 <= minutes < 60
        or (minutes < 13 and minutes < hour.hour)
    ):
        return None
    return _token(found, hour.hour, minutes)


def _less_minutes(found: Found) -> list[Token] | None:
    hour, minutes = _hour(found), found.value("n")
    return None if hour is None or minutes > 30 else _token(found, hour.hour, -minutes)


def _marked_hour(found: Found) -> list[Token] | None:
    hour, mark = _hour(found), found.token("mark")
    if hour is None:
        return None
    # "2 horas" is how long as often as when.
    timely = found.after().has("part", "days", "post_minutes") or found.before().has("days")
    lasting = mark is not None and mark.has("hour_unit") and hour.hour < 13 and not timely
    if lasting and not (
        found.before().has(*_LEADS) or (found.before(2).has(*_LEADS) and not found.before().text)
    ):
        return None
    return _token(found, hour.hour, fixed=hour.fixed)


def _half_of_day(found: Found) -> list[Token] | None:
    clock, minutes = found.value("h"), found.value("n") or 0
    made = clock if isinstance(clock, Clock) else Clock(clock, minutes)
    if made.fixed or not 1 <= made.hour <= 12 or minutes >= 60:
        return None
    late = found.kind("half") == "pm"
    return _token(found, made.hour % 12 + (12 if late else 0), made.minute, fixed=True)


def _spoken(found: Found) -> list[Token] | None:
    """As in "At three fifteen"."""
    hour, minutes = _hour(found), found.value("n")
    if (
        hour is None
        or minutes not in _SAID_MINUTES
        or not found.before().has("at", "about", "after", "before")
    ):
        return None
    if found.after().has("unit", "thing"):
        return None
    return _token(found, hour.hour, minutes)


def _ish(found: Found) -> list[Token] | None:
    clock = found.value("h")
    if isinstance(clock, Clock):
        return _token(found, clock.hour, clock.minute, fixed=clock.fixed)
    hour = _hour(found)
    return _token(found, hour.hour) if hour else None


def _military(found: Found) -> list[Token]:
    return [Token(found.text, {"clock": found.value("m")})]


def _one_o_clock(found: Found) -> list[Token] | None:
    """As in "At one", but not "at one of your shops"."""
    after, lead = found.after(), found.token("lead")
    if lead is None or (after.text and not after.senses) or after.has("of", "thing", "num"):
        return None
    made = _token(found, 1)
    return [lead, *made] if made else None


_HOURS = "h:num|clock|one_hour"
_RULES: tuple[Rule, ...] = (
    (f"m:pre_minutes at|art? {_HOURS} hour_mark?", _before_hour),
    ("half_one hour_mark", lambda found: _token(found, 1, 30)),
    ("half_two hour_mark", lambda found: _token(found, 2, 30)),
    (f"n:num way:past_minutes|to_minutes m:pre_minutes {_HOURS} hour_mark?", _minutes_by_half),
    (f"n:num past_minutes {_HOURS} hour_mark?", _minutes_past),
    (f"n:num to:to_minutes {_HOURS} hour_mark?", _minutes_to),
    (f"{_HOURS} hour_mark? m:post_minutes", _after_hour),
    ("h:num hour_mark and:plus_minutes? n:num minute_unit?", _hour_and_minutes),
    ("h:num plus_minutes n:num", _and_minutes),
    ("h:num minus n:num", _less_minutes),
    ("h:num hour_mark n:num? half:am|pm", _half_of_day),
    ("h:num n:num? half:am|pm", _half_of_day),
    ("h:clock half:am|pm", _half_of_day),
    ("h:num|one_hour mark:hour_mark hour_mark?", _marked_hour),
    ("h:clock hour_mark", _ish),
    ("m:military hour_mark", _military),
    ("h:num hourly", _ish),
    ("h:num n:num", _spoken),
    ("lead:at|after|before|from|about h:one_hour", _one_o_clock),
)


def _hourly(found: Found) -> list[Token] | None:
    token = found.token("h")
    return _token(found, token.senses["num"]) if token and 1 <= token.senses["num"] <= 24 else None


_MORE: tuple[Rule, ...] = (
    ("h:hourly", _hourly),
    ("h:clock ish", _ish),
    ("h:num ish", lambda found: _ish(found) if not found.after().has("unit", "thing") else None),
)
