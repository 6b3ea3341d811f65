"""What customers thought of their deliveries: scores by what they hang on, and week by week."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from bot.domain.nps import Nps
from bot.domain.rights import Right
from bot.domain.survey import category
from bot.domain.topics import TOPICS
from bot.services.ports import UnitOfWork
from bot.services.score_report import Asked, report, write_csv
from bot.web.console import sheet
from bot.web.console.access import USER
from bot.web.console.rights import needs
from bot.web.keys import APPLICATION
from bot.web.pages import guard, page

GROUPS = ("carrier", "depot", "courier", "channel", "week", "topic")
PERIODS = (30, 90, 365)
_DEFAULT = 90
_COMMENTS = 20
WIDTH, HEIGHT = 640, 180
_EDGE = 40
_FULL = 200
"""From -100 to 100."""


@dataclass(frozen=True)
class Point:
    """A week on the drawing: where its score is, and its interval from `top` to `bottom`."""

    week: Nps
    x: float
    y: float
    top: float
    bottom: float


@needs(Right.lead)
async def scores(request: web.Request) -> web.Response:
    """The score, the weeks, a table by one thing, and the latest words of the unhappy."""
    by, days = _choice(request)
    async with request.config_dict[APPLICATION].database.reading() as unit:
        asked = await _asked(request, unit, days)
        context = await sheet.context(request, unit)
    unhappy = [
        one for one, _, _ in asked if one.comment and category(one.score or 0) == "detractor"
    ]
    context |= {
        "by": by,
        "days": days,
        "groups": GROUPS,
        "periods": PERIODS,
        "whole": next(iter(report(asked, "all")), None),
        "found": report(asked, by),
        "points": points([week for week in report(asked, "week") if week.answered]),
        "width": WIDTH,
        "height": HEIGHT,
        "unhappy": sorted(unhappy, key=lambda one: one.asked_at, reverse=True)[:_COMMENTS],
        "topics": TOPICS,
    }
    return page(request, "console/scores.html", context)


@needs(Right.lead)
async def export(request: web.Request) -> web.Response:
    """Every survey of the period as CSV."""
    _, days = _choice(request)
    async with request.config_dict[APPLICATION].database.reading() as unit:
        asked = await _asked(request, unit, days)
    out = io.StringIO()
    write_csv(asked, out)
    response = web.Response(
        text=out.getvalue(),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="scores.csv"'},
    )
    guard(request, response)
    return response


def points(weeks: Sequence[Nps]) -> list[Point]:
    """Where weeks stand in a drawing of `WIDTH` by `HEIGHT`."""
    step = (WIDTH - 2 * _EDGE) / max(len(weeks) - 1, 1)
    return [
        Point(
            week,
            round(_EDGE + place * step, 1),
            _down(week.score),
            _down(min(week.score + week.margin, 100)),
            _down(max(week.score - week.margin, -100)),
        )
        for place, week in enumerate(weeks)
    ]


def _down(score: float) -> float:
    return round(HEIGHT * (100 - score) / _FULL, 1)


def _choice(request: web.Request) -> tuple[str, int]:
    by, days = request.query.get("by", ""), request.query.get("days", "")
    known = {str(one): one for one in PERIODS}
    return by if by in GROUPS else GROUPS[0], known.get(days, _DEFAULT)


async def _asked(request: web.Request, unit: UnitOfWork, days: int) -> Sequence[Asked]:
    since = request.config_dict[APPLICATION].clock.now() - timedelta(days=days)
    return await unit.feedback.asked_since(request[USER].merchant_id, since)
