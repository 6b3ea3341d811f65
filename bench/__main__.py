"""Measure, print a table and write `var/bench.json`. Run by `make bench`."""

import argparse
import asyncio
import json
import sys
import tempfile
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
from bench.processes import resident, worked
from bench.people import QUESTIONS, Person, seed
from bench.report import Results, Scenario, of_load, of_memory, table
from bench.stack import Stack, StackError, running
from bench.stand_in import StandIn, serving
from bench.ways import Ours, Peer, UnansweredError, Way
from bot.dialogue import training
from bot.run import local
from bot.wiring import wire

PEOPLE = 40
SCENARIOS = (
    Scenario("one_customer", 1, 60),
    Scenario("16_customers", 16, 240),
    Scenario("16_customers_with_receipts", 16, 160, receipts=True),
)


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
        _tell(f"{name:30} ours {ours.rate:6.1f}/s, bare Rasa {peer.rate:6.1f}/s")
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
        """Wait until the queue is empty."""
        left = text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
        while True:
            async with self.database.connect() as connection:
                if not await connection.scalar(left):
                    return
            await asyncio.sleep(0.05)

    async def _analyse(self) -> None:
        """What autovacuum does within the first minute or two, not left to chance."""
        async with self.database.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(
                text("ANALYZE")
            )

    async def _check(self) -> None:
        """The same questions, the same answers, each of them once. Raises UnfairError."""
        counted = text("SELECT say, count(*) FROM messages WHERE author = 'bot' GROUP BY say")
        async with self.database.connect() as connection:
            said = Counter({row[0]: row[1] for row in await connection.execute(counted)})
        if said != self.peer.said:
            raise UnfairError(f"we said {dict(said)}, bare Rasa {dict(self.peer.said)}")
        if self.stand_in.sent != said.total():
            raise UnfairError(f"{self.stand_in.sent} were sent for {said.total()} answers")


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


async def run(model: Path, rounds: int) -> Results:
    """Start everything in a folder of its own, measure, and leave nothing behind."""
    var = local.var_folder()
    var.mkdir(parents=True, exist_ok=True)
    # Beside the product's own database: on the same disk.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=var) as folder:
        _tell("starting everything; the engine takes longest ...")
        async with ready(Path(folder), model) as bench:
            _tell(f"{PEOPLE} customers ask {len(QUESTIONS)} questions in turn")
            return await bench.measure(rounds)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of each load and way")
    parser.add_argument("--out", type=Path, default=local.var_folder() / "bench.json")
    parser.add_argument("--model", type=Path, help="another model than the present one")
    given = parser.parse_args(argv)
    try:
        results = asyncio.run(run(given.model or training.train(), given.rounds))
    except (StackError, UnansweredError, UnfairError, training.TrainingFailedError) as error:
        print(f"The bench has failed: {error}", file=sys.stderr)
        return 1
    given.out.write_text(json.dumps(results, indent=2) + "\n")
    print(f"\n{table(results)}\n\nWritten to {given.out}")
    return 0


def _tell(what: str) -> None:
    print(f"[{time.perf_counter() - _BEGAN:5.1f} s] {what}", flush=True)


_BEGAN = time.perf_counter()

if __name__ == "__main__":
    sys.exit(main())
