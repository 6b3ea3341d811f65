"""The trained model on messages that it has never seen (see also tests/understanding)."""

from pathlib import Path

import pytest

from bot.dialogue.evaluate import Line, Row, accuracy, read_lines, read_rows
from bot.dialogue.training import ROOT

UNSEEN = [
    ("has my box left the depot", "en", "track_parcel"),
    ("what hour will u be here roughly", "en", "ask_delivery_time"),
    ("could you come on friday rather than today", "en", "reschedule_delivery"),
    ("please quit texting this phone", "en", "stop_messages"),
    ("please cancel this parcel, do not bring it", "en", "cancel_delivery"),
    ("i was at home the entire day and no driver rang", "en", "dispute_attempt"),
    ("sorry, i was out when the driver rang", "en", "report_missed_delivery"),
    ("it says delivered but there is no parcel here", "en", "report_not_received"),
    ("il est où mon colis ça fait une semaine", "fr", "track_parcel"),
    ("on peut me livrer un autre jour, samedi par exemple", "fr", "reschedule_delivery"),
    ("ne m'envoyez plus de sms", "fr", "stop_messages"),
    ("personne n'a sonné, j'étais chez moi toute la matinée", "fr", "dispute_attempt"),
    ("passez moi un conseiller", "fr", "talk_to_human"),
    ("how do i bake bread", "en", "out_of_scope"),
    ("xkqz wvvb plmt", "en", "out_of_scope"),
    ("quelle est la meilleure équipe de foot", "fr", "out_of_scope"),
]
# Without words: a thumb is a yes or a no, and what says nothing must never be taken for either.
SIGNS = [
    ("👍", "affirm"),
    ("👍🏽👍🏽", "affirm"),
    ("👎", "deny"),
    ("🙏", "thank"),
    ("😡😡", "complain"),
    ("9️⃣", "inform"),
    ("🤷", "out_of_scope"),
    ("...", "out_of_scope"),
    ("?", "out_of_scope"),
    ("\u200b", "out_of_scope"),
    ("\x00\x01", "out_of_scope"),
    ("a" * 4000, "out_of_scope"),
]


@pytest.fixture(scope="module")
def readings(model: Path) -> dict[str, Row]:
    lines = [Line(text, lang, (intent,)) for text, lang, intent in UNSEEN]
    signs = [Line(text, "", (intent,)) for text, intent in SIGNS]
    rows = read_rows([*lines, *signs], model)
    return {row.line.text: row for row in rows}


# Taking one of these for the other costs a delivery or a customer.
COSTLY = {"stop_messages", "cancel_delivery", "dispute_attempt", "report_missed_delivery"}


@pytest.mark.parametrize("text", [text for text, _, intent in UNSEEN if intent in COSTLY])
def test_what_is_costly_to_confuse_is_kept_apart(readings: dict[str, Row], text: str) -> None:
    assert readings[text].intent == readings[text].line.accept[0]


def test_most_unseen_messages_are_read_rightly(readings: dict[str, Row]) -> None:
    rows = [readings[text] for text, _, _ in UNSEEN]
    wrong = [(row.line.text, row.intent) for row in rows if not row.right]
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize(("text", "intent"), SIGNS)
def test_a_message_without_words_is_read_for_what_it_is(
    readings: dict[str, Row], text: str, intent: str
) -> None:
    assert readings[text].intent == intent


PLAIN = ROOT / "tests" / "understanding" / "plain.jsonl"


def test_what_is_said_plainly_is_understood_in_every_language(model: Path) -> None:
    rows = read_rows(read_lines(PLAIN.read_text(encoding="utf-8")), model)
    languages = {row.line.lang for row in rows}
    poor = {
        language: share
        for language in languages
        if (share := accuracy(row for row in rows if row.line.lang == language)) < 0.9
    }
    assert len(languages) == 7
    assert not poor
