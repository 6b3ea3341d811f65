"""From the route table itself: every route, as nobody, as another merchant's user, as each role.

A route that is added without a word here about who may use it fails.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import ClientResponse, ClientSession, FormData
from sqlalchemy import Text, cast, func, select, text

from bot.domain.attempt import CustomerSays
from bot.domain.conversation import Author, MessageStatus
from bot.domain.ids import new_id
from bot.domain.merchant import ApiKey, Role
from bot.domain.request import DeliveryRequest, RequestKind, RequestState
from bot.domain.rights import may
from bot.domain.shipment import Shipment, Status
from bot.services.api_keys import hash_key, new_key
from bot.services.inbox import View, ViewName
from bot.services.judge_attempts import claim_attempt, customer_says
from bot.storage import tables as t
from bot.web.app import make_app
from bot.web.console.rights import is_open, right_for
from bot.wiring import Application
from tests.conftest import Shop, seed_shop
from tests.desk import Customer, Desk, serve
from tests.integration.api_client import shipment
from tests.integration.browser import PASSWORD, Browser, browser, make_user, signed_in

type Route = tuple[str, str]

MADE_UP = "no page's token"

PUBLIC = {
    "/": "leads to the console",
    "/favicon.ico": "a picture",
    "/static": "files of ours",
    "/healthz": "says whether it runs",
    "/metrics": "numbers; a token by the settings",
    "/api/v1/openapi.json": "the API's description",
    "/api/v1/docs": "the API's description",
}
"""Open to the world, and why that is well."""
BY_LINK = {"/t/{token}", "/m/{token}/{place}", "/u/{token}", "/media/{token}", "/f/{token}"}
"""Who has the signed link may; a made-up one leads nowhere."""
SIGNED = "/webhooks/"
FLOW = {"yaml": "trigger: {status: delivered}\nsteps: [{send: {say: flow_delivered}}]"}
BY_KEY = "/api/v1/"
CONSOLE = "/console"
GATES = {"/console/login", "/console/login/code", "/console/invited/{secret}"}
"""The console's pages that nobody is signed in to yet."""
LEAST = {
    "/console/people": Role.admin,
    "/console/person/": Role.supervisor,
    "/console/merges/": Role.supervisor,
    "/console/skills": Role.supervisor,
    "/console/replies": Role.supervisor,
    "/console/macros": Role.supervisor,
    "/console/proofs/": Role.supervisor,
    "/console/board": Role.supervisor,
    "/console/history.csv": Role.supervisor,
    "/console/trail": Role.supervisor,
    "/console/scores": Role.supervisor,
}
"""The pages that an agent may not open, by how their addresses begin."""
EVERYBODY = {
    "/console", "/console/logout", "/console/queue", "/console/events", "/console/me",
    "/console/presence", "/console/attempts", "/console/work",
    "/console/views",
}  # fmt: skip
EVERYBODYS = (
    *(
        "/console/account",
        "/console/attempts/",
        "/console/work/",
        "/console/c/{conversation}",
        "/console/views/",
    ),
)
"""What whoever is signed in may use: their own, and the shop's conversations and parcels."""


def table(application: Application) -> list[tuple[str, str, Any]]:
    """Method, address and handler of every route."""
    found: list[tuple[str, str, Any]] = []
    for route in make_app(application).router.routes():
        assert route.resource is not None
        found.append((route.method, route.resource.canonical, route.handler))
    assert len(found) > 50
    return found


def least_role(path: str) -> Role | None:
    """The least role that may open a page of the console; None when nobody has said."""
    for start, role in LEAST.items():
        if path.startswith(start):
            return role
    known = path in EVERYBODY or path.startswith(EVERYBODYS)
    return Role.agent if known else None


def inner(application: Application) -> Iterator[tuple[str, str, Any]]:
    """The console's routes behind the gates."""
    for method, path, handler in table(application):
        if path.startswith(CONSOLE) and path not in GATES:
            yield method, path, handler


@dataclass
class House:
    """A shop with one of everything that an address can name."""

    desk: Desk
    marie: Customer
    ids: Mapping[str, str]
    fields: Mapping[str, str]

    def address(self, path: str) -> str:
        """A route's address, naming this shop's things."""
        return re.sub(r"{(\w+)}", lambda found: self.ids[found.group(1)], path)


