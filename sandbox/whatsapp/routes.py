"""Meta's HTTP surface under ``/whatsapp``."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.samples import sample, sha256
from sandbox.whatsapp.service import WhatsApp, parse_json
from sandbox.whatsapp.wire import Refusal, bad_parameter
from sandbox.world import WORLD, hang

WHATSAPP: web.AppKey[WhatsApp] = web.AppKey("whatsapp", WhatsApp)
_MEDIA = {"100000000000001": "image", "100000000000002": "voice", "100000000000003": "sticker"}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application) -> None:
    base = r"/whatsapp/{version:v\d+\.\d+}/{id:\d+}"
    app.router.add_post(base + "/messages", _guarded(_send))
    app.router.add_post(base + "/message_templates", _guarded(_create_template))
    app.router.add_get(base + "/message_templates", _guarded(_list_templates))
    app.router.add_get(base, _guarded(_media))
    app.router.add_get("/whatsapp/media/{kind}", _guarded(_download))


def _guarded(handler: _Handler) -> _Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            _authenticate(request)
            return await handler(request)
        except Refusal as refusal:
            return web.json_response(refusal.as_json(), status=refusal.status)

    return guarded


def _authenticate(request: web.Request) -> None:
    wanted = f"Bearer {request.app[WORLD].demo.whatsapp.access_token}"
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Refusal(401, 190, "Invalid OAuth access token - Cannot parse access token")


def _same_id(request: web.Request, wanted: str) -> None:
    given = request.match_info["id"]
    if given != wanted:
        message = (
            f"Unsupported post request. Object with ID '{given}' does not exist, cannot be loaded "
            "due to missing permissions, or does not support this operation"
        )
        raise Refusal(400, 100, message, kind="GraphMethodException", subcode=33)


async def _send(request: web.Request) -> web.StreamResponse:
    world, whatsapp = request.app[WORLD], request.app[WHATSAPP]
    _same_id(request, world.demo.whatsapp.phone_number_id)
    body = parse_json(await request.read())
    is_message = isinstance(body, dict) and "status" not in body
    if is_message and world.faults.take("whatsapp", "rate_limit"):
        text = "Message failed to send because there were too many messages sent in a short time."
        raise Refusal(429, 130429, "(#130429) Rate limit hit", text)
    if is_message and world.faults.take("whatsapp", "error"):
        message = "An unexpected error has occurred. Please retry your request later."
        raise Refusal(500, 2, message)
    answer = whatsapp.send(body)
    if is_message and world.faults.take("whatsapp", "timeout"):
        await hang(request)
    return web.json_response(answer)


async def _create_template(request: web.Request) -> web.StreamResponse:
    """Templates are approved at once; the sandbox knows name, language, body and quick replies."""
    whatsapp = request.app[WHATSAPP]
    _same_id(request, request.app[WORLD].demo.whatsapp.business_account_id)
    asked = parse_json(await request.read())
    try:
        parts = {part["type"].upper(): part for part in asked["components"]}
        template = {
            "name": asked["name"],
            "language": asked["language"],
            "category": asked["category"].lower(),
            "body": parts["BODY"]["text"],
            "buttons": [b["text"] for b in parts.get("BUTTONS", {}).get("buttons", [])],
        }
    except (KeyError, TypeError, AttributeError) as exc:
        raise bad_parameter(f"not a template: {exc}") from exc
    if not re.fullmatch(r"[a-z0-9_]{1,512}", str(template["name"])):
        raise bad_parameter("name holds only lower case letters, digits and underscores")
    same = (template["name"], template["language"])
    others = [t for t in whatsapp.templates or [] if (t["name"], t["language"]) != same]
    template |= {"id": str(900_000 + len(others)), "state": "APPROVED"}
    whatsapp.templates = [*others, template]
    answer = {"id": template["id"], "status": "APPROVED", "category": asked["category"]}
    return web.json_response(answer)


async def _list_templates(request: web.Request) -> web.StreamResponse:
    _same_id(request, request.app[WORLD].demo.whatsapp.business_account_id)
    known = request.app[WHATSAPP].templates or []
    size = int(request.query.get("limit", 25))
    start = int(request.query.get("after", 0))
    end = start + size
    answer: dict[str, Any] = {"data": [_listed(t) for t in known[start:end]]}
    if end < len(known):
        following = str(request.url.update_query(after=end))
        answer["paging"] = {"cursors": {"after": str(end)}, "next": following}
    return web.json_response(answer)


def _listed(template: dict[str, Any]) -> dict[str, Any]:
    components: list[dict[str, Any]] = [{"type": "BODY", "text": template["body"]}]
    if template.get("buttons"):
        buttons = [{"type": "QUICK_REPLY", "text": title} for title in template["buttons"]]
        components.append({"type": "BUTTONS", "buttons": buttons})
    return {
        "id": template.get("id", "0"),
        "name": template["name"],
        "language": template["language"],
        "status": template.get("state", "APPROVED"),
        "category": template.get("category", "utility").upper(),
        "components": components,
        "rejected_reason": "NONE",
    }


async def _media(request: web.Request) -> web.StreamResponse:
    kind = _MEDIA.get(request.match_info["id"])
    if kind is None:
        raise Refusal(400, 100, "(#100) Unsupported get request.", kind="GraphMethodException")
    content_type, body = sample(kind)
    return web.json_response(
        {
            "url": f"{request.url.origin()}/whatsapp/media/{kind}",
            "mime_type": content_type,
            "sha256": sha256(kind),
            "file_size": len(body),
            "id": request.match_info["id"],
            "messaging_product": "whatsapp",
        }
    )


async def _download(request: web.Request) -> web.StreamResponse:
    content_type, body = sample(request.match_info["kind"])
    return web.Response(body=body, content_type=content_type)
