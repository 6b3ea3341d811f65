"""Messaging flows: which event sends which message."""

import hashlib
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.conditions import ANY, Only
from bot.domain.ladder import Rung
from bot.domain.nearness import Near
from bot.domain.shipment import Status
from bot.domain.survey import category


@dataclass(eq=False)
class Flow:
    """A merchant's flow as it is kept: a document with a name and a version."""

    id: UUID
    merchant_id: UUID
    name: str
    version: int
    document: dict[str, Any]
    active: bool
    created_at: datetime


@dataclass(eq=False)
class FlowRun:
    """One pass through a flow for one shipment. `key` is unique: one event, one run.

    It finishes on the version that it began with: `flow_id` is of one version.
    """

    id: UUID
    merchant_id: UUID
    flow_id: UUID
    shipment_id: UUID
    key: str
    step: int
    created_at: datetime
    finished_at: datetime | None = None
    due_at: datetime | None = None
    note: str = ""
    """What the last step came to, in words a merchant understands."""
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    """What it has to remember: `variant`, `survey`, and of waits `until`, `since`, `came`, `due`."""

    def remember(self, **facts: Any) -> None:
        """Keep facts; None forgets one."""
        merged = {**self.facts, **facts}
        self.facts = {name: value for name, value in merged.items() if value is not None}

    def moment(self, name: str) -> datetime | None:
        """A remembered instant."""
        known = self.facts.get(name)
        return datetime.fromisoformat(known) if known else None


@dataclass(frozen=True)
class Trigger:
    """What starts a flow, or what has happened.

    `kind` is `status`, `window`, `verdict`, `request`, `score`, `report`, `claim`, `near` or
    `schedule`; `value` is a status (also of a schedule), `changed`, a verdict, `accepted` or
    `rejected`, a part of the scale, what a customer reported, what a carrier claims, or `courier`.
    A schedule starts it each day `at` this time by the clock where the parcel goes, a courier who
    is `within` so much time, or has at most so many `stops` to make before.
    """

    kind: str
    value: str
    at: time | None = None
    within: timedelta | None = None
    stops: int | None = None

    def near_enough(self, near: Near) -> bool:
        """Whether a courier is as near as this trigger wants."""
        minutes, stops = near.minutes, near.stops
        return (
            self.within is not None
            and minutes is not None
            and timedelta(minutes=minutes) <= self.within
        ) or (self.stops is not None and stops is not None and stops <= self.stops)

    @property
    def status(self) -> Status | None:
        """The status that a parcel must still have for what was held back to be news."""
        return Status(self.value) if self.kind in {"status", "schedule"} else None


SCORES = {"detractor": "low", "passive": "middle", "promoter": "high"}


NOT_RECEIVED = Trigger("report", "not_received")
"""The customer says that a delivered parcel is not there."""


DISPUTED = Trigger("report", "disputed")
"""The customer contradicts what a carrier says of an attempt."""


REFUSED = Trigger("claim", "refused")
"""A carrier says that the customer cancelled or refused the parcel, and nothing proves it."""


def scored(score: int) -> Trigger:
    """A survey was answered: `low` 0-6, `middle` 7-8, `high` 9-10."""
    return Trigger("score", SCORES[category(score)])


WINDOW_CHANGED = Trigger("window", "changed")
"""The window that the customer was told does not hold any more."""


class If(StrEnum):
    """How the last wait for an event must have ended for a step to be taken."""

    came = "came"
    missing = "missing"


@dataclass(frozen=True)
class Meant:
    """When a step is taken: always, unless it says otherwise."""

    _: KW_ONLY
    only_if: If | None = None
    variant: str = ""

    def meant(self, run: FlowRun) -> bool:
        """Whether a run takes this step."""
        outcome = If.came if run.facts.get("came") else If.missing
        return self.only_if in {None, outcome} and self.variant in {"", run.facts.get("variant")}


