"""Is it up? Asked over HTTP, as a balancer would, or by a file that is touched while it is.

python -m bot.run.health http://127.0.0.1:8080/healthz
python -m bot.run.health /tmp/alive
"""

import asyncio
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

# Never by way of a proxy: these are our own processes.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NotUpError(Exception):
    """Something did not come up; the message says what."""


def answers(url: str, timeout: float = 2.0) -> bool:
    """Whether a GET is answered with success, within `timeout` seconds."""
    try:
        with _OPENER.open(url, timeout=timeout) as response:
            return response.status < 300
    except (urllib.error.URLError, OSError, ValueError):
        return False


def alive(file: Path, within: float = 45.0) -> bool:
    """Whether a process has touched its file in the last `within` seconds."""
    try:
        return time.time() - file.stat().st_mtime < within
    except FileNotFoundError:
        return False


async def wait_until_up(
    urls: Mapping[str, str],
    *,
    patience: float,
    failures: Callable[[str], int],
    tell: Callable[[str], None],
    give_up_after: int = 4,
) -> None:
    """Wait until each answers; `tell` is called with the name of each that does.

    Raises:
        NotUpError: one did not come up within `patience` seconds, or keeps ending.
    """
    waiting = dict(urls)
    deadline = asyncio.get_running_loop().time() + patience
    while waiting:
        for name, url in list(waiting.items()):
            if await asyncio.to_thread(answers, url):
                del waiting[name]
                tell(name)
            elif failures(name) >= give_up_after:
                raise NotUpError(f"{name} keeps ending")
        if waiting and asyncio.get_running_loop().time() > deadline:
            raise NotUpError(f"{', '.join(waiting)} did not come up within {patience:g} s")
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    asked = sys.argv[1]
    sys.exit(0 if (answers(asked) if asked.startswith("http") else alive(Path(asked))) else 1)
