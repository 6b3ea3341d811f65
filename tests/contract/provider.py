"""A stand-in for any provider: it answers what a test tells it and records what it is asked."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from multidict import CIMultiDict


@dataclass(frozen=True)
class Recorded:
    """A request as the stand-in received it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode(), keep_blank_values=True)

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Provider:
    """A stand-in provider: answers what a test tells it and records what it is asked."""

    url: str = ""
    requests: list[Recorded] = field(default_factory=list[Recorded])
    status: int = 200
    answer: Any = None
    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """By path, where one thing has to be asked before another."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    silent: bool = False
    drops: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = CIMultiDict(request.headers)
        self.requests.append(Recorded(request.method, request.path, headers, body))
        if self.silent:
            await self.over.wait()
        if self.drops and request.transport:
            request.transport.close()
        answer = self.answers.get(request.path, self.answer)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return web.Response(
            status=self.status,
            text=text,
            content_type="application/json",
            headers=dict(self.headers),
        )
