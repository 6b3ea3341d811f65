"""The API over HTTP, on a real database: shipments."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Table, func, select

from bot.domain.clock import FixedClock
from bot.domain.ids import new_id
from bot.domain.request import DeliveryRequest, RequestKind, RequestState
from bot.storage import tables
from bot.web.app import make_app
from bot.wiring import Application
from tests.conftest import Shop, seed_shop
from tests.integration.api_client import Api, event, recipient, shipment
from tests.integration.talking import talk_on


@pytest.fixture
async def client(application: Application) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(make_app(application))) as client:
        yield client


@pytest.fixture
async def api(client: TestClient, shop: Shop) -> Api:
    document = await (await client.get("/api/v1/openapi.json")).json()
    return Api(client, document, shop.told["api_key"])


async def test_a_new_shipment_is_created_and_shown(api: Api) -> None:
    made = await api.put("ML-1", shipment())
    assert made.status == 201
    assert made.headers["Location"] == "/api/v1/shipments/ML-1"
    assert made.body["status"] == "created"
    assert made.body["recipient"]["phone"] == "+33639981234"
    assert made.body["window"] == {"from": "2026-11-24T13:00:00Z", "to": "2026-11-24T15:00:00Z"}
    assert "/t/" in made.body["tracking_page"]
    assert made.body["telegram_link"].startswith("https://t.me/maison_lune_bot?start=")

    found = await api.get("/ML-1")
    assert found.status == 200
    assert (found.body["events"], found.body["requests"], found.body["conversations"]) == ([],) * 3
    assert {key: found.body[key] for key in made.body} == made.body


async def test_the_same_again_changes_nothing(api: Api) -> None:
    made = await api.put("ML-1", shipment())
    again = await api.put("ML-1", shipment())
    assert again.status == 200
    assert again.body == made.body


async def test_an_update_replaces_what_it_says_and_empties_what_it_leaves_out(api: Api) -> None:
    await api.put("ML-1", shipment())
    updated = await api.put(
        "ML-1", shipment(tracking_number="SP9", item=None, value=None, handover="locker")
    )
    assert updated.body["tracking_number"] == "SP9"
    assert (updated.body["item"], updated.body["value"]) == ("", None)
    assert updated.body["handover"] == "locker"
    assert (await api.put("ML-1", shipment(handover=None))).body["handover"] == "locker", (
        "unless it is told"
    )


async def test_the_same_put_twice_at_once_makes_one_shipment(
    api: Api, application: Application, shop: Shop
) -> None:
    answers = await asyncio.gather(*(api.put("ML-1", shipment()) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 200, 201]
    assert await _count(application, tables.shipments, shop) == 1
    assert await _count(application, tables.contacts, shop) == 1


async def test_two_new_shipments_at_once_to_one_phone_share_the_contact(
    api: Api, application: Application, shop: Shop
) -> None:
    answers = await asyncio.gather(*(api.put(f"ML-{n}", shipment()) for n in range(4)))
    assert [answer.status for answer in answers] == [201] * 4
    assert await _count(application, tables.contacts, shop) == 1


async def test_a_shared_contact_learns_and_forgets_nothing(api: Api) -> None:
    await api.put("ML-1", shipment())
    await api.put("ML-2", shipment(recipient={"phone": "+33639981234"}))
    shown = (await api.get("/ML-2")).body["recipient"]
    assert shown["name"] == "Camille Martin"
    assert shown["email"] == "camille@example.com"


async def test_a_shipment_without_a_phone_is_taken_by_its_e_mail_address(
    api: Api, application: Application, shop: Shop
) -> None:
    by_mail = recipient(phone=None)
    answers = await asyncio.gather(
        *(api.put(f"ML-{n}", shipment(recipient=by_mail)) for n in range(3))
    )
    assert [answer.status for answer in answers] == [201] * 3
    assert answers[0].body["recipient"]["phone"] is None
    assert await _count(application, tables.contacts, shop) == 1


async def test_a_shipment_with_neither_has_no_contact(
    api: Api, application: Application, shop: Shop
) -> None:
    made = await api.put("ML-1", shipment(recipient=None))
    assert made.status == 201
    assert made.body["recipient"] is None
    assert made.body["telegram_link"] is None
    told = await api.post("ML-1", event("e1", "out_for_delivery", "08:00:00"))
    assert told.body["shipment"]["status"] == "out_for_delivery"
    assert await _count(application, tables.contacts, shop) == 0


async def test_a_new_phone_means_another_person(api: Api, application: Application) -> None:
    await api.put("ML-1", shipment())
    await api.put("ML-1", shipment(recipient=recipient(phone="+33639981235", name="Noor")))
    await api.put("ML-2", shipment())
    assert (await api.get("/ML-1")).body["recipient"]["name"] == "Noor"
    assert (await api.get("/ML-2")).body["recipient"]["name"] == "Camille Martin"


async def test_the_language_is_the_customers_own_from_the_first_message_on(
    api: Api, application: Application, shop: Shop
) -> None:
    await api.put("ML-1", shipment())
    changed = await api.put("ML-1", shipment(recipient=recipient(language="en")))
    assert changed.body["recipient"]["language"] == "en"
    talk = await talk_on(application, shop.told["sms"]["account_id"], "+33639981234")
    await talk.write("bonjour")
    kept = await api.put("ML-1", shipment(recipient=recipient(language="de")))
    assert kept.body["recipient"]["language"] == "en"


async def test_a_merchants_zone_stands_in_for_one_that_is_not_given(api: Api) -> None:
    assert (await api.put("ML-1", shipment(timezone=None))).body["timezone"] == "Europe/Paris"


@pytest.mark.parametrize("where", ["recipient", "address"])
async def test_a_national_number_is_read_by_either_country(api: Api, where: str) -> None:
    body = shipment(
        recipient={"phone": "07700 900123"} | ({"country": "GB"} if where == "recipient" else {}),
        address={"country": "GB"} if where == "address" else {},
    )
    made = await api.put("ML-1", body)
    assert made.body["recipient"]["phone"] == "+447700900123"
    assert made.body["recipient"]["country"] == "GB"


async def test_a_repeated_put_does_not_take_back_the_carriers_window(
    api: Api, clock: FixedClock
) -> None:
    await api.put("ML-1", shipment())
    clock.instant += timedelta(minutes=10)
    carriers = {"from": "2026-11-23T13:00:00Z", "to": "2026-11-23T14:00:00Z"}
    await api.post("ML-1", event("e1", "out_for_delivery", "08:35:00", window=carriers))
    clock.instant += timedelta(minutes=10)
    assert (await api.put("ML-1", shipment())).body["window"] == carriers
    merchants = {"from": "2026-11-25T13:00:00Z", "to": "2026-11-25T14:00:00Z"}
    assert (await api.put("ML-1", shipment(window=merchants))).body["window"] == merchants
    assert (await api.put("ML-1", shipment(window=None))).body["window"] == merchants


async def test_a_shipment_shows_its_requests_and_its_conversation(
    api: Api, application: Application, shop: Shop
) -> None:
    await api.put("ML-1", shipment())
    talk = await talk_on(application, shop.told["sms"]["account_id"], "+33639981234")
    await talk.say("où est mon colis ?")
    conversation = await talk.conversation()
    async with application.database() as unit:
        stored = await unit.shipments.by_reference(shop.merchant.id, "ML-1")
        assert stored is not None
        unit.add(
            DeliveryRequest(
                id=new_id(),
                merchant_id=shop.merchant.id,
                shipment_id=stored.id,
                conversation_id=conversation.id,
                kind=RequestKind.contactless,
                state=RequestState.requested,
                created_at=application.clock.now(),
                note="by the door",
            )
        )
        await unit.commit()
    shown = (await api.get("/ML-1")).body
    assert [r["kind"] for r in shown["requests"]] == ["contactless"]
    (thread,) = shown["conversations"]
    assert thread["id"] == str(conversation.id)
    assert thread["holder"] == "bot"
    assert [(m["author"], m["text"] or m["say"]) for m in thread["messages"]] == [
        ("customer", "où est mon colis ?"),
        ("bot", "greet"),
    ]


async def test_pages_hold_every_shipment_once(api: Api) -> None:
    for number in range(5):
        await api.put(f"ML-{number}", shipment(recipient=None))
    seen: list[str] = []
    query, page = "?limit=2", {}
    for _ in range(3):
        page = (await api.get(query)).body
        seen += [each["reference"] for each in page["shipments"]]
        query = f"?limit=2&after={page['next']}"
    assert seen == [f"ML-{number}" for number in range(5)]
    assert page["next"] is None


async def test_pages_can_be_narrowed_to_a_status(api: Api) -> None:
    await api.put("ML-1", shipment())
    await api.put("ML-2", shipment())
    await api.post("ML-2", event("e1", "delivered", "08:00:00"))
    page = (await api.get("?status=delivered")).body
    assert [each["reference"] for each in page["shipments"]] == ["ML-2"]
    assert page["shipments"][0]["recipient"]["name"] == "Camille Martin"


@pytest.mark.parametrize(
    ("query", "field", "detail"),
    [
        ("?limit=0", "limit", "at least 1"),
        ("?limit=many", "limit", "whole number"),
        ("?after=ML-1", "after", "not an id that we gave out"),
        ("?status=gone", "status", "out_for_delivery"),
        ("?stauts=created", "stauts", "did you mean status?"),
    ],
)
async def test_a_query_that_cannot_be_used_is_explained(
    api: Api, query: str, field: str, detail: str
) -> None:
    refused = await api.get(query)
    assert refused.status == 422
    assert detail in refused.wrong[field]


async def test_merchants_are_walls(
    api: Api, client: TestClient, application: Application, tmp_path: Path
) -> None:
    other = Api(client, api.document, (await seed_shop(application, tmp_path)).told["api_key"])
    await api.put("ML-1", shipment())
    await api.post("ML-1", event("e1", "in_transit", "08:00:00"))
    assert (await other.get("/ML-1")).status == 404
    assert (await other.get("/ML-1/events")).status == 404
    assert (await other.post("ML-1", event("e2", "delivered", "08:10:00"))).status == 404
    assert (await other.get("")).body["shipments"] == []

    # The same reference, phone and event id are another merchant's own.
    assert (await other.put("ML-1", shipment(item="a lamp"))).status == 201
    assert (await other.post("ML-1", event("e1", "delivered", "08:00:00"))).status == 201
    mine = (await api.get("/ML-1")).body
    assert (mine["item"], mine["status"]) == ("linen curtains", "in_transit")
    assert mine["telegram_link"] != (await other.get("/ML-1")).body["telegram_link"]


async def _count(application: Application, table: Table, shop: Shop) -> int:
    async with application.database() as unit:
        found = await unit.session.scalar(
            select(func.count()).select_from(table).where(table.c.merchant_id == shop.merchant.id)
        )
        return int(found or 0)
