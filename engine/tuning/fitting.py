"""How much each reader's word counts, fitted to sentences that none of them has learned from."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from engine.comparison.measures import accuracy, calibration_error, macro_f1
from engine.comparison.sentences import Sentences

ALONE, TOGETHER = ("network", "spelling"), ("network", "spelling", "encoder")
UNRELATED = "out_of_scope"
LEANS = (1, 2, 3, 4, 5, 6, 8, 12)
SURE = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


def fitted(said: dict[str, np.ndarray], names: tuple[str, ...], labels: np.ndarray) -> list[float]:
    """The factors of the readers' scores under which the truth is likeliest; none below 0."""
    parts = np.stack([said[name] for name in names])

    def surprise(weights: np.ndarray) -> float:
        scores = np.tensordot(weights, parts, axes=1)
        right = np.take_along_axis(scores, labels[:, None], axis=1)[:, 0]
        return float(np.mean(logsumexp(scores, axis=1) - right))

    start = np.full(len(names), 0.5)
    found = minimize(surprise, start, bounds=[(0, 5)] * len(names), method="L-BFGS-B")
    return [round(float(weight), 2) for weight in found.x]


def told(said: dict[str, np.ndarray], test: Sentences) -> dict[str, Any]:
    """Figures of each reader, of the cascade, and the curves behind config.yml's numbers."""
    weights = {
        "alone": dict(zip(ALONE, fitted(said, ALONE, test.labels), strict=True)),
        "together": dict(zip(TOGETHER, fitted(said, TOGETHER, test.labels), strict=True)),
        "encoder": dict(zip(("encoder",), fitted(said, ("encoder",), test.labels), strict=True)),
    }
    sure = {
        name: softmax(sum(w * said[n] for n, w in each.items()), axis=1)
        for name, each in weights.items()
    }
    quick, both = sure["alone"], sure["together"]
    scope = test.intents.index(UNRELATED)
    return {
        "sentences": len(test.texts),
        "weights": weights,
        "readers": {name: _by_language(found, test) for name, found in sure.items()},
        "sure_at_least": [_cascade(quick, both, test, at) for at in SURE],
        "lean_to_unrelated": [_lean(both, test, scope, lean) for lean in LEANS],
    }


def _by_language(sure: np.ndarray, test: Sentences) -> dict[str, dict[str, float]]:
    read, found = sure.argmax(axis=1), {}
    for language in ("all", *sorted(set(test.languages.tolist()))):
        own = np.full(len(read), True) if language == "all" else test.languages == language
        wanted, got = test.labels[own].tolist(), read[own].tolist()
        right = [w == g for w, g in zip(wanted, got, strict=True)]
        found[language] = {
            "accuracy": round(accuracy(wanted, got), 4),
            "macro_f1": round(macro_f1(wanted, got), 4),
            "ece": round(calibration_error(sure[own].max(axis=1).tolist(), right), 4),
        }
    return found


def _cascade(quick: np.ndarray, both: np.ndarray, test: Sentences, at: float) -> dict[str, float]:
    unsure = quick.max(axis=1) < at
    read = np.where(unsure, both.argmax(axis=1), quick.argmax(axis=1))
    right = float((read == test.labels).mean())
    return {"at": at, "asked_twice": round(float(unsure.mean()), 4), "accuracy": round(right, 4)}


def _lean(both: np.ndarray, test: Sentences, scope: int, lean: float) -> dict[str, float]:
    leant = both.copy()
    leant[:, scope] *= lean
    read, unrelated = leant.argmax(axis=1), test.labels == scope
    return {
        "at": lean,
        "claimed": round(float((read[unrelated] != scope).mean()), 4),
        "refused": round(float((read[~unrelated] == scope).mean()), 4),
        "accuracy": round(float((read == test.labels).mean()), 4),
    }


def markdown(found: dict[str, Any]) -> str:
    """The tables of docs/understanding.md."""
    languages = list(found["readers"]["alone"])
    lines = [f"{found['sentences']} sentences kept out. For config.yml:", ""]
    lines += [f"    {name}: {weights}" for name, weights in found["weights"].items()]
    for measure in ("accuracy", "macro_f1", "ece"):
        lines += ["", f"{measure}, %", "", _row(["reader", *languages]), _rule(len(languages))]
        for name, figures in found["readers"].items():
            shown = [f"{100 * figures[lang][measure]:.1f}" for lang in languages]
            lines.append(_row([name, *shown]))
    for curve in ("sure_at_least", "lean_to_unrelated"):
        rows = found[curve]
        lines += ["", _row([curve, *list(rows[0])[1:]]), _rule(len(rows[0]) - 1)]
        for row in rows:
            at, *shares = row.values()
            lines.append(_row([f"{at:g}", *(f"{100 * share:.1f}" for share in shares)]))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(numbers: int) -> str:
    return _row(["---", *["---:"] * numbers])
