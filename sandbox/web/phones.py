"""A person at a phone: ``/phones``."""

from __future__ import annotations

from math import isfinite
from typing import Any

from aiohttp import web

from sandbox.phones import CHANNELS, Phone, Thread
from sandbox.web.body import json_object, problem
from sandbox.world import WORLD, CannotSay, Said

LONGEST_WAIT = 120.0
KINDS = ("text", "choose", "location", "media", "react", "edit", "delete")
MEDIA = ("image", "voice", "sticker")
LONGEST_TEXT = 65_536


def add_routes(app: web.Application) -> None:
    thread = r"/phones/{number:[^/]+}/{channel:[a-z]+}"
    app.router.add_get("/phones", _list)
    app.router.add_post("/phones", _add)
    app.router.add_get(thread, _messages)
    app.router.add_post(thread, _speak)
    app.router.add_post(thread + "/read", _read)


def _phone(request: web.Request) -> Phone:
    try:
        return request.app[WORLD].phones.get(request.match_info["number"])
    except ValueError as exc:
        raise problem(404, str(exc)) from exc


def _thread(request: web.Request) -> Thread:
    channel = request.match_info["channel"]
    if channel not in CHANNELS:
        raise problem(404, f"channel must be one of {', '.join(CHANNELS)}")
    return _phone(request).thread(channel)


async def _list(request: web.Request) -> web.StreamResponse:
    phones = request.app[WORLD].phones
    wanted = phones.all() if request.query.get("all") else phones.listed()
    return web.json_response({"phones": [phone.as_json() for phone in wanted]})


async def _add(request: web.Request) -> web.StreamResponse:
    body = await json_object(request)
    channels = body.get("channels", list(CHANNELS))
    if not isinstance(channels, list) or not channels or not set(channels) <= set(CHANNELS):
        raise problem(400, f"channels must be some of {', '.join(CHANNELS)}")
    world = request.app[WORLD]
    try:
        name = str(body.get("name", ""))[:60]
        phone = world.phones.add(str(body.get("number", "")), name, channels)
    except ValueError as exc:
        raise problem(400, str(exc)) from exc
    phone.auto_read = bool(body.get("auto_read", phone.auto_read))
    world.changed()
    return web.json_response(phone.as_json(), status=201)


async def _messages(request: web.Request) -> web.StreamResponse:
    thread = _thread(request)
    try:
        after = int(request.query.get("after", 0))
        wait = min(float(request.query.get("wait", 0)), LONGEST_WAIT)
    except ValueError as exc:
        raise problem(400, "after and wait are numbers") from exc
    sender = request.query.get("from")
    found = await thread.wait(after, wait, sender) if wait > 0 else thread.after(after, sender)
    return web.json_response({"messages": [message.as_json() for message in found]})


async def _speak(request: web.Request) -> web.StreamResponse:
    thread = _thread(request)
    said = _said(await json_object(request), str(request.url.origin()))
    if thread.channel not in thread.phone.channels:
        raise problem(409, f"{thread.phone.name} has no {thread.channel}")
    world = request.app[WORLD]
    try:
        message = world.stand_ins[thread.channel].say(thread, said)
    except CannotSay as exc:
        raise problem(409, str(exc)) from exc
    return web.json_response(message.as_json(), status=201)


async def _read(request: web.Request) -> web.StreamResponse:
    thread = _thread(request)
    request.app[WORLD].stand_ins[thread.channel].read(thread)
    return web.json_response({"read": True})


def _said(body: dict[str, Any], origin: str) -> Said:
    given = [key for key in KINDS if body.get(key) is not None]
    if len(given) != 1:
        raise problem(400, f"give exactly one of {', '.join(KINDS)}")
    key, value = given[0], body[given[0]]
    quote = body.get("quote")
    if quote is not None and (not isinstance(quote, int) or key not in ("text", "react")):
        raise problem(400, "quote is the seq of a message, and goes along with text or react")
    if key in ("text", "choose", "react", "edit"):
        if not isinstance(value, str) or not value or len(value) > LONGEST_TEXT:
            raise problem(400, f"{key} must be text, not empty, at most {LONGEST_TEXT} characters")
        spoken: dict[str, Any] = {key: value}
        return Said(**spoken, quote=quote, origin=origin)
    if key == "delete":
        return Said(delete=True, origin=origin)
    if key == "media":
        if value not in MEDIA:
            raise problem(400, f"media must be one of {', '.join(MEDIA)}")
        return Said(media=value, origin=origin)
    return Said(location=_place(value), origin=origin)


def _place(value: Any) -> tuple[float, float]:
    try:
        latitude, longitude = (float(part) for part in value)
    except (TypeError, ValueError) as exc:
        raise problem(400, "location must be [lat, lon]") from exc
    if not (isfinite(latitude) and isfinite(longitude)):
        raise problem(400, "location must be [lat, lon] in degrees")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise problem(400, "location must be [lat, lon] in degrees")
    return latitude, longitude
