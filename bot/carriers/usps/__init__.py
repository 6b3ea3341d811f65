"""USPS.

https://developers.usps.com/trackingv3 (Tracking, read as its published OpenAPI document 3.2.4) and
https://developers.usps.com/subscriptions-trackingv3

An account's secrets: `client_id` and `client_secret` of an app with Tracking 3, and
`webhook_secret` (with `previous_webhook_secret` while it is being rotated): the secret given when
the subscription is made (Subscriptions-Tracking 3), of 32 characters. Its options: `api_base`
(default https://apis.usps.com; https://apis-tem.usps.com for tests) and `timezone`, in which times
without offset are read; without it an event that has none is refused.

Not confirmed by a document of USPS's: what `X-HMAC` carries. HMAC-SHA256 is accepted in
hexadecimal and in base64, of the raw body, and of the message's `timestamp` followed by its
`payload` as it stands there. The latter, in base64, is how others describe it who receive these
messages (Hookdeck's usps-webhooks, github.com/hookdeck/webhook-skills); so is the `payload` being
JSON as text. Nor confirmed: how the hours of a predicted window are written, the fields of a "scan
event extract" (read like a single event), and whether a subscription is checked by a POST with a
`challenge` before it is used, as one user reports: that is refused as unreadable.

A predicted window has no offset. It is used once the parcel is out for delivery, by the clock of
that scan, or before by the option `timezone`.

USPS takes no changes from merchants by API: "USPS Package Intercept" is ordered by its page.
"""

from collections.abc import Sequence

import aiohttp

from bot.carriers.base import Answer, CarrierCapabilities, CarrierEvent, Instruction
from bot.carriers.shared import Tokens, takes_no_changes
from bot.carriers.usps import client, parse
from bot.channels.base import Account, WebhookRequest
from bot.channels.http import ANSWER_TIMEOUT, Http


class Usps:
    """USPS's Tracking API, version 3."""

    name = "usps"
    capabilities = CarrierCapabilities(estimate=True, proof=True)
    polls_per_minute = 1
    """The default quota is 60 requests an hour; ask USPS for more, and set `polls_per_minute`."""

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._http = Http(session, answer_timeout)
        self._tokens = Tokens(self._http, "usps")

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-HMAC`. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> Sequence[CarrierEvent]:
        """Read a subscription's message. Raises MalformedUpdate."""
        return parse.parse(account, request)

    async def track(self, account: Account, tracking_number: str) -> Sequence[CarrierEvent]:
        """Ask for every event of a parcel. Raises Limited, Temporary or Permanent."""
        return await client.track(self._http, self._tokens, account, tracking_number)

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Raises Permanent: it only tells."""
        return await takes_no_changes("USPS", instruction)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
