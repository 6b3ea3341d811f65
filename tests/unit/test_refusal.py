"""A carrier says that the customer would not have it: a claim by its words, or by when it comes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.attempt import Claim, CustomerSays, Evidence, Seen, Verdict, judge
from bot.domain.refusal import claims_refusal
from bot.domain.shipment import Status

AT = datetime(2026, 11, 26, 14, 2, tzinfo=UTC)
HOME = (48.8566, 2.3522)
CLAIM = Evidence(AT, AT + timedelta(minutes=1), Claim.refused, address=HOME)


@pytest.mark.parametrize(
    "words",
    [
        "Delivery refused by recipient",
        "Cancelled by customer at door",
        "Consignee refused to accept",
        "Customer asked to cancel",
        "REFUSED_BY_CUSTOMER",
        "Refused",
        "Colis refusé par le destinataire",
        "Rechazado por el destinatario",
        "Rifiutato dal destinatario",
        "Annahme verweigert",
    ],
)
def test_a_refusal_is_read_out_of_the_carriers_words(words: str) -> None:
    for status in (Status.cancelled, Status.attempt_failed, Status.returning, Status.exception):
        assert claims_refusal(status, "", words, Status.in_transit), words
        assert claims_refusal(status, words, "", Status.in_transit), words
    assert not claims_refusal(Status.in_transit, "", words, Status.in_transit)
    assert not claims_refusal(Status.delivered, "", words, Status.out_for_delivery)


@pytest.mark.parametrize(
    ("words", "before", "claimed"),
    [
        ("", Status.out_for_delivery, True),
        ("CN", Status.attempt_failed, True),
        ("Shipment cancelled by shipper", Status.out_for_delivery, False),
        ("taskDeleted", Status.out_for_delivery, False),
        ("", Status.created, False),
        ("Label voided", Status.created, False),
        ("Nobody was in", Status.in_transit, False),
    ],
)
def test_a_cancellation_on_the_round_is_one_unless_somebody_else_is_named(
    words: str, before: Status, claimed: bool
) -> None:
    assert claims_refusal(Status.cancelled, "", words, before) is claimed


def test_nobody_in_is_no_refusal() -> None:
    for words in ("Customer not available", "Business closed", "Recipient absent"):
        assert not claims_refusal(Status.attempt_failed, "", words, Status.out_for_delivery)


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (CLAIM, Verdict.doubtful),
        (replace(CLAIM, code_checked=True), Verdict.genuine),
        (replace(CLAIM, asked_for=True), Verdict.genuine),
        (replace(CLAIM, customer=CustomerSays.refused), Verdict.genuine),
        (replace(CLAIM, customer=CustomerSays.not_refused), Verdict.not_made),
        # That the courier was there does not say what the customer said.
        (
            replace(CLAIM, customer=CustomerSays.not_refused, seen=(Seen(AT, HOME),), locates=True),
            Verdict.not_made,
        ),
        (replace(CLAIM, customer=CustomerSays.not_refused, code_checked=True), Verdict.genuine),
    ],
)
def test_a_refusal_is_not_presumed(evidence: Evidence, verdict: Verdict) -> None:
    assert judge(evidence).verdict is verdict


def test_an_answer_to_the_other_question_is_understood() -> None:
    for said in (CustomerSays.was_in, CustomerSays.was_out, CustomerSays.not_refused):
        assert said.about(Claim.refused) is CustomerSays.not_refused
    assert CustomerSays.refused.about(Claim.refused) is CustomerSays.refused
    assert CustomerSays.was_out.about(Claim.nobody_in) is CustomerSays.was_out
