"""A case: what a person was asked for, from the handing over until it is settled.

A conversation goes on for years; cases come and go within it, one at a time. The case keeps who
has it in hand, how urgent it is, and the two clocks by which it is measured: until the first
answer, and until it is settled. The second stands still while we wait for the customer.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from bot.domain.working_time import WorkingTime

REOPENED_WITHIN = timedelta(days=2)
"""A case on the same conversation so soon after the last one means that it was not settled."""
LONGEST_SNOOZE = timedelta(days=60)


class Priority(StrEnum):
    """How urgent a case is, the least first."""

    low = "low"
    normal = "normal"
    high = "high"
    urgent = "urgent"

    @property
    def rank(self) -> int:
        return list(Priority).index(self)


class SnoozedFor(StrEnum):
    """What ends a snooze besides its time; a customer's message always does."""

    time = "time"
    parcel_moves = "parcel_moves"


@dataclass(frozen=True)
class Targets:
    """How much working time may pass until the first answer, and until it is settled."""

    first_response: timedelta
    resolution: timedelta


class Standing(StrEnum):
    """How a case stands by its clocks."""

    fine = "fine"
    soon = "soon"
    late = "late"
    paused = "paused"


@dataclass(eq=False)
class Case:
    """One handing over, open until `closed_at`."""

    id: UUID
    merchant_id: UUID
    conversation_id: UUID
    opened_at: datetime
    topic: str = ""
    priority: Priority = Priority.normal
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    """What was known when it was handed over; see bot/services/summarise.py."""
    agent_id: UUID | None = None
    """Who has it in hand."""
    offered_to: UUID | None = None
    """Who was asked to take it; anybody else may take it as well."""
    offered_at: datetime | None = None
    first_response_at: datetime | None = None
    first_due_at: datetime | None = None
    due_at: datetime | None = None
    paused_since: datetime | None = None
    """Since when we wait for the customer."""
    snoozed_at: datetime | None = None
    snoozed_until: datetime | None = None
    snoozed_for: SnoozedFor | None = None
    warned_at: datetime | None = None
    late_at: datetime | None = None
    """When it was noticed that a target was missed."""
    closed_at: datetime | None = None
    closed_by: UUID | None = None
    settled: str = ""
    """What the agent told the bot about it."""
    reopened: bool = False

    @property
    def open(self) -> bool:
        return self.closed_at is None

    @property
    def snoozed(self) -> bool:
        return self.snoozed_for is not None

    @property
    def next_due(self) -> datetime | None:
        """The target that counts now; None while we wait for the customer."""
        if self.first_response_at is None:
            return self.first_due_at
        return None if self.paused_since else self.due_at

    def start(self, targets: Targets | None, work: WorkingTime) -> None:
        """Set the clocks by its priority, from when it was opened; None stops them."""
        self.first_due_at = work.after(self.opened_at, targets.first_response) if targets else None
        self.due_at = work.after(self.opened_at, targets.resolution) if targets else None
        self.warned_at = self.late_at = None

    def offer(self, agent_id: UUID | None, now: datetime) -> None:
        """Ask somebody to take it; None asks everybody again."""
        self.offered_to, self.offered_at = agent_id, now if agent_id else None

    def take(self, agent_id: UUID) -> None:
        self.agent_id, self.offered_to, self.offered_at = agent_id, None, None

    def put_back(self) -> None:
        """Nobody has it any more."""
        self.agent_id = self.offered_to = self.offered_at = None

    def answered(self, now: datetime) -> None:
        """An agent has written: from now on we wait for the customer."""
        if self.first_response_at is None:
            self.first_response_at = now
        if self.paused_since is None:
            self.paused_since = now

    def customer_wrote(self, work: WorkingTime, now: datetime) -> bool:
        """It is our turn again; returns whether a snooze ended."""
        self._go_on(work, now)
        return self.wake()

    def snooze(self, why: SnoozedFor, until: datetime | None, now: datetime) -> None:
        """Put it aside. The clock of the solution stands still, that of the first answer not."""
        self.snoozed_for, self.snoozed_until, self.snoozed_at = why, until, now
        if self.first_response_at is not None and self.paused_since is None:
            self.paused_since = now

    def wake(self) -> bool:
        """End a snooze; returns whether there was one."""
        was = self.snoozed
        self.snoozed_for = self.snoozed_until = self.snoozed_at = None
        return was

    def resume(self, work: WorkingTime, now: datetime) -> bool:
        """A snooze is over and it is our turn again; returns whether there was one."""
        if not self.wake():
            return False
        self._go_on(work, now)
        return True

    def close(self, by: UUID | None, settled: str, now: datetime) -> None:
        """Settle it; a closed case changes no more."""
        if self.open:
            self.closed_at, self.closed_by, self.settled = now, by, settled
            self.wake()

    def standing(self, now: datetime, warn: float, work: WorkingTime) -> Standing:
        """Where it stands; `warn` is the share of a target's time that is left when it warns."""
        due = self.next_due
        if due is None:
            return Standing.paused if self.paused_since else Standing.fine
        if now >= due:
            return Standing.late
        whole = work.between(self.opened_at, due)
        return Standing.soon if work.between(now, due) <= whole * warn else Standing.fine

    def _go_on(self, work: WorkingTime, now: datetime) -> None:
        if self.paused_since is None:
            return
        if self.due_at is not None:
            left = work.between(self.paused_since, self.due_at)
            self.due_at = work.after(now, left) or self.due_at
        self.paused_since = None
