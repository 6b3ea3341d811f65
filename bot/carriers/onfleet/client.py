"""Asking Onfleet, and changing its tasks.

https://docs.onfleet.com/reference/update-task
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.carriers.base import Answer, CarrierEvent, Instruction
from bot.carriers.onfleet.parse import event_of
from bot.carriers.shared import answered, base_of
from bot.channels.base import Account
from bot.channels.http import Http
from bot.channels.reading import Reader, credential
from bot.domain.errors import MalformedUpdate, NotTaken, Temporary
from bot.domain.request import RequestKind, RequestState

API_BASE = "https://onfleet.com/api/v2"
_NOTED = {
    RequestKind.neighbour: "Leave with the neighbour",
    RequestKind.safe_place: "Leave in a safe place",
    RequestKind.contactless: "No contact, please",
    RequestKind.access_note: "Access",
}
KINDS = frozenset({RequestKind.reschedule, RequestKind.change_address, *_NOTED})
"""What a task can be changed to; what has no field of its own is a note to the driver."""
_FINISHED = 3


async def track(http: Http, account: Account, number: str) -> list[CarrierEvent]:
    """The task's present state as one event; none for an unknown number."""
    task = await _task(http, account, number)
    if task is None:
        return []
    try:
        changed = datetime.fromtimestamp(task["timeLastModified"].number / 1000, UTC)
        return [event_of(task, "taskUpdated", changed, None)]
    except (MalformedUpdate, OSError, OverflowError, ValueError) as error:
        raise Temporary(f"onfleet: {error}") from error


async def instruct(http: Http, account: Account, instruction: Instruction) -> Answer:
    """Put the change into the task; what it says already is not said again."""
    task = await _task(http, account, instruction.tracking_number)
    if task is None:
        return Answer(RequestState.rejected, "Onfleet knows no such task")
    if task.object.get("state") == _FINISHED:
        return Answer(RequestState.rejected, "the task is completed")
    change = _change(instruction, task.text_at("notes"))
    if change:
        url = f"{base_of(account, API_BASE)}/tasks/{quote(task['id'].filled, safe='~')}"
        answered(await http.put(url, json=change, headers=_key(account)), "onfleet")
    return Answer(RequestState.accepted)


def _change(instruction: Instruction, notes: str) -> dict[str, Any]:
    window = instruction.window
    if instruction.kind is RequestKind.reschedule and window is not None:
        return {
            "completeAfter": int(window.start.timestamp() * 1000),
            "completeBefore": int(window.end.timestamp() * 1000),
        }
    if instruction.kind is RequestKind.change_address:
        if instruction.place is not None:
            # It takes coordinates only beside every part of a street address.
            raise NotTaken("Onfleet takes an address in words, and no place on a map")
        return {"destination": {"address": {"unparsed": instruction.note}}}
    line = f"{_NOTED[instruction.kind]}: {instruction.note}".rstrip(": ")
    return {} if line in notes else {"notes": f"{notes}\n{line}".strip()}


async def _task(http: Http, account: Account, number: str) -> Reader | None:
    url = f"{base_of(account, API_BASE)}/tasks/shortId/{quote(number, safe='')}"
    reply = await http.get(url, headers=_key(account))
    if reply.status == HTTPStatus.NOT_FOUND:
        return None
    return answered(reply, "onfleet")


def _key(account: Account) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth(credential(account, "api_key"), "")}