@pytest.fixture
async def house(application: Application, shop: Shop) -> AsyncIterator[House]:
    async with serve(application, shop) as desk:
        yield await furnish(desk)


async def furnish(desk: Desk) -> House:
    marie = await desk.customer("Marie Petit", "+33612345678", "sms")
    said = await desk.message(marie, Author.agent, "queued", status=MessageStatus.queued)
    parcel: Shipment = await desk.parcel(
        marie, "curtains", [(Status.attempt_failed, 5, {}), (Status.in_transit, 2, {})]
    )
    now, services = desk.application.clock.now(), desk.application.services
    async with desk.application.database() as unit:
        event = (await unit.shipments.history(desk.merchant_id, parcel.id))[0]
        attempt = await claim_attempt(unit, parcel, event, now)
        await customer_says(unit, parcel, CustomerSays.was_in, now)
        work = DeliveryRequest(
            new_id(), desk.merchant_id, parcel.id, marie.conversation.id,
            RequestKind.contactless, RequestState.requested, now, work_due_at=now,
        )  # fmt: skip
        unit.add(work)
        await unit.commit()
    owner, victim = await make_user(desk, Role.owner), await make_user(desk, Role.agent)
    secret = await services.manage_people.invite(owner, f"{uuid4().hex}@a.example", Role.agent)
    twin = await desk.customer("Marie Petit", "+33612345679", "whatsapp")
    await desk.says(twin, "me again")
    await services.merge_contacts(owner, marie.conversation.id, twin.contact.id, "one person")
    async with desk.application.database() as unit:
        merge = (await unit.merges.of_contact(desk.merchant_id, marie.contact.id))[0]
    proof = (await services.export_person(None, desk.merchant_id, marie.contact.id)).proof
    kept = await services.save_views(owner, "Late", View(ViewName.late), team=True)
    ids = {
        "conversation": marie.conversation.id, "attempt": attempt.id, "user": victim.id,
        "invitation": (await services.manage_people.look_up(secret)).id, "shipment": parcel.id, "request": work.id,
        "view": kept.id,
        "contact": marie.contact.id, "proof": proof.id, "merge": merge.id, "shortcut": "hello",
    }  # fmt: skip
    fields = {
        "text": "hello", "draft": str(new_id()), "message": str(said.id), "role": "agent",
        "say": "flow_delivered", "name": "close", "to": str(victim.id), "words": "take it",
        "until": (now + timedelta(hours=1)).isoformat(), "tag": "odd", "priority": "urgent",
        "settled": "it is settled", "kind": "contactless", "confirm": marie.contact.id.hex[-6:],
        "under_way": "yes", "email": f"{uuid4().hex}@a.example", "language": "en",
        "other": str(marie.contact.id), "identity": str(marie.identity.id), "reason": "it is so",
        "availability": "away", "decided": "accepted", "open": str(marie.conversation.id), "typing": "yes",
    }  # fmt: skip
    return House(desk, marie, {name: str(value) for name, value in ids.items()}, fields)


def named(path: str, reference: str) -> str:
    """An address of the API that names a parcel, or a flow."""
    return path.replace("{reference}", reference).replace("{name}", "delivered")


async def contents(house: House) -> dict[str, list[str]]:
    """Every row of the shop, but for who was where."""
    found: dict[str, list[str]] = {}
    async with house.desk.application.database() as unit:
        for one in t.metadata.sorted_tables:
            if "merchant_id" not in one.c:
                continue
            row = cast(func.to_jsonb(text(f'"{one.name}".*')), Text)
            query = select(row).where(one.c.merchant_id == house.desk.merchant_id)
            found[one.name] = sorted((await unit.session.scalars(query.select_from(one))).all())
    return found


async def ask(
    page: Browser, method: str, path: str, token: str, fields: Mapping[str, str]
) -> ClientResponse:
    form = FormData({**fields, "csrf": token}) if method == "POST" else None
    if form is not None and path.endswith("/attach") and token != MADE_UP:
        form.add_field("file", b"a file", filename="file.txt")
    response = await page.session.request(
        method, page.desk.url(path), allow_redirects=False, data=form
    )
    response.close()
    return response


