"""The survey: a score, a word about it, thanks. Never nagged for."""

from uuid import UUID

from actions.base import DoorstepAction, Event, Talk, slot
from actions.context import current
from bot.domain.survey import (
    FORM,
    SCORE,
    Survey,
    category,
    mentions_number,
    read_answer,
    read_band,
    scores_of,
)
from bot.services import answer_survey
from bot.services.ask_score import numbers

# Clear wishes that are served rather than kept as a comment.
_OTHER_WISHES = {
    "track_parcel", "ask_delivery_time", "ask_delivery_fees", "ask_delivery_options",
    "ask_courier_contact", "ask_proof_of_delivery", "ask_capabilities", "reschedule_delivery",
    "request_contactless", "change_address", "deliver_to_neighbour", "use_pickup_point",
    "leave_in_safe_place", "give_access_instructions", "cancel_delivery", "return_parcel",
    "change_language", "resume_messages", "request_data_erasure",
}  # fmt: skip
_AT_ONCE = {"talk_to_human", "stop_messages"}
# Said as a comment, these are kept and a person is fetched besides.
_CASES = {"report_not_received", "report_damage", "report_wrong_or_missing_item"}
_CLEAR = 0.6
_NO_COMMENT = {"deny", "thank", "goodbye"}
_SHORT = 5


class ValidateNps(DoorstepAction):
    title = "validate_nps_form"

    async def act(self, talk: Talk) -> list[Event]:
        survey = await _survey(talk)
        if survey is None:
            return _end()
        if talk.slot("requested_slot") == "nps_comment":
            return await self._read_comment(talk, survey)
        return await self._read_score(talk, survey)

    async def _read_score(self, talk: Talk, survey: Survey) -> list[Event]:
        answer = read_answer(talk.choice or talk.typed)
        if answer is not None:
            await _keep_score(talk, survey, answer.score)
            events = [slot("survey", str(survey.id)), slot(SCORE, str(answer.score))]
            if answer.comment:
                await _keep_comment(talk, survey, answer.comment)
                events.append(slot("nps_comment", answer.comment))
            return events
        if _band(talk) is not None:
            return [slot("survey", str(survey.id)), slot(SCORE, None)]
        if talk.intent == "deny":
            return _end()
        if mentions_number(talk.typed) and talk.intent not in _OTHER_WISHES | _AT_ONCE:
            return [slot("survey", str(survey.id)), slot(SCORE, None)]
        return []

    async def _read_comment(self, talk: Talk, survey: Survey) -> list[Event]:
        if _wants_something_else(talk):
            # First the wish is served; when the form comes back after it, it ends in silence.
            return _end() if talk.came_back(FORM) else []
        answer = read_answer(talk.typed)
        if answer is not None and not answer.comment:
            await _keep_score(talk, survey, answer.score)
            return [slot(SCORE, str(answer.score))]
        words = len(talk.typed.split())
        if talk.intent in _NO_COMMENT and words < _SHORT:
            return [slot("nps_comment", "")]
        if not talk.typed or (talk.intent == "affirm" and words < _SHORT - 2):
            return []
        await _keep_comment(talk, survey, talk.typed)
        return [] if _is_case(talk) else [slot("nps_comment", talk.typed)]


class AskScore(DoorstepAction):
    """Asked by a flow the first time; here only again, and only if nothing else was said.

    Where a channel has too few buttons a part of the scale has been chosen: now its numbers are.
    """

    title = "action_ask_nps_form_nps_score"

    async def act(self, talk: Talk) -> list[Event]:
        survey = await _survey(talk)
        if survey is not None and not talk.already_said():
            question = {"loop": FORM, "requested": SCORE, "slots": {"survey": str(survey.id)}}
            band = _band(talk)
            if band is None:
                talk.say("nps_score_again", question=question)
            else:
                talk.say("nps_score_which", options=numbers(scores_of(band)), question=question)
        return []


class AskComment(DoorstepAction):
    title = "action_ask_nps_form_nps_comment"

    async def act(self, talk: Talk) -> list[Event]:
        survey = await _survey(talk)
        if survey is None or survey.score is None or talk.already_said():
            return []
        slots = {"survey": str(survey.id), SCORE: str(survey.score)}
        question = {"loop": FORM, "requested": "nps_comment", "slots": slots}
        talk.say(f"nps_comment_{category(survey.score)}", question=question)
        return []


class SubmitNps(DoorstepAction):
    title = "action_submit_nps"

    async def act(self, talk: Talk) -> list[Event]:
        survey = await _survey(talk)
        if not talk.already_said():
            if survey is not None and survey.score is not None:
                facts = {"commented": bool(survey.comment)}
                talk.say(f"nps_thanks_{category(survey.score)}", facts)
            else:
                talk.say("nps_declined")
        return [slot(name, None) for name in ("survey", SCORE, "nps_comment")]


def _band(talk: Talk) -> str | None:
    return read_band(talk.choice or talk.typed)


async def _survey(talk: Talk) -> Survey | None:
    named = talk.slot("survey")
    survey_id = UUID(str(named)) if named else None
    return await answer_survey.open_survey(talk.unit, talk.conversation, survey_id)


async def _keep_score(talk: Talk, survey: Survey, value: int) -> None:
    await answer_survey.score(talk.unit, talk.conversation, survey.id, value, talk.now)


async def _keep_comment(talk: Talk, survey: Survey, text: str) -> None:
    engine = current().engine
    await answer_survey.comment(talk.unit, engine, talk.conversation, survey.id, text, talk.now)


def _wants_something_else(talk: Talk) -> bool:
    if talk.intent in _AT_ONCE or talk.text.startswith("/"):
        return True
    return talk.intent in _OTHER_WISHES and talk.confidence >= _CLEAR


def _is_case(talk: Talk) -> bool:
    return talk.intent in _CASES and talk.confidence >= _CLEAR


def _end() -> list[Event]:
    return [slot("nps_comment", ""), slot("requested_slot", None)]
