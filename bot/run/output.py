"""Where the children's output goes: all of it to files, what matters to the terminal."""

import re
import sys
from logging import LogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

_KEPT_BYTES = 10 * 1024 * 1024
_KEPT_FILES = 3
# A level as structlog, Rasa, Sanic and PostgreSQL write it.
_MATTERS = re.compile(
    r"\[(?:warning|error|critical) *\]|\"level\": \"(?:warning|error|critical)\""
    r"|\b(?:WARNING|ERROR|CRITICAL|FATAL|PANIC)\b"
)
_LONGEST = 400


class Output:
    """Prints progress, and keeps `<folder>/<name>.log` of every child, begun anew at each start."""

    def __init__(
        self, folder: Path, *, verbose: bool = False, terminal: TextIO | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._verbose = verbose
        self._terminal = terminal or sys.stdout
        self._files: dict[str, RotatingFileHandler] = {}

    def say(self, text: str) -> None:
        """Tell whoever sits at the terminal; one that is gone stops nothing."""
        try:
            print(text, file=self._terminal, flush=True)
        except (BrokenPipeError, ValueError):
            return

    def line(self, name: str, text: str, *, show: bool = False) -> None:
        """Keep a child's line; print it when it matters or `show` says so."""
        self._file(name).handle(
            LogRecord(name, 0, "", 0, text, None, None)  # the file's format is the bare line
        )
        if show or self._verbose or _MATTERS.search(text):
            self.say(f"{name:>9} | {text[:_LONGEST]}")

    def path(self, name: str) -> Path:
        """The file that keeps a child's output."""
        return self._folder / f"{name}.log"

    def tail(self, name: str, lines: int = 15) -> list[str]:
        """The last lines of a child's output."""
        if not self.path(name).exists():
            return []
        return self.path(name).read_text(errors="replace").splitlines()[-lines:]

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _file(self, name: str) -> RotatingFileHandler:
        if name not in self._files:
            path = self.path(name)
            fresh = not path.exists() or path.stat().st_size == 0
            file = RotatingFileHandler(
                path, maxBytes=_KEPT_BYTES, backupCount=_KEPT_FILES, encoding="utf-8"
            )
            if not fresh:
                file.doRollover()
            self._files[name] = file
        return self._files[name]
