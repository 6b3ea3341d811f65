"""Several wishes in one message: which clauses are wishes of their own, and in which order."""

from typing import Any

import pytest

from engine.wishes import Wish, beneath_courtesy, clauses, gather, ordered, wishes_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("leave it with my neighbour, gate code 4407#", 2),
        ("where is it and can you bring it tomorrow?", 2),
        ("où est mon colis et combien ça coûte de le décaler", 2),
        ("where is my parcel please", 0),
        ("12 rue des Lilas, 75011 Paris", 0),
        ("hi, hello", 0),
        ("so " * 300, 0),
        ("a b. c d. e f. g h. i j. k l.", 0),
    ],
)
def test_a_message_is_cut_where_it_turns_to_something_else(text: str, parts: int) -> None:
    assert len(clauses(text)) == parts


def wish(intent: str, text: str = "words", sure: float = 0.9) -> Wish:
    return Wish(intent, sure, text)


def test_different_wishes_are_kept_with_the_words_around_them() -> None:
    found = gather(
        [
            wish("greet", "hi there"),
            wish("deliver_to_neighbour", "leave it with my neighbour"),
            wish("inform", "Mrs Patel"),
            wish("give_access_instructions", "gate code 4407#"),
        ],
        "deliver_to_neighbour",
    )
    assert [(w.intent, w.text) for w in found] == [
        ("deliver_to_neighbour", "hi there, leave it with my neighbour, Mrs Patel"),
        ("give_access_instructions", "gate code 4407#"),
    ]


@pytest.mark.parametrize(
    "read",
    [
        [wish("cancel_delivery", "don't cancel it"), wish("reschedule_delivery")],
        [wish("track_parcel"), wish("ask_delivery_time")],
        [wish("complain"), wish("track_parcel")],
        [wish("report_missed_delivery"), wish("reschedule_delivery")],
        [wish("leave_in_safe_place", sure=0.4), wish("reschedule_delivery")],
    ],
)
def test_what_is_one_wish_is_not_made_two(read: list[Wish]) -> None:
    assert gather(read, "reschedule_delivery") == []


def test_questions_are_served_first() -> None:
    wishes = [wish("reschedule_delivery"), wish("ask_delivery_fees"), wish("cancel_delivery")]
    assert [w.intent for w in ordered(wishes)] == [
        "ask_delivery_fees", "reschedule_delivery", "cancel_delivery",
    ]  # fmt: skip


def test_clauses_that_say_what_the_message_says_are_no_wishes() -> None:
    read = {"intent": {"name": "track_parcel", "confidence": 0.9}}
    assert wishes_of(["has it left", "where is it"], [read, read], read) == []
    price = {"intent": {"name": "ask_delivery_fees", "confidence": 0.9}}
    found = wishes_of(["where is it", "what does it cost"], [read, price], read)
    assert [(wish.intent, wish.text) for wish in found] == [
        ("track_parcel", "where is it"),
        ("ask_delivery_fees", "what does it cost"),
    ]
    assert wishes_of([], [], read) == []


def reading(intent: str, sure: float = 0.9) -> dict[str, Any]:
    return {"text": "words", "intent": {"name": intent, "confidence": sure}}


def test_beneath_a_greeting_lies_the_wish() -> None:
    parts = [reading("greet"), reading("reschedule_delivery", 0.7)]
    whole = beneath_courtesy(parts, reading("greet"))
    assert whole == {"text": "words", "intent": {"name": "reschedule_delivery", "confidence": 0.7}}


@pytest.mark.parametrize(
    ("whole", "clause", "sure"),
    [
        ("greet", "reschedule_delivery", 0.3),
        ("greet", "inform", 0.9),
        ("deny", "cancel_delivery", 0.9),
    ],
)
def test_a_greeting_stays_one_without_a_clear_wish(whole: str, clause: str, sure: float) -> None:
    parts = [reading("greet"), reading(clause, sure)]
    assert beneath_courtesy(parts, reading(whole)) == reading(whole)
