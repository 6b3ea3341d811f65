"""Verdicts on attempts: what speaks for and against, in the open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attempt import (
    Attempt,
    CustomerSays,
    Evidence,
    Seen,
    Verdict,
    about,
    judge,
    scorecard,
    wilson,
)
from bot.domain.when import Window
from bot.web.console.wording import WORDS

AT = datetime(2026, 11, 26, 14, 2, tzinfo=UTC)
HOME = (48.8566, 2.3522)
NEXT_DOOR, STREETS_AWAY, ACROSS_TOWN = (48.8567, 2.3523), (48.8590, 2.3522), (48.90, 2.40)
CLAIM = Evidence(claimed_at=AT, reported_at=AT, address=HOME)


def seen(*places: tuple[float, float], every: int = 30) -> tuple[Seen, ...]:
    return tuple(Seen(AT + timedelta(seconds=every * n), place) for n, place in enumerate(places))


WAS_IN = replace(CLAIM, customer=CustomerSays.was_in)


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (CLAIM, Verdict.genuine),
        (replace(CLAIM, customer=CustomerSays.was_out), Verdict.genuine),
        (WAS_IN, Verdict.doubtful),
        (replace(WAS_IN, seen=seen(ACROSS_TOWN), locates=True), Verdict.not_made),
        (replace(CLAIM, seen=seen(ACROSS_TOWN), locates=True), Verdict.not_made),
        (replace(WAS_IN, seen=seen(STREETS_AWAY), locates=True), Verdict.not_made),
        (replace(WAS_IN, seen=seen(*[NEXT_DOOR] * 4), locates=True), Verdict.genuine),
        (replace(WAS_IN, seen=seen(*[NEXT_DOOR] * 4), locates=True, photo=True), Verdict.genuine),
        (replace(WAS_IN, seen=seen(NEXT_DOOR, NEXT_DOOR, every=5), locates=True), Verdict.doubtful),
        (replace(WAS_IN, others=9), Verdict.not_made),
        (replace(WAS_IN, others=9, code_checked=True), Verdict.genuine),
        (replace(WAS_IN, photo=True, calls=2), Verdict.genuine),
        (replace(WAS_IN, reported_at=AT + timedelta(hours=5)), Verdict.doubtful),
    ],
)
def test_verdict(evidence: Evidence, verdict: Verdict) -> None:
    judgement = judge(evidence)
    assert judgement.verdict is verdict, judgement
    assert judgement.score == pytest.approx(sum(reason.weight for reason in judgement.reasons))


def test_every_reason_can_be_read() -> None:
    window = Window(AT + timedelta(hours=2), AT + timedelta(hours=4))
    full = replace(WAS_IN, photo=True, calls=1, code_checked=True, window=window, others=5)
    far, near = seen(ACROSS_TOWN), seen(NEXT_DOOR, NEXT_DOOR, every=90)
    late = replace(full, reported_at=AT + timedelta(hours=3))
    judged = [
        late, replace(late, seen=far), replace(late, seen=near),
        replace(late, seen=seen(STREETS_AWAY)), replace(late, locates=True),
        replace(CLAIM, customer=CustomerSays.was_out, seen=seen(NEXT_DOOR, NEXT_DOOR, every=5)),
    ]  # fmt: skip
    said = {r.key: WORDS(f"reason.{r.key}", **r.facts) for e in judged for r in judge(e).reasons}
    assert len(said) == 15
    assert all("{" not in words for words in said.values())


@given(
    photo=st.booleans(),
    calls=st.integers(0, 3),
    others=st.integers(0, 9),
    place=st.sampled_from([HOME, NEXT_DOOR, STREETS_AWAY, ACROSS_TOWN, None]),
)
def test_the_customers_word_never_helps_the_other_side(
    photo: bool, calls: int, others: int, place: tuple[float, float] | None
) -> None:
    evidence = replace(
        CLAIM, photo=photo, calls=calls, others=others, seen=seen(place) if place else ()
    )
    score = {said: judge(replace(evidence, customer=said)).score for said in [None, *CustomerSays]}
    assert score[CustomerSays.was_in] < score[None] < score[CustomerSays.was_out]


def test_only_what_was_seen_about_then_counts() -> None:
    hours = [Seen(AT + timedelta(minutes=m), HOME) for m in (90, 10, -10, -90)]
    assert [one.at for one in about(hours, AT)] == [hours[2].at, hours[1].at]


def test_a_dispute_needs_the_customers_word_and_is_opened_once() -> None:
    attempt = Attempt(UUID(int=1), UUID(int=2), UUID(int=3), "k", "onfleet", AT, AT)
    far = replace(CLAIM, seen=seen(ACROSS_TOWN))
    assert not attempt.take(judge(far), AT)
    assert (attempt.verdict, attempt.disputed) == (Verdict.not_made, False)
    attempt.customer = CustomerSays.was_in
    assert attempt.take(judge(replace(far, customer=CustomerSays.was_in)), AT)
    assert not attempt.take(judge(replace(far, customer=CustomerSays.was_in)), AT)


def test_the_scorecard_puts_the_surely_bad_before_the_unlucky() -> None:
    made = [("steady", Verdict.genuine)] * 95 + [("steady", Verdict.not_made)] * 5
    bad = [("bad", Verdict.doubtful)] * 30 + [("bad", Verdict.genuine)] * 30
    card = scorecard([*made, *bad, ("unlucky", Verdict.not_made)])
    assert [line.name for line in card] == ["bad", "unlucky", "steady"]
    assert card[0].share == 0.5
    assert card[1].low < card[1].share <= card[1].high


def test_wilson_is_the_published_interval() -> None:
    # Newcombe (1998), table I: 15 of 148.
    low, high = wilson(15, 148)
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)
    assert wilson(0, 0) == (0.0, 1.0)
