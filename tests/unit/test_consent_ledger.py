"""What a ledger of yeses and noes lets us do: each is written as it was said, the first first."""

from datetime import UTC, datetime

import pytest

from bot.domain.consent import Consent, allows, refusals, says_already
from bot.domain.ids import new_id

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def ledger(*said: str) -> list[Consent]:
    """Read "sms service no": a channel, a purpose (`all` for every one) and yes or no."""
    entries: list[Consent] = []
    for words in said:
        channel, purpose, word = words.replace("all", "").split(" ")
        given = word == "yes"
        entries.append(
            Consent(new_id(), new_id(), new_id(), channel, purpose, given, "words", words, NOW)
        )
    return entries[::-1]


@pytest.mark.parametrize(
    ("said", "allowed"),
    [
        ([], {"service", "progress", "feedback"}),
        (["all all yes"], {"service", "progress", "feedback"}),
        (["sms all yes"], {"service", "progress", "feedback"}),
        (["all all no", "all all yes"], {"service", "progress", "feedback"}),
        (["all all no"], set()),
        (["all all no", "sms all yes"], {"service", "progress", "feedback"}),
        (["sms all no", "all all yes"], {"service", "progress", "feedback"}),
        (["whatsapp all no"], {"service", "progress", "feedback"}),
        (["all feedback no", "all all yes"], {"service", "progress"}),
        (["all feedback no", "all all no", "all all yes"], {"service", "progress"}),
        (["all all no", "all feedback yes"], set()),
        (["all marketing yes"], {"service", "progress", "feedback", "marketing"}),
        (["whatsapp marketing yes"], {"service", "progress", "feedback"}),
        (["all marketing yes", "sms marketing no"], {"service", "progress", "feedback"}),
        (["all marketing yes", "all all no", "all all yes"], {"service", "progress", "feedback"}),
        (
            ["all all no", "all all yes", "all marketing yes", "all all yes"],
            {"service", "progress", "feedback", "marketing"},
        ),
    ],
)
def test_what_may_be_sent_by_sms(said: list[str], allowed: set[str]) -> None:
    purposes = ("service", "progress", "feedback", "marketing")
    assert {one for one in purposes if allows(ledger(*said), "sms", one)} == allowed


@pytest.mark.parametrize(
    ("said", "once_more", "already"),
    [
        ([], "all all no", False),
        (["all all no"], "all all no", True),
        (["all all no"], "sms all no", True),
        (["sms all no"], "all all no", False),
        (["all all no", "sms all no"], "all all no", True),
        (["all all no", "sms all yes"], "all all no", False),
        (["all all no", "sms all yes"], "email all no", True),
        (["all all no"], "all feedback no", False),
        (["all marketing yes"], "all marketing yes", True),
        (["all marketing yes", "all all no"], "all marketing yes", False),
    ],
)
def test_what_is_said_again(said: list[str], once_more: str, *, already: bool) -> None:
    (new,) = ledger(once_more)
    found = says_already(ledger(*said), new.channel, new.purpose, given=new.given)
    assert found is already


def test_refusals_are_what_still_holds() -> None:
    said = ["sms all no", "all feedback no", "whatsapp all no", "all all yes", "email all no"]
    assert refusals(ledger(*said)) == [("", "feedback"), ("email", "")]
