"""What supervisors look at: the desk as it is, how days went, and who did what."""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.domain.case import Case
from bot.domain.rights import Right
from bot.services.inbox import Day
from bot.services.ports import UnitOfWork
from bot.web.console import sheet
from bot.web.console.access import USER
from bot.web.console.rights import needs
from bot.web.keys import APPLICATION
from bot.web.pages import guard, page

SHOWN_DAYS = 30
_TRAIL = 100
_SAMPLE = 10
_DRAWN_FROM = 2000


@needs(Right.lead)
async def board(request: web.Request) -> web.Response:
    """Waiting, oldest, late, per agent; then the last days; then settled cases to read again."""
    application, user = request.config_dict[APPLICATION], request[USER]
    now = application.clock.now()
    async with application.database.reading() as unit:
        merchant = await unit.merchants.get(user.merchant_id)
        since = _midnight(now, merchant.timezone) - timedelta(days=SHOWN_DAYS - 1)
        context = await sheet.context(request, unit) | {
            "board": await unit.inbox.board(merchant.id, now),
            "colleagues": await unit.cases.colleagues(merchant.id, now),
            "days": await unit.inbox.days(merchant.id, since, now, merchant.timezone),
            "sample": await _sample(unit, merchant.id, since),
        }
    return page(request, "console/board.html", context)


@needs(Right.lead)
async def history(request: web.Request) -> web.Response:
    """The last year, day by day, as CSV: durations in seconds."""
    application, user = request.config_dict[APPLICATION], request[USER]
    now = application.clock.now()
    async with application.database.reading() as unit:
        merchant = await unit.merchants.get(user.merchant_id)
        since = _midnight(now, merchant.timezone) - timedelta(days=365)
        days = await unit.inbox.days(merchant.id, since, now, merchant.timezone)
    response = web.Response(
        text=as_csv(days),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="history.csv"'},
    )
    guard(request, response)
    return response


@needs(Right.lead)
async def trail(request: web.Request) -> web.Response:
    """Who did what, the latest first; `before` goes on from an instant."""
    application, user = request.config_dict[APPLICATION], request[USER]
    async with application.database.reading() as unit:
        entries = await unit.inbox.trail(user.merchant_id, _before(request), _TRAIL)
        context = await sheet.context(request, unit) | {
            "entries": entries,
            "more": entries[-1][0].at.isoformat() if len(entries) == _TRAIL else "",
        }
    return page(request, "console/trail.html", context)


def as_csv(days: Sequence[Day]) -> str:
    """Days as a spreadsheet reads them."""
    out = io.StringIO()
    names = [field.name for field in fields(Day)]
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows({name: _cell(getattr(day, name)) for name in names} for day in days)
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    return round(value, 2) if isinstance(value, float) else value


async def _sample(unit: UnitOfWork, merchant_id: UUID, since: datetime) -> Sequence[Case]:
    """Some settled cases, drawn anew each time, for a second look at how they were handled."""
    settled = await unit.cases.settled_since(merchant_id, since, _DRAWN_FROM)
    return random.sample(settled, min(_SAMPLE, len(settled)))


def _midnight(now: datetime, zone: str) -> datetime:
    return now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)


def _before(request: web.Request) -> datetime | None:
    try:
        before = datetime.fromisoformat(request.query.get("before", ""))
    except ValueError:
        return None
    return before if before.tzinfo else None
