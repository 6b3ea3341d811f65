"""Single processes of ours, up and answering, for a bench that needs no whole stack."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp

from bench.stack import StackError
from bot.settings import ROOT

_UP_WITHIN = 60.0


@asynccontextmanager
async def running(environ: Mapping[str, str], port: int, *command: str) -> AsyncIterator[str]:
    """A server of ours in a process of its own, up; its address. Raises StackError."""
    async with started(environ, *command) as process:
        url = f"http://127.0.0.1:{port}"
        await _until_up(url, process)
        yield url


@asynccontextmanager
async def started(
    environ: Mapping[str, str], *command: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python of ours, running `command`; ended on leaving."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *command),
        env=dict(environ),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_up(url: str, process: asyncio.subprocess.Process) -> None:
    deadline = time.monotonic() + _UP_WITHIN
    async with aiohttp.ClientSession() as http:
        while True:
            if process.returncode is not None or time.monotonic() > deadline:
                raise StackError("the gateway does not start")
            try:
                async with http.get(f"{url}/healthz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)
