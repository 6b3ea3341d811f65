"""What the API answers to whatever should not have been sent."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestClient, TestServer
from jsonschema import Draft202012Validator

from bot.domain.ids import new_id
from bot.domain.merchant import ApiKey
from bot.services.api_keys import hash_key, new_key
from bot.services.record_shipment import RecordShipment
from bot.web.app import make_app
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.api_client import Api, Json, recipient, shipment

DEEP = b"[" * 100_000
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def client(application: Application) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(make_app(application))) as client:
        yield client


@pytest.fixture
async def api(client: TestClient, shop: Shop) -> Api:
    document = await (await client.get("/api/v1/openapi.json")).json()
    return Api(client, document, shop.told["api_key"])


def operations(document: Json) -> list[tuple[str, str]]:
    return [(m.upper(), path) for path, methods in document["paths"].items() for m in methods]


async def test_nothing_is_done_without_a_key_that_is_known(api: Api) -> None:
    for method, path in operations(api.document):
        address = path.replace("{reference}", "ML-1").replace("{name}", "mine")
        for given in ("", "Basic eDp5", "Bearer", "Bearer dsk_wrong", "Bearer " + "x" * 5000):
            headers = {"Authorization": given}
            refused = await api.ask(method, address, headers=headers, json=shipment())
            assert refused.status == 401, (method, path, given)
            assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert (await api.get("")).body["shipments"] == []


async def test_a_revoked_key_is_refused(api: Api, application: Application, shop: Shop) -> None:
    key, now = new_key(), application.clock.now()
    kept = ApiKey(new_id(), shop.merchant.id, "till", hash_key(key), now)
    async with application.database() as unit:
        unit.add(kept)
        await unit.commit()
    headers = {"Authorization": f"Bearer {key}"}
    assert (await api.ask("GET", "/shipments", headers=headers)).status == 200
    async with application.database() as unit:
        unit.add(kept)
        kept.revoked_at = now
        await unit.commit()
    assert (await api.ask("GET", "/shipments", headers=headers)).status == 401


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b"", 400, "empty"),
        (b'{"tracking_number": "SP1', 400, "line 1, column 21"),
        (b'{\n"tracking_number": SP1}', 400, "line 2, column 20"),
        (b"\xff\xfe{}", 400, "not UTF-8 at byte 0"),
        (b'{"value": {"amount": NaN}}', 400, "NaN is not JSON"),
        (b'{"value": {"amount": ' + b"9" * 5000 + b"}}", 400, "not JSON"),
        (DEEP, 400, "not JSON"),
        (b"[]", 422, "1 field"),
        (b"null", 422, "1 field"),
        (b'"text"', 422, "1 field"),
    ],
)
async def test_a_body_that_cannot_be_read_is_explained(
    api: Api, body: bytes, status: int, detail: str
) -> None:
    refused = await api.ask("PUT", "/shipments/ML-1", data=body, headers=JSON)
    assert refused.status == status
    assert detail in refused.body["detail"]
    assert (await api.get("/ML-1")).status == 404


async def test_a_byte_order_mark_is_no_reason_to_refuse(api: Api) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(shipment()).encode()
    assert (await api.ask("PUT", "/shipments/ML-1", data=body, headers=JSON)).status == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
async def test_another_type_of_content_is_refused(api: Api, kind: str) -> None:
    body = json.dumps(shipment()).encode()
    refused = await api.ask("PUT", "/shipments/ML-1", data=body, headers={"Content-Type": kind})
    assert refused.status == 415
    assert "application/json" in refused.body["detail"]


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_of_a_megabyte_is_refused(api: Api, chunked: bool) -> None:
    body = json.dumps(shipment(item="x" * 1_000_000)).encode()

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    data: Any = pieces() if chunked else body
    refused = await api.ask("PUT", "/shipments/ML-1", data=data, headers=JSON)
    assert refused.status == 413
    assert str(512 * 1024) in refused.body["detail"]


@pytest.mark.parametrize(
    ("body", "field", "detail"),
    [
        (shipment(tracking_number=None), "tracking_number", "is missing"),
        (shipment(tracking_number=17), "tracking_number", "must be text"),
        (shipment(tracking_number="x" * 101), "tracking_number", "longer than 100"),
        (shipment(tracking_number="a\nb"), "tracking_number", "control character"),
        (shipment(item="a\x00b"), "item", "control character"),
        (shipment(item="\ud800"), "item", "half a character"),
        (shipment(handover="pigeon"), "handover", "robot"),
        (shipment(timezone="Europe/Pariss"), "timezone", "did you mean Europe/Paris?"),
        (shipment(timezone="../../etc/passwd"), "timezone", "is not a time zone"),
        (shipment(colour="red"), "colour", "is not a field here"),
        (shipment(recipent={}), "recipent", "did you mean recipient?"),
        (shipment(recipient="Camille"), "recipient", "must be an object"),
        (shipment(recipient={"phone": "06 39 98 12 34"}), "recipient.phone", "no country is given"),
        (shipment(recipient=recipient(phone="0639")), "recipient.phone", "too short"),
        (shipment(recipient=recipient(phone=33639981234)), "recipient.phone", "must be text"),
        (shipment(recipient=recipient(language="tlh-x")), "recipient.language", "not a language"),
        (shipment(recipient=recipient(email="camille")), "recipient.email", "e-mail"),
        (shipment(address={"country": "UK"}), "address.country", "GB"),
        (shipment(value={"amount": 12.9, "currency": "EUR"}), "value.amount", "minor units"),
        (shipment(value={"amount": True, "currency": "EUR"}), "value.amount", "whole number"),
        (shipment(value={"amount": -1, "currency": "EUR"}), "value.amount", "at least 0"),
        (shipment(value={"amount": 10**17, "currency": "EUR"}), "value.amount", "at most"),
        (shipment(value={"amount": 1, "currency": "EURO"}), "value.currency", "ISO 4217"),
        (shipment(window={"from": "2026-11-24T13:00:00Z"}), "window.to", "is missing"),
    ],
)
async def test_a_field_that_cannot_be_used_is_named(
    api: Api, body: Json, field: str, detail: str
) -> None:
    refused = await api.put("ML-1", body)
    assert refused.status == 422
    assert detail in refused.wrong[field]
    assert (await api.get("/ML-1")).status == 404


async def test_all_wrong_fields_are_named_at_once(api: Api) -> None:
    body = shipment(tracking_number=None, handover="pigeon", recipient=recipient(phone="0639"))
    wrong = (await api.put("ML-1", body)).wrong
    assert set(wrong) == {"tracking_number", "handover", "recipient.phone"}


async def test_an_answer_does_not_grow_with_what_is_wrong(api: Api) -> None:
    body = {f"field{n}": "x" for n in range(5000)} | {"timezone": "y" * 100_000}
    refused = await api.put("ML-1", body)
    assert refused.status == 422
    assert len(json.dumps(refused.body)) < 50_000


@pytest.mark.parametrize("reference", ["%00", "%0A", "%20", "x" * 101, "a%07b"])
async def test_a_reference_that_cannot_be_one_is_refused(api: Api, reference: str) -> None:
    assert (await api.put(reference, shipment())).status == 422
    assert (await api.get(f"/{reference}")).status == 422


@pytest.mark.parametrize("reference", ["2026/11-1", "Nº 7", "a b", "50%", "..x", "'; DROP"])
async def test_any_other_reference_is_the_merchants_to_choose(api: Api, reference: str) -> None:
    written = quote(reference, safe="")
    assert (await api.put(written, shipment())).status == 201
    assert (await api.get(f"/{written}")).body["reference"] == reference


async def test_what_is_not_there_is_a_problem_too(client: TestClient, api: Api) -> None:
    for method, path, status in (
        ("GET", "/api/v1/nothing", 404),
        ("DELETE", "/api/v1/shipments/ML-1", 405),
        ("POST", "/webhooks/carriers/nobody", 404),
    ):
        answer = await client.request(method, path)
        assert (answer.status, answer.content_type) == (status, "application/problem+json")
        body = await answer.json()
        assert (body["status"], body["instance"]) == (status, path)
        if status == 405:
            assert set(answer.headers["Allow"].split(",")) >= {"GET", "PUT"}


async def test_a_failure_of_our_own_says_nothing_of_our_inside(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the secret is 1234")

    monkeypatch.setattr(RecordShipment, "__call__", fail)
    response = await api.client.put(
        "/api/v1/shipments/ML-1",
        json=shipment(),
        headers={"Authorization": f"Bearer {api.key}", "X-Request-Id": "till-7.0001"},
    )
    body = await response.json()
    assert (response.status, response.content_type) == (500, "application/problem+json")
    assert response.headers["X-Request-Id"] == body["request_id"] == "till-7.0001"
    assert "1234" not in json.dumps(body)


async def test_every_answer_has_a_request_id(client: TestClient) -> None:
    made = (await client.get("/api/v1/openapi.json")).headers["X-Request-Id"]
    forged = await client.get("/api/v1/openapi.json", headers={"X-Request-Id": "a b<script>"})
    assert made
    assert "script" not in forged.headers["X-Request-Id"]


async def test_the_document_is_openapi_and_complete(client: TestClient, api: Api) -> None:
    document = api.document
    assert document["openapi"] == "3.1.0"
    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert "$defs" not in schema, name
    named = set(json.dumps(document).split('"#/components/schemas/')[1:])
    names = {reference.partition('"')[0] for reference in named}
    assert names == set(document["components"]["schemas"])
    served = {
        (route.method, route.resource.canonical.removeprefix("/api/v1"))
        for route in client.app.router.routes()
        if route.resource is not None
        and route.resource.canonical.startswith(
            (
                "/api/v1/shipments",
                "/api/v1/flows",
                "/api/v1/pickup-points",
                "/api/v1/undelivered",
            )
        )
        and route.method != "HEAD"
    }
    assert served == set(operations(document))


async def test_the_documents_examples_are_accepted(api: Api) -> None:
    for method, path in operations(api.document):
        operation = api.document["paths"][path][method.lower()]
        if "requestBody" in operation:
            body = operation["requestBody"]["content"]["application/json"]
            schema = body["schema"] | {"components": api.document["components"]}
            Draft202012Validator(schema).validate(body["example"])
    put = api.document["paths"]["/shipments/{reference}"]["put"]
    example = put["requestBody"]["content"]["application/json"]["example"]
    assert (await api.put("ML-1", example)).status == 201


async def test_the_page_shows_every_operation_and_shape(client: TestClient, api: Api) -> None:
    response = await client.get("/api/v1/docs")
    page = await response.text()
    assert response.status == 200
    for method, path in operations(api.document):
        operation = api.document["paths"][path][method.lower()]
        assert f'id="{operation["operationId"]}"' in page
    for name in api.document["components"]["schemas"]:
        assert f'id="{name}"' in page
    assert "Doorstep" in page
    assert "<script" not in page


async def test_a_hung_up_upload_leaves_the_gateway_answering(api: Api, client: TestClient) -> None:
    _, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(
        b"PUT /api/v1/shipments/ML-1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer " + api.key.encode() + b"\r\nContent-Length: 1000\r\n\r\n{"
    )
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await api.get("/ML-1")).status == 404
