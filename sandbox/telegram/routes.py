"""The Bot API's HTTP surface under ``/telegram``."""

from __future__ import annotations

import hmac
import json
from typing import Any

from aiohttp import web

from sandbox.contracts import telegram as contract
from sandbox.samples import sample
from sandbox.telegram.service import INLINE_SEND, Telegram
from sandbox.telegram.wire import Refusal, bad_request
from sandbox.world import WORLD, hang

TELEGRAM: web.AppKey[Telegram] = web.AppKey("telegram", Telegram)
RETRY_AFTER = 2  # seconds


def add_routes(app: web.Application) -> None:
    app.router.add_route("*", "/telegram/bot{token:[^/]+}/{method}", _call)
    app.router.add_get("/telegram/file/bot{token:[^/]+}/files/{kind}", _file)
    app.router.add_get("/telegram/callbacks", _unanswered)


async def _call(request: web.Request) -> web.StreamResponse:
    try:
        result = await _answer(request)
    except Refusal as refusal:
        return web.json_response(refusal.as_json(), status=refusal.status)
    return web.json_response({"ok": True, "result": result})


async def _file(request: web.Request) -> web.StreamResponse:
    token = request.app[WORLD].demo.telegram.bot_token
    if not hmac.compare_digest(request.match_info["token"].encode(), token.encode()):
        raise web.HTTPUnauthorized
    content_type, body = sample(request.match_info["kind"])
    return web.Response(body=body, content_type=content_type)


async def _answer(request: web.Request) -> Any:
    world, telegram = request.app[WORLD], request.app[TELEGRAM]
    token = request.match_info["token"]
    if not hmac.compare_digest(token.encode(), world.demo.telegram.bot_token.encode()):
        raise Refusal(401, "Unauthorized")
    method = _method(request.match_info["method"])
    sends = method in INLINE_SEND
    if sends and world.faults.take("telegram", "rate_limit"):
        text = f"Too Many Requests: retry after {RETRY_AFTER}"
        raise Refusal(429, text, RETRY_AFTER)
    if sends and world.faults.take("telegram", "error"):
        raise Refusal(500, "Internal Server Error")
    if sends and world.faults.take("telegram", "undelivered"):
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    asked = await _parameters(request, method)
    if found := contract.method_problems(method, asked):
        world.journal.violation("telegram", method, found, asked)
        raise bad_request("; ".join(found))
    result = telegram.methods[method](asked)
    if sends and world.faults.take("telegram", "timeout"):
        await hang(request)
    return result


def _method(asked: str) -> str:
    """Method names are case-insensitive at Telegram."""
    for name in contract.extract("telegram_bot.json")["methods"]:
        if name.lower() == asked.lower():
            return name
    raise Refusal(404, "Not Found")


async def _parameters(request: web.Request, method: str) -> dict[str, Any]:
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError as exc:
            raise bad_request("can't parse JSON object") from exc
        return body if isinstance(body, dict) else {}
    form = {name: str(value) for name, value in (await request.post()).items()}
    return contract.from_form(method, {**request.query, **form})


async def _unanswered(request: web.Request) -> web.StreamResponse:
    """Callback queries that the bot has not answered: every tap must be."""
    return web.json_response({"unanswered": dict(request.app[TELEGRAM].unanswered)})
