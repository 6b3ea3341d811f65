"""Quantiles of what was observed."""

from collections.abc import Sequence


def quantile[Value](ordered: Sequence[Value], share: float) -> Value:
    """The nearest rank: one of the values, with as many beyond a share as beyond its mirror.

    Args:
        ordered: at least one value, in ascending order.
        share: 0 to 1; 0.1 leaves a tenth (rounded down) below, 0.9 as many above.
    """
    count = len(ordered)
    beyond = int(count * min(share, 1 - share) + 1e-9)
    if share == 0.5:
        return ordered[(count - 1) // 2]
    return ordered[beyond] if share < 0.5 else ordered[count - 1 - beyond]
