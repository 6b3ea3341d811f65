"""Reading a flow's document: whole, or every wrong field named with its fix."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from typing import Any, cast
from uuid import UUID

from bot.domain.attempt import Verdict
from bot.domain.conditions import Only, read_only
from bot.domain.consent import Purpose
from bot.domain.durations import read_duration
from bot.domain.errors import Invalid
from bot.domain.flow import (
    HOLDOUT,
    SCORES,
    WINDOW_CHANGED,
    AskNps,
    Escalate,
    Flow,
    Goal,
    If,
    Plan,
    Send,
    Step,
    Tag,
    Trigger,
    Wait,
    WaitBefore,
    WaitFor,
    Webhook,
)
from bot.domain.ladder import read_ladder
from bot.domain.shipment import Status

_TRIGGERS: dict[str, tuple[str, ...]] = {
    "status": tuple(Status),
    "window": ("changed",),
    "verdict": tuple(Verdict),
    "request": ("accepted", "rejected"),
    "score": tuple(SCORES.values()),
    "report": ("not_received", "disputed"),
    "claim": ("refused",),
}
_EVENTS = {
    "scored": frozenset(Trigger("score", value) for value in SCORES.values()),
    **{
        value: frozenset({Trigger(kind, value)})
        for kind in ("status", "verdict", "request")
        for value in _TRIGGERS[kind]
    },
}
"""What may be waited for, by one word; the words of different kinds differ."""
_WHOLE = 100
_NEARLY_THERE, _MOST = 15, 240
"""Minutes, where a flow does not say; and as many minutes or stops as it may say."""

_SETTINGS = ("trigger", "repeat", "only", "steps", "variants", "goal", "active", "about")


_KNOWN: dict[UUID, tuple[Mapping[str, Any], Plan]] = {}
_AT_MOST = 10_000


def plan_of(flow: Flow) -> Plan:
    """What a kept flow's document comes to; read once, and again when it has been written over."""
    known = _KNOWN.get(flow.id)
    if known is not None and known[0] == flow.document:
        return known[1]
    if len(_KNOWN) >= _AT_MOST:
        _KNOWN.clear()
    plan = read_flow(flow.document)
    _KNOWN[flow.id] = (flow.document, plan)
    return plan


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
    only, first = _read_only(document.get("only"), problems)
    variants = _read_variants(document.get("variants"), problems)
    goal = _read_goal(document.get("goal"), problems)
    steps = _read_steps(document.get("steps"), problems)
    problems += [
        (f"steps[{place}].variant", f"{step.variant!r} is none of variants")
        for place, step in enumerate(steps)
        if step.variant and step.variant not in variants
    ]
    if problems:
        raise Invalid(*problems)
    return Plan(trigger, steps, str(repeat), only, first, bool(active), variants, goal)


def _read_only(given: object, problems: list[tuple[str, str]]) -> tuple[Only, bool | None]:
    """For which parcels it is, and whether for a customer's first one, or for later ones."""
    if not isinstance(given, dict):
        return read_only(given, "only", problems), None
    table = dict(cast("dict[str, Any]", given))
    first = table.pop("first_parcel", None)
    if first is not None and not isinstance(first, bool):
        problems.append(("only.first_parcel", "must be true or false"))
        first = None
    return read_only(table, "only", problems, ("first_parcel",)), first


def _read_trigger(given: object, problems: list[tuple[str, str]]) -> Trigger:
    table = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    if len(table) != 1 or next(iter(table)) not in {*_TRIGGERS, *_WITH_SETTINGS}:
        known = ", ".join((*_TRIGGERS, *_WITH_SETTINGS))
        problems.append(("trigger", f"must have exactly one of: {known}"))
        return WINDOW_CHANGED
    ((kind, value),) = table.items()
    if kind in _WITH_SETTINGS:
        return _WITH_SETTINGS[kind](value, problems)
    if value not in _TRIGGERS[kind]:
        words = ", ".join(_TRIGGERS[kind])
        problems.append((f"trigger.{kind}", f"{value!r} is none; known: {words}"))
    return Trigger(kind, str(value))


