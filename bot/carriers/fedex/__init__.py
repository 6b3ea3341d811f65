"""FedEx.

https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html (Basic Integrated Visibility),
https://developer.fedex.com/api/en-us/catalog/shipment-visibility-webhook/docs.html (Advanced)
and https://developer.fedex.com/api/en-us/guides/webhook-developer-guide.html

An account's secrets: `client_id` and `client_secret` of a project with the Track API, and
`webhook_secret` (with `previous_webhook_secret` while it is being rotated): the security token of
the webhook's project, which pushes the same results. Its options: `api_base` (default
https://apis.fedex.com; https://apis-sandbox.fedex.com for tests) and `timezone`, in which times
without offset are read; without it a scan that has no offset is refused, and a window that has
none is not used.

What its documents say and this relies on: events are pushed out of order, so each counts by the
time of its scan; and one scan is pushed again whenever the estimate or the proof of delivery
changes, so those are told apart from the scan itself (see `bot.carriers.estimates`).

Not confirmed: what the members of `outputMetaData` are called (see `parse`); whether the digest
is of the body as it is sent, since one of FedEx's pages speaks of "hex encoding the payload" and
its FAQ does not; most exception codes, of which only those in FedEx's samples count as attempts.
An estimate that goes back to what it was before, with no scan between, is not heard.

Its Track API takes no changes; FedEx Delivery Manager, which does, is for recipients and has no
API for merchants. Photographs and signatures are documents to be fetched apart: not done here.
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
        """Read pushed results, in whatever order they come. Raises MalformedUpdate."""
        return parse.parse(account, request)

    async def track(self, account: Account, tracking_number: str) -> Sequence[CarrierEvent]:
        """Ask for every scan of a parcel. Raises Limited, Temporary or Permanent."""
        return await client.track(self._http, self._tokens, account, tracking_number)

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Raises Permanent: it only tells."""
        return await takes_no_changes("FedEx", instruction)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
