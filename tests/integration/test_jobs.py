"""The queue with a real worker: in order, tried again, swept up, and ended in words."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from procrastinate import RetryDecision
from procrastinate.jobs import Job
from sqlalchemy import text

from bot.domain.clock import FixedClock
from bot.domain.errors import Limited, OutcomeUnknown, Permanent, Temporary
from bot.jobs import tasks
from bot.services.ports import Say, Turn
from bot.wiring import Application, wire
from tests.conftest import ScriptedEngine, create_database, make_settings, seed_shop
from tests.integration.talking import Talk, Wire, talk_on


@pytest.fixture
async def application(
    postgres: str, clock: FixedClock, engine: ScriptedEngine
) -> AsyncIterator[Application]:
    """A database of its own: a worker does whatever jobs it finds."""
    settings = make_settings(create_database(postgres))
    async with wire(settings, pool_size=4, clock=clock, engine=engine) as wired:
        tasks.register(wired)
        async with wired.queue.app.open_async():
            yield wired


@pytest.fixture
async def talk(application: Application, tmp_path: Path) -> Talk:
    shop = await seed_shop(application, tmp_path)
    return await talk_on(application, shop.told["sms"]["account_id"])


@pytest.fixture
def sms(application: Application, monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(application.channels["sms"], "send", wire.send)
    return wire


async def work(application: Application) -> None:
    """Let a worker run until nothing is due, bringing retries nearer each time."""
    for _ in range(30):
        await application.queue.app.run_worker_async(
            wait=False,
            concurrency=4,
            install_signal_handlers=False,
            delete_jobs="successful",
            worker_middleware=tasks.middleware(application),
        )
        async with application.database.engine.begin() as connection:
            waiting = await connection.execute(
                text(
                    "UPDATE procrastinate_jobs SET scheduled_at = now()"
                    " WHERE status = 'todo' RETURNING id"
                )
            )
            if not waiting.all():
                return


async def dead(application: Application) -> list[str]:
    async with application.database.engine.connect() as connection:
        query = text("SELECT task_name FROM procrastinate_jobs WHERE status = 'failed'")
        return list((await connection.execute(query)).scalars())


def _job(attempts: int) -> Job:
    return Job(
        id=1, queue="default", lock=None, queueing_lock=None, task_name="t", attempts=attempts
    )


def _wait(decision: RetryDecision) -> float:
    assert decision.retry_at is not None
    return (decision.retry_at - datetime.now(UTC)).total_seconds()


async def test_messages_are_answered_and_replies_sent_in_order(
    application: Application, talk: Talk, engine: ScriptedEngine, sms: Wire
) -> None:
    replies = tuple(Say("greet", {"name": f"N{n}"}) for n in range(3))
    engine.turns = [Temporary("hiccup"), Turn(replies[:2], {}), Turn(replies[2:], {})]
    for number in range(3):
        await talk.write(f"message {number}")
    await work(application)
    await talk.write("message 3")
    await work(application)
    heard = [said["text"] for said in engine.heard]
    together = "message 0\nmessage 1\nmessage 2"
    assert heard == [together, together, "message 3"]
    sent = [str(each["payload"]) for each in sms.sent]
    assert ["N0" in sent[0], "N1" in sent[1], "N2" in sent[2]] == [True] * 3
    assert len(sent) == 3
    assert await dead(application) == []


async def test_the_last_try_of_an_answer_leaves_it_with_a_person(
    application: Application, talk: Talk, engine: ScriptedEngine, sms: Wire
) -> None:
    engine.fail(50)
    await talk.write("where is it")
    await work(application)
    assert len(engine.heard) == tasks.ANSWER_TRIES
    assert await talk.said() == ["engine_down", "engine_gave_up"]
    assert (await talk.conversation()).holder == "waiting"
    assert await dead(application) == ["answer"]
    assert len(sms.sent) == 2


async def test_what_nobody_expected_ends_with_a_person_as_well(
    application: Application, talk: Talk, engine: ScriptedEngine, sms: Wire
) -> None:
    engine.turns = [RuntimeError("a bug")] * 20
    await talk.write("where is it")
    await work(application)
    assert (await talk.conversation()).holder == "waiting"
    assert len(sms.sent) == 1


async def test_a_message_that_cannot_be_sent_is_marked_and_shown(
    application: Application, talk: Talk, sms: Wire
) -> None:
    sms.errors = [Temporary("out of order")] * 50
    await talk.write("hello")
    await work(application)
    reply = next(m for m in await talk.thread() if m.author == "bot")
    assert (reply.status, reply.error) == ("failed", "out of order")
    assert await dead(application) == ["deliver"]


async def test_the_jobs_of_a_dead_worker_are_done_by_another(
    application: Application, talk: Talk, engine: ScriptedEngine, sms: Wire
) -> None:
    await talk.write("hello")
    async with application.database.engine.begin() as connection:
        await connection.execute(
            text(
                "WITH gone AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 hour') RETURNING id)"
                " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM gone)"
            )
        )
    await work(application)
    assert engine.heard == []
    await application.queue.app.configure_task("sweep_stalled_jobs").defer_async()
    await work(application)
    assert len(engine.heard) == len(sms.sent) == 1


async def test_a_dead_workers_recurring_job_gives_way_to_the_next_one(
    application: Application, talk: Talk, sms: Wire
) -> None:
    app = application.queue.app
    await app.configure_task("mind_desk", queueing_lock="mind_desk").defer_async()
    async with application.database.engine.begin() as connection:
        await connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    await talk.write("hello")
    assert (await app.job_manager.fetch_job(None, await _gone(application))) is not None
    await app.configure_task("mind_desk", queueing_lock="mind_desk").defer_async()
    await tasks.retry_stalled(app.job_manager, 60)
    await work(application)
    assert len(sms.sent) == 1
    assert await dead(application) == []


async def _gone(application: Application) -> int:
    """A worker that was not heard of for an hour."""
    async with application.database.engine.begin() as connection:
        query = (
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
        )
        return int((await connection.execute(text(f"{query} RETURNING id"))).scalar_one())


async def test_a_message_that_is_given_up_does_not_hold_back_the_next(
    application: Application, talk: Talk, engine: ScriptedEngine, sms: Wire
) -> None:
    sms.errors = [Permanent("the number does not exist")]
    engine.turns = [Turn((Say("greet", {"name": "A"}), Say("greet", {"name": "B"})), {})]
    await talk.write("one")
    await work(application)
    statuses = [m.status for m in await talk.thread() if m.author == "bot"]
    assert statuses == ["failed", "sent"]


@pytest.mark.parametrize(
    ("error", "attempts", "seconds"),
    [
        (Temporary("x"), 0, (1, 2)),
        (Temporary("x"), 4, (16, 32)),
        (Temporary("x"), 10, (30, 60)),
        (OutcomeUnknown("x"), 0, (1, 2)),
        (RuntimeError("x"), 0, (1, 2)),
    ],
)
def test_a_retry_waits_longer_each_time_and_not_with_all_others(
    error: Exception, attempts: int, seconds: tuple[int, int]
) -> None:
    shortest, longest = seconds
    waits = set[int]()
    for _ in range(60):
        decision = tasks.Retry().get_retry_decision(exception=error, job=_job(attempts))
        assert decision is not None
        waits.add(round(_wait(decision)))
    assert shortest - 1 <= min(waits) <= max(waits) <= longest + 1
    assert len(waits) > 1


@pytest.mark.parametrize(
    ("error", "attempts"), [(Permanent("x"), 0), (Temporary("x"), tasks.PATIENT_TRIES - 1)]
)
def test_what_is_not_tried_again(error: Exception, attempts: int) -> None:
    assert tasks.Retry().get_retry_decision(exception=error, job=_job(attempts)) is None


def test_being_told_to_slow_down_is_no_sign_that_it_will_never_work() -> None:
    error = Limited("slow", timedelta(seconds=5))
    decision = tasks.Retry().get_retry_decision(exception=error, job=_job(tasks.PATIENT_TRIES))
    assert decision is not None
    assert tasks.Retry().get_retry_decision(exception=error, job=_job(1000)) is None


def test_a_provider_is_given_the_time_it_asks_for_up_to_a_limit() -> None:
    for asked, waited in ((30, 30), (7200, 7200), (10**6, tasks.LONGEST_WAIT.total_seconds())):
        error = Limited("slow", timedelta(seconds=asked))
        decision = tasks.Retry().get_retry_decision(exception=error, job=_job(0))
        assert decision is not None
        assert _wait(decision) == pytest.approx(waited, abs=1)


async def test_connections_that_were_cut_are_replaced_before_a_job_meets_them(
    application: Application, talk: Talk, sms: Wire
) -> None:
    await talk.write("where is it")
    async with application.database.engine.begin() as connection:
        cut = await connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        assert cut.scalar_one() > 0
    await application.queue.app.run_worker_async(
        wait=False, concurrency=1, install_signal_handlers=False, delete_jobs="successful"
    )
    assert len(sms.sent) == 1
