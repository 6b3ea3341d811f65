"""A small network over a message's features: learned with TensorFlow, applied with numpy."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np


@dataclass
class Network:
    """Weights: one hidden layer, and a straight way past it."""

    middle: np.ndarray  # (features,) subtracted
    scale: np.ndarray  # (features,) multiplied
    into: np.ndarray  # (features, hidden)
    into_bias: np.ndarray
    out: np.ndarray  # (hidden, intents)
    out_bias: np.ndarray
    past: np.ndarray  # (features, intents)

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Logits, (rows, intents)."""
        x = (rows - self.middle) * self.scale
        hidden = np.maximum(x @ self.into + self.into_bias, 0)
        return hidden @ self.out + self.out_bias + x @ self.past

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """For storing; half precision halves the model and changes the fourth digit."""
        return {f"{prefix}{f.name}": getattr(self, f.name).astype(np.float16) for f in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray], prefix: str) -> Network:
        """The way back from `arrays`."""
        return cls(**{f.name: arrays[f"{prefix}{f.name}"].astype(np.float32) for f in fields(cls)})


@dataclass(frozen=True)
class Recipe:
    """How a network is learned; the values that won stand in config.yml."""

    hidden: int = 512
    epochs: int = 10
    batch: int = 256
    rate: float = 1.5e-3
    dropped: float = 0.5  # share of the hidden layer that a step does without
    smoothing: float = 0.1  # what of an example's label is given to all other intents
    decay: float = 1e-4
    seed: int = 7


def learn(
    rows: np.ndarray, labels: np.ndarray, intents: int, parts: list[int], recipe: Recipe
) -> Network:
    """Fit a network.

    Args:
        rows: features, one row an example.
        labels: the number of each example's intent.
        intents: how many there are.
        parts: the widths of the blocks that the features are made of; each block is brought to
            the same strength, so that a wide one does not drown a narrow one.
        recipe: see there.
    """
    import tensorflow as tf  # noqa: PLC0415  seconds, which only training has to spend

    middle = rows.mean(axis=0)
    scale = _strength(rows, middle, parts)
    tf.random.set_seed(recipe.seed)
    order, dice = np.random.default_rng(recipe.seed), tf.random.Generator.from_seed(recipe.seed)

    def fresh(height: int, width: int, spread: float) -> tf.Variable:
        return tf.Variable(dice.normal([height, width]) * spread)

    wide = rows.shape[1]
    into, into_bias = (
        fresh(wide, recipe.hidden, (2 / wide) ** 0.5),
        tf.Variable(tf.zeros([recipe.hidden])),
    )
    out, out_bias = (
        fresh(recipe.hidden, intents, recipe.hidden**-0.5),
        tf.Variable(tf.zeros([intents])),
    )
    past = fresh(wide, intents, 0.01)
    weights = [into, into_bias, out, out_bias, past]
    descent = tf.keras.optimizers.legacy.Adam(recipe.rate)
    # Half way to equal: a rare intent counts more than its examples, not as much as a common one.
    share = np.bincount(labels, minlength=intents)
    worth = np.sqrt(len(labels) / intents / np.maximum(share, 1)).astype(np.float32)

    @tf.function(autograph=False, reduce_retracing=True)
    def step(x: tf.Tensor, y: tf.Tensor, w: tf.Tensor, pace: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            x = tf.nn.dropout(x, recipe.dropped * 0.4)
            hidden = tf.nn.dropout(tf.nn.relu(x @ into + into_bias), recipe.dropped)
            logits = hidden @ out + out_bias + x @ past
            wanted = tf.one_hot(y, intents) * (1 - recipe.smoothing) + recipe.smoothing / intents
            loss = tf.reduce_mean(w * tf.nn.softmax_cross_entropy_with_logits(wanted, logits))
            loss += recipe.decay * sum(tf.nn.l2_loss(each) for each in (into, out, past))
        descent.learning_rate = recipe.rate * pace
        descent.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))

    done, steps = 0, recipe.epochs * (len(rows) // recipe.batch + 1)
    for _ in range(recipe.epochs):
        shuffled = order.permutation(len(rows))
        for start in range(0, len(rows), recipe.batch):
            some = shuffled[start : start + recipe.batch]
            x = ((rows[some] - middle) * scale).astype(np.float32)
            pace = min(1.0, (done + 1) / 100) * (1 - done / steps)
            step(x, labels[some], worth[labels[some]], tf.constant(pace, tf.float32))
            done += 1
    learned = [weight.numpy() for weight in weights]
    return Network(middle, scale, *learned)


def _strength(rows: np.ndarray, middle: np.ndarray, parts: list[int]) -> np.ndarray:
    """Sparse numbers of one block are not blown up alone: the block has one scale."""
    scale = np.empty(rows.shape[1], dtype=np.float32)
    start = 0
    for width in parts:
        block = slice(start, start + width)
        spread = float(np.sqrt(np.mean((rows[:, block] - middle[block]) ** 2)))
        scale[block] = 1.0 / max(spread, 1e-6)
        start += width
    return scale
