"""The judge of the fault runs must be able to say no: each kind of wrong is shown to it once."""

import pytest

from faults.verdict import Bubble, Verdict, judge_notices, judge_talk

HI, WELCOME = "Hi Robin! I look after your deliveries.", "You're welcome!"
SLOW = "Something on our side is slow. Your message isn't lost: I'll answer as soon as I can."
OUT, THERE = "Your parcel is out for delivery.", "Your parcel has been delivered."
SCORE = "How likely is it that you would recommend us?"


def talk(*texts: str, doubt: bool = False) -> Verdict:
    """What is said by the customer begins with a >."""
    verdict = Verdict()
    bubbles = [
        Bubble("customer", text[1:]) if text.startswith(">") else Bubble("business", text)
        for text in texts
    ]
    judge_talk(verdict, "+1", bubbles, doubt=doubt)
    return verdict


def notices(*texts: str, doubt: bool = False, overtaken: bool = False) -> Verdict:
    verdict = Verdict()
    judge_notices(verdict, "+1", texts, doubt=doubt, overtaken=overtaken)
    return verdict


def test_old_news_may_be_missing_only_where_our_records_say_why() -> None:
    assert not notices(THERE, SCORE).passed
    assert notices(THERE, SCORE, overtaken=True).overtaken == ["+1: out for delivery"]
    # What nothing came after was not overtaken.
    assert not notices(OUT, THERE, overtaken=True).passed


def test_a_good_run_passes() -> None:
    verdict = talk(">hello", HI, ">thank you", SLOW, WELCOME)
    assert (verdict.passed, verdict.answered, verdict.apologies) == (True, 2, 1)
    assert talk(">/start", HI, ">hello", HI).passed
    assert notices(OUT, THERE, SCORE).passed
    # Late is no wrong, as long as it is in order.
    assert talk(">hello", ">thank you", HI, WELCOME).passed


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ((">hello", ">thank you", WELCOME), "passed over"),
        ((">hello", HI, HI), "answered twice"),
        ((">hello", ">thank you", WELCOME, HI), "passed over"),
        ((">hello", HI, ">thank you", HI, WELCOME), "answered twice"),
        ((">hello", SLOW), "never answered"),
        ((">hello", HI, ">thank you", WELCOME, HI), "answers nothing"),
    ],
)
def test_a_talk_that_went_wrong(texts: tuple[str, ...], why: str) -> None:
    verdict = talk(*texts)
    assert not verdict.passed
    assert any(why in problem for problem in verdict.problems)


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ((OUT, SCORE), "never told of delivered"),
        ((OUT, THERE, THERE, SCORE), "told of delivered 2 times"),
        ((THERE, OUT, SCORE), "in another order"),
    ],
)
def test_notices_that_went_wrong(texts: tuple[str, ...], why: str) -> None:
    verdict = notices(*texts)
    assert any(why in problem for problem in verdict.problems)


def test_what_is_known_to_be_in_doubt_is_told_and_no_fault() -> None:
    verdict = talk(">hello", HI, HI, doubt=True)
    assert (verdict.passed, len(verdict.doubtful)) == (True, 1)
    assert notices(OUT, OUT, THERE, SCORE, doubt=True).passed
    # A doubt excuses no loss, unless the provider has no receipts.
    assert not talk(">hello", doubt=True).passed
    lost = Verdict()
    judge_talk(lost, "+1", [Bubble("customer", "hello")], doubt=True, unknowable=True)
    assert (lost.passed, len(lost.doubtful)) == (True, 1)
    assert not notices(THERE, SCORE, doubt=True).passed
