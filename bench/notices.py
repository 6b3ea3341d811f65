"""Notices and acknowledgements: `python -m bench.notices` adds them to `var/bench.json`.

How many notices a second go from a parcel's event to the provider's acceptance, beside a bare
client that posts the same requests to the same stand-in and beside the usual stack (Celery with
Redis); how soon a customer's message is acknowledged at 100 a second; and how both grow with what
a merchant has stored. Houses of every size stand at once and are measured in turn, so that noise
hits all alike. Part of `make bench`.
"""

import argparse
import asyncio
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench.fill import fill
from bench.people import seed_recipients
from bench.report import Results, keep, line, say
from bench.servers import running, started
from bench.stack import StackError, free_ports, settings_of, surroundings
from bench.stand_in import StandIn, serving, webhook
from bot.domain.merchant import ProviderAccount
from bot.run import local
from bot.run.postgres import served
from bot.settings import ROOT
from bot.storage.migrate import migrate
from bot.wiring import wire

SIZES = (1_000, 10_000, 100_000, 1_000_000)
NOTICES = 600
"""Of each round and way."""
ROUNDS = 3
WORKERS = 2
"""As many as there are cores here."""
ACK_LIMIT_MS = 25.0
ACKS_PER_SECOND = 100
_ACKS = 500
_BARE_FOR_ONE = 5
"""It posts so much faster that as many of its own would be over before they could be timed."""
_AT_ONCE = 16
_PATIENCE = 120.0
_NOWHERE = asyncio.subprocess.DEVNULL
_TEXT = "The courier is bringing your parcel (Lamp) from Maison Lune today between 14:00 and 16:00."
_NAMES = {1_000: "1k", 10_000: "10k", 100_000: "100k", 1_000_000: "1m"}


@dataclass
class House:
    """Doorstep with a database of its own, which holds so many messages."""

    size: int
    gateway: str
    account: ProviderAccount
    key: str
    http: aiohttp.ClientSession
    references: Iterator[str]
    phones: Sequence[str]
    workers: AsyncExitStack
    """What ends them: an acknowledgement waits for none, and no engine is there to answer."""
    rates: list[float] = field(default_factory=list[float])
    acks: list[list[float]] = field(default_factory=list[list[float]])

    @property
    def rate(self) -> float:
        """Notices a second."""
        return _typical(self.rates)

    def acknowledged(self, share: float) -> float:
        """Milliseconds within which a share of the messages was acknowledged."""
        return _typical([_quantile(took, share) for took in self.acks])

    async def notify(self, stand_in: StandIn, count: int) -> float:
        """Tell of `count` parcels that they are out; a second's notices until all are accepted."""
        wanted = stand_in.sent + count
        waiting = [next(self.references) for _ in range(count)]
        began = time.perf_counter()
        await asyncio.gather(*(self._post(waiting) for _ in range(_AT_ONCE)))
        await _sent(stand_in, wanted)
        return count / (time.perf_counter() - began)

    async def _post(self, waiting: list[str]) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        while waiting:
            reference = waiting.pop()
            url = f"{self.gateway}/api/v1/shipments/{reference}/events"
            event = {
                "id": f"{reference}-out",
                "status": "out_for_delivery",
                "at": datetime.now(UTC).isoformat(),
            }
            async with self.http.post(url, json=event, headers=headers) as response:
                if response.status >= 300:
                    raise StackError(f"{url}: {response.status} {await response.text()}")

    async def acknowledge(self, count: int, per_second: float) -> list[float]:
        """Milliseconds in which each message is acknowledged that comes in at a steady pace."""
        began = time.perf_counter()

        async def one(number: int) -> float:
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            phone = self.phones[number % len(self.phones)]
            text = f"where is my parcel, {number}?"
            url, form, headers = webhook(self.gateway, self.account, phone, text)
            sent = time.perf_counter()
            async with self.http.post(url, data=form, headers=headers) as response:
                await response.read()
                if response.status != 200:
                    raise StackError(f"a message was answered {response.status}")
            return (time.perf_counter() - sent) * 1000

        return await asyncio.gather(*map(one, range(count)))


async def _sent(stand_in: StandIn, wanted: int) -> None:
    deadline = time.perf_counter() + _PATIENCE
    while stand_in.sent < wanted:
        if time.perf_counter() > deadline:
            raise StackError(f"{wanted - stand_in.sent} notices were not sent within {_PATIENCE} s")
        await asyncio.sleep(0.005)


