"""What Swift Parcels does: takes delivery requests, posts tracking events, both signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator

from sandbox.clock import iso
from sandbox.contracts.schema import problems
from sandbox.outbox import Webhook
from sandbox.world import World

NAME = "Swift Parcels"
KINDS = (
    "reschedule",
    "change_address",
    "neighbour",
    "pickup_point",
    "safe_place",
    "contactless",
    "access_note",
    "cancel",
)
STATUSES = (
    "created",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "attempt_failed",
    "ready_for_pickup",
    "delayed",
    "exception",
    "returning",
    "returned",
    "cancelled",
    "unknown",
)
KEPT = 20_000
_BESIDES = (
    *("depot", "vehicle", "calls", "minutes_away", "stops_away"),
    *("handover", "proof", "collect"),
)
_WINDOW = {
    "type": ["object", "null"],
    "required": ["from", "to"],
    "properties": {"from": {"type": "string"}, "to": {"type": "string"}},
}
# This carrier is ours, and so is its contract.
REQUEST = Draft202012Validator(
    {
        "type": "object",
        "required": ["request_id", "tracking_number", "kind"],
        "properties": {
            "request_id": {"type": "string", "minLength": 1, "maxLength": 100},
            "tracking_number": {"type": "string", "minLength": 1, "maxLength": 100},
            "kind": {"enum": list(KINDS)},
            "window": _WINDOW,
            "note": {"type": ["string", "null"], "maxLength": 1000},
            "point": {"type": "string"},
            "place": {
                "type": "object",
                "required": ["latitude", "longitude"],
                "properties": {"latitude": {"type": "number"}, "longitude": {"type": "number"}},
            },
        },
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": "reschedule"}}},
                "then": {"required": ["window"], "properties": {"window": {"type": "object"}}},
            }
        ],
    }
)
EVENT = Draft202012Validator(
    {
        "type": "object",
        "required": ["tracking_number", "status"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "minLength": 1},
            "tracking_number": {"type": "string", "minLength": 1},
            "status": {"type": "string"},
            "code": {"type": "string"},
            "description": {"type": "string"},
            "at": {"type": "string"},
            "window": _WINDOW,
            "courier": {"type": ["object", "null"]},
            "location": {},
            "depot": {"type": "string"},
            "vehicle": {"type": "string"},
            "calls": {"type": "integer"},
            "minutes_away": {"type": "integer"},
            "stops_away": {"type": "integer"},
            "handover": {
                "enum": ["courier", "neighbour", "locker", "shop", "robot", "drone"],
            },
            "proof": {"type": "object"},
            "collect": {"type": "object"},
        },
    }
)


def signature(body: bytes, secret: str) -> str:
    """X-Doorstep-Signature: hex HMAC-SHA256 of the raw body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Carrier:
    """Answers requests once per id; what it accepted is told to ``on_accepted``."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.account = world.demo.carrier
        self.answers: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self.on_accepted: Callable[[dict[str, Any]], None] = lambda _: None

    def request(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Accept or reject a valid request; the same ``request_id`` gets the same answer."""
        known = self.answers.get(asked["request_id"])
        if known is not None:
            return known
        reason = self._objection(asked)
        answer = {
            "request_id": asked["request_id"],
            "state": "rejected" if reason else "accepted",
            "reason": reason,
        }
        self.answers[asked["request_id"]] = answer
        if len(self.answers) > KEPT:
            self.answers.popitem(last=False)
        if reason is None:
            self.on_accepted(asked)
        return answer

    def _objection(self, asked: dict[str, Any]) -> str | None:
        if self.world.faults.take("carrier", "reject"):
            return "The depot cannot change this delivery any more"
        if asked["kind"] == "reschedule" and not _is_window(asked["window"]):
            return "The window is not a pair of instants, the earlier one first"
        return None

    def event(self, event: dict[str, Any]) -> dict[str, Any]:
        """Post one tracking event; what is left out is filled in. Returns it whole."""
        at = event.get("at") or iso(self.world.clock.now())
        whole: dict[str, Any] = {
            "id": event.get("id") or f"{event['tracking_number']}-{event['status']}-{at}",
            "tracking_number": event["tracking_number"],
            "status": event["status"],
            "code": event.get("code") or event["status"].upper(),
            "description": event.get("description") or event["status"].replace("_", " "),
            "at": at,
            "window": event.get("window"),
            "courier": event.get("courier"),
            "location": event.get("location"),
            **{name: event[name] for name in _BESIDES if name in event},
        }
        self.events([whole])
        return whole

    def events(self, events: list[dict[str, Any]]) -> None:
        body = json.dumps({"events": events}, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Doorstep-Signature": signature(body, self.account.secret),
            "User-Agent": "SwiftParcels-Webhooks/2.0",
        }
        url = f"{self.world.demo.gateway}/webhooks/carriers/{self.account.account_id}"
        lane = f"carrier:{events[0]['tracking_number']}"
        self.world.outbox.post(Webhook("carrier", "status", url, body, headers, lane))


def request_problems(asked: Any) -> list[str]:
    return problems(REQUEST.iter_errors(asked))


def event_problems(event: Any) -> list[str]:
    return problems(EVENT.iter_errors(event))


def _is_window(window: dict[str, str]) -> bool:
    try:
        start, end = (datetime.fromisoformat(window[key]) for key in ("from", "to"))
        return start.tzinfo is not None and end.tzinfo is not None and start < end
    except ValueError:
        return False
