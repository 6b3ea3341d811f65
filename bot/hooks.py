"""Calls to URLs that merchants name: signed, over https, and never into our own network.

Signed as https://www.standardwebhooks.com says: HMAC-SHA256 over `id.timestamp.body`.
"""

import base64
import hashlib
import hmac
import ipaddress
import socket
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.domain.errors import Limited, OutcomeUnknown, Permanent, Temporary

_TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
_COME_BACK = frozenset({408, 425, 429})
_WAIT = timedelta(seconds=30)


class Hooks:
    """Calls merchants' systems.

    Args:
        secret: the installation's; every merchant's key is made from it.
        private: whether http and addresses of our own network are allowed, for the sandbox.
    """

    def __init__(self, secret: str, *, private: bool = False) -> None:
        self._key = hashlib.sha256(b"doorstep webhooks " + secret.encode()).digest()
        self._private = private
        self._opened: aiohttp.ClientSession | None = None

    def secret(self, merchant_id: UUID) -> str:
        """What a merchant checks signatures with."""
        return f"whsec_{base64.b64encode(self._secret(merchant_id)).decode()}"

    async def call(self, merchant_id: UUID, key: str, url: str, body: bytes, now: datetime) -> None:
        """POST once; any 2xx is a yes, and redirects are not followed.

        Raises:
            Temporary: it was not reached, or asks to come back.
            OutcomeUnknown: it was asked, and did not answer.
            Permanent: it may not be called, or refuses.
        """
        self._check(url)
        stamp = str(int(now.timestamp()))
        signed = f"{key}.{stamp}.".encode() + body
        mac = hmac.digest(self._secret(merchant_id), signed, "sha256")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Doorstep",
            "webhook-id": key,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
        }
        try:
            async with self._session.post(
                url, data=body, headers=headers, allow_redirects=False, timeout=_TIMEOUT
            ) as response:
                _judge(response.status)
        except aiohttp.InvalidURL:
            raise Permanent(f"{url!r} is no URL") from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Temporary(f"{URL(url).host} was not reached: {error}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OutcomeUnknown(f"{URL(url).host} did not answer") from error

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()

    def _secret(self, merchant_id: UUID) -> bytes:
        return hmac.digest(self._key, merchant_id.bytes, "sha256")

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            resolver = None if self._private else _PublicOnly()
            self._opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._opened

    def _check(self, url: str) -> None:
        try:
            parsed = URL(url)
        except ValueError:
            raise Permanent(f"{url!r} is no URL") from None
        if self._private:
            return
        if parsed.scheme != "https":
            raise Permanent(f"{url}: webhooks are called over https only")
        # An address in the place of a name is never resolved; so it is looked at here.
        if parsed.host and _is_address(parsed.host) and not is_public(parsed.host):
            raise Permanent(f"{parsed.host} is not a public address")


class _PublicOnly(AbstractResolver):
    """Names are looked up at the moment of the call; one that leads into our network leads nowhere."""

    def __init__(self) -> None:
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(one["host"]) for one in found):
            raise OSError(None, f"{host} is not at a public address")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet's, for one host."""
    known = ipaddress.ip_address(address.partition("%")[0])
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    known = mapped or known
    return known.is_global and not known.is_multicast


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _judge(status: int) -> None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Limited("it asks to slow down", _WAIT)
    if status in _COME_BACK or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Temporary(f"it answers {status}")
    raise Permanent(f"it answers {status}")