def test_somebody_has_said_of_every_route_who_may_use_it(application: Application) -> None:
    unsaid = [
        f"{method} {path}"
        for method, path, _ in table(application)
        if path not in PUBLIC
        and path not in BY_LINK
        and path not in GATES
        and not path.startswith((SIGNED, BY_KEY))
        and least_role(path) is None
    ]
    assert not unsaid, f"say in this file who may use {', '.join(unsaid)}"


def test_only_the_gates_are_open_in_the_console(application: Application) -> None:
    marked = {path for _, path, handler in table(application) if is_open(handler)}
    assert marked == GATES


def test_each_page_asks_for_a_right_that_goes_with_its_least_role(
    application: Application,
) -> None:
    for method, path, handler in inner(application):
        allowed = {role for role in Role if may(role, right_for(handler))}
        least = least_role(path)
        assert least is not None
        assert min(allowed, key=list(Role).index) is least, (method, path)


class TestNobody:
    async def test_every_page_leads_to_the_login(self, house: House) -> None:
        before = await contents(house)
        async with browser(house.desk) as nobody:
            for method, path, _ in inner(house.desk.application):
                response = await ask(nobody, method, house.address(path), MADE_UP, house.fields)
                if path.endswith("/events"):
                    assert response.status == 401, (method, path)
                else:
                    assert response.status == 303, (method, path, response.status)
                    assert response.headers["Location"] == "/console/login"
        assert await contents(house) == before

    async def test_the_api_wants_a_key_that_is_known(self, house: House) -> None:
        async with ClientSession() as session:
            for method, path, _ in table(house.desk.application):
                if not path.startswith(BY_KEY) or path in PUBLIC:
                    continue
                address = house.desk.url(named(path, "ML-1"))
                for headers in ({}, {"Authorization": f"Bearer {new_key()}"}):
                    async with session.request(method, address, json={}, headers=headers) as answer:
                        assert answer.status == 401, (method, path, answer.status)

    async def test_webhooks_want_a_signature(self, house: House) -> None:
        async with house.desk.application.database() as unit:
            channels = [
                await unit.accounts.of(house.desk.merchant_id, "channel", name)
                for name in ("sms", "whatsapp", "telegram", "email")
            ]
            carrier = await unit.accounts.of(house.desk.merchant_id, "carrier", "generic")
        accounts = [account for account in (*channels, carrier) if account is not None]
        assert len(accounts) >= 4
        before = await contents(house)
        async with ClientSession() as session:
            for method, path, _ in table(house.desk.application):
                if not path.startswith(SIGNED):
                    continue
                for account in accounts:
                    address = path.replace("{channel}", account.name)
                    address = house.desk.url(address.replace("{account}", str(account.id)))
                    async with session.request(method, address, data=b"{}") as answer:
                        # A GET is a provider that looks whether this address is ours.
                        refused = {400, 403, 404} if method == "POST" else {200, 403, 404}
                        assert answer.status in refused, (method, path, account.name)
        assert await contents(house) == before

    async def test_a_made_up_link_leads_nowhere(self, house: House) -> None:
        async with browser(house.desk) as nobody:
            for method, path, _ in table(house.desk.application):
                if path not in BY_LINK and "{secret}" not in path:
                    continue
                made_up = path.replace("{token}", "A" * 43).replace("{place}", "0")
                made_up = made_up.replace("{secret}", "A" * 43)
                token = await nobody.token()
                response = await ask(
                    nobody, method, made_up, token, {"password": PASSWORD, "name": "Z"}
                )
                assert response.status == 404, (method, path, response.status)


