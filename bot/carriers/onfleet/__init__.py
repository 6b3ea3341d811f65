"""Onfleet: last-mile fleets.

https://docs.onfleet.com/reference/

A shipment's tracking number is the task's short id. An account's secrets: `api_key`,
`webhook_secret` (hexadecimal, from the dashboard) and `previous_webhook_secret` while it is being
rotated. Its option: `api_base` (default https://onfleet.com/api/v2).

Webhooks, one per trigger, go to `/webhooks/carriers/<account>`: taskCreated, taskStarted, taskEta,
taskArrival, taskDelayed, taskCompleted, taskFailed, taskUpdated, taskDeleted. Onfleet checks the
address first with `?check=`, which is echoed.
"""

from collections.abc import Sequence

import aiohttp

from bot.carriers.base import Answer, CarrierCapabilities, CarrierEvent, Instruction
from bot.carriers.onfleet import client, parse
from bot.channels.base import Account, WebhookAnswer, WebhookRequest
from bot.channels.http import ANSWER_TIMEOUT, Http


class Onfleet:
    """Onfleet's API, version 2."""

    name = "onfleet"
    capabilities = CarrierCapabilities(
        kinds=client.KINDS, estimate=True, position=True, proof=True, courier_contact=True
    )
    polls_per_minute = 60
    """The published limit is 20 requests a second for an organisation; most is left to others."""

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._http = Http(session, answer_timeout)

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-Onfleet-Signature`. Raises BadSignature."""
        parse.verify(account, request)

    def challenge(self, account: Account, request: WebhookRequest) -> WebhookAnswer:
        """Echo `check`, as Onfleet wants before it uses an address."""
        return WebhookAnswer(body=request.query.get("check", "")[:200])

    def parse(self, account: Account, request: WebhookRequest) -> Sequence[CarrierEvent]:
        """Read one trigger; those about workers alone say nothing of a parcel."""
        return parse.parse(request)

    async def track(self, account: Account, tracking_number: str) -> Sequence[CarrierEvent]:
        """Ask for a task as it stands; Onfleet keeps no history of it."""
        return await client.track(self._http, account, tracking_number)

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Change the task. Setting it to the same again changes nothing."""
        return await client.instruct(self._http, account, instruction)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
