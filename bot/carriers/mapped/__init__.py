"""A signed webhook of any shape, read by a mapping in YAML: for fleets without an API of their own.

Robots, drones, lockers, route planners' exports, regional carriers: docs/carriers.md shows
whole mappings. An account's option `mapping` holds the YAML; its secrets are `secret`, and
`previous_secret` while it is being rotated.
"""

from collections.abc import Sequence

import aiohttp

from bot.carriers.base import Answer, CarrierCapabilities, CarrierEvent, Instruction
from bot.carriers.mapped import parse
from bot.carriers.shared import takes_no_changes
from bot.channels.base import Account, WebhookRequest


class Mapped:
    """Whoever posts JSON or CSV about parcels."""

    name = "mapped"
    capabilities = CarrierCapabilities(
        estimate=True, position=True, proof=True, courier_contact=True
    )

    def __init__(self, session: aiohttp.ClientSession) -> None:
        del session  # it never calls anybody

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check the signature or token that the mapping names. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> Sequence[CarrierEvent]:
        """Read the events by the mapping. Raises MalformedUpdate with the sender's own field."""
        return parse.parse(account, request)

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Raises Permanent: it only listens."""
        return await takes_no_changes("the mapped webhook", instruction)

    async def close(self) -> None:
        """Nothing is held open."""
