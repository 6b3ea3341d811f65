"""A language's words made ready for look-up, and messages turned into tokens with them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from bot.domain.when.folding import Piece, words
from bot.domain.when.language import Language
from bot.domain.when.mending import Speller
from bot.domain.when.pieces import meaning
from bot.domain.when.tokens import Clock, Senses, Token

_STRONG = {"weekday", "day", "part", "hour_mark"}
_KNOWN = {"month", "unit", "shift", "weekend", "pre_minutes", "post_minutes"}
_LONGEST_PHRASE = 7
Mend = Callable[[str], str | None]


class Reading(NamedTuple):
    """A message in one language's tokens, and how well that language knows its words."""

    tokens: list[Token]
    score: float


class Lexicon:
    """Phrases of one language by their first word, the longest first."""

    def __init__(self, language: Language) -> None:
        self.language = language
        # "Free" is not a spelling of "fri", where English is mixed in.
        self._as_written = {
            word
            for one in language.takes
            for phrase in one.common.split(",")
            for word in words(phrase)
        }
        self._phrases: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for taken in language.takes:
            self._add(taken)
        self._add(language)
        known = {phrase[0] for phrase in self._phrases if len(phrase) == 1}
        self._starts = {phrase[:1] for phrase in self._phrases if len(phrase) > 1}
        self._inner = {word for phrase in self._phrases for word in phrase}
        self._common = {
            self._sound(word)
            for one in (language, *language.takes)
            for phrase in one.common.split(",")
            for word in words(phrase)
        }
        self._speller = Speller(
            word for word in known - self._common if self._is_worth_mending(word)
        )

    @property
    def strong(self) -> Mapping[str, Senses]:
        """Single words that can only be days or parts of one."""
        return {
            phrase[0]: senses[0]
            for phrase, senses in self._phrases.items()
            if len(phrase) == 1 and len(senses) == 1 and len(phrase[0]) > 4
            and set(senses[0]) <= {"weekday", "day", "part"}
        }  # fmt: skip

    def knows(self, word: str) -> bool:
        """Whether it is a word of this language, of time or not."""
        sound = self._sound(word)
        return sound in self._common or sound in self._inner

    def read(self, pieces: list[Piece], rests: dict[str, frozenset[str]]) -> Reading:
        """Turn pieces into tokens; unknown words become tokens without a sense.

        `rests` is kept from one language to the next (see `Speller`).
        """
        mended: dict[str, str | None] = {}

        def mend(word: str) -> str | None:
            if word not in mended:
                mended[word] = self._speller.mend(word, rests)
            return mended[word]

        texts = [self._sound(piece.text) for piece in pieces]
        tokens: list[Token] = []
        score, at = 0.0, 0
        while at < len(pieces):
            length, senses, worth = self._longest(pieces, texts, at, mend)
            text = " ".join(piece.text for piece in pieces[at : at + length])
            if text == "." and tokens and _is_abbreviated(tokens[-1]):
                at += 1
                continue
            tokens.extend(Token(text, sense) for sense in senses)
            score += worth
            at += length
        return Reading(tokens, score)

    def _longest(
        self, pieces: list[Piece], texts: list[str], at: int, mend: Mend
    ) -> tuple[int, list[dict[str, Any]], float]:
        """Pieces used, their senses, and what they say for this language."""
        if pieces[at].kind not in {"word", "mixed", "number", "clock", "ordinal", "point"}:
            return 1, [meaning(pieces[at])], 0
        longest = _LONGEST_PHRASE if (texts[at],) in self._starts else 1
        for length in range(min(longest, len(pieces) - at), 0, -1):
            senses = self._phrases.get(tuple(texts[at : at + length]))
            if senses is not None:
                return length, senses, _worth(senses, length)
        if pieces[at].kind in {"ordinal", "point"}:
            return 1, [meaning(pieces[at])], 0
        return 1, *self._single(pieces[at], texts[at], mend)

    def _single(self, piece: Piece, text: str, mend: Mend) -> tuple[list[dict[str, Any]], float]:
        if piece.kind != "word":
            return [*self._apart(piece)], 0
        if text in self._common:
            return [{}], 0.6
        if text in self._inner:
            return [{}], 0.3
        mended = mend(text)
        if mended is not None:
            return self._phrases[mended,], _worth(self._phrases[mended,], 1) / 2
        return [{}], 0

    def _apart(self, piece: Piece) -> Iterator[dict[str, Any]]:
        """A number that is written together with its word: "17uhr", "28nov"."""
        digits = piece.text.rstrip("abcdefghijklmnopqrstuvwxyz")
        word = self._sound(piece.text[len(digits) :])
        senses = self._phrases.get((word,)) if piece.kind == "mixed" else None
        if senses and digits.isdecimal() and len(digits) < 3 and len(senses) == 1:
            yield meaning(Piece("number", digits))
            yield senses[0]
        else:
            yield meaning(piece)

    def _is_worth_mending(self, word: str) -> bool:
        senses = self._phrases[word,]
        return len(senses) > 1 or (
            bool(set(senses[0]) & {"weekday", "day", "part", "month"}) and ("weak" not in senses[0])
        )

    def _sound(self, word: str) -> str:
        if word in self._as_written:
            return word
        for written, heard in self.language.sounds:
            word = word.replace(written, heard)
        return word

    def _add(self, language: Language) -> None:
        for phrase, senses in _entries(language):
            key = tuple(self._sound(word) for word in words(phrase))
            if not key:
                continue
            there = self._phrases.get(key)
            if there is None or len(senses) > 1:
                self._phrases[key] = [dict(sense) for sense in senses]
            elif len(there) == 1:
                there[0].update(senses[0])


