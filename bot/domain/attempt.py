"""Attempts at a delivery: the evidence for and against them, and the verdict with its reasons.

A carrier's "nobody was in" is a claim. What speaks for it (a courier at the door, a photo, the
customer who says so) and against it (a courier streets away, twelve "attempts" in five minutes, a
customer who was there) is weighed in the open: every reason has its weight, and a person can read
why. Nothing here knows where the evidence comes from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt
from typing import Any
from uuid import UUID

from bot.domain.places import Place, distance
from bot.domain.when import Window

NEAR, FAR = 0.15, 0.5
"""Kilometres: what counts as at the address (phones' positions err by 50 m and more in streets),
and from where on a courier cannot have been at the door."""
LONG_ENOUGH = timedelta(seconds=60)
"""At the address: to park, ring and wait."""
TOO_SHORT = timedelta(seconds=20)
REPORTED_LATE = timedelta(hours=2)
AT_ONCE = 4
"""As many failed attempts of one courier within ten minutes are not made on foot."""
_NEARBY = timedelta(minutes=15)
"""How far from the claimed time a position still says something."""


class Claim(StrEnum):
    """What the carrier says of an attempt."""

    nobody_in = "nobody_in"
    refused = "refused"
    """The customer cancelled it, or would not take it."""


class CustomerSays(StrEnum):
    """What the customer answers to "were you in?", or to "did you refuse it?"."""

    was_in = "was_in"
    was_out = "was_out"
    refused = "refused"
    not_refused = "not_refused"

    def about(self, claim: Claim) -> "CustomerSays":
        """The same as an answer to a claim: who was out, or was not asked, has refused nothing."""
        mine = {CustomerSays.refused, CustomerSays.not_refused}
        return CustomerSays.not_refused if claim is Claim.refused and self not in mine else self

    @property
    def contradicts(self) -> bool:
        """Whether it says that the carrier's claim is not true."""
        return self in {CustomerSays.was_in, CustomerSays.not_refused}


class Verdict(StrEnum):
    """What the evidence comes to."""

    genuine = "genuine"
    doubtful = "doubtful"
    not_made = "not_made"


@dataclass(frozen=True)
class Seen:
    """Where the courier was, and when."""

    at: datetime
    place: Place


@dataclass(frozen=True)
class Evidence:
    """All that is known of one claimed attempt; what is None or empty is not known."""

    claimed_at: datetime
    reported_at: datetime
    claim: Claim = Claim.nobody_in
    code: str = ""
    """The carrier's own, with its words in `words`."""
    words: str = ""
    address: Place | None = None
    seen: tuple[Seen, ...] = ()
    """The courier's positions about that time, in order."""
    locates: bool = False
    """The carrier could have told where the courier was."""
    photo: bool = False
    calls: int = 0
    code_checked: bool = False
    """The recipient's one-time code was given to the courier."""
    window: Window | None = None
    """What the customer had been told to wait for."""
    others: int = 0
    """Failed attempts that the same courier reported within ten minutes of this one."""
    customer: CustomerSays | None = None
    asked_for: bool = False
    """The customer had asked for the cancellation here."""

    @property
    def nearest(self) -> float | None:
        """Kilometres from the address at the nearest that the courier was seen."""
        if self.address is None or not self.seen:
            return None
        return min(distance(self.address, seen.place) for seen in self.seen)

    @property
    def stayed(self) -> timedelta | None:
        """How long the courier was seen at the address; None for fewer than two positions."""
        if self.address is None or len(self.seen) < 2:
            return None
        there = [s.at for s in self.seen if distance(self.address, s.place) <= NEAR]
        return there[-1] - there[0] if there else timedelta()


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for the attempt (a weight above 0) or against it.

    `key` names the sentence that says it, `facts` what stands in it.
    """

    key: str
    weight: float
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Judgement:
    """A verdict with everything that it rests on; the score is the sum of the weights."""

    verdict: Verdict
    score: float
    reasons: tuple[Reason, ...]


_GENUINE_FROM, _NOT_MADE_FROM = 1.0, -2.0
_PRIOR = Reason("presumed", 1.0)
"""Most attempts are made: a claim stands until something speaks against it."""
_UNPROVED = Reason("unproved", 0.0)
"""That a customer would not have a parcel is not presumed: it ends the delivery."""


def judge(evidence: Evidence) -> Judgement:
    """Weigh the evidence. A pure function: the same evidence has the same verdict."""
    prior = _UNPROVED if evidence.claim is Claim.refused else _PRIOR
    reasons = (prior, *_weighed(evidence))
    score = round(sum(reason.weight for reason in reasons), 2)
    if score >= _GENUINE_FROM:
        verdict = Verdict.genuine
    else:
        verdict = Verdict.not_made if score <= _NOT_MADE_FROM else Verdict.doubtful
    return Judgement(verdict, score, reasons)


# That the courier stood at the door does not say what was said there: a "no" to that weighs more.
_SAID = {
    CustomerSays.was_in: -2.0,
    CustomerSays.was_out: 3.0,
    CustomerSays.not_refused: -4.0,
    CustomerSays.refused: 3.0,
}


def _weighed(evidence: Evidence) -> Iterable[Reason]:
    yield from _of_the_place(evidence)
    if evidence.photo:
        yield Reason("photo", 1.5)
    if evidence.calls:
        yield Reason("called", 0.5, {"calls": evidence.calls})
    if evidence.code_checked:
        yield Reason("code_checked", 4.0)
    window = evidence.window
    if window is not None and not window.start <= evidence.claimed_at < window.end:
        yield Reason("outside_window", -0.5)
    late = evidence.reported_at - evidence.claimed_at
    if late >= REPORTED_LATE:
        yield Reason("reported_late", -0.5, {"minutes": late // timedelta(minutes=1)})
    if evidence.others >= AT_ONCE:
        yield Reason("many_at_once", -1.5, {"others": evidence.others})
    if evidence.asked_for:
        yield Reason("asked_for", 4.0)
    if evidence.customer is not None:
        # Who has given the courier the code has agreed to it, whatever they say later.
        agreed = evidence.code_checked and evidence.customer is CustomerSays.not_refused
        weight = _SAID[CustomerSays.was_in if agreed else evidence.customer]
        yield Reason(f"customer_{evidence.customer}", weight)


def _of_the_place(evidence: Evidence) -> Iterable[Reason]:
    nearest = evidence.nearest
    if nearest is None:
        if evidence.locates:
            yield Reason("no_position", -0.5)
        return
    facts = {"metres": round(nearest * 1000)}
    if nearest > FAR:
        yield Reason("far_away", -3.0, facts)
        return
    if nearest > NEAR:
        yield Reason("not_at_the_door", -1.0, facts)
        return
    yield Reason("at_the_address", 2.0, facts)
    stayed = evidence.stayed
    if stayed is not None and stayed >= LONG_ENOUGH:
        yield Reason("stayed", 1.0, {"seconds": round(stayed.total_seconds())})
    elif stayed is not None and stayed < TOO_SHORT:
        yield Reason("drove_past", -1.5, {"seconds": round(stayed.total_seconds())})


def about(seen: Iterable[Seen], claimed_at: datetime) -> tuple[Seen, ...]:
    """The positions that say something of an attempt, in order."""
    near = (one for one in seen if abs(one.at - claimed_at) <= _NEARBY)
    return tuple(sorted(near, key=lambda one: one.at))


@dataclass(eq=False)
class Attempt:
    """A claimed attempt as it is kept; `evidence` and `reasons` are as they were last weighed."""

    id: UUID
    merchant_id: UUID
    shipment_id: UUID
    event_key: str
    carrier: str
    claimed_at: datetime
    created_at: datetime
    courier_id: str = ""
    depot: str = ""
    claim: Claim = Claim.nobody_in
    customer: CustomerSays | None = None
    customer_at: datetime | None = None
    verdict: Verdict = Verdict.genuine
    score: float = 0.0
    reasons: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    evidence: dict[str, Any] = field(default_factory=dict[str, Any])
    judged_at: datetime | None = None
    disputed_at: datetime | None = None

    @property
    def disputed(self) -> bool:
        return self.disputed_at is not None

    @property
    def proved(self) -> bool:
        """Whether the customer need not be asked: they gave a code, or asked for it here."""
        return any(reason["key"] in {"code_checked", "asked_for"} for reason in self.reasons)

    def take(self, judgement: Judgement, now: datetime) -> bool:
        """Adopt a judgement; whether it opens a dispute that was not open before.

        A dispute needs the customer's word: a courier is not accused by a map alone.
        """
        self.verdict, self.score, self.judged_at = judgement.verdict, judgement.score, now
        self.reasons = [
            {"key": reason.key, "weight": reason.weight, "facts": dict(reason.facts)}
            for reason in judgement.reasons
        ]
        opens = (
            judgement.verdict is not Verdict.genuine
            and self.customer is not None
            and self.customer.contradicts
            and self.disputed_at is None
        )
        if opens:
            self.disputed_at = now
        return opens


@dataclass(frozen=True)
class Share:
    """How many of some attempts were doubtful or not made, with its 95 % interval (Wilson)."""

    name: str
    attempts: int
    doubted: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.doubted / self.attempts if self.attempts else 0.0


def scorecard(attempts: Sequence[tuple[str, Verdict]]) -> list[Share]:
    """Shares by name, those first whose lower bound is highest: sure to be bad before unlucky.

    Args:
        attempts: the name of a carrier, depot or courier, and the verdict, of each.
    """
    counted: dict[str, list[int]] = {}
    for name, verdict in attempts:
        total = counted.setdefault(name, [0, 0])
        total[0] += 1
        total[1] += verdict is not Verdict.genuine
    shares = [
        Share(name, count, doubted, *wilson(doubted, count))
        for name, (count, doubted) in counted.items()
    ]
    return sorted(shares, key=lambda share: (-share.low, share.name))


def wilson(hits: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """The interval in which a share lies, by Wilson (1927); (0, 1) for no observations."""
    if not count:
        return 0.0, 1.0
    share = hits / count
    centre = share + z * z / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
