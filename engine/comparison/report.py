"""From held-out scores to figures, and from figures to Markdown tables."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp, softmax

from engine.comparison.diet import Outcome
from engine.comparison.measures import (
    accuracy,
    calibration_error,
    cascade_curve,
    macro_f1,
    percentile,
    refusal_curve,
)

FIRST = "first encoder, linear"
NET = "network: first encoder, spelling (quick)"
NET_BOTH = "network: the same and second encoder (slow)"
CASCADE = "cascade: quick, slow where unsure"
LANGUAGES = ("en", "fr", "es", "de", "pt", "it", "hinglish", "hi")
UNRELATED = "out_of_scope"
SURE = (0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.01)
CONFIDENT = (0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
NEAR = (0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
PAIRS = 10
SHOWN = 90  # signs of an example


@dataclass
class Measured:
    """What every reader made of every sentence, and what it cost."""

    languages: np.ndarray
    texts: np.ndarray
    intents: list[str]
    labels: np.ndarray
    folds: np.ndarray
    nearness: np.ndarray
    scores: dict[str, np.ndarray]
    costs: dict[str, dict[str, Any]]
    timed: np.ndarray  # the rows whose reading was timed
    twice: list[tuple[float, float]]  # ms of the quick reading, and of asking the slow one

    def write(self, path: Path) -> None:
        """Plain arrays and JSON."""
        path.parent.mkdir(exist_ok=True)
        rest = {"intents": self.intents, "costs": self.costs, "twice": self.twice}
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        scores = {f"scores {name}": found for name, found in self.scores.items()}
        np.savez_compressed(path, rest=json.dumps(rest), **arrays, **scores)

    @classmethod
    def read(cls, path: Path) -> Measured:
        """The way back."""
        with np.load(path, allow_pickle=False) as stored:
            rest = json.loads(str(stored["rest"]))
            arrays = {name: stored[name] for name in _ARRAYS}
            scores = {
                name.removeprefix("scores "): stored[name]
                for name in stored.files
                if name.startswith("scores ")
            }
        return cls(scores=scores, **arrays, **rest)


_ARRAYS = ("languages", "texts", "labels", "folds", "nearness", "timed")


def sharpness(scores: np.ndarray, labels: np.ndarray) -> float:
    """What to multiply the scores with so that the truth is as likely as can be."""

    def surprise(log: float) -> float:
        sharp = scores * np.exp(log)
        right = np.take_along_axis(sharp, labels[:, None], axis=1)[:, 0]
        return float(np.mean(logsumexp(sharp, axis=1) - right))

    return float(np.exp(minimize_scalar(surprise, bounds=(-3, 5), method="bounded").x))


def shares(measured: Measured, name: str) -> np.ndarray:
    """Confidences: each fold's with the sharpness that fits the other folds' held-out scores."""
    scores, found = measured.scores[name], np.zeros_like(measured.scores[name])
    for fold in np.unique(measured.folds):
        inside = measured.folds == fold
        sharp = sharpness(scores[~inside], measured.labels[~inside])
        found[inside] = softmax(scores[inside] * sharp, axis=1)
    return found


def analysed(measured: Measured, config: dict[str, float]) -> dict[str, Any]:
    """All figures but DIET's."""
    sure = {name: shares(measured, name) for name in measured.scores}
    quick, slow = sure[NET], sure[NET_BOTH]
    asked = quick.max(axis=1) < config["sure_at_least"]
    both = np.where(asked[:, None], slow, quick)
    costs = {name: _cost(cost) for name, cost in measured.costs.items()}
    costs[CASCADE] = {
        "training_seconds": round(
            costs[NET]["training_seconds"] + costs[NET_BOTH]["training_seconds"], 1
        ),
        "kept_mb": round(costs[NET_BOTH]["kept_mb"] + _own_mb(costs), 0),
        **_time_twice(measured, asked),
    }
    labels, count = measured.labels, len(measured.texts)
    unrelated = labels == measured.intents.index(UNRELATED)
    read_unrelated = both.argmax(axis=1) == measured.intents.index(UNRELATED)
    right = {name: found.argmax(axis=1) == labels for name, found in sure.items()}
    cascade = cascade_curve(
        *(quick.max(axis=1).tolist(), right[NET].tolist(), right[NET_BOTH].tolist(), SURE)
    )
    for row in cascade:
        row.update(_time_twice(measured, quick.max(axis=1) < row["at"]))
    told = (unrelated.tolist(), read_unrelated.tolist())
    return {
        "config": config,
        "sentences": {lang: int((measured.languages == lang).sum()) for lang in LANGUAGES},
        "intents": len(measured.intents),
        "folds": int(measured.folds.max()) + 1,
        "timed": len(measured.timed),
        "readers": {
            name: {**_figures(measured, found), **costs[name]}
            for name, found in {**sure, CASCADE: both}.items()
        },
        "sharpness": {
            name: round(sharpness(found, labels), 3) for name, found in measured.scores.items()
        },
        "cascade_curve": cascade,
        "confidence_curve": refusal_curve(both.max(axis=1).tolist(), *told, CONFIDENT),
        "nearness_curve": refusal_curve(measured.nearness.tolist(), *told, NEAR),
        "at_config": _refusals(measured, both, config),
        "confusions": {lang: _confusions(measured, both, lang) for lang in LANGUAGES},
        "count": count,
    }