def _is_abbreviated(token: Token) -> bool:
    """Whether the full stop after it ends no sentence: "zw. 8 und 10", "Do. 26.11."."""
    if len(token.text) <= 2 and token.has("and"):
        return True
    return len(token.text) <= 5 and token.has("weekday", "month", "between", "about", "hour_mark")


def _worth(senses: Iterable[Senses], length: int) -> float:
    kinds = {kind for sense in senses for kind in sense}
    if (kinds & _STRONG and "weak" not in kinds) or kinds & {"neutral", "another_day"}:
        return 1.6 + 0.8 * length
    return (1.2 if kinds & _KNOWN else 0.8) * (1 + 0.8 * (length - 1))


def _entries(language: Language) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every phrase of a language with its senses, one for each token that it stands for."""
    for kind, several, weak in (
        ("weekday", language.weekdays, False),
        ("weekday", language.short_weekdays, True),
        ("ordinal", language.weak_weekdays, True),
        ("month", ("", *language.months), False),
        ("month", ("", *language.short_months), True),
    ):
        for number, names in enumerate(several):
            sense: dict[str, Any] = {kind: number, "weak": True} if weak else {kind: number}
            if kind == "ordinal":
                sense["weekday"] = number
            yield from ((name, [sense]) for name in _split(names))
    for kind, table in (
        ("day", language.days),
        ("num", language.numbers),
        ("ord", language.ordinals),
        ("unit", language.units),
        ("shift", language.shifts),
        ("pre_minutes", language.before_hour),
        ("post_minutes", language.after_hour),
    ):
        for value, names in table.items():
            extra = {"word": value} if kind in {"num", "ord"} else {}
            yield from ((name, [{kind: value, **extra}]) for name in _split(names))
    for part, names in language.parts.items():
        yield from ((name, [_part(part)]) for name in _split(names))
    for mark, names in language.marks.items():
        yield from ((name, [_mark(mark)]) for name in _split(names))
    for (day, part), names in language.day_parts.items():
        yield from ((name, [{"day": day}, _part(part)]) for name in _split(names))
    for kinds, names in language.phrases.items():
        senses = [_sense(kind) for kind in kinds.split()]
        yield from ((name, senses) for name in _split(names))


def _split(names: str) -> Iterator[str]:
    return (name.strip() for name in names.split(",") if name.strip())


def _part(name: str) -> dict[str, Any]:
    # Noon is an hour as well: "between noon and three".
    return {"part": name, "clock": Clock(12, 0, fixed=True)} if name == "noon" else {"part": name}


def _mark(kind: str) -> dict[str, Any]:
    if kind == "noon":
        return _part("noon")
    if kind == "clock":
        return {"clock": Clock(12, 0, fixed=True)}
    if kind == "midnight":
        return {"clock": Clock(24, 0, fixed=True)}
    return {kind: True}


def _sense(written: str) -> dict[str, Any]:
    kind, colon, value = written.partition(":")
    if kind == "part":
        return _part(value)
    return {kind: int(value)} if colon else _mark(kind)


@cache
def lexicon(language: Language) -> Lexicon:
    """A language's lexicon, made once."""
    return Lexicon(language)
