"""Jobs done together: each as if it had been done alone, in a few statements for all."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, text

from bot.channels.base import Account, Capabilities, DeliveryStatus, Receipt
from bot.domain.clock import FixedClock
from bot.domain.conversation import Contact, Message
from bot.domain.errors import Permanent, Temporary
from bot.domain.flow import FlowRun
from bot.domain.ids import new_id
from bot.domain.merchant import ProviderAccount
from bot.domain.pace import Pace
from bot.domain.shipment import Shipment, Status
from bot.jobs import tasks
from bot.jobs.batches import MOST
from bot.services.deliver import RECEIPT_WAIT, Deliver
from bot.services.record_event import NewEvent
from bot.wiring import Application, wire
from tests.conftest import ScriptedEngine, Shop, create_database, make_settings, seed_shop
from tests.integration.test_jobs import dead

FIRST = "+447700900000"


@dataclass
class Line:
    """The provider's line: keeps what is sent, and fails for numbers as it is told to."""

    sent: list[tuple[str, UUID]] = field(default_factory=list[tuple[str, UUID]])
    errors: dict[str, Exception] = field(default_factory=dict[str, Exception])

    async def send(
        self, account: Account, to: str, payload: Mapping[str, Any], reference: UUID
    ) -> str:
        # As it takes its time, others are sent meanwhile.
        await asyncio.sleep(0)
        if to in self.errors:
            raise self.errors[to]
        self.sent.append((to, reference))
        return f"SM{reference.hex}"

    @property
    def told(self) -> list[str]:
        return sorted(to for to, _ in self.sent)


@dataclass
class House:
    """A merchant who tells people by SMS, and workers at the merchant's service."""

    workers: Sequence[Application]
    shop: Shop
    line: Line
    middleware: dict[int, list[Any]]

    @property
    def application(self) -> Application:
        return self.workers[0]

    async def account(self) -> ProviderAccount:
        async with self.application.database() as unit:
            return await unit.accounts.get(UUID(self.shop.told["sms"]["account_id"]))

    async def person(self, phone: str, **more: Any) -> Contact:
        merchant, now = self.shop.merchant.id, self.application.clock.now()
        contact = Contact(new_id(), merchant, now, phone=phone, timezone="Europe/Paris", **more)
        async with self.application.database() as unit:
            unit.add(contact)
            await unit.commit()
        return contact

    async def out(self, *contacts: Contact) -> None:
        """Parcels go out, one for each; nobody is told yet."""
        now = self.application.clock.now()
        for contact in contacts:
            reference = f"R-{new_id().hex}"
            parcel = Shipment(
                *(new_id(), contact.merchant_id, reference, "generic", reference, contact.id, now),
                timezone="Europe/Paris",
                country="FR",
                status=Status.in_transit,
            )
            async with self.application.database() as unit:
                unit.add(parcel)
                await unit.commit()
            said = NewEvent("api", reference, Status.out_for_delivery, now)
            await self.application.services.record_events(parcel.merchant_id, reference, [said])

    async def people(self, count: int) -> list[str]:
        """So many people whose parcels have gone out; their numbers."""
        phones = [f"{FIRST[:-3]}{number:03d}" for number in range(count)]
        await self.out(*[await self.person(phone) for phone in phones])
        return phones

    async def work(self, rounds: int = 1) -> None:
        """Let the workers run until nothing is due, bringing what is put off nearer each time."""
        for _ in range(rounds):
            while await self._due():
                await asyncio.gather(*(self._work(worker) for worker in self.workers))
            async with self.application.database() as unit:
                await unit.jobs.bring_nearer(timedelta(minutes=5))
                await unit.commit()

    async def _due(self) -> bool:
        async with self.application.database.engine.connect() as connection:
            query = "status = 'todo' AND coalesce(scheduled_at <= now(), true)"
            due = text(f"SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE {query})")
            return bool(await connection.scalar(due))

    async def _work(self, worker: Application) -> None:
        await worker.queue.app.run_worker_async(
            wait=False,
            concurrency=3,
            install_signal_handlers=False,
            delete_jobs="successful",
            worker_middleware=self.middleware[id(worker)],
        )

    async def statuses(self) -> dict[str, int]:
        """How many messages stand where."""
        async with self.application.database.engine.connect() as connection:
            rows = await connection.execute(
                text("SELECT status, count(*) FROM messages GROUP BY 1")
            )
            return {row[0]: row[1] for row in rows if row[0] != "received"}

    async def waiting(self) -> list[str]:
        async with self.application.database.engine.connect() as connection:
            query = "SELECT task_name FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
            return [row[0] for row in await connection.execute(text(query))]


