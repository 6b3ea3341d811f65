"""Rasa's DIETClassifier, on a part of the sentences: over all of them it would take days."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.comparison.sentences import Sentences
from engine.components import first_encoder

PIECES = {"analyzer": "char_wb", "min_ngram": 2, "max_ngram": 5, "min_df": 2}


@dataclass
class Outcome:
    """What came of it."""

    read: list[str]
    training_seconds: float  # on one core
    times: list[float]  # ms a message
    kept: int  # bytes of the stored model


def run(training: Sentences, test: Sentences, epochs: int, seed: int) -> Outcome:
    """Train as a Rasa pipeline would: character n-grams and our first encoder, then DIET."""
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        context = ExecutionContext(GraphSchema({}))
        tokens = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
        pieces = CountVectorsFeaturizer.create(
            {**CountVectorsFeaturizer.get_default_config(), **PIECES},
            *(storage, Resource("pieces"), context),
        )
        wish = {
            "entity_recognition": False,
            "constrain_similarities": True,
            "epochs": epochs,
            "random_seed": seed,
        }
        diet = DIETClassifier.create(
            {**DIETClassifier.get_default_config(), **wish},
            *(storage, Resource("diet"), context),
        )
        data = TrainingData([_message(training, row) for row in range(len(training.texts))])
        tokens.process_training_data(data)
        pieces.train(data)
        pieces.process_training_data(data)
        started = time.process_time()
        diet.train(data)
        took = time.process_time() - started
        read, times = [], []
        for text in test.texts:
            message, begun = Message.build(text), time.process_time()
            sentence = first_encoder.encode([text])[:, : first_encoder.SENTENCE]
            message.add_features(_features(sentence))
            for part in (tokens, pieces, diet):
                part.process([message])
            times.append((time.process_time() - begun) * 1000)
            read.append(str(message.get("intent")["name"]))
        kept = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return Outcome(read, took, times, kept)


def _message(sentences: Sentences, row: int) -> Message:
    message = Message.build(sentences.texts[row], sentences.intents[sentences.labels[row]])
    message.add_features(_features(sentences.seen[row : row + 1, : first_encoder.SENTENCE]))
    return message


def _features(sentence: np.ndarray) -> Features:
    return Features(sentence, "sentence", "text", "first_encoder")
