"""What tests and the page steer with: ``/faults /clock /log /violations /demo /healthz``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from sandbox.clock import iso, parse_duration
from sandbox.demo import DEMO
from sandbox.web.body import json_object, problem
from sandbox.whatsapp.routes import WHATSAPP
from sandbox.world import WORLD, World


def add_routes(app: web.Application) -> None:
    app.router.add_get("/healthz", _healthz)
    app.router.add_get("/faults", _faults)
    app.router.add_post("/faults", _order_fault)
    app.router.add_delete("/faults", _clear_faults)
    app.router.add_post("/templates", _decide)
    app.router.add_get("/clock", _clock)
    app.router.add_post("/clock", _advance)
    app.router.add_get("/log", _log)
    app.router.add_get("/violations", _violations)
    app.router.add_delete("/violations", _clear_violations)
    app.router.add_get("/demo", _demo)
    app.router.add_post("/demo", _steer_demo)


async def _healthz(_: web.Request) -> web.StreamResponse:
    return web.json_response({"status": "ok"})


async def _faults(request: web.Request) -> web.StreamResponse:
    return web.json_response({"faults": request.app[WORLD].faults.as_json()})


async def _order_fault(request: web.Request) -> web.StreamResponse:
    body = await json_object(request)
    count = body.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool):
        raise problem(400, "count must be a whole number")
    faults = request.app[WORLD].faults
    try:
        faults.order(str(body.get("provider")), str(body.get("kind")), count, body.get("scope"))
    except ValueError as exc:
        raise problem(400, str(exc)) from exc
    return web.json_response({"faults": faults.as_json()}, status=201)


async def _clear_faults(request: web.Request) -> web.StreamResponse:
    request.app[WORLD].faults.pending.clear()
    return web.json_response({"faults": []})


async def _decide(request: web.Request) -> web.StreamResponse:
    """WhatsApp's reviewers decide on a template: ``state`` or ``category``."""
    body = await json_object(request)
    name, language = str(body.get("name")), str(body.get("language"))
    state, category = body.get("state"), body.get("category")
    if (state is None) == (category is None):
        raise problem(400, "give exactly one of state, category")
    if not request.app[WHATSAPP].decide(name, language, state, category):
        raise problem(404, f"there is no template {name} in {language}")
    return web.json_response({"told": True})


async def _clock(request: web.Request) -> web.StreamResponse:
    return web.json_response({"now": iso(request.app[WORLD].clock.now())})


async def _advance(request: web.Request) -> web.StreamResponse:
    body = await json_object(request)
    try:
        by = parse_duration(body.get("advance"))
    except ValueError as exc:
        raise problem(400, str(exc)) from exc
    now = await move_clock(request.app[WORLD], by)
    return web.json_response({"now": iso(now)})


async def move_clock(world: World, by: timedelta) -> datetime:
    """Move our clock and the gateway's together. Raises a 502 if the gateway will not."""
    async with world.moving:
        # Ours first: what falls due at the gateway is sent at once, and must find us moved.
        world.clock.advance(by)
        try:
            world.clock.match(await forward_clock(world, by))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as exc:
            world.clock.advance(-by)
            raise problem(502, f"the gateway's clock did not move: {exc}") from exc
    now = world.clock.now()
    world.phones.tell({"type": "clock", "now": iso(now)})
    return now


async def agree_on_time(world: World) -> None:
    """Take over the gateway's time, which may have been moved before we started."""
    async with world.moving:
        world.clock.match(await forward_clock(world, timedelta()))


async def forward_clock(world: World, by: timedelta) -> datetime:
    """Move the gateway's clock; answers what it reads then. Raises ``ValueError`` if refused."""
    url = f"{world.demo.gateway}/sandbox/clock"
    headers = {"Authorization": f"Bearer {world.demo.control_token}"}
    asked = {"advance": f"PT{int(by.total_seconds())}S"}
    entry = world.journal.note("out", "gateway", "clock", "POST", url)
    async with world.outbox.session.post(url, json=asked, headers=headers) as answer:
        entry.status = answer.status
        if answer.status != 200:
            raise ValueError(f"{url} answered {answer.status}")
        body = await answer.json(content_type=None)
    return datetime.fromisoformat(body["now"])


async def _log(request: web.Request) -> web.StreamResponse:
    query = request.query
    after, limit = _whole(query.get("after"), 0), _whole(query.get("limit"), 500)
    wanted = {key: query[key] for key in ("provider", "direction", "kind") if key in query}
    found: list[dict[str, Any]] = []
    for entry in reversed(request.app[WORLD].journal.entries):
        if entry.seq <= after or len(found) == limit:
            break
        if all(getattr(entry, key) == value for key, value in wanted.items()):
            found.append(entry.as_json())
    return web.json_response({"entries": found[::-1]})


def _whole(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not text.isdecimal():
        raise problem(400, "after and limit are whole numbers")
    return int(text)


async def _violations(request: web.Request) -> web.StreamResponse:
    return web.json_response({"violations": list(request.app[WORLD].journal.violations)})


async def _clear_violations(request: web.Request) -> web.StreamResponse:
    request.app[WORLD].journal.violations.clear()
    return web.json_response({"violations": []})


async def _demo(request: web.Request) -> web.StreamResponse:
    return web.json_response(request.app[DEMO].as_json())


async def _steer_demo(request: web.Request) -> web.StreamResponse:
    """``{"pace": 2.0}``, ``{"next": "<reference>"}`` or ``{"start": true}`` (a fresh day)."""
    body, demo = await json_object(request), request.app[DEMO]
    if "pace" in body:
        pace = body["pace"]
        if isinstance(pace, bool) or not isinstance(pace, int | float) or not 0 <= pace <= 1000:
            raise problem(400, "pace must be a number between 0 and 1000")
        demo.set_pace(float(pace))
    if body.get("start"):
        try:
            await demo.start_again()
        except (aiohttp.ClientError, TimeoutError, ValueError) as exc:
            raise problem(502, f"the gateway did not take the parcels: {exc}") from exc
    if "next" in body and not demo.nudge(str(body["next"])):
        raise problem(404, f"no parcel {body['next']!r} with something left to happen")
    return web.json_response(demo.as_json())
