"""Twilio's Messages and Content resources, from its OpenAPI descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from sandbox.contracts.schema import extract, problems, validator

COLLECTION = "/2010-04-01/Accounts/{AccountSid}/Messages.json"


APPROVAL = "/v1/Content/{ContentSid}/ApprovalRequests/whatsapp"


def _definitions(name: str = "twilio_messages.json") -> dict[str, Any]:
    schemas = extract(name)["components"]["schemas"]
    return {schema: _nullable(described) for schema, described in schemas.items()}


def _document() -> dict[str, Any]:
    return extract("twilio_messages.json")


def _nullable(schema: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` as JSON Schema says it."""
    if isinstance(schema, list):
        return [_nullable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: _nullable(value) for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") and "type" in copy:
        copy["type"] = [copy["type"], "null"]
    return copy


@cache
def _create_schema() -> dict[str, Any]:
    body = _document()["paths"][COLLECTION]["post"]["requestBody"]["content"]
    return _nullable(body["application/x-www-form-urlencoded"]["schema"])


@cache
def _create() -> Draft202012Validator:
    # Twilio ignores parameters it does not know; one that we send is a mistake of ours.
    return validator({**_create_schema(), "additionalProperties": False}, _definitions())


@cache
def message_validator() -> Draft202012Validator:
    """Validates a message resource, as we answer it."""
    return validator({"$ref": "#/components/schemas/api.v2010.account.message"}, _definitions())


def create_problems(form: Mapping[str, list[str]]) -> list[str]:
    """What breaks the contract in the form of a ``POST Messages.json``."""
    properties = _create_schema()["properties"]
    typed = {name: _typed(values, properties.get(name, {})) for name, values in form.items()}
    return problems(_create().iter_errors(typed))


@cache
def _content(path: str) -> Draft202012Validator:
    body = extract("twilio_content.json")["paths"][path]["post"]["requestBody"]["content"]
    schema = _nullable(body["application/json"]["schema"])
    return validator(schema, _definitions("twilio_content.json"))


def content_problems(document: Any) -> list[str]:
    """What breaks the contract in the body of a ``POST /v1/Content``."""
    return problems(_content("/v1/Content").iter_errors(document))


def approval_problems(document: Any) -> list[str]:
    """What breaks the contract in a request for WhatsApp's approval."""
    return problems(_content(APPROVAL).iter_errors(document))


@cache
def list_parameters() -> frozenset[str]:
    """The query parameters of ``GET Messages.json``."""
    parameters = _document()["paths"][COLLECTION]["get"]["parameters"]
    return frozenset(p["name"] for p in parameters if p["in"] == "query")


def _typed(values: list[str], schema: dict[str, Any]) -> Any:
    kind = schema.get("type")
    if kind == "array":
        return values
    value = values[0] if len(values) == 1 else values
    if kind == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    if kind in ("integer", "number") and isinstance(value, str):
        try:
            return int(value) if kind == "integer" else float(value)
        except ValueError:
            return value
    return value
