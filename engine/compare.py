"""How readers of messages compare: `make compare`; what came out stands in docs/understanding.md.

    engine/.venv/bin/python -m engine.compare [--folds 3] [--sample 6000] [--diet 40] [--again]

Each reader reads every training sentence, having learned from the folds that it is not in; near
duplicates are in one fold. Prints Markdown, writes var/compare.json and, for `--again`, the scores
themselves to var/compare.npz.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.utils.io import read_yaml_file

from engine.comparison import base_encoder, diet, report, tables
from engine.comparison.readers import (
    QUICK,
    SECOND,
    SENTENCE,
    Blocks,
    Linear,
    Nearest,
    Net,
    Reader,
    Spelt,
)
from engine.comparison.report import FIRST, LAST, NET, NET_BOTH, SPELT, Measured
from engine.comparison.sentences import ROOT, Sentences, folded_in, load
from engine.components import first_encoder
from engine.components.intent_reader import _landmarks
from engine.components.network import Recipe

SCORES = ROOT / "var" / "compare.npz"
RESULT = ROOT / "var" / "compare.json"
TIMED = 300  # messages, one by one
SEED = 7
# DIET's part: English alone, so that its few sentences are enough to learn something from.
DIET_LANGUAGE, DIET_TRAINING, DIET_TEST = "en", 2000, 1000


def readers(recipe: Recipe) -> dict[str, Reader]:
    """All that are compared; the cascade is made of two of them."""
    return {
        SPELT: Spelt(decay=1e-5),
        FIRST: Linear((SENTENCE,), strength=30),
        LAST: Linear((SECOND,), strength=30),
        "both encoders, linear": Linear((SENTENCE, SECOND), strength=30),
        "nearest example, both encoders": Nearest(),
        NET: Net(QUICK, recipe),
        NET_BOTH: Net((*QUICK, SECOND), recipe),
    }


def measure(sentences: Sentences, recipe: Recipe, encoders: dict[str, float]) -> Measured:
    """Train and test every reader on every fold; messages are timed on the last one's."""
    count, intents = len(sentences.texts), len(sentences.intents)
    compared = readers(recipe)
    scores = {name: np.zeros((count, intents), dtype=np.float32) for name in compared}
    costs: dict[str, dict[str, Any]] = {name: {"training": []} for name in compared}
    nearness = np.zeros(count, dtype=np.float32)
    folds = range(int(sentences.folds.max()) + 1)
    for fold in folds:
        inside, outside = (np.flatnonzero(f) for f in _halves(sentences.folds == fold))
        training, test = sentences.some(outside), sentences.some(inside)
        blocks = Blocks.fitted(training, SEED)
        marks = _landmarks(blocks.of(training, (SENTENCE,)), training.labels, SEED)
        nearness[inside] = (blocks.of(test, (SENTENCE,)) @ marks.T).max(axis=1)
        for name, reader in compared.items():
            started = time.process_time()
            reader.fit(blocks, training)
            costs[name]["training"].append(time.process_time() - started)
            scores[name][inside] = reader.scores(blocks, test)
            right = (scores[name][inside].argmax(axis=1) == test.labels).mean()
            _say(f"fold {fold + 1} of {len(folds)}: {name}: {right:.4f}")
        if fold == folds[-1]:
            timed = np.random.default_rng(SEED).choice(inside, min(TIMED, len(inside)), False)
            texts = [sentences.texts[row] for row in timed]
            for name, reader in compared.items():
                costs[name]["ms"] = _timed(reader, blocks, texts)
                costs[name]["own"] = reader.kept(blocks)
                costs[name]["kept"] = reader.kept(blocks) + _weights(reader, encoders)
                costs[name]["spelling"] = blocks.telling.nbytes + blocks.directions.nbytes
            twice = _timed_twice(compared[NET], compared[NET_BOTH], blocks, texts)
    return Measured(
        languages=sentences.languages,
        texts=np.array(sentences.texts),
        intents=sentences.intents,
        labels=sentences.labels,
        folds=sentences.folds,
        nearness=nearness,
        scores=scores,
        costs=costs,
        timed=timed,
        twice=twice,
    )


