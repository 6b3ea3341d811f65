"""The carrier's HTTP surface under ``/carrier``."""

from __future__ import annotations

import hmac
import json
from typing import Any

from aiohttp import web

from sandbox.carrier.service import Carrier, event_problems, request_problems, signature
from sandbox.world import WORLD, hang

CARRIER: web.AppKey[Carrier] = web.AppKey("carrier", Carrier)


def add_routes(app: web.Application) -> None:
    app.router.add_post("/carrier/requests", _request)
    app.router.add_post("/carrier/events", _event)


def _refused(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)


async def _request(request: web.Request) -> web.StreamResponse:
    world, carrier = request.app[WORLD], request.app[CARRIER]
    raw = await request.read()
    wanted = signature(raw, carrier.account.secret)
    given = request.headers.get("X-Doorstep-Signature", "")
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        return _refused(403, "wrong or missing X-Doorstep-Signature")
    if world.faults.take("carrier", "rate_limit"):
        answer = _refused(429, "too many requests")
        answer.headers["Retry-After"] = "2"
        return answer
    if world.faults.take("carrier", "error"):
        return _refused(500, "internal error")
    asked, found = _parsed(raw)
    if found:
        world.journal.violation("carrier", "POST requests", found, asked)
        return _refused(400, "; ".join(found))
    answered = carrier.request(asked)
    if world.faults.take("carrier", "timeout"):
        await hang(request)
    return web.json_response(answered)


def _parsed(raw: bytes) -> tuple[Any, list[str]]:
    try:
        asked = json.loads(raw)
    except ValueError as exc:
        return raw.decode("utf-8", "replace"), [f"body is not JSON: {exc}"]
    return asked, request_problems(asked)


async def _event(request: web.Request) -> web.StreamResponse:
    """For tests and the page: post this tracking event to the gateway, signed, now."""
    try:
        event = json.loads(await request.read())
    except ValueError as exc:
        return _refused(400, f"body is not JSON: {exc}")
    if found := event_problems(event):
        return _refused(400, "; ".join(found))
    return web.json_response(request.app[CARRIER].event(event), status=201)
