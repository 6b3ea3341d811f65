"""FedEx.

https://developer.fedex.com/api/en-us/catalog/track.html

An account's secrets: `client_id` and `client_secret` of a project with the Track API, and
`webhook_secret` (with `previous_webhook_secret` while it is being rotated) for Advanced Integrated
Visibility, which pushes the same results. Its option: `api_base` (default https://apis.fedex.com;
https://apis-sandbox.fedex.com for tests). Its Track API takes no changes; FedEx Delivery Manager,
which does, is for recipients and has no API for merchants.

Not confirmed: the whole envelope of a pushed message. Results are read wherever the Track API
would put them.
"""

from collections.abc import Sequence

import aiohttp

from bot.carriers.base import Answer, CarrierCapabilities, CarrierEvent, Instruction
from bot.carriers.fedex import client, parse
from bot.carriers.shared import Tokens, takes_no_changes
from bot.channels.base import Account, WebhookRequest
from bot.channels.http import ANSWER_TIMEOUT, Http


class FedEx:
    """FedEx's Track API, version 1."""

    name = "fedex"
    capabilities = CarrierCapabilities(estimate=True, proof=True)
    polls_per_minute = 60
    """FedEx allows 1,400 in ten seconds and 100,000 a day; a merchant's parcels need far less."""

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._http = Http(session, answer_timeout)
        self._tokens = Tokens(self._http, "fedex")

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `fdx-signature`. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> Sequence[CarrierEvent]:
        """Read pushed results, in whatever order they come."""
        return parse.parse(request)

    async def track(self, account: Account, tracking_number: str) -> Sequence[CarrierEvent]:
        """Ask for every scan of a parcel."""
        return await client.track(self._http, self._tokens, account, tracking_number)

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Raises Permanent: it only tells."""
        return await takes_no_changes("FedEx", instruction)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
