"""Waits for an event or its absence, reminders, scores, schedules, tags and webhooks."""

import asyncio
import base64
import hmac
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select, text

from bot.domain.attempt import Attempt, wilson
from bot.domain.clock import FixedClock
from bot.domain.conversation import Conversation, Holder
from bot.domain.errors import Invalid, Permanent, Temporary
from bot.domain.flow import FlowRun, Trigger
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.shipment import Shipment, Status
from bot.domain.when import Window
from bot.hooks import Hooks, is_public
from bot.services import answer_survey
from bot.services.call_webhook import CallWebhook
from bot.services.flow_result import flow_result
from bot.services.intake import read_shipment
from bot.services.record_event import NewEvent
from bot.services.start_flows import LOOK_AGAIN, happens
from bot.storage import tables
from bot.wiring import Application
from tests.conftest import MONDAY_MORNING, Shop
from tests.integration.api_client import shipment
from tests.integration.test_commands import doorstep
from tests.unit.test_settings import GOOD

DAY = timedelta(days=1)
WAIT = {"wait": {"for": "delivered", "at_most": "2d"}}


class Flowing:
    """A merchant with one flow of its own, and a parcel."""

    def __init__(self, application: Application, shop: Shop, clock: FixedClock) -> None:
        self.application, self.shop, self.clock = application, shop, clock
        self.merchant = shop.merchant.id
        self.told = 0

    async def orders(self, *steps: dict[str, Any], **more: Any) -> None:
        for name in ("delivered", "out_for_delivery", "score_low"):
            await self.application.services.publish_flow.stop(self.merchant, name)
        document = {"trigger": {"status": "out_for_delivery"}, "steps": list(steps), **more}
        await self.application.services.publish_flow(self.merchant, "mine", document)

    async def expects(self, reference: str = "ML-1", phone: str = "+33639981234") -> Shipment:
        given = shipment(window=None) | {"recipient": {"phone": phone, "language": "en"}}
        given["tracking_number"] = f"SP{reference}"
        record = self.application.services.record_shipment
        return (await record(self.shop.merchant, reference, read_shipment(given))).shipment

    async def happens(self, status: Status, reference: str = "ML-1") -> None:
        self.clock.instant += timedelta(minutes=1)
        self.told += 1
        event = NewEvent("api", f"e{self.told}", status, self.clock.now())
        await self.application.services.record_events(self.merchant, reference, [event])

    async def runs(self) -> list[FlowRun]:
        async with self.application.database() as unit:
            table = tables.flow_runs.c
            mine = table.key.startswith("mine:"), table.merchant_id == self.merchant
            return list(await unit.session.scalars(select(FlowRun).where(*mine).order_by(table.id)))

    async def run(self) -> FlowRun:
        (run,) = await self.runs()
        return run

    async def advances(self) -> FlowRun:
        run = await self.run()
        await self.application.services.advance_flow(run.merchant_id, run.id, run.step)
        return await self.run()

    async def looks(self) -> FlowRun:
        run = await self.run()
        await self.application.services.advance_flow(run.merchant_id, run.id, LOOK_AGAIN)
        return await self.run()

    async def jobs(self, task: str = "advance_flow") -> list[int]:
        async with self.application.database() as unit:
            found = await unit.session.scalars(
                text(
                    "SELECT (args ->> 'step')::int FROM procrastinate_jobs WHERE task_name = :task"
                    " AND args ->> 'run_id' IN (SELECT id::text FROM flow_runs"
                    " WHERE key LIKE 'mine:%' AND merchant_id = :merchant) ORDER BY id"
                ),
                {"task": task, "merchant": self.merchant},
            )
            return list(found)

    async def said(self) -> list[str | None]:
        async with self.application.database() as unit:
            contact = await unit.people.by_phone(self.merchant, "+33639981234")
            assert contact is not None
            thread = await unit.conversations.of_contact(self.merchant, contact.id)
            if thread is None:
                return []
            said = await unit.messages.thread(self.merchant, thread.id)
            return [message.say for message in said if message.author == "flow"]

    async def thread(self) -> Conversation:
        async with self.application.database() as unit:
            contact = await unit.people.by_phone(self.merchant, "+33639981234")
            assert contact is not None
            found = await unit.conversations.of_contact(self.merchant, contact.id)
            assert found is not None
            return found

    async def scores(self, value: int) -> None:
        self.clock.instant += timedelta(minutes=1)
        async with self.application.database() as unit:
            thread = await unit.conversations.find((await self.thread()).id)
            survey = await answer_survey.open_survey(unit, thread)
            if survey is None:
                (survey,) = await unit.feedback.surveys(self.merchant, thread.contact_id)
            await answer_survey.score(unit, thread, survey.id, value, self.clock.now())
            await unit.commit()


