"""Contents: the shapes in which Twilio sends buttons and lists.

https://www.twilio.com/docs/content/twilio-quick-reply and
https://www.twilio.com/docs/content/twiliolist-picker: every text in them, ids included, may be a
variable. So one Content serves all messages of a shape (three buttons; five rows of which the
second is described), and none has to be made per message. Within the 24 hours they need no
approval by WhatsApp.
"""

import json
from collections.abc import Mapping
from itertools import count
from typing import Any, cast
from uuid import UUID

import aiohttp

from bot.channels.base import Account
from bot.channels.http import Http, Reply, raise_for_busy
from bot.channels.reading import credential
from bot.channels.twilio.errors import refusal
from bot.domain.errors import OutcomeUnknown, Temporary

CONTENT_BASE = "https://content.twilio.com"
_VERSION = 1
"""Of the shapes below, in the Contents' names: a changed shape is another Content."""


def variables(payload: Mapping[str, Any]) -> str:
    """`ContentVariables`: a JSON object from "1" on."""
    values = enumerate(cast("list[str]", payload["variables"]), 1)
    return json.dumps({str(place): text for place, text in values}, ensure_ascii=False)


def url(account: Account, path: str) -> str:
    """Where a resource of the Content API is."""
    return f"{(account.options.get('content_base') or CONTENT_BASE).rstrip('/')}/v1/{path}"


def authorization(account: Account) -> dict[str, str]:
    """The header that says who asks."""
    sid, token = credential(account, "account_sid"), credential(account, "auth_token")
    return {"Authorization": aiohttp.encode_basic_auth(sid, token)}


def error_of(reply: Reply) -> Exception:
    """The error for an answer of the Content API that is not a success."""
    said = str(reply.document.get("message") or f"HTTP {reply.status}")
    try:
        raise_for_busy(reply, f"twilio: {said}")
    except OutcomeUnknown as error:
        # A Content made twice harms nobody.
        return Temporary(str(error))
    except Temporary as error:
        return error
    return refusal(str(reply.document.get("code") or ""), said)


class Contents:
    """Which Content serves which shape, per account; found at Twilio, or made there."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._known: dict[tuple[UUID, str], str] = {}

    async def sid_of(self, account: Account, payload: Mapping[str, Any]) -> str:
        """The SID of the Content for a payload's shape.

        Raises:
            Limited, Temporary: ask again later; nothing has been sent.
            Permanent: refused.
        """
        shape = cast("dict[str, Any]", payload["content"])
        name = _name(shape)
        known = self._known.get((account.id, name))
        if known is None:
            known = await self._find(account, name) or await self._make(account, name, shape)
            self._known[account.id, name] = known
        return known

    async def _find(self, account: Account, name: str) -> str | None:
        """Learn all shapes that an earlier process made, so that each is looked for once."""
        there = url(account, "Content?PageSize=500")
        reply = await self._http.get(there, headers=authorization(account))
        if not reply.ok:
            raise error_of(reply)
        for row in cast("list[dict[str, Any]]", reply.document.get("contents") or []):
            if str(row.get("friendly_name", "")).startswith("doorstep_shape_"):
                self._known.setdefault((account.id, str(row["friendly_name"])), str(row["sid"]))
        return self._known.get((account.id, name))

    async def _make(self, account: Account, name: str, shape: Mapping[str, Any]) -> str:
        reply = await make(self._http, account, name, "en", _types(shape), _samples(shape))
        return str(reply["sid"])


async def make(
    http: Http,
    account: Account,
    name: str,
    language: str,
    types: Mapping[str, Any],
    samples: Mapping[str, str],
) -> dict[str, Any]:
    """Make a Content; returns Twilio's description of it. Raises as `Contents.sid_of`."""
    try:
        reply = await http.post(
            url(account, "Content"),
            json={
                "friendly_name": name,
                "language": language,
                "variables": dict(samples),
                "types": dict(types),
            },
            headers=authorization(account),
        )
    except OutcomeUnknown as error:
        raise Temporary(str(error)) from error
    if not reply.ok:
        raise error_of(reply)
    if not reply.document.get("sid"):
        raise Temporary("twilio's answer names no Content")
    return reply.document


def _name(shape: Mapping[str, Any]) -> str:
    rows = cast("list[bool] | None", shape.get("rows"))
    form = f"buttons_{shape['buttons']}" if rows is None else f"list_{_mask(rows)}"
    return f"doorstep_shape_{form}_v{_VERSION}"


def _mask(rows: list[bool]) -> str:
    return "".join("d" if described else "t" for described in rows)


def _types(shape: Mapping[str, Any]) -> dict[str, Any]:
    number = count(1)

    def place() -> str:
        return f"{{{{{next(number)}}}}}"

    body, rows = place(), cast("list[bool] | None", shape.get("rows"))
    if rows is None:
        actions = [
            {"type": "QUICK_REPLY", "title": place(), "id": place()}
            for _ in range(int(shape["buttons"]))
        ]
        return {"twilio/quick-reply": {"body": body, "actions": actions}}
    button = place()
    items = [
        {"item": place(), "id": place(), **({"description": place()} if described else {})}
        for described in rows
    ]
    return {"twilio/list-picker": {"body": body, "button": button, "items": items}}


def _samples(shape: Mapping[str, Any]) -> dict[str, str]:
    rows = cast("list[bool] | None", shape.get("rows"))
    places = 1 + 2 * int(shape["buttons"]) if rows is None else 2 + sum(2 + d for d in rows)
    return {str(place): f"sample {place}" for place in range(1, places + 1)}
