"""What was given up and is done again: it happens this time, unless it has been dealt with."""

from uuid import UUID

import pytest

from bot.channels.base import Fetches, Inbound, InboundKind
from bot.domain.conversation import Author, Holder, Message
from bot.domain.errors import Permanent
from bot.domain.ids import new_id
from bot.services.ports import UnitOfWork
from bot.services.post import post
from bot.wiring import Application
from tests.conftest import ScriptedEngine, Shop
from tests.integration.talking import Talk, Wire, talk_on


@pytest.fixture
async def talk(application: Application, shop: Shop) -> Talk:
    return await talk_on(application, shop.told["sms"]["account_id"])


@pytest.fixture
def wire(application: Application, monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(application.channels["sms"], "send", wire.send)
    return wire


async def redo(talk: Talk, task: str, message: Message) -> None:
    known = {"merchant_id": str(message.merchant_id), "message_id": str(message.id)}
    await talk.application.services.redo(task, known)


async def now(talk: Talk, message: Message) -> Message:
    return next(m for m in await talk.thread() if m.id == message.id)


async def gives_up(talk: Talk, words: str) -> Message:
    message = await talk.write(words)
    services = talk.application.services
    await services.answer.give_up(message.merchant_id, message.id, "out of order")
    return message


async def test_an_answer_is_given_after_all(talk: Talk, engine: ScriptedEngine) -> None:
    message = await gives_up(talk, "where is it")
    answer = talk.application.services.answer
    for _ in range(2):
        await redo(talk, "answer", message)
    await answer(message.merchant_id, message.id)
    assert await talk.said() == ["engine_gave_up", "greet"]
    assert len(engine.heard) == 1
    assert (await talk.conversation()).holder is Holder.bot
    async with talk.application.database() as unit:
        case = await unit.cases.open(message.merchant_id, message.conversation_id)
    assert case is None


async def test_what_an_agent_has_answered_is_left(talk: Talk, engine: ScriptedEngine) -> None:
    message = await gives_up(talk, "where is it")
    async with talk.application.database() as unit:
        await _say(unit, message, author=Author.agent, text="Here it is")
        await unit.commit()
    with pytest.raises(Permanent, match="an agent has answered"):
        await redo(talk, "answer", message)
    await talk.application.services.answer(message.merchant_id, message.id)
    assert engine.heard == []


async def test_a_message_is_sent_after_all(talk: Talk, wire: Wire) -> None:
    await talk.say("hello")
    reply = (await talk.thread())[-1]
    deliver = talk.application.services.deliver
    await deliver.give_up(reply.merchant_id, reply.id, "out of order")
    await deliver(reply.merchant_id, reply.id)
    assert wire.sent == []
    await redo(talk, "deliver", reply)
    await deliver(reply.merchant_id, reply.id)
    sent = await now(talk, reply)
    assert (sent.status, sent.error, len(wire.sent)) == ("sent", "", 1)
    assert "failed" not in sent.status_times


async def test_what_was_told_by_another_channel_is_not_told_twice(talk: Talk, wire: Wire) -> None:
    asked = await talk.say("hello")
    async with talk.application.database() as unit:
        first = await _say(unit, asked, author=Author.flow, text="Delivered")
        second = await _say(
            unit, asked, author=Author.flow, text="Delivered", stands_in_for=first.id
        )
        await unit.commit()
    give_up = talk.application.services.deliver.give_up
    await give_up(first.merchant_id, first.id, "out of order")
    with pytest.raises(Permanent, match="told by sms instead"):
        await redo(talk, "deliver", first)
    assert (await now(talk, first)).status == "failed"
    await give_up(second.merchant_id, second.id, "out of order")
    await redo(talk, "deliver", first)
    with pytest.raises(Permanent):
        await redo(talk, "deliver", second)


async def test_a_file_is_fetched_after_all(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    sms = talk.application.channels["sms"]
    assert isinstance(sms, Fetches)

    async def fetch(*_: object) -> bytes:
        return b"\x89PNG\r\n\x1a\n"

    monkeypatch.setattr(sms, "fetch", fetch)
    picture = Inbound("MM1", talk.phone, InboundKind.image, media="there")
    await talk.application.services.receive(talk.account, [picture])
    (message,) = await talk.thread()
    fetch_media = talk.application.services.fetch_media
    await fetch_media.give_up(message.merchant_id, message.id, "out of order")
    await redo(talk, "fetch_media", message)
    await fetch_media(message.merchant_id, message.id)
    async with talk.application.database() as unit:
        found = await unit.media.of_message(message.merchant_id, message.id)
    assert found is not None
    assert (found.error, found.size) == ("", 8)


async def test_what_is_gone_or_leaves_nothing_settled_needs_nothing(talk: Talk) -> None:
    services, nobody = talk.application.services, str(new_id())
    for task in ("answer", "advance_flow"):
        await services.redo(task, {"merchant_id": nobody, "message_id": nobody})


async def _say(
    unit: UnitOfWork,
    about: Message,
    *,
    author: Author,
    text: str,
    stands_in_for: UUID | None = None,
) -> Message:
    conversation = await unit.conversations.get(about.merchant_id, about.conversation_id)
    assert about.identity_id is not None
    identity = await unit.people.identity_by_id(about.merchant_id, about.identity_id)
    said = await post(
        unit,
        conversation,
        identity,
        about.created_at,
        author=author,
        text=text,
        stands_in_for=stands_in_for,
    )
    assert said is not None
    return said
