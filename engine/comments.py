"""What the comment to a score is about, by sentence vectors: a small reader beside the big one.

Learned when the engine starts, from `engine/topics/`: comments under the topics
that they have, by language. It is no part of the trained model: nothing is trained anew for a line.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression

from engine.components.first_encoder import SENTENCE, encode

FOLDER = Path(__file__).parent / "topics"
TOPICS = ("late", "courier", "packaging", "app", "price")
NONE = "other"
_STRENGTH = 10.0


@dataclass(frozen=True)
class CommentReader:
    """A weight a number of the vector and topic."""

    weights: np.ndarray
    bias: np.ndarray

    @classmethod
    def learn(cls, texts: list[str], topics: list[set[str]]) -> CommentReader:
        """Learn each topic against all that have it not."""
        vectors = _vectors(texts)
        heads = [
            LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=300).fit(
                vectors, [topic in wanted for wanted in topics]
            )
            for topic in TOPICS
        ]
        return cls(
            np.concatenate([head.coef_ for head in heads]),
            np.concatenate([head.intercept_ for head in heads]),
        )

    def read(self, texts: list[str]) -> list[dict[str, float]]:
        """How surely each comment is about each topic, 0 to 1; they do not exclude each other."""
        sure = 1 / (1 + np.exp(-(_vectors(texts) @ self.weights.T + self.bias)))
        return [
            {topic: round(float(value), 3) for topic, value in zip(TOPICS, row, strict=True)}
            for row in sure
        ]


@lru_cache(maxsize=1)
def reader() -> CommentReader:
    """The one reader of this process, learned the first time."""
    return CommentReader.learn(*examples())


def examples(folder: Path = FOLDER) -> tuple[list[str], list[set[str]]]:
    """The comments of all files, and what each is about: nothing, for those under `other`.

    Raises:
        ValueError: names the file, and the topic that there is not.
    """
    texts: list[str] = []
    topics: list[set[str]] = []
    for file in sorted(folder.glob("*.yml")):
        for about, lines in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            wanted = set(about.split())
            unknown = wanted - {*TOPICS, NONE}
            if unknown:
                raise ValueError(f"{file.name}: there is no topic {', '.join(sorted(unknown))}")
            for line in lines.strip().splitlines():
                texts.append(line)
                topics.append(wanted - {NONE})
    return texts, topics


def main() -> None:
    """JSON strings in, one a line; how surely each is about each topic out, in their order."""
    texts = [json.loads(line) for line in sys.stdin if line.strip()]
    for sure in reader().read(texts):
        sys.stdout.write(json.dumps(sure) + "\n")


def _vectors(texts: list[str]) -> np.ndarray:
    rows = encode([text.lower() for text in texts])
    # The two halves count alike: the sentence is of unit length, the words' mean is not.
    words = rows[:, SENTENCE:]
    words = words / np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-6)
    return np.concatenate([rows[:, :SENTENCE], words], axis=1)


if __name__ == "__main__":
    main()
