"""Messaging flows: which event sends which message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.attempt import Verdict
from bot.domain.conditions import ANY, Only, read_only
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


@dataclass(frozen=True)
class Trigger:
    """What starts a flow, or what has happened: `kind` is `status`, `window` or `verdict`.

    `value` is a status, `changed`, or a verdict.
    """

    kind: str
    value: str

    @property
    def status(self) -> Status | None:
        return Status(self.value) if self.kind == "status" else None


WINDOW_CHANGED = Trigger("window", "changed")
"""The window that the customer was told does not hold any more."""


@dataclass(frozen=True)
class Send:
    """Send a worded message.

    Held back for quiet hours, it is dropped when `good_for` is over, or the parcel has moved on;
    with `while_status` it is only sent to a parcel that is there.
    """

    say: str
    purpose: str = "service"
    options: tuple[Mapping[str, str], ...] = ()
    good_for: timedelta = timedelta(hours=12)
    while_status: Status | None = None


@dataclass(frozen=True)
class Wait:
    """Go on later: after a time, or (`until`) when it is next so late where the parcel goes."""

    duration: timedelta = timedelta()
    until: time | None = None

    def over_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When it is over, if it begins now."""
        if self.until is None:
            return now + self.duration
        here = now.astimezone(zone)
        that_day = here.date() + (timedelta(days=1) if here.time() >= self.until else timedelta())
        return datetime.combine(that_day, self.until, zone).astimezone(now.tzinfo)


@dataclass(frozen=True)
class AskNps:
    """Ask for a score and keep the question open for a while."""

    open_for: timedelta = timedelta(days=14)

    @property
    def good_for(self) -> timedelta:
        """How late it may still be asked."""
        return self.open_for


@dataclass(frozen=True)
class Escalate:
    """Give the customer's conversation to a person, under a topic."""

    topic: str


type Step = Send | Wait | AskNps | Escalate


@dataclass(frozen=True)
class Plan:
    """A flow's document, read: what starts it, for whom, and what then happens."""

    trigger: Trigger
    steps: tuple[Step, ...] = field(default_factory=tuple)
    repeat: str = "once"
    """`once` a shipment, or `each` time it happens anew."""
    only: Only = ANY
    active: bool = True
    """Whether a merchant who has said nothing has it."""


_SETTINGS = ("trigger", "repeat", "only", "steps", "active", "about")


def read_flow(document: Mapping[str, Any]) -> Plan:
    """Read a flow's document.

    Raises:
        Invalid: names every field that is wrong, and the fix.
    """
    problems: list[tuple[str, str]] = [
        (str(key), f"is no setting of a flow; known: {', '.join(_SETTINGS)}")
        for key in document
        if key not in _SETTINGS
    ]
    trigger = _read_trigger(document.get("trigger"), problems)
    repeat = document.get("repeat", "once")
    if repeat not in {"once", "each"}:
        problems.append(("repeat", "must be once or each"))
    active = document.get("active", True)
    if not isinstance(active, bool):
        problems.append(("active", "must be true or false"))
    only = read_only(document.get("only"), "only", problems)
    steps = _read_steps(document.get("steps"), problems)
    if problems:
        raise Invalid(*problems)
    return Plan(trigger, steps, str(repeat), only, bool(active))


def _read_trigger(given: object, problems: list[tuple[str, str]]) -> Trigger:
    known: dict[str, tuple[str, ...]] = {
        "status": tuple(Status),
        "window": ("changed",),
        "verdict": tuple(Verdict),
    }
    table = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    if len(table) != 1 or next(iter(table)) not in known:
        problems.append(("trigger", f"must have exactly one of: {', '.join(known)}"))
        return WINDOW_CHANGED
    ((kind, value),) = table.items()
    if value not in known[kind]:
        words = ", ".join(known[kind])
        problems.append((f"trigger.{kind}", f"{value!r} is none; known: {words}"))
    return Trigger(kind, str(value))


def _read_steps(given: object, problems: list[tuple[str, str]]) -> tuple[Step, ...]:
    if not isinstance(given, list) or not given:
        problems.append(("steps", "must be a list of at least one step"))
        return ()
    read: list[Step] = []
    for place, step in enumerate(cast("list[Any]", given)):
        try:
            read.append(_read_step(place, step))
        except Invalid as error:
            problems += error.problems
    return tuple(read)


def _read_step(place: int, step: Any) -> Step:
    where = f"steps[{place}]"
    if not isinstance(step, dict) or len(cast("dict[str, Any]", step)) != 1:
        raise Invalid((where, f"must have exactly one of: {', '.join(_STEPS)}"))
    ((verb, body),) = cast("dict[str, Any]", step).items()
    if verb not in _STEPS:
        raise Invalid((f"{where}.{verb}", f"is not a step; known: {', '.join(_STEPS)}"))
    return _STEPS[verb](f"{where}.{verb}", body)


def _read_send(where: str, body: Any) -> Send:
    if not isinstance(body, dict) or "say" not in body:
        raise Invalid((f"{where}.say", "must name a wording key"))
    settings = cast("dict[str, Any]", body)
    purpose = settings.get("purpose", "service")
    if purpose not in Purpose.__members__:
        known = ", ".join(Purpose)
        raise Invalid((f"{where}.purpose", f"{purpose!r} is none; known: {known}"))
    status = settings.get("while")
    if status is not None and status not in Status.__members__:
        known = ", ".join(Status)
        raise Invalid((f"{where}.while", f"{status!r} is not a status; known: {known}"))
    return Send(
        str(settings["say"]),
        str(purpose),
        tuple(settings.get("options") or ()),
        read_duration(f"{where}.good_for", settings.get("good_for", "12h")),
        Status(status) if status else None,
    )


def _read_wait(where: str, body: Any) -> Wait:
    if not isinstance(body, dict):
        return Wait(read_duration(where, body))
    until = str(cast("dict[str, Any]", body).get("until", ""))
    try:
        return Wait(until=time.fromisoformat(until))
    except ValueError:
        raise Invalid((f"{where}.until", f'{until!r} must be a time in quotes: "09:00"')) from None


def _read_ask(where: str, body: Any) -> AskNps:
    settings = cast("dict[str, Any]", body or {})
    return AskNps(read_duration(f"{where}.open_for", settings.get("open_for", "14d")))


def _read_escalate(where: str, body: Any) -> Escalate:
    if not isinstance(body, str) or not body:
        raise Invalid((where, "must name the topic, as in escalate: dispute_attempt"))
    return Escalate(body)


_STEPS = {
    "send": _read_send,
    "wait": _read_wait,
    "ask_nps": _read_ask,
    "escalate": _read_escalate,
}
