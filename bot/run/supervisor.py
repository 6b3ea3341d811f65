"""Keeps children running: restarts what dies, and stops all of them in order."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bot.run.output import Output
from bot.run.process import Child, Running


@dataclass(frozen=True)
class Patience:
    """How long things may take, in seconds."""

    grace: float = 10.0
    """From being asked to end to being ended."""
    first_pause: float = 1.0
    """Before the first restart; it doubles from one to the next."""
    longest_pause: float = 30.0
    steady: float = 60.0
    """Having run this long, a child begins again with the first pause."""

    def pauses(self) -> Iterator[float]:
        """The pauses before one restart after the other."""
        pause = self.first_pause
        while True:
            yield pause
            pause = min(pause * 2, self.longest_pause)


class Supervisor:
    """The parent. Children end with it, even when it is killed (see `tether`)."""

    def __init__(self, output: Output, patience: Patience | None = None) -> None:
        self._output = output
        self._patience = patience or Patience()
        self._keepers: list[_Keeper] = []
        self._steps: set[Running] = set()

    def start(self, *children: Child) -> None:
        """Start these and keep them running from now on."""
        for child in children:
            self._keepers.append(_Keeper(child, self._output, self._patience))

    async def once(self, child: Child, *, show: bool = False) -> int:
        """Run a program to its end and return its exit code; cancelled, it is stopped first.

        Args:
            child: what to run.
            show: print all that it says, not only what matters.
        """
        running = await Running.start(
            child, lambda line: self._output.line(child.name, line, show=show)
        )
        self._steps.add(running)
        try:
            return await running.wait()
        except asyncio.CancelledError:
            await running.stop(self._patience.grace)
            raise
        finally:
            self._steps.discard(running)

    def pid(self, name: str) -> int | None:
        """The process id of a child while it runs."""
        return next((k.pid for k in self._keepers if k.child.name == name), None)

    def failures(self, name: str) -> int:
        """How often a child has ended by itself without having run steadily in between."""
        return next((k.failures for k in self._keepers if k.child.name == name), 0)

    async def stop(self) -> None:
        """Stop all children, stage by stage; within a stage at the same time."""
        keepers = sorted(self._keepers, key=lambda keeper: keeper.child.stage)
        for _, stage in groupby(keepers, key=lambda keeper: keeper.child.stage):
            await asyncio.gather(*(keeper.stop() for keeper in stage))
        self._keepers.clear()

    def kill(self) -> None:
        """End everything at once; `stop` still has to be awaited."""
        for running in self._steps:
            running.kill()
        for keeper in self._keepers:
            keeper.kill()


class _Keeper:
    """Keeps one child running."""

    def __init__(self, child: Child, output: Output, patience: Patience) -> None:
        self.child = child
        self.failures = 0
        self._output = output
        self._patience = patience
        self._pauses = patience.pauses()
        self._running: Running | None = None
        self._stopping = asyncio.Event()
        self._task = asyncio.create_task(self._keep(), name=f"keep {child.name}")

    @property
    def pid(self) -> int | None:
        return self._running.pid if self._running else None

    async def stop(self) -> None:
        self._stopping.set()
        if self._running:
            await self._running.stop(self._patience.grace)
        await self._task

    def kill(self) -> None:
        self._stopping.set()
        if self._running:
            self._running.kill()

    async def _keep(self) -> None:
        while not self._stopping.is_set():
            started = time.monotonic()
            self._running = await Running.start(
                self.child, lambda line: self._output.line(self.child.name, line)
            )
            if self._stopping.is_set():
                # Asked to stop while it was being started.
                await self._running.stop(self._patience.grace)
            code = await self._running.wait()
            self._running = None
            if not self._stopping.is_set():
                await self._pause(code, time.monotonic() - started)

    async def _pause(self, code: int, ran: float) -> None:
        if ran >= self._patience.steady:
            self.failures, self._pauses = 0, self._patience.pauses()
        self.failures += 1
        pause = next(self._pauses)
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        self._output.say(f"{self.child.name} {how}; starting it again in {pause:g} s")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), timeout=pause)
