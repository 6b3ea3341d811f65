"""Tiny media files that the phones "attach", made on demand."""

from __future__ import annotations

import hashlib
import struct
import zlib
from functools import cache


@cache
def sample(kind: str) -> tuple[str, bytes]:
    """Content type and bytes of an "image", "sticker" or "voice"."""
    if kind == "voice":
        return "audio/ogg", b"OggS\x00\x02" + b"\x00" * 22 + b"OpusHead\x01\x01"
    return ("image/webp" if kind == "sticker" else "image/png"), _png(16, 16, (214, 170, 122))


def sha256(kind: str) -> str:
    return hashlib.sha256(sample(kind)[1]).hexdigest()


def _png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    rows = (b"\x00" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
