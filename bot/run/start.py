"""`make run`: from an empty folder to a conversation, and back to nothing."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue import training
from bot.run import children, greeting, local, tether
from bot.run.health import NotUpError, wait_until_up
from bot.run.lock import TakenError, only_one
from bot.run.output import Output
from bot.run.ports import taken
from bot.run.postgres import DatabaseError, prepare
from bot.run.process import Child
from bot.run.supervisor import Supervisor
from bot.settings import SettingsError, load_settings

_UP_WITHIN = 180.0
_ENDED_BY = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


class StartError(Exception):
    """It cannot be started; the message says why and what to do."""


@dataclass
class Start:
    """One start, step by step; what it has started is the supervisor's to stop."""

    var: Path
    output: Output
    supervisor: Supervisor
    environ: MutableMapping[str, str]

    def __post_init__(self) -> None:
        self._began = time.monotonic()

    async def bring_up(self) -> None:
        """Every step to where messages are answered. Raises StartError."""
        local.fill_in(self.var, self.environ)
        ports = local.ports(self.environ)
        if problems := taken(ports):
            raise StartError("\n".join(problems))
        await self._database()
        settings = load_settings()
        self.environ["SANDBOX"] = str(settings.sandbox).lower()
        await self._step(children.step("migrate", environ=self.environ), "the tables are there")
        await self._model()
        # The slowest first; what it shares two cores with can wait a moment.
        self._tell("starting the processes; the engine takes longest ...")
        self.supervisor.start(children.engine_child(training.model_path(), ports, self.environ))
        if settings.sandbox:
            seed = children.step("seed-demo", environ=self.environ)
            await self._step(seed, "the demo merchant is there")
        self.supervisor.start(*children.product_children(self.environ))
        await self._until_up(
            gateway=f"http://127.0.0.1:{ports.gateway}/healthz",
            actions=f"http://127.0.0.1:{ports.actions}/health",
            engine=f"http://127.0.0.1:{ports.engine}/",
        )
        if settings.sandbox:
            # The demo day begins when there is somebody to answer.
            self.supervisor.start(children.sandbox_child(self.var, ports, self.environ))
            await self._until_up(sandbox=f"http://127.0.0.1:{ports.sandbox}/healthz")
        for line in await asyncio.to_thread(
            greeting.lines, self.var, settings.public_url, ports, sandbox=settings.sandbox
        ):
            self.output.say(line)

    async def _database(self) -> None:
        if local.is_set("DATABASE_URL", self.environ):
            self._tell("using the database of DATABASE_URL")
            return
        self._tell("starting the database ...")
        postgres = await asyncio.to_thread(prepare, self.var / "postgres")
        self.supervisor.start(postgres.child(self.environ))
        deadline = time.monotonic() + 60
        while not postgres.ready() or self.supervisor.pid("postgres") is None:
            if time.monotonic() > deadline or self.supervisor.failures("postgres") > 2:
                tail = "\n".join(self.output.tail("postgres"))
                raise StartError(f"the database does not start:\n{tail}")
            await asyncio.sleep(0.05)
        self.environ["DATABASE_URL"] = postgres.url

    async def _model(self) -> None:
        if not training.model_path().exists():
            await self._step(children.training_step(), "the language model is trained", show=True)

    async def _until_up(self, **urls: str) -> None:
        try:
            await wait_until_up(
                urls,
                patience=_UP_WITHIN,
                failures=self.supervisor.failures,
                tell=lambda name: self._tell(f"{name} is up"),
            )
        except NotUpError as error:
            raise StartError(f"{error}; see {self.var / 'log'}") from error

    async def _step(self, child: Child, done: str, *, show: bool = False) -> None:
        code = await self.supervisor.once(child, show=show)
        if code != 0:
            tail = "" if show else "\n".join(["", *self.output.tail(child.name)])
            raise StartError(f"the step “{child.name}” failed:{tail}")
        self._tell(done)

    def _tell(self, text: str) -> None:
        self.output.say(f"[{time.monotonic() - self._began:5.1f} s] {text}")


def main(*, verbose: bool = False) -> int:
    """Run everything until a signal ends it; the exit code."""
    if "MAKELEVEL" in os.environ:
        # `make` waits for us, so a `make` that was killed is a wish to end.
        tether.tie(signal.SIGTERM)
    for name in ("MAKELEVEL", "MAKEFLAGS", "MFLAGS"):
        os.environ.pop(name, None)
    var = local.var_folder()
    try:
        with only_one(var):
            return asyncio.run(_until_ended(var, verbose=verbose))
    except TakenError as error:
        print(f"Doorstep is already in use in {var} (process {error}).", file=sys.stderr)
        return 2


async def _until_ended(var: Path, *, verbose: bool) -> int:
    output = Output(var / "log", verbose=verbose)
    supervisor = Supervisor(output)
    start = Start(var, output, supervisor, os.environ)
    try:
        return await _interruptibly(start.bring_up, output, supervisor)
    except (StartError, SettingsError, DatabaseError, OSError) as error:
        output.say(f"\nDoorstep cannot start.\n{error}")
        return 2
    finally:
        await supervisor.stop()
        output.close()


async def _interruptibly(
    bring_up: Callable[[], Awaitable[None]], output: Output, supervisor: Supervisor
) -> int:
    """Bring everything up and stay until a signal; a second signal ends it less politely."""
    loop, signals = asyncio.get_running_loop(), list[signal.Signals]()
    task = asyncio.ensure_future(_and_stay(bring_up))

    def on(number: signal.Signals) -> None:
        signals.append(number)
        if len(signals) == 1:
            output.say("\nStopping ...")
            task.cancel()
        else:
            supervisor.kill()

    for number in _ENDED_BY:
        loop.add_signal_handler(number, on, number)
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await supervisor.stop()
    output.say("Stopped.")
    return 0 if signals[0] is signal.SIGINT else _ENDED_BY[signals[0]]


async def _and_stay(bring_up: Callable[[], Awaitable[None]]) -> None:
    await bring_up()
    await asyncio.Event().wait()
