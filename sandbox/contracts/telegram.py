"""The Telegram Bot API: its method and type descriptions compiled to JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from sandbox.contracts.schema import extract, problems, validator

_SIMPLE = {
    "Integer": {"type": "integer"},
    "Float": {"type": "number"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "True": {"const": True},
    "InputFile": {"type": "string"},
}


def _type(name: str) -> dict[str, Any]:
    if name.startswith("Array of "):
        return {"type": "array", "items": _type(name.removeprefix("Array of "))}
    return _SIMPLE.get(name) or {"$ref": f"#/components/schemas/{name}"}


def _any(names: list[str]) -> dict[str, Any]:
    kinds = [_type(name) for name in names]
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _object(item: dict[str, Any]) -> dict[str, Any]:
    if "subtypes" in item:
        return _any(item["subtypes"])
    return {
        "type": "object",
        "properties": {field["name"]: _any(field["types"]) for field in item["fields"]},
        "required": [field["name"] for field in item["fields"] if field["required"]],
        # Telegram ignores what it does not know; a parameter that we send is a mistake of ours.
        "additionalProperties": False,
    }


@cache
def _definitions() -> dict[str, Any]:
    return {name: _object(item) for name, item in extract("telegram_bot.json")["types"].items()}


@cache
def _method(name: str) -> Draft202012Validator | None:
    item = extract("telegram_bot.json")["methods"].get(name)
    return None if item is None else validator(_object(item), _definitions())


@cache
def type_validator(name: str) -> Draft202012Validator:
    """Validates one of the API's types, e.g. the ``Update`` that we post."""
    return validator({"$ref": f"#/components/schemas/{name}"}, _definitions())


def knows(method: str) -> bool:
    return _method(method) is not None


def method_problems(method: str, parameters: Mapping[str, Any]) -> list[str]:
    """What breaks the contract in a call of ``method``."""
    found = _method(method)
    return ["no such method"] if found is None else problems(found.iter_errors(dict(parameters)))


def from_form(method: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Form fields as typed parameters; nested ones are JSON, as the API wants them."""
    fields = {
        f["name"]: f["types"] for f in extract("telegram_bot.json")["methods"][method]["fields"]
    }
    return {name: _value(value, fields.get(name, ["String"])) for name, value in form.items()}


def _value(value: str, types: list[str]) -> Any:
    if types == ["String"]:
        return value
    try:
        found = json.loads(value)
    except ValueError:
        return value
    # "chat_id" may be a number or a name: keep as text what only looks like something else.
    return value if isinstance(found, str) or found is None else found
