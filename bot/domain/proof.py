"""The proof that a person's data was given out or erased, kept without the person."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ProofKind(StrEnum):
    """What was done with a person's data."""

    exported = "exported"
    erased = "erased"


@dataclass(eq=False)
class Proof:
    """What was done, to how much, by whom and when."""

    id: UUID
    merchant_id: UUID
    contact_id: UUID
    """The row of the person, of which nothing personal is left after an erasure."""
    kind: ProofKind
    actor: str
    """As in the audit: `user:<id>`, or `command`."""
    at: datetime
    counts: dict[str, int] = field(default_factory=dict[str, int])
    """Rows by table; `files` are those of the media store."""
    digest: str = ""
    """SHA-256 of the whole export as JSON: of the file given out, or of what was erased."""
