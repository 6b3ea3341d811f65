"""Messaging flows: which event sends which message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from bot.domain.consent import Purpose
from bot.domain.durations import read_duration
from bot.domain.errors import Invalid
from bot.domain.shipment import Status


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
    """One pass through a flow for one shipment. `key` is unique: one event, one run."""

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


@dataclass(frozen=True)
class Send:
    """Send a worded message.

    Held back for quiet hours, it is dropped when `good_for` is over, or the parcel has moved on.
    """

    say: str
    purpose: str = "service"
    options: tuple[Mapping[str, str], ...] = ()
    good_for: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class Wait:
    """Go on later."""

    duration: timedelta


@dataclass(frozen=True)
class AskNps:
    """Ask for a score and keep the question open for a while."""

    open_for: timedelta = timedelta(days=14)

    @property
    def good_for(self) -> timedelta:
        """How late it may still be asked."""
        return self.open_for


type Step = Send | Wait | AskNps


@dataclass(frozen=True)
class Plan:
    """A flow's document, read: the status that starts it and what then happens."""

    trigger: Status
    steps: tuple[Step, ...] = field(default_factory=tuple)
    repeat: str = "once"
    """`once` a shipment, or `each` time the status is reached anew."""


def read_flow(document: Mapping[str, Any]) -> Plan:
    """Read a flow's document.

    Raises:
        Invalid: names the field and the fix.
    """
    trigger: Any = cast("dict[str, Any]", document.get("trigger") or {}).get("status")
    if trigger not in Status.__members__:
        raise Invalid(
            ("trigger.status", f"{trigger!r} is not a status; known: {', '.join(Status)}")
        )
    repeat = document.get("repeat", "once")
    if repeat not in {"once", "each"}:
        raise Invalid(("repeat", "must be once or each"))
    steps = document.get("steps")
    if not isinstance(steps, list) or not steps:
        raise Invalid(("steps", "must be a list of at least one step"))
    read = (_read_step(place, step) for place, step in enumerate(cast("list[Any]", steps)))
    return Plan(Status(trigger), tuple(read), repeat)


def _read_step(place: int, step: Any) -> Step:
    where = f"steps[{place}]"
    if not isinstance(step, dict) or len(cast("dict[str, Any]", step)) != 1:
        raise Invalid((where, "must have exactly one of: send, wait, ask_nps"))
    ((verb, body),) = cast("dict[str, Any]", step).items()
    if verb == "send":
        if not isinstance(body, dict) or "say" not in body:
            raise Invalid((f"{where}.send.say", "must name a wording key"))
        settings = cast("dict[str, Any]", body)
        purpose = settings.get("purpose", "service")
        if purpose not in Purpose.__members__:
            known = ", ".join(Purpose)
            raise Invalid((f"{where}.send.purpose", f"{purpose!r} is none; known: {known}"))
        return Send(
            str(settings["say"]),
            str(purpose),
            tuple(settings.get("options") or ()),
            read_duration(f"{where}.send.good_for", settings.get("good_for", "12h")),
        )
    if verb == "wait":
        return Wait(read_duration(f"{where}.wait", body))
    if verb == "ask_nps":
        settings = cast("dict[str, Any]", body or {})
        return AskNps(read_duration(f"{where}.ask_nps.open_for", settings.get("open_for", "14d")))
    raise Invalid((f"{where}.{verb}", "is not a step; known: send, wait, ask_nps"))
