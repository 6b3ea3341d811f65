"""Tokens with their senses, and the rules that rewrite runs of them into larger ones."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple


class Clock(NamedTuple):
    """A time as it was said; `fixed` when morning or evening is not left to guess."""

    hour: int
    minute: int = 0
    fixed: bool = False

    @property
    def minutes(self) -> int:
        """Minutes since midnight."""
        return self.hour * 60 + self.minute


class Span(NamedTuple):
    """Minutes of a day; `shape` tells how it was said: point, range, after, before, part."""

    start: int
    end: int
    shape: str


class Days(NamedTuple):
    """Days that one expression may mean; `unnamed` when they are too many or too vague to list."""

    days: tuple[date, ...] = ()
    unnamed: bool = False
    gone: bool = False


Senses = Mapping[str, Any]
NOTHING: Senses = {}


@dataclass(frozen=True)
class Token:
    """A word or phrase, and what it can mean: kind -> value."""

    text: str
    senses: Senses = field(default_factory=lambda: NOTHING)

    def has(self, *kinds: str) -> bool:
        return any(kind in self.senses for kind in kinds)


class Found:
    """What a rule's pattern has matched."""

    def __init__(self, tokens: Sequence[Token], at: int, names: Mapping[str, tuple[str, Token]],
                 end: int) -> None:  # fmt: skip
        self._tokens, self._at, self._end = tokens, at, end
        self._names = names

    def value(self, name: str) -> Any:
        """The value of a named element, in the sense that matched; None when it is missing."""
        found = self._names.get(name)
        return found[1].senses[found[0]] if found else None

    def kind(self, name: str) -> str:
        """The kind by which a named element matched, or ""."""
        found = self._names.get(name)
        return found[0] if found else ""

    def token(self, name: str) -> Token | None:
        found = self._names.get(name)
        return found[1] if found else None

    def before(self, steps: int = 1) -> Token:
        """The token before the match, or an empty one."""
        at = self._at - steps
        return self._tokens[at] if at >= 0 else Token("")

    def after(self, steps: int = 1) -> Token:
        """The token after the match, or an empty one."""
        at = self._end + steps - 1
        return self._tokens[at] if at < len(self._tokens) else Token("")

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self._tokens[self._at : self._end])


class _Element(NamedTuple):
    kinds: tuple[str, ...]
    name: str
    optional: bool


Build = Callable[[Found], Iterable[Token] | None]
Rule = tuple[str, Build]


@cache
def _elements(pattern: str) -> tuple[_Element, ...]:
    """As in "a:num|one hour_mark?": kinds by |, a name before :, ? for what may be missing."""
    made: list[_Element] = []
    for word in pattern.split():
        name, colon, kinds = word.rstrip("?").rpartition(":")
        made.append(_Element(tuple(kinds.split("|")), name if colon else "", word.endswith("?")))
    return tuple(made)


@cache
def _starts(pattern: str) -> frozenset[str]:
    """The kinds that a match can begin with."""
    kinds: set[str] = set()
    for element in _elements(pattern):
        kinds.update(element.kinds)
        if not element.optional:
            break
    return frozenset(kinds)


def rewrite(tokens: Sequence[Token], rules: Sequence[Rule]) -> list[Token]:
    """The tokens with every run that a rule matches replaced by what it builds, left to right.

    Where several rules match, the first that builds something wins.
    """
    done: list[Token] = []
    at = 0
    while at < len(tokens):
        made = _first(tokens, at, rules) if tokens[at].senses else None
        if made is None:
            done.append(tokens[at])
            at += 1
        else:
            end, built = made
            done.extend(built)
            at = end
    return done


def _first(
    tokens: Sequence[Token], at: int, rules: Sequence[Rule]
) -> tuple[int, list[Token]] | None:
    senses = tokens[at].senses
    for pattern, build in rules:
        if _starts(pattern).isdisjoint(senses):
            continue
        for end, names in _matches(_elements(pattern), tokens, at, 0):
            built = build(Found(tokens, at, names, end)) if end > at else None
            if built is not None:
                return end, list(built)
    return None


def _matches(
    elements: tuple[_Element, ...], tokens: Sequence[Token], at: int, place: int
) -> Iterator[tuple[int, dict[str, tuple[str, Token]]]]:
    """Every way to match the elements from `place` on, the longest first."""
    if place == len(elements):
        yield at, {}
        return
    element = elements[place]
    if at < len(tokens):
        for kind in element.kinds:
            if kind in tokens[at].senses:
                for end, names in _matches(elements, tokens, at + 1, place + 1):
                    yield (
                        end,
                        {**names, element.name: (kind, tokens[at])} if element.name else names,
                    )
                break
    if element.optional:
        yield from _matches(elements, tokens, at, place + 1)
