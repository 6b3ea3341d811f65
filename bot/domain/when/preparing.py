"""Before the grammar: words that only fill are dropped, and numbers that are no time are put out."""

from collections.abc import Iterable

from bot.domain.when.language import HOURS_OF
from bot.domain.when.tokens import Found, Rule, Token, rewrite

_STREETS = ("strasse", "gasse", "platz", "allee", "weg", "ring", "damm", "ufer")
_TIMELY = (
    "num", "ord", "part", "clock", "next", "this", "coming", "last", "next_post", "day", "month",
    "date", "unit", "pre_minutes", "military", "pm", "am", "at_latest", "onwards",
)  # fmt: skip
_LEADING = ("on", "next", "this", "coming", "last", "or", "after", "before", "from", "between",
            "not", "day", "dash", "and")  # fmt: skip
_ASKED_AFTER = ("about", "noise", "clock", "num", "onwards", "pm", "am")
_JOINING = ("after", "before", "between", "from")
_PEOPLE = {"i", "we", "he", "she", "they", "it", "the", "in"}
_DEAD = "dead"


def prepare(tokens: Iterable[Token]) -> list[Token]:
    """The tokens as the grammar wants them."""
    kept = [token for token in tokens if set(token.senses) != {"noise"}]
    kept = rewrite(rewrite(kept, _NUMBERS), _PARTS)
    kept = rewrite(kept, _DEAD_NUMBERS)
    return _days_only_beside_time(_morning_or_tomorrow(kept))


def _dead(found: Found) -> list[Token]:
    return [Token(found.text, {_DEAD: True})]


def _numbered_thing(found: Found) -> list[Token] | None:
    last = found.token("last")
    return None if last is not None and last.has("month", "hour_mark") else _dead(found)


def _part_of(found: Found) -> list[Token] | None:
    """As in "4 of 5" counts; "4 of December" is a day."""
    # "Dal 15 al 18" is a stretch.
    link = found.token("of")
    joins = link is not None and link.has("to_the")
    # "El viernes 18 de 10 a 12" has hours.
    return None if joins or found.after().has("month", "unit", "to") else _dead(found)


def _counted(found: Found) -> list[Token] | None:
    """As in "1 to 10" is a scale, unless something says that hours are meant."""
    one, two = found.value("one"), found.value("two")
    timely = found.after().has(
        "hour_mark", "am", "pm", "between_post", "until_post", "part", "month", "unit"
    )
    return _dead(found) if one == 0 or (one == 1 and two in {5, 10} and not timely) else None


def _row(found: Found) -> list[Token] | None:
    """A phone number, not times."""
    return None if found.after().has("hour_mark", "month", "unit", "am", "pm") else _dead(found)


def _compound_words(found: Found) -> list[Token] | None:
    tens, unit = found.token("tens"), found.token("unit")
    if tens is None or unit is None or not tens.has("num"):
        return None
    value, rest = tens.senses["num"], found.value("unit")
    if value not in {20, 30, 40, 50} or not 1 <= rest <= 9:
        return None
    return [Token(found.text, {"ord" if unit.has("ord") else "num": value + rest})]


def _edge_of_part(found: Found) -> list[Token] | None:
    """As in "en fin de matinée": the later part of the morning."""
    token, part, edge = found.token("p"), found.value("p"), found.kind("e")
    if token is None or token.has("day", "clock"):
        return None
    narrower = {"edge_begin": f"early_{part}", "edge_end": f"late_{part}"}.get(edge, part)
    return [Token(found.text, {"part": narrower if narrower in HOURS_OF else part})]


_PARTS: tuple[Rule, ...] = (("e:edge_begin|edge_mid|edge_end of? the|art? p:part", _edge_of_part),)
_NUMBERS: tuple[Rule, ...] = (("tens:word and? unit:word", _compound_words),)


_DEAD_NUMBERS: tuple[Rule, ...] = (
    ("label label? n:digits or|dash|and? digits?", _dead),
    ("label n:ord", _dead),
    ("digits m:month street", _dead),
    # "Rue du 11 novembre" is where somebody lives.
    ("digits? street of|of_the|the? of|the? n:num|ord of? m:month n2:digits|dead?", _dead),
    ("digits dash? digits dash? digits dash? digits? digits? digits?", _row),
    ("one:num|ord to|or|dash|and two:num|ord last:thing", _numbered_thing),
    ("n:num|ord|one last:thing|street", _numbered_thing),
    ("one:num to|dash two:num", _counted),
    ("num of:of num", _part_of),
    ("num|ord|one of the", _part_of),
)


