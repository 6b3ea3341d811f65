"""Samsara: where a fleet's vehicles are.

https://developers.samsara.com/docs

It knows vehicles and no parcels: a parcel is on the vehicle that its last event names, by another
carrier or by the merchant's own webhook. An account's secrets: `api_token`; `webhook_secret`
(base64, as Samsara shows it) and `previous_webhook_secret` while it is being rotated. Its option:
`api_base` (default https://api.samsara.com).

The signature is made over `v1:{timestamp}:{body}`; the vendor's own client checks another scheme.
"""

from collections.abc import Sequence

import aiohttp

from bot.carriers.base import (
    Answer,
    CarrierCapabilities,
    Instruction,
    VehiclePosition,
)
from bot.carriers.samsara import client, parse
from bot.carriers.shared import takes_no_changes
from bot.channels.base import Account, WebhookRequest
from bot.channels.http import ANSWER_TIMEOUT, Http


class Samsara:
    """Samsara's webhooks and vehicle statistics."""

    name = "samsara"
    capabilities = CarrierCapabilities(position=True)

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._http = Http(session, answer_timeout)

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-Samsara-Signature`. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> Sequence[VehiclePosition]:
        """Read an event; one that tells no position says nothing."""
        return parse.parse(request)

    async def positions(self, account: Account) -> Sequence[VehiclePosition]:
        """Ask where every vehicle is."""
        return await client.positions(self._http, account)

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Raises Permanent: it only tells."""
        return await takes_no_changes("Samsara", instruction)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