def _own_mb(costs: dict[str, dict[str, Any]]) -> float:
    """What the quick network adds to the slow one: both encoders and the spelling are shared."""
    return costs[NET]["own_mb"] - costs[NET]["spelling_mb"]


def _cost(cost: dict[str, Any]) -> dict[str, Any]:
    return {
        "training_seconds": round(float(np.mean(cost["training"])), 1),
        "kept_mb": round(cost["kept"] / 1e6),
        "own_mb": round(cost["own"] / 1e6, 1),
        "spelling_mb": round(cost["spelling"] / 1e6, 1),
        **_times(cost["ms"]),
    }


def _times(values: list[float]) -> dict[str, float]:
    return {
        "ms_median": round(percentile(values, 50), 2),
        "ms_p95": round(percentile(values, 95), 2),
    }


def _time_twice(measured: Measured, asked: np.ndarray) -> dict[str, float]:
    pairs = zip(measured.timed, measured.twice, strict=True)
    return _times([quick + slow * bool(asked[row]) for row, (quick, slow) in pairs])


def _figures(measured: Measured, sure: np.ndarray) -> dict[str, Any]:
    """Accuracy, F1 and calibration, of all and by language."""
    read, found = sure.argmax(axis=1), {}
    for lang in ("all", *LANGUAGES):
        own = np.full(len(read), True) if lang == "all" else measured.languages == lang
        if not own.any():
            continue
        wanted, got = measured.labels[own].tolist(), read[own].tolist()
        right = [w == g for w, g in zip(wanted, got, strict=True)]
        found[lang] = {
            "accuracy": round(accuracy(wanted, got), 4),
            "macro_f1": round(macro_f1(wanted, got), 4),
            "ece": round(calibration_error(sure[own].max(axis=1).tolist(), right), 4),
        }
    return found


def _refusals(
    measured: Measured, sure: np.ndarray, config: dict[str, float]
) -> dict[str, dict[str, float]]:
    """What is claimed and refused with config.yml's numbers, of all and by language."""
    scope = measured.intents.index(UNRELATED)
    believed = (sure.max(axis=1) >= config["threshold"]) & (
        measured.nearness >= config["nearest_at_least"]
    )
    refused = (sure.argmax(axis=1) == scope) | ~believed
    wrong = believed & (sure.argmax(axis=1) != measured.labels)
    found = {}
    for lang in ("all", *LANGUAGES):
        own = np.full(len(refused), True) if lang == "all" else measured.languages == lang
        unrelated, related = own & (measured.labels == scope), own & (measured.labels != scope)
        if unrelated.any() and related.any():
            found[lang] = {
                "claimed": round(1 - float(refused[unrelated].mean()), 4),
                "refused": round(float(refused[related].mean()), 4),
                "refused_as_not_understood": round(float((~believed)[related].mean()), 4),
                "believed_wrongly": round(float(wrong[related].mean()), 4),
            }
    return found


def _confusions(measured: Measured, sure: np.ndarray, lang: str) -> list[dict[str, Any]]:
    read, own = sure.argmax(axis=1), measured.languages == lang
    wrong = np.flatnonzero(own & (read != measured.labels))
    pairs = Counter((int(measured.labels[row]), int(read[row])) for row in wrong)
    found = []
    for (wanted, got), count in pairs.most_common(PAIRS):
        rows = [row for row in wrong if (measured.labels[row], read[row]) == (wanted, got)]
        # The one it was surest of is the most telling: of the data, as often as of the reader.
        rows.sort(key=lambda row: -float(sure[row].max()))
        found.append(
            {
                "wanted": measured.intents[wanted],
                "read": measured.intents[got],
                "count": count,
                "share": round(count / int((own & (measured.labels == wanted)).sum()), 3),
                "examples": [str(measured.texts[row])[:SHOWN] for row in rows[:3]],
            }
        )
    return found


