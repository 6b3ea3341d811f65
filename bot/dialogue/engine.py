"""The Rasa client: the only code that talks to the engine."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import aiohttp

from bot.domain.errors import Temporary
from bot.services.ports import Say, Turn


class RasaEngine:
    """Speaks to the engine's own channel (`engine/channel.py`)."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        self._http = http
        self._url = f"{url}/webhooks/doorstep/message"
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
        try:
            async with self._http.post(self._url, json=body, headers=self._headers) as response:
                if response.status != 200:
                    raise Temporary(f"the engine answered {response.status}")
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Temporary(f"the engine cannot be reached: {error!r}") from error
        return read_turn(answer)


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
