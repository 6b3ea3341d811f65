"""What has reached nobody: listed for the merchant, found on the desk, and a person is called."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.conversation import Author, Holder, Message, MessageStatus
from bot.domain.merchant import User
from bot.services.call_people import TOPIC
from bot.services.inbox import View, ViewName
from bot.web.app import make_app
from bot.wiring import Application
from tests.conftest import Shop
from tests.desk import Desk
from tests.integration.api_client import Api
from tests.integration.talking import Talk, talk_on

WHY = "the number does not exist"


@pytest.fixture
async def api(application: Application, shop: Shop) -> AsyncIterator[Api]:
    async with TestClient(TestServer(make_app(application))) as client:
        document = await (await client.get("/api/v1/openapi.json")).json()
        yield Api(client, document, shop.told["api_key"])


async def fails(talk: Talk, message: Message) -> None:
    give_up = talk.application.services.deliver.give_up
    await give_up(message.merchant_id, message.id, WHY)


async def test_an_answer_that_fails_is_listed_and_calls_a_person(
    desk: Desk, shop: Shop, api: Api, ana: User
) -> None:
    talk = await talk_on(desk.application, shop.told["sms"]["account_id"])
    await talk.say("hello")
    reply = (await talk.thread())[-1]
    assert (await api.ask("GET", "/undelivered")).body == {"messages": [], "next": None}
    await fails(talk, reply)
    (listed,) = (await api.ask("GET", "/undelivered?limit=1")).body["messages"]
    assert (listed["id"], listed["to"], listed["reason"]) == (str(reply.id), talk.phone, WHY)
    conversation = await talk.conversation()
    assert (conversation.holder, conversation.topic) == (Holder.waiting, TOPIC)
    async with desk.application.database() as unit:
        view, now = View(ViewName.undelivered), desk.application.clock.now()
        found = await unit.inbox.queue(desk.merchant_id, ana.id, view, now=now)
    assert [row.id for row in found.rows] == [conversation.id]


async def test_a_notice_calls_nobody_and_is_listed_only_while_no_other_channel_has_it(
    desk: Desk, api: Api
) -> None:
    customer = await desk.customer("Marie", "+33639980001")
    sms = await desk.message(customer, Author.flow, "Here", status=MessageStatus.failed)
    assert len((await api.ask("GET", "/undelivered")).body["messages"]) == 1
    mail = await desk.message(
        customer, Author.flow, "Here", status=MessageStatus.sent, stands_in_for=sms.id
    )
    assert (await api.ask("GET", "/undelivered")).body["messages"] == []
    await desk.application.services.deliver.give_up(desk.merchant_id, mail.id, WHY)
    (listed,) = (await api.ask("GET", "/undelivered")).body["messages"]
    assert listed["id"] == str(mail.id)
    async with desk.application.database() as unit:
        assert (await desk.stored(unit, customer)).holder is Holder.bot


async def test_who_has_said_stop_waits_for_nobody(application: Application, shop: Shop) -> None:
    talk = await talk_on(application, shop.told["sms"]["account_id"])
    await talk.say("STOP")
    (last,) = [m for m in await talk.thread() if m.say == "stopped"]
    await fails(talk, last)
    assert (await talk.conversation()).holder is Holder.bot
