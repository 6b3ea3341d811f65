"""Encodes the training sentences that have no kept vector yet: `make vectors`.

    engine/.venv/bin/python -m engine.keep_vectors
    engine/.venv/bin/python -m engine.keep_vectors --check    only tells whether the file is right

Takes some 20 ms a new sentence on each core; with nothing kept, a quarter of an hour on one.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import yaml

from engine.components import second_encoder
from engine.components.signs import in_words

ROOT = Path(__file__).resolve().parents[1]
AT_ONCE = 32
CHECKED, ALIKE = 40, 0.999
"""Sentences encoded anew for a check, and the cosine from which a kept vector counts as theirs."""


def sentences() -> list[str]:
    """Every training sentence as the encoders see it, once."""
    # Read plainly: Rasa's own reader takes a minute for what this does in a second.
    said: dict[str, None] = {}
    for file in sorted((ROOT / "data" / "nlu").glob("*/*.yml")):
        for block in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            for line in block["examples"].splitlines():
                said[in_words(line.strip().removeprefix("- ").strip())] = None
    return list(said)


def problems(texts: list[str], kept: second_encoder.KeptVectors) -> list[str]:
    """What is wrong with the kept file, a line each."""
    missing = [text for text in texts if text not in kept]
    if missing:
        return [f"{len(missing)} sentences have no vector, e.g. {missing[0]!r}: run `make vectors`"]
    some = texts[:: max(1, len(texts) // CHECKED)]
    alike = (kept.encode(some) * np.stack([second_encoder.encode(t) for t in some])).sum(axis=1)
    return [
        f"{text!r} has another sentence's vector"
        for text, a in zip(some, alike, strict=True)
        if a < ALIKE
    ]


def main(arguments: list[str]) -> int:
    """Encode what is missing, drop what is no longer there, and write the file."""
    texts, kept = sentences(), second_encoder.KeptVectors()
    if arguments == ["--check"]:
        found = problems(texts, kept)
        print("\n".join(found) or "Every sentence has its vector.")
        return 1 if found else 0
    missing = [text for text in texts if text not in kept]
    print(f"{len(texts)} sentences, {len(missing)} of them new", flush=True)
    fresh: dict[str, np.ndarray] = {}
    with ProcessPoolExecutor() as pool:
        encoded = pool.map(second_encoder.encode, missing, chunksize=AT_ONCE)
        for count, (text, vector) in enumerate(zip(missing, encoded, strict=True), start=1):
            fresh[text] = vector
            if count % 1000 == 0:
                print(f"  {count} encoded", flush=True)
    rows = np.stack([fresh[text] if text in fresh else kept.encode([text])[0] for text in texts])
    second_encoder.keep(texts, rows)
    print(f"Written to {second_encoder.KEPT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
