"""What the commands share: settings, a database, being stopped and saying what is wrong."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.domain.errors import DoorstepError, Invalid
from bot.logs import set_up_logs
from bot.run import local
from bot.run.lock import TakenError, only_one
from bot.run.postgres import DatabaseError, running_url, served
from bot.settings import Settings, SettingsError, load_settings

_COLLECT_AFTER = 20_000
"""Objects made and not yet let go; a batch makes some thousands."""


class CommandError(Exception):
    """The command cannot do what it is asked to; the message says why."""


def checked_file[Found](file: Path, check: Callable[[str], Found]) -> Found:
    """What `check` makes of a file's text. Raises CommandError: names the file, and every line."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: cannot be read: {error}") from None
    try:
        return check(text)
    except Invalid as error:
        lines = "\n".join(f"  {where}: {said}" for where, said in error.problems)
        raise CommandError(f"{file}:\n{lines}") from None


def serve(process: str, work: Callable[[Settings], Awaitable[int]]) -> int:
    """Run one of Doorstep's processes until it is told to end."""
    with explained() as code:
        settings = local_settings()
        set_up_logs(process, level=settings.log_level, as_json=settings.log_json)
        code.append(asyncio.run(_awaited(work(settings))))
    return code[-1]


def local_settings() -> Settings:
    """The settings, with what `make run` has made up for this machine. Raises SettingsError."""
    var = local.var_folder()
    if local.secrets_file(var).exists():
        local.fill_in(var)
        if not local.is_set("DATABASE_URL"):
            url = running_url(var / "postgres")
            if url is not None:
                os.environ["DATABASE_URL"] = url
    return load_settings()


@contextmanager
def database() -> Iterator[None]:
    """A database to work on: the set one, the running one, or this machine's own meanwhile."""
    folder = local.var_folder() / "postgres"
    if local.is_set("DATABASE_URL") or running_url(folder) is not None:
        yield
    elif not (folder / "PG_VERSION").exists():
        raise CommandError("there is no database yet: set DATABASE_URL, or do `make run` once")
    else:
        with only_one(folder.parent), served(folder) as url:
            os.environ["DATABASE_URL"] = url
            yield


def collect_seldom() -> None:
    """Once all is wired: look for garbage seldom, and never in what stays for good.

    What a batch reads lives as long as the batch: looking for garbage amid it finds none.
    """
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 100)


def stop_event() -> asyncio.Event:
    """Set when the process is asked to end."""
    event, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, event.set)
    return event


async def touch_while_alive(seconds: float = 10.0) -> None:
    """Touch the file that DOORSTEP_ALIVE names, so that others see the event loop turn."""
    file = os.environ.get("DOORSTEP_ALIVE")
    while file:
        Path(file).touch()
        await asyncio.sleep(seconds)


@contextmanager
def explained() -> Iterator[list[int]]:
    """Say in words what is wrong with what was asked: 2 instead of a traceback."""
    code: list[int] = []
    try:
        with suppress(KeyboardInterrupt):
            yield code
    except TakenError as error:
        print(f"the database is in use by process {error}; try again in a moment", file=sys.stderr)
        code.append(2)
    except (SettingsError, DatabaseError, CommandError, DoorstepError) as error:
        print(error, file=sys.stderr)
        code.append(2)
    if not code:
        code.append(130)


async def _awaited(work: Awaitable[int]) -> int:
    return await work
