"""The database: engines and units of work."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from bot.domain.clock import Clock
from bot.domain.errors import Conflict
from bot.domain.pace import FairLine, Urgency
from bot.services.ports import NewJob
from bot.storage import made, repositories
from bot.storage.cases import Cases, Presences
from bot.storage.inbox import Inbox
from bot.storage.mapping import map_domain
from bot.storage.merges import Merges
from bot.storage.personal import PersonalData
from bot.storage.points import Points
from bot.storage.read_ahead import ReadAhead
from bot.storage.remembered import Memory
from bot.storage.team import SecondFactors, Team
from bot.storage.vault import Vault
from bot.storage.views import Views

NOTIFY_CHANNEL = "doorstep"
_NOTIFY = text("SELECT pg_notify(:channel, body) FROM unnest(CAST(:bodies AS text[])) AS body")


class Deferrer(Protocol):
    """The queue, as storage sees it: it defers on the connection of the open transaction."""

    async def defer(self, connection: AsyncConnection, jobs: Sequence[NewJob]) -> None: ...


class _Jobs:
    def __init__(
        self, session: AsyncSession, queue: Deferrer, clock: Clock, line: FairLine
    ) -> None:
        self._session = session
        self._queue = queue
        self._clock = clock
        self._line = line
        self._held: list[NewJob] = []

    async def defer(
        self,
        task: str,
        *,
        lock: str | None = None,
        at: datetime | None = None,
        urgency: Urgency = Urgency.notice,
        **arguments: str | int,
    ) -> None:
        priority = int(urgency)
        if urgency is Urgency.in_turn:
            priority = self._line.place(str(arguments.get("merchant_id")), self._clock.now())
        self._held.append(NewJob(task, arguments, lock, at, priority))

    async def put_in(self) -> None:
        """Kept until the commit, so that all go in one statement."""
        if not self._held:
            return
        jobs, self._held = self._held, []
        if any(job.at is not None for job in jobs):
            ahead = await self._moved_ahead()
            jobs = [replace(job, at=job.at - ahead) if job.at else job for job in jobs]
        await self._queue.defer(await driver_connection(self._session), jobs)

    async def bring_nearer(self, by: timedelta) -> None:
        """Nobody can move the database's clock; so what waits for it is moved instead."""
        await self._session.execute(
            text(
                "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - :by"
                " WHERE status = 'todo' AND scheduled_at IS NOT NULL"
            ),
            {"by": by},
        )
        # What a new job would say to the workers, so that they look at once.
        awake = json.dumps({"type": "job_inserted", "job_id": 0})
        await self._session.execute(select(func.pg_notify("procrastinate_any_queue_v1", awake)))

    async def _moved_ahead(self) -> timedelta:
        """The queue runs by the database's clock, which the sandbox's moved clock is ahead of."""
        database_now = await self._session.scalar(select(func.clock_timestamp()))
        assert database_now is not None
        return self._clock.now() - database_now


class UnitOfWork:
    """One transaction over all repositories; see `bot.services.ports.UnitOfWork`."""

    def __init__(
        self,
        session: AsyncSession,
        vault: Vault,
        memory: Memory,
        queue: Deferrer,
        clock: Clock,
        line: FairLine,
    ) -> None:
        self.session = session
        self._notices: dict[str, None] = {}
        self.ahead = ReadAhead(session)
        self.merchants = repositories.Merchants(session)
        self.accounts = repositories.Accounts(session, vault, memory.accounts)
        self.people = repositories.People(session)
        self.shipments = repositories.Shipments(session)
        self.unclaimed = repositories.Unclaimed(session)
        self.requests = repositories.Requests(session)
        self.conversations = repositories.Conversations(session)
        self.messages = repositories.Messages(session)
        self.questions = repositories.Questions(session)
        self.codes = repositories.Codes(session)
        self.flows = repositories.Flows(session)
        self.feedback = repositories.Feedback(session)
        self.media = repositories.MediaFiles(session)
        self.attempts = repositories.Attempts(session)
        self.journeys = repositories.Journeys(session, memory.journeys)
        self.cases = Cases(session)
        self.presences = Presences(session)
        self.templates = repositories.Templates(session)
        self.paces = repositories.Paces(session)
        self.second_factors = SecondFactors(session, vault)
        self.team = Team(session)
        self.points = Points(session)
        self.merges = Merges(session)
        self.views = Views(session)
        self.personal = PersonalData(session, vault)
        self.inbox = Inbox(session)
        self.jobs = _Jobs(session, queue, clock, line)

    def add(self, *things: object) -> None:
        self.session.add_all(things)

    async def flush(self) -> None:
        await self._write()

    async def _write(self) -> None:
        with _conflicts_named():
            await self.session.flush()
            await made.write(self.session)

    def writing_late(self) -> AbstractContextManager[object]:
        return self.session.no_autoflush

    async def notify(self, topic: str, payload: Mapping[str, str]) -> None:
        """Kept until the commit: the same is said once, and all of it in one statement."""
        self._notices[json.dumps({"topic": topic, **payload})] = None

    async def commit(self) -> None:
        # What breaks a rule of the tables is to be found out before anything follows from it.
        with _conflicts_named():
            await made.write_changes(self.session)
        await self._write()
        await self.jobs.put_in()
        if self._notices:
            await self.session.execute(
                _NOTIFY, {"channel": NOTIFY_CHANNEL, "bodies": list(self._notices)}
            )
            self._notices.clear()
        with _conflicts_named():
            await self.session.commit()


class UnitOfMany(UnitOfWork):
    """One transaction over many things; see `bot.services.ports.UnitOfMany`."""

    def __init__(self, session: AsyncSession, *given: Any) -> None:
        super().__init__(session, *given)
        made.keep_until_end(session)

    def add(self, *things: object) -> None:
        made.keeps(self.session, *things)

    async def flush(self) -> None:
        """Nothing is written before the end."""


@contextmanager
def _conflicts_named() -> Iterator[None]:
    """Two processes made the same thing at once: the loser does its work again."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict(str(error.orig)) from error


class Database:
    """Opens units of work on one pool of connections."""

    def __init__(
        self, url: str, vault: Vault, queue: Deferrer, clock: Clock, *, pool_size: int = 10
    ) -> None:
        map_domain()
        self.engine = create_engine(url, pool_size=pool_size)
        self.memory = Memory()
        self._given = (vault, self.memory, queue, clock, FairLine())

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[UnitOfWork]:
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield UnitOfWork(session, *self._given)

    @asynccontextmanager
    async def together(self) -> AsyncIterator[UnitOfMany]:
        """A unit over many things of one kind."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield UnitOfMany(session, *self._given)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        """A unit that only reads.

        It ends in a commit: at a rollback the driver forgets every statement that it has prepared
        on the connection.
        """
        async with self() as unit:
            yield unit
            await unit.commit()

    async def close(self) -> None:
        await self.engine.dispose()


def create_engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine on psycopg 3 for a plain `postgresql://` URL."""
    plain = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_async_engine(
        plain, pool_size=pool_size, max_overflow=pool_size, pool_timeout=20, pool_use_lifo=True
    )


async def driver_connection(session: AsyncSession) -> AsyncConnection[TupleRow]:
    """The psycopg connection on which the session's transaction runs."""
    raw = await (await session.connection()).get_raw_connection()
    connection = raw.driver_connection
    assert isinstance(connection, AsyncConnection)
    return cast("AsyncConnection[TupleRow]", connection)
