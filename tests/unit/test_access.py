"""One-time codes: what reads as one, and how often one may be asked for and tried."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot.domain.access import (
    AccessCode,
    Standing,
    standing,
    tries_left,
    typed_code,
    wants_code_again,
)
from bot.services.one_time_codes import Digits, offer_option, read_offer

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HERE, ELSEWHERE = UUID(int=1), UUID(int=2)


def code(
    minutes_ago: float, conversation: UUID = HERE, wrong: int = 0, **more: object
) -> AccessCode:
    at = NOW - timedelta(minutes=minutes_ago)
    made = AccessCode(UUID(int=9), UUID(int=8), UUID(int=7), conversation, at, wrong=wrong)
    for name, value in more.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("12-34-56", "123456"),
        ("the code is 123456", "123456"),
        ("mon code : 012345 merci", "012345"),
        ("१२३४५६", "123456"),
        ("12345", "12345"),
        ("1234567.", "1234567"),
        ("9", None),
        ("75011", "75011"),
        ("75011 Paris", None),
        ("rue 12, code 123456", None),
        ("call me on 0612345678", None),
        ("it is the parcel with the long number on it 123456", None),
        ("", None),
    ],
)
def test_what_reads_as_a_code(text: str, digits: str | None) -> None:
    assert typed_code(text) == digits


def test_a_new_code_not_more_often_than_once_a_minute_whoever_asks() -> None:
    assert standing([], HERE, NOW) is Standing.free
    assert standing([code(0.5, ELSEWHERE)], HERE, NOW) is Standing.too_soon
    assert standing([code(1, ELSEWHERE)], HERE, NOW) is Standing.free


def test_nobody_is_flooded() -> None:
    sent = [code(100 * n + 5, UUID(int=n + 20)) for n in range(5)]
    assert standing(sent, HERE, NOW) is Standing.too_many
    yesterday = [code(60 * 24, UUID(int=n + 20)) for n in range(5)]
    assert standing(yesterday, HERE, NOW) is Standing.free


def test_five_wrong_ones_lock_the_conversation_over_all_its_codes_for_a_day() -> None:
    tried = [code(30, wrong=3), code(5, wrong=2)]
    assert tries_left(tried, HERE, NOW) == 0
    assert standing(tried, HERE, NOW) is Standing.locked
    assert standing(tried, ELSEWHERE, NOW) is Standing.free
    assert tries_left(tried, HERE, NOW + timedelta(days=1)) == 5


def test_a_right_one_forgives_what_was_mistyped_before() -> None:
    assert tries_left([code(30, wrong=4, used_at=NOW)], HERE, NOW) == 5


def test_digits_follow_from_the_secret_alone() -> None:
    digits = Digits("one secret")
    made = {digits.of(UUID(int=n)) for n in range(200)}
    assert all(len(d) == 6 and d.isdecimal() for d in made)
    assert len(made) > 190
    assert digits.match(UUID(int=3), digits.of(UUID(int=3)))
    assert not digits.match(UUID(int=3), digits.of(UUID(int=4)))
    assert Digits("another").of(UUID(int=3)) != digits.of(UUID(int=3))


def test_the_offer_is_read_back_and_nothing_else_is_an_offer() -> None:
    payload = offer_option(UUID(int=5), "reschedule_delivery")["payload"]
    assert read_offer(payload) == (UUID(int=5), "reschedule_delivery")
    assert read_offer('/inform{"choice": "yes"}') is None


@pytest.mark.parametrize(
    "text",
    ["didn't get any code", "send it again please", "the code doesnt come", "renvoyez le code",
     "j'ai rien reçu comme code", "encore une fois svp", "code kam nicht an", "bitte nochmal schicken",
     "no me ha llegado el código", "mándalo otra vez", "manda de novo", "non ho ricevuto il codice",
     "code nahi aaya", "कोड नहीं आया"],
)  # fmt: skip
def test_the_code_is_asked_for_again(text: str) -> None:
    assert wants_code_again(text)


@pytest.mark.parametrize(
    "text",
    ["123456", "the code is 123456", "send it to another address", "my gate code is 4471",
     "the post code is not right", "can you come again tomorrow", "neue adresse", "pas demain"],
)  # fmt: skip
def test_no_code_is_asked_for(text: str) -> None:
    assert not wants_code_again(text)
