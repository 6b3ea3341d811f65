"""The Rasa client: the only code that talks to the engine."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import aiohttp

from bot.domain.errors import Temporary
from bot.services.ports import Say, Turn

_SOON = aiohttp.ClientTimeout(total=2)
"""A comment's topics hold up the thanks for it: without them it goes by its words."""


class RasaEngine:
    """Speaks to the engine's own channel (`engine/channel.py`)."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        self._http = http
        self._url = f"{url}/webhooks/doorstep/message"
        self._topics_url = f"{url}/webhooks/doorstep/topics"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def respond(
        self,
        *,
        sender: str,
        message_id: UUID,
        text: str,
        metadata: Mapping[str, str],
        question: Mapping[str, Any] | None,
    ) -> Turn:
        """Hand over one message; repeating a `message_id` gives the earlier answer.

        Raises:
            Temporary: unreachable, failed, or without a word to say.
        """
        body = {
            "sender": sender,
            "message_id": str(message_id),
            "text": text,
            "metadata": dict(metadata),
            "question": question,
        }
        return read_turn(await self._ask(self._url, body))

    async def topics(self, comments: Sequence[str]) -> list[dict[str, float]]:
        """How surely each comment is about each topic, 0 to 1.

        Raises:
            Temporary: it did not answer within two seconds, or not as it should.
        """
        answer = await self._ask(self._topics_url, {"comments": list(comments)}, _SOON)
        try:
            read = [{str(t): float(v) for t, v in one.items()} for one in answer["topics"]]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Temporary(f"the engine named no topics: {error!r}") from error
        if len(read) != len(comments):
            raise Temporary("the engine has not read every comment")
        return read

    async def _ask(
        self, url: str, body: Mapping[str, Any], within: aiohttp.ClientTimeout | None = None
    ) -> Any:
        timeout = within or self._http.timeout
        try:
            async with self._http.post(
                url, json=body, headers=self._headers, timeout=timeout
            ) as response:
                if response.status != 200:
                    raise Temporary(f"the engine answered {response.status}")
                return await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Temporary(f"the engine cannot be reached: {error!r}") from error


def read_turn(answer: Mapping[str, Any]) -> Turn:
    """Read the engine's answer. Raises Temporary when it says nothing: that is a failure."""
    if answer.get("failed_action"):
        raise Temporary("an action failed")
    said = [message["custom"] for message in answer["messages"] if "custom" in message]
    if not said:
        raise Temporary("the engine had nothing to say")
    replies = tuple(
        Say(
            str(custom["say"]),
            custom.get("with") or {},
            tuple(custom.get("options") or ()),
            custom.get("question"),
        )
        for custom in said
    )
    return Turn(replies, answer.get("understood") or {}, answer.get("loop"))
