"""The score is asked for in as many choices as a channel shows, in two steps where it must be."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Message
from bot.domain.survey import BANDS
from bot.services.ask_score import numbers, scale
from bot.services.ports import Say, Turn
from bot.services.post import post
from bot.wiring import Application
from tests.conftest import ScriptedEngine, Shop
from tests.integration.talking import Talk, Wire, talk_on

ASKED = {"loop": "nps_form", "requested": "nps_score", "slots": {"survey": "s"}}


def tapped(value: str) -> str:
    return f'/inform{{"choice": "{value}"}}'


@pytest.fixture
async def talk(application: Application, shop: Shop) -> Talk:
    return await talk_on(application, shop.told["whatsapp"]["account_id"])


@pytest.fixture
def wire(application: Application, monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(application.channels["whatsapp"], "send", wire.send)
    return wire


@pytest.fixture
async def asked(talk: Talk, wire: Wire, clock: FixedClock) -> dict[str, Any]:
    """What WhatsApp was given when a flow had asked."""
    await talk.say("hello")
    clock.instant += timedelta(seconds=5)
    thread = await talk.conversation()
    assert thread.identity_id is not None
    async with talk.application.database() as unit:
        conversation = await unit.conversations.get(thread.merchant_id, thread.id)
        identity = await unit.people.identity_by_id(thread.merchant_id, thread.identity_id)
        message = await post(
            unit,
            conversation,
            identity,
            clock.now(),
            author=Author.flow,
            say=Say("nps_question", {}, (), ASKED),
        )
        await unit.commit()
    assert message is not None
    return await delivered(talk, wire, message)


async def delivered(talk: Talk, wire: Wire, message: Message) -> dict[str, Any]:
    await talk.application.services.deliver(message.merchant_id, message.id)

    return wire.sent[-1]["payload"]["interactive"]


async def tap(talk: Talk, choice: str) -> None:
    message = await talk.write("", choice=choice)
    await talk.application.services.answer(message.merchant_id, message.id)


def ids(interactive: dict[str, Any]) -> list[str]:
    action = interactive["action"]
    if interactive["type"] == "button":
        return [button["reply"]["id"] for button in action["buttons"]]
    return [row["id"] for row in action["sections"][0]["rows"]]


@pytest.mark.parametrize(
    ("channel", "values"),
    [("telegram", [str(n) for n in range(11)]), ("whatsapp", BANDS), ("sms", []), ("email", [])],
)
def test_what_each_channel_shows(application: Application, channel: str, values: list[str]) -> None:
    choices = scale(application.channels[channel].capabilities)
    assert [choice["payload"] for choice in choices] == [tapped(value) for value in values]


async def test_two_steps_by_taps(
    talk: Talk, asked: dict[str, Any], wire: Wire, engine: ScriptedEngine
) -> None:
    assert asked["type"] == "button"
    which = Say("nps_score_which", {}, numbers(range(7)), ASKED)
    engine.turns = [Turn((which,), {}, "nps_form"), Turn((Say("nps_declined"),), {})]
    await tap(talk, ids(asked)[0])
    assert engine.heard[-1]["text"] == tapped("0-6")
    assert engine.heard[-1]["question"] == ASKED
    second = await delivered(talk, wire, (await talk.thread())[-1])
    assert second["type"] == "list"
    await tap(talk, ids(second)[4])
    assert engine.heard[-1]["text"] == tapped("4")


@pytest.mark.parametrize("number", ["1", "2", "3", "9"])
async def test_a_typed_number_is_a_score_at_the_first_step(
    talk: Talk, asked: dict[str, Any], engine: ScriptedEngine, number: str
) -> None:
    await talk.say(number)
    assert engine.heard[-1]["text"] == number, "not the place of a choice"
    assert engine.heard[-1]["question"] == ASKED


@pytest.mark.parametrize(("number", "heard"), [("2", tapped("2")), ("9", "9"), ("0", tapped("0"))])
async def test_a_typed_number_is_a_score_at_the_second_step(
    talk: Talk, asked: dict[str, Any], wire: Wire, engine: ScriptedEngine, number: str, heard: str
) -> None:
    which = Say("nps_score_which", {}, numbers(range(7)), ASKED)
    engine.turns = [Turn((which,), {}, "nps_form")]
    await tap(talk, ids(asked)[0])
    await delivered(talk, wire, (await talk.thread())[-1])
    await talk.say(number)
    assert engine.heard[-1]["text"] == heard


async def test_another_tap_on_the_scale_is_a_second_thought(
    talk: Talk, asked: dict[str, Any], wire: Wire, engine: ScriptedEngine, clock: FixedClock
) -> None:
    comment = {"loop": "nps_form", "requested": "nps_comment", "slots": {"survey": "s"}}
    engine.turns = [Turn((Say("nps_comment_passive", {}, (), comment),), {}, "nps_form")]
    await talk.say("8")
    clock.instant += timedelta(seconds=5)
    await tap(talk, ids(asked)[2])
    assert engine.heard[-1]["text"] == tapped("9-10")
    assert engine.heard[-1]["question"] == ASKED
    assert "offer_passed" not in await talk.said()
