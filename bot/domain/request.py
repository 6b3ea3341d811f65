"""What a customer may change about a delivery: kinds, policy, cut-off, fee."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.conditions import ANY, Only, read_only
from bot.domain.consent import Purpose
from bot.domain.errors import Invalid
from bot.domain.hours import WEEKDAYS, Hours, read_hours, read_span
from bot.domain.money import Money
from bot.domain.pickup import PickupPoint, read_points
from bot.domain.quiet import Quiet, QuietHours, read_quiet
from bot.domain.shipment import Shipment, Status
from bot.domain.when import Window


class RequestKind(StrEnum):
    """What can be asked for."""

    reschedule = "reschedule"
    change_address = "change_address"
    neighbour = "neighbour"
    pickup_point = "pickup_point"
    safe_place = "safe_place"
    contactless = "contactless"
    access_note = "access_note"
    cancel = "cancel"


class RequestState(StrEnum):
    """How far a request has come."""

    draft = "draft"
    awaiting_confirmation = "awaiting_confirmation"
    requested = "requested"
    accepted = "accepted"
    rejected = "rejected"
    expired = "expired"


@dataclass(eq=False)
class DeliveryRequest:
    """A customer's wish for a delivery, from the question to the carrier's answer."""

    id: UUID
    merchant_id: UUID
    shipment_id: UUID
    conversation_id: UUID | None
    kind: RequestKind
    state: RequestState
    created_at: datetime
    decided_at: datetime | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    note: str = ""
    fee_amount: int = 0
    fee_currency: str = "EUR"
    reason: str = ""
    """Why it was rejected, in the carrier's or the policy's words."""
    policy_version: int = 0
    work_due_at: datetime | None = None
    """Until when the merchant's people have to arrange it, where no carrier takes it."""
    late_at: datetime | None = None
    """When it was noticed that they had not."""
    decided_by: UUID | None = None
    """The agent who decided it; None where the carrier did."""
    along_with: UUID | None = None
    """The change that a note for the courier was agreed to with, in one yes."""

    @property
    def is_work(self) -> bool:
        """It waits for the merchant's people."""
        return self.state is RequestState.requested and self.work_due_at is not None

    @property
    def window(self) -> Window | None:
        if self.window_start is None or self.window_end is None:
            return None
        return Window(self.window_start, self.window_end)

    @property
    def fee(self) -> Money:
        return Money(self.fee_amount, self.fee_currency)


FREE = Money(0, "EUR")


@dataclass(frozen=True)
class Rule:
    """What a merchant says about one kind of request.

    `cut_off` is how long before the expected window the last change is taken, and `latest` the
    time by the clock at the address on the day before it; `at_most` how many a parcel may have;
    from the status `until` on it is not taken any more. It is for parcels that fit `only`, and free
    for those of a value of `fee_waived_from` (minor units) and more.
    """

    allowed: bool = False
    cut_off: timedelta = timedelta()
    fee: Money = FREE
    at_most: int = 3
    until: Status | None = None
    latest: time | None = None
    only: Only = ANY
    fee_waived_from: int | None = None


@dataclass(frozen=True)
class Policy:
    """A merchant's delivery policy. Times of `slots` are wall clock times at the address."""

    version: int = 0
    rules: Mapping[RequestKind, Rule] = field(default_factory=dict[RequestKind, Rule])
    slots: tuple[tuple[time, time], ...] = ()
    days_ahead: int = 7
    weekdays: frozenset[int] = frozenset(range(6))
    """Days of delivery, Monday is 0."""
    pickup_points: tuple[PickupPoint, ...] = ()
    support_hours: Hours = field(default_factory=dict[int, tuple[time, time]])
    """When people answer, at the merchant's; empty means always."""
    quiet_hours: QuietHours = field(default_factory=dict[Purpose, Quiet])
    """The merchant's own, by purpose; for the others those of the recipient's country hold."""

    def rule(self, kind: RequestKind) -> Rule:
        return self.rules.get(kind, Rule())


@dataclass(frozen=True)
class Decision:
    """Whether a request may be made; `reason` is a wording key when it may not."""

    allowed: bool
    reason: str = ""
    fee: Money = FREE


# A parcel in these states is past being changed; the value is the reason, a wording key.
_TOO_LATE = {
    Status.delivered: "refused_delivered",
    Status.returned: "refused_returned",
    Status.returning: "refused_returned",
    Status.cancelled: "refused_cancelled",
}

# How far a parcel has come, for rules that end on the way.
_PROGRESS = {
    Status.created: 0, Status.in_transit: 1, Status.delayed: 1, Status.exception: 1,
    Status.out_for_delivery: 2, Status.attempt_failed: 2, Status.ready_for_pickup: 3,
}  # fmt: skip
_SETTINGS = (
    *("requests", "slots", "days_ahead", "weekdays", "pickup_points"),
    *("support_hours", "quiet_hours"),
)


_RULE = (
    *("allowed", "cut_off_hours", "latest", "fee", "fee_waived_from", "at_most", "until", "only"),
)


