"""Reads what a message wants: a quick reader, and a second opinion where the quick one is unsure.

The quick one is a small network over what the first encoder saw of the message and how it is
spelled, and a straight reader of the spelling alone. The second opinion is that of an encoder
tuned to the very question; all three are weighed together then. A network is sure of anything,
nonsense too. So unrelated talk has examples of its own, confidences are calibrated, and a message
that is far from everything that was ever shown is not believed (`nearest_at_least`). Everything is
stored as plain arrays and JSON; nothing is unpickled when a model is loaded.
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
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.cluster import MiniBatchKMeans

from engine.components import first_encoder, second_encoder, spelling
from engine.components.network import Network, Recipe, learn
from engine.components.signs import in_words

logger = logging.getLogger(__name__)

ARRAYS = "reader.npz"
LABELS = "reader.json"
# Texts encoded at once in training: what they take in memory is gone before the next ones.
AT_ONCE = 512
UNRELATED = "out_of_scope"
LANDMARKS = 24
"""Typical examples kept of each intent, by which a message's distance to all is measured."""


@dataclass
class Reader:
    """What was learned."""

    labels: list[str]
    quick: Network
    telling: np.ndarray  # (buckets,) how telling each piece of a word is
    directions: np.ndarray  # (buckets, spelling.WIDTH)
    spelled: np.ndarray  # (buckets, intents) the straight reader's weights
    spelled_bias: np.ndarray  # (intents,)
    landmarks: np.ndarray  # (landmarks, first_encoder.SENTENCE), unit length

    def quick_features(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """What is at hand at once, a row a text; and what the spelling alone says of the intents."""
        seen = first_encoder.encode(texts)
        pieces = spelling.weighed(spelling.counts(texts), self.telling)
        spelled = pieces @ self.spelled + self.spelled_bias
        return np.concatenate([seen, pieces @ self.directions], axis=1), spelled


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentReader(IntentClassifier, GraphComponent):
    """Gives a message its intent, or a confidence of nothing when it is unlike all examples."""

    @classmethod
    def required_components(cls) -> list[type]:
        """None: it reads the text itself."""
        return []

    @staticmethod
    def required_packages() -> list[str]:
        """Both come with Rasa."""
        return ["sklearn", "scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """All are set in config.yml; the reasons for the values stand there."""
        return {
            "epochs": 6,
            "hidden": 512,
            "seed": 7,
            "sure_at_least": 0.9,
            "alone": {"network": 1.0, "spelling": 0.0},
            "together": {"network": 0.5, "spelling": 0.0, "encoder": 0.5},
            "lean_to_unrelated": 1.0,
            "nearest_at_least": 0.0,
            "ranking_length": 5,
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
        """Learn from every example that has text and an intent, and store the result."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        if not examples:
            raise ValueError("no example with text and an intent to train on")
        self._reader = learn_reader(
            [in_words(e.get(TEXT)) for e in examples],
            [str(e.get(INTENT)) for e in examples],
            Recipe(
                hidden=self._config["hidden"],
                epochs=self._config["epochs"],
                seed=self._config["seed"],
            ),
        )
        refuse_other_intents(self._reader.labels)
        self._persist(self._reader)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking on each message with text."""
        worded = [message for message in messages if message.get(TEXT)]
        if self._reader is not None and worded:
            self._read(self._reader, worded)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing behind it in the pipeline learns from its guesses: the examples stay as they are."""
        return training_data

    def _read(self, reader: Reader, messages: list[Message]) -> None:
        """All of them in one go where that saves time: the quick features are worked out once."""
        texts = [in_words(message.get(TEXT)) for message in messages]
        features, spelled = reader.quick_features(texts)
        scores = reader.quick.scores(features)
        for row, (message, text) in enumerate(zip(messages, texts, strict=True)):
            said = {"network": scores[row], "spelling": spelled[row]}
            self._judge(reader, message, text, said, features[row, : first_encoder.SENTENCE])

    def _judge(
        self,
        reader: Reader,
        message: Message,
        text: str,
        said: dict[str, np.ndarray],
        sentence: np.ndarray,
    ) -> None:
        sure = self._shares(reader.labels, said, self._config["alone"])
        asked_twice = bool(text) and float(sure.max()) < self._config["sure_at_least"]
        if asked_twice:
            said["encoder"] = second_encoder.tuned().scores(text)
            sure = self._shares(reader.labels, said, self._config["together"])
        near = float((reader.landmarks @ sentence).max())
        if not text or near < self._config["nearest_at_least"]:
            # The order of the guesses stays for whoever looks; none of them is believed.
            sure = sure * 0.0
        _mark(message, reader.labels, sure, self._config["ranking_length"])
        message.set("nearest", round(near, 4), add_to_output=True)
        message.set("read_twice", asked_twice, add_to_output=True)

    def _shares(
        self, labels: list[str], said: dict[str, np.ndarray], weights: dict[str, float]
    ) -> np.ndarray:
        """Confidences that add up to 1; unrelated talk is endless, so it counts for more."""
        logits = sum(weight * said[name] for name, weight in weights.items())
        odds = np.exp(logits - np.max(logits))
        if UNRELATED in labels:
            odds[labels.index(UNRELATED)] *= self._config["lean_to_unrelated"]
        return odds / odds.sum()

    def _persist(self, reader: Reader) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            np.savez_compressed(
                folder / ARRAYS,
                telling=reader.telling,
                directions=reader.directions.astype(np.float16),
                spelled=reader.spelled.astype(np.float16),
                spelled_bias=reader.spelled_bias,
                landmarks=reader.landmarks.astype(np.float16),
                **reader.quick.arrays("quick_"),
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
            with np.load(folder / ARRAYS, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
        reader = Reader(
            labels=labels,
            quick=Network.from_arrays(arrays, "quick_"),
            telling=arrays["telling"],
            directions=arrays["directions"].astype(np.float32),
            spelled=arrays["spelled"].astype(np.float32),
            spelled_bias=arrays["spelled_bias"],
            landmarks=arrays["landmarks"].astype(np.float32),
        )
        # The encoders' weights are read here, not at a customer's message.
        reader.quick_features(["ready"])
        refuse_other_intents(labels)
        second_encoder.tuned().scores("ready")
        return cls(config, model_storage, resource, reader)


def refuse_other_intents(labels: list[str]) -> None:
    """The tuned encoder must know the very intents that there are sentences for.

    Raises:
        ValueError: it was tuned for others.
    """
    known = second_encoder.tuned().head.intents
    if labels != known:
        differ = ", ".join(sorted(set(labels) ^ set(known)))
        raise ValueError(f"engine/tuned.npz was made for other intents ({differ}): run `make tune`")


def learn_reader(texts: list[str], intents: list[str], recipe: Recipe) -> Reader:
    """Fit what is quick on texts (their signs in words) and their intents."""
    names = sorted(set(intents))
    numbers = {name: number for number, name in enumerate(names)}
    labels = np.array([numbers[intent] for intent in intents])
    pieces = spelling.counts(texts)
    telling = spelling.rarity(pieces)
    pieces = spelling.weighed(pieces, telling)
    across = spelling.directions(pieces, recipe.seed)
    spelled, spelled_bias = spelling.learn(pieces, labels, recipe.seed)
    seen = np.concatenate(
        [first_encoder.encode(texts[a : a + AT_ONCE]) for a in range(0, len(texts), AT_ONCE)]
    )
    quick = np.concatenate([seen, pieces @ across], axis=1).astype(np.float32)
    return Reader(
        labels=names,
        quick=learn(
            quick,
            labels,
            len(names),
            [first_encoder.SENTENCE, first_encoder.WORDS, across.shape[1]],
            recipe,
        ),
        telling=telling,
        directions=across,
        spelled=spelled,
        spelled_bias=spelled_bias,
        landmarks=_landmarks(quick[:, : first_encoder.SENTENCE], labels, recipe.seed),
    )


def _landmarks(rows: np.ndarray, labels: np.ndarray, seed: int) -> np.ndarray:
    """The centres of each intent's clusters: all examples would be 80 MB to go through."""
    centres = []
    for number in range(labels.max() + 1):
        own = rows[labels == number]
        count = min(LANDMARKS, len(own))
        clusters = MiniBatchKMeans(count, random_state=seed, n_init=1).fit(own)
        centres.append(clusters.cluster_centers_)
    found = np.concatenate(centres)
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def _mark(message: Message, labels: list[str], shares: np.ndarray, length: int) -> None:
    order = np.argsort(-shares, kind="stable")[:length]
    ranking = [{"name": labels[i], "confidence": float(shares[i])} for i in order]
    message.set("intent", dict(ranking[0]), add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
