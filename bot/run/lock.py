"""One at a time: whoever holds the lock may start and stop what lives in the folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class TakenError(Exception):
    """Somebody else holds the lock; the message says who."""


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold the folder's lock. The system lets go of a dead holder's, however it died.

    Raises:
        TakenError: another process holds it.
    """
    var.mkdir(parents=True, exist_ok=True)
    file = var / "running.lock"
    held = _take(file)
    try:
        os.ftruncate(held, 0)
        os.write(held, str(os.getpid()).encode())
        yield
    finally:
        # Removed while still held, so that nobody takes a lock on a file that is gone.
        file.unlink(missing_ok=True)
        os.close(held)


def _take(file: Path) -> int:
    while True:
        held = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(held, 20).decode() or "unknown"
            os.close(held)
            raise TakenError(holder) from None
        if _same_file(held, file):
            return held
        os.close(held)


def _same_file(held: int, file: Path) -> bool:
    try:
        return os.fstat(held).st_ino == file.stat().st_ino
    except FileNotFoundError:
        return False
