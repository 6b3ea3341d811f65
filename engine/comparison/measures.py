"""How readers are measured: folds, calibration, F1 and curves. Plain numbers in, plain numbers out.

Needs nothing but the standard library, so that it is tested in the product's own Python as well.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence


def joined(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """The group of each of `count` things, where the things of a pair belong together.

    A group is named by its first member; what belongs together through a third does so too.
    """
    above = list(range(count))

    def top(thing: int) -> int:
        while above[thing] != thing:
            above[thing] = above[above[thing]]
            thing = above[thing]
        return thing

    for one, other in pairs:
        low, high = sorted((top(one), top(other)))
        above[high] = low
    return [top(thing) for thing in range(count)]


def split_in_folds(groups: Sequence[int], folds: int, seed: int) -> list[int]:
    """The fold of each thing: groups stay whole, folds are of nearly the same size."""
    members = Counter(groups)
    order = sorted(members)
    random.Random(seed).shuffle(order)  # noqa: S311  nothing secret about it
    # The big ones first, each into what is emptiest, so that the small ones even it out.
    order.sort(key=lambda group: -members[group])
    filled, home = [0] * folds, {}
    for group in order:
        home[group] = filled.index(min(filled))
        filled[home[group]] += members[group]
    return [home[group] for group in groups]


def accuracy(wanted: Sequence[object], read: Sequence[object]) -> float:
    """The share that was read rightly."""
    return sum(w == r for w, r in zip(wanted, read, strict=True)) / max(len(wanted), 1)


def macro_f1(wanted: Sequence[object], read: Sequence[object]) -> float:
    """The mean F1 over what was wanted at least once."""
    right, wants, reads = Counter[object](), Counter(wanted), Counter(read)
    right.update(w for w, r in zip(wanted, read, strict=True) if w == r)
    return sum(2 * right[w] / (wants[w] + reads[w]) for w in wants) / max(len(wants), 1)


def calibration_error(sure: Sequence[float], right: Sequence[bool], bins: int = 15) -> float:
    """ECE: how far confidence and accuracy lie apart, over equally wide bins of confidence."""
    confidence, hits, counts = [0.0] * bins, [0] * bins, [0] * bins
    for share, hit in zip(sure, right, strict=True):
        # A bin holds its upper end: a confidence of 1 belongs to the last one.
        place = min(max(-int(-share * bins // 1) - 1, 0), bins - 1)
        confidence[place] += share
        hits[place] += hit
        counts[place] += 1
    gaps = (abs(c - h) for c, h in zip(confidence, hits, strict=True))
    return sum(gaps) / max(sum(counts), 1)


def refusal_curve(
    values: Sequence[float],
    unrelated: Sequence[bool],
    read_unrelated: Sequence[bool],
    thresholds: Iterable[float],
) -> list[dict[str, float]]:
    """What not believing a reading under a threshold costs and saves.

    Args:
        values: what is held against the threshold: a confidence, a nearness.
        unrelated: whether a message is truly unrelated to deliveries.
        read_unrelated: whether its likeliest reading is that it is.
        thresholds: those to try.

    Returns:
        At each threshold the share of unrelated messages that are claimed all the same, and the
        share of related ones that are refused, be it as unrelated or as not understood.
    """
    cases = list(zip(values, unrelated, read_unrelated, strict=True))
    curve = []
    for at in thresholds:
        refused: dict[bool, list[bool]] = defaultdict(list)
        for value, truly, read in cases:
            refused[truly].append(read or value < at)
        curve.append(
            {
                "at": at,
                "claimed": 1 - _mean(refused[True]) if refused[True] else 0.0,
                "refused": _mean(refused[False]),
            }
        )
    return curve


def cascade_curve(
    sure: Sequence[float],
    quick_right: Sequence[bool],
    slow_right: Sequence[bool],
    thresholds: Iterable[float],
) -> list[dict[str, float]]:
    """The share of messages that go to the slow reader at each threshold, and the accuracy then."""
    cases = list(zip(sure, quick_right, slow_right, strict=True))
    return [
        {
            "at": at,
            "asked_twice": _mean([share < at for share, _, _ in cases]),
            "accuracy": _mean([slow if share < at else quick for share, quick, slow in cases]),
        }
        for at in thresholds
    ]


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -int(-percent / 100 * len(ordered) // 1)
    return ordered[max(rank, 1) - 1]


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / max(len(values), 1)
