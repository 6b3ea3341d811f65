"""Opening a case: its priority, its clocks, what is known, and who is asked to take it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from bot.domain.assignment import next_in_turn
from bot.domain.case import REOPENED_WITHIN, Case, Priority
from bot.domain.conversation import Conversation
from bot.domain.desk import Assignment, Desk
from bot.domain.ids import new_id
from bot.services.desk import desk_of, working_time
from bot.services.ports import UnitOfWork
from bot.services.post import note
from bot.services.summarise import summarise


async def open_case(
    unit: UnitOfWork,
    conversation: Conversation,
    topic: str,
    now: datetime,
    about: UUID | None = None,
) -> Case:
    """Open the conversation's case; one that is open already is returned as it is.

    Args:
        about: the shipment that it is about, where that is known.
    """
    found = await unit.cases.open(conversation.merchant_id, conversation.id)
    if found is not None:
        return found
    merchant = await unit.merchants.get(conversation.merchant_id)
    desk = desk_of(merchant)
    before = await unit.cases.of_conversation(merchant.id, conversation.id, limit=1)
    closed_at = before[0].closed_at if before else None
    case = Case(
        id=new_id(),
        merchant_id=merchant.id,
        conversation_id=conversation.id,
        opened_at=now,
        topic=topic,
        priority=desk.priorities.get(topic, Priority.normal),
        facts=await summarise(unit, conversation, now, about),
        reopened=closed_at is not None and now - closed_at < REOPENED_WITHIN,
    )
    case.start(desk.targets.get(case.priority), await working_time(unit, merchant))
    unit.add(case)
    await unit.flush()
    await offer_to_next(unit, case, conversation, desk, now)
    return case


async def offer_to_next(
    unit: UnitOfWork,
    case: Case,
    conversation: Conversation,
    desk: Desk,
    now: datetime,
    skip: Collection[UUID] = (),
) -> None:
    """Ask the agent whose turn it is; where agents take what they like, nobody is asked."""
    if desk.assignment is not Assignment.in_turn:
        return
    colleagues = await unit.cases.colleagues(case.merchant_id, now)
    contact = await unit.people.get(case.merchant_id, conversation.contact_id)
    chosen = next_in_turn(colleagues, contact.language, case.topic, desk.at_most, skip)
    if chosen == case.offered_to:
        return
    case.offer(chosen, now)
    name = next((one.user.name for one in colleagues if one.user.id == chosen), "")
    await note(unit, conversation, now, "offered" if chosen else "offered_to_all", name=name)
