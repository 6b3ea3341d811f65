"""Keeping what a customer answers to a survey."""

import logging
from datetime import datetime
from uuid import UUID

from bot.domain.conversation import Conversation
from bot.domain.errors import NotFound, Temporary
from bot.domain.flow import scored
from bot.domain.survey import Survey, category
from bot.domain.topics import TopicsBy, topics_of
from bot.services.ports import Engine, UnitOfWork
from bot.services.post import note
from bot.services.start_flows import happens

logger = logging.getLogger(__name__)

COMMENT_LIMIT = 2000


async def score(
    unit: UnitOfWork, conversation: Conversation, survey_id: UUID, value: int, now: datetime
) -> Survey:
    """Keep a score from 0 to 10; the last one given counts, the same one twice is one.

    Raises:
        NotFound: the conversation's contact was not asked this.
    """
    survey = await _own(unit, conversation, survey_id)
    if survey.score == value:
        return survey
    survey.score, survey.scored_at = value, now
    if survey.shipment_id is not None:
        shipment = await unit.shipments.get(survey.merchant_id, survey.shipment_id)
        await unit.flush()
        await happens(unit, shipment, scored(value), now, anew=str(survey.id))
    if category(value) == "detractor":
        await note(unit, conversation, now, "detractor", score=str(value))
    return survey


async def comment(
    unit: UnitOfWork,
    engine: Engine,
    conversation: Conversation,
    survey_id: UUID,
    text: str,
    now: datetime,
) -> Survey:
    """Keep what was said besides the score, and what it is about; what was kept before stays.

    Raises:
        NotFound: the conversation's contact was not asked this.
    """
    survey = await _own(unit, conversation, survey_id)
    words = text.strip()[:COMMENT_LIMIT]
    if words and not survey.comment:
        survey.comment, survey.commented_at = words, now
        survey.topics, survey.topics_by = await _about(engine, words)
        if survey.score is not None and category(survey.score) == "detractor":
            await note(unit, conversation, now, "detractor_comment", comment=words)
    return survey


async def _about(engine: Engine, words: str) -> tuple[list[str], TopicsBy]:
    try:
        (sure,) = await engine.topics([words])
    except Temporary as error:
        logger.warning("the topics of a comment go by its words alone: %s", error)
        return topics_of(words), TopicsBy.words
    return topics_of(words, sure), TopicsBy.vectors


async def open_survey(
    unit: UnitOfWork, conversation: Conversation, survey_id: UUID | None = None
) -> Survey | None:
    """The survey that is meant: the named one, else the last one without a score."""
    asked = await unit.feedback.surveys(conversation.merchant_id, conversation.contact_id)
    if survey_id is not None:
        return next((survey for survey in asked if survey.id == survey_id), None)
    return next((survey for survey in asked if survey.score is None), None)


async def _own(unit: UnitOfWork, conversation: Conversation, survey_id: UUID) -> Survey:
    survey = await unit.feedback.survey(conversation.merchant_id, survey_id)
    if survey.contact_id != conversation.contact_id:
        # As if it were not there: whoever asks learns nothing of other people's surveys.
        raise NotFound("there is no such survey")
    return survey