@pytest.fixture
async def flowing(application: Application, shop: Shop, clock: FixedClock) -> Flowing:
    async with application.database() as unit:
        merchant = await unit.merchants.get(shop.merchant.id)
        merchant.policy = {**merchant.policy, "quiet_hours": {}}
        merchant.ladder = ["sms"]
        await unit.commit()
    return Flowing(application, shop, clock)


CAME = {"send": {"say": "flow_delivered"}, "if": "came"}
MISSING = {"send": {"say": "flow_delayed"}, "if": "missing"}


async def test_an_event_lets_its_run_go_on_once(flowing: Flowing) -> None:
    await flowing.orders(WAIT, CAME, MISSING)
    await flowing.expects()
    await flowing.happens(Status.out_for_delivery)
    run = await flowing.advances()
    assert (run.step, run.note) == (0, "waiting for delivered")
    assert run.due_at == flowing.clock.now() + 2 * DAY
    await flowing.happens(Status.delivered)
    assert await flowing.jobs() == [0, 0, LOOK_AGAIN], "begun, timed, woken"
    run = await flowing.looks()
    assert run.finished_at is not None
    assert await flowing.said() == ["flow_delivered"]
    await flowing.looks()
    await flowing.application.services.advance_flow(run.merchant_id, run.id, 0)
    assert await flowing.said() == ["flow_delivered"], "neither job does it again"


async def test_what_does_not_come_has_its_own_steps(flowing: Flowing) -> None:
    await flowing.orders(WAIT, CAME, MISSING)
    await flowing.expects()
    await flowing.happens(Status.out_for_delivery)
    await flowing.advances()
    await flowing.happens(Status.in_transit)
    assert (await flowing.looks()).step == 0, "something else came"
    flowing.clock.instant += 2 * DAY
    run = await flowing.advances()
    assert run.finished_at is not None
    assert await flowing.said() == ["flow_delayed"]


async def test_a_job_before_its_time_leaves_another_behind(flowing: Flowing) -> None:
    await flowing.orders(WAIT, MISSING)
    await flowing.expects()
    await flowing.happens(Status.out_for_delivery)
    due = (await flowing.advances()).due_at
    flowing.clock.instant += DAY
    assert (await flowing.advances()).due_at == due
    assert await flowing.jobs() == [0, 0, 0]


async def test_what_came_before_the_run_looked_counts(flowing: Flowing) -> None:
    await flowing.orders(WAIT, CAME, MISSING)
    await flowing.expects()
    await flowing.happens(Status.out_for_delivery)
    await flowing.happens(Status.delivered)
    assert (await flowing.advances()).finished_at is not None
    assert await flowing.said() == ["flow_delivered"]


async def test_one_event_ends_one_wait(flowing: Flowing) -> None:
    again = {"wait": {"for": "attempt_failed", "at_most": "2d"}}
    await flowing.orders(again, again, CAME)
    await flowing.expects()
    await flowing.happens(Status.out_for_delivery)
    await flowing.advances()
    await flowing.happens(Status.attempt_failed)
    assert (await flowing.looks()).step == 1
    assert (await flowing.looks()).step == 1
    await flowing.happens(Status.attempt_failed)
    assert (await flowing.looks()).finished_at is not None


async def asked(flowing: Flowing) -> None:
    ask = {"ask_nps": {"open_for": "14d"}}
    wait = {"wait": {"for": "scored", "at_most": "3d"}}
    await flowing.orders(ask, wait, {**ask, "if": "missing"})
    await flowing.expects()
    await flowing.happens(Status.out_for_delivery)
    await flowing.advances()


