"""The readers that are compared: each learns from sentences, and reads sentences or one message.

What they look at comes in blocks (`Blocks`), worked out once a fold; each reader names those it
needs. Scores are logits, whatever the reader: how sharp they are meant is fitted afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Protocol

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, SGDClassifier

from engine.comparison import base_encoder
from engine.comparison.sentences import Sentences
from engine.components import first_encoder, spelling
from engine.components.network import Network, Recipe, learn

SENTENCE, WORDS, SPELLING, SECOND = "sentence", "words", "spelling", "second"
QUICK = (SENTENCE, WORDS, SPELLING)
AT_ONCE = 512


@dataclass
class Blocks:
    """Makes blocks of features, with what was learned from one fold's training sentences."""

    telling: np.ndarray
    directions: np.ndarray
    middle: np.ndarray

    @classmethod
    def fitted(cls, training: Sentences, seed: int) -> Blocks:
        """Rarity and directions of the spelling, and the second encoder's middle."""
        telling = spelling.rarity(training.pieces)
        pieces = spelling.weighed(training.pieces, telling)
        across = spelling.directions(pieces, seed)
        return cls(telling, across, training.second.mean(axis=0))

    def of(self, sentences: Sentences, names: tuple[str, ...]) -> np.ndarray:
        """Blocks of sentences that are encoded already, side by side."""
        made = {
            SENTENCE: lambda: sentences.seen[:, : first_encoder.SENTENCE],
            WORDS: lambda: sentences.seen[:, first_encoder.SENTENCE :],
            SPELLING: lambda: self.pieces(sentences.pieces) @ self.directions,
            SECOND: lambda: base_encoder.centred(sentences.second, self.middle),
        }
        return np.concatenate([made[name]() for name in names], axis=1).astype(np.float32)

    def of_message(self, text: str, names: tuple[str, ...]) -> np.ndarray:
        """The same of one message, encoded here and now: what is timed."""
        made = []
        if SENTENCE in names or WORDS in names:
            seen = first_encoder.encode([text])
            made += [seen[:, : first_encoder.SENTENCE]] if SENTENCE in names else []
            made += [seen[:, first_encoder.SENTENCE :]] if WORDS in names else []
        if SPELLING in names:
            made.append(self.pieces(spelling.counts([text])) @ self.directions)
        if SECOND in names:
            made.append(base_encoder.centred(base_encoder.encode(text)[None], self.middle))
        return np.concatenate(made, axis=1)

    def pieces(self, counted: csr_matrix) -> csr_matrix:
        """Pieces of words, weighed by how telling they are here."""
        return spelling.weighed(counted, self.telling)

    def widths(self, names: tuple[str, ...]) -> list[int]:
        """How wide each block is; the words' mean and maximum are two."""
        words = first_encoder.WIDTH - first_encoder.SENTENCE
        each = {
            SENTENCE: [first_encoder.SENTENCE],
            WORDS: [first_encoder.WORDS] * (words // first_encoder.WORDS),
            SPELLING: [self.directions.shape[1]],
            SECOND: [base_encoder.WIDTH],
        }
        return [width for name in names for width in each[name]]


class Reader(Protocol):
    """What is asked of all."""

    names: tuple[str, ...]

    def fit(self, blocks: Blocks, training: Sentences) -> None: ...

    def scores(self, blocks: Blocks, sentences: Sentences) -> np.ndarray:
        """Logits, (sentences, intents)."""
        ...

    def read(self, blocks: Blocks, text: str) -> np.ndarray:
        """One message's logits, from its text on."""
        ...

    def kept(self, blocks: Blocks) -> int:
        """Bytes held in memory besides the encoders' weights."""
        ...


@dataclass
class Linear:
    """Logistic regression over blocks."""

    names: tuple[str, ...]
    strength: float
    weights: np.ndarray = field(init=False)
    bias: np.ndarray = field(init=False)

    def fit(self, blocks: Blocks, training: Sentences) -> None:
        self.weights, self.bias = _regression(
            blocks.of(training, self.names), training, self.strength
        )

    def scores(self, blocks: Blocks, sentences: Sentences) -> np.ndarray:
        return blocks.of(sentences, self.names) @ self.weights + self.bias

    def read(self, blocks: Blocks, text: str) -> np.ndarray:
        return blocks.of_message(text, self.names) @ self.weights + self.bias

    def kept(self, blocks: Blocks) -> int:
        return self.weights.nbytes


@dataclass
class Spelt:
    """Logistic regression over character n-grams, all of them, learned by gradient descent."""

    decay: float
    names: tuple[str, ...] = ()
    weights: np.ndarray = field(init=False)
    bias: np.ndarray = field(init=False)

    def fit(self, blocks: Blocks, training: Sentences) -> None:
        learned = SGDClassifier(
            loss="log_loss", alpha=self.decay, max_iter=12, tol=None, random_state=0
        ).fit(blocks.pieces(training.pieces), training.labels)
        # A row a piece: a message needs few of them.
        self.weights = np.ascontiguousarray(learned.coef_.T, dtype=np.float32)
        self.bias = learned.intercept_.astype(np.float32)

    def scores(self, blocks: Blocks, sentences: Sentences) -> np.ndarray:
        return blocks.pieces(sentences.pieces) @ self.weights + self.bias

    def read(self, blocks: Blocks, text: str) -> np.ndarray:
        return blocks.pieces(spelling.counts([text])) @ self.weights + self.bias

    def kept(self, blocks: Blocks) -> int:
        return self.weights.nbytes + blocks.telling.nbytes


@dataclass
class Net:
    """The product's network over blocks."""

    names: tuple[str, ...]
    recipe: Recipe
    network: Network = field(init=False)

    def fit(self, blocks: Blocks, training: Sentences) -> None:
        rows = blocks.of(training, self.names)
        widths, count = blocks.widths(self.names), len(training.intents)
        self.network = learn(rows, training.labels, count, widths, self.recipe)

    def scores(self, blocks: Blocks, sentences: Sentences) -> np.ndarray:
        return self.network.scores(blocks.of(sentences, self.names))

    def read(self, blocks: Blocks, text: str) -> np.ndarray:
        return self.network.scores(blocks.of_message(text, self.names))

    def kept(self, blocks: Blocks) -> int:
        own = sum(getattr(self.network, f.name).nbytes for f in fields(self.network))
        return own + blocks.telling.nbytes + blocks.directions.nbytes


@dataclass
class Nearest:
    """The intent of the nearest example, by the cosines of both encoders together."""

    names: tuple[str, ...] = (SENTENCE, SECOND)
    examples: np.ndarray = field(init=False)
    starts: np.ndarray = field(init=False)

    def fit(self, blocks: Blocks, training: Sentences) -> None:
        order = np.argsort(training.labels, kind="stable")
        self.examples = blocks.of(training, self.names)[order] / np.float32(len(self.names))
        self.starts = np.searchsorted(
            training.labels[order], np.arange(len(training.intents)), side="left"
        )

    def _near(self, rows: np.ndarray) -> np.ndarray:
        return np.maximum.reduceat(rows @ self.examples.T, self.starts, axis=1)

    def scores(self, blocks: Blocks, sentences: Sentences) -> np.ndarray:
        rows = blocks.of(sentences, self.names)
        return np.concatenate(
            [self._near(rows[a : a + AT_ONCE]) for a in range(0, len(rows), AT_ONCE)]
        )

    def read(self, blocks: Blocks, text: str) -> np.ndarray:
        return self._near(blocks.of_message(text, self.names))

    def kept(self, blocks: Blocks) -> int:
        return self.examples.nbytes


def _regression(
    rows: np.ndarray, training: Sentences, strength: float
) -> tuple[np.ndarray, np.ndarray]:
    learned = LogisticRegression(C=strength, max_iter=150, tol=1e-3).fit(rows, training.labels)
    return learned.coef_.T.astype(np.float32), learned.intercept_.astype(np.float32)
