"""A small linear classifier over meaning (dense) and spelling (sparse) features together.

A linear model is sure of anything, nonsense too. So it also keeps the vectors of its training
examples: a message that is far from all of them is not believed (see `nearest_at_least`).
Everything is stored as plain arrays and JSON; nothing is unpickled when a model is loaded.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, diags, hstack, vstack
from sklearn.linear_model import LogisticRegression

logger = logging.getLogger(__name__)

ARRAYS = "reader.npz"
LABELS = "reader.json"


@dataclass
class Reader:
    """What was learned: weights over [meaning, spelling], and the examples' own vectors."""

    labels: list[str]
    meaning: np.ndarray  # weights, (dense, intents)
    spelling: np.ndarray  # weights, (sparse, intents)
    bias: np.ndarray  # (intents,)
    rarity: np.ndarray  # (sparse,) how telling each n-gram is
    examples: np.ndarray  # (examples, dense), unit length


def dense_rows(messages: list[Message]) -> np.ndarray:
    """One row a message, of unit length."""
    rows = [message.get_dense_features(TEXT, [])[1].features.reshape(-1) for message in messages]
    matrix = np.asarray(rows, dtype=np.float32)
    return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)


def sparse_rows(messages: list[Message]) -> csr_matrix:
    """One row of n-gram counts a message, damped: the third repeat says less than the first."""
    counts = vstack(
        [csr_matrix(message.get_sparse_features(TEXT, [])[1].features) for message in messages]
    ).astype(np.float32)
    counts.data = np.log1p(counts.data)
    return counts


def weigh(counts: csr_matrix, rarity: np.ndarray) -> csr_matrix:
    """Counts times rarity, each row of unit length."""
    weighed = counts.multiply(rarity).tocsr()
    lengths = np.sqrt(weighed.multiply(weighed).sum(axis=1)).A1
    return diags(1.0 / np.maximum(lengths, 1e-9)) @ weighed


def rarity_of(counts: csr_matrix) -> np.ndarray:
    """Smoothed inverse document frequency of each column."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    return (np.log((1 + counts.shape[0]) / (1 + seen)) + 1).astype(np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentReader(IntentClassifier, GraphComponent):
    """Gives a message its intent, or a confidence of nothing when it is unlike all examples."""

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads what dense and sparse featurizers have left on the message."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Both come with Rasa."""
        return ["sklearn", "scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """All are set in config.yml; the reasons for the values stand there."""
        return {
            "strength": 10.0,
            "spelling_weight": 1.0,
            "meaning_weight": 1.0,
            "nearest_at_least": 0.0,
            "ranking_length": 5,
            "random_state": 7,
            "max_iter": 400,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        reader: Reader | None = None,
    ) -> None:
        """Without a reader nothing is recognised; `train` or `load` gives one."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentReader:
        """Called by Rasa's graph before training."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example that has text and an intent, and store the result."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        if not examples:
            raise ValueError("no example with text and an intent to train on")
        dense, counts = dense_rows(examples), sparse_rows(examples)
        rarity = rarity_of(counts)
        model = LogisticRegression(
            C=self._config["strength"],
            class_weight="balanced",
            max_iter=self._config["max_iter"],
            random_state=self._config["random_state"],
        )
        model.fit(self._joined(dense, weigh(counts, rarity)), [e.get(INTENT) for e in examples])
        weights = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
        self._reader = Reader(
            labels=[str(label) for label in model.classes_],
            meaning=weights[: dense.shape[1]],
            spelling=weights[dense.shape[1] :],
            bias=model.intercept_.astype(np.float32),
            rarity=rarity,
            examples=dense,
        )
        self._persist(self._reader)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking on each message with text."""
        worded = [m for m in messages if m.get(TEXT)]
        if not worded or self._reader is None:
            return messages
        dense = dense_rows(worded)
        scores = self._scores(self._reader, dense, worded)
        nearest = (dense @ self._reader.examples.T).max(axis=1)
        for message, row, near in zip(worded, scores, nearest, strict=True):
            self._mark(message, self._reader.labels, row, float(near))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Rasa's contract for a classifier in the middle of a pipeline."""
        self.process(training_data.training_examples)
        return training_data

    def _joined(self, dense: np.ndarray, spelling: csr_matrix) -> csr_matrix:
        return hstack(
            [
                csr_matrix(dense * self._config["meaning_weight"]),
                spelling * self._config["spelling_weight"],
            ],
            format="csr",
        )

    def _scores(self, reader: Reader, dense: np.ndarray, messages: list[Message]) -> np.ndarray:
        spelling = weigh(sparse_rows(messages), reader.rarity) * self._config["spelling_weight"]
        logits = (dense * self._config["meaning_weight"]) @ reader.meaning
        logits = logits + spelling @ reader.spelling + reader.bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)

    def _mark(self, message: Message, labels: list[str], scores: np.ndarray, near: float) -> None:
        if near < self._config["nearest_at_least"]:
            # The order of the guesses stays for whoever looks; none of them is believed.
            scores = scores * 0.0
        order = np.argsort(-scores, kind="stable")
        length = self._config["ranking_length"]
        ranking = [{"name": labels[i], "confidence": float(scores[i])} for i in order[:length]]
        message.set("intent", dict(ranking[0]), add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("nearest", round(near, 4), add_to_output=True)

    def _persist(self, reader: Reader) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            np.savez_compressed(
                folder / ARRAYS,
                # Half precision halves the model; the answers differ in the fourth digit.
                meaning=reader.meaning.astype(np.float16),
                spelling=reader.spelling.astype(np.float16),
                bias=reader.bias,
                rarity=reader.rarity,
                examples=reader.examples.astype(np.float16),
            )
            (folder / LABELS).write_text(json.dumps(reader.labels), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentReader:
        """Read the arrays back; a model without them is refused rather than silently dumb."""
        with model_storage.read_from(resource) as folder:
            labels = json.loads((folder / LABELS).read_text(encoding="utf-8"))
            with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
                reader = Reader(
                    labels=labels,
                    meaning=arrays["meaning"].astype(np.float32),
                    spelling=arrays["spelling"].astype(np.float32),
                    bias=arrays["bias"],
                    rarity=arrays["rarity"],
                    examples=arrays["examples"].astype(np.float32),
                )
        return cls(config, model_storage, resource, reader)
