"""The file that `make evaluate-dates` reads, and the report that it writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.dialogue.evaluate_dates import BadFileError, agrees, as_json, read_lines, read_row

GOOD: dict[str, Any] = {
    "text": "friday after 5",
    "lang": "en",
    "now": "2026-11-23T10:00:00",
    "tz": "Europe/London",
    "country": "GB",
    "expect": {"date": "2026-11-27", "from": "17:00", "to": "21:00", "ambiguous": False},
}


def test_a_phrase_is_read_and_marked() -> None:
    rows = [read_row(line) for line in read_lines(json.dumps(GOOD) + "\n\n")]
    report = as_json(rows)
    assert report["accuracy"] == 1
    assert report["by_lang"] == {"en": 1}
    row = report["rows"][0]
    assert {name: row[name] for name in GOOD} == GOOD
    assert row["right"] is True
    assert row["got"]["from"] == "17:00"
    assert row["ms"] >= 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": ""}, "line 2: text"),
        ({"tz": "Mars/Base"}, "line 2: tz"),
        ({"now": "noon"}, "line 2: now"),
        ({"expect": None}, "line 2: expect"),
        ({"expect": {"date": "28/11"}}, "line 2: expect.date"),
        ({"expect": {"from": "five"}}, "line 2: expect.from"),
        ({"expect": {"past": "yes"}}, "line 2: expect.past"),
        ({"also": {}}, "line 2: also"),
        ({"also": [{"to": 5}]}, "line 2: also.to"),
    ],
)
def test_a_bad_line_is_named_by_number_and_field(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadFileError, match=reason):
        read_lines(f"{json.dumps(GOOD)}\n{json.dumps({**GOOD, **change})}\n")


@pytest.mark.parametrize(
    ("wanted", "got", "right"),
    [
        ({"date": "2026-11-27"}, {"from": "17:00", "to": "21:00"}, True),
        ({"date": "2026-11-27", "from": None, "to": None}, {"from": "08:00", "to": "21:00"}, True),
        ({"date": "2026-11-27", "from": "08:00", "to": "21:00"}, {}, True),
        ({"date": "2026-11-27", "from": None, "to": None}, {"from": "17:00", "to": "21:00"}, False),
        ({"date": "2026-11-28"}, {}, False),
        ({"ambiguous": True, "date": None}, {"ambiguous": True}, True),
        ({"ambiguous": True}, {}, False),
        ({"ambiguous": True, "date": "2026-11-26"}, {"ambiguous": True}, False),
        ({"past": True, "date": None}, {"past": True}, True),
        ({"past": False}, {"past": True}, False),
    ],
)
def test_only_what_is_given_is_compared(
    wanted: dict[str, Any], got: dict[str, Any], right: bool
) -> None:
    empty = {"date": "2026-11-27", "from": None, "to": None, "ambiguous": False, "past": False}
    assert agrees(wanted, {**empty, **got}) is right


def test_the_last_line_is_the_accuracy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "x.jsonl", tmp_path / "out.json"
    wrong = {**GOOD, "expect": {"date": "2026-11-28"}, "also": [{"date": "2026-11-29"}]}
    file.write_text(f"{json.dumps(GOOD)}\n{json.dumps(wrong)}\n")
    assert main(["evaluate-dates", str(file), "--json", str(out)]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[-1] == "accuracy 0.50 (n=2)"
    assert "'friday after 5': wanted 2026-11-28 or 2026-11-29" in shown[0]
    assert [row["right"] for row in json.loads(out.read_text())["rows"]] == [True, False]


@pytest.mark.parametrize("content", ["", "{\n"])
def test_an_unusable_file_ends_with_code_2(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(content)
    assert main(["evaluate-dates", str(file)]) == 2
    assert main(["evaluate-dates", str(tmp_path / "missing.jsonl")]) == 2