class TestAnotherMerchant:
    async def test_their_owner_finds_nothing_of_ours(self, house: House, tmp_path: Path) -> None:
        other = Desk(
            house.desk.application,
            await seed_shop(house.desk.application, tmp_path),
            house.desk.server,
        )
        before = await contents(house)
        named = 0
        async with signed_in(other, Role.owner) as (owner, _):
            token = await owner.token()
            for method, path, _ in inner(house.desk.application):
                if "{" not in path:
                    continue
                response = await ask(owner, method, house.address(path), token, house.fields)
                assert response.status == 404, (method, path, response.status)
                named += 1
        assert named > 25
        assert await contents(house) == before

    async def test_their_pages_without_a_name_show_nothing_of_ours(
        self, house: House, tmp_path: Path
    ) -> None:
        other = Desk(
            house.desk.application,
            await seed_shop(house.desk.application, tmp_path),
            house.desk.server,
        )
        ours = ("Marie Petit", "612345678", *house.ids.values())
        async with signed_in(other, Role.owner) as (owner, _):
            for method, path, _ in inner(house.desk.application):
                if method != "GET" or "{" in path or path.endswith("/events"):
                    continue
                page = await owner.read(f"{path}?open={house.ids['conversation']}&q=Marie")
                shown = page.replace(f"open={house.ids['conversation']}", "")
                assert not [one for one in ours if one in shown and one != "hello"], path

    async def test_their_key_opens_nothing_of_ours(self, house: House, tmp_path: Path) -> None:
        application, desk = house.desk.application, house.desk
        theirs, key = await seed_shop(application, tmp_path), new_key()
        async with application.database() as unit:
            unit.add(
                ApiKey(new_id(), theirs.merchant.id, "t", hash_key(key), application.clock.now())
            )
            parcel = await unit.shipments.get(desk.merchant_id, UUID(house.ids["shipment"]))
            await unit.commit()
        before, headers = await contents(house), {"Authorization": f"Bearer {key}"}
        async with ClientSession(headers=headers) as session:
            for method, path, _ in table(application):
                if not path.startswith(BY_KEY) or path in PUBLIC:
                    continue
                address = desk.url(named(path, parcel.reference))
                if "/flows" in path:
                    body: Any = FLOW if method == "PUT" or path.endswith("/check") else {}
                elif path.endswith("/pickup-points"):
                    body = {"points": [{"id": "a", "name": "Shop", "address": "1 rue A"}]}
                elif path.endswith("/events"):
                    body = {"id": "e", "status": "delivered", "at": "2026-11-23T08:00:00Z"}
                else:
                    body = shipment()
                async with session.request(method, address, json=body) as answer:
                    said = await answer.text()
                    # A reference of ours is a free one to them: they make a parcel of their own.
                    own = method == "PUT" or "{" not in path
                    # Of our flows' names they have flows of their own, perhaps with no earlier version.
                    nothing = {404, 409} if "/flows" in path else {404}
                    assert answer.status in ({200, 201} if own else {200, 201} | nothing), path
                    assert parcel.tracking_number not in said
                    assert "Marie" not in said
        assert await contents(house) == before


class TestRoles:
    @pytest.mark.parametrize("role", list(Role))
    async def test_a_role_opens_its_pages_and_no_other(self, house: House, role: Role) -> None:
        order = list(Role)
        async with signed_in(house.desk, role) as (page, _):
            token = await page.token()
            shut: list[Route] = []
            for method, path, _ in inner(house.desk.application):
                least = least_role(path)
                assert least is not None
                refused = order.index(role) < order.index(least)
                if not refused and (method == "POST" or path.endswith("/events")):
                    # What they may do is tested where it is done; here it would undo the rest.
                    continue
                before = await contents(house) if refused and method == "POST" else None
                response = await ask(page, method, house.address(path), token, house.fields)
                assert response.status == (403 if refused else 200), (method, path, response.status)
                if before is not None:
                    assert await contents(house) == before, path
                if refused:
                    shut.append((method, path))
        assert bool(shut) is (role in {Role.agent, Role.supervisor})

    @pytest.mark.parametrize("role", list(Role))
    async def test_no_post_is_taken_without_the_page_s_own_token(
        self, house: House, role: Role
    ) -> None:
        async with signed_in(house.desk, role) as (page, _):
            before = await contents(house)
            for method, path, _ in inner(house.desk.application):
                if method != "POST":
                    continue
                response = await ask(page, method, house.address(path), MADE_UP, house.fields)
                assert response.status == 409, (path, response.status)
            assert await contents(house) == before
