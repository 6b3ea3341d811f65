"""Sending through Twilio's own client, over the house's HTTP session."""

from collections.abc import Mapping
from typing import Any, override
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import aiohttp
from twilio.base import values
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.channels.base import Account
from bot.channels.http import Http, Moved, raise_for_busy
from bot.channels.reading import credential
from bot.channels.twilio.errors import refusal
from bot.domain.errors import OutcomeUnknown, Permanent

API_BASE = "https://api.twilio.com"
_STORES = (".twilio.com", ".twiliocdn.com", ".amazonaws.com")


class _Transport(AsyncTwilioHttpClient):
    """Twilio's transport, led to an account's own base and to the house's errors."""

    def __init__(self, http: Http, base: str) -> None:
        super().__init__(pool_connections=False)  # pyright: ignore[reportUnknownMemberType]
        self._http = http
        self._base = base.rstrip("/")

    @override
    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        headers = dict(headers or {})
        if auth:
            headers["Authorization"] = aiohttp.encode_basic_auth(*auth)
        reply = await self._http.post(self._base + urlsplit(url).path, data=data, headers=headers)
        words = f"twilio: {reply.document.get('message') or reply.status}"
        raise_for_busy(reply, words, proxies=True)
        return Response(reply.status, reply.text, reply.headers)


async def send(
    http: Http, account: Account, *, sender: str, to: str, reference: UUID, **content: Any
) -> str:
    """Send one message; our id travels in the callback's URL. Returns Twilio's message SID.

    Args:
        sender: in Twilio's form, "whatsapp:+44..." for WhatsApp.
        to: in the same form.
        content: `body` and `media_url` or one of them, or `content_sid` and `content_variables`.
    """
    base = account.options.get("api_base") or API_BASE
    sid, token = credential(account, "account_sid"), credential(account, "auth_token")
    twilio = Client(sid, token, http_client=_Transport(http, base))
    try:
        message = await twilio.messages.create_async(
            to=to, from_=sender, status_callback=_callback(account, reference), **content
        )
    except TwilioRestException as error:
        raise refusal(str(error.code or ""), error.msg) from error
    except TwilioServiceException as error:
        raise refusal(str(error.code), error.detail or error.title) from error
    except (TwilioException, ValueError, AttributeError, TypeError) as error:
        raise OutcomeUnknown(f"twilio's answer cannot be read: {error}") from error
    if not message.sid:
        raise OutcomeUnknown("twilio's answer names no message")
    return message.sid


def words_and_file(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A payload's `body` and `media_url`, of which either may be missing, as `send` takes them."""
    said: dict[str, Any] = {"body": str(payload["body"])} if payload.get("body") else {}
    return said | ({"media_url": [str(payload["media_url"])]} if "media_url" in payload else {})


def _callback(account: Account, reference: UUID) -> str | object:
    base = account.options.get("callback_url")
    if not base:
        return values.unset
    return f"{base}{'&' if '?' in base else '?'}{urlencode({'message': str(reference)})}"


async def fetch(http: Http, account: Account, media: str, limit: int) -> bytes:
    """Fetch a file from Twilio, which may send us on to its store, once.

    Raises:
        Temporary, Permanent: as `Http.download`; Permanent too for any other host.
    """
    base = urlsplit(account.options.get("api_base") or API_BASE)
    asked = urlsplit(media)
    if (asked.scheme, asked.netloc) != (base.scheme, base.netloc):
        raise Permanent("the file is not at Twilio")
    sid, token = credential(account, "account_sid"), credential(account, "auth_token")
    headers = {"Authorization": aiohttp.encode_basic_auth(sid, token)}
    try:
        return await http.download(media, limit, headers=headers)
    except Moved as moved:
        there = urlsplit(moved.location)
        if there.scheme != "https" or not (there.hostname or "").endswith(_STORES):
            raise Permanent("the file is not at Twilio") from None
        # Without our credentials: the address itself is signed.
        return await http.download(moved.location, limit)