def _morning_or_tomorrow(tokens: list[Token]) -> list[Token]:
    """Of "morgen" and its like: after a day it is the morning, otherwise the day."""
    done: list[Token] = []
    for place, token in enumerate(tokens):
        if token.has("num") and token.has("weekday"):
            done.append(_number_or_day(token, done, tokens[place + 1 : place + 2]))
        elif token.has("day") and token.has("part"):
            after_a_day = bool(done) and done[-1].has("weekday", "day", "date", "ord", "month")
            dropped = "day" if after_a_day else "part"
            done.append(Token(token.text, {k: v for k, v in token.senses.items() if k != dropped}))
        else:
            done.append(token)
    return done


def _number_or_day(token: Token, before: list[Token], after: list[Token]) -> Token:
    """As "saat", which is seven, and Saturday for short."""
    counts = bool(after) and after[0].has("hour_mark", "unit", "hour_unit")
    if counts or (before and before[-1].has("pre_minutes")):
        return Token(token.text, {k: v for k, v in token.senses.items() if k in {"num", "word"}})
    return Token(token.text, {k: v for k, v in token.senses.items() if k not in {"num", "word"}})


def _days_only_beside_time(tokens: list[Token]) -> list[Token]:
    """As in "Sat" is a day beside a time or alone, not in "I sat in the hall"; streets take numbers."""
    done: list[Token] = []
    said = [token for token in tokens if not token.has("comma", "stop")]
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else Token("")
        after = tokens[place + 1] if place + 1 < len(tokens) else Token("")
        sure = set(token.senses) <= {"weekday", "weak"}
        hours = (
            sure
            and after.has(*_JOINING)
            and any(t.has("num", "clock") for t in tokens[place + 2 : place + 3])
        )
        joined = before.has("or", "and") and place > 1 and done[place - 2].has("weekday")
        # "Sat and waited" goes on without a word of time, "sat and sun" does not.
        beyond = tokens[place + 2] if place + 2 < len(tokens) else Token("")
        tells = after.has("and") and set(beyond.senses) <= {"told", "neutral"}
        is_day = hours or (sure and joined) or (not tells and _is_day(said, before, token, after))
        if token.has("weekday") and token.has("weak") and not is_day:
            rest = {k: v for k, v in token.senses.items() if k not in {"weekday", "weak"}}
            done.append(Token(token.text, rest))
        elif token.has("digits") and (
            _is_street(before.text, tokens[max(0, place - 3) : place])
            or _before_street(tokens[place + 1 : place + 4])
        ):
            done.append(Token(token.text, {_DEAD: True}))
        else:
            done.append(token)
    return done


def _is_day(said: list[Token], before: Token, token: Token, after: Token) -> bool:
    if after.has("thing", "street") or before.text in _PEOPLE:
        return False
    # "Segunda" is Monday, but not in "segunda via".
    if token.has("ordinal") or after.has("date_post"):
        return True
    if not set(token.senses) <= {"weekday", "weak"}:
        # "So" and "di" are smaller words far more often than they are days.
        return len(said) == 1 or after.has("num", "part", "date", "clock", "ord")
    sole = len(said) == 1 or (len(said) == 2 and before.has(*_LEADING) and not after.senses)
    # "How about wed?", "5pm onwards mon".
    ends = not after.text or after.has("stop", "comma", "noise")
    last = ends and before.has(*_ASKED_AFTER)
    # "Sat if poss", "Mon works".
    liked = not before.text and after.has("good", "break") and len(token.text) > 2
    if sole or last or liked or after.has(*_TIMELY) or before.has("part", "weekday"):
        return True
    # "Mi ab 14h", but not "so um fünf".
    if (
        set(token.senses) <= {"weekday", "weak"}
        and after.has("after", "before", "at", "between")
        and (not before.text or before.has("comma", "stop", *_LEADING))
    ):
        return True
    weekdays_meet = after.has("weekday") or (after.has("or", "and", "dash", "to", "comma"))
    return (before.has(*_LEADING) and not after.text) or (
        before.has(*_LEADING) and (bool(after.senses) or len(said) <= 4)
    ) or (weekdays_meet and not before.text)  # fmt: skip


def _before_street(following: list[Token]) -> bool:
    """As in "12 High Street": a name or two, then a kind of street."""
    for place, token in enumerate(following):
        if token.has("street"):
            return place > 0
        if token.senses:
            return False
    return False


def _is_street(before: str, nearby: list[Token]) -> bool:
    if before.endswith(_STREETS) and len(before) > 5:
        return True
    # "Calle Mayor 5": a label, a name or two, a number.
    names = [token for token in nearby[1:] if not token.senses]
    return bool(nearby) and len(names) == len(nearby) - 1 > 0 and nearby[0].has("label")