@dataclass(frozen=True)
class Loads:
    """How much is measured, of what."""

    sizes: Sequence[int] = SIZES
    notices: int = NOTICES
    rounds: int = ROUNDS
    workers: int = WORKERS
    acks: int = _ACKS


async def run(loads: Loads) -> Results:
    """Open the houses and the peers, measure them in turn, and leave nothing behind."""
    var = local.var_folder()
    var.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=var)))
        connector = aiohttp.TCPConnector(limit=0)
        http = await stack.enter_async_context(
            aiohttp.ClientSession(connector=connector, trust_env=False)
        )
        stand_in = await stack.enter_async_context(serving())
        houses = [
            await stack.enter_async_context(house(folder / str(size), size, stand_in, http, loads))
            for size in loads.sizes
        ]
        peers = Peers(stand_in, houses[0].account, stack.enter_context(redis(folder)))
        return await _measure(houses, peers, loads)


@dataclass
class Peers:
    """Who else posts to the stand-in, and how many a second."""

    stand_in: StandIn
    account: ProviderAccount
    broker: str
    """Of a Redis; empty where there is none."""
    bare: list[float] = field(default_factory=list[float])
    usual: list[float] = field(default_factory=list[float])

    async def notify(self, count: int) -> None:
        self.bare.append(await _bare(self.stand_in, self.account, _BARE_FOR_ONE * count))
        say(f"{self.bare[-1]:6.1f} notices/s by a bare client")
        if self.broker:
            self.usual.append(await _usual(self.stand_in, self.account, count, self.broker))
            say(f"{self.usual[-1]:6.1f} notices/s by Celery")


async def _measure(houses: Sequence[House], peers: Peers, loads: Loads) -> Results:
    """A round to get warm, then rounds in turn."""
    for _ in range(loads.rounds + 1):
        for one in houses:
            peers.stand_in.serve(one.account, one.http)
            one.rates.append(await one.notify(peers.stand_in, loads.notices))
            say(f"{one.rates[-1]:6.1f} notices/s with {one.size} messages stored")
        peers.stand_in.serve(peers.account, houses[0].http)
        await peers.notify(loads.notices)
    for one in houses:
        await one.workers.aclose()
    for _ in range(loads.rounds + 1):
        for one in houses:
            took = await one.acknowledge(loads.acks, ACKS_PER_SECOND)
            one.acks.append(took)
            say(f"{_quantile(took, 0.95):6.1f} ms to acknowledge with {one.size} messages stored")
    return _results(houses, peers)


def _results(houses: Sequence[House], peers: Peers) -> Results:
    first = houses[0]
    results: Results = {
        "notices_per_second": line(first.rate, _typical(peers.bare), "1/s"),
        "acknowledged_p50_ms": line(first.acknowledged(0.5), None, "ms"),
        "acknowledged_p95_ms": line(first.acknowledged(0.95), ACK_LIMIT_MS, "ms"),
    }
    if peers.usual:
        results["notices_per_second_celery"] = line(first.rate, _typical(peers.usual), "1/s")
    for one in houses[1:]:
        stored = f"{_NAMES.get(one.size, str(one.size))}_stored"
        results[f"notices_per_second_{stored}"] = line(one.rate, first.rate, "1/s")
        results[f"acknowledged_p95_ms_{stored}"] = line(
            one.acknowledged(0.95), first.acknowledged(0.95), "ms"
        )
    return results


def _typical(rounds: Sequence[float]) -> float:
    """The median; the first round is to get warm."""
    return statistics.median(rounds[1:])


