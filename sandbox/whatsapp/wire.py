"""Meta's forms: errors, webhook envelopes, signatures. No I/O."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.config import WhatsAppAccount
from sandbox.phones import Phone

DOCS = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """An answer other than success. ``details`` says what exactly is wrong."""

    status: int
    code: int
    message: str
    details: str | None = None
    kind: str = "OAuthException"
    subcode: int | None = None

    def as_json(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode:
            error["error_subcode"] = self.subcode
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return {"error": error}


def bad_parameter(details: str) -> Refusal:
    return Refusal(400, 100, "(#100) Invalid parameter", details)


def bad_value(details: str) -> Refusal:
    return Refusal(400, 131009, "(#131009) Parameter value is not valid", details)


# What happens to a message after it was accepted: title, and the details for the merchant.
FAILURES = {
    131026: ("Message undeliverable", "Message Undeliverable."),
    131047: (
        "Re-engagement message",
        (
            "Message failed to send because more than 24 hours have passed since the customer "
            "last replied to this number."
        ),
    ),
}


def failure(code: int) -> dict[str, Any]:
    """An entry of a failed status' ``errors``."""
    title, details = FAILURES[code]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details},
        "href": DOCS,
    }


def new_wamid(number: str) -> str:
    inside = b"\x1d\x0b" + number.lstrip("+").encode() + secrets.token_bytes(12)
    return "wamid." + base64.b64encode(inside).decode()


def wa_id(number: str) -> str:
    return number.lstrip("+")


def timestamp(when: datetime) -> str:
    return str(int(when.timestamp()))


def decision(
    template: dict[str, Any], state: str | None, category: str | None
) -> tuple[str, dict[str, Any]]:
    """The field and the ``value`` of a webhook about a template."""
    about = {
        "message_template_id": int(template.get("id", 0)),
        "message_template_name": template["name"],
        "message_template_language": template["language"],
    }
    if state is not None:
        reason = "NONE" if state == "APPROVED" else "INCORRECT_CATEGORY"
        return "message_template_status_update", {**about, "event": state, "reason": reason}
    changed = {"previous_category": "UTILITY", "new_category": str(category).upper()}
    return "template_category_update", {**about, **changed}


def envelope(account: WhatsAppAccount, value: dict[str, Any], field: str = "messages") -> bytes:
    """The whole payload of a webhook around one ``value``."""
    metadata = {
        "display_phone_number": wa_id(account.number),
        "phone_number_id": account.phone_number_id,
    }
    if field == "messages":
        value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    change = {"value": value, "field": field}
    entry = {"id": account.business_account_id, "changes": [change]}
    payload = {"object": "whatsapp_business_account", "entry": [entry]}
    return json.dumps(payload, separators=(",", ":")).encode()


def headers(body: bytes, app_secret: str) -> dict[str, str]:
    digest = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": f"sha256={digest}",
        "User-Agent": "facebookexternalua",
    }


def contact(phone: Phone) -> dict[str, Any]:
    return {
        "profile": {"name": phone.name},
        "wa_id": wa_id(phone.number),
        "user_id": phone.whatsapp_user_id,
    }


def incoming(phone: Phone, wamid: str, at: datetime, content: dict[str, Any]) -> dict[str, Any]:
    """The ``value`` of a customer's message."""
    message = {
        "from": wa_id(phone.number),
        "from_user_id": phone.whatsapp_user_id,
        "id": wamid,
        "timestamp": timestamp(at),
        **content,
    }
    return {"contacts": [contact(phone)], "messages": [message]}


def status(
    phone: Phone, wamid: str, name: str, at: datetime, token: str | None, billing: str
) -> dict[str, Any]:
    """One entry of ``statuses``; ``billing``: the category that Meta bills it under."""
    found: dict[str, Any] = {
        "id": wamid,
        "status": name,
        "timestamp": timestamp(at),
        "recipient_id": wa_id(phone.number),
        "recipient_user_id": phone.whatsapp_user_id,
    }
    if name in ("sent", "delivered"):
        found["pricing"] = {
            "billable": billing != "service",
            "pricing_model": "PMP",
            "category": billing,
            "type": "regular" if billing != "service" else "free_customer_service",
        }
    if token is not None:
        found["biz_opaque_callback_data"] = token
    return found
