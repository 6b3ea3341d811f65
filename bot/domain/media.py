"""What customers send besides words: pictures, voices, documents."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Shown in the thread. An SVG is not among them: it is a program."""
PLAYED = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/amr", "audio/aac", "video/mp4"})
PLAIN = "application/octet-stream"


@dataclass(eq=False)
class Media:
    """A file that came with a message; its bytes are outside the database, under `digest`."""

    id: UUID
    merchant_id: UUID
    message_id: UUID
    created_at: datetime
    content_type: str = PLAIN
    """What its bytes are, whatever the sender called them."""
    size: int = 0
    digest: str = ""
    """SHA-256 of the bytes, hexadecimal; empty when there are none."""
    error: str = ""
    """Why it could not be fetched, in an agent's words."""

    @property
    def is_shown(self) -> bool:
        return self.content_type in SHOWN

    @property
    def is_played(self) -> bool:
        return self.content_type in PLAYED
