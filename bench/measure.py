"""The measuring itself: both ways in turn, over the same processes."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.load import Played, play
from bench.people import Person, seed
from bench.processes import resident, worked
from bench.report import Results, Scenario, of_load, of_memory
from bench.stack import Stack, running
from bench.stand_in import StandIn, serving
from bench.ways import PATIENCE, Ours, Peer, Way
from bot.wiring import wire

PEOPLE = 40
SCENARIOS = (
    Scenario("one_customer", 1, 60),
    Scenario("16_customers", 16, 160),
    Scenario("16_customers_with_receipts", 16, 112, receipts=True),
)
_LEFT = text("""
    SELECT count(*) FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND coalesce(scheduled_at, now()) <= now()
""")
_SAID = text("SELECT say, count(*) FROM messages WHERE author = 'bot' GROUP BY say")
_BEGAN = time.perf_counter()


class UnfairError(Exception):
    """The two ways did not do the same work, so their times say nothing."""


@dataclass
class Bench:
    """Everything in place, and the rounds that have been played."""

    stack: Stack
    stand_in: StandIn
    people: Sequence[Person]
    ours: Ours
    peer: Peer
    database: AsyncEngine

    async def measure(self, rounds: int) -> Results:
        """A round to get warm, then short rounds in turn, so that noise hits both alike."""
        for scenario in SCENARIOS:
            await self._pair(scenario)
        await self._analyse()
        results: Results = {}
        for scenario in SCENARIOS:
            pairs = [await self._pair(scenario) for _ in range(rounds)]
            results |= of_load(scenario, *map(list, zip(*pairs, strict=True)))
        await self._check()
        return results | of_memory(resident(self.stack.pids()))

    async def _pair(self, scenario: Scenario) -> tuple[Played, Played]:
        self.stand_in.receipts = scenario.receipts
        ours = await self._played(self.ours, scenario)
        peer = await self._played(self.peer, scenario)
        name = scenario.suffix.replace("_", " ")
        tell(f"{name:30} ours {ours.rate:6.1f}/s, bare Rasa {peer.rate:6.1f}/s")
        return ours, peer

    async def _played(self, way: Way, scenario: Scenario) -> Played:
        """One round, and what is left of it done: it is not to be paid for by the next."""
        before = worked(self.stack.pids())
        played = await play(way, self.people, scenario.messages, scenario.at_once)
        await self.stand_in.idle()
        await self._drained()
        after = worked(self.stack.pids())
        played.work = {name: after[name] - before[name] for name in after}
        return played

    async def _drained(self) -> None:
        """Wait until no job is left. Raises UnfairError when some stay."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            async with self.database.connect() as connection:
                if not await connection.scalar(_LEFT):
                    return
            await asyncio.sleep(0.05)
        raise UnfairError("there are jobs that do not come to an end")

    async def _analyse(self) -> None:
        """What autovacuum does within the first minute or two, not left to chance."""
        async with self.database.begin() as connection:
            await connection.execute(text("ANALYZE"))

    async def _check(self) -> None:
        async with self.database.connect() as connection:
            said = Counter({row[0]: row[1] for row in await connection.execute(_SAID)})
        check(said, self.peer.said, self.stand_in.sent)


def check(ours: Counter[str], peer: Counter[str], sent: int) -> None:
    """The same questions, the same answers, and each of ours sent once. Raises UnfairError."""
    if ours != peer:
        raise UnfairError(f"we said {dict(ours)}, bare Rasa {dict(peer)}")
    if sent != ours.total():
        raise UnfairError(f"{sent} were sent for {ours.total()} answers")


@asynccontextmanager
async def ready(folder: Path, model: Path) -> AsyncIterator[Bench]:
    """Everything started and seeded."""
    # A connection for each customer and no pool's limit: the clients are not what is measured.
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        serving() as stand_in,
        running(folder, model) as stack,
        wire(stack.settings, pool_size=1) as application,
        aiohttp.ClientSession(connector=connector, trust_env=False) as http,
    ):
        account, people = await seed(application, folder, stand_in.url, PEOPLE)
        stand_in.serve(account, http)
        yield Bench(
            stack,
            stand_in,
            people,
            Ours(http, account, stand_in, stack.gateway),
            Peer(http, stack.engine),
            application.database.engine,
        )


def tell(what: str) -> None:
    """Say how far it has come."""
    print(f"[{time.perf_counter() - _BEGAN:5.1f} s] {what}", flush=True)