def _halves(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return chosen, ~chosen


def _timed(reader: Reader, blocks: Blocks, texts: list[str]) -> list[float]:
    """Processor time: other programs on the machine are not the reader's."""
    reader.read(blocks, "ready")
    times = []
    for text in texts:
        started = time.process_time()
        reader.read(blocks, text)
        times.append((time.process_time() - started) * 1000)
    return times


def _timed_twice(
    quick: Reader, slow: Reader, blocks: Blocks, texts: list[str]
) -> list[tuple[float, float]]:
    """The quick reading, and what asking the slow one adds when its quick features are there."""
    assert isinstance(quick, Net)
    assert isinstance(slow, Net)
    times = []
    for text in texts:
        started = time.process_time()
        seen = blocks.of_message(text, QUICK)
        quick.network.scores(seen)
        between = time.process_time()
        slow.network.scores(np.concatenate([seen, blocks.of_message(text, (SECOND,))], axis=1))
        times.append(((between - started) * 1000, (time.process_time() - between) * 1000))
    return times


def _weights(reader: Reader, encoders: dict[str, float]) -> float:
    first = bool({*QUICK[:2]} & {*reader.names})
    return encoders["first"] * first + encoders["second"] * (SECOND in reader.names)


def _loaded_encoders() -> dict[str, float]:
    """What each encoder takes in memory, by what the process grows with it."""
    bare = _resident()
    first_encoder.encode(["ready"])
    first = _resident()
    base_encoder.encode("ready")
    return {"first": first - bare, "second": _resident() - first}


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def with_diet(sentences: Sentences, recipe: Recipe, epochs: int) -> dict[str, Any]:
    """DIET and the product's networks, on the same small part of the first fold."""
    dice = np.random.default_rng(SEED)
    own = sentences.languages == DIET_LANGUAGE
    outside = np.flatnonzero(own & (sentences.folds != 0))
    inside = np.flatnonzero(own & (sentences.folds == 0))
    training = sentences.some(dice.permutation(outside)[:DIET_TRAINING])
    test = sentences.some(dice.permutation(inside)[:DIET_TEST])
    wanted = [sentences.intents[label] for label in test.labels]
    blocks, read = Blocks.fitted(training, SEED), {}
    # On so few sentences six epochs are too few steps.
    for name, reader in readers(replace(recipe, epochs=epochs)).items():
        reader.fit(blocks, training)
        found = reader.scores(blocks, test).argmax(axis=1)
        read[name] = [sentences.intents[label] for label in found]
    _say(f"DIET: {epochs} epochs over {len(training.texts)} sentences")
    outcome = diet.run(training, test, epochs, SEED)
    read["DIET"] = outcome.read
    return report.of_diet(read, wanted, outcome, epochs, len(training.texts), len(sentences.texts))


def _refuse_too_few(sentences: Sentences) -> None:
    for fold in np.unique(sentences.folds):
        known = np.unique(sentences.labels[sentences.folds != fold])
        if len(known) < len(sentences.intents):
            raise SystemExit("too few sentences: a fold does not know every intent")


def _recipe() -> tuple[Recipe, dict[str, float]]:
    pipeline = read_yaml_file(str(ROOT / "config.yml"))["pipeline"]
    ours = next(part for part in pipeline if part["name"].endswith("IntentReader"))
    fallback = next(part for part in pipeline if part["name"] == "FallbackClassifier")
    recipe = Recipe(hidden=ours["hidden"], epochs=ours["epochs"], seed=ours.get("seed", SEED))
    return recipe, {
        "sure_at_least": ours["sure_at_least"],
        "lean_to_unrelated": ours["lean_to_unrelated"],
        "nearest_at_least": ours["nearest_at_least"],
        "threshold": fallback["threshold"],
    }


def _write(result: dict[str, Any]) -> None:
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Measure (or take up what was measured last), analyse, write and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=0, help="so many sentences instead of all")
    parser.add_argument("--diet", type=int, default=0, help="epochs for DIET; 0 leaves it out")
    parser.add_argument("--again", action="store_true", help="analyse the last run's scores")
    wish = parser.parse_args()
    recipe, config = _recipe()
    result: dict[str, Any] = {}
    if wish.again:
        measured = Measured.read(SCORES)
        result = json.loads(RESULT.read_text(encoding="utf-8"))
    else:
        encoders, started = _loaded_encoders(), time.process_time()
        sentences, groups = folded_in(load(wish.sample, SEED), wish.folds, SEED)
        _say(f"{len(sentences.texts)} sentences in {len(groups)} groups, largest {groups[:5]}")
        result["groups"] = {
            "count": len(groups),
            "largest": groups[:5],
            "sentences_with_a_double": sum(size for size in groups if size > 1),
            "seconds": round(time.process_time() - started),
        }
        _refuse_too_few(sentences)
        measured = measure(sentences, recipe, encoders)
        measured.write(SCORES)
    result.update(report.analysed(measured, config))
    _write(result)
    if wish.diet and not wish.again:
        result["diet"] = with_diet(sentences, recipe, wish.diet)
        _write(result)
    print(tables.markdown(result))


if __name__ == "__main__":
    main()
