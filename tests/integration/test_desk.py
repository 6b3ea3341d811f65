"""The desk's pages: every act by its form, the board, the trail, and whom they are for."""

import re
from datetime import timedelta
from uuid import uuid4

from aiohttp import ClientSession, CookieJar
from sqlalchemy import select

from bot.domain.clock import FixedClock
from bot.domain.merchant import Role, User
from bot.domain.shipment import Status
from bot.storage import tables as t
from bot.wiring import Application
from tests.desk import Customer, Desk
from tests.integration.working import Agent, held

HOUR = timedelta(hours=1)


async def test_the_board_and_the_days_count_what_happened(
    desk: Desk, ana: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    bot_alone = await desk.customer("Bob", "+33633333333")
    await desk.says(bot_alone, "where is it?")
    here, services = await held(desk, ana, marie), application.services
    clock.instant += timedelta(minutes=10)
    await services.reply_as_agent(ana, here, "Bonjour", uuid4())
    clock.instant += timedelta(minutes=20)
    await services.hand_back(ana, here, "done")
    waits = await desk.customer("Wim", "+33644444444")
    await desk.asks_for_a_person(waits, ago=5)
    now = clock.now() + timedelta(seconds=1)
    async with application.database() as unit:
        board = await unit.inbox.board(desk.merchant_id, now)
        (day,) = await unit.inbox.days(desk.merchant_id, now - 20 * HOUR, now, "Europe/Paris")
    assert (board.waiting, board.held, board.late) == (1, 0, 0)
    assert board.oldest_since == clock.now() - timedelta(minutes=5)
    assert (board.answered_today, board.settled_today) == ({ana.id: 1}, {ana.id: 1})
    assert (day.talks, day.contained, day.opened, day.closed) == (2, 1, 2, 1)
    assert (day.first_response, day.resolution) == (timedelta(minutes=10), timedelta(minutes=30))


async def test_a_settled_case_is_drawn_for_a_second_look(
    desk: Desk, at_desk: Agent, ana: User, marie: Customer, application: Application
) -> None:
    link = f'<li><a href="{marie.page}">'
    here = await held(desk, ana, marie)
    assert link not in await at_desk.fragments("/console/board")
    await application.services.hand_back(ana, here, "done")
    assert link in await at_desk.fragments("/console/board")


async def test_every_act_by_its_form(
    desk: Desk, at_desk: Agent, bea: User, marie: Customer
) -> None:
    here = marie.page
    await desk.asks_for_a_person(marie, "dispute_attempt")
    shipment = await desk.parcel(marie, "Lamp", [(Status.out_for_delivery, 20, {})])
    assert (await at_desk.post(f"{here}/take")).status == 303
    page = await at_desk.fragments(here)
    assert "Personne n&#39;est venu !" in page
    draft = re.search(r'name="draft" value="([^"]+)"', page)
    assert draft is not None
    fields = {
        "reply": {"text": "Bonjour", "draft": draft.group(1)},
        "tag": {"tag": "refund"},
        "priority": {"priority": "urgent"},
        "snooze": {"until": "parcel_moves"},
        "wake": {},
    }
    for act, given in fields.items():
        assert (await at_desk.post(f"{here}/{act}", **given)).status == 303, act
    assert (await at_desk.post(f"{here}/reply", text="for @bea", **{"as": "note"})).status == 303
    page = await at_desk.fragments(here)
    for words in (
        "Undo",
        "refund",
        "made it urgent",
        "until the parcel moves",
        "Note from Ana Duarte",
    ):
        assert words in page, words
    undone = re.search(r'name="message" value="([^"]+)"', page)
    assert undone is not None
    assert (await at_desk.post(f"{here}/undo", message=undone.group(1))).status == 303
    form = await at_desk.fragments(f"{here}/parcels/{shipment.id}/change")
    assert "Ask the carrier" in form
    assert "By the policy’s rule requests.cancel.until" in form
    asked = await at_desk.post(f"{here}/parcels/{shipment.id}/change", kind="contactless")
    assert asked.status == 303
    assert (await at_desk.post(f"{here}/transfer", to=str(bea.id), words="yours")).status == 303
    assert "Bea Okafor answers" in await at_desk.fragments(here)
    for act, given, said in (
        ("snooze", {"until": "yesterday"}, 422),
        ("priority", {"priority": "extreme"}, 422),
        ("macro", {"name": "x", "draft": "y"}, 422),
        ("undo", {"message": "x"}, 422),
        ("reply", {"text": "late", "draft": str(uuid4())}, 409),
    ):
        assert (await at_desk.post(f"{here}/{act}", **given)).status == said, act


async def test_who_looks_and_types_is_seen_by_colleagues(
    desk: Desk, at_desk: Agent, bea: User, marie: Customer, application: Application
) -> None:
    async with application.database() as unit:
        now = application.clock.now()
        await unit.presences.keep(bea, marie.conversation.id, now, typing=True)
        await unit.commit()
    assert "Bea Okafor is typing…" in await at_desk.fragments(f"{marie.page}/parts")
    told = await at_desk.post("/console/presence", open=str(marie.conversation.id), typing="no")
    assert told.status == 204
    async with application.database() as unit:
        seen = await unit.presences.at(desk.merchant_id, marie.conversation.id, now)
    assert [(one.name, one.typing) for one in seen] == [("Ana Duarte", False), ("Bea Okafor", True)]
    assert (await at_desk.post("/console/presence", open="nonsense", typing="")).status == 204


async def test_supervisors_pages_are_shut_to_agents(
    desk: Desk, at_desk: Agent, bea: User, marie: Customer
) -> None:
    await desk.asks_for_a_person(marie)
    for path in ("/console/board", "/console/trail", "/console/history.csv"):
        assert (await at_desk.get(path)).status == 200, path
    assert "longest wait" in await at_desk.fragments("/console/board")
    csv = await at_desk.read("/console/history.csv")
    assert csv.startswith("day,talks,contained,opened,")
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        agent = Agent(desk, session)
        assert (await agent.login(bea.email, "a long phrase")).status == 303
        assert "Board" not in await agent.read("/console")
        for path in ("/console/board", "/console/trail", "/console/history.csv"):
            assert (await agent.get(path)).status == 403, path


async def test_the_trail_tells_who_did_what(desk: Desk, at_desk: Agent, marie: Customer) -> None:
    await desk.asks_for_a_person(marie)
    await at_desk.post(f"{marie.page}/take")
    await at_desk.post(f"{marie.page}/reveal")
    page = await at_desk.fragments("/console/trail")
    assert page.index("Revealed phone") < page.index("Taken over")
    async with desk.application.database() as unit:
        found = await unit.session.scalars(
            select(t.audit.c.action).where(t.audit.c.merchant_id == desk.merchant_id)
        )
        assert {"taken_over", "revealed_phone", "signed_in"} <= set(found)


async def test_agents_read_the_console_in_their_own_language(
    desk: Desk, at_desk: Agent, ana: User, application: Application
) -> None:
    async with application.database() as unit:
        user = await unit.merchants.user(ana.id)
        assert user is not None
        user.language, user.role = "fr", Role.supervisor
        await unit.commit()
    assert '<html lang="fr"' in await at_desk.read("/console")
