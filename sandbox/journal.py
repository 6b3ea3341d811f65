"""What happened: a bounded log of requests in and webhooks out, and the contract violations."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import SandboxClock, iso

KEPT = 5_000
SHOWN_BODY = 4_000


@dataclass(slots=True)
class Entry:
    """One HTTP exchange. ``direction`` is "in" (asked of us) or "out" (a webhook of ours)."""

    seq: int
    at: datetime
    direction: str
    provider: str
    kind: str
    method: str
    url: str
    body: bytes = b""
    status: int | None = None
    attempt: int = 1
    ms: float = 0.0
    note: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "at": iso(self.at),
            "direction": self.direction,
            "provider": self.provider,
            "kind": self.kind,
            "method": self.method,
            "url": self.url,
            "status": self.status,
            "attempt": self.attempt,
            "ms": round(self.ms, 1),
            "note": self.note,
            "body": self.body[:SHOWN_BODY].decode("utf-8", "replace"),
        }


@dataclass(slots=True)
class Journal:
    clock: SandboxClock
    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    violations: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    _seq: int = 0

    def note(
        self, direction: str, provider: str, kind: str, method: str, url: str, body: bytes = b""
    ) -> Entry:
        """Open an entry; the caller fills in the outcome."""
        self._seq += 1
        at = self.clock.now()
        entry = Entry(self._seq, at, direction, provider, kind, method, url, body)
        self.entries.append(entry)
        return entry

    def violation(self, provider: str, request: str, problems: list[str], body: Any) -> None:
        """A request broke its vendor's contract: tests assert that this list stays empty."""
        self.violations.append(
            {
                "at": iso(self.clock.now()),
                "provider": provider,
                "request": request,
                "problems": problems,
                "body": body,
            }
        )
