"""Twilio's HTTP surface under ``/twilio``."""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING, Any

from aiohttp import web
from multidict import MultiDictProxy

from sandbox.contracts import twilio as contract
from sandbox.samples import sample
from sandbox.twilio.service import Twilio
from sandbox.twilio.whatsapp import PREFIX, TwilioWhatsApp, resource_of
from sandbox.twilio.wire import API, Refusal
from sandbox.world import WORLD, World, hang

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TWILIO: web.AppKey[Twilio] = web.AppKey("twilio", Twilio)
TWILIO_WHATSAPP: web.AppKey[TwilioWhatsApp] = web.AppKey("twilio whatsapp", TwilioWhatsApp)
_BASE = f"/twilio/{API}/Accounts/{{account_sid}}/Messages"


def add_routes(app: web.Application) -> None:
    app.router.add_post(_BASE + ".json", _guarded(_create))
    app.router.add_get(_BASE + ".json", _guarded(_list))
    app.router.add_get(_BASE + "/{sid}.json", _guarded(_fetch))
    app.router.add_get(_BASE + "/{sid}/Media/{kind}", _guarded(_media))
    content = "/twilio-content/v1/Content"
    app.router.add_post(content, _guarded(_make_content))
    app.router.add_get(content, _guarded(_list_contents))
    app.router.add_get(content + "AndApprovals", _guarded(_list_contents))
    app.router.add_post(content + "/{sid}/ApprovalRequests/whatsapp", _guarded(_approve))


def _guarded(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            _authenticate(request)
            return await handler(request)
        except Refusal as refusal:
            return web.json_response(refusal.as_json(), status=refusal.status)

    return guarded


def _authenticate(request: web.Request) -> None:
    demo = request.app[WORLD].demo
    accounts = {demo.sms.account_sid: demo.sms.auth_token}
    if demo.whatsapp.provider == "twilio":
        accounts[demo.whatsapp.account_sid] = demo.whatsapp.auth_token
    given = request.headers.get("Authorization", "").removeprefix("Basic ").encode()
    asked = request.match_info.get("account_sid")
    for sid, token in accounts.items():
        if hmac.compare_digest(given, base64.b64encode(f"{sid}:{token}".encode())):
            if asked in {None, sid}:
                return
            raise Refusal(404, 20404, f"The requested resource {request.path} was not found")
    raise Refusal(401, 20003, "Authenticate")


async def _create(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    if world.faults.take("twilio", "rate_limit"):
        raise Refusal(429, 20429, "Too Many Requests")
    if world.faults.take("twilio", "error"):
        raise Refusal(500, 20500, "Internal Server Error")
    form = await request.post()
    _hold_to_contract(world, form)
    asked = {name: str(value) for name, value in form.items()}
    by_whatsapp = asked.get("To", "").startswith(PREFIX)
    stand_in = request.app[TWILIO_WHATSAPP if by_whatsapp else TWILIO]
    sms = stand_in.create(asked)
    answer = sms.resource()
    if world.faults.take("twilio", "timeout"):
        await hang(request)
    return web.json_response(answer, status=201)


def _hold_to_contract(world: World, form: MultiDictProxy[Any]) -> None:
    values = {name: [str(value) for value in form.getall(name)] for name in form}
    if found := contract.create_problems(values):
        world.journal.violation("twilio", "POST Messages.json", found, values)
        # A missing recipient has an error code of its own.
        if "To" in values:
            raise Refusal(400, 20001, "; ".join(found))


async def _list(request: web.Request) -> web.StreamResponse:
    query = dict(request.query)
    if unknown := set(query) - contract.list_parameters():
        found = [f"{name}: not a parameter" for name in sorted(unknown)]
        request.app[WORLD].journal.violation("twilio", "GET Messages.json", found, query)
        raise Refusal(400, 20001, "; ".join(found))
    size = min(_number(query, "PageSize", 50), 1000)
    page = _number(query, "Page", 0)
    found = request.app[TWILIO].list(query)
    here = found[page * size : (page + 1) * size]
    path = f"/{API}/Accounts/{request.match_info['account_sid']}/Messages.json?PageSize={size}"
    more = (page + 1) * size < len(found)
    answer = {
        "messages": [sms.resource() for sms in here],
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(len(here) - 1, 0),
        "uri": f"{path}&Page={page}",
        "first_page_uri": f"{path}&Page=0",
        "next_page_uri": f"{path}&Page={page + 1}" if more else None,
        "previous_page_uri": f"{path}&Page={page - 1}" if page else None,
    }
    return web.json_response(answer)


def _number(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not value.isdecimal():
        raise Refusal(400, 20001, f"Parameter '{name}' is not a number")
    return int(value)


async def _fetch(request: web.Request) -> web.StreamResponse:
    sms = request.app[TWILIO].messages.get(request.match_info["sid"])
    if sms is None:
        raise Refusal(404, 20404, f"The requested resource {request.path} was not found")
    return web.json_response(sms.resource())


async def _media(request: web.Request) -> web.StreamResponse:
    content_type, body = sample(request.match_info["kind"])
    return web.Response(body=body, content_type=content_type)


async def _make_content(request: web.Request) -> web.StreamResponse:
    made = request.app[TWILIO_WHATSAPP].contents.make(await request.json())
    return web.json_response(made.resource(), status=201)


async def _list_contents(request: web.Request) -> web.StreamResponse:
    query = dict(request.query)
    size, page = min(_number(query, "PageSize", 50), 500), _number(query, "Page", 0)
    contents = request.app[TWILIO_WHATSAPP].contents
    approvals = request.path.endswith("AndApprovals")
    return web.json_response(resource_of(contents, size, page, approvals=approvals))


async def _approve(request: web.Request) -> web.StreamResponse:
    contents = request.app[TWILIO_WHATSAPP].contents
    answer = contents.approve(request.match_info["sid"], await request.json())
    return web.json_response(answer, status=201)
