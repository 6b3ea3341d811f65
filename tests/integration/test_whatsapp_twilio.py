"""WhatsApp by Twilio, over HTTP: the same conversation as by Meta, in Twilio's forms."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, MessageStatus
from bot.services.ports import Say, Turn
from sandbox.twilio.routes import TWILIO_WHATSAPP
from tests.conftest import ScriptedEngine
from tests.integration.house import open_house
from tests.integration.test_templates import PHONE, Desk


class TwilioDesk(Desk):
    """The same, but for who carries WhatsApp."""

    async def contents(self) -> list[str]:
        assert self.sandbox.app is not None
        kept = self.sandbox.app[TWILIO_WHATSAPP].contents.kept
        return [content.friendly_name for content in kept.values()]


def asks(words: str, choices: int) -> Turn:
    """The bot asks, with so many things to tap."""
    long = " from eight in the morning" if choices > 3 else ""
    titles = [f"Day {n}{long}" for n in range(choices)]
    options = tuple({"key": "slot", "payload": "/track_parcel", "title": title} for title in titles)
    return Turn((Say("greet", {"name": words}, options),), {"intent": "ask_delivery_options"})


@pytest.fixture
async def desk(
    database_url: str, clock: FixedClock, engine: ScriptedEngine, tmp_path: Path
) -> AsyncIterator[TwilioDesk]:
    async with open_house(
        TwilioDesk, database_url, clock, engine, tmp_path, whatsapp_by="twilio"
    ) as house:
        yield house


async def test_words_are_taken_and_answered(desk: TwilioDesk) -> None:
    await desk.writes("hello")
    theirs, ours = await desk.said()
    assert (theirs.text, theirs.author) == ("hello", Author.customer)
    assert ours.status is MessageStatus.read
    assert ours.text in await desk.phone("whatsapp")
    assert await desk.sandbox.violations() == []


async def test_a_question_is_buttons_and_a_tap_answers_it(
    desk: TwilioDesk, engine: ScriptedEngine
) -> None:
    engine.turns = [asks("Which one?", 2)]
    await desk.writes("hello")
    shown = (await desk.sandbox.hear(PHONE, "whatsapp", wait=0))[-1]
    assert [option["title"] for option in shown["options"]] == ["Day 0", "Day 1"]
    await desk.sandbox.say(PHONE, "whatsapp", choose="Day 1")
    await desk.sandbox.idle()
    await desk.work()
    tapped = [m for m in await desk.said() if m.author is Author.customer][-1]
    assert (tapped.text, tapped.kind) == ("Day 1", "choice")
    assert await desk.sandbox.violations() == []


async def test_one_content_serves_every_message_of_a_shape(
    desk: TwilioDesk, engine: ScriptedEngine
) -> None:
    for words in ("Which one?", "And now?"):
        engine.turns = [asks(words, 6), asks(words, 2)]
        await desk.writes("hello")
        await desk.writes("and?")
    contents = await desk.contents()
    assert sorted(contents) == ["doorstep_shape_buttons_2_v1", "doorstep_shape_list_dddddd_v1"]
    asked = [m for m in await desk.sandbox.hear(PHONE, "whatsapp", wait=0) if m["options"]]
    assert [len(message["options"]) for message in asked] == [6, 2, 6, 2]
    assert await desk.sandbox.violations() == []


async def test_a_notice_goes_by_an_approved_content_when_the_window_is_closed(
    desk: TwilioDesk,
) -> None:
    await desk.approve("en")
    (notice,) = await desk.notice()
    (shown,) = await desk.phone("whatsapp")
    assert (notice.channel, notice.status) == ("whatsapp", MessageStatus.read)
    assert shown == notice.text
    assert await desk.sandbox.violations() == []


async def test_without_one_the_next_channel_is_taken(desk: TwilioDesk) -> None:
    (notice,) = await desk.notice()
    assert notice.channel == "sms"
    assert await desk.phone("whatsapp") == []


async def test_free_words_wait_when_twilio_finds_the_window_closed(
    desk: TwilioDesk, clock: FixedClock
) -> None:
    """Our clock says that it is open by a minute; Twilio's says that it is not."""
    await desk.writes("hello")
    desk.providers_clock.match(clock.now() + timedelta(hours=25))
    await desk.say_as_agent("Are you there?")
    await desk.sandbox.idle()
    last = [m for m in await desk.said() if m.author is Author.agent][-1]
    assert last.status is MessageStatus.parked
    await desk.writes("yes")
    assert "Are you there?" in await desk.phone("whatsapp")


async def test_a_picture_is_fetched(desk: TwilioDesk) -> None:
    await desk.sandbox.say(PHONE, "whatsapp", media="image")
    await desk.sandbox.idle()
    await desk.work()
    (picture,) = [m for m in await desk.said() if m.author is Author.customer]
    async with desk.application.database() as unit:
        kept = await unit.media.of_message(desk.shop.merchant.id, picture.id)
    assert kept is not None
    assert kept.content_type == "image/png"
