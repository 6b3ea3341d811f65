"""The tracking page over HTTP: what the holder of a link sees, and what nobody sees."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from aiohttp import ClientSession

from bot.domain.conversation import Identity
from bot.domain.ids import new_id
from bot.domain.merchant import Merchant
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Handover, Shipment, Status
from bot.web import tracking
from bot.web.tracking.view import WORDS
from bot.web.words import read_words
from bot.wiring import Application
from tests.conftest import Shop
from tests.desk import Customer, Desk, serve


@pytest.fixture
async def desk(application: Application, shop: Shop) -> AsyncIterator[Desk]:
    async with serve(application, shop) as served:
        yield served


@pytest.fixture
async def marie(desk: Desk) -> Customer:
    return await desk.customer(
        "Marie Petit", "+33612345678", "sms", "en", email="marie@home.example"
    )


async def on_its_way(desk: Desk, customer: Customer) -> Shipment:
    window = {"window_start": desk.today(5), "window_end": desk.today(7)}
    return await desk.parcel(
        customer,
        "Walnut side table",
        [
            (Status.created, 50, {"description": "for Marie Petit, 12 rue des Lilas"}),
            (Status.in_transit, 30, {}),
            (Status.in_transit, 20, {}),
            (Status.unknown, 10, {"code": "X99"}),
            (Status.out_for_delivery, 1, {"courier_name": "Karim Benali", **window}),
        ],
    )


async def read(desk: Desk, path: str, status: int = 200, **headers: str) -> str:
    async with ClientSession(headers=headers) as session:
        response = await session.get(desk.url(path))
        assert response.status == status
        return await response.text()


async def fetched(desk: Desk, customer: Customer, handover: Handover) -> str:
    """The page of a parcel that has come to where it is fetched."""
    collect = {"place": "Gare de Lyon, hall 2", "hours": "6-22", "code": "4821",
               "link": "https://lockers.example/open", "until": "2026-11-29T21:00:00+00:00"}  # fmt: skip
    details = {"collect": collect, "handover": handover.value}
    shipment = await desk.parcel(
        customer, "Lamp", [(Status.ready_for_pickup, 1, {"details": details})]
    )
    return await read(desk, desk.application.links.tracking_page(shipment.id).split("/", 3)[3])


async def test_it_says_where_and_how_long_a_parcel_waits_but_not_what_opens_it(
    desk: Desk, marie: Customer
) -> None:
    page = await fetched(desk, marie, Handover.locker)
    for told in ("Gare de Lyon, hall 2 (6-22)", "Sunday 29 November"):
        assert told in page
    assert "4821" not in page
    assert "lockers.example" not in page


@pytest.mark.parametrize(
    ("handover", "says"), [(Handover.robot, "It is outside"), (Handover.drone, "about to land")]
)
async def test_a_robot_is_no_pickup_point(
    desk: Desk, marie: Customer, handover: Handover, says: str
) -> None:
    page = await fetched(desk, marie, handover)
    assert says in page
    assert "pickup point" not in page
    assert "4821" not in page


@pytest.mark.parametrize(
    ("handover", "offered"),
    [
        (Handover.shop, ["Pickup point · Other address", "Talk to us"]),
        (Handover.locker, ["Pickup point · Other address", "Talk to us"]),
        (Handover.robot, ["Talk to us"]),
        (Handover.drone, ["Talk to us"]),
    ],
)
async def test_what_has_arrived_is_neither_moved_nor_left_without_contact(
    desk: Desk, marie: Customer, handover: Handover, offered: list[str]
) -> None:
    page = await fetched(desk, marie, handover)
    assert re.findall(r'<a class="button[^>]*>([^<]*)<', page) == offered


def path_of(desk: Desk, shipment: Shipment) -> str:
    return f"/t/{desk.application.links.token('track', shipment.id)}"


async def page_of(desk: Desk, shipment: Shipment) -> str:
    return await read(desk, path_of(desk, shipment))


async def change(desk: Desk, thing: Shipment | Customer | Merchant, **values: object) -> None:
    async with desk.application.database() as unit:
        stored = await unit.session.get_one(
            type(thing.contact if isinstance(thing, Customer) else thing),
            thing.contact.id if isinstance(thing, Customer) else thing.id,
        )
        for name, value in values.items():
            setattr(stored, name, value)
        await unit.commit()


async def test_the_page_tells_the_parcels_story(desk: Desk, marie: Customer) -> None:
    page = await page_of(desk, await on_its_way(desk, marie))
    for said in (desk.shop.merchant.name, "Walnut side table", "Out for delivery", "Karim"):
        assert said in page
    # 08:30 UTC in five hours is 14:30 in Paris.
    assert "Today, 14:30–16:30" in page
    assert re.findall(r'<li class="(done|now|trouble|ahead)"', page) == [
        "done", "done", "now", "ahead"
    ]  # fmt: skip
    assert re.findall(r'<li class="(\w+)"><strong>', page) == [
        "out_for_delivery", "in_transit", "created"
    ]  # fmt: skip


async def test_the_page_says_what_is_our_own_estimate(desk: Desk, marie: Customer) -> None:
    parcel = await on_its_way(desk, marie)
    own = {"own_start": desk.today(6), "own_end": desk.today(6.5), "own_by": "position"}
    await change(desk, parcel, **own)
    assert "By where the courier is</span> <strong>Today 15:30–16:00" in await page_of(desk, parcel)
    own = {"own_by": "history", "own_end": desk.today(30)}
    await change(desk, parcel, **own, window_start=None, window_end=None)
    page = await page_of(desk, parcel)
    assert "Usually comes</span> <strong>Today 15:30 – Tomorrow 15:30" in page


async def test_the_page_speaks_the_recipients_language(desk: Desk, marie: Customer) -> None:
    shipment = await on_its_way(desk, marie)
    await change(desk, marie, language="fr")
    page = await page_of(desk, shipment)
    assert '<html lang="fr"' in page
    assert "En cours de livraison" in page
    assert "Déplacer ma livraison" in page
    assert "Aujourd’hui, 14:30–16:30" in page
    await change(desk, marie, language="sv")
    assert '<html lang="en"' in await page_of(desk, shipment)


async def test_the_page_shows_times_where_the_parcel_goes(desk: Desk, marie: Customer) -> None:
    shipment = await on_its_way(desk, marie)
    await change(desk, shipment, timezone="Asia/Kolkata")
    assert "19:00–21:00" in await page_of(desk, shipment)


async def test_the_page_keeps_personal_data_to_itself(desk: Desk, marie: Customer) -> None:
    page = await page_of(desk, await on_its_way(desk, marie))
    for kept in (
        "Marie",
        "Petit",
        "612345678",
        "6 12 34",
        "Lilas",
        "Lyon",
        "home.example",
        "Benali",
    ):
        assert kept not in page
    assert "X99" not in page


async def test_the_page_is_not_kept_indexed_or_told_on(desk: Desk, marie: Customer) -> None:
    path = path_of(desk, await on_its_way(desk, marie))
    async with ClientSession() as session:
        for address in (path, "/t/none"):
            headers = (await session.get(desk.url(address))).headers
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Robots-Tag"] == "noindex"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert "Set-Cookie" not in headers


async def test_the_buttons_lead_back_into_the_chat(desk: Desk, marie: Customer) -> None:
    shipment = await on_its_way(desk, marie)
    page = await page_of(desk, shipment)
    number = desk.shop.told["sms"]["number"]
    links = [unquote(link) for link in re.findall(r'class="button[^"]*" href="([^"]+)"', page)]
    assert links == [
        f"sms:{number}?body=I would like to move my delivery",
        f"sms:{number}?body=Please deliver without contact",
        f"sms:{number}?body=What can I change about my delivery?",
        f"sms:{number}?body=I would like to talk to a person",
    ]
    assert "To a neighbour · Pickup point · …" in page
    other = await read(desk, path_of(desk, shipment) + "?via=whatsapp")
    assert f"https://wa.me/{desk.shop.told['whatsapp']['number'][1:]}?text=" in other
    assert "https://wa.me/" in await read(desk, path_of(desk, shipment) + "?via=whatsapp&x=1")
    assert "sms:" in await read(desk, path_of(desk, shipment) + "?via=nonsense")


async def test_a_link_that_was_passed_on_makes_nobody_the_recipient(
    desk: Desk, marie: Customer
) -> None:
    shipment = await on_its_way(desk, marie)
    path = path_of(desk, shipment) + "?via=telegram"
    assert "t.me" not in await read(desk, path)
    async with desk.application.database() as unit:
        account = await unit.accounts.of(desk.merchant_id, "channel", "telegram")
        assert account is not None
        unit.add(
            Identity(
                id=new_id(), merchant_id=desk.merchant_id, contact_id=marie.contact.id,
                account_id=account.id, channel="telegram", address=str(uuid4().int), verified=True,
                created_at=desk.application.clock.now(),
            )
        )  # fmt: skip
        await unit.commit()
    page = await read(desk, path)
    assert "https://t.me/maison_lune_bot?text=" in page
    assert "start=" not in page
    assert desk.application.links.token("chat", marie.contact.id) not in page


async def test_what_the_policy_refuses_is_not_offered(desk: Desk, marie: Customer) -> None:
    shipment = await on_its_way(desk, marie)
    await change(desk, desk.shop.merchant, policy={"requests": {"reschedule": {"allowed": False}}})
    page = await page_of(desk, shipment)
    assert "Move my delivery" not in page
    assert "Talk to us" in page
    await change(desk, desk.shop.merchant, policy={"nonsense": 1})
    assert "Talk to us" in await page_of(desk, shipment)


async def test_a_delivered_parcel_offers_a_word_only(desk: Desk, marie: Customer) -> None:
    shipment = await desk.parcel(
        marie, "Lamp", [(Status.created, 9, {}), (Status.delivered, 1, {})]
    )
    page = await page_of(desk, shipment)
    assert "Delivered" in page
    assert "Expected" not in page
    assert len(re.findall(r'class="button ', page)) == 1


@pytest.mark.parametrize("status", list(Status))
async def test_every_status_has_its_words(desk: Desk, marie: Customer, status: Status) -> None:
    shipment = await desk.parcel(marie, "Lamp", [(Status.created, 9, {}), (status, 1, {})])
    await change(desk, shipment, status=status)
    for language in WORDS:
        await change(desk, marie, language=language)
        assert WORDS[language](f"explained.{status}") in unescape(await page_of(desk, shipment))


def test_all_languages_say_the_same_things() -> None:
    tables = read_words(Path(tracking.__file__).with_name("words.yml"))

    def keys(table: dict[str, Any]) -> set[str]:
        return {
            f"{part}.{key}"
            for part, entries in table.items()
            for key in (entries if isinstance(entries, dict) else [""])
        }

    assert set(tables) == {"en", "fr", "es", "de", "pt", "it", "hi", "hi-Latn"}
    assert {language: keys(table) ^ keys(tables["en"]) for language, table in tables.items()} == {
        language: set() for language in tables
    }
    for part, words in (("headline", Status), ("explained", Status), ("request", RequestKind)):
        come_with = {"at_robot", "at_drone"} if words is Status else set[str]()
        assert set(tables["en"][part]) == {str(word) for word in words} | come_with


async def test_wishes_are_shown_with_what_became_of_them(desk: Desk, marie: Customer) -> None:
    tomorrow = {"window_start": desk.today(33), "window_end": desk.today(36)}
    shipment = await desk.parcel(
        marie,
        "Lamp",
        [(Status.in_transit, 1, {})],
        [
            (RequestKind.contactless, RequestState.accepted, {"note": "door code 1234"}),
            (RequestKind.reschedule, RequestState.requested, tomorrow),
            (RequestKind.cancel, RequestState.draft, {}),
        ],
    )
    page = await page_of(desk, shipment)
    assert "Without contact" in page
    assert "agreed" in page
    assert "Tomorrow 18:30–21:30" in page
    assert "Cancellation" not in page
    assert "1234" not in page


async def test_a_parcel_without_anything_is_still_a_page(desk: Desk, marie: Customer) -> None:
    shipment = await desk.parcel(marie, "", [])
    await change(desk, shipment, contact_id=None)
    page = await page_of(desk, shipment)
    assert "Your parcel" in page
    assert "Nothing has been reported yet" in page


@pytest.mark.parametrize("token", ["x", "%F0%9F%92%A9", "A" * 43, "..%2f..%2fetc", "=" * 9])
async def test_a_bad_link_is_a_friendly_404(desk: Desk, token: str) -> None:
    page = await read(desk, f"/t/{token}", 404)
    assert "does not lead to a parcel" in page
    french = await read(desk, f"/t/{token}", 404, **{"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.8"})
    assert "ne mène à aucun colis" in french


async def test_a_link_of_another_use_or_to_nothing_is_404(desk: Desk, marie: Customer) -> None:
    shipment = await on_its_way(desk, marie)
    links = desk.application.links
    await read(desk, f"/t/{links.token('telegram', shipment.id)}", 404)
    await read(desk, f"/t/{links.token('track', new_id())}", 404)


async def test_a_window_that_is_over_midnight_and_an_old_one(desk: Desk, marie: Customer) -> None:
    start = desk.today(24 * 40)
    window = {"window_start": start, "window_end": start + timedelta(hours=2)}
    shipment = await desk.parcel(marie, "Lamp", [(Status.in_transit, 1, window)])
    assert "Saturday 2 January 2027, 09:30–11:30" in await page_of(desk, shipment)


class TestSandbox:
    async def test_the_buttons_lead_to_the_sandboxs_phones(
        self, desk: Desk, marie: Customer
    ) -> None:
        shipment = await on_its_way(desk, marie)
        settings = desk.application.settings.model_copy(update={"sandbox": True})
        object.__setattr__(desk.application, "settings", settings)
        page = await page_of(desk, shipment)
        link = "http://127.0.0.1:8090/?phone=%2B33612345678&amp;channel=sms&amp;say="
        assert f'href="{link}I%20would%20like%20to%20move%20my%20delivery"' in page
