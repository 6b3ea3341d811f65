"""What a conversation's page shows of quotes, and of where a parcel goes."""

import re

from bot.domain.conversation import Author
from bot.domain.ids import new_id
from bot.domain.merchant import Role
from bot.domain.shipment import Shipment
from bot.web.console.view import map_link
from tests.conftest import MONDAY_MORNING
from tests.desk import Desk
from tests.integration.browser import signed_in


def parcel(**address: object) -> Shipment:
    return Shipment(
        new_id(), new_id(), reference="ML-1", carrier="generic", tracking_number="SW1",
        contact_id=None, created_at=MONDAY_MORNING, address=dict(address),
    )  # fmt: skip


def test_a_parcel_is_found_on_the_map_by_its_place_else_by_its_address() -> None:
    place = {
        "line1": "8 rue des Tilleuls",
        "postal_code": "75011",
        "city": "Paris",
        "country": "FR",
    }
    assert map_link(parcel(**place)) == (
        "https://www.openstreetmap.org/search?query=8+rue+des+Tilleuls%2C+75011%2C+Paris%2C+FR"
    )
    there = map_link(parcel(**place, latitude=48.86, longitude=2.37))
    assert there == "https://www.openstreetmap.org/?mlat=48.86&mlon=2.37#map=17/48.86/2.37"
    assert map_link(parcel(city="Paris")) == map_link(parcel()) == ""


async def test_what_a_customer_quotes_stands_above_their_words(desk: Desk) -> None:
    marie = await desk.customer("Marie Petit", "+33612345678", "whatsapp")
    await desk.message(
        marie, Author.bot, "It comes on Thursday. " * 9, ago=5, provider_ids=["wamid.ours"]
    )
    own = await desk.says(marie, "my <b>first</b> words", ago=4)
    await desk.says(marie, "this one?", ago=3, variables={"about": "wamid.ours"})
    await desk.says(marie, "as I said", ago=2, variables={"about": own.key})
    await desk.says(marie, "nothing we know", ago=1, variables={"about": "wamid.unknown"})
    async with signed_in(desk, Role.agent) as (page, _):
        shown = await page.read(f"{marie.page}/parts")
    quoted = re.findall(r'<blockquote class="quoted" dir="auto">(.*?)</blockquote>', shown)
    assert len(quoted) == 2
    assert quoted[0].startswith("Bot: It comes on Thursday.")
    assert quoted[0].endswith("…")
    assert quoted[1].endswith("my &lt;b&gt;first&lt;/b&gt; words")
    assert shown.index(quoted[0]) < shown.index("this one?")


async def test_the_map_is_linked_beside_the_conversation(desk: Desk) -> None:
    marie = await desk.customer("Marie Petit", "+33612345678", "whatsapp")
    made = await desk.parcel(marie, "Lamp", [])
    async with desk.application.database() as unit:
        (await unit.shipments.get(desk.merchant_id, made.id)).address = {"line1": "1 Elm Road"}
        await unit.commit()
    async with signed_in(desk, Role.agent) as (page, _):
        shown = await page.read(marie.page)
    assert 'href="https://www.openstreetmap.org/search?query=1+Elm+Road"' in shown
