"""Spelling: pieces of words, which survive typos and know words that only we have examples of."""

from __future__ import annotations

import unicodedata

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.utils.extmath import randomized_svd

BUCKETS = 2**15
WIDTH = 256
LONGEST = 600

_pieces = HashingVectorizer(
    analyzer="char_wb",
    ngram_range=(2, 5),
    n_features=BUCKETS,
    alternate_sign=False,
    norm=None,
    preprocessor=None,
    lowercase=False,
    dtype=np.float32,
)


def folded(text: str) -> str:
    """Lower case and without the accents that people leave out; other scripts stay whole."""
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST].lower())
    return "".join(c for c in decomposed if not 0x300 <= ord(c) < 0x370)


def counts(texts: list[str]) -> csr_matrix:
    """How often each piece stands in each text, damped: the third repeat says less."""
    found = _pieces.transform([folded(text) for text in texts])
    found.data = np.log1p(found.data)
    return found


def rarity(found: csr_matrix) -> np.ndarray:
    """Smoothed inverse document frequency of each bucket."""
    seen = np.bincount(found.indices, minlength=BUCKETS)
    return (np.log((1 + found.shape[0]) / (1 + seen)) + 1).astype(np.float32)


def weighed(found: csr_matrix, telling: np.ndarray) -> csr_matrix:
    """Counts times rarity, each row of unit length."""
    rows = found.multiply(telling).tocsr()
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))).ravel()
    rows.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(rows.indptr))
    return rows


def directions(rows: csr_matrix, seed: int) -> np.ndarray:
    """The WIDTH directions in which texts differ most, (buckets, WIDTH)."""
    width = min(WIDTH, rows.shape[0] - 1)
    _, _, across = randomized_svd(rows, n_components=width, n_iter=2, random_state=seed)
    return np.ascontiguousarray(across.T.astype(np.float32))


def learn(rows: csr_matrix, labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A straight line from every bucket to every intent: weights (buckets, intents) and bias.

    The directions above hold too little of the spelling of a language that no encoder knows.
    """
    learned = SGDClassifier(
        loss="log_loss", alpha=1e-5, max_iter=12, tol=None, random_state=seed
    ).fit(rows, labels)
    # A row a piece: a message needs few of them.
    weights = np.ascontiguousarray(learned.coef_.T.astype(np.float32))
    return weights, learned.intercept_.astype(np.float32)
