"""What starts a flow besides a status, for whom, and what a run does besides sending."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from bot.domain.attempt import CustomerSays, Verdict
from bot.domain.case import Case, Priority
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Conversation, Holder, Question
from bot.domain.flow import Flow, FlowRun
from bot.domain.ids import new_id
from bot.services.intake import read_shipment
from bot.storage import tables
from tests.conftest import ScriptedEngine
from tests.integration.api_client import shipment
from tests.integration.house import open_house
from tests.integration.test_attempts import PHONE, Door


class Shop(Door):
    """A merchant who writes flows."""

    async def orders(self, name: str, **document: Any) -> None:
        async with self.application.database() as unit:
            now = self.application.clock.now()
            flow = Flow(new_id(), self.shop.merchant.id, name, 1, document, True, now)
            unit.add(flow)
            await unit.commit()

    async def happens(self, status: str, hours: float | None = None, **besides: Any) -> None:
        """The carrier tells of the parcel, with a window that begins in so many hours."""
        event: dict[str, Any] = {"tracking_number": "SP1", "status": status, **besides}
        if hours is not None:
            start = self.application.clock.now() + timedelta(hours=hours)
            end = start + timedelta(hours=2)
            event["window"] = {"from": start.isoformat(), "to": end.isoformat()}
        await self.sandbox.ask("POST", "/carrier/events", event)
        await self.sandbox.idle()
        await self.work()

    async def told(self) -> list[str | None]:
        async with self.application.database() as unit:
            contact = await unit.people.by_phone(self.shop.merchant.id, PHONE)
            assert contact is not None
            thread = await unit.conversations.of_contact(self.shop.merchant.id, contact.id)
            if thread is None:
                return []
            said = await unit.messages.thread(self.shop.merchant.id, thread.id)
        return [message.say for message in said if message.author is Author.flow]

    async def thread(self) -> Conversation:
        async with self.application.database() as unit:
            contact = await unit.people.by_phone(self.shop.merchant.id, PHONE)
            assert contact is not None
            thread = await unit.conversations.of_contact(self.shop.merchant.id, contact.id)
        assert thread is not None
        return thread

    async def holder(self) -> Holder:
        return (await self.thread()).holder

    async def case(self) -> Case | None:
        thread = await self.thread()
        async with self.application.database() as unit:
            return await unit.cases.open(thread.merchant_id, thread.id)

    async def disputing(self) -> FlowRun:
        async with self.application.database() as unit:
            mine = tables.flow_runs.c
            of = mine.key.startswith("disputed:"), mine.merchant_id == self.shop.merchant.id
            return (await unit.session.scalars(select(FlowRun).where(*of))).one()


@pytest.fixture
async def house(
    database_url: str, clock: FixedClock, engine: ScriptedEngine, tmp_path: Path
) -> AsyncIterator[Shop]:
    async with open_house(Shop, database_url, clock, engine, tmp_path) as made:
        await made.expect()
        yield made


async def test_a_window_is_told_again_only_when_it_does_not_hold(house: Shop) -> None:
    await house.happens("in_transit", 30)
    assert await house.told() == [], "nobody had been told a window"
    await house.happens("out_for_delivery", 3)
    assert await house.told() == ["flow_out_for_delivery"]
    await house.happens("out_for_delivery", 3.1)
    assert await house.told() == ["flow_out_for_delivery"], "six minutes are no news"
    await house.happens("out_for_delivery", 5)
    assert await house.told() == ["flow_out_for_delivery", "flow_window_changed"]
    await house.happens("out_for_delivery", 5)
    assert len(await house.told()) == 2, "the same is not told twice"


async def test_a_pick_up_is_told_with_its_code_and_once_more_while_it_waits(
    house: Shop, clock: FixedClock
) -> None:
    until = (clock.now() + timedelta(days=7)).isoformat()
    collect = {"place": "Gare de Lyon, hall 2", "code": "4821", "until": until}
    await house.happens("ready_for_pickup", collect=collect)
    (notice,) = [m for m in await house.said() if m.author is Author.flow]
    assert "4821" in notice.text
    assert "hall 2" in notice.text
    assert await house.told() == ["flow_ready_for_pickup"]


async def test_only_those_who_are_meant(house: Shop) -> None:
    steps = [{"send": {"say": "flow_delayed"}}]
    trigger = {"status": "exception"}
    await house.orders("for germans", trigger=trigger, steps=steps, only={"country": "DE"})
    await house.orders("for spaniards", trigger=trigger, steps=steps, only={"language": ["es"]})
    await house.happens("exception")
    assert await house.told() == []
    await house.orders("for the french", trigger={"status": "delayed"}, steps=steps,
                       only={"country": ["FR"], "language": "en", "carrier": "generic"})  # fmt: skip
    await house.happens("delayed")
    assert await house.told() == ["flow_delayed", "flow_delayed"], "the shipped one, and theirs"


async def test_a_first_parcel_and_later_ones_can_be_told_apart(house: Shop) -> None:
    trigger, meant = {"status": "exception"}, {"welcome": True, "again": False}
    for name, first in meant.items():
        steps = [{"tag": name}]
        await house.orders(name, trigger=trigger, steps=steps, only={"first_parcel": first})
    parcel = await house.parcel()
    async with house.application.database() as unit:
        stored = await unit.shipments.get(parcel.merchant_id, parcel.id)
        stored.created_at -= timedelta(days=1)
        await unit.commit()
    to = {"name": "Ada Byron", "phone": PHONE, "language": "en"}
    given = shipment(window=None) | {"recipient": to, "carrier": "generic"}
    wanted = read_shipment(given | {"tracking_number": "SP2"})
    await house.application.services.record_shipment(house.shop.merchant, "ML-2", wanted)
    for number in ("SP1", "SP2"):
        await house.happens("exception", tracking_number=number)
    async with house.application.database() as unit:
        found = [
            await unit.shipments.by_reference(house.shop.merchant.id, reference)
            for reference in ("ML-1", "ML-2")
        ]
    assert [one.tags if one else None for one in found] == [["welcome"], ["again"]]


async def test_a_verdict_starts_a_flow_that_fetches_a_person(house: Shop) -> None:
    steps = [{"escalate": "dispute_attempt"}]
    await house.orders("accuse", trigger={"verdict": "not_made"}, steps=steps)
    await house.happens("attempt_failed", location={"latitude": 48.9, "longitude": 2.4})
    assert await house.holder() is Holder.bot
    await house.hears(CustomerSays.was_in)
    await house.work()
    assert await house.holder() is Holder.waiting


async def test_who_contradicts_the_courier_is_given_to_a_person(
    house: Shop, clock: FixedClock
) -> None:
    """Whatever the verdict: here the courier's own record speaks against the customer."""
    home = {"latitude": 48.8566, "longitude": 2.3522}
    await house.happens("attempt_failed", location=home, calls=1)
    attempt = await house.hears(CustomerSays.was_in)
    assert attempt.verdict is Verdict.genuine
    await house.work()
    assert await house.holder() is Holder.bot, "a new time is agreed first"
    clock.instant += timedelta(minutes=10)
    run = await house.disputing()
    await house.application.services.advance_flow(run.merchant_id, run.id, run.step)
    assert await house.holder() is Holder.waiting
    case = await house.case()
    assert case is not None
    assert (case.topic, case.priority) == ("disputed", Priority.high)
    assert case.facts["attempt"] == str(attempt.id)


