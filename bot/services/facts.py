"""What the wording may say of a parcel: plain JSON, worded and localised at delivery."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.conversation import Contact
from bot.domain.money import Money
from bot.domain.shipment import Shipment
from bot.domain.when import Window
from bot.services.links import Links


def window_fact(window: Window | None, timezone: str) -> dict[str, str] | None:
    """A window with the zone in which it is to be read out."""
    if window is None:
        return None
    zone = ZoneInfo(timezone)
    return {
        "start": window.start.astimezone(zone).isoformat(),
        "end": window.end.astimezone(zone).isoformat(),
        "tz": timezone,
    }


def money_fact(money: Money) -> dict[str, Any] | None:
    """A sum to be read out; None when it is nothing."""
    return {"amount": money.amount, "currency": money.currency} if money else None


def parcel_facts(shipment: Shipment, links: Links) -> dict[str, Any]:
    """Everything a sentence about one parcel may use, under the names the templates know."""
    return {
        "item": shipment.item,
        "last4": shipment.last_digits,
        "carrier": shipment.carrier,
        "status": str(shipment.status),
        "window": window_fact(shipment.window, shipment.timezone),
        **_ours(shipment),
        **_courier(shipment),
        "at": shipment.status_at.isoformat() if shipment.status_at else None,
        "tz": shipment.timezone,
        "link": links.tracking_page(shipment.id),
        "handover": shipment.handover.value,
        **_handed(shipment.details),
    }


def _courier(shipment: Shipment) -> dict[str, Any]:
    """Who brings it, and the merchant's line to them; nobody where it comes by itself."""
    if shipment.handover.by_itself:
        return {"courier": None, "courier_phone": None, "courier_line": ""}
    line = (shipment.courier_phone or "") if shipment.details.get("line") else ""
    return {
        "courier": shipment.courier_name,
        "courier_phone": shipment.courier_phone,
        "courier_line": line,
    }


def _ours(shipment: Shipment) -> dict[str, Any]:
    """Our own estimate where it stands: `ours`, and in `ours_by` what it goes by."""
    estimate = shipment.estimate
    if estimate is None or not estimate.by.ours:
        return {"ours": None, "ours_by": ""}
    return {
        "ours": window_fact(estimate.window, shipment.timezone),
        "ours_by": estimate.by.value,
    }


def notice_facts(contact: Contact, shipment: Shipment, links: Links) -> dict[str, Any]:
    """What a notice about one parcel may say to whom it goes to."""
    return {
        "name": contact.name.split(" ")[0],
        "parcel": parcel_facts(shipment, links),
        "link": links.tracking_page(shipment.id),
    }


def _openable(url: object) -> str:
    """A link that a customer may be given; nothing but the web's own schemes."""
    address = str(url or "")
    return address if address.startswith(("https://", "http://")) else ""


_COLLECT = ("place", "code", "until", "link", "hours")


def _handed(details: Mapping[str, Any]) -> dict[str, Any]:
    """Who signed, and where it waits; empty where nobody said."""
    proof: Mapping[str, Any] = details.get("proof") or {}
    collect: Mapping[str, Any] = details.get("collect") or {}
    return {
        "signed_by": str(proof.get("signed_by") or ""),
        "left_at": str(proof.get("left_at") or ""),
        "photo": _openable(proof.get("photo_url")),
        "code_checked": bool(proof.get("code_checked")),
        "collect": {name: collect.get(name) or "" for name in _COLLECT},
    }
