"""The file that `make evaluate` reads, and the report that it writes."""

from pathlib import Path

import pytest

from bot.dialogue import evaluate
from bot.dialogue.evaluate import BadFileError, Line, Row, as_json, main, read_lines, report

GOOD = '{"text": "hi", "lang": "en", "accept": ["greet"]}'


def test_lines_are_read_and_blank_ones_skipped() -> None:
    assert read_lines(f"{GOOD}\n\n{GOOD}\n") == [Line("hi", "en", ("greet",))] * 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: not a JSON object"),
        ('{"lang": "en", "accept": ["greet"]}', "line 2: text"),
        ('{"text": "hi", "accept": ["greet"]}', "line 2: lang"),
        ('{"text": "hi", "lang": "en", "accept": "greet"}', "line 2: accept"),
        ('{"text": "hi", "lang": "en", "accept": []}', "line 2: accept"),
        ('{"text": "hi", "lang": "en", "accept": [1]}', "line 2: accept"),
    ],
)
def test_a_bad_line_is_named_by_number_and_field(bad: str, reason: str) -> None:
    with pytest.raises(BadFileError, match=reason):
        read_lines(f"{GOOD}\n{bad}\n")


def test_every_bad_line_is_told_at_once() -> None:
    with pytest.raises(BadFileError) as caught:
        read_lines("{\n[]\n")
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("content", ["", "{\n"])
def test_an_unusable_file_ends_with_code_2(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(content)
    assert main([str(file)]) == 2
    assert main([str(tmp_path / "missing.jsonl")]) == 2


def test_the_report_counts_a_fallback_as_out_of_scope() -> None:
    row = evaluate._row(
        Line("zz", "en", ("out_of_scope",)),
        {"intent": "nlu_fallback", "confidence": 0.1, "ms": 3.0},
    )
    assert row.right


def test_the_last_line_is_the_accuracy_and_json_keeps_the_order() -> None:
    rows = [
        Row(Line("b", "fr", ("greet",)), "greet", 0.9, 2.0),
        Row(Line("a", "en", ("thank", "affirm")), "affirm", 0.8, 2.0),
        Row(Line("c", "en", ("thank",)), "deny", 0.4, 2.0),
    ]
    text = report(rows).splitlines()
    assert text[-1] == "accuracy 0.667 (n=3)"
    assert any("thank -> deny" in line for line in text)
    told = as_json(rows)
    assert [row["text"] for row in told["rows"]] == ["b", "a", "c"]
    assert told["by_lang"] == {"en": 0.5, "fr": 1.0}
