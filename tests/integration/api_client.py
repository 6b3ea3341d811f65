"""A merchant's program that uses the API, and holds every answer against its document."""

import json
import re
from dataclasses import dataclass
from typing import Any

from aiohttp.test_utils import TestClient
from jsonschema import Draft202012Validator, FormatChecker

BASE = "/api/v1"

type Json = dict[str, Any]

SHIPMENT: Json = {
    "tracking_number": "SP100200300FR",
    "carrier": "generic",
    "recipient": {
        "name": "Camille Martin",
        "phone": "06 39 98 12 34",
        "email": "camille@example.com",
        "language": "fr",
        "country": "FR",
    },
    "address": {"line1": "12 rue des Lilas", "postal_code": "75011", "city": "Paris"},
    "item": "linen curtains",
    "value": {"amount": 8900, "currency": "EUR"},
    "timezone": "Europe/Paris",
    "handover": "courier",
    "window": {"from": "2026-11-24T13:00:00Z", "to": "2026-11-24T15:00:00Z"},
}


@dataclass(frozen=True)
class Answer:
    """What came back, read."""

    status: int
    body: Json
    headers: dict[str, str]

    @property
    def wrong(self) -> dict[str, str]:
        """The fields that a problem names, with what is wrong."""
        return {error["field"]: error["detail"] for error in self.body["errors"]}


@dataclass
class Api:
    """Speaks to the API over HTTP with one merchant's key."""

    client: TestClient
    document: Json
    key: str

    async def put(self, reference: str, body: object) -> Answer:
        return await self.ask("PUT", f"/shipments/{reference}", json=body)

    async def get(self, path: str) -> Answer:
        return await self.ask("GET", f"/shipments{path}")

    async def post(self, reference: str, body: object) -> Answer:
        return await self.ask("POST", f"/shipments/{reference}/events", json=body)

    async def ask(self, method: str, path: str, **sent: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.key}"} | sent.pop("headers", {})
        url = BASE + path
        async with self.client.request(method, url, headers=headers, **sent) as response:
            body = json.loads(await response.text())
            self.check(method, path, response.status, response.content_type, body)
            return Answer(response.status, body, dict(response.headers))

    def check(self, method: str, path: str, status: int, content_type: str, body: Json) -> None:
        """Hold an answer against the document: is it foreseen, and of that shape?"""
        operation = self._operation(method, path.partition("?")[0])
        assert str(status) in operation["responses"], (method, path, status, body)
        content = operation["responses"][str(status)]["content"]
        assert content_type in content, (content_type, status)
        assert (content_type == "application/problem+json") == (status >= 400)
        schema = content[content_type]["schema"] | {"components": self.document["components"]}
        checked = Draft202012Validator(schema, format_checker=FormatChecker())
        errors = [f"{error.json_path}: {error.message}" for error in checked.iter_errors(body)]
        assert not errors

    def _operation(self, method: str, path: str) -> Json:
        for pattern, methods in self.document["paths"].items():
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", pattern), path):
                return methods[method.lower()]
        raise AssertionError(f"{path} is not in the document")


def shipment(**changes: Any) -> Json:
    """A valid body with some fields changed; None leaves one out."""
    return {key: value for key, value in (SHIPMENT | changes).items() if value is not None}


def recipient(**changes: Any) -> Json:
    """The recipient of a valid body with some fields changed; None leaves one out."""
    merged: Json = SHIPMENT["recipient"] | changes
    return {key: value for key, value in merged.items() if value is not None}


def event(key: str, status: str, at: str, **more: Any) -> Json:
    """An event; `at` is a time of the test's day."""
    return {"id": key, "status": status, "at": f"2026-11-23T{at}Z", **more}
