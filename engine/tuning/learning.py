"""How the second encoder is tuned: batches, noise as thumbs make it, descent, and the score."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import tensorflow as tf

from engine.tuning.noise import noisy
from engine.tuning.tokens import Tokens
from engine.tuning.transformer import Transformer

LONGEST = 96  # tokens; what a story says after them is seen by the other reader
AT_ONCE = 256


@dataclass(frozen=True)
class Recipe:
    """What was chosen; docs/understanding.md tells by what."""

    epochs: int = 4
    batch: int = 64
    rate: float = 1e-4
    head_rate: float = 2e-3
    dropped: float = 0.1
    smoothing: float = 0.1
    decay: float = 0.01
    noise: float = 0.3  # share of sentences that are misspelt anew in each epoch
    seed: int = 7


@dataclass
class Head:
    """Straight lines from a message's vector to the intents."""

    middle: tf.Variable
    weights: tf.Variable
    bias: tf.Variable

    SHARP = 10.0

    @classmethod
    def fresh(cls, middle: np.ndarray, intents: int) -> Head:
        width = len(middle)
        return cls(
            tf.Variable(middle, trainable=False),
            tf.Variable(tf.zeros([width, intents])),
            tf.Variable(tf.zeros([intents])),
        )

    @classmethod
    def of(cls, middle: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> Head:
        """As it was stored."""
        return cls(
            tf.Variable(middle, trainable=False),
            tf.Variable(weights / cls.SHARP),
            tf.Variable(bias),
        )

    def stored(self) -> dict[str, np.ndarray]:
        """For `second_encoder.Head`."""
        return {
            "middle": self.middle.numpy(),
            "weights": self.weights.numpy() * self.SHARP,
            "bias": self.bias.numpy(),
        }

    def scores(self, vectors: tf.Tensor, dropped: float = 0.0) -> tf.Tensor:
        """Logits, (messages, intents)."""
        rest = (vectors - self.middle) * self.SHARP
        return (tf.nn.dropout(rest, dropped) if dropped else rest) @ self.weights + self.bias


@dataclass
class Tuning:
    """An encoder that learns, with its head."""

    tokens: Tokens
    encoder: Transformer
    head: Head
    recipe: Recipe
    say: Callable[[str], None]
    _read: Callable = field(init=False)

    def __post_init__(self) -> None:
        """The graph of reading is made once."""
        self._read = tf.function(
            lambda tokens: self.head.scores(self.encoder.vectors(tokens)),
            autograph=False,
            input_signature=[tf.TensorSpec([None, None], tf.int32)],
        )

    def learn(
        self, texts: list[str], labels: np.ndarray, after_epoch: Callable[[int], None]
    ) -> None:
        """Go through the sentences `epochs` times."""
        recipe = self.recipe
        dice = np.random.default_rng(recipe.seed)
        tf.random.set_seed(recipe.seed)
        share = np.bincount(labels, minlength=self.head.bias.shape[0])
        worth = np.sqrt(len(labels) / len(share) / np.maximum(share, 1)).astype(np.float32)
        body = list(self.encoder.learning.values())
        top = [self.head.weights, self.head.bias]
        descent = tf.keras.optimizers.legacy.Adam(recipe.rate, epsilon=1e-6)
        descent_top = tf.keras.optimizers.legacy.Adam(recipe.head_rate)
        step = self._step(body, top, descent, descent_top)
        steps = recipe.epochs * (len(texts) // recipe.batch + 1)
        done, started, mean = 0, time.monotonic(), 0.0
        for epoch in range(recipe.epochs):
            said = [noisy(t, dice) if dice.random() < recipe.noise else t for t in texts]
            rows = [self.tokens.of(text, LONGEST) for text in said]
            for some in _batches(rows, recipe.batch, dice):
                pace = min(1.0, (done + 1) / (0.06 * steps)) * max(0.02, 1 - done / steps)
                descent.learning_rate = recipe.rate * pace
                descent_top.learning_rate = recipe.head_rate * pace
                loss = step(padded([rows[i] for i in some]), labels[some], worth[labels[some]])
                mean += (float(loss) - mean) * 0.02
                done += 1
                if done % 50 == 0:
                    took = time.monotonic() - started
                    left = took / done * (steps - done) / 60
                    self.say(f"step {done} of {steps}, loss {mean:.3f}, {left:.0f} min to go")
            after_epoch(epoch)

    def _step(self, body: list, top: list, descent: object, descent_top: object) -> Callable:
        recipe, intents = self.recipe, self.head.bias.shape[0]

        @tf.function(
            autograph=False,
            input_signature=[
                tf.TensorSpec([None, None], tf.int32),
                tf.TensorSpec([None], tf.int64),
                tf.TensorSpec([None], tf.float32),
            ],
        )
        def step(tokens: tf.Tensor, wanted: tf.Tensor, worth: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                vectors = self.encoder.vectors(tokens)
                scores = self.head.scores(vectors, recipe.dropped)
                target = tf.one_hot(wanted, intents) * (1 - recipe.smoothing)
                target += recipe.smoothing / intents
                loss = tf.reduce_mean(
                    worth * tf.nn.softmax_cross_entropy_with_logits(target, scores)
                )
            slopes = tape.gradient(loss, body + top)
            slopes, _ = tf.clip_by_global_norm(slopes, 1.0)
            descent.apply_gradients(zip(slopes[: len(body)], body, strict=True))
            descent_top.apply_gradients(zip(slopes[len(body) :], top, strict=True))
            return loss

        return step

    def scores(self, texts: list[str]) -> np.ndarray:
        """Logits of messages as they are."""
        rows = [self.tokens.of(text, LONGEST) for text in texts]
        order = np.argsort([len(row) for row in rows], kind="stable")
        found = np.zeros((len(texts), self.head.bias.shape[0]), dtype=np.float32)
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            found[some] = self._read(padded([rows[i] for i in some])).numpy()
        return found


def padded(rows: list[list[int]]) -> np.ndarray:
    """Rows of one length; -1 where there is nothing."""
    longest = max(map(len, rows))
    return np.array([row + [-1] * (longest - len(row)) for row in rows], dtype=np.int32)


def _batches(rows: list[list[int]], size: int, dice: np.random.Generator) -> Iterator[np.ndarray]:
    """Sentences of like length together, so that little is padded; otherwise by chance."""
    order = dice.permutation(len(rows))
    lengths = np.array([len(row) for row in rows])
    batches = []
    for start in range(0, len(order), size * 32):
        some = order[start : start + size * 32]
        some = some[np.argsort(lengths[some], kind="stable")]
        batches += [some[a : a + size] for a in range(0, len(some), size)]
    for number in dice.permutation(len(batches)):
        yield batches[number]
