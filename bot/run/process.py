"""One process of ours: started tied to us, its output read, ended for certain."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_TETHER = Path(__file__).with_name("tether.py")
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Child:
    """A program to keep running.

    Children of a lower `stage` are stopped before those of a higher one, which they need.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    stage: int = 0
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | None = None
    """The system user to run as, when we are root and it may not be."""


class Running:
    """A started child. It leads a process group of its own, so that nothing of it is left."""

    def __init__(self, process: Process, child: Child, tell: Callable[[str], None]) -> None:
        self._process = process
        self._child = child
        self._reader = asyncio.create_task(_read_lines(process, tell))

    @classmethod
    async def start(cls, child: Child, tell: Callable[[str], None]) -> "Running":
        """Start it; every line that it or its own children print goes to `tell`."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(_TETHER)),
            *(str(os.getpid()), str(int(child.stop_signal)), child.user or "-"),
            *child.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=dict(child.env),
            # A Ctrl-C at the terminal reaches us alone; we stop the children in order.
            start_new_session=True,
        )
        return cls(process, child, tell)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def wait(self) -> int:
        """Its exit code, once it, its own children and its output have ended."""
        code = await self._process.wait()
        self._sweep()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._reader, timeout=2)
        return code

    async def stop(self, grace: float) -> None:
        """Ask it to end; after `grace` seconds, or when cancelled, end it."""
        if self._process.returncode is None:
            self._send(self._child.stop_signal)
        try:
            await asyncio.wait_for(self._process.wait(), timeout=grace)
        except TimeoutError:
            pass
        finally:
            self.kill()
        await self.wait()

    def kill(self) -> None:
        """End it and everything that it has started, at once."""
        if self._process.returncode is None:
            self._send(signal.SIGKILL)
        self._sweep()

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    def _sweep(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


async def _read_lines(process: Process, tell: Callable[[str], None]) -> None:
    # By chunks, because a reader of lines refuses very long ones.
    assert process.stdout is not None
    rest = b""
    while chunk := await process.stdout.read(_CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            tell(line.decode(errors="replace").rstrip("\r"))
        if len(rest) > _CHUNK:
            tell(rest.decode(errors="replace"))
            rest = b""
    if rest:
        tell(rest.decode(errors="replace"))
