"""Delhivery, India.

https://one.delhivery.com/developer-portal/documents

An account's secrets: `api_token`; `webhook_token`, the value agreed with Delhivery for the header
`webhook_header` (option, default `X-Delhivery-Token`), and `previous_webhook_token`. Delhivery does
not sign what it pushes: the agreed header is all that proves it, so use a long random one, and
HTTPS. Its option: `api_base` (default https://track.delhivery.com).

Times come without an offset and are Indian ones. Changes are NDR actions, which Delhivery takes
only after a failed attempt: another attempt (RE-ATTEMPT) or one on a given day (DEFER_DLV). Before
that the merchant's people arrange it. "Accepted" means that Delhivery has taken the action.
"""

from collections.abc import Sequence

import aiohttp

from bot.carriers.base import Answer, CarrierCapabilities, CarrierEvent, Instruction
from bot.carriers.delhivery import client, parse
from bot.channels.base import Account, WebhookRequest
from bot.channels.http import ANSWER_TIMEOUT, Http
from bot.domain.shipment import Status


class Delhivery:
    """Delhivery's push, tracking and NDR APIs."""

    name = "delhivery"
    capabilities = CarrierCapabilities(
        kinds=client.KINDS, only_in=frozenset({Status.attempt_failed})
    )
    polls_per_minute = 100
    """750 requests in five minutes are allowed."""

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._http = Http(session, answer_timeout)

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check the agreed header. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> Sequence[CarrierEvent]:
        """Read one pushed scan."""
        return parse.parse(request)

    async def track(self, account: Account, tracking_number: str) -> Sequence[CarrierEvent]:
        """Ask for every scan of a waybill."""
        return await client.track(self._http, account, tracking_number)

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Put another attempt off to a day; to the same day again changes nothing."""
        return await client.instruct(self._http, account, instruction)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
