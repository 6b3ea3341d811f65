"""What a carrier is: the words in which the house and every carrier speak to each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from bot.channels.base import Account, WebhookRequest
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Status
from bot.domain.when import Window


@dataclass(frozen=True)
class CarrierEvent:
    """A tracking event as a carrier told it. `key` is unique within the carrier's account."""

    key: str
    tracking_number: str
    status: Status
    at: datetime
    code: str = ""
    description: str = ""
    window: Window | None = None
    courier_name: str | None = None
    courier_phone: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Instruction:
    """What the carrier is asked to change."""

    request_id: UUID
    tracking_number: str
    kind: RequestKind
    window: Window | None = None
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """What the carrier said to an instruction; `requested` when it has not decided yet."""

    state: RequestState
    reason: str = ""


@dataclass(frozen=True)
class CarrierCapabilities:
    """What a carrier can do; asked for instead of its name."""

    kinds: frozenset[RequestKind] = frozenset()
    """The delivery requests that it takes by its API."""


class Carrier(Protocol):
    """A carrier's API. One instance serves every account of its kind."""

    name: str
    capabilities: CarrierCapabilities

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check the webhook's signature. Raises BadSignature."""
        ...

    def parse(self, account: Account, request: WebhookRequest) -> list[CarrierEvent]:
        """Read a verified webhook. Raises MalformedUpdate with the field that is wrong."""
        ...

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Ask for a change; repeating the same `request_id` has no second effect.

        Raises Limited, Temporary, Permanent or OutcomeUnknown as a channel's `send` does.
        """
        ...

    async def close(self) -> None:
        """Close what was opened for sending; the shared HTTP session is its owner's."""
        ...
