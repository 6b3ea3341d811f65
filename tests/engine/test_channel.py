"""The engine's own input channel: who may enter, what is refused, what is kept."""

import uuid
from typing import Any

import pytest

from tests.engine.conftest import Engine

NPS = {"loop": "nps_form", "requested": "nps_score", "slots": {"survey": "s1"}}


def body(**changes: Any) -> dict[str, Any]:
    plain = {"sender": f"{uuid.uuid4()}.1", "message_id": str(uuid.uuid4()), "text": "hello"}
    return {**plain, **changes}


@pytest.mark.parametrize("token", [None, "", "wrong", "a-token-for-test", "ä"])
def test_nobody_enters_without_the_token(engine: Engine, token: str | None) -> None:
    if token == "ä":
        token = token.encode().decode("latin-1")
    assert engine.post(body(), token=token).status == 401


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "not JSON"),
        (b'["hello"]', "not a JSON object"),
        (body(text=" "), "text"),
        (body(sender=None), "sender"),
        (body(message_id=7), "message_id"),
        (body(metadata="sms"), "metadata"),
        (body(question="nps"), "question"),
        (body(question={**NPS, "loop": "nps"}), "question.loop"),
        (body(question={**NPS, "requested": "window"}), "question.requested"),
        (body(question={**NPS, "slots": {"nosuch": 1}}), "question.slots"),
    ],
)
def test_a_bad_body_is_refused_with_its_field(engine: Engine, bad: object, reason: str) -> None:
    answer = engine.post(bad)
    assert answer.status == 400
    assert reason in answer.body["error"]


def test_a_message_is_answered_and_how_it_was_read_is_told(engine: Engine) -> None:
    answer = engine.customer().says("where is my parcel?")
    assert answer.status == 200
    assert answer.said == ["action_track"]
    assert answer.body["understood"]["intent"] == "track_parcel"
    assert answer.body["understood"]["confidence"] > 0.5
    assert "failed_action" not in answer.body


def test_a_repeated_message_gets_the_first_answer_and_runs_nothing(engine: Engine) -> None:
    customer, message_id = engine.customer(), str(uuid.uuid4())
    first = customer.says("please reschedule my delivery", message_id=message_id)
    customer.says("tomorrow evening")
    calls = engine.actions.calls
    again = customer.says("please reschedule my delivery", message_id=message_id)
    assert (again.said, again.body["understood"]) == (first.said, first.body["understood"])
    assert engine.actions.calls == calls


def test_an_open_question_handed_over_is_answered_sessions_later(engine: Engine) -> None:
    customer = engine.customer()
    customer.says("where is my parcel")
    customer.session = 3
    answer = customer.says("9", question=NPS)
    assert answer.said == ["action_ask_nps_form_nps_comment"]
    assert answer.slots["nps_score"] == 9
    assert answer.slots["survey"] == "s1"


def test_a_second_survey_starts_without_the_first_ones_answers(engine: Engine) -> None:
    customer = engine.customer()
    customer.says("9", question=NPS)
    assert customer.says("always on time").said == ["action_submit_nps"]
    answer = customer.says("3", question={**NPS, "slots": {"survey": "s2"}})
    assert answer.said == ["action_ask_nps_form_nps_comment"]
    assert (answer.slots["nps_score"], answer.slots["survey"]) == (3, "s2")


def test_a_question_takes_the_place_of_a_form_that_was_open(engine: Engine) -> None:
    customer = engine.customer()
    customer.says("please reschedule my delivery")
    assert customer.says("10", question=NPS).said == ["action_ask_nps_form_nps_comment"]


def test_an_action_server_that_is_away_is_seen_and_a_retry_is_a_real_one(engine: Engine) -> None:
    customer, message_id = engine.customer(), str(uuid.uuid4())
    engine.actions.stop()
    try:
        failed = customer.says("where is my parcel?", message_id=message_id)
    finally:
        engine.actions.start()
    assert failed.status == 200
    assert failed.body["failed_action"] is True
    assert failed.body["messages"] == []
    retried = customer.says("where is my parcel?", message_id=message_id)
    assert retried.said == ["action_track"]
    assert "failed_action" not in retried.body


def test_an_answer_of_the_wrong_shape_is_a_failure(engine: Engine) -> None:
    engine.actions.spoilt = True
    try:
        assert engine.customer().says("hello").body["failed_action"] is True
    finally:
        engine.actions.spoilt = False


def test_a_form_survives_an_outage_in_the_middle_of_it(engine: Engine) -> None:
    customer = engine.customer()
    customer.says("please reschedule my delivery")
    engine.actions.stop()
    try:
        assert customer.says("tomorrow evening").body["failed_action"] is True
    finally:
        engine.actions.start()
    assert customer.says("tomorrow evening").said == ["action_ask_reschedule_form_agreed"]


def test_a_question_and_a_change_are_served_in_one_turn_and_repeated_as_one(
    engine: Engine,
) -> None:
    customer, message_id = engine.customer(), str(uuid.uuid4())
    text = "where is my parcel? and please deliver it tomorrow evening"
    first = customer.says(text, message_id=message_id)
    assert first.said == ["action_track", "action_ask_reschedule_form_agreed"]
    calls = engine.actions.calls
    again = customer.says(text, message_id=message_id)
    assert (again.said, engine.actions.calls) == (first.said, calls)


def test_a_second_change_begins_when_the_first_is_done(engine: Engine) -> None:
    customer = engine.customer()
    first = customer.says("please deliver it tomorrow evening and leave it in the shed")
    assert first.said == ["action_ask_reschedule_form_agreed"]
    assert customer.says("yes").said == [
        "action_submit_reschedule",
        "action_ask_safe_place_form_agreed",
    ]
    assert customer.says("yes").said == ["action_submit_safe_place"]


def test_a_note_goes_along_with_a_change_and_is_gone_with_it(engine: Engine) -> None:
    customer = engine.customer()
    asked = customer.says("leave it in the shed behind my house, the gate code is 4407#")
    assert asked.said == ["action_ask_safe_place_form_agreed"]
    assert "4407#" in asked.slots["extra"]
    customer.says("i want to talk to a person")
    assert customer.says("leave it in the shed").slots["extra"] is None
