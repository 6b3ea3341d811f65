"""Turns are given out once, in order, to all workers together; answers have their own."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.channels.base import Capabilities
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Message
from bot.domain.errors import NotYet
from bot.domain.ids import new_id
from bot.domain.pace import Pace, Urgency
from bot.jobs.tasks import Retry
from bot.services.post import post, urgency_of
from bot.services.reach import conversation_with
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.talking import Talk, Wire, talk_on

TEN_A_SECOND = Pace(timedelta(milliseconds=100), burst=2)


async def waits(application: Application, key: str, count: int) -> list[float]:
    """So many turns, asked for at once by as many workers; in seconds, sorted."""

    async def take() -> timedelta:
        async with application.database() as unit:
            wait = (await unit.paces.take_turns([(key, TEN_A_SECOND)], application.clock.now()))[0]
            await unit.commit()
            return wait

    taken = await asyncio.gather(*(take() for _ in range(count)))
    return sorted(wait.total_seconds() for wait in taken)


async def test_turns_are_shared_by_all_workers(application: Application) -> None:
    assert await waits(application, f"{new_id()}", 6) == [0, 0, 0.1, 0.2, 0.3, 0.4]


async def test_a_turn_that_is_taken_back_is_free_again(application: Application) -> None:
    key, now = f"{new_id()}", application.clock.now()
    for _ in range(3):
        async with application.database() as unit:
            # No commit: whatever was to be sent has failed.
            assert await unit.paces.take_turns([(key, TEN_A_SECOND)], now) == [timedelta()]


async def test_what_rested_long_has_no_more_than_its_burst(
    application: Application, clock: FixedClock
) -> None:
    key = f"{new_id()}"
    await waits(application, key, 6)
    clock.instant += timedelta(hours=1)
    assert await waits(application, key, 4) == [0, 0, 0.1, 0.2]


@pytest.fixture
async def me(application: Application, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """A customer on SMS, whose account may send two a second."""
    monkeypatch.setattr(application.channels["sms"], "send", Wire().send)
    capabilities = Capabilities(text_limit=1600, pace=Pace.per_second(2))
    monkeypatch.setattr(type(application.channels["sms"]), "capabilities", capabilities)
    talk = await talk_on(application, shop.told["sms"]["account_id"])
    await talk.write("hello")
    return talk


async def say(me: Talk, author: Author, count: int) -> Sequence[Message]:
    """Queue messages to the customer, without the jobs that would send them."""
    async with me.application.database() as unit:
        identity = await unit.people.identity(me.account.id, me.phone)
        assert identity is not None
        now = me.application.clock.now()
        thread = await conversation_with(unit, identity, now)
        said = [
            await post(unit, thread, identity, now, author=author, text=f"{author} {place}")
            for place in range(count)
        ]
        await unit.commit()
    return [message for message in said if message is not None]


async def turn_of(me: Talk, message: Message) -> float:
    """Try to deliver; in how many seconds it is the message's turn."""
    try:
        await me.application.services.deliver(message.merchant_id, message.id)
    except NotYet as error:
        return error.wait.total_seconds()
    return 0.0


async def test_no_amount_of_notices_delays_an_answer(me: Talk) -> None:
    notices = await say(me, Author.flow, 5)
    assert [round(await turn_of(me, one), 2) for one in notices] == [0, 0.67, 1.33, 2, 2.67]
    (answer,) = await say(me, Author.agent, 1)
    assert await turn_of(me, answer) == 0


async def test_a_turn_is_given_once_and_then_comes(me: Talk, clock: FixedClock) -> None:
    _, later = await say(me, Author.flow, 2)
    first = await say(me, Author.flow, 1)
    await turn_of(me, first[0])
    waited = await turn_of(me, later)
    assert waited > 0
    assert await turn_of(me, later) == waited
    clock.instant += timedelta(seconds=waited)
    assert await turn_of(me, later) == 0


async def test_urgency_becomes_the_jobs_priority(me: Talk) -> None:
    await say(me, Author.flow, 1)
    await say(me, Author.agent, 1)
    async with me.application.database() as unit:
        rows = await unit.session.execute(
            text(
                "SELECT priority FROM procrastinate_jobs WHERE task_name = 'deliver'"
                " AND args ->> 'merchant_id' = :merchant ORDER BY id"
            ),
            {"merchant": str(me.account.merchant_id)},
        )
        assert [row.priority for row in rows] == [Urgency.notice, Urgency.answer]
    assert urgency_of(Author.flow, "marketing") < urgency_of(Author.flow, "service")


async def test_a_merchants_thousand_parcels_do_not_keep_anothers_one_waiting(
    application: Application, clock: FixedClock
) -> None:
    large, small = new_id(), new_id()
    async with application.database() as unit:
        for merchant, count in ((large, 100), (small, 1)):
            for _ in range(count):
                await unit.jobs.defer(
                    "advance_flow",
                    urgency=Urgency.in_turn,
                    merchant_id=str(merchant),
                    run_id=str(new_id()),
                    step=0,
                )
            clock.instant += timedelta(seconds=1)
        await unit.commit()
        rows = await unit.session.execute(
            text(
                "SELECT args ->> 'merchant_id' AS merchant FROM procrastinate_jobs"
                " WHERE task_name = 'advance_flow' AND args ->> 'merchant_id' = ANY(:merchants)"
                # As the queue itself chooses.
                " ORDER BY priority DESC, id"
            ),
            {"merchants": [str(large), str(small)]},
        )
        assert [row.merchant for row in rows].index(str(small)) <= 40


@pytest.mark.parametrize(
    ("given", "every"), [("4", 0.25), ("", 0.5), ("fast", 0.5), ("0", 0.5), ("-1", 0.5)]
)
async def test_an_accounts_own_pace(
    me: Talk, monkeypatch: pytest.MonkeyPatch, given: str, every: float
) -> None:
    monkeypatch.setattr(me.application.database.memory.accounts, "seconds", 0.0)
    async with me.application.database() as unit:
        await unit.session.execute(
            text(
                "UPDATE provider_accounts SET options = jsonb_set(options, '{per_second}',"
                " to_jsonb(CAST(:given AS text))) WHERE id = :id"
            ),
            {"given": given, "id": me.account.id},
        )
        await unit.commit()
    notices = await say(me, Author.flow, 12)
    turns = [await turn_of(me, one) for one in notices]
    assert round(turns[-1] - turns[-2], 3) == round(every / 0.75, 3)


def test_waiting_for_ones_turn_is_no_failed_try() -> None:
    class Job:
        attempts = 500

    decision = Retry().get_retry_decision(exception=NotYet("x", timedelta(hours=3)), job=Job())  # type: ignore[arg-type]
    assert decision is not None
