"""Whatever happens in whatever order, a conversation has exactly one holder."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from bot.domain.case import SnoozedFor
from bot.domain.conversation import Author, Holder
from bot.domain.errors import Conflict, DoorstepError
from bot.domain.merchant import User
from bot.services.hand_over import hand_over
from bot.storage import tables as t
from bot.wiring import Application
from tests.conftest import Shop
from tests.desk import Customer, Desk, serve

type Act = Callable[[], Awaitable[object]]
AT_ONCE = 3
ROUNDS = 12


def acts(desk: Desk, customer: Customer, people: Sequence[User]) -> list[Act]:
    """Everything that anybody could do, allowed or not."""
    services, here = desk.application.services, customer.conversation.id
    work = services.work_case

    async def bot_asks_for_a_person() -> None:
        async with desk.application.database() as unit:
            conversation = await unit.conversations.get(desk.merchant_id, here, lock=True)
            await hand_over(unit, conversation, "talk_to_human", desk.application.clock.now())
            await unit.commit()

    def by(user: User, other: User) -> list[Act]:
        return [
            lambda: services.take_over(user, here),
            lambda: services.hand_back(user, here, "done"),
            lambda: services.reply_as_agent(user, here, "hello", uuid4()),
            lambda: services.run_macro(user, here, "Refund and close", uuid4()),
            lambda: work.transfer(user, here, other.id),
            lambda: work.transfer(user, here, None),
            lambda: work.snooze(user, here, SnoozedFor.parcel_moves, None),
            lambda: work.wake(user, here),
        ]

    ana, bea = people
    return [
        bot_asks_for_a_person,
        services.mind_desk,
        lambda: desk.message(customer, Author.customer, "hello?"),
        *by(ana, bea),
        *by(bea, ana),
    ]


@pytest.mark.parametrize("seed", range(8))
async def test_a_conversation_has_exactly_one_holder(
    application: Application, shop: Shop, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  no secret
    async with serve(application, shop) as desk:
        customer = await desk.customer("Marie", "+33612345678")
        async with application.database() as unit:
            ana = await unit.merchants.user_by_email(shop.email)
        assert ana is not None
        bea = await desk.colleague("Bea", f"{uuid4()}@x.example", "a long phrase")
        possible = acts(desk, customer, [ana, bea])
        for _ in range(ROUNDS):
            chosen = dice.sample(possible, AT_ONCE)
            done = await asyncio.gather(*(act() for act in chosen), return_exceptions=True)
            for one in done:
                # Refused is fine, and so is "somebody was quicker"; anything else is a fault.
                assert not isinstance(one, BaseException) or isinstance(one, DoorstepError), one
                assert not isinstance(one, Conflict), "what an agent does is never asked twice"
            await check(desk, customer, {ana.id, bea.id})


async def check(desk: Desk, customer: Customer, people: set[UUID]) -> None:
    async with desk.application.database() as unit:
        found = await desk.stored(unit, customer)
        cases = t.cases.c
        opened = await unit.session.scalar(
            select(func.count()).where(cases.conversation_id == found.id, cases.closed_at.is_(None))
        )
        case = await unit.cases.open(desk.merchant_id, found.id)
    if found.holder is Holder.bot:
        assert (found.agent_id, found.waiting_since, opened) == (None, None, 0)
        return
    assert opened == 1
    assert case is not None
    if found.holder is Holder.waiting:
        assert (found.agent_id, case.agent_id) == (None, None)
        assert found.waiting_since is not None
    else:
        assert found.agent_id in people
        assert case.agent_id == found.agent_id
