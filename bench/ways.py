"""The two ways that are measured: through Doorstep, and to bare Rasa."""

import asyncio
from collections import Counter
from typing import Protocol

import aiohttp

from bench.people import Person
from bench.stand_in import StandIn, webhook
from bot.domain.conversation import SESSION_TURNS
from bot.domain.merchant import ProviderAccount

PATIENCE = 60.0
"""Seconds after which a message counts as never answered, and the bench has failed."""
_PEER_SESSIONS = 1000


class UnansweredError(Exception):
    """A message was refused, or never answered; there is nothing to be measured."""


class Way(Protocol):
    """A way from a customer's message to its answer."""

    async def ask(self, person: Person, text: str) -> None:
        """Say something and wait for the answer. Raises UnansweredError."""
        ...


class Ours:
    """A webhook that Twilio would sign goes in; a request to Twilio comes out."""

    def __init__(
        self, http: aiohttp.ClientSession, account: ProviderAccount, stand_in: StandIn, gateway: str
    ) -> None:
        self._http = http
        self._account = account
        self._stand_in = stand_in
        self._gateway = gateway

    async def ask(self, person: Person, text: str) -> None:
        """Send an SMS and wait for the one that comes back."""
        answer = self._stand_in.expect(person.phone)
        url, form, headers = webhook(self._gateway, self._account, person.phone, text)
        async with self._http.post(url, data=form, headers=headers) as response:
            if response.status != 200:
                raise UnansweredError(f"the webhook was answered {response.status}")
        try:
            await asyncio.wait_for(answer, PATIENCE)
        except TimeoutError:
            raise UnansweredError(f"{text!r} was not answered within {PATIENCE:g} s") from None


class Peer:
    """`rasa run` with its stock REST channel.

    Its trackers are kept as short as ours: a fresh one after as many turns. `said` counts what
    the actions answered, by wording key, to be held against ours.
    """

    def __init__(self, http: aiohttp.ClientSession, engine: str) -> None:
        self.said: Counter[str] = Counter()
        self._http = http
        self._url = f"{engine}/webhooks/rest/webhook"
        self._turns: Counter[str] = Counter()

    async def ask(self, person: Person, text: str) -> None:
        """Post a message; the answer is in the response."""
        session = _PEER_SESSIONS + self._turns[person.phone] // SESSION_TURNS
        self._turns[person.phone] += 1
        body = {"sender": f"{person.conversation}.{session}", "message": text}
        async with self._http.post(self._url, json=body) as response:
            messages = await response.json()
        said = [m["custom"]["say"] for m in messages if "custom" in m]
        if not said:
            raise UnansweredError(f"bare Rasa had nothing to say to {text!r}")
        self.said.update(said)
