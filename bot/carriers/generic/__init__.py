"""The generic signed carrier: for those without an API of their own, and for the merchant's.

An account's secrets: `secret`, and `previous_secret` while it is being rotated; it signs in
both directions, `X-Doorstep-Signature: sha256=<hex HMAC-SHA256 of the raw body>`. Its
option: `api_base`, to which `POST {api_base}/requests` takes changes: `{"request_id",
"tracking_number", "kind", "window": {"from", "to"} or null, "note"}`, for a pick-up point with its id in
`point`, and with `place` ({"latitude", "longitude"}) where that is known.

Webhook: `{"events": [{"id", "tracking_number", "status", "code", "description", "at",
"window": {"from", "to"}, "courier": {"name", "phone", "id"}, "location": {"latitude", "longitude"},
"depot", "vehicle", "calls", "minutes_away", "stops_away", "handover", "proof": {"signed_by", "photo_url", "left_at", "code_checked"},
"collect": {"place", "code", "until", "link", "hours"}}]}`; what is not known may be null or missing.
"""

import aiohttp

from bot.carriers.base import Answer, CarrierCapabilities, CarrierEvent, Instruction
from bot.carriers.generic import client, parse
from bot.channels.base import Account, WebhookRequest
from bot.channels.http import ANSWER_TIMEOUT, Http
from bot.domain.request import RequestKind


class GenericCarrier:
    """A carrier that speaks the house's own format."""

    name = "generic"
    capabilities = CarrierCapabilities(kinds=frozenset(RequestKind))

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._http = Http(session, answer_timeout)

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-Doorstep-Signature`. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> list[CarrierEvent]:
        """Read the events; all or, when one is wrong, none. Raises MalformedUpdate."""
        return parse.parse(request)

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Ask for a change; the carrier keeps `request_id` apart from its repetition."""
        return await client.instruct(self._http, account, instruction)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
