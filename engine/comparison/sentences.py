"""The training sentences, encoded once for all readers, and cut into folds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rasa.shared.nlu.training_data.loading import load_data
from scipy.sparse import csr_matrix

from engine.comparison import base_encoder
from engine.comparison.measures import joined, split_in_folds
from engine.components import first_encoder, spelling
from engine.components.signs import in_words

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 512
# From where two sentences count as one: "guten tag" and "schönen guten tag" (spelling), "8 von 10"
# and "8 to 10" (meaning). Looked at by hand: below, pairs begin to differ in more than a word.
# Both encoders must agree: to the first one alone nearly all of Hindi is one sentence.
SAME_SPELLING = 0.8
SAME_MEANING = (0.9, 0.7)


@dataclass
class Sentences:
    """What is known of each training sentence, one row a sentence."""

    texts: list[str]
    languages: np.ndarray  # the folder below data/nlu
    intents: list[str]  # the names
    labels: np.ndarray  # numbers of intents
    seen: np.ndarray  # what the first encoder saw
    pieces: csr_matrix  # of words, counted
    second: np.ndarray  # the second encoder's raw vectors
    folds: np.ndarray

    def some(self, rows: np.ndarray) -> Sentences:
        """These rows alone."""
        return replace(
            self,
            texts=[self.texts[row] for row in rows],
            **{
                name: getattr(self, name)[rows]
                for name in ("languages", "labels", "seen", "pieces", "second", "folds")
            },
        )


def load(sample: int, seed: int) -> Sentences:
    """Read and encode all sentences, or `sample` of them by chance; all are in fold 0 yet."""
    found: dict[tuple[str, str], str] = {}
    for folder in sorted((ROOT / "data" / "nlu").iterdir()):
        for example in load_data(str(folder)).intent_examples:
            found.setdefault((in_words(example.get("text")), example.get("intent")), folder.name)
    rows = list(found.items())
    if 0 < sample < len(rows):
        taken = np.random.default_rng(seed).choice(len(rows), sample, replace=False)
        rows = [rows[i] for i in sorted(taken)]
    texts = [text for (text, _), _ in rows]
    intents, labels = np.unique([intent for (_, intent), _ in rows], return_inverse=True)
    seen = [first_encoder.encode(texts[a : a + AT_ONCE]) for a in range(0, len(texts), AT_ONCE)]
    return Sentences(
        texts=texts,
        languages=np.array([language for _, language in rows]),
        intents=list(intents),
        labels=labels,
        seen=np.concatenate(seen),
        pieces=spelling.counts(texts),
        second=base_encoder.encode_all(texts),
        folds=np.zeros(len(texts), dtype=int),
    )


def near_duplicates(sentences: Sentences) -> list[int]:
    """Groups of sentences with the same words, nearly the same spelling or the same meaning.

    Over languages and intents alike: a translation is a duplicate where the encoder sees it so,
    and one sentence that stands under two intents must not be met in training either.
    """
    by_words: dict[str, int] = {}
    pairs = []
    for row, text in enumerate(sentences.texts):
        words = " ".join(sorted(set(spelling.folded(text).split())))
        pairs.append((by_words.setdefault(words, row), row))
    pieces = spelling.weighed(sentences.pieces, spelling.rarity(sentences.pieces))
    meaning = sentences.seen[:, : first_encoder.SENTENCE]
    second = base_encoder.centred(sentences.second, sentences.second.mean(axis=0))
    for start in range(0, len(sentences.texts), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        alike = (pieces[some] @ pieces[start:].T).tocoo()
        near = alike.data >= SAME_SPELLING
        pairs += zip(
            (alike.row[near] + start).tolist(), (alike.col[near] + start).tolist(), strict=True
        )
        one, other = np.nonzero(meaning[some] @ meaning[start:].T >= SAME_MEANING[0])
        one, other = one + start, other + start
        near = np.einsum("ij,ij->i", second[one], second[other]) >= SAME_MEANING[1]
        pairs += zip(one[near].tolist(), other[near].tolist(), strict=True)
    return joined(len(sentences.texts), pairs)


def folded_in(sentences: Sentences, folds: int, seed: int) -> tuple[Sentences, list[int]]:
    """The sentences with their folds, and the sizes of the groups that were kept together."""
    groups = near_duplicates(sentences)
    sizes = np.unique(groups, return_counts=True)[1]
    found = np.array(split_in_folds(groups, folds, seed))
    return replace(sentences, folds=found), sorted(sizes.tolist(), reverse=True)