def _read_schedule(given: object, problems: list[tuple[str, str]]) -> Trigger:
    table = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    status, at = table.get("status"), table.get("at")
    if set(table) != {"status", "at"} or status not in Status.__members__:
        known = ", ".join(Status)
        says = f'must be {{at: "09:00", status: one of {known}}}'
        problems.append(("trigger.schedule", says))
        return WINDOW_CHANGED
    try:
        return Trigger("schedule", str(status), time.fromisoformat(str(at)))
    except ValueError:
        problems.append(("trigger.schedule.at", f'{at!r} must be a time in quotes: "09:00"'))
        return WINDOW_CHANGED


def _read_near(given: object, problems: list[tuple[str, str]]) -> Trigger:
    table = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    wanted = {name: table.get(name) for name in ("minutes", "stops")}
    right = all(value is None or _is_count(value) for value in wanted.values())
    if given is not None and (not isinstance(given, dict) or set(table) - set(wanted) or not right):
        says = "must be {minutes: 15} or {stops: 2}, or both: whole numbers"
        problems.append(("trigger.near", says))
        return WINDOW_CHANGED
    minutes, stops = wanted["minutes"], wanted["stops"]
    if minutes is None and stops is None:
        minutes = _NEARLY_THERE
    within = None if minutes is None else timedelta(minutes=minutes)
    return Trigger("near", "courier", within=within, stops=stops)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST


_WITH_SETTINGS = {"near": _read_near, "schedule": _read_schedule}
"""Triggers that are more than one word, and how they are read."""


def _read_variants(given: object, problems: list[tuple[str, str]]) -> dict[str, int]:
    if given is None:
        return {}
    table = cast("dict[Any, Any]", given) if isinstance(given, dict) else {}
    whole = all(isinstance(share, int) and share >= 0 for share in table.values())
    if not table or not whole or sum(table.values()) != _WHOLE:
        says = f"must be shares in percent that come to 100, as in {{a: 45, b: 45, {HOLDOUT}: 10}}"
        problems.append(("variants", says))
        return {}
    return {str(name): share for name, share in table.items()}


def _read_goal(given: object, problems: list[tuple[str, str]]) -> Goal | None:
    if given is None:
        return None
    table = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    if set(table) != {"for", "within"}:
        problems.append(("goal", "must be like {for: scored, within: 3d}"))
        return None
    try:
        within = read_duration("goal.within", table["within"])
        return Goal(_read_events("goal.for", table["for"]), within)
    except Invalid as error:
        problems += error.problems
        return None


def _read_events(where: str, given: object) -> frozenset[Trigger]:
    words = _listed(given)
    wrong = [word for word in words if word not in _EVENTS]
    if wrong or not words:
        said = f"{wrong[0]!r} is no event" if wrong else "names no event"
        raise Invalid((where, f"{said}; known: {', '.join(_EVENTS)}"))
    return frozenset(event for word in words for event in _EVENTS[str(word)])


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
    table = dict(cast("dict[str, Any]", step)) if isinstance(step, dict) else {}
    only_if, variant = table.pop("if", None), str(table.pop("variant", ""))
    if len(table) != 1:
        raise Invalid((where, f"must have exactly one of: {', '.join(_STEPS)}"))
    ((verb, body),) = table.items()
    if verb not in _STEPS:
        raise Invalid((f"{where}.{verb}", f"is not a step; known: {', '.join(_STEPS)}"))
    if only_if is not None and only_if not in If.__members__:
        raise Invalid((f"{where}.if", f"{only_if!r} must be {' or '.join(If)}"))
    read: Step = _STEPS[verb](f"{where}.{verb}", body)
    return replace(read, only_if=If(only_if) if only_if else None, variant=variant)


_OF_SEND = ("say", "purpose", "options", "good_for", "while", "digest", "link", "ladder")


