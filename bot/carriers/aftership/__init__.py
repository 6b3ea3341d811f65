"""AfterShip, for the hundreds of carriers that it follows.

https://www.aftership.com/docs/tracking

An account's secrets: `webhook_secret` (with `previous_webhook_secret` while it is being rotated)
and `api_key`. Its options: `api_base` (default https://api.aftership.com/tracking/2024-10), and
`timezone`, where the parcels go ("Europe/Paris"): estimates come as dates, which without it are not
read. The carrier is AfterShip's `slug`, kept with every event. It only tells.
"""

from collections.abc import Sequence

import aiohttp

from bot.carriers.aftership import client, parse
from bot.carriers.base import Answer, CarrierCapabilities, CarrierEvent, Instruction
from bot.carriers.shared import takes_no_changes
from bot.channels.base import Account, WebhookRequest
from bot.channels.http import ANSWER_TIMEOUT, Http


class AfterShip:
    """AfterShip Tracking."""

    name = "aftership"
    capabilities = CarrierCapabilities(estimate=True, position=True, proof=True)
    polls_per_minute = 120
    """10 requests a second are allowed for an organisation; most is left to others."""

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._http = Http(session, answer_timeout)

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `aftership-hmac-sha256`. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> Sequence[CarrierEvent]:
        """Read a tracking's checkpoints."""
        return parse.parse(account, request)

    async def track(self, account: Account, tracking_number: str) -> Sequence[CarrierEvent]:
        """Ask for every checkpoint of a parcel."""
        return await client.track(self._http, account, tracking_number)

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Raises Permanent: it only tells."""
        return await takes_no_changes("AfterShip", instruction)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
