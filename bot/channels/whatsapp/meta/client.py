"""Sending through the Cloud API.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from bot.channels.base import Account
from bot.channels.http import Http, Reply
from bot.channels.reading import credential
from bot.channels.whatsapp.meta.errors import refusal
from bot.channels.whatsapp.meta.parse import phone_number_id
from bot.domain.errors import OutcomeUnknown, Permanent, Temporary

API_BASE = "https://graph.facebook.com"
VERSION = "v23.0"
_STORES = (".fbsbx.com", ".facebook.com", ".fbcdn.net", ".whatsapp.net")

_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


def base_of(account: Account) -> str:
    """Where an account's API is, its version included."""
    return f"{(account.options.get('api_base') or API_BASE).rstrip('/')}/{VERSION}"


async def send(
    http: Http, account: Account, to: str, payload: Mapping[str, Any], reference: UUID
) -> str:
    """Send one payload; our id comes back in every status. Returns the message's wamid."""
    reply = await http.post(
        f"{base_of(account)}/{phone_number_id(account)}/messages",
        json={
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **_recipient(to),
            **payload,
            "biz_opaque_callback_data": str(reference),
        },
        headers={"Authorization": f"Bearer {credential(account, 'access_token')}"},
    )
    if not reply.ok:
        raise refusal(reply)
    return _wamid(reply)


def _recipient(to: str) -> dict[str, str]:
    # A BSUID in `to` is accepted, taken for a phone number, and silently dropped.
    return {"recipient": to} if _USER_ID.fullmatch(to) else {"to": to.removeprefix("+")}


def _wamid(reply: Reply) -> str:
    messages = reply.document.get("messages")
    first = cast("list[object]", messages)[:1] if isinstance(messages, list) else []
    for message in first:
        if isinstance(message, dict):
            wamid = cast("dict[str, object]", message).get("id")
            if isinstance(wamid, str) and wamid:
                return wamid
    raise OutcomeUnknown("whatsapp's answer names no message")


async def fetch(http: Http, account: Account, media: str, limit: int) -> bytes:
    """Ask where a file is, and fetch it there.

    https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media

    Raises:
        Temporary, Permanent: as `Http.download`; Permanent too for any other host.
    """
    if not media.isdecimal():
        raise Permanent("the file has no id of Meta's")
    headers = {"Authorization": f"Bearer {credential(account, 'access_token')}"}
    reply = await http.get(f"{base_of(account)}/{media}", headers=headers)
    if not reply.ok:
        error = refusal(reply)
        raise error if isinstance(error, Temporary) else Permanent(str(error))
    url = str(reply.document.get("url", ""))
    there, base = urlsplit(url), urlsplit(base_of(account))
    at_meta = there.scheme == "https" and (there.hostname or "").endswith(_STORES)
    # The token goes along: to nobody but Meta.
    if not at_meta and (there.scheme, there.netloc) != (base.scheme, base.netloc):
        raise Permanent("the file is not at Meta")
    return await http.download(url, limit, headers=headers)