async def test_who_was_out_needs_no_person(house: Shop) -> None:
    await house.happens("attempt_failed", location={"latitude": 48.9, "longitude": 2.4})
    await house.hears(CustomerSays.was_out)
    with pytest.raises(NoResultFound):
        await house.disputing()


async def test_who_is_choosing_a_new_time_is_given_to_a_person_later(
    house: Shop, clock: FixedClock
) -> None:
    await house.happens("attempt_failed", location={"latitude": 48.9, "longitude": 2.4})
    await house.hears(CustomerSays.was_in)
    thread = await house.thread()
    async with house.application.database() as unit:
        asked = Question(
            new_id(), thread.merchant_id, thread.id, clock.now(),
            loop="reschedule_form", expires_at=clock.now() + timedelta(days=1),
        )  # fmt: skip
        unit.add(asked)
        await unit.commit()
    run = await house.disputing()
    advance = house.application.services.advance_flow
    await advance(run.merchant_id, run.id, 0)
    clock.instant += timedelta(minutes=10)
    await advance(run.merchant_id, run.id, 1)
    assert (await house.disputing()).note == "held: the customer is answering another question"
    assert await house.holder() is Holder.bot
    clock.instant += timedelta(hours=1)
    await advance(run.merchant_id, run.id, 1)
    assert await house.holder() is Holder.waiting
    assert (await house.thread()).helped_meanwhile, "the time may still be agreed with the bot"


async def test_what_was_agreed_to_is_what_they_go_by(house: Shop) -> None:
    """A window that the customer chose is not told to them as news."""
    await house.happens("out_for_delivery", 3)
    async with house.application.database() as unit:
        parcel = await unit.shipments.by_reference(house.shop.merchant.id, "ML-1")
        assert parcel is not None
        told: datetime | None = parcel.told_start
        assert parcel.window is not None
        assert told == parcel.window.start


async def test_a_delay_of_unknown_length_is_followed_by_the_new_time(house: Shop) -> None:
    await house.happens("delayed")
    assert await house.told() == ["flow_delayed"]
    await house.happens("in_transit", 30)
    assert await house.told() == ["flow_delayed", "flow_window_changed"]


@pytest.mark.parametrize(
    ("handover", "notice", "words"),
    [
        ("robot", "flow_at_the_door", ("robot", "4821", "until 11:10")),
        ("drone", "flow_at_the_door", ("drone", "clear")),
        ("locker", "flow_ready_for_pickup", ("Hall 2", "4821")),
    ],
)
async def test_each_kind_of_handover_has_its_own_notice(
    house: Shop, clock: FixedClock, handover: str, notice: str, words: tuple[str, ...]
) -> None:
    """As the carrier tells it, whatever the order said."""
    until = clock.now().replace(hour=10, minute=10).isoformat()
    collect = {"place": "Hall 2", "code": "4821", "until": until}
    await house.happens("ready_for_pickup", handover=handover, collect=collect)
    assert await house.told() == [notice]
    (said,) = [m for m in await house.said() if m.author is Author.flow]
    assert all(word in said.text for word in words), said.text