def _read_send(where: str, body: Any) -> Send:
    if not isinstance(body, dict) or "say" not in body:
        raise Invalid((f"{where}.say", "must name a wording key"))
    settings = cast("dict[str, Any]", body)
    _only_these(where, settings, *_OF_SEND)
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
        _read_options(f"{where}.options", settings.get("options") or []),
        read_duration(f"{where}.good_for", settings.get("good_for", "12h")),
        Status(status) if status else None,
        read_duration(f"{where}.digest", settings["digest"]) if "digest" in settings else None,
        str(settings.get("link", "")),
        tuple(read_ladder(_listed(settings.get("ladder") or []), f"{where}.ladder")),
    )


def _read_options(where: str, given: object) -> tuple[Mapping[str, str], ...]:
    """The choices that go along: what each says, and what the engine hears when it is taken."""
    read: list[Mapping[str, str]] = []
    for place, one in enumerate(_listed(given)):
        option = cast("dict[str, Any]", one) if isinstance(one, dict) else {}
        payload = option.get("payload")
        if set(option) != {"key", "payload"} or not str(payload).startswith("/"):
            says = "must be like {key: option_human, payload: /talk_to_human}"
            raise Invalid((f"{where}[{place}]", says))
        read.append({"key": str(option["key"]), "payload": str(payload)})
    return tuple(read)


def _read_wait(where: str, body: Any) -> Wait | WaitFor | WaitBefore:
    if not isinstance(body, dict):
        return Wait(read_duration(where, body))
    table = cast("dict[str, Any]", body)
    if "for" in table:
        _only_these(where, table, "for", "at_most")
        events = _read_events(f"{where}.for", table["for"])
        at_most = read_duration(f"{where}.at_most", table.get("at_most"))
        return WaitFor(events, at_most, " or ".join(map(str, _listed(table["for"]))))
    if "before_last_day" in table:
        _only_these(where, table, "before_last_day", "else")
        days = read_duration(f"{where}.before_last_day", table["before_last_day"]).days
        return WaitBefore(days, read_duration(f"{where}.else", table.get("else", "2d")))
    _only_these(where, table, "until")
    until = str(table.get("until", ""))
    try:
        return Wait(until=time.fromisoformat(until))
    except ValueError:
        raise Invalid((f"{where}.until", f'{until!r} must be a time in quotes: "09:00"')) from None


def _listed(given: object) -> list[Any]:
    return cast("list[Any]", given) if isinstance(given, list) else [given]


def _only_these(where: str, table: Mapping[str, Any], *known: str) -> None:
    for name in table:
        if name not in known:
            raise Invalid((f"{where}.{name}", f"is no setting of it; known: {', '.join(known)}"))


def _read_ask(where: str, body: Any) -> AskNps:
    if body is not None and not isinstance(body, dict):
        raise Invalid((where, "must be empty, or like {open_for: 14d}"))
    settings = cast("dict[str, Any]", body or {})
    _only_these(where, settings, "open_for")
    return AskNps(read_duration(f"{where}.open_for", settings.get("open_for", "14d")))


def _read_escalate(where: str, body: Any) -> Escalate:
    if not isinstance(body, str) or not body:
        raise Invalid((where, "must name the topic, as in escalate: dispute_attempt"))
    return Escalate(body)


def _read_tag(where: str, body: Any) -> Tag:
    tags = _listed(body)
    if not tags or not all(isinstance(tag, str) and tag for tag in tags):
        raise Invalid((where, "must be a word, or a list of words"))
    return Tag(tuple(tags))


def _read_webhook(where: str, body: Any) -> Webhook:
    if not isinstance(body, str) or not body.startswith(("https://", "http://")):
        raise Invalid((where, "must be the URL to call, as in https://shop.example/doorstep"))
    return Webhook(body)


_STEPS = {
    "send": _read_send,
    "wait": _read_wait,
    "ask_nps": _read_ask,
    "escalate": _read_escalate,
    "tag": _read_tag,
    "webhook": _read_webhook,
}
