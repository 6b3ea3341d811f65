"""The way into Rasa: one inner HTTP handle, spoken to by the product's dialogue client alone.

Rasa's own REST channel answers 200 with whatever it had when something broke, and would handle a
repeated message twice. Here a turn keeps its promises (engine/turn.py), and whatever raises is a
500.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from engine.action_answers import check_once
from engine.asked import BadBodyError, read_body, read_comments
from engine.comments import reader
from engine.turn import NAME, Turn, listen_for_failures

logger = logging.getLogger(__name__)

SHORTEST_TOKEN = 8


class DoorstepInput(InputChannel):
    """`POST /webhooks/doorstep/message` and `/topics`, guarded by a bearer token."""

    def __init__(self, token: str) -> None:
        """A short or unexpanded token is refused: it would be no guard."""
        if len(token) < SHORTEST_TOKEN or token.startswith("${"):
            raise ValueError("ENGINE_TOKEN must be set, to at least 8 characters")
        self._token = token.encode()

    @classmethod
    def name(cls) -> str:
        """The name in the URL, and the input channel in Rasa's events."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """From credentials.yml; without a token Rasa does not start."""
        if not credentials or not credentials.get("token"):
            cls.raise_missing_credentials_exception()
        return cls(str(credentials["token"]))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; Rasa's own way in (`on_new_message`) is not taken, it hides failures."""
        listen_for_failures()
        check_once()
        routes = Blueprint("doorstep_input")

        @routes.route("/topics", methods=["POST"])
        async def topics(request: Request) -> HTTPResponse:
            return await self._topics(request)

        @routes.listener("before_server_start")
        async def learn(_app: object, _loop: object) -> None:
            # In a thread: nobody waits for it, and the first comment need not.
            asyncio.get_running_loop().run_in_executor(None, reader)

        @routes.route("/message", methods=["POST"])
        async def message(request: Request) -> HTTPResponse:
            return await self._receive(request)

        return routes

    async def _receive(self, request: Request) -> HTTPResponse:
        if not self._may_enter(request):
            return response.json({"error": "wrong or missing bearer token"}, status=401)
        agent = request.app.ctx.agent
        if agent is None or not agent.is_ready():
            return response.json({"error": "no model is loaded yet"}, status=503)
        try:
            asked = read_body(_json_of(request), agent.processor.domain)
        except BadBodyError as error:
            return response.json({"error": str(error)}, status=400)
        try:
            async with agent.lock_store.lock(asked.sender):
                answer = await Turn(agent.processor, asked).answer()
        except Exception as error:
            logger.exception("could not handle message %s", asked.message_id)
            return response.json({"error": f"{type(error).__name__} in the engine"}, status=500)
        return response.json(answer)

    async def _topics(self, request: Request) -> HTTPResponse:
        """What comments to a score are about: `{"comments": [...]}` to `{"topics": [{...}]}`."""
        if not self._may_enter(request):
            return response.json({"error": "wrong or missing bearer token"}, status=401)
        try:
            comments = read_comments(_json_of(request))
        except BadBodyError as error:
            return response.json({"error": str(error)}, status=400)
        try:
            sure = await asyncio.to_thread(lambda: reader().read(comments))
        except Exception as error:
            logger.exception("could not read the topics of %d comments", len(comments))
            return response.json({"error": f"{type(error).__name__} in the engine"}, status=500)
        return response.json({"topics": sure})

    def _may_enter(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), self._token)


def _json_of(request: Request) -> Any:
    try:
        return request.json
    except Exception as error:  # sanic's own error would be answered in its own shape
        raise BadBodyError("the body is not JSON") from error
