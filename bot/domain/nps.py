"""The Net Promoter Score with its interval: share of promoters less share of detractors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from bot.domain.survey import category

_ADDED = 3


@dataclass(frozen=True)
class Nps:
    """The score of some answers, -100 to 100, and half the width of its 95 % interval.

    The variance is that of a variable that is 1 for a promoter, 0 for a passive and -1 for a
    detractor, in an adjusted Wald interval (Rocks 2016, "Interval estimation for the net promoter
    score", compares such): three answers are added, half of them passive, so that a few that agree
    do not look certain.
    """

    name: str
    asked: int
    answered: int
    promoters: int
    detractors: int

    @property
    def score(self) -> float:
        return 100 * (self.promoters - self.detractors) / self.answered if self.answered else 0.0

    @property
    def rate(self) -> float:
        """The share of those asked who gave a score."""
        return self.answered / self.asked if self.asked else 0.0

    @property
    def margin(self) -> float:
        if not self.answered:
            return 100.0
        count = self.answered + _ADDED
        up, down = (self.promoters + _ADDED / 4) / count, (self.detractors + _ADDED / 4) / count
        variance = up + down - (up - down) ** 2
        return 100 * 1.96 * sqrt(variance / count)


def nps_report(surveys: Iterable[tuple[str, int | None]]) -> list[Nps]:
    """By name, those with most answers first.

    Args:
        surveys: what each is counted under, and its score; None when it was not answered.
    """
    grouped: dict[str, list[int | None]] = {}
    for name, score in surveys:
        grouped.setdefault(name, []).append(score)
    found = [_nps(name, scores) for name, scores in grouped.items()]
    return sorted(found, key=lambda one: (-one.answered, one.name))


def _nps(name: str, scores: Sequence[int | None]) -> Nps:
    kinds = [category(score) for score in scores if score is not None]
    return Nps(name, len(scores), len(kinds), kinds.count("promoter"), kinds.count("detractor"))