async def test_who_does_not_answer_is_reminded_once_of_the_same_survey(flowing: Flowing) -> None:
    await asked(flowing)
    flowing.clock.instant += 3 * DAY
    assert (await flowing.advances()).finished_at is not None
    assert await flowing.said() == ["nps_question", "nps_reminder"]
    async with flowing.application.database() as unit:
        contact = (await flowing.thread()).contact_id
        assert len(await unit.feedback.surveys(flowing.merchant, contact)) == 1


async def test_who_has_answered_is_not_reminded(flowing: Flowing) -> None:
    await asked(flowing)
    await flowing.scores(9)
    assert (await flowing.looks()).finished_at is not None
    assert await flowing.said() == ["nps_question"]


async def test_a_low_score_opens_a_case_unless_it_was_corrected(flowing: Flowing) -> None:
    await asked(flowing)
    trigger = {"score": "low"}
    steps = [{"wait": "10m"}, {"escalate": "complain"}]
    await flowing.application.services.publish_flow(
        flowing.merchant, "mine-low", {"trigger": trigger, "steps": steps, "repeat": "each"}
    )
    await flowing.scores(2)
    async with flowing.application.database() as unit:
        of = tables.flow_runs.c.key.startswith("mine-low:")
        run = (await unit.session.scalars(select(FlowRun).where(of))).all()[-1]
    advance = flowing.application.services.advance_flow
    await advance(flowing.merchant, run.id, 0)
    await flowing.scores(9)
    await advance(flowing.merchant, run.id, 1)
    assert (await flowing.thread()).holder is Holder.bot
    async with flowing.application.database() as unit:
        stored = await unit.flows.run(flowing.merchant, run.id)
        assert stored.note == "not done: the score was corrected"
        stored.step, stored.finished_at = 1, None
        await unit.commit()
    await flowing.scores(1)
    attempt = await attempted(flowing, "Karim")
    await flowing.expects("ML-2")
    await advance(flowing.merchant, run.id, 1)
    thread = await flowing.thread()
    assert thread.holder is Holder.waiting
    async with flowing.application.database() as unit:
        case = await unit.cases.open(flowing.merchant, thread.id)
    assert case is not None
    tied = {name: case.facts[name] for name in ("parcel", "courier", "attempt")}
    assert tied == {"parcel": str(run.shipment_id), "courier": "Karim", "attempt": str(attempt)}


async def attempted(flowing: Flowing, courier: str) -> UUID:
    """An attempt of a courier's, as it is kept."""
    async with flowing.application.database() as unit:
        shipment = await unit.shipments.by_reference(flowing.merchant, "ML-1", lock=True)
        assert shipment is not None
        shipment.courier_name = courier
        now = flowing.clock.now()
        attempt = Attempt(new_id(), flowing.merchant, shipment.id, "e", "generic", now, now)
        unit.add(attempt)
        await unit.commit()
    return attempt.id


async def test_an_outcome_starts_a_flow_for_each_request(flowing: Flowing) -> None:
    await flowing.orders(
        {"tag": ["refused", "vip"]}, trigger={"request": "rejected"}, repeat="each"
    )
    parcel = await flowing.expects()
    for anew in ("a", "a", "b"):
        async with flowing.application.database() as unit:
            mine = await unit.shipments.get(flowing.merchant, parcel.id)
            now = flowing.clock.now()
            await happens(unit, mine, Trigger("request", "rejected"), now, anew=anew)
            await unit.commit()
    runs = await flowing.runs()
    assert len(runs) == 2
    await flowing.application.services.advance_flow(flowing.merchant, runs[0].id, 0)
    await flowing.happens(Status.in_transit)
    async with flowing.application.database() as unit:
        tagged = await unit.shipments.get(flowing.merchant, parcel.id)
    assert tagged.tags == ["refused", "vip"]


