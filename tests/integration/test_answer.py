"""A customer's message: kept once, answered once, in order, whatever fails in between."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.channels.base import Inbound, InboundKind
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Holder
from bot.domain.errors import Temporary
from bot.services import consents
from bot.services.ports import Say, Turn
from bot.services.post import post
from bot.wiring import Application
from tests.conftest import ScriptedEngine, Shop
from tests.integration.talking import PHONE, Talk, talk_on


@pytest.fixture
async def talk(application: Application, shop: Shop) -> Talk:
    return await talk_on(application, shop.told["sms"]["account_id"])


@pytest.fixture
async def agent(application: Application, shop: Shop) -> UUID:
    async with application.database() as unit:
        user = await unit.merchants.user_by_email(shop.email)
    assert user is not None
    return user.id


async def hold(talk: Talk, agent: UUID) -> None:
    """An agent takes the conversation."""
    found = await talk.conversation()
    async with talk.application.database() as unit:
        conversation = await unit.conversations.get(found.merchant_id, found.id, lock=True)
        conversation.take(agent)
        await unit.commit()


async def ask_nps(talk: Talk, options: tuple[dict[str, str], ...] = ()) -> None:
    """A flow asks for a score in the middle of whatever goes on."""
    found = await talk.conversation()
    assert found.identity_id is not None
    asked = {"loop": "nps_form", "requested": "nps_score", "slots": {"survey": "s"}}
    async with talk.application.database() as unit:
        conversation = await unit.conversations.get(found.merchant_id, found.id)
        identity = await unit.people.identity_by_id(found.merchant_id, found.identity_id)
        say = Say("nps_question", {}, options, asked)
        now = talk.application.clock.now()
        await post(unit, conversation, identity, now, author=Author.flow, say=say)
        await unit.commit()


async def awaits_a_person(talk: Talk, topic: str) -> None:
    """People have been called for."""
    found = await talk.conversation()
    async with talk.application.database() as unit:
        conversation = await unit.conversations.get(found.merchant_id, found.id, lock=True)
        conversation.hand_over(topic, talk.application.clock.now())
        await unit.commit()


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


@pytest.mark.parametrize("slashes", ["/", "//", "/ /", " / / "])
async def test_a_slash_is_no_command(talk: Talk, engine: ScriptedEngine, slashes: str) -> None:
    await talk.say(f"{slashes}restart now")
    assert engine.heard[0]["text"] == "restart now"


async def test_who_waits_for_a_person_is_told_so_when_they_ask(
    talk: Talk, engine: ScriptedEngine, application: Application, clock: FixedClock
) -> None:
    await talk.say("hello")
    await awaits_a_person(talk, "talk_to_human")
    await talk.say("it is about the lamp")
    assert await talk.said() == ["greet"]
    await talk.say("anybody there?")
    await talk.say("hello??")
    assert await talk.said() == ["greet", "handed_over_already"], "once an hour"
    clock.instant += timedelta(hours=1)
    await talk.say("still nobody")
    assert await talk.said() == ["greet", "handed_over_already", "handed_over_already"]


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
    await services.answer.give_up(message.merchant_id, message.id, "out of order")
    assert await talk.said() == ["engine_down", "engine_gave_up"]
    conversation = await talk.conversation()
    assert (conversation.holder, conversation.topic) == (Holder.waiting, "engine")


async def test_nothing_is_said_of_a_failure_while_an_agent_answers(
    talk: Talk, engine: ScriptedEngine, application: Application, agent: UUID
) -> None:
    engine.fail(2)
    message = await talk.write("where is it")
    with pytest.raises(Temporary):
        await application.services.answer(message.merchant_id, message.id, 0)
    await hold(talk, agent)
    await application.services.answer(message.merchant_id, message.id, 1)
    assert await talk.said() == []


async def test_an_agent_who_takes_over_while_the_engine_thinks_has_the_word(
    talk: Talk, engine: ScriptedEngine, application: Application, agent: UUID
) -> None:
    respond = engine.respond

    async def slowly(**asked: Any) -> Turn:
        await hold(talk, agent)
        return await respond(**asked)

    engine.respond = slowly  # type: ignore[method-assign]
    await talk.say("where is it")
    assert await talk.said() == []
    assert [m.answered_at for m in await talk.thread() if m.author == "customer"] != [None]


async def test_the_answer_to_who_asked_for_a_person_survives_a_crash(
    talk: Talk, engine: ScriptedEngine, application: Application
) -> None:
    message = await talk.write("a person please")
    engine.fail(1)
    with pytest.raises(Temporary):
        await application.services.answer(message.merchant_id, message.id)
    await awaits_a_person(talk, "talk_to_human")
    engine.turns = [Turn((Say("handed_over"),), {})]
    await application.services.answer(message.merchant_id, message.id, 1)
    assert await talk.said() == ["handed_over"]
    assert len({heard["sender"] for heard in engine.heard}) == 1


async def test_a_survey_does_not_take_over_what_is_being_agreed(
    talk: Talk, engine: ScriptedEngine, application: Application, clock: FixedClock
) -> None:
    agreed = {"loop": "reschedule_form", "requested": "agreed", "slots": {}}
    engine.turns = [Turn((Say("greet", {"name": "R"}, (), agreed),), {}, "reschedule_form")]
    await talk.say("tomorrow evening")
    clock.instant += timedelta(seconds=5)
    await ask_nps(talk)
    clock.instant += timedelta(seconds=5)
    engine.turns = [Turn((Say("greet", {"name": "R"}),), {}, None)]
    await talk.say("yes please do")
    assert engine.heard[-1]["question"] is None
    await talk.say("9")
    asked = engine.heard[-1]["question"]
    assert asked is not None
    assert asked["loop"] == "nps_form"


async def test_what_was_written_before_a_question_does_not_answer_it(
    talk: Talk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    await talk.say("hello")
    waiting = await talk.write("2")
    clock.instant += timedelta(seconds=5)
    options = ({"title": "A", "payload": "/a"}, {"title": "B", "payload": "/b"})
    await ask_nps(talk, options)
    await talk.application.services.answer(waiting.merchant_id, waiting.id)
    assert engine.heard[-1]["text"] == "2"
    await talk.say("2")
    assert engine.heard[-1]["text"] == "/b"


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


async def test_stop_is_confirmed_and_kept_for_every_channel(
    talk: Talk, application: Application
) -> None:
    message = await talk.say("STOP")
    assert await talk.said() == ["stopped"]
    async with application.database() as unit:
        conversation = await unit.conversations.get(message.merchant_id, message.conversation_id)
        (kept,) = await unit.feedback.ledger(message.merchant_id, conversation.contact_id)
    assert (kept.channel, kept.given, kept.source) == ("", False, "keyword")
    await talk.say("START")
    async with application.database() as unit:
        person = (message.merchant_id, conversation.contact_id)
        for channel in ("sms", "email"):
            assert await consents.may_send(unit, *person, channel, "service")


@pytest.mark.parametrize("said", [["START"], ["STOP", "START"]])
async def test_start_is_no_consent_to_marketing_and_leaves_a_refused_purpose_refused(
    talk: Talk, application: Application, said: list[str]
) -> None:
    message = await talk.say("hello")
    merchant, contact = message.merchant_id, (await talk.conversation()).contact_id
    async with application.database() as unit:
        person = await unit.people.get(merchant, contact)
        given = ("", "words", "no surveys", application.clock.now())
        await consents.stop(unit, person, *given, purpose="feedback")
        await unit.commit()
    for words in said:
        await talk.say(words)
    assert (await talk.said())[-1] == "restarted"
    async with application.database() as unit:
        allowed = {
            purpose: await consents.may_send(unit, merchant, contact, "sms", purpose)
            for purpose in ("service", "feedback", "marketing")
        }
    assert allowed == {"service": True, "feedback": False, "marketing": False}


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


@pytest.mark.parametrize(
    ("kind", "more", "heard"),
    [
        ("image", {}, '/inform{"media": "image"}'),
        ("image", {"text": "look at this box"}, "look at this box"),
        ("location", {"location": (48.85, 2.35)}, '/inform{"location": "48.85,2.35"}'),
    ],
)
async def test_what_says_something_without_words_is_heard_as_a_value(
    talk: Talk, engine: ScriptedEngine, kind: str, more: dict[str, Any], heard: str
) -> None:
    inbound = Inbound(f"SM-{kind}", PHONE, InboundKind(kind), **more)
    await talk.application.services.receive(talk.account, [inbound])
    message = (await talk.thread())[-1]
    await talk.application.services.answer(message.merchant_id, message.id)
    assert [said["text"] for said in engine.heard] == [heard]
    assert await talk.said() == ["greet"]


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


async def test_a_yes_takes_the_one_thing_that_was_offered(
    talk: Talk, engine: ScriptedEngine
) -> None:
    offered = ({"title": "A person", "payload": "/talk_to_human", "yes": True},)
    engine.turns = [Turn((Say("not_understood_person", {}, offered),), {})]
    await talk.say("can my neighbour take it")
    await talk.say("Yes please!")
    assert engine.heard[-1]["text"] == "/talk_to_human"


async def test_a_yes_beside_a_statement_takes_nothing(talk: Talk, engine: ScriptedEngine) -> None:
    stated = ({"title": "A person", "payload": "/talk_to_human"},)
    engine.turns = [Turn((Say("no_parcel", {}, stated),), {})]
    await talk.say("where is it")
    await talk.say("ok")
    assert engine.heard[-1]["text"] == "ok"


async def test_a_short_text_does_not_flip_the_language(
    talk: Talk, application: Application
) -> None:
    for words, language in (
        ("no dont cancel", "en"),
        ("bonjour, est-ce que mon colis arrive bientôt ?", "fr"),
        ("t'es un robot?", "fr"),
        ("sorry, where is my parcel now please", "en"),
    ):
        message = await talk.say(words)
        found = await talk.conversation()
        async with application.database() as unit:
            contact = await unit.people.get(message.merchant_id, found.contact_id)
        assert contact.language == language, words


@pytest.mark.parametrize(
    ("words", "taken_for", "heard"),
    [
        ("STOP", "stop", False),
        ("CANCEL", "stop", False),
        ("NOMORE", "stop", False),
        ("HELP", "help", True),
        ("YES", "start", True),
    ],
)
async def test_what_the_provider_has_answered_is_kept_and_not_answered_again(
    application: Application,
    shop: Shop,
    engine: ScriptedEngine,
    words: str,
    taken_for: str,
    *,
    heard: bool,
) -> None:
    talk = await talk_on(application, shop.told["sms"]["account_id"])
    await talk.say(words, opt_out=taken_for)
    assert await talk.said() == []
    assert engine.heard == []
    conversation = await talk.conversation()
    async with application.database() as unit:
        may = await consents.may_send(
            unit, shop.merchant.id, conversation.contact_id, "sms", "service"
        )
    assert may is heard


async def test_a_merchants_own_word_lifts_what_the_provider_has_stopped(
    application: Application, shop: Shop
) -> None:
    talk = await talk_on(application, shop.told["sms"]["account_id"])
    await talk.say("CANCEL", opt_out="stop")
    await talk.say("REJOIN", opt_out="start")
    conversation = await talk.conversation()
    async with application.database() as unit:
        kept = await unit.feedback.ledger(shop.merchant.id, conversation.contact_id)
    assert [(one.channel, one.given, one.source, one.text) for one in kept] == [
        ("sms", True, "provider", "REJOIN"),
        ("sms", False, "provider", "CANCEL"),
    ]
    assert await talk.said() == []


async def test_a_yes_that_the_provider_takes_for_start_answers_the_open_question(
    talk: Talk, engine: ScriptedEngine
) -> None:
    offered = ({"title": "A person", "payload": "/talk_to_human", "yes": True},)
    engine.turns = [Turn((Say("not_understood_person", {}, offered),), {})]
    await talk.say("can my neighbour take it")
    message = await talk.say("YES", opt_out="start")
    assert engine.heard[-1]["text"] == "/talk_to_human"
    async with talk.application.database() as unit:
        contact = (await talk.conversation()).contact_id
        assert not await unit.feedback.ledger(message.merchant_id, contact)


async def test_a_clear_wish_is_served_while_a_person_is_awaited(
    talk: Talk, engine: ScriptedEngine, application: Application
) -> None:
    await talk.say("hello")
    await awaits_a_person(talk, "talk_to_human")
    before = await talk.said()
    clear = {"intent": "track_parcel", "confidence": 0.9}
    engine.turns = [Turn((Say("thank"),), {"intent": "thank", "confidence": 1.0})]
    await talk.say("it is about the lamp")
    assert await talk.said() == before
    engine.turns = [Turn((Say("goodbye"),), clear)]
    await talk.say("where is it")
    assert await talk.said() == [*before, "goodbye"]
    assert (await talk.conversation()).holder is Holder.waiting


async def test_where_it_is_was_told_with_the_case_that_it_never_came(
    talk: Talk, engine: ScriptedEngine, application: Application
) -> None:
    await talk.say("hello")
    await awaits_a_person(talk, "report_not_received")
    engine.turns = [Turn((Say("goodbye"),), {"intent": "track_parcel", "confidence": 0.9})]
    await talk.say("when do i hear from you")
    assert (await talk.said())[-1] != "goodbye"
