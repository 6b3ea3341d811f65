"""Attempts and their verdicts: the list, one bundle of evidence to print or send, the scorecard."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from aiohttp import web

from bot.domain.attempt import Attempt, scorecard
from bot.domain.errors import NotFound
from bot.domain.shipment import Shipment
from bot.web import csrf
from bot.web.console.access import USER
from bot.web.console.desk import basics
from bot.web.console.wording import WORDS
from bot.web.keys import APPLICATION
from bot.web.pages import page

SINCE = timedelta(days=90)
_SHOWN = 200
_BY = ("carrier", "depot", "courier")


async def show_all(request: web.Request) -> web.Response:
    """The latest attempts, the disputed ones first, and how carriers, depots and couriers do."""
    application, user = request.config_dict[APPLICATION], request[USER]
    now = application.clock.now()
    async with application.database.reading() as unit:
        merchant = await unit.merchants.get(user.merchant_id)
        recent = await unit.attempts.recent(user.merchant_id, now - SINCE, _SHOWN)
        cards = {
            by: scorecard(await unit.attempts.verdicts(user.merchant_id, by, now - SINCE))
            for by in _BY
        }
        zone = merchant.timezone
    context = {
        "recent": recent,
        "cards": {by: card for by, card in cards.items() if card},
        "days": SINCE.days,
        "merchant": merchant,
    }
    return page(request, "console/attempts.html", await _basics(request, zone) | context)


async def show(request: web.Request) -> web.Response:
    """One attempt with all its evidence, on a page that prints well."""
    attempt, shipment, zone = await _find(request)
    about = {
        "attempt": attempt,
        "shipment": shipment,
        "bundle": bundle(attempt, shipment),
        "moment": datetime.fromisoformat,
    }
    return page(request, "console/attempt.html", await _basics(request, zone) | about)


async def as_json(request: web.Request) -> web.Response:
    """The same as a file, to be sent to the carrier."""
    attempt, shipment, _ = await _find(request)
    name = f"attempt-{shipment.tracking_number}-{attempt.claimed_at:%Y%m%d-%H%M}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.json_response(bundle(attempt, shipment), headers=headers)


def bundle(attempt: Attempt, shipment: Shipment) -> dict[str, Any]:
    """Everything about an attempt: what was claimed, what is known, and what it comes to."""
    return {
        "attempt": str(attempt.id),
        "carrier": attempt.carrier,
        "tracking_number": shipment.tracking_number,
        "reference": shipment.reference,
        "courier": attempt.courier_id,
        "depot": attempt.depot,
        "claim": attempt.claim.value,
        "claimed_at": attempt.claimed_at.isoformat(),
        "verdict": attempt.verdict.value,
        "score": attempt.score,
        "reasons": [
            {**reason, "words": WORDS(f"reason.{reason['key']}", **reason["facts"])}
            for reason in attempt.reasons
        ],
        "evidence": attempt.evidence,
        "customer_answered_at": _moment(attempt.customer_at),
        "disputed_at": _moment(attempt.disputed_at),
    }


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None


async def _find(request: web.Request) -> tuple[Attempt, Shipment, str]:
    user = request[USER]
    try:
        wanted = UUID(request.match_info["attempt"])
    except ValueError:
        raise NotFound("there is no such attempt") from None
    async with request.config_dict[APPLICATION].database() as unit:
        attempt = await unit.attempts.get(user.merchant_id, wanted)
        shipment = await unit.shipments.get(user.merchant_id, attempt.shipment_id)
        merchant = await unit.merchants.get(user.merchant_id)
        await unit.commit()
    return attempt, shipment, merchant.timezone


async def _basics(request: web.Request, zone: str) -> dict[str, object]:
    return basics(request, zone) | {"csrf": await csrf.token(request)}
