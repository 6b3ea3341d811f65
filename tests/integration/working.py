"""People at work on cases: what tests of the desk do over and over."""

import re
from typing import Any
from uuid import UUID

from bot.domain.case import Case
from bot.domain.conversation import Author
from bot.domain.merchant import User
from bot.services.desk import desk_document
from bot.services.inbox import Queue, View
from tests.desk import Customer, Desk
from tests.integration.browser import Browser


class Agent(Browser):
    """Somebody signed in."""

    async def fragments(self, path: str) -> str:
        return re.sub(r"\s+", " ", await self.read(path))


async def settings(desk: Desk, **changes: Any) -> None:
    """Publish the shipped desk with changes."""
    async with desk.application.database() as unit:
        merchant = await unit.merchants.get(desk.merchant_id)
    document = desk_document(merchant) | changes
    await desk.application.services.publish_desk(desk.merchant_id, document)


async def case_of(desk: Desk, customer: Customer) -> Case | None:
    async with desk.application.database() as unit:
        return await unit.cases.open(desk.merchant_id, customer.conversation.id)


async def the_case(desk: Desk, customer: Customer) -> Case:
    found = await case_of(desk, customer)
    assert found is not None
    return found


async def notes(desk: Desk, customer: Customer) -> list[str]:
    async with desk.application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, customer.conversation.id)
    return [one.text for one in thread if one.author is Author.system]


async def queue(desk: Desk, user: User, **view: Any) -> Queue:
    async with desk.application.database() as unit:
        now = desk.application.clock.now()
        return await unit.inbox.queue(desk.merchant_id, user.id, View(**view), now=now)


async def held(desk: Desk, user: User, customer: Customer) -> UUID:
    """The user takes a conversation that waits."""
    await desk.asks_for_a_person(customer, "dispute_attempt")
    await desk.application.services.take_over(user, customer.conversation.id)
    return customer.conversation.id


async def here_now(desk: Desk, user: User) -> None:
    async with desk.application.database() as unit:
        await unit.presences.keep(user, None, desk.application.clock.now(), typing=False)
        await unit.commit()


async def last_reply(desk: Desk, customer: Customer):  # noqa: ANN201
    async with desk.application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, customer.conversation.id)
    return next(one for one in reversed(thread) if one.author is Author.agent)
