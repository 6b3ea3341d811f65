"""The grammar of stretches of days: from one to another, after one, until one."""

from datetime import date, timedelta

from bot.domain.when.calendar import between
from bot.domain.when.tokens import Days, Found, Rule, Token, rewrite

AFTER_IT = ("after", "past", "apres", "passe", "nach", "despues", "tras", "luego", "depois", "apos",
            "dopo", "ke bad", "k bad", "bad", "के बाद", "बाद", "later")  # fmt: skip
BEFORE_IT = ("before", "b4", "prior", "avant", "vor", "noch vor", "antes", "prima", "se pehle",
             "pehle", "ke pehle", "se pahle", "से पहले", "पहले", "के पहले")  # fmt: skip
_LONGEST = 31
_OFFERED = 4


class StretchRules:
    """Rewrites "from Monday to Thursday", "before Friday" and the like."""

    def __init__(self, today: date, *, moves: bool) -> None:
        self._today = today
        # "Move it from Tuesday to Thursday" names one day, not three.
        self._moves = moves
        self._rules: tuple[Rule, ...] = (
            ("between on|the|art? a:days and|dash|to on|the|art? b:days between_post?", self._between),
            ("a:days and b:days between_post", self._between),
            ("from|from_the|of? on|the|art? a:days to|dash|to_the|from_post to? on|the|art? b:days until_post?", self._between),
            ("a:days on the|art? b:days", self._exchanged),
            ("x:after|from on|the? a:days at|about? c:clock", self._hour_of_day),
            ("x:before on|the? a:days at|about? c:clock", self._hour_of_day),
            ("after on|the|art? a:days", self._after),
            ("a:days x:after_post|onwards|from_post", self._after),
            ("x:before on|the|art? a:days", self._before),
            ("a:days x:before_post|until_post|at_latest", self._before),
        )  # fmt: skip

    def read(self, tokens: list[Token]) -> list[Token]:
        """The tokens with their stretches of days found."""
        return rewrite(tokens, self._rules)

    def _between(self, found: Found) -> list[Token] | None:
        first, last = _single(found, "a"), _single(found, "b")
        if last is None:
            return None
        if self._moves:
            return [Token(found.text, {"days": Days((last,))})]
        if first is None or not 0 < (last - first).days <= _LONGEST:
            return None
        return [Token(found.text, {"days": Days(tuple(between(first, last)))})]

    def _exchanged(self, found: Found) -> list[Token] | None:
        """As in "swap Monday for Tuesday"; without a word of moving it may be "four days for Tuesday"."""
        last = _single(found, "b")
        if not self._moves or last is None:
            return None
        return [Token(found.text, {"days": Days((last,))})]

    def _hour_of_day(self, found: Found) -> list[Token] | None:
        named, clock = found.token("a"), found.token("c")
        if named is None or clock is None or _single(found, "a") is None:
            return None
        return [named, Token(found.text, {found.kind("x"): True}), clock]

    def _after(self, found: Found) -> list[Token] | None:
        strictly = found.text.startswith(AFTER_IT) or found.kind("x") == "after_post"
        day, week = _single(found, "a"), _week(found, "a")
        if day is None and week:
            # "After the weekend" is from Monday on, "not before next week" from its first day.
            monday = week[0] + timedelta(days=7 - week[0].weekday())
            first = monday if strictly else week[0]
        elif day is not None:
            first = day + timedelta(days=1) if strictly else day
        else:
            return None
        if self._moves:
            return [Token(found.text)]
        return [
            Token(
                found.text,
                {
                    "days": Days(tuple(between(first, first + timedelta(days=_OFFERED)))),
                    "stretch": True,
                },
            )
        ]

    def _before(self, found: Found) -> list[Token] | None:
        day, word = _single(found, "a"), found.token("x")
        # "8pm latest, tomorrow", "Samstag spätestens 12": the word belongs to the hour.
        bounds_hour = found.before().has("clock") or found.after().has("clock", "num")
        if day is None or (word is not None and word.has("at_latest") and bounds_hour):
            return None
        strictly = found.text.startswith(BEFORE_IT) or found.kind("x") == "before_post"
        last = day - timedelta(days=1) if strictly else day
        later = tuple(between(day, day + timedelta(days=_OFFERED)))
        days = tuple(between(self._today + timedelta(days=1), min(last, day)))[-_LONGEST:]
        return [
            Token(
                found.text,
                {
                    "days": Days(days or (max(last, self._today),)),
                    "if_busy": Days(later),
                    "stretch": True,
                },
            )
        ]


def _week(found: Found, name: str) -> tuple[date, ...]:
    """The days of a week or a weekend that is named as a whole."""
    days: Days | None = found.value(name)
    token = found.token(name)
    return days.days if days and token and token.has("week") and not days.gone else ()


def _single(found: Found, name: str) -> date | None:
    days: Days | None = found.value(name)
    token = found.token(name)
    if days is None or token is None or days.gone or len(days.days) != 1 or token.has("week"):
        return None
    return days.days[0]
