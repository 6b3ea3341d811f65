"""A customer's message: kept once, answered once, in order, whatever fails in between."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.channels.base import Inbound, InboundKind
from bot.domain.clock import FixedClock
from bot.domain.conversation import Holder
from bot.domain.errors import Temporary
from bot.services.ports import Say, Turn
from bot.wiring import Application
from tests.conftest import ScriptedEngine, Shop
from tests.integration.talking import PHONE, Talk, talk_on


@pytest.fixture
async def talk(application: Application, shop: Shop) -> Talk:
    return await talk_on(application, shop.told["sms"]["account_id"])


async def test_a_message_is_answered_and_its_delivery_is_a_job(
    talk: Talk, engine: ScriptedEngine, application: Application
) -> None:
    message = await talk.say("where is my parcel")
    assert [heard["text"] for heard in engine.heard] == ["where is my parcel"]
    reply = (await talk.thread())[-1]
    assert (reply.say, reply.in_reply_to, reply.status) == ("greet", message.id, "queued")
    async with application.database() as unit:
        jobs = await unit.session.scalar(
            text(
                "SELECT count(*) FROM procrastinate_jobs"
                " WHERE task_name = 'deliver' AND args ->> 'message_id' = :id"
            ),
            {"id": str(reply.id)},
        )
    assert jobs == 1


async def test_the_same_provider_id_has_no_second_effect(talk: Talk) -> None:
    inbound = Inbound("SM1", PHONE, InboundKind.text, "hello")
    for _ in range(2):
        await talk.application.services.receive(talk.account, [inbound])
    assert [m.text for m in await talk.thread()] == ["hello"]


async def test_answering_twice_says_it_once(talk: Talk, engine: ScriptedEngine) -> None:
    message = await talk.say("hello")
    await talk.application.services.answer(message.merchant_id, message.id)
    assert await talk.said() == ["greet"]
    assert len(engine.heard) == 1


async def test_a_slash_is_no_command(talk: Talk, engine: ScriptedEngine) -> None:
    await talk.say("//restart now")
    assert engine.heard[0]["text"] == "restart now"


async def test_the_bot_is_silent_while_a_person_is_asked_for(
    talk: Talk, engine: ScriptedEngine, application: Application
) -> None:
    first = await talk.say("hello")
    async with application.database() as unit:
        conversation = await unit.conversations.get(first.merchant_id, first.conversation_id)
        conversation.hand_over("talk_to_human", application.clock.now())
        await unit.commit()
    await talk.say("anybody there?")
    assert len(engine.heard) == 1
    assert await talk.said() == ["greet"]


async def test_a_failing_engine_is_admitted_once_and_a_person_takes_over_at_last(
    talk: Talk, engine: ScriptedEngine, application: Application
) -> None:
    engine.fail(20)
    message = await talk.write("where is it")
    services = application.services
    for failures in range(7):
        with pytest.raises(Temporary):
            await services.answer(message.merchant_id, message.id, failures)
    assert await talk.said() == ["engine_down"]
    await services.answer(message.merchant_id, message.id, 7)
    assert await talk.said() == ["engine_down", "engine_gave_up"]
    async with application.database() as unit:
        conversation = await unit.conversations.get(message.merchant_id, message.conversation_id)
    assert (conversation.holder, conversation.topic) == (Holder.waiting, "engine")


async def test_a_typed_number_chooses_among_the_last_options_only(
    talk: Talk, engine: ScriptedEngine
) -> None:
    options = ({"title": "A", "payload": "/a"}, {"title": "B", "payload": "/b"})
    engine.turns = [Turn((Say("track", {}, options),), {})]
    await talk.say("where is it")
    await talk.say("2")
    await talk.say("2")
    assert [heard["text"] for heard in engine.heard] == ["where is it", "/b", "2"]


async def test_an_open_question_is_handed_over_to_a_session_that_has_not_seen_it(
    talk: Talk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    asked = {"loop": "nps_form", "requested": "nps_score", "slots": {"survey": "s"}}
    engine.turns = [Turn((Say("nps_question", {}, (), asked),), {}, "nps_form")]
    await talk.say("hello")
    await talk.say("hm")
    assert engine.heard[1]["question"] is None
    engine.turns = [Turn((Say("nps_question", {}, (), asked),), {}, "nps_form")]
    await talk.say("ask me")
    clock.instant += timedelta(days=2)
    await talk.say("9")
    assert engine.heard[-1]["question"] == asked
    assert engine.heard[-1]["sender"].endswith(".2")


async def test_stop_is_confirmed_and_kept(talk: Talk, application: Application) -> None:
    message = await talk.say("STOP")
    assert await talk.said() == ["stopped"]
    async with application.database() as unit:
        conversation = await unit.conversations.get(message.merchant_id, message.conversation_id)
        consent = await unit.feedback.consent(
            message.merchant_id, conversation.contact_id, "sms", "service"
        )
    assert consent is not None
    assert not consent.given


@pytest.mark.parametrize(
    ("kind", "say"),
    [("voice", "media_voice"), ("sticker", "media_sticker"), ("document", "media_other")],
)
async def test_what_cannot_be_read_is_answered_honestly(
    talk: Talk, engine: ScriptedEngine, kind: str, say: str
) -> None:
    inbound = Inbound(f"SM-{kind}", PHONE, InboundKind(kind))
    await talk.application.services.receive(talk.account, [inbound])
    message = (await talk.thread())[-1]
    await talk.application.services.answer(message.merchant_id, message.id)
    assert await talk.said() == [say]
    assert engine.heard == []


async def test_two_first_messages_at_once_make_one_person(
    talk: Talk, application: Application
) -> None:
    await asyncio.gather(
        *(
            application.services.receive(
                talk.account, [Inbound(f"SM{n}", PHONE, InboundKind.text, f"{n}")]
            )
            for n in range(4)
        )
    )
    assert sorted(m.text for m in await talk.thread()) == ["0", "1", "2", "3"]
