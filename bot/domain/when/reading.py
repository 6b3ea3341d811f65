"""Days and hours out of plain words, in whichever of the languages they are."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.when.calendar import Almanac
from bot.domain.when.clocks import read_clocks
from bot.domain.when.days import DayRules
from bot.domain.when.folding import Piece, cut
from bot.domain.when.hours import Said, read_hours
from bot.domain.when.language import Language
from bot.domain.when.lexicon import Lexicon, Reading, lexicon
from bot.domain.when.preparing import prepare
from bot.domain.when.stretches import StretchRules
from bot.domain.when.tokens import Clock, Days, Found, Rule, Senses, Token, rewrite
from bot.domain.when.window import Wish
from bot.domain.when.wishing import make_wish
from bot.domain.when.words import LANGUAGES

_HINTED, _AT_HOME, _MIXED = 1.5, 0.4, 0.6


def read_wish(
    text: str,
    now: datetime,
    zone: ZoneInfo,
    country: str = "",
    *,
    language: str = "",
    about: date | None = None,
) -> Wish:
    """Read a day and hours out of a message.

    Args:
        text: what the customer wrote.
        now: the present (aware).
        zone: the recipient's zone, in which the words are meant.
        country: ISO 3166 alpha-2; in the US 11/12 is November, elsewhere December; both are
            possible where neither the country nor the language settles it.
        language: the conversation's language, if known; the words decide where they can.
        about: the day that is agreed or planned, from which "the day after" counts; without it
            such words are unclear, unless the message names a day before them.
    """
    pieces = cut(text)
    local = now.astimezone(zone)
    spoken, tokens = _best(pieces, country, language)
    almanac = Almanac(
        today=local.date(),
        country=country.upper(),
        day_first=spoken.code != "en",
        next_is_nearest=spoken.next_is_nearest,
    )
    ready = _exact(prepare(tokens), local)
    moves = any(token.has("move", "sooner") for token in ready)
    dated = DayRules(almanac).read(ready)
    clocked = read_clocks(dated)
    stretched = StretchRules(local.date(), moves=moves).read(clocked)
    return make_wish(read_hours(stretched), local, about)


def _best(pieces: list[Piece], country: str, hint: str) -> tuple[Language, list[Token]]:
    """The language that knows the words best, and the message in its tokens."""
    best: tuple[Lexicon, Reading] | None = None
    rests: dict[str, frozenset[str]] = {}
    for language in LANGUAGES:
        words = lexicon(language)
        reading = words.read(pieces, rests)
        score = reading.score + (_HINTED if _is_hinted(language, hint) else 0)
        # Where English is mixed in, English words are no evidence.
        score -= _MIXED if language.takes else 0
        score += _AT_HOME if country.upper() in language.countries else 0
        if best is None or score > best[1].score:
            best = words, Reading(reading.tokens, score)
    assert best is not None
    return best[0].language, _borrowed(best[0], best[1].tokens)


def _is_hinted(language: Language, hint: str) -> bool:
    wanted = hint.lower().replace("_", "-")
    if wanted in {"hi-latn", "hinglish"}:
        return language.code == "hinglish"
    return bool(wanted) and language.code in {wanted, wanted.partition("-")[0]}


def _borrowed(chosen: Lexicon, tokens: list[Token]) -> list[Token]:
    """Days in another language than the rest: "come mañana", "demain afternoon"."""
    return [
        Token(token.text, _all_days()[token.text])
        if not token.senses and token.text in _all_days() and not chosen.knows(token.text)
        else token
        for token in tokens
    ]


@cache
def _all_days() -> Mapping[str, Senses]:
    """Words that are the same day or part of one in every language that has them."""
    found: dict[str, Senses] = {}
    quarrelled: set[str] = set()
    for language in LANGUAGES:
        for word, senses in lexicon(language).strong.items():
            if found.setdefault(word, senses) != senses:
                quarrelled.add(word)
    return {word: senses for word, senses in found.items() if word not in quarrelled}


def _exact(tokens: list[Token], local: datetime) -> list[Token]:
    """As in "In two hours" is counted from now."""

    def ahead(found: Found) -> list[Token] | None:
        number = 1 if found.kind("n") == "one" else found.value("n")
        lead = found.token("lead")
        if not number or number > 24 * 60 or (lead is not None and lead.has("after")):
            return None
        unit = "hours" if found.kind("unit") == "hour_unit" else "minutes"
        return _moment(found, local.replace(tzinfo=None) + timedelta(**{unit: number}))

    def hours_ahead(found: Found) -> list[Token] | None:
        clock: Clock = found.value("c")
        lead = found.token("lead")
        if clock.fixed or lead is None or lead.has("after", "before", "at", "of", "on"):
            return None
        moment = local.replace(tzinfo=None) + timedelta(minutes=clock.minutes)
        return _moment(found, moment)

    def lasting(found: Found) -> list[Token]:
        return [Token(found.text)]

    rules: tuple[Rule, ...] = (
        ("ago_pre n:num|one unit:hour_unit|minute_unit", lasting),
        ("n:num|one unit:hour_unit|minute_unit ago_post", lasting),
        ("lead:ahead n:num|one unit:hour_unit|minute_unit", ahead),
        ("lead:ahead c:clock", hours_ahead),
        ("n:num|one unit:hour_unit|minute_unit ahead_post", ahead),
    )
    return rewrite(tokens, rules)


def _moment(found: Found, moment: datetime) -> list[Token]:
    said = Said("point", Clock(moment.hour, moment.minute, fixed=True))
    return [Token(found.text, {"days": Days((moment.date(),))}), Token(found.text, {"said": said})]