def decide(
    policy: Policy,
    kind: RequestKind,
    shipment: Shipment,
    earlier: Iterable[DeliveryRequest],
    now: datetime,
) -> Decision:
    """Say whether a kind of request may be made for a shipment now, why not, and at which fee."""
    rule = policy.rule(kind)
    if shipment.status in _TOO_LATE:
        return Decision(False, _TOO_LATE[shipment.status])
    if not rule.allowed or not rule.only.fits(shipment, ""):
        return Decision(False, "refused_not_offered")
    if rule.until is not None and _PROGRESS.get(shipment.status, 0) >= _PROGRESS[rule.until]:
        return Decision(False, "refused_under_way")
    made = [
        r for r in earlier
        if r.kind is kind and r.state in {RequestState.requested, RequestState.accepted}
    ]  # fmt: skip
    if len(made) >= rule.at_most:
        return Decision(False, "refused_too_often")
    # A window that is over holds nobody to anything: the parcel did not come.
    window = shipment.bound
    if window and _last_moment(rule, shipment, window) < now < window.end:
        return Decision(False, "refused_cut_off")
    waived = rule.fee_waived_from is not None and (
        (shipment.value_amount or 0) >= rule.fee_waived_from
    )
    return Decision(True, fee=FREE if waived else rule.fee)


def _last_moment(rule: Rule, shipment: Shipment, window: Window) -> datetime:
    by_length = window.start - rule.cut_off
    if rule.latest is None:
        return by_length
    zone = ZoneInfo(shipment.timezone)
    day_before = window.start.astimezone(zone).date() - timedelta(days=1)
    return min(by_length, datetime.combine(day_before, rule.latest, zone))


def offer_windows(policy: Policy, shipment: Shipment, now: datetime) -> list[Window]:
    """The windows a parcel may be moved to, earliest first; never today's, never its own.

    Today's run is already loaded, so the first day on offer is tomorrow.
    """
    zone = ZoneInfo(shipment.timezone)
    today = now.astimezone(zone).date()
    windows: list[Window] = []
    for ahead in range(1, policy.days_ahead + 1):
        day = today + timedelta(days=ahead)
        if day.weekday() in policy.weekdays:
            windows += [Window.on(day, start, end, zone) for start, end in policy.slots]
    return [w for w in windows if w != shipment.window]


def read_policy(document: object, version: int = 1) -> Policy:
    """Read a policy document.

    Raises:
        Invalid: names every field that is wrong.
    """
    if not isinstance(document, dict):
        raise Invalid(("policy", "must be a mapping with `requests` and `slots`"))
    data = cast("dict[str, Any]", document)
    problems = [
        (key, f"is not a setting of a policy; known: {', '.join(_SETTINGS)}")
        for key in data
        if key not in _SETTINGS
    ]
    rules = _read_rules(data.get("requests") or {}, problems)
    slots = _read_slots(data.get("slots") or [], problems)
    points = read_points(data.get("pickup_points") or [], problems)
    hours = read_hours(data.get("support_hours") or {}, "support_hours", problems)
    quiet = read_quiet(data.get("quiet_hours") or {}, problems)
    days_ahead = data.get("days_ahead", 7)
    if not isinstance(days_ahead, int) or not 1 <= days_ahead <= 60:
        problems.append(("days_ahead", "must be a number of days from 1 to 60"))
    weekdays = data.get("weekdays", list(WEEKDAYS[:6]))
    wrong = [day for day in weekdays if day not in WEEKDAYS]
    if wrong:
        known = ", ".join(WEEKDAYS)
        problems.append(("weekdays", f"{wrong[0]!r} is not a day; write one of {known}"))
    if problems:
        raise Invalid(*problems)
    days = frozenset(WEEKDAYS.index(day) for day in weekdays)
    return Policy(version, rules, tuple(slots), days_ahead, days, points, hours, quiet)


def _read_rules(
    data: Mapping[str, Mapping[str, Any]], problems: list[tuple[str, str]]
) -> dict[RequestKind, Rule]:
    rules: dict[RequestKind, Rule] = {}
    for name, rule in data.items():
        if name not in RequestKind.__members__:
            known = ", ".join(RequestKind)
            problems.append((f"requests.{name}", f"is not a kind of request; known: {known}"))
            continue
        where = f"requests.{name}"
        problems += [
            (f"{where}.{key}", f"is no setting of a rule; known: {', '.join(_RULE)}")
            for key in rule
            if key not in _RULE
        ]
        try:
            fee = rule.get("fee") or {"amount": 0, "currency": "EUR"}
            rules[RequestKind(name)] = Rule(
                allowed=bool(rule.get("allowed", True)),
                cut_off=timedelta(hours=float(rule.get("cut_off_hours", 0))),
                fee=Money(int(fee["amount"]), str(fee["currency"])),
                at_most=int(rule.get("at_most", 3)),
                until=_read_until(rule.get("until")),
                latest=time.fromisoformat(str(rule["latest"])) if "latest" in rule else None,
                only=_read_only(rule.get("only"), f"{where}.only", problems),
                fee_waived_from=int(rule["fee_waived_from"]) if "fee_waived_from" in rule else None,
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            problems.append((f"requests.{name}", f"cannot be read: {error}"))
    return rules


def _read_only(given: object, where: str, problems: list[tuple[str, str]]) -> Only:
    only = read_only(given, where, problems)
    if only.languages:
        problems.append((f"{where}.language", "a policy does not go by language"))
    return only


def _read_until(name: object) -> Status | None:
    if name is None:
        return None
    known = [str(status) for status in _PROGRESS]
    if name not in known:
        raise ValueError(f"until: {name!r} is not one of {', '.join(known)}")
    return Status(str(name))


def _read_slots(data: Iterable[Any], problems: list[tuple[str, str]]) -> list[tuple[time, time]]:
    read = [read_span(str(text), f"slots[{n}]", problems) for n, text in enumerate(data)]
    return [span for span in read if span is not None]
