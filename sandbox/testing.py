"""For tests: a running sandbox, a client for its handles, and a gateway that only listens.

async with running(Demo.example(gateway.url)) as sandbox:
    sent = await sandbox.say("+447700900123", "sms", text="hello")
    answer = await sandbox.hear("+447700900123", "sms", after=sent["seq"])
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.app import make_app
from sandbox.clock import parse_duration
from sandbox.config import Demo, Options
from sandbox.world import WORLD, World


@dataclass(slots=True)
class Sandbox:
    """The handles of a running sandbox, here or in another process (then ``world`` is None)."""

    url: str
    session: aiohttp.ClientSession
    world: World | None = None
    app: web.Application | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A handle's JSON. Raises ``aiohttp.ClientResponseError`` unless 2xx."""
        async with self.session.request(method, self.url + path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def say(self, number: str, channel: str, **said: Any) -> dict[str, Any]:
        """Speak as the customer: ``text= | choose= | location= | media=``. The own bubble."""
        return await self.ask("POST", f"/phones/{number}/{channel}", said)

    async def hear(
        self, number: str, channel: str, after: int = 0, wait: float = 10.0
    ) -> list[dict[str, Any]]:
        """The business's messages after ``after``, waiting for the first of them."""
        path = f"/phones/{number}/{channel}?after={after}&wait={wait}&from=business"
        return (await self.ask("GET", path))["messages"]

    async def fault(self, provider: str, kind: str, count: int = 1, **more: Any) -> None:
        await self.ask(
            "POST", "/faults", {"provider": provider, "kind": kind, "count": count, **more}
        )

    async def advance(self, duration: str) -> datetime:
        found = await self.ask("POST", "/clock", {"advance": duration})
        return datetime.fromisoformat(found["now"])

    async def violations(self) -> list[dict[str, Any]]:
        return (await self.ask("GET", "/violations"))["violations"]

    async def log(self, **query: str) -> list[dict[str, Any]]:
        parameters = "&".join(f"{name}={value}" for name, value in query.items())
        return (await self.ask("GET", f"/log?{parameters}"))["entries"]

    async def idle(self) -> None:
        """Return when every webhook is out (or is given up); only for one in this process."""
        assert self.world is not None
        await self.world.outbox.idle()


@asynccontextmanager
async def running(
    demo: Demo, options: Options | None = None, port: int | None = None
) -> AsyncIterator[Sandbox]:
    """A sandbox in this process, on a free port unless one is given."""
    app = make_app(demo, options)
    async with TestServer(app, port=port) as server, aiohttp.ClientSession() as session:
        yield Sandbox(str(server.make_url("")).rstrip("/"), session, app[WORLD], app)


@dataclass(slots=True)
class Heard:
    """One webhook as it arrived."""

    path: str
    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class ListeningGateway:
    """Takes every webhook, and answers ``status``; has a clock and shipments as the real one."""

    url: str = ""
    status: int = 200
    heard: list[Heard] = field(default_factory=list[Heard])
    shipments: dict[str, Any] = field(default_factory=dict[str, Any])
    offset: timedelta = timedelta()
    delay: float = 0.0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, enough: Callable[[list[Heard]], bool], seconds: float = 5.0) -> None:
        """Wait until what was heard is enough. Raises ``TimeoutError``."""
        async with asyncio.timeout(seconds):
            while not enough(self.heard):
                self._changed.clear()
                await self._changed.wait()

    def on(self, part: str) -> list[Heard]:
        """What arrived on paths that contain ``part``."""
        return [hook for hook in self.heard if part in hook.path]

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/healthz", _healthz)
        app.router.add_post("/sandbox/clock", self._clock)
        app.router.add_route("*", "/api/v1/shipments/{reference}", self._shipment)
        app.router.add_get("/webhooks/{rest:.*}", _challenge)
        app.router.add_post("/webhooks/{rest:.*}", self._webhook)
        return app

    async def _webhook(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.heard.append(Heard(request.path, str(request.url), dict(request.headers), body))
        self._changed.set()
        await asyncio.sleep(self.delay)
        return web.Response(status=self.status)

    async def _clock(self, request: web.Request) -> web.StreamResponse:
        self.offset += parse_duration((await request.json())["advance"])
        return web.json_response({"now": (datetime.now(UTC) + self.offset).isoformat()})

    async def _shipment(self, request: web.Request) -> web.StreamResponse:
        reference = request.match_info["reference"]
        if request.method == "PUT":
            self.shipments[reference] = await request.json()
        links = {
            "tracking": f"{self.url}/t/{reference}",
            "telegram": "https://t.me/maison_lune_bot?start=linked-1",
        }
        return web.json_response({"reference": reference, "links": links})


async def _healthz(_: web.Request) -> web.StreamResponse:
    return web.json_response({"status": "ok"})


async def _challenge(request: web.Request) -> web.StreamResponse:
    return web.Response(text=request.query.get("hub.challenge", ""))


@asynccontextmanager
async def listening_gateway() -> AsyncIterator[ListeningGateway]:
    gateway = ListeningGateway()
    async with TestServer(gateway.app()) as server:
        gateway.url = str(server.make_url("")).rstrip("/")
        yield gateway


def signed_by(secret: str, body: bytes) -> str:
    """``sha256=`` and the hex HMAC of a raw body, as Meta and our carrier sign."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
