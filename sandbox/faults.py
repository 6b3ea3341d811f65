"""Faults ordered by ``POST /faults``: each waits here until something takes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

PROVIDERS = ("twilio", "whatsapp", "telegram", "carrier", "email")
# On an answer to a request: error, timeout, rate_limit, reject (carrier; mail: no such box), undelivered.
# On a webhook of ours: duplicate, reorder, lost_callback.
KINDS = (
    "error",
    "timeout",
    "rate_limit",
    "duplicate",
    "reorder",
    "lost_callback",
    "undelivered",
    "reject",
)
# Which webhooks a fault may hit: a customer's message, a delivery status or carrier's event, any.
SCOPES = ("any", "message", "status")
_DEFAULT_SCOPE = {"duplicate": "any", "reorder": "status", "lost_callback": "status"}
# These have no delivery statuses, so their "callbacks" are whatever they post.
_NO_STATUSES = ("telegram",)


@dataclass(slots=True)
class Faults:
    """Counts down faults per provider, kind and scope."""

    pending: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def order(self, provider: str, kind: str, count: int, scope: str | None = None) -> None:
        """Raise ``ValueError`` for what does not exist; otherwise the next ``count`` suffer."""
        if provider not in PROVIDERS:
            raise ValueError(f"provider must be one of {', '.join(PROVIDERS)}")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        if not 1 <= count <= 10_000:
            raise ValueError("count must be between 1 and 10000")
        if scope is None:
            scope = "any" if provider in _NO_STATUSES else _DEFAULT_SCOPE.get(kind, "any")
        if scope not in SCOPES:
            raise ValueError(f"scope must be one of {', '.join(SCOPES)}")
        self.pending[provider, kind, scope] += count

    def take(self, provider: str, kind: str, of: str = "any") -> bool:
        """Use up one fault of this kind, if any is waiting."""
        if not self.pending:
            return False
        for scope in ("any", of):
            key = (provider, kind, scope)
            if self.pending[key] > 0:
                self.pending[key] -= 1
                if not self.pending[key]:
                    del self.pending[key]
                return True
            del self.pending[key]
        return False

    def left(self, provider: str, kind: str) -> int:
        return sum(
            n for (who, what, _), n in self.pending.items() if (who, what) == (provider, kind)
        )

    def as_json(self) -> list[dict[str, object]]:
        return [
            {"provider": who, "kind": what, "scope": scope, "count": n}
            for (who, what, scope), n in self.pending.items()
            if n > 0
        ]