async def test_the_clock_starts_flows_once_a_day_where_the_parcel_goes(flowing: Flowing) -> None:
    # It is 09:30 in Paris; what is due from 09:00 on is made good, but not for a flow made since.
    trigger = {"schedule": {"at": "09:00", "status": "ready_for_pickup"}}
    await flowing.orders({"tag": "late"}, trigger=trigger, repeat="each")
    await flowing.expects()
    await flowing.expects("ML-2")
    await flowing.happens(Status.ready_for_pickup)
    schedules = flowing.application.services.run_schedules
    await schedules()
    assert await flowing.runs() == []
    flowing.clock.instant += DAY - timedelta(hours=1)
    await schedules()
    assert await flowing.runs() == [], "it is not nine yet"
    flowing.clock.instant += timedelta(hours=1)
    await schedules()
    await schedules()
    assert len(await flowing.runs()) == 1
    flowing.clock.instant += timedelta(hours=6)
    await schedules()
    flowing.clock.instant += timedelta(hours=18)
    await schedules()
    assert len(await flowing.runs()) == 2
    keys = [run.key.rsplit(":", 1)[1] for run in await flowing.runs()]
    assert keys == ["2026-11-24", "2026-11-25"]


async def test_held_out_contacts_hear_nothing_and_are_counted(flowing: Flowing) -> None:
    await flowing.orders({"send": {"say": "flow_delayed"}}, variants={"holdout": 100})
    await flowing.expects()
    await flowing.happens(Status.out_for_delivery)
    run = await flowing.run()
    assert (run.finished_at, run.facts) == (flowing.clock.now(), {"variant": "holdout"})
    assert await flowing.jobs() == []


async def test_a_result_counts_what_has_had_its_time(flowing: Flowing) -> None:
    await flowing.orders(
        {"tag": "seen"},
        variants={"a": 100},
        goal={"for": "delivered", "within": "3d"},
    )
    for place in range(3):
        await flowing.expects(f"ML-{place}")
        await flowing.happens(Status.out_for_delivery, f"ML-{place}")
    await flowing.happens(Status.delivered, "ML-0")
    flowing.clock.instant += 3 * DAY
    await flowing.happens(Status.delivered, "ML-1")
    await flowing.expects("ML-3")
    await flowing.happens(Status.out_for_delivery, "ML-3")
    async with flowing.application.database() as unit:
        flow = (await unit.flows.versions(flowing.merchant, "mine"))[0]
        (result,) = await flow_result(unit, flow, flowing.clock.now())
        assert (result.name, result.reached, result.runs, result.still_open) == ("a", 1, 3, 1)
        assert result.interval == wilson(1, 3)
        flow.document = {**flow.document, "goal": None}
        with pytest.raises(Invalid, match="goal: is missing"):
            await flow_result(unit, flow, flowing.clock.now())


async def test_several_parcels_of_one_person_are_told_of_together(flowing: Flowing) -> None:
    await flowing.orders({"send": {"say": "flow_out_for_delivery", "digest": "5m"}})
    for place, phone in enumerate(("+33639981234", "+33639981234", "+33639981235")):
        await flowing.expects(f"ML-{place}", phone)
        await flowing.happens(Status.out_for_delivery, f"ML-{place}")
    advance = flowing.application.services.advance_flow
    for run in await flowing.runs():
        await advance(flowing.merchant, run.id, 0)
    assert {run.note for run in await flowing.runs()} == {"held: more parcels may move"}
    flowing.clock.instant += timedelta(minutes=5)
    first, second, other = sorted(await flowing.runs(), key=lambda run: run.created_at)
    await advance(flowing.merchant, second.id, 0)
    for run in (first, other, second):
        await advance(flowing.merchant, run.id, 0)
    await advance(flowing.merchant, second.id, 1)
    notes = [run.note for run in sorted(await flowing.runs(), key=lambda run: run.created_at)]
    assert notes == ["sent by sms", "told with ML-0", "sent by sms"]
    assert all(run.finished_at for run in await flowing.runs())
    assert await flowing.said() == ["flow_digest"]


async def test_a_result_is_shown_on_the_command_line(
    flowing: Flowing, database_url: str, tmp_path: Path
) -> None:
    goal = {"for": "delivered", "within": "3d"}
    await flowing.orders({"tag": "seen"}, variants={"a": 100}, goal=goal)
    await flowing.expects()
    await flowing.happens(Status.out_for_delivery)
    own = {**GOOD, "DATABASE_URL": database_url}
    name = flowing.shop.merchant.name

    async def flow(*words: str) -> str:
        command = ("flow", *words, "--merchant", name)
        done = await asyncio.to_thread(doorstep, tmp_path, *command, **own)
        return done.stdout + done.stderr

    shown = await flow("result", "mine")
    assert "mine  version 1" in shown
    assert re.search(r"a +(0 of 1  0\.0%|0 of 0 .* 1 not counted yet)", shown), shown
    assert "goal: is missing" in await flow("result", "delayed")
    runs = await flow("runs", "mine")
    assert "ML-1  version 1  step 1  begun" in runs
    assert "1 run of mine" in runs
    assert (await flow("webhook-secret")).startswith("whsec_")
    assert "nearly_there: " in await flow("publish", "--shipped")


