"""The agents' desk: `python -m bench.desk` adds it to `var/bench.json`. Part of `make bench`.

One gateway, its database filled to a million messages, and two hundred agents who have the desk
open. Measured: the queue's page, a search, and a new message's way: from when its webhook is sent,
signed as Twilio signs, until every page has been told, and until one page has its words; beside a
bare aiohttp server that echoes to as many streams.
"""

import argparse
import asyncio
import os
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import aiohttp
import psycopg
from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from bench.fill import fill
from bench.report import Results, keep, line, say
from bench.servers import running
from bench.stack import StackError, free_ports, settings_of, surroundings
from bench.stand_in import webhook
from bot import flows
from bot.clocks import SystemClock
from bot.domain.merchant import ProviderAccount
from bot.run import local
from bot.run.postgres import served
from bot.services.seed_demo import EMAIL, SeedDemo
from bot.storage.migrate import migrate
from bot.wiring import wire

AGENTS = 200
MESSAGES = 1_000_000
_ROUNDS = 40
_PASSWORD = secrets.token_urlsafe(12)


async def run(messages: int, agents: int) -> Results:
    """Start a gateway on a database of its own, fill it, measure, and leave nothing behind."""
    var = local.var_folder()
    var.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=var) as folder:
        place = Path(folder)
        with served(place / "postgres") as url:
            migrate(url)
            environ, ports = surroundings(place)
            environ |= {"DATABASE_URL": url}
            account = await _fill(place, environ, messages)
            async with running(environ, ports.gateway, "-m", "bot", "gateway") as gateway:
                return await _measure(gateway, url, account, agents)


async def _fill(folder: Path, environ: dict[str, str], messages: int) -> ProviderAccount:
    """A merchant with a past; returns the account for its SMS."""
    settings = settings_of(environ)
    async with wire(settings) as application:
        seed = SeedDemo(application.database, SystemClock(), flows.shipped())
        told = await seed(
            folder / "demo.json",
            gateway=settings.public_url,
            sandbox="http://127.0.0.1:1",
            smtp_port=1,
            password=_PASSWORD,
            control_token="no token is needed here",  # noqa: S106  nor a secret
        )
        async with application.database() as unit:
            account = await unit.accounts.get(UUID(told["sms"]["account_id"]))
    say(f"filling {messages} messages in ...")
    fill(environ["DATABASE_URL"], account.merchant_id, messages)
    return account


async def _measure(gateway: str, url: str, account: ProviderAccount, agents: int) -> Results:
    jar = aiohttp.CookieJar(unsafe=True)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(cookie_jar=jar, connector=connector) as http:
        await _sign_in(http, gateway)
        results = {
            "desk_queue_ms": line(await _page(http, f"{gateway}/console"), None, "ms"),
        }
        for name, words in {
            "rare": "3b9aca",
            "common": "your parcel",
            "name": "person 7a1",
        }.items():
            took = await _page(http, f"{gateway}/console?q={words}")
            results[f"desk_search_{name}_ms"] = line(took, None, "ms")
        conversation, phone = await _some_conversation(url)
        customer = _Customer(http, gateway, account, phone)
        results["desk_conversation_ms"] = line(
            await _page(http, f"{gateway}/console/c/{conversation}"), None, "ms"
        )
        say(f"{agents} agents listen ...")
        events = f"{gateway}/console/events"
        ours = await _told_within(http, events, agents, customer.write)
        async with _echo() as echo:
            peer = await _told_within(http, f"{echo}/events", agents, lambda: _post(http, echo))
        results["desk_told_p50_ms"] = line(ours[0], peer[0], "ms")
        results["desk_told_p95_ms"] = line(ours[1], peer[1], "ms")
        page = f"{gateway}/console/c/{conversation}/parts?seen"
        shown = await _shown_within(http, events, page, customer)
        results["desk_shown_p50_ms"] = line(shown[0], None, "ms")
        results["desk_shown_p95_ms"] = line(shown[1], None, "ms")
        return results


async def _sign_in(http: aiohttp.ClientSession, gateway: str) -> None:
    async with http.get(f"{gateway}/console/login") as response:
        found = re.search(r'name="csrf" value="([^"]+)"', await response.text())
    assert found is not None
    form = {"csrf": found.group(1), "email": EMAIL, "password": _PASSWORD}
    async with http.post(f"{gateway}/console/login", data=form) as response:
        if not str(response.url).endswith("/console"):
            raise StackError("the console lets nobody in")


async def _page(http: aiohttp.ClientSession, address: str) -> float:
    """The 95th percentile of the milliseconds until the whole page is here."""
    took: list[float] = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        async with http.get(address) as response:
            await response.read()
            assert response.status == 200, (address, response.status)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.quantiles(took, n=20)[-1]


