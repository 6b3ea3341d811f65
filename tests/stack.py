"""The whole of Doorstep, started as an operator starts it, for tests that talk to it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import psycopg
from psycopg.rows import dict_row

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT = 240
"""Seconds; the first start may have to train the model."""

_numbers = count(int(time.time()) % 50_000)


@dataclass
class Stack:
    """A running installation with its sandbox; `database` is where its rows can be read."""

    var: Path
    gateway: str
    sandbox: str
    process: subprocess.Popen[bytes]
    demo: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def database(self) -> str:
        return f"postgresql://postgres:@/postgres?host={self.var / 'postgres'}"

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What is stored, rather than what was said."""
        with psycopg.connect(self.database) as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return cursor.execute(query.encode(), values).fetchall()

    def pid_of(self, command: str) -> int:
        """The process id of one of the parent's children, by a part of its command line."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            if command in " ".join(child.cmdline()):
                return child.pid
        raise AssertionError(f"nothing runs {command}")


@contextmanager
def running_stack(var: Path, **environment: str) -> Iterator[Stack]:
    """Start everything by `python -m bot run`, on free ports and in a folder of its own."""
    gateway, sandbox, engine, actions, smtp = free_ports(5)
    var.mkdir(parents=True, exist_ok=True)
    env = {
        **os.environ,
        "DOORSTEP_VAR": str(var),
        "GATEWAY_PORT": str(gateway),
        "SANDBOX_PORT": str(sandbox),
        "ENGINE_PORT": str(engine),
        "ACTIONS_PORT": str(actions),
        "SMTP_PORT": str(smtp),
        "SANDBOX_PACE": "0",
        "SANDBOX_LATENCY": "0",
        "ANSWER_PAUSE_SECONDS": "0",
        **environment,
    }
    with (var / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    stack = Stack(var, f"http://127.0.0.1:{gateway}", f"http://127.0.0.1:{sandbox}", process)
    try:
        _wait_until_up(stack, f"http://127.0.0.1:{engine}")
        stack.demo = json.loads((var / "demo.json").read_text())
        yield stack
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def free_ports(number: int) -> list[int]:
    """Ports that nobody listened on a moment ago."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def _wait_until_up(stack: Stack, engine: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    waiting = [f"{stack.gateway}/healthz", f"{stack.sandbox}/phones", engine]
    while waiting:
        if stack.process.poll() is not None or time.monotonic() > deadline:
            log = (stack.var / "run.log").read_text(errors="replace")
            raise AssertionError(f"the stack did not come up:\n{log[-6000:]}")
        try:
            urllib.request.urlopen(waiting[0], timeout=2).close()
            waiting.pop(0)
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)


@dataclass
class Phone:
    """A person at a phone of the sandbox."""

    stack: Stack
    http: aiohttp.ClientSession
    number: str
    channel: str
    seen: int = 0

    @property
    def url(self) -> str:
        return f"{self.stack.sandbox}/phones/{self.number}/{self.channel}"

    async def write(self, **body: object) -> None:
        """Send without waiting for an answer."""
        async with self.http.post(self.url, json=body) as response:
            assert response.status < 300, await response.text()

    async def next(self, replies: int = 1, wait: float = 20) -> list[dict[str, Any]]:
        """The business's next messages: at least `replies` of them within `wait` seconds."""
        deadline = time.monotonic() + wait
        got: list[dict[str, Any]] = []
        while len(got) < replies and time.monotonic() < deadline:
            got += await self._read(max(0.1, min(5.0, deadline - time.monotonic())))
        assert len(got) >= replies, f"{len(got)} of {replies} replies in {wait} s: {got}"
        return got

    async def say(self, text: str = "", *, replies: int = 1, **body: object) -> str:
        """Write, and return what is answered, as one text."""
        await self.write(**({"text": text} if text else body))
        return "\n".join(m["text"] for m in await self.next(replies))

    async def tap(self, title: str, *, replies: int = 1) -> str:
        return await self.say(choose=title, replies=replies)

    async def quiet(self, seconds: float = 2.0) -> None:
        """Nothing comes for a while."""
        got = await self._read(seconds)
        assert not got, f"unexpected: {got}"

    async def _read(self, wait: float) -> list[dict[str, Any]]:
        query = {"after": str(self.seen), "wait": f"{wait:.1f}"}
        async with self.http.get(self.url, params=query) as response:
            messages = (await response.json())["messages"]
        if messages:
            self.seen = messages[-1]["seq"]
        return [m for m in messages if m["from"] == "business"]

    async def options(self) -> list[str]:
        """The titles of the choices shown last."""
        async with self.http.get(self.url) as response:
            messages = (await response.json())["messages"]
        shown = [m["options"] for m in messages if m["options"]]
        return [option["title"] for option in shown[-1]] if shown else []