def of_diet(
    read: dict[str, list[str]],
    wanted: list[str],
    outcome: Outcome,
    epochs: int,
    training: int,
    everything: int,
) -> dict[str, Any]:
    """DIET's figures, and the others' on the same sentences."""
    return {
        "training_sentences": training,
        "test_sentences": len(wanted),
        "all_sentences": everything,
        "epochs": epochs,
        "epoch_seconds": round(outcome.epoch_seconds, 1),
        "training_seconds": round(outcome.training_seconds, 1),
        "kept_mb": round(outcome.kept / 1e6),
        **_times(outcome.times),
        "readers": {
            name: {
                "accuracy": round(accuracy(wanted, found), 4),
                "macro_f1": round(macro_f1(wanted, found), 4),
            }
            for name, found in read.items()
        },
    }


def markdown(result: dict[str, Any]) -> str:
    """The tables of docs/understanding.md."""
    parts = [
        "Accuracy, %\n\n" + _by_language(result, "accuracy"),
        "Macro-F1, %\n\n" + _by_language(result, "macro_f1"),
        "Cost\n\n" + _costs(result),
        "Cascade: `sure_at_least`\n\n" + _cascade(result["cascade_curve"]),
        "Confidence: `threshold`\n\n" + _refusal(result["confidence_curve"]),
        "Nearness: `nearest_at_least`\n\n" + _refusal(result["nearness_curve"]),
        f"With config.yml's numbers {result['config']}\n\n" + _at_config(result["at_config"]),
        f"Sharpness {result['sharpness']}",
        *(f"Confused, {lang}\n\n{_confused(rows)}" for lang, rows in result["confusions"].items()),
    ]
    if "diet" in result:
        parts.insert(3, "DIET\n\n" + _diet(result["diet"]))
    return "\n\n".join(parts)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _percent(share: float) -> str:
    return f"{share * 100:.1f}"


def _by_language(result: dict[str, Any], figure: str) -> str:
    known = [lang for lang in ("all", *LANGUAGES) if lang in result["readers"][CASCADE]]
    rows = [
        [name, *(_percent(found[lang][figure]) for lang in known)]
        for name, found in result["readers"].items()
    ]
    return _table(["reader", *known], rows)


def _costs(result: dict[str, Any]) -> str:
    head = ["reader", "ECE, %", "ms, median", "ms, p95", "training, s", "memory, MB"]
    rows = [
        [
            name,
            _percent(found["all"]["ece"]),
            f"{found['ms_median']:.1f}",
            f"{found['ms_p95']:.1f}",
            f"{found['training_seconds']:.0f}",
            f"{found['kept_mb']:.0f}",
        ]
        for name, found in result["readers"].items()
    ]
    return _table(head, rows)


def _cascade(curve: list[dict[str, float]]) -> str:
    head = ["`sure_at_least`", "asked twice, %", "accuracy, %", "ms, median", "ms, p95"]
    rows = [
        [
            f"{row['at']:g}",
            *(_percent(row["asked_twice"]), _percent(row["accuracy"])),
            *(f"{row['ms_median']:.1f}", f"{row['ms_p95']:.1f}"),
        ]
        for row in curve
    ]
    return _table(head, rows)


def _refusal(curve: list[dict[str, float]]) -> str:
    rows = [[f"{row['at']:g}", _percent(row["claimed"]), _percent(row["refused"])] for row in curve]
    return _table(["at least", "unrelated claimed, %", "related refused, %"], rows)


def _at_config(found: dict[str, dict[str, float]]) -> str:
    head = ["", "unrelated claimed, %", "related refused, %", "of them not understood, %"]
    rows = [
        [lang, *(_percent(row[k]) for k in ("claimed", "refused", "refused_as_not_understood"))]
        for lang, row in found.items()
    ]
    return _table(head, rows)


def _confused(rows: list[dict[str, Any]]) -> str:
    lines = [
        [f"`{r['wanted']}`", f"`{r['read']}`", str(r["count"]), "; ".join(r["examples"])]
        for r in rows
    ]
    return _table(["wanted", "read", "times", "such as"], lines)


def _diet(found: dict[str, Any]) -> str:
    rows = [
        [name, _percent(figures["accuracy"]), _percent(figures["macro_f1"])]
        for name, figures in found["readers"].items()
    ]
    facts = {name: value for name, value in found.items() if name != "readers"}
    return f"{facts}\n\n" + _table(["reader", "accuracy, %", "macro-F1, %"], rows)
