"""Is it up? Asked over HTTP, as a balancer would."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

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
