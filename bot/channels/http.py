"""Calling a provider over HTTP, with errors named by what the caller does next."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast

import aiohttp

from bot.domain.errors import Limited, OutcomeUnknown, Permanent, Temporary

CONNECT_TIMEOUT = 5.0
"""Seconds to get a connection; nothing has been sent by then."""
ANSWER_TIMEOUT = 15.0
"""Seconds to wait for an answer; what the provider did by then is unknown."""
_MOVED = frozenset({301, 302, 303, 307, 308})
DEFAULT_WAIT = timedelta(seconds=5)


@dataclass(frozen=True)
class Reply:
    """A provider's answer, read to its end."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def document(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

    @property
    def wait(self) -> timedelta:
        """How long to wait, by `Retry-After` in seconds."""
        given = self.headers.get("Retry-After", "")
        return timedelta(seconds=min(int(given), 86_400)) if given.isdecimal() else DEFAULT_WAIT


class Moved(Permanent):
    """The file is elsewhere; who asked decides whether to go there."""

    def __init__(self, location: str) -> None:
        super().__init__("the file has moved")
        self.location = location


class Http:
    """An aiohttp session and how long to wait. The session belongs to whoever made it."""

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self.answer_timeout = answer_timeout
        self._session = session
        self._timeout = aiohttp.ClientTimeout(
            total=None,
            connect=CONNECT_TIMEOUT,
            sock_connect=CONNECT_TIMEOUT,
            sock_read=answer_timeout,
        )

    async def post(self, url: str, **arguments: Any) -> Reply:
        """POST once; redirects are not followed.

        Raises:
            Temporary: the provider was not reached.
            OutcomeUnknown: the request left and no whole answer came.
            Permanent: the URL is none.
        """
        return await self._ask("POST", url, **arguments)

    async def put(self, url: str, **arguments: Any) -> Reply:
        """PUT once; raises as `post`."""
        return await self._ask("PUT", url, **arguments)

    async def get(self, url: str, **arguments: Any) -> Reply:
        """GET once; as nothing is changed by it, an answer that never came is Temporary.

        Raises:
            Temporary: the provider was not reached, or did not answer.
            Permanent: the URL is none.
        """
        try:
            return await self._ask("GET", url, **arguments)
        except OutcomeUnknown as error:
            raise Temporary(str(error)) from error

    async def download(self, url: str, limit: int, **arguments: Any) -> bytes:
        """GET a file of at most `limit` bytes; more than that is not even read.

        Raises:
            Temporary: not reached, or not all of it came.
            Permanent: it is not there, or is too large.
        """
        try:
            async with self._session.get(
                url, timeout=self._timeout, allow_redirects=False, **arguments
            ) as response:
                if response.status in _MOVED:
                    raise Moved(response.headers.get("Location", ""))
                if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise Temporary(f"the file's server answers {response.status}")
                if response.status >= HTTPStatus.BAD_REQUEST:
                    raise Permanent(f"the file cannot be had: {response.status}")
                content = bytearray()
                async for chunk in response.content.iter_chunked(65_536):
                    content += chunk
                    if len(content) > limit:
                        raise Permanent(f"the file is larger than {limit // 2**20} MB")
                return bytes(content)
        except aiohttp.InvalidURL as error:
            raise Permanent(f"not a URL: {error}", "url") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Temporary(f"not fetched: {error}") from error

    async def _ask(self, method: str, url: str, **arguments: Any) -> Reply:
        try:
            async with self._session.request(
                method, url, timeout=self._timeout, allow_redirects=False, **arguments
            ) as response:
                return Reply(response.status, await response.read(), response.headers)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Temporary(f"not reached: {error}") from error
        except aiohttp.InvalidURL as error:
            raise Permanent(f"not a URL: {error}", "url") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            reason = str(error) or type(error).__name__
            raise OutcomeUnknown(f"sent, but no answer came: {reason}") from error


def raise_for_busy(reply: Reply, words: str, *, proxies: bool = False) -> None:
    """Raise for the answers that mean the same everywhere.

    Args:
        proxies: a 502 may mean that the work was done and its answer lost; only where a receipt
            can tell which, since what nobody can tell is not sent again.

    Raises:
        Limited: 429.
        OutcomeUnknown: 504, where a proxy stopped waiting for whoever does the work; 502.
        Temporary: any other 5xx.
    """
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Limited(words, reply.wait)
    lost = reply.status == HTTPStatus.BAD_GATEWAY and proxies
    if lost or reply.status == HTTPStatus.GATEWAY_TIMEOUT:
        raise OutcomeUnknown(words)
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Temporary(words)
