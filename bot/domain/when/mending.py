"""Misspelt words of time: which known word one is a slip or two away from."""

from collections.abc import Iterable

_SHORTEST = 5
_LONG = 8
"""From this length on two slips are forgiven."""


class Speller:
    """Finds the known word that a misspelt one stands for.

    Words are found by what is left of them when a letter or two go missing, so that a message
    is not compared with every word there is.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._by_rest: dict[str, list[str]] = {}
        for word in known:
            if len(word) >= _SHORTEST:
                for rest in _rests(word, _allowed(word)):
                    self._by_rest.setdefault(rest, []).append(word)

    def mend(self, word: str, rests: dict[str, frozenset[str]]) -> str | None:
        """The nearest known word with the same first letter, if it is near enough.

        `rests` keeps what was worked out for a message's other languages.
        """
        if not _SHORTEST - 1 <= len(word) <= 20:
            return None
        if word not in rests:
            rests[word] = frozenset(_rests(word, 1 if len(word) < _LONG - 1 else 2))
        near = {
            known
            for rest in rests[word] & self._by_rest.keys()
            for known in self._by_rest[rest]
            if known[0] == word[0]
        }
        scored = sorted((slips(word, known), known) for known in near)
        if not scored or scored[0][0] > _allowed(scored[0][1]):
            return None
        # A short word must lose or swap a letter, or be all but as long, to be told from another.
        return scored[0][1] if len(word) >= _SHORTEST or len(scored[0][1]) > len(word) else None


def _allowed(word: str) -> int:
    return 2 if len(word) >= _LONG else 1


def _rests(word: str, lost: int) -> set[str]:
    found = {word}
    layer = {word}
    for _ in range(lost):
        layer = {one[:i] + one[i + 1 :] for one in layer for i in range(len(one))}
        found |= layer
    return found


def slips(one: str, other: str) -> int:
    """The letters added, lost, changed or swapped between two words."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
