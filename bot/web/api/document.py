"""The OpenAPI document, made from the operations that are served and from their models."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.web.api.shapes import Problem
from bot.web.problems import CONTENT_TYPE, Handler

_REFERENCES = "#/components/schemas/{model}"


_NAMES = {
    "reference": "the merchant's own name for the shipment",
    "name": "the merchant's own name for the flow",
}


@dataclass(frozen=True)
class Operation:
    """One thing that the API does: where it is asked for, what it takes and what it answers."""

    method: str
    path: str
    handler: Handler
    name: str
    summary: str
    description: str
    answers: Mapping[int, tuple[type[BaseModel], str]]
    refusals: Mapping[int, str]
    takes: Sequence[type[BaseModel]] = ()
    """The body is one of these."""
    query: type[BaseModel] | None = None
    example: Any = None
    """Of the body."""


def build_document(operations: Sequence[Operation], server: str, version: str) -> dict[str, Any]:
    """An OpenAPI 3.1 document.

    Args:
        operations: all there are.
        server: the public base URL of the API.
        version: of the API.
    """
    schemas = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Doorstep",
            "version": version,
            "summary": "Parcels in; what their recipients ask for, out.",
            "description": "Everything belongs to the merchant whose key is sent along. "
            "In what is sent, null and blank are the same as absent, and a field that does not "
            "exist is an error. Times have an offset or Z; money is in minor units. "
            "Errors are problem details (RFC 9457).",
        },
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "the merchant's key, dsk_...",
                }
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": _parameters(operation),
        "responses": {
            str(status): _answer(model, text) for status, (model, text) in operation.answers.items()
        }
        | {str(status): _refusal(status, text) for status, text in operation.refusals.items()},
    }
    if operation.takes:
        body: dict[str, Any] = {"schema": _one_of(operation.takes)}
        if operation.example is not None:
            body["example"] = operation.example
        made["requestBody"] = {"required": True, "content": {"application/json": body}}
    return made


def _answer(model: type[BaseModel], text: str) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": _reference(model)}}}


def _refusal(status: int, text: str) -> dict[str, Any]:
    words = f"{HTTPStatus(status).phrase}: {text}"
    return {"description": words, "content": {CONTENT_TYPE: {"schema": _reference(Problem)}}}


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    named = re.findall(r"{(\w+)}", operation.path)
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _NAMES[name],
            "schema": {"type": "string", "minLength": 1, "maxLength": 100},
        }
        for name in named
    ]
    if operation.query is not None:
        schema = operation.query.model_json_schema(ref_template=_REFERENCES)
        for name, described in cast("dict[str, Any]", schema["properties"]).items():
            parameters.append(
                {
                    "name": name,
                    "in": "query",
                    "required": name in schema.get("required", []),
                    "description": described.pop("description", ""),
                    "schema": described,
                }
            )
    return parameters


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    taken = {model for operation in operations for model in operation.takes}
    asked = {operation.query for operation in operations if operation.query is not None}
    given = {model for operation in operations for model, _ in operation.answers.values()}
    kinds = [
        *((model, "validation") for model in taken | asked),
        *((model, "serialization") for model in given | {Problem}),
    ]
    # Sorted, so that the document is the same in every process.
    ordered = sorted(kinds, key=lambda kind: kind[0].__name__)
    _, definitions = models_json_schema(ordered, ref_template=_REFERENCES)  # pyright: ignore[reportArgumentType]
    queries = {model.__name__ for model in asked}
    return {name: schema for name, schema in definitions["$defs"].items() if name not in queries}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REFERENCES.format(model=model.__name__)}


def _one_of(models: Sequence[type[BaseModel]]) -> dict[str, Any]:
    references = [_reference(model) for model in models]
    return references[0] if len(references) == 1 else {"anyOf": references}