@dataclass
class Shopkeeper:
    """The merchant's side: the public API with the demo merchant's key."""

    stack: Stack
    http: aiohttp.ClientSession

    def new_number(self, country: str = "GB") -> str:
        """A number nobody has yet, of the ranges reserved for fiction."""
        tail = next(_numbers)
        return f"+447700900{tail % 1000:03d}" if country == "GB" else f"+3363998{tail % 10_000:04d}"

    async def ship(self, phone: str | None, language: str = "en", **changes: object) -> str:
        """Create a parcel on its way to a phone; returns its reference."""
        reference = f"T-{next(_numbers)}-{os.getpid()}"
        body: dict[str, Any] = {
            "tracking_number": f"SW{time.time_ns() % 10**10:010d}",
            "carrier": "generic",
            "recipient": {"name": "Robin Tester", "phone": phone, "language": language,
                          "country": "FR"},
            "address": {"line1": "8 rue des Tilleuls", "postal_code": "75011",
                        "city": "Paris", "country": "FR"},
            "item": "Linen lamp",
            "timezone": "Europe/Paris",
        }  # fmt: skip
        await self.call("PUT", f"shipments/{reference}", body | changes)
        await self.happens(reference, "in_transit")
        return reference

    async def happens(self, reference: str, status: str, **more: object) -> None:
        """Tell of an event, at the sandbox's present time."""
        event = {
            "id": f"{status}-{next(_numbers)}",
            "status": status,
            "at": (await self.now()).isoformat(),
            **more,
        }
        await self.call("POST", f"shipments/{reference}/events", event)

    async def goes_out(self, reference: str, courier: str = "Karim") -> None:
        """The parcel is out for delivery, due in two to four hours."""
        now = await self.now()
        window = {
            "from": (now + timedelta(hours=2)).isoformat(),
            "to": (now + timedelta(hours=4)).isoformat(),
        }
        await self.happens(
            reference, "out_for_delivery", window=window, courier={"name": courier, "phone": None}
        )

    async def now(self) -> datetime:
        async with self.http.get(f"{self.stack.sandbox}/clock") as response:
            return datetime.fromisoformat((await response.json())["now"]).astimezone(UTC)

    async def advance(self, duration: str) -> None:
        url = f"{self.stack.sandbox}/clock"
        async with self.http.post(url, json={"advance": duration}) as response:
            assert response.status == 200, await response.text()

    async def see(self, reference: str) -> dict[str, Any]:
        return await self.call("GET", f"shipments/{reference}")

    async def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.stack.demo['api_key']}"}
        url = f"{self.stack.gateway}/api/v1/{path}"
        async with self.http.request(method, url, json=body, headers=headers) as response:
            answer = await response.json()
            assert response.status < 300, answer
            return answer


async def until[T](check: Callable[[], T], wait: float = 15) -> T:
    """Wait for something that other processes bring about; returns its first true value."""
    deadline = time.monotonic() + wait
    while True:
        found = check()
        if found or time.monotonic() > deadline:
            assert found, "it did not happen in time"
            return found
        await asyncio.sleep(0.1)
