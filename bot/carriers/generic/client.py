"""Asking the generic carrier for a change."""

import json
from typing import Any

from bot.carriers.base import Answer, Instruction
from bot.carriers.generic.parse import SIGNATURE
from bot.channels.base import Account
from bot.channels.http import Http, Reply, raise_for_busy
from bot.channels.reading import credential, hex_sha256
from bot.domain.errors import OutcomeUnknown, Permanent
from bot.domain.request import RequestState

_ANSWERS = {RequestState.requested, RequestState.accepted, RequestState.rejected}


async def instruct(http: Http, account: Account, instruction: Instruction) -> Answer:
    """POST a signed request and read the answer.

    Raises:
        Limited, Temporary, Permanent, OutcomeUnknown: as a channel's `send` does.
    """
    base = account.options.get("api_base", "").rstrip("/")
    if not base:
        raise Permanent(f"the carrier account {account.id} has no api_base", "account")
    body = json.dumps(_document(instruction)).encode()
    reply = await http.post(
        f"{base}/requests",
        data=body,
        headers={
            "Content-Type": "application/json",
            SIGNATURE: f"sha256={hex_sha256(credential(account, 'secret'), body)}",
        },
    )
    if not reply.ok:
        words = f"the carrier said {reply.status}: {_said(reply)}".rstrip(": ")
        raise_for_busy(reply, words)
        raise Permanent(words, str(reply.status))
    return _answer(reply, instruction)


def _document(instruction: Instruction) -> dict[str, Any]:
    window = instruction.window
    times = {"from": window.start.isoformat(), "to": window.end.isoformat()} if window else None
    return {
        "request_id": str(instruction.request_id),
        "tracking_number": instruction.tracking_number,
        "kind": instruction.kind.value,
        "window": times,
        "note": instruction.note,
        **_where(instruction),
    }


def _where(instruction: Instruction) -> dict[str, Any]:
    """Where it is to go, if more is known than the words of the note."""
    known: dict[str, Any] = {"point": instruction.point} if instruction.point else {}
    if instruction.place:
        latitude, longitude = instruction.place
        known["place"] = {"latitude": latitude, "longitude": longitude}
    return known


def _answer(reply: Reply, instruction: Instruction) -> Answer:
    document = reply.document
    state = document.get("state")
    if document.get("request_id") != str(instruction.request_id):
        raise OutcomeUnknown("the carrier's answer is to another request")
    if not isinstance(state, str) or state not in _ANSWERS:
        raise OutcomeUnknown(f"the carrier's answer has an unknown state: {state!r}")
    return Answer(RequestState(state), str(document.get("reason") or ""))


def _said(reply: Reply) -> str:
    keys = ("reason", "detail", "title", "error")
    return next((str(reply.document[key]) for key in keys if reply.document.get(key)), "")