@dataclass(frozen=True)
class Send(Meant):
    """Send a worded message.

    Held back for quiet hours, it is dropped when `good_for` is over, or the parcel has moved on;
    with `while_status` it is only sent to a parcel that is there.
    """

    say: str
    purpose: str = "service"
    options: tuple[Mapping[str, str], ...] = ()
    good_for: timedelta = timedelta(hours=12)
    while_status: Status | None = None
    digest: timedelta | None = None
    """How long to gather more parcels of the same person, to tell of them in one message."""
    link: str = ""
    """What the sentence links to, in place of the tracking page."""
    ladder: tuple[Rung, ...] = ()
    """By which channels it goes, in place of the merchant's own ladder."""


@dataclass(frozen=True)
class Wait(Meant):
    """Go on later: after a time, or (`until`) when it is next so late where the parcel goes."""

    duration: timedelta = timedelta()
    until: time | None = None

    def over_at(self, now: datetime, zone: ZoneInfo, last: datetime | None = None) -> datetime:
        """When it is over, if it begins now; `last` is when the parcel stops waiting."""
        del last
        if self.until is None:
            return now + self.duration
        here = now.astimezone(zone)
        that_day = here.date() + (timedelta(days=1) if here.time() >= self.until else timedelta())
        return datetime.combine(that_day, self.until, zone).astimezone(now.tzinfo)


@dataclass(frozen=True)
class WaitFor(Meant):
    """Go on when one of the events has come since the run began, or `at_most` later without it.

    One event ends one wait of a run.
    """

    events: frozenset[Trigger]
    at_most: timedelta
    words: str
    """The events as the merchant wrote them."""


@dataclass(frozen=True)
class WaitBefore(Meant):
    """Go on when the day begins that is `days` before the last one on which a parcel waits.

    Where nobody has said until when it waits, after `otherwise`.
    """

    days: int
    otherwise: timedelta = timedelta(days=2)

    def over_at(self, now: datetime, zone: ZoneInfo, last: datetime | None = None) -> datetime:
        """When it is over, if it begins now."""
        if last is None:
            return now + self.otherwise
        day = last.astimezone(zone).date() - timedelta(days=self.days)
        return max(now, datetime.combine(day, time(), zone).astimezone(now.tzinfo))


@dataclass(frozen=True)
class AskNps(Meant):
    """Ask for a score and keep the question open for a while; the second time it is a reminder."""

    open_for: timedelta = timedelta(days=14)

    @property
    def good_for(self) -> timedelta:
        """How late it may still be asked."""
        return self.open_for


@dataclass(frozen=True)
class Escalate(Meant):
    """Give the customer's conversation to a person, under a topic."""

    topic: str


@dataclass(frozen=True)
class Tag(Meant):
    """Put tags on the shipment, for conditions and for people to see."""

    tags: tuple[str, ...]


@dataclass(frozen=True)
class Webhook(Meant):
    """Tell a system of the merchant's, by a signed POST to `url`."""

    url: str


type Step = Send | Wait | WaitFor | WaitBefore | AskNps | Escalate | Tag | Webhook

HOLDOUT = "holdout"
"""The variant that gets nothing, to compare the others with."""


@dataclass(frozen=True)
class Goal:
    """What a flow is meant to bring about, within a time of its beginning."""

    events: frozenset[Trigger]
    within: timedelta


@dataclass(frozen=True)
class Plan:
    """A flow's document, read: what starts it, for whom, and what then happens."""

    trigger: Trigger
    steps: tuple[Step, ...] = field(default_factory=tuple)
    repeat: str = "once"
    """`once` a shipment, or `each` time it happens anew."""
    only: Only = ANY
    first: bool | None = None
    """Only for a customer's first parcel from the merchant, or (False) only for later ones."""
    active: bool = True
    """Whether a merchant who has said nothing has it."""
    variants: Mapping[str, int] = field(default_factory=dict[str, int])
    """Shares of the contacts in percent, which come to 100."""
    goal: Goal | None = None

    def variant_of(self, name: str, contact_id: UUID | None) -> str:
        """The variant of a contact in the flow of a name: always the same one."""
        digest = hashlib.sha256(f"{name}:{contact_id}".encode()).digest()
        place = int.from_bytes(digest[:8]) % 100
        for variant, share in self.variants.items():
            if place < share:
                return variant
            place -= share
        return ""
