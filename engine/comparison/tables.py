"""The figures as Markdown tables, for docs/understanding.md."""

from __future__ import annotations

from typing import Any

from engine.comparison.report import CASCADE, LANGUAGES


def markdown(result: dict[str, Any]) -> str:
    """The tables of docs/understanding.md."""
    parts = [
        "Accuracy, %\n\n" + _by_language(result, "accuracy"),
        "Macro-F1, %\n\n" + _by_language(result, "macro_f1"),
        "Right, or second, %\n\n" + _by_language(result, "among_two"),
        "Cost\n\n" + _costs(result),
        "Cascade: `sure_at_least`\n\n" + _cascade(result["cascade_curve"]),
        "Lean: `lean_to_unrelated`\n\n" + _lean(result["lean_curve"]),
        "Confidence: `threshold`\n\n" + _refusal(result["confidence_curve"]),
        "Nearness: `nearest_at_least`\n\n" + _refusal(result["nearness_curve"]),
        f"With config.yml's numbers {result['config']}\n\n" + _at_config(result["at_config"]),
        f"Sharpness {result['sharpness']}",
        "Costly, % of what was wanted\n\n" + _costs_of_confusion(result["costly"]),
        *(f"Confused, {lang}\n\n{_confused(rows)}" for lang, rows in result["confusions"].items()),
    ]
    if "diet" in result:
        parts.insert(4, "DIET\n\n" + _diet(result["diet"]))
    return "\n\n".join(parts)


def _table(head: list[str], rows: list[list[str]], words: int = 1) -> str:
    """So many columns of words, the others of numbers."""
    lines = [head, ["---"] * words + ["---:"] * (len(head) - words), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _percent(share: float) -> str:
    return f"{share * 100:.1f}"


def _by_language(result: dict[str, Any], figure: str) -> str:
    known = [lang for lang in ("all", *LANGUAGES) if lang in result["readers"][CASCADE]]
    rows = [
        [name, *(_percent(found[lang][figure]) for lang in known)]
        for name, found in {**result["readers"], **result["multiplied"]}.items()
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
    head = [
        *("`sure_at_least`", "asked twice, %", "accuracy, %", "ms, median", "ms, p95"),
    ]
    rows = [
        [
            f"{row['at']:g}",
            *(_percent(row[k]) for k in ("asked_twice", "accuracy")),
            *(f"{row['ms_median']:.1f}", f"{row['ms_p95']:.1f}"),
        ]
        for row in curve
    ]
    return _table(head, rows)


def _lean(curve: list[dict[str, float]]) -> str:
    head = ["`lean_to_unrelated`", "unrelated claimed, %", "related refused, %", "accuracy, %"]
    rows = [
        [f"{row['at']:g}", *(_percent(row[k]) for k in ("claimed", "refused", "accuracy"))]
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


def _costs_of_confusion(pairs: list[dict[str, Any]]) -> str:
    known = [lang for lang in LANGUAGES if lang in pairs[0]]
    rows = [
        [f"`{pair['wanted']}`", f"`{pair['read']}`", *(_percent(pair.get(k, 0)) for k in known)]
        for pair in pairs
    ]
    return _table(["wanted", "read", *known], rows, words=2)


def _confused(rows: list[dict[str, Any]]) -> str:
    lines = [
        [str(r["count"]), f"`{r['wanted']}`", f"`{r['read']}`", "; ".join(r["examples"])]
        for r in rows
    ]
    return _table(["times", "wanted", "read", "such as"], lines, words=4)


def _diet(found: dict[str, Any]) -> str:
    rows = [
        [name, _percent(figures["accuracy"]), _percent(figures["macro_f1"])]
        for name, figures in found["readers"].items()
    ]
    facts = {name: value for name, value in found.items() if name != "readers"}
    return f"{facts}\n\n" + _table(["reader", "accuracy, %", "macro-F1, %"], rows)
