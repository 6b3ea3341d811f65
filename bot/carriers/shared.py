"""What several carriers' adapters need: tokens by OAuth, and errors that mean the same."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID

from bot.carriers.base import Answer, Instruction
from bot.channels.base import Account
from bot.channels.http import Http, Reply, raise_for_busy
from bot.channels.reading import Reader
from bot.domain.errors import MalformedUpdate, NotTaken, Permanent, Temporary

_EARLY = 60.0
"""Seconds before its end at which a token is no longer used."""


def base_of(account: Account, default: str) -> str:
    """Where an account's API is: its option `api_base`, else the vendor's own."""
    return (account.options.get("api_base") or default).rstrip("/")


def answered(reply: Reply, vendor: str) -> Reader:
    """The JSON of a successful answer.

    Raises:
        Limited, Temporary: ask again later; an answer that cannot be read is one of those.
        Permanent: refused.
    """
    if not reply.ok:
        words = f"{vendor} answers {reply.status}: {reply.text[:200]}"
        raise_for_busy(reply, words)
        raise Permanent(words, str(reply.status))
    try:
        return Reader.of(reply.body)
    except MalformedUpdate as error:
        raise Temporary(f"{vendor}: {error}") from error


async def takes_no_changes(vendor: str, instruction: Instruction) -> Answer:
    """For those whose API only tells. Raises NotTaken."""
    raise NotTaken(f"{vendor} takes no {instruction.kind} by its API")


@dataclass
class Tokens:
    """OAuth client credentials: one token an account, until shortly before it ends."""

    http: Http
    vendor: str
    known: dict[UUID, tuple[str, float]] = field(default_factory=dict[UUID, tuple[str, float]])

    async def ask(
        self,
        account: Account,
        call: Callable[[dict[str, str]], Awaitable[Reply]],
        url: str,
        **request: Any,
    ) -> Reply:
        """Call with a token; one that is refused is replaced once.

        Args:
            account: whose token it is.
            call: makes the request with the headers that it is given.
            url: where tokens come from, and `request` how they are asked for.

        Raises:
            Limited, Temporary, Permanent: as `answered`, of the asking for a token.
        """
        reply = await call(await self._headers(account, url, request))
        if reply.status == HTTPStatus.UNAUTHORIZED and self.known.pop(account.id, None):
            reply = await call(await self._headers(account, url, request))
        return reply

    async def _headers(self, account: Account, url: str, request: dict[str, Any]) -> dict[str, str]:
        token, until = self.known.get(account.id, ("", 0.0))
        if not token or time.monotonic() >= until:
            token = await self._new(account, url, request)
        return {"Authorization": f"Bearer {token}"}

    async def _new(self, account: Account, url: str, request: dict[str, Any]) -> str:
        found = answered(await self.http.post(url, **request), self.vendor)
        try:
            token, seconds = found["access_token"].filled, float(found["expires_in"].value)
        except (MalformedUpdate, TypeError, ValueError) as error:
            raise Temporary(f"{self.vendor}: {error}") from error
        self.known[account.id] = (token, time.monotonic() + seconds - _EARLY)
        return token
