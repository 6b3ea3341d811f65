"""What a customer may change about a delivery: kinds, policy, cut-off, fee."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.answers import plain
from bot.domain.area import Area
from bot.domain.conditions import ANY, Only
from bot.domain.consent import Purpose
from bot.domain.hours import Hours
from bot.domain.money import Money
from bot.domain.pickup import PickupPoint
from bot.domain.places import read_place
from bot.domain.quiet import Quiet, QuietHours
from bot.domain.shipment import Handover, Shipment, Status
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


_HANDED_OVER = {
    RequestKind.neighbour: Handover.neighbour,
    RequestKind.pickup_point: Handover.shop,
    RequestKind.change_address: Handover.courier,
    RequestKind.safe_place: Handover.courier,
    RequestKind.contactless: Handover.courier,
}


def handed_over(kind: RequestKind, before: Handover) -> Handover:
    """How a parcel changes hands once a change of a kind is accepted.

    What a robot or a drone brings goes on being brought by it.
    """
    return before if before.by_itself else _HANDED_OVER.get(kind, before)


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
    point: str = ""
    """The id of the pick-up point that it is to go to."""
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
    from the status `until` on it is not taken any more, nor when the courier, on the way, has at most
    `until_stops` stops to make before. It is for parcels that fit `only`. It is
    free for those of a value of `fee_waived_from` (minor units) and more, for those that fit
    `fee_waived_for`, and with `first_free` for a customer's first parcel.
    """

    allowed: bool = False
    cut_off: timedelta = timedelta()
    fee: Money = FREE
    at_most: int = 3
    until: Status | None = None
    until_stops: int | None = None
    latest: time | None = None
    only: Only = ANY
    fee_waived_from: int | None = None
    fee_waived_for: Only | None = None
    first_free: bool = False
    area: Area | None = None
    """Where a new address may be."""
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The safe places that are taken, each with other words for it; empty means any."""
    otp: bool = False
    """Whether it is made only with a code that the parcel's own contact is sent."""


type Slots = tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class Policy:
    """A merchant's delivery policy. Times of `slots` are wall clock times at the address."""

    version: int = 0
    rules: Mapping[RequestKind, Rule] = field(default_factory=dict[RequestKind, Rule])
    slots: Mapping[int, Slots] = field(default_factory=dict[int, Slots])
    """By weekday, Monday is 0."""
    days_ahead: int = 7
    weekdays: frozenset[int] = frozenset(range(6))
    """Days of delivery, Monday is 0."""
    holidays: bool = False
    """Whether there is delivery on public holidays of the country it goes to."""
    pickup_points: tuple[PickupPoint, ...] = ()
    support_hours: Hours = field(default_factory=dict[int, tuple[time, time]])
    """When people answer, at the merchant's; empty means always."""
    quiet_hours: QuietHours = field(default_factory=dict[Purpose, Quiet])
    """The merchant's own, by purpose; for the others those of the recipient's country hold."""

    def rule(self, kind: RequestKind) -> Rule:
        return self.rules.get(kind, Rule())


@dataclass(frozen=True)
class Decision:
    """Whether a request may be made; `reason` is a wording key when it may not.

    `rule` is what decided, by its place in the policy's document (`requests.cancel.only.country`),
    or `status`, `attempts` where that is not the policy. `facts` are what the reason's words need.
    """

    allowed: bool
    reason: str = ""
    fee: Money = FREE
    rule: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Known:
    """What a decision takes into account besides the parcel and its requests."""

    disputed: bool = False
    """A failed attempt is in dispute: another try costs nothing."""
    first: bool = False
    """It is the customer's first parcel from this merchant."""
    stops: int | None = None
    """How many stops the courier on the way makes before; None where nobody tells."""


_NOTHING = Known()

# A parcel in these states is past being changed; the value is the reason, a wording key.
_TOO_LATE = {
    Status.delivered: "refused_delivered",
    Status.returned: "refused_returned",
    Status.returning: "refused_returned",
    Status.cancelled: "refused_cancelled",
}
# Nobody brings it to the door any more: what is left is not to have it, or to have it elsewhere.
_OF_WHAT_WAITS = frozenset(
    {RequestKind.cancel, RequestKind.change_address, RequestKind.pickup_point}
)
# A robot or a drone goes nowhere else.
_OF_WHAT_IS_OUTSIDE = frozenset({RequestKind.cancel})

PROGRESS = {
    Status.created: 0, Status.in_transit: 1, Status.delayed: 1, Status.exception: 1,
    Status.out_for_delivery: 2, Status.attempt_failed: 2, Status.ready_for_pickup: 3,
}  # fmt: skip
"""How far a parcel has come, for rules that end on the way."""


def decide(
    policy: Policy,
    kind: RequestKind,
    shipment: Shipment,
    earlier: Iterable[DeliveryRequest],
    now: datetime,
    known: Known = _NOTHING,
    *,
    words: str | None = None,
) -> Decision:
    """Say whether a kind of request may be made for a shipment now, why not, and at which fee.

    The one place where that is decided: a pure function, so that anybody can ask it why.

    Args:
        words: the new address or the safe place; None while it is not known yet.
    """
    against = _against(policy, kind, shipment, earlier, now, known)
    refused = next(against, None)
    rule = policy.rule(kind)
    if refused is None and words is not None:
        refused = _refused_words(rule, kind, shipment, words)
    return refused or _priced(rule, kind, shipment, known)


