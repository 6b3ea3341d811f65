"""From held-out scores to figures (tables.py prints them)."""

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

SPELT = "character n-grams, linear"
FIRST = "first encoder, linear"
LAST = "second encoder, linear"
NET = "network: first encoder, spelling (quick)"
NET_BOTH = "network: the same and second encoder (slow)"
CASCADE = "cascade: quick, slow where unsure"
LANGUAGES = ("en", "fr", "es", "de", "pt", "it", "hinglish", "hi")
UNRELATED = "out_of_scope"
SURE = (0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.01)
CONFIDENT = (0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
NEAR = (0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
LEANS = (1, 2, 3, 5, 8, 12)
TINY = 1e-9
# Wanted and read: what costs a customer or a delivery when it is got wrong.
COSTLY = (
    ("dispute_attempt", "report_missed_delivery"),
    ("report_missed_delivery", "dispute_attempt"),
    ("dispute_attempt", "report_not_received"),
    ("report_not_received", "dispute_attempt"),
    ("report_not_received", "track_parcel"),
    ("stop_messages", "resume_messages"),
    ("resume_messages", "stop_messages"),
    ("stop_messages", "cancel_delivery"),
    ("cancel_delivery", "stop_messages"),
    ("deny", "cancel_delivery"),
    ("affirm", "deny"),
    ("deny", "affirm"),
    ("request_contactless", "leave_in_safe_place"),
    ("leave_in_safe_place", "request_contactless"),
    ("track_parcel", "ask_delivery_time"),
    ("ask_delivery_time", "track_parcel"),
)
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


def shares_of(scores: np.ndarray, measured: Measured) -> np.ndarray:
    """Confidences: each fold's with the sharpness that fits the other folds' held-out scores."""
    found = np.zeros_like(scores)
    for fold in np.unique(measured.folds):
        inside = measured.folds == fold
        sharp = sharpness(scores[~inside], measured.labels[~inside])
        found[inside] = softmax(scores[inside] * sharp, axis=1)
    return found


def leaning(sure: np.ndarray, unrelated: int, lean: float) -> np.ndarray:
    """Confidences with the one of unrelated talk counted `lean` times, as the reader does it."""
    leant = sure.copy()
    leant[:, unrelated] *= lean
    return leant / leant.sum(axis=1, keepdims=True)


def multiplied(parts: list[tuple[np.ndarray, float]], measured: Measured) -> np.ndarray:
    """The product of several readers' confidences, each to a power, made honest again."""
    scores = sum(power * np.log(sure + TINY) for sure, power in parts)
    return shares_of(np.asarray(scores), measured)


def analysed(measured: Measured, config: dict[str, float]) -> dict[str, Any]:
    """All figures but DIET's."""
    sure = {name: shares_of(found, measured) for name, found in measured.scores.items()}
    quick, slow = sure[NET], sure[NET_BOTH]
    asked = quick.max(axis=1) < config["sure_at_least"]
    costs = {name: _cost(cost) for name, cost in measured.costs.items()}
    costs[CASCADE] = {
        "training_seconds": round(sum(costs[n]["training_seconds"] for n in (NET, NET_BOTH)), 1),
        "kept_mb": costs[NET_BOTH]["kept_mb"] + round(_own_mb(costs)),
        **_time_twice(measured, asked),
    }
    compared = {**sure, CASCADE: np.where(asked[:, None], slow, quick)}
    mixed = {
        "quick network, n-grams": [(quick, 1), (sure[SPELT], 0.5)],
        "slow network, n-grams": [(slow, 1), (sure[SPELT], 0.5)],
        "slow network, n-grams, second encoder": [(slow, 1), (sure[SPELT], 0.5), (sure[LAST], 0.5)],
    }
    return {
        "config": config,
        "sentences": {lang: int((measured.languages == lang).sum()) for lang in LANGUAGES},
        "intents": len(measured.intents),
        "folds": int(measured.folds.max()) + 1,
        "timed": len(measured.timed),
        "readers": {
            name: {**_figures(measured, found), **costs[name]} for name, found in compared.items()
        },
        "multiplied": {
            name: _figures(measured, multiplied(parts, measured)) for name, parts in mixed.items()
        },
        "sharpness": {
            name: round(sharpness(found, measured.labels), 3)
            for name, found in measured.scores.items()
        },
        **_curves(measured, quick, slow, config),
    }


def _curves(
    measured: Measured, quick: np.ndarray, slow: np.ndarray, config: dict[str, float]
) -> dict[str, Any]:
    """What stands behind each number of config.yml, the others being as they are there."""
    labels, scope = measured.labels, measured.intents.index(UNRELATED)

    def cascade(lean: float) -> np.ndarray:
        first, second = (leaning(each, scope, lean) for each in (quick, slow))
        return np.where(first.max(axis=1)[:, None] < config["sure_at_least"], second, first)

    first, second = (leaning(each, scope, config["lean_to_unrelated"]) for each in (quick, slow))
    hesitant, first_right = first.max(axis=1), (first.argmax(axis=1) == labels).tolist()
    second_right = (second.argmax(axis=1) == labels).tolist()
    twice = cascade_curve(hesitant.tolist(), first_right, second_right, SURE)
    for row in twice:
        row.update(_time_twice(measured, hesitant < row["at"]))
    leans = []
    for lean in LEANS:
        leant = cascade(lean)
        right = float((leant.argmax(axis=1) == labels).mean())
        found = _refusals(measured, leant, config)["all"]
        leans.append({"at": lean, "accuracy": right, **found})
    both = cascade(config["lean_to_unrelated"])
    told = ((labels == scope).tolist(), (both.argmax(axis=1) == scope).tolist())
    return {
        "cascade_curve": twice,
        "lean_curve": leans,
        "confidence_curve": refusal_curve(both.max(axis=1).tolist(), *told, CONFIDENT),
        "nearness_curve": refusal_curve(measured.nearness.tolist(), *told, NEAR),
        "at_config": _refusals(measured, both, config),
        "costly": [_costly(measured, both, *pair) for pair in COSTLY],
        "confusions": {lang: _confusions(measured, both, lang) for lang in LANGUAGES},
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
    order, found = np.argsort(-sure, axis=1), {}
    read, second = order[:, 0], order[:, 1]
    for lang in ("all", *LANGUAGES):
        own = np.full(len(read), True) if lang == "all" else measured.languages == lang
        if not own.any():
            continue
        wanted, got = measured.labels[own].tolist(), read[own].tolist()
        right = [w == g for w, g in zip(wanted, got, strict=True)]
        found[lang] = {
            "accuracy": round(accuracy(wanted, got), 4),
            "macro_f1": round(macro_f1(wanted, got), 4),
            "among_two": round(float(np.mean(right) + np.mean(second[own] == wanted)), 4),
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


def _costly(measured: Measured, sure: np.ndarray, wanted: str, got: str) -> dict[str, Any]:
    """How often the one is read as the other, of all messages that want the one."""
    wants = measured.labels == measured.intents.index(wanted)
    gets = sure.argmax(axis=1) == measured.intents.index(got)
    found: dict[str, Any] = {"wanted": wanted, "read": got}
    for lang in LANGUAGES:
        own = wants & (measured.languages == lang)
        if own.any():
            found[lang] = round(float(gets[own].mean()), 4)
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
        "epoch_seconds": round(outcome.training_seconds / epochs, 1),
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
