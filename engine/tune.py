"""Tunes the second encoder to the training sentences: `make tune`. About an hour on two cores.

    engine/.venv/bin/python -m engine.tune [--epochs 2] [--fresh | --new]

Goes on from `engine/tuned.npz`, or with --fresh from the package's own model, and writes that file
anew: commit it. With --new it goes through what it has never seen, and half as much of the rest, so
that nothing is forgotten over it. A tenth of the sentences is kept out, near duplicates with them; how well they are
read is printed by language, with the weights for config.yml that fit them best.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from engine.comparison.sentences import ROOT, Sentences, load, near_duplicates
from engine.components import second_encoder
from engine.components.e5_file import read_vocabulary
from engine.components.intent_reader import learn_reader
from engine.components.network import Recipe as NetworkRecipe
from engine.tuning import fitting
from engine.tuning.learning import Head, Recipe, Tuning
from engine.tuning.tokens import Tokens
from engine.tuning.transformer import Transformer

RESULT = ROOT / "var" / "tune.json"
SEED = 7
KEPT_OUT = 0.1
FIXED_LAYERS = 4
"""The lowest ones, which know letters and words: what they do is the same for every question."""


def main() -> None:
    """Tune, write, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--fresh", action="store_true", help="begin with the package's own model")
    parser.add_argument(
        "--new", action="store_true", help="only what is new, and half as much besides"
    )
    wish = parser.parse_args()
    before = None if wish.fresh or not second_encoder.TUNED.exists() else _kept()
    _say("reading the sentences ...")
    sentences = load(0, SEED)
    out = kept_out(sentences, before)
    inside, outside = np.flatnonzero(out), np.flatnonzero(~out)
    training, test = sentences.some(outside), sentences.some(inside)
    said = training.some(new_and_old(training, before)) if wish.new and before else training
    _say(f"{len(said.texts)} sentences to learn from, {len(test.texts)} kept out")
    recipe = Recipe(epochs=wish.epochs, seed=SEED)
    tuning = _begin(training, recipe, before)

    def after_epoch(number: int) -> None:
        scores = tuning.scores(test.texts)
        right = float((scores.argmax(axis=1) == test.labels).mean())
        _say(f"epoch {number + 1} of {wish.epochs}: {right:.4f} of those kept out are right")
        _write(tuning, sentences, inside)

    tuning.learn(said.texts, said.labels, after_epoch)
    told = _told(tuning, training, test)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(fitting.markdown(told))


def kept_out(sentences: Sentences, before: dict[str, np.ndarray] | None) -> np.ndarray:
    """Which sentences are not learned from: those of before, and a tenth of what is new.

    Whatever is nearly the same as one that is kept out is kept out as well.
    """
    groups = np.array(near_duplicates(sentences))
    keys = np.array([second_encoder.key(text) for text in sentences.texts], dtype=np.uint64)
    known = before["known"] if before else np.array([], dtype=np.uint64)
    old = before["kept_out"] if before else np.array([], dtype=np.uint64)
    touched = np.unique(groups[np.isin(keys, old)])
    fresh = np.setdiff1d(np.unique(groups), np.unique(groups[np.isin(keys, known)]))
    dice = np.random.default_rng(SEED)
    chosen = fresh[dice.random(len(fresh)) < KEPT_OUT]
    return np.isin(groups, np.concatenate([touched, chosen]))


def new_and_old(training: Sentences, before: dict[str, np.ndarray]) -> np.ndarray:
    """The rows that have not been learned from yet, and half as many others by chance."""
    keys = np.array([second_encoder.key(text) for text in training.texts], dtype=np.uint64)
    old = np.isin(keys, before["known"])
    new, rest = np.flatnonzero(~old), np.flatnonzero(old)
    again = np.random.default_rng(SEED).choice(rest, min(len(new) // 2, len(rest)), replace=False)
    return np.sort(np.concatenate([new, again]))


def _kept() -> dict[str, np.ndarray]:
    with np.load(second_encoder.TUNED, allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


def _begin(training: Sentences, recipe: Recipe, before: dict[str, np.ndarray] | None) -> Tuning:
    tokens = Tokens(read_vocabulary(second_encoder.BASE))
    if before is None:
        encoder = Transformer(second_encoder.BASE, FIXED_LAYERS)
        head = Head.fresh(training.second.mean(axis=0), len(training.intents))
        return Tuning(tokens, encoder, head, recipe, _say)
    if before["intents"].tolist() != training.intents:
        raise SystemExit("the intents have changed since: begin anew with --fresh")
    with tempfile.NamedTemporaryFile(suffix=".e5") as joined:
        second_encoder.join(second_encoder.layers_of(before), Path(joined.name))
        encoder = Transformer(Path(joined.name), FIXED_LAYERS)
    head = Head.of(before["middle"], before["weights"], before["bias"])
    return Tuning(tokens, encoder, head, recipe, _say)


def _write(tuning: Tuning, sentences: Sentences, inside: np.ndarray) -> None:
    keys = np.array([second_encoder.key(text) for text in sentences.texts], dtype=np.uint64)
    layers = {f"{second_encoder.LAYERS}{n}": v for n, v in tuning.encoder.stored().items()}
    np.savez(
        second_encoder.TUNED,
        intents=np.array(sentences.intents),
        known=keys,
        kept_out=keys[inside],
        **tuning.head.stored(),
        **layers,
    )


def _told(tuning: Tuning, training: Sentences, test: Sentences) -> dict[str, Any]:
    """What the readers make of the sentences kept out, alone and together."""
    _say("the quick reader learns from the same sentences ...")
    names = [training.intents[label] for label in training.labels]
    quick = learn_reader(training.texts, names, NetworkRecipe(hidden=1024, epochs=16, seed=SEED))
    features, spelled = quick.quick_features(test.texts)
    said = {
        "network": quick.quick.scores(features),
        "spelling": spelled,
        "encoder": tuning.scores(test.texts),
    }
    return fitting.told(said, test)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
