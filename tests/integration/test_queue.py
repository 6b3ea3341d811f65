"""The queue: its order, its views, what is unread, and finding in it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.clock import FixedClock
from bot.domain.conversation import MessageStatus
from bot.domain.merchant import User
from bot.domain.shipment import Status
from bot.services.inbox import View, ViewName
from bot.wiring import Application
from tests.conftest import seed_shop
from tests.desk import Customer, Desk
from tests.integration.working import queue


async def test_the_queue_begins_with_what_will_be_late_first(desk: Desk, ana: User) -> None:
    slow = await desk.customer("Slow", "+33611111111")
    fast = await desk.customer("Fast", "+33622222222")
    await desk.asks_for_a_person(slow, "talk_to_human", ago=20)
    await desk.asks_for_a_person(fast, "dispute_attempt", ago=5)
    assert [row.name for row in (await queue(desk, ana)).waiting] == ["Fast", "Slow"]


async def test_a_note_calls_a_colleague_until_they_have_read_it(
    desk: Desk, ana: User, bea: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    here = marie.conversation.id
    await application.services.work_case.comment(ana, here, "@bea have you seen this?")
    found = await queue(desk, bea, name=ViewName.mentions)
    assert ([row.id for row in found.rows], found.counts["mentions"]) == ([here], 1)
    assert (await queue(desk, ana)).counts["mentions"] == 0
    clock.instant += timedelta(minutes=1)
    async with application.database() as unit:
        await unit.presences.read(bea, here, clock.now())
        await unit.commit()
    found = await queue(desk, bea, name=ViewName.mentions)
    assert ([row.id for row in found.rows], found.counts["mentions"]) == ([here], 0)
    async with application.database() as unit:
        sent = await unit.messages.thread(desk.merchant_id, here)
    assert sent[-1].status is MessageStatus.received, "a note is never sent"


async def test_what_an_agent_has_not_read_is_marked(
    desk: Desk, ana: User, bea: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    await desk.asks_for_a_person(marie)
    assert (await queue(desk, ana)).waiting[0].unread
    clock.instant += timedelta(seconds=1)
    async with application.database() as unit:
        await unit.presences.read(ana, marie.conversation.id, clock.now())
        await unit.commit()
    assert not (await queue(desk, ana)).waiting[0].unread
    assert (await queue(desk, bea)).waiting[0].unread
    clock.instant += timedelta(seconds=1)
    await desk.says(marie, "Allô ?")
    assert (await queue(desk, ana)).waiting[0].unread


async def test_views_are_narrowed_down(desk: Desk, ana: User, application: Application) -> None:
    marie = await desk.customer("Marie", "+33611111111", "whatsapp", "fr")
    tom = await desk.customer("Tom", "+447700900111", "sms", "en")
    await desk.asks_for_a_person(marie, "report_damage")
    await desk.asks_for_a_person(tom, "talk_to_human")
    await application.services.work_case.tag(ana, tom.conversation.id, "refund")

    async def names(**view: Any) -> list[str]:
        return sorted(row.name for row in (await queue(desk, ana, **view)).rows)

    assert await names(topic="report_damage") == ["Marie"]
    assert await names(language="en") == ["Tom"]
    assert await names(channel="whatsapp") == ["Marie"]
    assert await names(tag="refund") == ["Tom"]
    assert await names(priority="high") == ["Marie"]
    assert await names(name=ViewName.all) == ["Marie", "Tom"]
    assert await names(name=ViewName.bot) == []
    found = await queue(desk, ana)
    assert found.topics == ["report_damage", "talk_to_human"]
    assert found.tags == ["refund"]


@pytest.mark.parametrize(
    "typed",
    ["ines", "INÈS", "petit", "venu", "personne ven", "12345678", "06 12 34 56 78", "{reference}", "{tracking}"],
)  # fmt: skip
async def test_search_finds_by_words_name_number_and_parcel(
    desk: Desk, ana: User, marie: Customer, typed: str
) -> None:
    shipment = await desk.parcel(marie, "Lamp", [(Status.in_transit, 20, {})])
    await desk.customer("Somebody Else", "+33699999999")
    words = typed.format(
        reference=shipment.reference.lower(), tracking=shipment.tracking_number[:9]
    )
    found = (await queue(desk, ana, search=words)).rows
    assert [row.name for row in found] == ["Inès Petit"]


async def test_search_stays_with_its_merchant_and_takes_anything(
    desk: Desk, ana: User, marie: Customer, application: Application, tmp_path: Any
) -> None:
    other = await seed_shop(application, tmp_path)
    async with application.database() as unit:
        stranger = await unit.merchants.user_by_email(other.email)
        assert stranger is not None
        now = application.clock.now()
        for words in ("inès", "12345678", "venu"):
            view = View(search=words)
            found = await unit.inbox.queue(other.merchant.id, stranger.id, view, now=now)
            assert found.rows == []
    for odd in ("'", "& | !", "%", "a" * 80, "\\", "12%", "ML-%"):
        assert (await queue(desk, ana, search=odd)).rows == []