class Receiver:
    """A merchant's system that takes calls, or does not."""

    def __init__(self) -> None:
        self.status = 200
        self.taken: list[tuple[dict[str, str], bytes]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    receiver, app = Receiver(), web.Application()
    app.router.add_post("/hook", receiver.take)
    async with TestServer(app) as server:
        yield receiver, str(server.make_url("/hook"))


@pytest.fixture
async def hooks() -> AsyncIterator[Hooks]:
    made = Hooks("a secret of the test's own", private=True)
    yield made
    await made.close()


async def called(flowing: Flowing, hooks: Hooks, url: str) -> tuple[CallWebhook, FlowRun]:
    await flowing.orders({"webhook": url})
    await flowing.expects()
    await flowing.happens(Status.out_for_delivery)
    run = await flowing.advances()
    assert run.note == f"called: {url}"
    assert await flowing.jobs("call_webhook") == [0]
    return CallWebhook(flowing.application.database, flowing.clock, hooks), run


async def test_a_webhook_is_signed_and_repeated_under_one_id(
    flowing: Flowing, hooks: Hooks, receiver: tuple[Receiver, str]
) -> None:
    taker, url = receiver
    call, run = await called(flowing, hooks, url)
    taker.status = 503
    with pytest.raises(Temporary):
        await call(flowing.merchant, run.id, 0)
    taker.status = 204
    window = Window(flowing.clock.now(), flowing.clock.now() + timedelta(hours=2))
    told_of = NewEvent("api", "w", Status.out_for_delivery, flowing.clock.now(), window=window)
    await flowing.application.services.record_events(flowing.merchant, "ML-1", [told_of])
    await call(flowing.merchant, run.id, 0)
    first, second = taker.taken
    assert first[0]["webhook-id"] == second[0]["webhook-id"] == f"{run.id}.0"
    headers, body = second
    secret = base64.b64decode(hooks.secret(flowing.merchant).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    told = json.loads(body)
    assert (told["flow"], told["shipment"]["reference"]) == ("mine", "ML-1")
    assert told["shipment"]["estimate"] == {**told["shipment"]["window"], "by": "carrier"}
    assert hooks.secret(UUID(int=1)) != hooks.secret(flowing.merchant)


@pytest.mark.parametrize("status", [302, 404])
async def test_who_refuses_a_webhook_is_not_asked_again(
    flowing: Flowing, hooks: Hooks, receiver: tuple[Receiver, str], status: int
) -> None:
    taker, url = receiver
    taker.status = status
    call, run = await called(flowing, hooks, url)
    with pytest.raises(Permanent, match=str(status)):
        await call(flowing.merchant, run.id, 0)
    await call.give_up(flowing.merchant, run.id, "it answers 404")
    async with flowing.application.database() as unit:
        of = tables.audit.c.subject == f"flow_run:{run.id}"
        (entry,) = await unit.session.scalars(select(AuditEntry).where(of))
    assert entry.details == {"why": "it answers 404"}


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://shop.example/hook", Permanent),
        ("https://127.0.0.1/hook", Permanent),
        ("https://[::1]/hook", Permanent),
        ("https://[::ffff:10.0.0.1]/hook", Permanent),
        ("https://169.254.169.254/latest/meta-data", Permanent),
        ("https://localhost/hook", Temporary),
    ],
)
async def test_our_own_network_is_never_called(url: str, error: type[Exception]) -> None:
    hooks = Hooks("a secret of the test's own")
    with pytest.raises(error):
        await hooks.call(UUID(int=1), "1.0", url, b"{}", MONDAY_MORNING)
    await hooks.close()


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("224.0.0.1", False), ("::ffff:127.0.0.1", False), ("fe80::1%eth0", False)],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
