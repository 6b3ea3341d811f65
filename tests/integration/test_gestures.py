"""What people do in chats besides writing: they quote, react, edit and take back, over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.clock import FixedClock
from bot.domain.conversation import Author
from bot.services.ports import Say, Turn
from tests.conftest import ScriptedEngine
from tests.integration.house import open_house
from tests.integration.test_templates import PHONE, Desk

OPTIONS = (
    {"key": "slot", "payload": "/track_parcel", "title": "Tomorrow"},
    {"key": "slot", "payload": "/talk_to_human", "title": "Friday"},
)


@pytest.fixture
async def desk(
    database_url: str, clock: FixedClock, engine: ScriptedEngine, tmp_path: Path
) -> AsyncIterator[Desk]:
    async with open_house(Desk, database_url, clock, engine, tmp_path) as house:
        yield house


async def does(desk: Desk, **what: object) -> None:
    await desk.sandbox.say(PHONE, "whatsapp", **what)
    await desk.sandbox.idle()
    await desk.work()


async def test_a_number_with_a_quote_answers_the_message_that_it_quotes(
    desk: Desk, engine: ScriptedEngine
) -> None:
    engine.turns = [Turn((Say("greet", {"name": "A"}, OPTIONS),), {})]
    await desk.writes("hello")
    asked = (await desk.sandbox.hear(PHONE, "whatsapp", wait=0))[-1]
    await desk.writes("hm")
    await does(desk, text="2", quote=asked["seq"])
    assert engine.heard[-1]["text"] == "/talk_to_human"
    assert await desk.sandbox.violations() == []


async def test_a_reaction_is_kept_and_asks_nothing(desk: Desk, engine: ScriptedEngine) -> None:
    await desk.writes("hello")
    before = len(engine.heard)
    await does(desk, react="👍")
    assert len(engine.heard) == before
    last = [m for m in await desk.said() if m.author is Author.customer][-1]
    assert (last.kind, last.text) == ("reaction", "👍")


async def test_what_is_edited_before_it_is_answered_is_read_as_it_is_then(
    desk: Desk, engine: ScriptedEngine
) -> None:
    await desk.sandbox.say(PHONE, "whatsapp", text="tomorow")
    await desk.sandbox.say(PHONE, "whatsapp", edit="tomorrow evening")
    await desk.sandbox.idle()
    await desk.work()
    assert [heard["text"] for heard in engine.heard] == ["tomorrow evening"]


async def test_what_is_taken_back_is_not_answered(desk: Desk, engine: ScriptedEngine) -> None:
    await desk.sandbox.say(PHONE, "whatsapp", text="oops, wrong chat")
    await desk.sandbox.say(PHONE, "whatsapp", delete=True)
    await desk.sandbox.idle()
    await desk.work()
    assert engine.heard == []
    (theirs,) = await desk.said()
    assert (theirs.text, theirs.variables["amended"]) == ("", "deleted")
