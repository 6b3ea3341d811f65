"""What agents send: replies, templates where the window is closed, the proof of a delivery."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, MessageStatus
from bot.domain.errors import NotFound, Refused
from bot.domain.merchant import User
from bot.domain.shipment import Status
from bot.domain.templates import Template, TemplateState
from bot.services.consents import stop
from bot.services.export_person import document_of
from bot.wiring import Application
from tests.desk import Customer, Desk
from tests.integration.working import Agent, held, last_reply, settings

HOUR = timedelta(hours=1)


async def test_a_reply_can_be_taken_back_until_it_is_on_its_way(
    desk: Desk, ana: User, bea: User, marie: Customer, application: Application
) -> None:
    here, services = await held(desk, ana, marie), application.services
    await services.reply_as_agent(ana, here, "Oops", uuid4())
    sent = await last_reply(desk, marie)
    with pytest.raises(Refused, match="already_sent"):
        await services.take_back_reply(bea, sent.id)
    assert await services.take_back_reply(ana, sent.id) == "Oops"
    await services.deliver(desk.merchant_id, sent.id)
    sent = await last_reply(desk, marie)
    assert (sent.status, sent.provider_ids) == (MessageStatus.withdrawn, [])
    with pytest.raises(Refused, match="already_sent"):
        await services.take_back_reply(ana, sent.id)


async def test_a_reply_waits_for_the_time_in_which_it_may_be_taken_back(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    here = await held(desk, ana, marie)
    for undo, waits in (("5s", True), ("0s", False)):
        await settings(desk, undo=undo)
        await application.services.reply_as_agent(ana, here, "Hello", uuid4())
        sent = await last_reply(desk, marie)
        async with application.database() as unit:
            due = await unit.session.scalar(
                text(
                    "SELECT scheduled_at FROM procrastinate_jobs WHERE args ->> 'message_id' = :id"
                ),
                {"id": str(sent.id)},
            )
        assert (due is not None) is waits


async def test_the_preview_tells_how_it_goes_out(desk: Desk, at_desk: Agent) -> None:
    tom = await desk.customer("Tom", "+447700900111", "sms")
    csrf = await at_desk.token()
    for length, parts in ((40, "1 ×"), (200, "2 ×")):
        response = await at_desk.post(f"{tom.page}/preview", csrf=csrf, text="a" * length)
        assert (await response.text()).startswith(parts)


async def test_where_the_window_is_closed_a_template_is_offered(
    desk: Desk,
    at_desk: Agent,
    ana: User,
    marie: Customer,
    clock: FixedClock,
    application: Application,
) -> None:
    parcel = await desk.parcel(marie, "Lamp", [(Status.delayed, 20, {})])
    here, notice = await held(desk, ana, marie), application.services.send_notice
    assert await notice.possible(ana, here) == []
    async with application.database() as unit:
        identity = await unit.people.identity_by_id(desk.merchant_id, marie.identity.id)
        identity.last_inbound_at = clock.now() - 25 * HOUR
        approved = Template(
            id=uuid4(), merchant_id=desk.merchant_id, account_id=identity.account_id,
            name="parcel_delayed", language="fr", category="utility",
            state=TemplateState.approved, changed_at=clock.now(),
            body="Bonjour, {{1}} de {{2}} : {{3}} ; {{4}} !", buttons=["Déplacer", "Conseiller"],
        )  # fmt: skip
        unit.add(approved)
        await unit.commit()
    # Nobody knows when it comes: the template would have nothing to say in one of its places.
    assert await notice.possible(ana, here) == []
    async with application.database() as unit:
        known = await unit.shipments.get(desk.merchant_id, parcel.id)
        known.window_start, known.window_end = clock.now() + 20 * HOUR, clock.now() + 22 * HOUR
        await unit.commit()
    possible = await notice.possible(ana, here)
    assert possible == ["flow_delayed"]
    # Somebody who has never written is as closed as who has not written for long.
    async with application.database() as unit:
        identity = await unit.people.identity_by_id(desk.merchant_id, marie.identity.id)
        identity.last_inbound_at = None
        await unit.commit()
    page = await at_desk.fragments(marie.page)
    assert "Or write by an approved template" in page
    # Words, a file and a template from one page go by the same draft, and none is lost.
    draft, services = uuid4(), application.services
    await services.reply_as_agent(ana, here, "Je regarde.", draft)
    await services.attach_file(ana, here, "", b"a file", draft, name="a.txt")
    await notice(ana, here, "flow_delayed", draft)
    async with application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, here)
    assert [one.author for one in thread[-3:]] == [Author.agent] * 3
    sent = thread[-1]
    assert (sent.say, sent.author, sent.agent_id) == ("flow_delayed", Author.agent, ana.id)
    # The template's buttons lead where the flow's own choices do.
    payloads = [option["payload"] for option in sent.options]
    assert payloads == ["/reschedule_delivery", "/talk_to_human"]
    # It is the agent's own in the thread, in the export and in the board's figures.
    assert '<span class="by">Ana Duarte</span>' in await at_desk.fragments(marie.page)
    async with application.database() as unit:
        file = json.loads(await document_of(unit, desk.merchant_id, marie.contact.id))
        board = await unit.inbox.board(desk.merchant_id, clock.now())
    (row,) = (one for one in file["tables"]["messages"] if one["id"] == str(sent.id))
    assert (row["author"], row["agent_id"]) == ("agent", str(ana.id))
    assert board.answered_today == {ana.id: 3}
    with pytest.raises(Refused, match="no_template"):
        await notice(ana, here, "greet", uuid4())
    # Who wants no word is not written to, by an agent neither.
    async with application.database() as unit:
        contact = await unit.people.get(desk.merchant_id, marie.contact.id)
        await stop(unit, contact, "whatsapp", "keyword", "STOP", clock.now())
        await unit.commit()
    assert await notice.possible(ana, here) == []
    with pytest.raises(Refused, match="opted_out"):
        await notice(ana, here, "flow_delayed", uuid4())


async def test_the_proof_of_a_delivery_is_sent_again(
    desk: Desk, at_desk: Agent, ana: User, marie: Customer, application: Application
) -> None:
    there = await desk.parcel(marie, "Lamp", [(Status.delivered, 2, {})])
    on_the_way = await desk.parcel(marie, "Mirror", [(Status.in_transit, 20, {})])
    bob = await desk.customer("Bob", "+33633333333")
    his = await desk.parcel(bob, "Rug", [(Status.delivered, 2, {})])
    assert "Send the proof again" not in await at_desk.fragments(marie.page)
    here, proof = await held(desk, ana, marie), application.services.send_proof
    assert (await at_desk.fragments(marie.page)).count("Send the proof again") == 1
    draft = uuid4()
    for _ in range(2):
        await proof(ana, here, there.id, draft)
    async with application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, here)
        trail = await unit.inbox.trail(desk.merchant_id, None, 10)
    said = [message for message in thread if message.say == "proof_delivered"]
    assert [(m.author, m.agent_id) for m in said] == [(Author.agent, ana.id)]
    assert "/t/" in said[0].variables["parcel"]["link"]
    assert [entry.action for entry, _ in trail].count("sent_proof") == 1
    with pytest.raises(Refused, match="no_proof"):
        await proof(ana, here, on_the_way.id, uuid4())
    with pytest.raises(NotFound):
        await proof(ana, here, his.id, uuid4())
