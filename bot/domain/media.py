"""What customers send besides words: pictures, voices, documents."""

from dataclasses import dataclass
from datetime import datetime
from mimetypes import guess_extension
from uuid import UUID

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Shown in the thread. An SVG is not among them: it is a program."""
PLAYED = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/amr", "audio/aac", "video/mp4"})
PLAIN = "application/octet-stream"
_LONGEST_NAME = 80
_LONGEST_ENDING = 5


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


def file_name(given: str, content_type: str) -> str:
    """A file's name as its recipient sees it: without a path, ending as what it is."""
    name = given.replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if sign.isprintable() and sign not in '"<>|:*?').strip(
        " ."
    )
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, ending = name, (guess_extension(content_type) or "").lstrip(".")
    stem = stem[:_LONGEST_NAME] or "file"
    return f"{stem}.{ending}" if ending else stem
