"""The choices that go with the question for a score, as many as a channel can show."""

import json
from collections.abc import Iterable
from typing import Any

from bot.channels.base import Capabilities
from bot.domain.survey import BANDS, BEST

type Choices = tuple[dict[str, Any], ...]

_KEYS = dict(zip(BANDS, ("low", "middle", "high"), strict=True))


def scale(capabilities: Capabilities) -> Choices:
    """The whole scale where it can be tapped, else its parts, else nothing: a number is typed.

    A mail gets none: its choices are links below each other, and eleven of them a wall.
    """
    most = max(capabilities.buttons, capabilities.list_rows)
    if capabilities.framed or most < len(BANDS):
        return ()
    return numbers(range(BEST + 1)) if most > BEST else bands()


def numbers(scores: Iterable[int]) -> Choices:
    """A choice for each score."""
    return tuple({**_choice(str(score)), "title": str(score)} for score in scores)


def bands() -> Choices:
    """A choice for each part of the scale."""
    return tuple({**_choice(band), "key": f"option_score_{_KEYS[band]}"} for band in BANDS)


def _choice(value: str) -> dict[str, Any]:
    return {
        "id": f"score_{value}",
        "title": None,
        "with": {},
        "payload": f"/inform{json.dumps({'choice': value})}",
        # "2" is then a score of two, and not the second choice.
        "numbers_mean_themselves": True,
    }