@pytest.fixture
async def house(
    postgres: str,
    clock: FixedClock,
    engine: ScriptedEngine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    """Two workers on a database of its own."""
    settings, line = make_settings(create_database(postgres)), Line()
    async with AsyncExitStack() as stack:
        workers: list[Application] = []
        for _ in range(2):
            one = await stack.enter_async_context(
                wire(settings, pool_size=4, clock=clock, engine=engine)
            )
            tasks.register(one)
            await stack.enter_async_context(one.queue.app.open_async())
            monkeypatch.setattr(one.channels["sms"], "send", line.send)
            workers.append(one)
        shop = await seed_shop(workers[0], tmp_path)
        async with workers[0].database() as unit:
            merchant = await unit.merchants.get(shop.merchant.id)
            merchant.ladder = ["sms"]
            await unit.commit()
        yield House(workers, shop, line, {id(one): tasks.middleware(one) for one in workers})


async def test_many_are_told_in_a_few_statements(house: House) -> None:
    phones = await house.people(2 * MOST)
    said: list[str] = []
    for worker in house.workers:
        event.listen(
            worker.database.engine.sync_engine,
            "before_cursor_execute",
            lambda *given: said.append(given[2]),
        )
    await house.work()
    assert house.line.told == phones
    assert await house.statuses() == {"sent": len(phones)}
    assert await house.waiting() == []
    # Alone, each would be sixteen.
    assert len(said) < 5 * len(phones), said


async def test_two_workers_tell_each_person_once(house: House) -> None:
    contacts = [await house.person(f"{FIRST[:-3]}{number:03d}") for number in range(20)]
    # Several parcels each: what is told of one has to wait for what is told of another.
    await house.out(*contacts, *reversed(contacts), *contacts)
    await house.work(3)
    assert house.line.told == sorted(3 * [str(contact.phone) for contact in contacts])
    assert len({reference for _, reference in house.line.sent}) == 60
    assert await house.statuses() == {"sent": 60}
    assert (await house.waiting(), await dead(house.application)) == ([], [])


async def test_each_address_is_written_to_in_order(house: House) -> None:
    often = await house.person(FIRST)
    others = [await house.person(f"{FIRST[:-3]}{number:03d}") for number in range(1, 9)]
    await house.out(*others, often, often, *others, often)
    await house.work(3)
    for contact in (often, *others):
        references = [reference for to, reference in house.line.sent if to == contact.phone]
        assert references == sorted(references)


async def test_one_that_cannot_be_told_harms_nobody_else(house: House) -> None:
    phones = await house.people(10)
    async with house.application.database() as unit:
        # What nobody expects: a date that is none.
        strange = (await unit.session.scalars(select(FlowRun).order_by(text("id")))).all()[4]
        strange.facts = {"due": "never"}
        await unit.commit()
    del phones[4]
    await house.work(2)
    assert house.line.told == phones
    assert await house.waiting() == ["advance_flow"]
    await house.work(tasks.PATIENT_TRIES)
    assert await dead(house.application) == ["advance_flow"]
    assert house.line.told == phones


async def test_what_is_there_already_is_found_alone(house: House) -> None:
    phones = await house.people(3)
    async with house.application.database() as unit:
        runs = (await unit.session.scalars(select(FlowRun).order_by(text("id")))).all()
        run = runs[1]
        await house.application.services.advance_flow(run.merchant_id, run.id, run.step)
        # As if the message had been queued and the run had not been moved on.
        again = await unit.flows.run(run.merchant_id, run.id)
        await unit.session.refresh(again)
        again.step, again.finished_at = 0, None
        await unit.commit()
    await house.work()
    assert house.line.told == phones
    async with house.application.database() as unit:
        notes = [run.note for run in (await unit.session.scalars(select(FlowRun))).all()]
    assert sorted(notes) == ["sent before", "sent by sms", "sent by sms"]


async def test_each_meets_the_error_that_is_its_own(house: House) -> None:
    phones = await house.people(10)
    house.line.errors = {
        phones[3]: Permanent("no such number"),
        phones[5]: Temporary("out of order"),
        phones[7]: Temporary("always out of order"),
    }
    await house.work()
    assert await house.statuses() == {"sent": 7, "failed": 1, "queued": 2}
    del house.line.errors[phones[5]]
    await house.work(tasks.PATIENT_TRIES)
    assert house.line.told == sorted({*phones} - {phones[3], phones[7]})
    assert await house.statuses() == {"sent": 8, "failed": 2}
    [letter] = await tasks.Failures(house.application.database.engine).dead_letters()
    assert (letter.task, letter.attempts) == ("deliver", tasks.PATIENT_TRIES)
    assert "always out of order" in letter.reason


async def test_a_batch_keeps_to_the_pace_of_its_account(
    house: House, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace = Pace(timedelta(seconds=30), burst=4)
    slow = Capabilities(text_limit=1600, pace=pace, receipts=True, address_is="phone")
    monkeypatch.setattr(type(house.application.channels["sms"]), "capabilities", slow)
    phones = await house.people(9)
    await house.work()
    # Three quarters of the pace are the notices': one in 40 seconds, of which three come at once.
    assert len(house.line.sent) == 3
    async with house.application.database() as unit:
        messages = (await unit.session.scalars(select(Message))).all()
    waits = sorted((m.slot_at - clock.now()).total_seconds() for m in messages if m.slot_at)
    assert waits == pytest.approx([0, 0, 0, 40, 80, 120, 160, 200, 240])
    clock.instant += timedelta(seconds=240)
    await house.work()
    assert house.line.told == phones


async def _die_with(house: House, task: str) -> None:
    """A worker claims a batch and is heard of no more."""
    app = house.application.queue.app
    async with house.application.database.engine.begin() as connection:
        dying = await connection.scalar(
            text(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 hour') RETURNING id"
            )
        )
    assert isinstance(dying, int)
    head = await app.job_manager.fetch_job(None, dying)
    assert head is not None
    assert head.task_name == task


async def _sweep(house: House) -> None:
    await house.application.queue.app.configure_task("sweep_stalled_jobs").defer_async()


async def test_a_batch_whose_worker_was_killed_comes_back(house: House) -> None:
    phones = await house.people(6)
    await _die_with(house, "advance_flow")
    await house.work()
    assert house.line.sent == []
    await _sweep(house)
    await house.work(2)
    assert house.line.told == phones


async def test_what_a_killed_worker_may_have_sent_waits_for_its_receipt(
    house: House, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = await house.people(6)

    class Killed(BaseException):
        """Not an error: nothing runs after it."""

    async def killed(*given: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Deliver, "_keep_all", killed)
        async with house.application.database() as unit:
            runs = (await unit.session.scalars(select(FlowRun))).all()
        for run in runs:
            await house.application.services.advance_flow(run.merchant_id, run.id, run.step)
        await _die_with(house, "deliver")
        async with house.application.database() as unit:
            messages = (await unit.session.scalars(select(Message))).all()
        batch = house.application.services.deliver.together(
            [(message.merchant_id, message.id) for message in messages]
        )
        with pytest.raises(Killed):
            async for _ in batch:
                pass
    assert house.line.told == phones
    for to, reference in house.line.sent[:4]:
        receipt = Receipt(to, DeliveryStatus.sent, reference=reference, provider_id=f"SM{to}")
        await house.application.services.receive(await house.account(), [receipt])
    await _sweep(house)
    await house.work(3)
    assert house.line.told == phones, "nothing is sent again before its receipt could have come"
    assert await house.statuses() == {"sent": 4, "queued": 2}
    clock.instant += RECEIPT_WAIT + timedelta(seconds=1)
    await house.work(3)
    assert len(house.line.sent) == 8
    assert await house.statuses() == {"sent": 6}


async def test_a_message_that_was_kept_by_nobody_is_kept_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = await house.people(4)

    async def broken(*given: object) -> None:
        raise RuntimeError("the database hiccups")

    monkeypatch.setattr(Deliver, "_keep_all_sent", broken)
    await house.work()
    assert house.line.told == phones
    assert await house.statuses() == {"sent": 4}