async def _some_conversation(url: str) -> tuple[str, str]:
    """A conversation that waits, and its customer's number."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(
            "SELECT conversations.id, phone FROM conversations JOIN contacts"
            " ON contacts.id = contact_id WHERE holder = 'waiting' LIMIT 1"
        )
        row = await cursor.fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


@dataclass
class _Customer:
    """Writes SMS, which Twilio's signed webhooks bring."""

    http: aiohttp.ClientSession
    gateway: str
    account: ProviderAccount
    phone: str
    written: int = 0

    @property
    def words(self) -> str:
        """What was written last."""
        return f"is anybody there, number {self.written}?"

    async def write(self) -> None:
        self.written += 1
        url, form, headers = webhook(self.gateway, self.account, self.phone, self.words)
        async with self.http.post(url, data=form, headers=headers) as response:
            if response.status != 200:
                raise StackError(f"the webhook was answered {response.status}")


async def _post(http: aiohttp.ClientSession, echo: str) -> None:
    async with http.post(f"{echo}/say") as response:
        assert response.status == 200


async def _told_within(
    http: aiohttp.ClientSession, address: str, agents: int, say: Callable[[], Awaitable[None]]
) -> tuple[float, float]:
    """Milliseconds from when something is said until a stream has it: median and 95th percentile."""
    heard: asyncio.Queue[float] = asyncio.Queue()
    async with AsyncExitStack() as streams:
        listeners: list[asyncio.Task[None]] = []
        for _ in range(agents):
            response = await streams.enter_async_context(
                http.get(address, timeout=aiohttp.ClientTimeout(total=None))
            )
            assert response.status == 200, (address, response.status)
            listeners.append(asyncio.create_task(_listen(response, heard)))
        await asyncio.sleep(2)
        while not heard.empty():
            heard.get_nowait()
        took: list[float] = []
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            await say()
            async with asyncio.timeout(20):
                took += [(await heard.get() - began) * 1000 for _ in range(agents)]
            await asyncio.sleep(0.05)
            # One webhook is one event to each: a second would be taken for the next one's.
            assert heard.empty()
        for listener in listeners:
            listener.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


async def _shown_within(
    http: aiohttp.ClientSession, events: str, page: str, customer: _Customer
) -> tuple[float, float]:
    """Milliseconds from the webhook until a page that was told has fetched the words."""
    heard: asyncio.Queue[float] = asyncio.Queue()
    took: list[float] = []
    async with http.get(events, timeout=aiohttp.ClientTimeout(total=None)) as stream:
        listener = asyncio.create_task(_listen(stream, heard))
        await asyncio.sleep(1)
        for _ in range(_ROUNDS):
            while not heard.empty():
                heard.get_nowait()
            began = time.perf_counter()
            await customer.write()
            async with asyncio.timeout(20):
                await heard.get()
            async with http.get(page) as response:
                shown = await response.text()
            took.append((time.perf_counter() - began) * 1000)
            assert customer.words in shown
            await asyncio.sleep(0.05)
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


async def _listen(response: aiohttp.ClientResponse, heard: asyncio.Queue[float]) -> None:
    async for part in response.content:
        if part.startswith(b"data:"):
            heard.put_nowait(time.perf_counter())


@asynccontextmanager
async def _echo() -> AsyncIterator[str]:
    """The limit: a server that does nothing but tell every stream, in a process of its own."""
    (port,) = free_ports(1)
    async with running(os.environ, port, "-m", "bench.desk", "--echo", str(port)) as url:
        yield url


def serve_echo(port: int) -> None:
    """Serve the bare peer until it is stopped."""
    streams: set[EventSourceResponse] = set()

    async def events(request: web.Request) -> web.StreamResponse:
        async with sse_response(request) as stream:
            streams.add(stream)
            try:
                await stream.wait()
            finally:
                streams.discard(stream)
        return stream

    async def say(_: web.Request) -> web.Response:
        for stream in list(streams):
            await stream.send("[]", event="changed")
        return web.Response(text="said")

    async def healthy(_: web.Request) -> web.Response:
        return web.Response(text="well")

    app = web.Application()
    app.add_routes([
        web.get("/events", events), web.post("/say", say), web.get("/healthz", healthy)
    ])  # fmt: skip
    web.run_app(app, host="127.0.0.1", port=port, print=lambda _: None)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--agents", type=int, default=AGENTS)
    parser.add_argument("--out", type=Path, default=local.var_folder() / "bench.json")
    parser.add_argument("--echo", type=int, metavar="PORT", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.echo:
        serve_echo(given.echo)
        return 0
    results = asyncio.run(run(given.messages, given.agents))
    keep(results, given.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