def _against(
    policy: Policy,
    kind: RequestKind,
    shipment: Shipment,
    earlier: Iterable[DeliveryRequest],
    now: datetime,
    known: Known,
) -> Iterator[Decision]:
    """All that speaks against a kind of request, the plainest first."""
    rule, where = policy.rule(kind), f"requests.{kind}"
    standing = [r for r in earlier if r.state in {RequestState.requested, RequestState.accepted}]
    if shipment.status in _TOO_LATE:
        yield Decision(False, _TOO_LATE[shipment.status], rule="status")
    if any(r.kind is RequestKind.cancel for r in standing):
        yield Decision(False, "refused_cancelled", rule="status")
    if shipment.status is Status.ready_for_pickup and kind not in _still_sensible(shipment):
        yield Decision(False, "refused_arrived", rule="status")
    if not rule.allowed:
        named = f"{where}.allowed" if kind in policy.rules else "requests"
        yield Decision(False, "refused_not_offered", rule=named)
    unmet = rule.only.unmet(shipment, "")
    if unmet:
        yield Decision(False, "refused_not_offered", rule=f"{where}.only.{unmet}")
    if rule.until is not None and PROGRESS.get(shipment.status, 0) >= PROGRESS[rule.until]:
        yield Decision(False, "refused_under_way", rule=f"{where}.until")
    stops = known.stops if shipment.status is Status.out_for_delivery else None
    if rule.until_stops is not None and stops is not None and stops <= rule.until_stops:
        yield Decision(False, "refused_under_way", rule=f"{where}.until.stops")
    made = [r for r in standing if r.kind is kind]
    if len(made) >= rule.at_most:
        yield Decision(False, "refused_too_often", rule=f"{where}.at_most")
    # A window that is over holds nobody to anything: the parcel did not come.
    window = shipment.bound
    if window and _last_moment(rule, shipment, window) < now < window.end:
        by_clock = rule.latest is not None and now < window.start - rule.cut_off
        limit = "latest" if by_clock else "cut_off_hours"
        yield Decision(False, "refused_cut_off", rule=f"{where}.{limit}")


def _still_sensible(shipment: Shipment) -> frozenset[RequestKind]:
    """What can be wished of a parcel that waits in a shop, or with a robot outside."""
    return _OF_WHAT_IS_OUTSIDE if shipment.handover.by_itself else _OF_WHAT_WAITS


def _refused_words(
    rule: Rule, kind: RequestKind, shipment: Shipment, words: str
) -> Decision | None:
    """What the policy has against an address or a place; None when it is taken."""
    if kind is RequestKind.safe_place and rule.places and not named_place(rule, words):
        facts = {"places": list(rule.places)}
        return Decision(False, "refused_place", rule=f"requests.{kind}.places", facts=facts)
    if kind is RequestKind.change_address and rule.area is not None:
        at = shipment.address
        home = read_place(f"{at.get('latitude')},{at.get('longitude')}")
        reason = rule.area.refusal(words, shipment.country, home)
        if reason:
            facts = {"area": rule.area.facts}
            return Decision(False, reason, rule=f"requests.{kind}.area", facts=facts)
    return None


def named_place(rule: Rule, words: str) -> str:
    """The listed safe place that is named in some words; empty when none is."""
    said = plain(words)
    known = ((place, (place, *others)) for place, others in rule.places.items())
    return next((place for place, names in known if any(plain(n) in said for n in names)), "")


def _priced(rule: Rule, kind: RequestKind, shipment: Shipment, known: Known) -> Decision:
    where = f"requests.{kind}"
    if not rule.fee:
        return Decision(True, rule=where)
    dear = rule.fee_waived_from is not None and (shipment.value_amount or 0) >= rule.fee_waived_from
    meant = rule.fee_waived_for is not None and rule.fee_waived_for.fits(shipment, "")
    waived = {
        "attempts": known.disputed and kind is RequestKind.reschedule,
        f"{where}.fee_waived_from": dear,
        f"{where}.fee_waived_for": meant,
        f"{where}.fee_waived_for.first_parcel": rule.first_free and known.first,
    }
    by = next((name for name, holds in waived.items() if holds), "")
    return Decision(True, fee=FREE if by else rule.fee, rule=by or f"{where}.fee")


def _last_moment(rule: Rule, shipment: Shipment, window: Window) -> datetime:
    by_length = window.start - rule.cut_off
    if rule.latest is None:
        return by_length
    zone = ZoneInfo(shipment.timezone)
    day_before = window.start.astimezone(zone).date() - timedelta(days=1)
    return min(by_length, datetime.combine(day_before, rule.latest, zone))


def offer_windows(
    policy: Policy, shipment: Shipment, now: datetime, closed: Container[date] = frozenset()
) -> list[Window]:
    """The windows a parcel may be moved to, earliest first; never today's, never its own.

    Today's run is already loaded, so the first day on offer is tomorrow.

    Args:
        closed: the public holidays where it goes; they count unless the policy delivers on them.
    """
    zone = ZoneInfo(shipment.timezone)
    today = now.astimezone(zone).date()
    windows: list[Window] = []
    for ahead in range(1, policy.days_ahead + 1):
        day = today + timedelta(days=ahead)
        if day.weekday() in policy.weekdays and (policy.holidays or day not in closed):
            slots = policy.slots.get(day.weekday(), ())
            windows += [Window.on(day, start, end, zone) for start, end in slots]
    return [w for w in windows if w != shipment.window]
