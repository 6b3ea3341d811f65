"""EasyPost, for the hundred carriers that it follows.

https://docs.easypost.com/docs/trackers

An account's secrets: `webhook_secret` (with `previous_webhook_secret` while it is being rotated)
and `api_key`. Its options: `api_base` (default https://api.easypost.com/v2), and `timezone`, where
the parcels go ("America/Chicago"): estimates come as dates, which without it are not read. It only
tells.
"""

from collections.abc import Sequence

import aiohttp

from bot.carriers.base import Answer, CarrierCapabilities, CarrierEvent, Instruction
from bot.carriers.easypost import client, parse
from bot.carriers.shared import takes_no_changes
from bot.channels.base import Account, WebhookRequest
from bot.channels.http import ANSWER_TIMEOUT, Http


class EasyPost:
    """EasyPost's trackers."""

    name = "easypost"
    capabilities = CarrierCapabilities(estimate=True, proof=True)
    polls_per_minute = 60

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._http = Http(session, answer_timeout)

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-Hmac-Signature`. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> Sequence[CarrierEvent]:
        """Read a tracker's details; events about anything else say nothing of a parcel."""
        return parse.parse(account, request)

    async def track(self, account: Account, tracking_number: str) -> Sequence[CarrierEvent]:
        """Ask for every detail of a parcel."""
        return await client.track(self._http, account, tracking_number)

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Raises Permanent: it only tells."""
        return await takes_no_changes("EasyPost", instruction)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