def _quantile(values: Sequence[float], share: float) -> float:
    """By the nearest rank."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


@asynccontextmanager
async def house(
    folder: Path, size: int, stand_in: StandIn, http: aiohttp.ClientSession, loads: Loads
) -> AsyncIterator[House]:
    """A gateway and workers over a database that holds `size` messages."""
    folder.mkdir()
    environ, ports = surroundings(folder)
    async with AsyncExitStack() as stack:
        url = stack.enter_context(served(folder / "postgres"))
        migrate(url)
        environ |= {"DATABASE_URL": url}
        count = loads.notices * (loads.rounds + 1)
        say(f"filling {size} messages in ...")
        async with wire(settings_of(environ)) as application:
            account, key, phones = await seed_recipients(
                application, folder, stand_in.url, count, lambda who: fill(url, who, size)
            )
        gateway = await stack.enter_async_context(
            running(environ, ports.gateway, "-m", "bot", "gateway")
        )
        workers = await stack.enter_async_context(AsyncExitStack())
        for _ in range(loads.workers):
            await workers.enter_async_context(started(environ, "-m", "bot", "worker"))
        references = (f"NOTICE-{number}" for number in range(count))
        yield House(size, gateway, account, key, http, references, phones[:200], workers)


async def _bare(stand_in: StandIn, account: ProviderAccount, count: int) -> float:
    """The limit: one process that only posts, as many requests at once as our workers would."""
    wanted = stand_in.sent + count
    given = json.dumps({
        "url": f"{stand_in.url}/twilio/2010-04-01/Accounts/{account.secrets['account_sid']}/Messages.json",
        "sid": account.secrets["account_sid"],
        "token": account.secrets["auth_token"],
        "sender": account.address,
        "count": count,
    })  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.notices", "--bare"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate(given.encode())
    if process.returncode or stand_in.sent != wanted:
        raise StackError("the bare client failed")
    return count / float(said)


async def post_barely(given: dict[str, str | int]) -> float:
    """Seconds for posting `count` messages."""
    auth = aiohttp.encode_basic_auth(str(given["sid"]), str(given["token"]))
    waiting = list(range(int(given["count"])))

    async def post(http: aiohttp.ClientSession) -> None:
        while waiting:
            form = {"From": given["sender"], "To": f"+336130{waiting.pop():05d}", "Body": _TEXT}
            async with http.post(str(given["url"]), data=form) as response:
                await response.read()
                assert response.status == 201, response.status

    async with aiohttp.ClientSession(headers={"Authorization": auth}) as http:
        began = time.perf_counter()
        await asyncio.gather(*(post(http) for _ in range(_AT_ONCE)))
        return time.perf_counter() - began


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis of our own that keeps nothing; its address, empty where there is no Redis."""
    program = shutil.which("redis-server")
    if program is None:
        say("no redis-server here (Debian: apt install redis-server): no peer in Celery")
        yield ""
        return
    (port,) = free_ports(1)
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


async def _usual(stand_in: StandIn, account: ProviderAccount, count: int, broker: str) -> float:
    """Celery's workers are up before the first event; as many of them as of ours."""
    environ = {
        **os.environ,
        "USUAL_BROKER": broker,
        "USUAL_TWILIO": f"{stand_in.url}/twilio",
        "USUAL_SID": account.secrets["account_sid"],
        "USUAL_TOKEN": account.secrets["auth_token"],
    }
    apart = [
        *(str(ROOT / ".uv/bin/uv"), "run", "--quiet", "--no-project", "--python", "3.12"),
        *("--with", "celery[redis]", "--with", "twilio"),
    ]
    celery = ["celery", "-A", "bench.usual", "worker", "--concurrency", str(WORKERS)]
    worker = await asyncio.create_subprocess_exec(
        *apart, *celery, env=environ, cwd=ROOT, stdout=_NOWHERE, stderr=_NOWHERE
    )

    async def send(number: int) -> None:
        said = [str(number), account.address, _TEXT]
        producer = await asyncio.create_subprocess_exec(
            *(*apart, "python", "-m", "bench.usual", *said), env=environ, cwd=ROOT
        )
        if await producer.wait():
            raise StackError("nothing could be given to Celery")

    try:
        # What is sent first waits for both processes to have come up, and is not counted.
        wanted = stand_in.sent + 4 * WORKERS
        await send(4 * WORKERS)
        await _sent(stand_in, wanted)
        first = stand_in.sent + 1
        sending = asyncio.create_task(send(count))
        # Not from the producer's start: Python's own imports are nobody's notice.
        await _sent(stand_in, first)
        began = time.perf_counter()
        await _sent(stand_in, wanted + count)
        seconds = time.perf_counter() - began
        await sending
        return (count - 1) / seconds
    finally:
        worker.terminate()
        await worker.wait()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.notices", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="messages stored")
    parser.add_argument("--notices", type=int, default=NOTICES, help="of each round and way")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--out", type=Path, default=local.var_folder() / "bench.json")
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare:
        print(asyncio.run(post_barely(json.load(sys.stdin))))
        return 0
    results = asyncio.run(run(Loads(given.sizes, given.notices, given.rounds, given.workers)))
    keep(results, given.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
