"""Asking Delhivery, and its NDR actions."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bot.carriers.base import Answer, CarrierEvent, Instruction
from bot.carriers.delhivery.parse import event_of
from bot.carriers.shared import answered, base_of
from bot.channels.base import Account
from bot.channels.http import Http
from bot.channels.reading import Reader, credential
from bot.domain.errors import MalformedUpdate, Temporary
from bot.domain.request import RequestKind, RequestState

API_BASE = "https://track.delhivery.com"
KINDS = frozenset({RequestKind.reschedule})
_INDIA = ZoneInfo("Asia/Kolkata")


async def track(http: Http, account: Account, number: str) -> list[CarrierEvent]:
    """Every scan of a waybill; none for an unknown number."""
    query = urlencode({"waybill": number})
    url = f"{base_of(account, API_BASE)}/api/v1/packages/json/?{query}"
    document = answered(await http.get(url, headers=_token(account)), "delhivery")
    try:
        return [
            _scan(number, scan["ScanDetail"])
            for one in document.each("ShipmentData")
            for scan in one["Shipment"].each("Scans")
        ]
    except MalformedUpdate as error:
        raise Temporary(f"delhivery: {error}") from error


def _scan(number: str, scan: Reader) -> CarrierEvent:
    said = scan["ScanType"].filled, scan["Scan"].filled
    return event_of(number, said, scan["StatusDateTime"], scan.text_at("StatusCode"), scan)


async def instruct(http: Http, account: Account, instruction: Instruction) -> Answer:
    """Ask for another attempt on the day of the window."""
    action = {"waybill": instruction.tracking_number, **_action(instruction)}
    reply = await http.post(
        f"{base_of(account, API_BASE)}/api/p/update",
        json={"data": [action]},
        headers=_token(account),
    )
    document = answered(reply, "delhivery")
    # The action itself is worked off later; its outcome is the next scan.
    if document.object.get("request_id") or document.object.get("success"):
        return Answer(RequestState.accepted)
    said = document.object.get("error") or document.object.get("message")
    return Answer(RequestState.rejected, str(said or "Delhivery took no action"))


def _action(instruction: Instruction) -> dict[str, Any]:
    """The next day that they come is an attempt again; a later one is the attempt put off."""
    assert instruction.window is not None, "a reschedule has its window"
    day = instruction.window.start.astimezone(_INDIA).date()
    today = instruction.at.astimezone(_INDIA).date() if instruction.at else None
    if today is not None and day <= today + timedelta(days=1):
        return {"act": "RE-ATTEMPT"}
    return {"act": "DEFER_DLV", "action_data": {"deferred_date": day.isoformat()}}


def _token(account: Account) -> dict[str, str]:
    return {"Authorization": f"Token {credential(account, 'api_token')}"}
