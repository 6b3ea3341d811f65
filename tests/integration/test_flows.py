"""Flows step by step: when a survey waits, and whom a ladder leaves alone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Conversation, Identity, Message
from bot.domain.flow import FlowRun
from bot.domain.ids import new_id
from bot.domain.request import DeliveryRequest, RequestKind, RequestState
from bot.domain.shipment import Shipment, Status
from bot.services import consents
from bot.services.hand_over import hand_over
from bot.services.intake import read_shipment
from bot.services.ports import Say
from bot.services.post import post
from bot.services.reach import conversation_with
from bot.services.record_event import NewEvent
from bot.storage import tables
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.api_client import shipment

HOUR = timedelta(hours=1)
FORM = {"loop": "reschedule_form", "requested": "window", "slots": {}}


class Delivered:
    """A customer whose parcel has been delivered, and the run that will ask for a score."""

    def __init__(self, application: Application, shop: Shop, clock: FixedClock) -> None:
        self.application, self.shop, self.clock = application, shop, clock
        self.shipment: Shipment
        self.conversation: Conversation
        self.identity: Identity

    async def happens(self) -> None:
        record = self.application.services.record_shipment
        recorded = await record(self.shop.merchant, "ML-1", read_shipment(shipment(window=None)))
        assert recorded.contact is not None
        self.shipment = recorded.shipment
        async with self.application.database() as unit:
            account = await unit.accounts.of(self.shop.merchant.id, "channel", "sms")
            assert account is not None
            self.identity = Identity(
                new_id(), self.shop.merchant.id, recorded.contact.id, account.id, "sms",
                "+33639981234", self.clock.now(), verified=True,
            )  # fmt: skip
            unit.add(self.identity)
            await unit.flush()
            self.conversation = await conversation_with(unit, self.identity, self.clock.now())
            await unit.commit()
        event = NewEvent("api", "e1", Status.delivered, self.clock.now())
        await self.application.services.record_events(self.shop.merchant.id, "ML-1", [event])

    async def run(self) -> FlowRun:
        async with self.application.database() as unit:
            query = select(FlowRun).where(tables.flow_runs.c.shipment_id == self.shipment.id)
            return next(iter(await unit.session.scalars(query.order_by(tables.flow_runs.c.id))))

    async def advances(self) -> FlowRun:
        run = await self.run()
        await self.application.services.advance_flow(run.merchant_id, run.id, run.step)
        return await self.run()

    async def is_about_to_be_asked(self) -> None:
        await self.advances()
        self.clock.instant += HOUR

    async def said(self) -> list[str | None]:
        return [m.say for m in await self.thread() if m.author in {Author.bot, Author.flow}]

    async def thread(self) -> Sequence[Message]:
        async with self.application.database() as unit:
            return await unit.messages.thread(self.shop.merchant.id, self.conversation.id)

    async def jobs(self, run_id: UUID) -> list[int]:
        """The steps that have been put into the queue."""
        async with self.application.database() as unit:
            found = await unit.session.scalars(
                text(
                    "SELECT (args ->> 'step')::int FROM procrastinate_jobs"
                    " WHERE task_name = 'advance_flow' AND args ->> 'run_id' = :id ORDER BY id"
                ),
                {"id": str(run_id)},
            )
            return list(found)

    async def surveys(self) -> int:
        async with self.application.database() as unit:
            contact = self.conversation.contact_id
            return len(await unit.feedback.surveys(self.shop.merchant.id, contact))

    async def stops(self, channel: str) -> None:
        async with self.application.database() as unit:
            contact = await unit.people.get(self.shop.merchant.id, self.conversation.contact_id)
            await consents.stop(unit, contact, channel, "keyword", "STOP", self.clock.now())
            await unit.commit()

    async def asks_for_a_person(self) -> None:
        async with self.application.database() as unit:
            found = await unit.conversations.find(self.conversation.id)
            await hand_over(unit, found, "talk_to_human", self.clock.now())
            await unit.commit()

    async def is_asked(self, question: dict[str, Any]) -> None:
        async with self.application.database() as unit:
            found = await unit.conversations.find(self.conversation.id)
            identity = await unit.people.identity_by_id(found.merchant_id, self.identity.id)
            say = Say("ask_window", {}, (), question)
            await post(unit, found, identity, self.clock.now(), author=Author.bot, say=say)
            await unit.commit()


@pytest.fixture
async def delivered(application: Application, shop: Shop, clock: FixedClock) -> Delivered:
    delivered = Delivered(application, shop, clock)
    await delivered.happens()
    return delivered


async def test_a_delivery_is_told_and_a_score_is_asked_for_an_hour_later(
    delivered: Delivered,
) -> None:
    assert (await delivered.advances()).note == "waiting"
    delivered.clock.instant += HOUR
    run = await delivered.advances()
    assert (run.note, run.finished_at) == ("waiting for scored", None)
    assert await delivered.said() == ["flow_delivered", "nps_question"]


async def test_a_survey_waits_while_a_person_is_talking(delivered: Delivered) -> None:
    await delivered.asks_for_a_person()
    await delivered.is_about_to_be_asked()
    assert await delivered.said() == ["flow_delivered"], "a notice may still go out"
    run = await delivered.advances()
    assert run.note == "held: a person is talking to the customer"
    assert run.due_at == delivered.clock.now() + HOUR
    assert await delivered.jobs(run.id) == [0, 2, 2]
    assert await delivered.surveys() == 0
    async with delivered.application.database() as unit:
        (await unit.conversations.find(delivered.conversation.id)).hand_back()
        await unit.commit()
    delivered.clock.instant += HOUR
    assert (await delivered.advances()).step == 3
    assert await delivered.said() == ["flow_delivered", "nps_question"]


async def test_a_survey_waits_no_longer_than_it_would_have_been_open(delivered: Delivered) -> None:
    await delivered.asks_for_a_person()
    await delivered.is_about_to_be_asked()
    delivered.clock.instant += timedelta(days=14) - 2 * HOUR
    assert (await delivered.advances()).finished_at is None
    delivered.clock.instant += HOUR
    run = await delivered.advances()
    assert (run.step, run.note) == (3, "waiting for scored")
    assert await delivered.surveys() == 0


async def test_a_survey_does_not_take_over_an_open_form(delivered: Delivered) -> None:
    await delivered.is_about_to_be_asked()
    await delivered.is_asked(FORM)
    run = await delivered.advances()
    assert run.note == "held: the customer is answering another question"
    assert run.due_at == delivered.clock.now() + HOUR / 2
    assert await delivered.surveys() == 0
    delivered.clock.instant += HOUR
    assert (await delivered.advances()).step == 3, "a form left alone is given up"


async def quiet(delivered: Delivered, hours: str) -> None:
    """The merchant sends no notices in these hours either."""
    async with delivered.application.database() as unit:
        merchant = await unit.merchants.get(delivered.shop.merchant.id)
        merchant.policy = {**merchant.policy, "quiet_hours": {"service": {"hours": hours}}}
        await unit.commit()


async def test_what_quiet_hours_hold_back_goes_out_when_they_end(delivered: Delivered) -> None:
    # The clock stands at 09:30 in Paris.
    await quiet(delivered, "20:00-10:15")
    run = await delivered.advances()
    assert (run.note, run.step) == ("held: quiet hours", 0)
    assert run.due_at == delivered.clock.now() + timedelta(minutes=45)
    assert await delivered.said() == []
    delivered.clock.instant += timedelta(minutes=45)
    assert (await delivered.advances()).note == "waiting"
    assert await delivered.said() == ["flow_delivered"]


async def test_what_would_come_too_late_is_dropped_and_the_flow_goes_on(
    delivered: Delivered,
) -> None:
    await quiet(delivered, "09:00-22:00")
    run = await delivered.advances()
    assert (run.step, run.note) == (2, "waiting")
    assert await delivered.said() == []


async def test_what_was_held_back_is_not_said_of_a_parcel_that_has_moved_on(
    delivered: Delivered,
) -> None:
    await quiet(delivered, "20:00-10:15")
    await delivered.advances()
    event = NewEvent("api", "e2", Status.returning, delivered.clock.now() + timedelta(minutes=1))
    merchant = delivered.shop.merchant.id
    await delivered.application.services.record_events(merchant, "ML-1", [event])
    delivered.clock.instant += timedelta(minutes=45)
    await delivered.advances()
    assert await delivered.said() == []


async def test_a_survey_waits_for_the_recipients_morning(delivered: Delivered) -> None:
    async with delivered.application.database() as unit:
        merchant = await unit.merchants.get(delivered.shop.merchant.id)
        merchant.policy = {k: v for k, v in merchant.policy.items() if k != "quiet_hours"}
        await unit.commit()
    await delivered.is_about_to_be_asked()
    delivered.clock.instant += 12 * HOUR  # 22:30 in Paris
    run = await delivered.advances()
    assert run.note == "held: quiet hours"
    assert run.due_at == delivered.clock.now() + timedelta(hours=9, minutes=30)
    assert await delivered.surveys() == 0


async def test_a_question_of_another_survey_or_mere_choices_hold_nothing_up(
    delivered: Delivered,
) -> None:
    await delivered.is_about_to_be_asked()
    await delivered.is_asked({"loop": "nps_form", "requested": "nps_score", "slots": {}})
    await delivered.is_asked({})
    assert (await delivered.advances()).step == 3
    assert "nps_question" in await delivered.said()


async def test_who_has_opted_out_is_neither_written_to_nor_surveyed(delivered: Delivered) -> None:
    await delivered.stops("")
    assert (await delivered.advances()).step == 2
    delivered.clock.instant += HOUR
    assert (await delivered.advances()).step == 3
    assert await delivered.said() == []
    assert await delivered.surveys() == 0


async def test_who_wants_no_surveys_still_hears_of_the_parcel(delivered: Delivered) -> None:
    async with delivered.application.database() as unit:
        contact = await unit.people.get(
            delivered.shop.merchant.id, delivered.conversation.contact_id
        )
        said = ("", "words", "no surveys please", delivered.clock.now())
        for new in (True, False):
            assert await consents.stop(unit, contact, *said, purpose="feedback") is new
        await unit.commit()
    await delivered.is_about_to_be_asked()
    assert (await delivered.advances()).step == 3
    assert await delivered.said() == ["flow_delivered"]
    assert await delivered.surveys() == 0


async def test_after_a_stop_on_one_channel_the_next_one_is_tried(delivered: Delivered) -> None:
    async with delivered.application.database() as unit:
        account = await unit.accounts.of(delivered.shop.merchant.id, "channel", "telegram")
        assert account is not None
        unit.add(
            Identity(
                new_id(), account.merchant_id, delivered.conversation.contact_id, account.id,
                "telegram", "4711", delivered.clock.now(), verified=True,
                last_inbound_at=delivered.clock.now(),
            )
        )  # fmt: skip
        await unit.commit()
    await delivered.stops("telegram")
    await delivered.advances()
    (message,) = await delivered.thread()
    assert (message.say, message.channel) == ("flow_delivered", "sms")


@pytest.mark.parametrize(("channel", "told"), [("sms", False), ("whatsapp", True)])
async def test_an_outcome_is_told_unless_its_channel_was_refused(
    delivered: Delivered, channel: str, told: bool
) -> None:
    request = DeliveryRequest(
        new_id(), delivered.shop.merchant.id, delivered.shipment.id, delivered.conversation.id,
        RequestKind.contactless, RequestState.accepted, delivered.clock.now(),
    )  # fmt: skip
    async with delivered.application.database() as unit:
        unit.add(request)
        await unit.commit()
    await delivered.stops(channel)
    await delivered.application.services.announce_outcome(request.merchant_id, request.id)
    assert await delivered.said() == (["request_accepted"] if told else [])


async def test_surveys_are_reported_with_parcel_and_channel(delivered: Delivered) -> None:
    await delivered.is_about_to_be_asked()
    await delivered.advances()
    merchant, since = delivered.shop.merchant.id, delivered.clock.now() - timedelta(days=1)
    async with delivered.application.database() as unit:
        ((survey, parcel, channel),) = await unit.feedback.asked_since(merchant, since)
        assert await unit.feedback.asked_since(merchant, delivered.clock.now() + HOUR) == []
    assert (survey.score, channel) == (None, "sms")
    assert parcel is not None
    assert parcel.reference == "ML-1"


async def test_arrivals_are_those_that_were_told_a_window(delivered: Delivered) -> None:
    merchant, since = delivered.shop.merchant.id, delivered.clock.now() - timedelta(days=1)
    async with delivered.application.database() as unit:
        assert await unit.shipments.arrived_since(merchant, since) == []
        parcel = await unit.shipments.get(merchant, delivered.shipment.id)
        parcel.told_start, parcel.told_end = delivered.clock.now(), delivered.clock.now() + HOUR
        await unit.flush()
        assert [one.id for one in await unit.shipments.arrived_since(merchant, since)] == [
            delivered.shipment.id
        ]
