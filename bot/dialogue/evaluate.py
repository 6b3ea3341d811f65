"""How well the trained model reads messages: `python -m bot.dialogue.evaluate FILE [--json OUT]`.

A line of FILE is `{"text", "lang", "accept": [intent, ...]}`; it is right when the top intent is
in `accept`. A fallback counts as `out_of_scope`.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bot.dialogue.training import ROOT, engine_environment, engine_program, train

FALLBACK = "nlu_fallback"
WORST_SHOWN = 12


class BadFileError(ValueError):
    """Lines that are not what the format says; one problem a line of the text."""


@dataclass(frozen=True)
class Line:
    """One message and the intents that are right for it."""

    text: str
    lang: str
    accept: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A line and how it was read; `ms` is the time of reading alone."""

    line: Line
    intent: str
    confidence: float
    ms: float

    @property
    def right(self) -> bool:
        """Whether the top intent is one of the accepted."""
        return self.intent in self.line.accept


def read_lines(source: str) -> list[Line]:
    """Parse the file's text; raises `BadFileError` that names every bad line and field."""
    lines: list[Line] = []
    problems: list[str] = []
    for number, raw in enumerate(source.splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            lines.append(_line(json.loads(raw)))
        except ValueError as error:
            problems.append(f"line {number}: {_reason(error)}")
    if not lines and not problems:
        problems.append("line 1: the file holds no message")
    if problems:
        raise BadFileError("\n".join(problems))
    return lines


def read_rows(lines: list[Line], model: Path) -> list[Row]:
    """Have the model read the lines, in the engine's own Python; rows in the lines' order."""
    # A customer's slash is not a command: the product strips it as well.
    texts = "".join(json.dumps(line.text.lstrip("/")) + "\n" for line in lines)
    done = subprocess.run(
        [str(engine_program("python")), "-m", "engine.read_messages", str(model)],
        cwd=ROOT,
        env=engine_environment(),
        input=texts,
        capture_output=True,
        text=True,
        check=False,
    )
    answers = done.stdout.splitlines()
    if done.returncode != 0 or len(answers) != len(lines):
        raise RuntimeError(f"the engine did not read the messages:\n{done.stderr[-4000:]}")
    return [_row(line, json.loads(answer)) for line, answer in zip(lines, answers, strict=True)]


def accuracy(rows: Iterable[Row]) -> float:
    """The share of rows read rightly."""
    marks = [row.right for row in rows]
    return sum(marks) / len(marks)


def as_json(rows: list[Row]) -> dict[str, Any]:
    """The report for other programs; rows in the file's order."""
    return {
        "accuracy": accuracy(rows),
        "by_lang": {lang: accuracy(part) for lang, part in _by(rows, lambda r: r.line.lang)},
        "rows": [
            {
                "text": row.line.text,
                "lang": row.line.lang,
                "accept": list(row.line.accept),
                "intent": row.intent,
                "confidence": row.confidence,
                "ms": row.ms,
            }
            for row in rows
        ],
    }


def report(rows: list[Row]) -> str:
    """The tables for people; the last line is the accuracy of all."""
    return "\n".join(
        [
            *_table("language", _by(rows, lambda row: row.line.lang)),
            "",
            # A line with several right intents stands under the first.
            *_table("intent", _by(rows, lambda row: row.line.accept[0])),
            "",
            *_confusions(rows),
            f"median {_median([row.ms for row in rows]):.1f} ms a message",
            f"accuracy {accuracy(rows):.3f} (n={len(rows)})",
        ]
    )


def _line(found: object) -> Line:
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  # one type for all that a file has wrong
    fields = cast("dict[str, object]", found)
    text, lang, accept = fields.get("text"), fields.get("lang"), fields.get("accept")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("text: a non-empty string is wanted")
    if not isinstance(lang, str) or not lang:
        raise ValueError("lang: a non-empty string is wanted")
    if not isinstance(accept, list) or not accept:
        raise ValueError("accept: a non-empty list of intents is wanted")
    intents = cast("list[object]", accept)
    if not all(isinstance(intent, str) and intent for intent in intents):
        raise ValueError("accept: every intent is a non-empty string")
    return Line(text, lang, tuple(str(intent) for intent in intents))


def _reason(error: ValueError) -> str:
    return f"not JSON: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)


def _row(line: Line, answer: dict[str, Any]) -> Row:
    intent = str(answer["intent"])
    return Row(
        line=line,
        intent="out_of_scope" if intent == FALLBACK else intent,
        confidence=float(answer["confidence"]),
        ms=float(answer["ms"]),
    )


def _by(rows: list[Row], key: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    parts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[key(row)].append(row)
    return sorted(parts.items())


def _table(title: str, parts: list[tuple[str, list[Row]]]) -> list[str]:
    width = max(len(title), *(len(name) for name, _ in parts))
    head = f"{title:<{width}}  right     of  accuracy"
    return [head] + [
        f"{name:<{width}}  {sum(row.right for row in part):>5}  {len(part):>5}  {accuracy(part):.3f}"
        for name, part in parts
    ]


def _confusions(rows: list[Row]) -> list[str]:
    wrong = [row for row in rows if not row.right]
    if not wrong:
        return ["no confusions", ""]
    pairs = Counter((row.line.accept[0], row.intent) for row in wrong)
    lines = ["worst confusions (wanted -> read)"]
    for (wanted, read), count in pairs.most_common(WORST_SHOWN):
        example = next(
            row.line.text for row in wrong if (row.line.accept[0], row.intent) == (wanted, read)
        )
        lines.append(f"{count:>4}  {wanted} -> {read}   e.g. {example[:70]!r}")
    return [*lines, ""]


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def main(argv: list[str] | None = None) -> int:
    """0 when evaluated, however well; 2 when the file cannot be used; 1 when the engine cannot."""
    parser = argparse.ArgumentParser(description="Measure how well the model reads messages.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", type=Path, help="also write the report there")
    options = parser.parse_args(argv)
    file, out = cast("Path", options.file), cast("Path | None", options.json)
    try:
        lines = read_lines(file.read_text(encoding="utf-8"))
    except (BadFileError, OSError, UnicodeDecodeError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return 2
    try:
        rows = read_rows(lines, train())
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(as_json(rows), ensure_ascii=False, indent=1), encoding="utf-8")
    print(report(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
