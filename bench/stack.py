"""Doorstep as `make run` starts it, with a folder, ports and a PostgreSQL of its own."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from bot.run import children, local
from bot.run.health import NotUpError, wait_until_up
from bot.run.output import Output
from bot.run.postgres import prepare
from bot.run.process import Child
from bot.run.supervisor import Supervisor
from bot.settings import ROOT, Settings

UP_WITHIN = 180.0
"""Seconds; the engine takes longest, TensorFlow's import being most of it."""
_DATABASE_UP_WITHIN = 60.0


_NAMES = ("postgres", "migrate", "gateway", "clock", "worker", "actions", "engine")


class StackError(Exception):
    """It did not come up, or did not stay; the message says what, and what it said last."""


@dataclass(frozen=True)
class Stack:
    """The running processes, each as the product starts it."""

    settings: Settings
    ports: local.Ports
    supervisor: Supervisor
    names: tuple[str, ...]

    @property
    def gateway(self) -> str:
        return f"http://127.0.0.1:{self.ports.gateway}"

    @property
    def engine(self) -> str:
        return f"http://127.0.0.1:{self.ports.engine}"

    def pids(self) -> dict[str, int]:
        """The process id of each; StackError when one is not running or has been restarted."""
        found: dict[str, int] = {}
        for name in self.names:
            pid = self.supervisor.pid(name)
            if pid is None or self.supervisor.failures(name):
                raise StackError(f"{name} has ended while it was measured")
            found[name] = pid
        return found


@asynccontextmanager
async def running(folder: Path, model: Path) -> AsyncIterator[Stack]:
    """Everything up and answering; on leaving, nothing of it is left.

    Raises:
        StackError: something does not start.
    """
    environ, ports = surroundings(folder)
    output = Output(folder / "log", terminal=StringIO())
    supervisor = Supervisor(output)
    try:
        postgres = await _database(folder, supervisor, environ)
        processes = [
            engine_with_rest_channel(children.engine_child(model, ports, environ), folder),
            *children.product_children(environ),
        ]
        await _migrated(supervisor, environ)
        supervisor.start(*processes)
        await _until_up(supervisor, ports)
        names = (*(child.name for child in processes), postgres.name)
        yield Stack(settings_of(environ), ports, supervisor, names)
    except NotUpError as error:
        said = [f"{name}: {line}" for name in _NAMES for line in output.tail(name)]
        raise StackError("\n".join([str(error), *said])) from error
    finally:
        await supervisor.stop()
        output.close()


def surroundings(folder: Path) -> tuple[dict[str, str], local.Ports]:
    """An environment in which nothing is set but by us: the defaults are what is measured."""
    ours = {name.upper() for name in Settings.model_fields}
    environ = {name: value for name, value in os.environ.items() if name not in ours}
    names = ("GATEWAY_PORT", "SANDBOX_PORT", "ENGINE_PORT", "ACTIONS_PORT")
    environ |= dict(zip(names, map(str, free_ports(len(names))), strict=True))
    environ |= {
        # Customers who type are not what is measured here.
        "ANSWER_PAUSE_SECONDS": "0",
        "DOORSTEP_VAR": str(folder),
        "DOORSTEP_SETTINGS": str(folder / "none.toml"),
        # The demo's movable clock is no part of a real installation.
        "SANDBOX": "false",
        # It would listen on every interface otherwise.
        "ACTIONS_HOST": "127.0.0.1",
    }
    local.fill_in(folder, environ)
    return environ, local.ports(environ)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def settings_of(environ: Mapping[str, str]) -> Settings:
    """What a process of ours reads from such an environment."""
    given = {name: environ.get(name.upper()) for name in Settings.model_fields}
    return Settings.model_validate({k: v for k, v in given.items() if v is not None})


def engine_with_rest_channel(engine: Child, folder: Path) -> Child:
    """The same engine, in which the peer's way in is open besides ours."""
    credentials = folder / "credentials.yml"
    ours = ROOT / "credentials.yml"
    credentials.write_text(ours.read_text() + "\nrest:\n")
    command = [str(credentials) if part == str(ours) else part for part in engine.command]
    return replace(engine, command=command)


async def _database(folder: Path, supervisor: Supervisor, environ: dict[str, str]) -> Child:
    postgres = await asyncio.to_thread(prepare, folder / "postgres")
    child = postgres.child(environ)
    supervisor.start(child)
    deadline = asyncio.get_running_loop().time() + _DATABASE_UP_WITHIN
    while not postgres.ready():
        if asyncio.get_running_loop().time() > deadline:
            raise NotUpError("the database does not start")
        await asyncio.sleep(0.05)
    environ["DATABASE_URL"] = postgres.url
    return child


async def _migrated(supervisor: Supervisor, environ: Mapping[str, str]) -> None:
    if await supervisor.once(children.step("migrate", environ=environ)) != 0:
        raise NotUpError("the tables cannot be made")


async def _until_up(supervisor: Supervisor, ports: local.Ports) -> None:
    urls = {
        "gateway": f"http://127.0.0.1:{ports.gateway}/healthz",
        "actions": f"http://127.0.0.1:{ports.actions}/health",
        "engine": f"http://127.0.0.1:{ports.engine}/",
    }
    await wait_until_up(urls, patience=UP_WITHIN, failures=supervisor.failures, tell=lambda _: None)
