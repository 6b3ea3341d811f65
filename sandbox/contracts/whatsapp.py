"""WhatsApp's Cloud API messages, from Meta's OpenAPI description, with its slips corrected.

Read strictly, that description refuses Meta's own examples. Each correction below is one
which an example of the same document needs (a test holds all examples against the result):

* every message type is ``allOf`` of the common properties and an object which allows no other
  property: nothing can satisfy both, so the two are merged into one object;
* ``recipient_type`` and ``type`` may be left out (individual, text);
* ``language.policy`` may be left out; a location's coordinates may be numbers;
* a template button's ``index`` is 0-9, its ``sub_type`` in any case, "flow" among them;
* a read receipt (``status: read``, perhaps with a typing indicator) is an example without schema;
* ``biz_opaque_callback_data`` (up to 512 characters) and ``recipient`` (a business-scoped user
  id in place of ``to``) are documented by Meta outside this description.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from sandbox.contracts.schema import extract, problems, validator

SEND = "/{Version}/{Phone-Number-ID}/messages"
_ADDED = {
    "biz_opaque_callback_data": {"type": "string", "maxLength": 512},
    "recipient": {"type": "string"},
}
_READ_RECEIPT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["messaging_product", "status", "message_id"],
    "properties": {
        "messaging_product": {"const": "whatsapp"},
        "status": {"const": "read"},
        "message_id": {"type": "string", "minLength": 1},
        "typing_indicator": {
            "type": "object",
            "required": ["type"],
            "properties": {"type": {"const": "text"}},
        },
    },
}


def _document() -> dict[str, Any]:
    return extract("whatsapp_messages.json")


@cache
def _definitions() -> dict[str, Any]:
    schemas = copy.deepcopy(_document()["components"]["schemas"])
    schemas["LanguageObject"]["required"].remove("policy")
    component = schemas["TemplateComponent"]["properties"]
    component["index"] = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]$"}]}
    names = component["sub_type"]["enum"] + ["flow"]
    component["sub_type"]["enum"] = names + [name.upper() for name in names]
    location = schemas["LocationMessage"]["allOf"][1]["properties"]["location"]["properties"]
    for axis in ("latitude", "longitude"):
        location[axis]["type"] = ["string", "number"]
    return schemas


@cache
def _message(kind: str) -> Draft202012Validator | None:
    mapping = _document()["components"]["schemas"]["Message"]["discriminator"]["mapping"]
    if kind not in mapping:
        return None
    schemas = _definitions()
    base = schemas["BaseMessageProperties"]
    own = schemas[mapping[kind].rsplit("/", 1)[1]]["allOf"][1]
    properties = {**base["properties"], **own["properties"], **_ADDED}
    properties["messaging_product"] = {"const": "whatsapp"}
    merged = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": ["messaging_product", *own["required"]],
        "anyOf": [{"required": ["to"]}, {"required": ["recipient"]}],
    }
    return validator(merged, schemas)


@cache
def _receipt() -> Draft202012Validator:
    return Draft202012Validator(_READ_RECEIPT)


@cache
def payload_validator() -> Draft202012Validator:
    """Validates the envelope of a webhook, statuses included.

    Not what is inside ``messages``: the description mixes up inbound and outbound messages there.
    """
    schemas = copy.deepcopy(_document()["components"]["schemas"])
    schemas["IncomingMessage"] = {"type": "object", "required": ["id", "timestamp", "type"]}
    return validator({"$ref": "#/components/schemas/WebhookPayload"}, schemas)


def examples(path: str) -> dict[str, Any]:
    """Meta's own examples of a request body, by name."""
    body = _document()["paths"][path]["post"]["requestBody"]
    return {
        name: item["value"]
        for name, item in body["content"]["application/json"]["examples"].items()
    }


def send_problems(body: Any) -> list[str]:
    """What breaks the contract in the body of a ``POST messages``."""
    if not isinstance(body, dict):
        return ["(whole): not a JSON object"]
    if "status" in body:
        return problems(_receipt().iter_errors(body))
    kind = body.get("type", "text")
    found = _message(kind) if isinstance(kind, str) else None
    if found is None:
        return [f"type: {kind!r} is not a message type"]
    return problems(found.iter_errors(body))
