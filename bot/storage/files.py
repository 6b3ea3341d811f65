"""Files outside the database, by the digest of what is in them."""

import asyncio
import hashlib
import os
from contextlib import suppress
from pathlib import Path

import puremagic

from bot.domain.errors import NotFound
from bot.domain.media import PLAIN

_DIGITS = frozenset("0123456789abcdef")


class FileStore:
    """A folder; fulfils `bot.services.ports.MediaStore`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes) -> tuple[str, str]:
        """Write the bytes, whole or not at all; returns their digest and what they are."""
        return await asyncio.to_thread(self._keep, content)

    async def read(self, digest: str) -> bytes:
        """Read the bytes. Raises NotFound when they are not kept any more."""
        try:
            return await asyncio.to_thread(self.path(digest).read_bytes)
        except (FileNotFoundError, ValueError):
            raise NotFound("the file is not kept any more") from None

    async def forget(self, digest: str) -> None:
        """Delete them; those that are gone already are no error."""
        with suppress(FileNotFoundError):
            await asyncio.to_thread(self.path(digest).unlink)

    def path(self, digest: str) -> Path:
        """Where the bytes are, or would be. Raises ValueError for what is no digest."""
        if len(digest) != 64 or not _DIGITS.issuperset(digest):
            raise ValueError("not a digest")
        return self._folder / digest[:2] / digest

    def _keep(self, content: bytes) -> tuple[str, str]:
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_bytes(content)
            draft.replace(path)
        return digest, sniff(content)


def sniff(content: bytes) -> str:
    """What bytes are by themselves; PLAIN when they do not tell, or tell of a page or a program."""
    if content[:4] == b"OggS":
        # By the library a video as likely; a messenger's is a voice.
        return "audio/ogg"
    try:
        found = str(puremagic.from_string(content, mime=True))  # pyright: ignore[reportUnknownMemberType]
    except (puremagic.PureError, ValueError):
        return PLAIN
    kind = found.partition("/")[0]
    harmless = kind in {"image", "audio", "video"} and "svg" not in found
    return found if harmless or found == "application/pdf" else PLAIN
