"""What the rules promise of forms and interruptions, talked through with the trained model."""

import pytest

from tests.engine.conftest import Engine

ASK_WINDOW = "action_ask_reschedule_form_window"
ASK_AGREED = "action_ask_reschedule_form_agreed"
NPS = {"loop": "nps_form", "requested": "nps_score", "slots": {"survey": "s1"}}


def test_rescheduling_goes_from_window_to_yes_to_done(engine: Engine) -> None:
    customer = engine.customer()
    assert customer.says("i need to change the delivery date").said == [ASK_WINDOW]
    assert customer.says("tomorrow evening").said == [ASK_AGREED]
    done = customer.says("yes please")
    assert done.said == ["action_submit_reschedule"]
    assert done.slots["window"] == "evening"
    assert done.slots["agreed"] is True
    assert customer.says("thanks").said == ["action_thank"]


def test_a_chosen_option_fills_what_was_asked(engine: Engine) -> None:
    customer = engine.customer()
    customer.says("je voudrais changer la date de livraison")
    answer = customer.says('/inform{"choice": "slot-2"}')
    assert answer.said == [ASK_AGREED]
    assert answer.slots["window"] == "slot-2"


def test_a_no_at_the_end_is_told_to_the_submit_action(engine: Engine) -> None:
    customer = engine.customer()
    customer.says("move it to tomorrow evening")
    done = customer.says("no")
    assert done.said == ["action_submit_reschedule"]
    assert done.slots["agreed"] is False


@pytest.mark.parametrize(
    ("aside", "action"),
    [
        ("how much does it cost", "action_fees"),
        ("where is my parcel", "action_track"),
        ("what can you do", "action_capabilities"),
        ("are you a robot", "action_bot_challenge"),
        ("merci beaucoup", "action_thank"),
        ("qsdkfj lskdjf", "action_not_understood"),
    ],
)
def test_an_aside_is_answered_and_the_form_goes_on(engine: Engine, aside: str, action: str) -> None:
    customer = engine.customer()
    customer.says("reschedule")
    assert customer.says(aside).said == [action, ASK_WINDOW]
    assert customer.says("tomorrow evening").said == [ASK_AGREED]


@pytest.mark.parametrize("empty", ["yes", "i want to change the delivery date", "4482"])
def test_words_that_fit_but_say_nothing_make_the_form_ask_again(engine: Engine, empty: str) -> None:
    customer = engine.customer()
    customer.says("reschedule")
    assert customer.says(empty).said == [ASK_WINDOW]


def test_another_forms_intent_switches_and_back_begins_anew(engine: Engine) -> None:
    customer = engine.customer()
    customer.says("move it to tomorrow evening")
    switched = customer.says("livraison sans contact")
    assert switched.said == ["action_ask_contactless_form_agreed"]
    assert customer.says("yes").said == ["action_submit_contactless"]
    # The evening that was never agreed to is not taken up.
    assert customer.says("reschedule").said == [ASK_WINDOW]


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("i want to talk to a person", "action_hand_over"),
        ("stop texting me", "action_stop_messages"),
        ("nobody came, why does it say attempted", "action_escalate"),
        ("mon colis est abîmé", "action_escalate"),
        ("never mind", "action_acknowledge"),
        ("au revoir", "action_goodbye"),
    ],
)
def test_what_ends_a_form_leaves_it_cleanly(engine: Engine, words: str, action: str) -> None:
    customer = engine.customer()
    customer.says("reschedule")
    left = customer.says(words)
    assert left.said == [action]
    assert left.body["loop"] is None
    assert customer.says("tomorrow evening").said != [ASK_AGREED]


def test_a_half_agreed_time_is_forgotten_with_the_form(engine: Engine) -> None:
    customer = engine.customer()
    assert customer.says("move it to tomorrow evening").said == [ASK_AGREED]
    customer.says("i want to talk to a person")
    assert customer.says("reschedule").said == [ASK_WINDOW]


def test_an_aside_in_the_survey_is_answered_without_nagging(engine: Engine) -> None:
    customer = engine.customer()
    assert customer.says("where is my other parcel", question=NPS).said == ["action_track"]
    assert customer.says("8").said == ["action_ask_nps_form_nps_comment"]
    # A comment reads like a complaint, and is a comment.
    done = customer.says("the driver was so rude to me")
    assert done.said == ["action_submit_nps"]
    assert done.slots["nps_comment"] == "the driver was so rude to me"


def test_a_complaint_in_place_of_a_score_goes_to_a_person(engine: Engine) -> None:
    answer = engine.customer().says("worst delivery service ever", question=NPS)
    assert answer.said == ["action_escalate"]


def test_every_intent_outside_a_form_gets_an_answer(engine: Engine) -> None:
    customer = engine.customer()
    for text, action in {
        "/affirm": "action_acknowledge",
        "/deny": "action_acknowledge",
        "/inform": "action_inform",
        "/report_missed_delivery": "action_missed_delivery",
        "/resume_messages": "action_resume_messages",
        "/change_language": "action_change_language",
        "/set_notification_preferences": "action_set_preferences",
        "/give_feedback": "action_feedback",
        "/out_of_scope": "action_not_understood",
        "/nlu_fallback": "action_not_understood",
    }.items():
        assert customer.says(text).said == [action], text
