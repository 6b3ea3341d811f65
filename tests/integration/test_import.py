"""Parcels out of files, on a real database."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.errors import Invalid, NotFound
from bot.domain.shipment import Shipment
from bot.services.import_shipments import ImportReport
from bot.storage import tables
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.api_client import event, shipment

HEADER = "reference,tracking_number,recipient.name,recipient.phone,address.country,item"
GOOD = "ML-1,SP1,Camille Martin,06 39 98 12 34,FR,linen curtains"


async def load(application: Application, shop: Shop, content: str | bytes) -> ImportReport:
    data = content.encode() if isinstance(content, str) else content
    return await application.services.import_shipments(shop.merchant.name, data)


async def find(application: Application, shop: Shop, reference: str) -> Shipment | None:
    async with application.database() as unit:
        return await unit.shipments.by_reference(shop.merchant.id, reference)


async def refusal(application: Application, shop: Shop, content: str | bytes) -> str:
    with pytest.raises(Invalid) as raised:
        await load(application, shop, content)
    async with application.database() as unit:
        assert await unit.shipments.page(shop.merchant.id, after=None, limit=9, status=None) == []
    return str(raised.value)


async def test_good_rows_are_loaded_and_bad_ones_named(
    application: Application, shop: Shop
) -> None:
    rows = [
        HEADER,
        GOOD,
        "",
        "ML-2,SP2,Noor,06 39,FR,a lamp",
        ",SP3,,,,",
        'ML-4,SP4,"Sam, the ""other""\none",+447700900123,GB,a chair',
        "ML-5,SP5,Alex,06 39 98 12 35,,",
    ]
    report = await load(application, shop, "\n".join(rows))
    assert report.exit_code == 1
    short, missing, national, summary = report.lines()
    assert short == (
        "line 4 (ML-2): recipient.phone: '06 39' is too short for a phone number of FR"
    )
    assert missing == "line 5: reference: is missing"
    assert national.startswith("line 8 (ML-5): recipient.phone: '06 39 98 12 35' is in national")
    assert summary == "loaded 2, refused 3"
    loaded = await find(application, shop, "ML-4")
    assert loaded is not None
    assert loaded.item == "a chair"
    assert await find(application, shop, "ML-2") is None


async def test_a_file_that_is_all_good_reports_so(application: Application, shop: Shop) -> None:
    report = await load(application, shop, f"{HEADER}\n{GOOD}\n")
    assert (report.summary, report.exit_code) == ("loaded 1, refused 0", 0)
    again = await load(application, shop, f"{HEADER}\n{GOOD}\n")
    assert again.summary == "loaded 1, refused 0"


async def test_every_column_reaches_its_field(application: Application, shop: Shop) -> None:
    columns = {
        "reference": "ML-1",
        "tracking_number": "SP1",
        "carrier": "generic",
        "recipient.name": "Camille",
        "recipient.phone": "06 39 98 12 34",
        "recipient.email": "C@example.com",
        "recipient.language": "fr-FR",
        "recipient.country": "fr",
        "address.line1": "12 rue des Lilas",
        "address.line2": "Bât. B",
        "address.postal_code": "75011",
        "address.city": "Paris",
        "address.country": "FR",
        "item": "rideaux",
        "value.amount": "8900",
        "value.currency": "eur",
        "timezone": "Europe/Paris",
        "handover": "locker",
        "service": "Express",
        "window.from": "2026-11-24T14:00:00+01:00",
        "window.to": "2026-11-24T16:00:00+01:00",
    }
    content = ";".join(columns) + "\r\n" + ";".join(columns.values()) + "\r\n"
    report = await load(application, shop, b"\xef\xbb\xbf" + content.encode())
    assert list(report.lines()) == ["loaded 1, refused 0"]
    loaded = await find(application, shop, "ML-1")
    assert loaded is not None
    assert loaded.address == {
        "line1": "12 rue des Lilas",
        "line2": "Bât. B",
        "postal_code": "75011",
        "city": "Paris",
        "country": "FR",
    }
    assert (loaded.value_amount, loaded.value_currency) == (8900, "EUR")
    assert (loaded.handover, loaded.timezone, loaded.country) == ("locker", "Europe/Paris", "FR")
    assert loaded.service_level == "express"
    assert loaded.window is not None
    assert loaded.window.start.isoformat() == "2026-11-24T13:00:00+00:00"
    async with application.database() as unit:
        contact = await unit.people.by_phone(shop.merchant.id, "+33639981234")
    assert contact is not None
    assert (contact.name, contact.email, contact.language) == ("Camille", "c@example.com", "fr")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("ML-1,SP1,12.90,EUR", "value.amount: must be a whole number of minor units, 1290 for"),
        ("ML-1,SP1,1290,", "value.currency: is missing"),
        ("ML-1,SP1,1290,EUR,red", "(beyond the last column): is not a field here"),
        ("ML-1,,1290,EUR", "tracking_number: is missing"),
    ],
)
async def test_a_row_is_checked_as_the_api_would(
    application: Application, shop: Shop, row: str, problem: str
) -> None:
    header = "reference,tracking_number,value.amount,value.currency"
    report = await load(application, shop, f"{header}\n{row}\n")
    assert problem in next(report.lines())
    assert report.exit_code == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_the_delimiter_is_found_out(
    application: Application, shop: Shop, delimiter: str
) -> None:
    content = f"{HEADER}\n{GOOD}\n".replace(",", delimiter)
    assert (await load(application, shop, content)).summary == "loaded 1, refused 0"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (f"{HEADER}\nML-1,SP1,José,,,".encode("latin-1"), "is not in UTF-8 (line 2)"),
        (f"{HEADER}\n{GOOD}".encode("utf-16"), "is in UTF-16"),
        (b"reference,tracking_number,recipient.fone\n", "did you mean recipient.phone?"),
        (b"reference,item\nML-1,a lamp\n", "tracking_number: is missing from the header"),
        (b"reference,tracking_number,item,item\n", "item: stands twice"),
        (f'{HEADER}\n{GOOD}\nML-2,"SP2,x\n'.encode(), "is not valid CSV"),
        (b'[{"reference": "ML-1", "tracking_number": "SP1"},\n {"refer', "at line 2, column"),
        (b'{"reference": "ML-1", "tracking_number": "SP1"}', "must be a list"),
        (b"[{}] []", "goes on after the end"),
        (b"[{} {}]", "line 1, column 5"),
        (b"[NaN]", "NaN is not JSON"),
        (b"[" * 100_000, "is not valid JSON"),
    ],
)
async def test_a_file_that_cannot_be_read_loads_nothing(
    application: Application, shop: Shop, content: bytes, problem: str
) -> None:
    assert problem in await refusal(application, shop, content)


async def test_json_brings_events_along(application: Application, shop: Shop) -> None:
    entries: list[Any] = [
        shipment(
            reference="ML-1",
            events=[
                event("e2", "out_for_delivery", "08:00:00"),
                event("e1", "in_transit", "06:00:00"),
            ],
        ),
        shipment(reference="ML-2", events=[event("e1", "delivered", "26:00:00")]),
        "not a shipment",
        shipment(reference="ML-4", events=[event("e1", "delivered", "08:00:00")] * 2),
    ]
    report = await load(application, shop, json.dumps(entries, indent=1))
    lines = list(report.lines())
    assert lines[0].startswith("line ")
    assert "(ML-2): events[0].at: must be a date and time like" in lines[0]
    assert lines[1].endswith(": body: must be an object")
    assert lines[-1] == "loaded 2, refused 2"
    first = json.dumps(entries, indent=1).split("\n")
    place = next(n for n, text in enumerate(first, 1) if '"ML-2"' in text)
    stated = report.refused[0].line
    assert first[stated - 1].strip() == "{"
    assert stated < place
    loaded = await find(application, shop, "ML-1")
    assert loaded is not None
    assert loaded.status == "out_for_delivery"


async def test_a_history_is_not_announced_but_todays_news_is(
    application: Application, shop: Shop
) -> None:
    old = event("e1", "delivered", "08:00:00") | {"at": "2026-10-01T08:00:00Z"}
    entries = [
        shipment(reference="ML-1", events=[old]),
        shipment(reference="ML-2", events=[event("e1", "delivered", "08:00:00")]),
    ]
    await load(application, shop, json.dumps(entries))
    second = await find(application, shop, "ML-2")
    assert second is not None
    async with application.database() as unit:
        table = tables.flow_runs
        query = select(table.c.shipment_id).where(table.c.merchant_id == shop.merchant.id)
        assert (await unit.session.scalars(query)).all() == [second.id]


async def test_an_unknown_merchant_is_named(application: Application) -> None:
    with pytest.raises(NotFound, match="Nobody"):
        await application.services.import_shipments("Nobody", b"")
