"""Which language a conversation is in: evidence adds up, short answers flip nothing."""

import json
from collections import Counter

import pytest
from pydantic import TypeAdapter

from bot.dialogue.language import LinguaLanguages
from bot.domain.languages import SERVED, named_language
from bot.services.intake_types import Language
from bot.settings import ROOT

LINES = [
    json.loads(line)
    for line in (ROOT / "tests/understanding/languages.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def languages() -> LinguaLanguages:
    return LinguaLanguages()


def test_single_lines_are_told_apart(languages: LinguaLanguages) -> None:
    total, right = Counter[str](), Counter[str]()
    for line in LINES:
        weights = languages.weigh(line["text"])
        total[line["lang"]] += 1
        right[line["lang"]] += max(weights, key=lambda code: weights[code]) == line["lang"]
    assert set(total) == set(SERVED)
    assert all(count >= 25 for count in total.values())
    assert sum(right.values()) / sum(total.values()) >= 0.95
    assert all(right[code] / total[code] >= 0.88 for code in total), right


def test_nobody_is_flipped_out_of_their_own_language(languages: LinguaLanguages) -> None:
    flipped = [
        line["text"]
        for line in LINES
        if languages.listen(line["text"], line["lang"], {}).language != line["lang"]
    ]
    assert len(flipped) <= 2, flipped


@pytest.mark.parametrize("language", SERVED)
def test_a_stranger_to_the_shops_language_is_answered_in_theirs_by_the_second_line(
    languages: LinguaLanguages, language: str
) -> None:
    prior = "fr" if language == "en" else "en"
    lines = [line["text"] for line in LINES if line["lang"] == language]
    late = 0
    for first, second in zip(lines[::2], lines[1::2], strict=False):
        heard = languages.listen(first, prior, {})
        heard = languages.listen(second, heard.language, heard.evidence)
        late += heard.language != language
    assert late <= 1


@pytest.mark.parametrize(
    "text", ["ok", "merci", "9", "si", "hola", "danke schön", "👍", "...", "grazie mille"]
)
def test_short_answers_say_nothing(languages: LinguaLanguages, text: str) -> None:
    heard = languages.listen(text, "en", {"en": 1.0})
    assert (heard.language, heard.evidence) == ("en", {"en": 1.0})


def test_a_line_of_another_language_does_not_undo_a_conversation(
    languages: LinguaLanguages,
) -> None:
    language, evidence = "en", dict[str, float]()
    for line in ("where is my parcel please", "i would like it on friday", "yes in the evening"):
        heard = languages.listen(line, language, evidence)
        language, evidence = heard.language, dict(heard.evidence)
    assert languages.listen("rue de la gare", language, evidence).language == "en"
    for line in ("je ne comprends pas bien l'anglais", "vous pouvez écrire en français ?"):
        heard = languages.listen(line, language, evidence)
        language, evidence = heard.language, dict(heard.evidence)
    assert language == "fr"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("english please", "en"), ("en anglais svp", "en"), ("auf Englisch bitte", "en"),
        ("français", "fr"), ("in French", "fr"), ("en español por favor", "es"),
        ("Castellano", "es"), ("can we do this in German?", "de"), ("em português", "pt"),
        ("in italiano", "it"), ("हिंदी में बात करो", "hi"), ("hindi mein", "hi"),
        ("Hinglish", "hi-Latn"), ("roman hindi mein likho", "hi-Latn"), ("de", "de"),
        ("pt-BR", "pt"), ("hi-Latn", "hi-Latn"), ("I don't speak French, English please", "en"),
        ("je ne parle pas allemand", None), ("klingon", None), ("", None), ("in my language", None),
    ],
)  # fmt: skip
def test_languages_by_their_names(text: str, language: str | None) -> None:
    assert named_language(text) == language


@pytest.mark.parametrize(
    ("given", "kept"),
    [("fr-CA", "fr"), ("hi", "hi"), ("hi-Latn", "hi-Latn"), ("hi_Latn_IN", "hi-Latn"),
     ("hinglish", "hi-Latn"), ("pt-BR", "pt")],
)  # fmt: skip
def test_the_api_keeps_the_script_of_hinglish(given: str, kept: str) -> None:
    assert TypeAdapter(Language).validate_python(given) == kept
