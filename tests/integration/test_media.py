"""What customers send besides words: fetched from the provider, kept, and shown by links that pass."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bot.channels.base import Amendment, Channel, Fetches, Inbound, InboundKind
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Message
from bot.domain.errors import BadSignature, Permanent
from bot.domain.ids import new_id
from bot.domain.media import PLAIN, Media
from bot.services.ports import Say, Turn, adapter_account
from bot.storage.files import FileStore, sniff
from bot.web import media as pages
from bot.wiring import Application
from sandbox.samples import sample
from tests.conftest import ScriptedEngine, Shop
from tests.integration.house import House, open_house
from tests.integration.talking import Talk, talk_on

PHONE = "+447700900555"
CHANNELS = ("whatsapp", "sms", "telegram")


@pytest.fixture
async def desk(
    database_url: str, clock: FixedClock, engine: ScriptedEngine, tmp_path: Path
) -> AsyncIterator[House]:
    async with open_house(House, database_url, clock, engine, tmp_path) as house:
        yield house


async def sent(desk: House, channel: str, kind: str) -> tuple[Message, Media]:
    """The customer sends a file; the message, and what was kept of it."""
    if channel == "telegram":
        told = desk.shop.told["telegram"]
        url = f"{desk.application.settings.public_url}/webhooks/telegram/{told['account_id']}"
        base = f"{desk.sandbox.url}/telegram/bot{told['bot_token']}/setWebhook"
        async with desk.http.post(
            base, json={"url": url, "secret_token": told["secret_token"]}
        ) as answer:
            answer.raise_for_status()
    await desk.sandbox.say(PHONE, channel, media=kind)
    await desk.sandbox.idle()
    await desk.work()
    message = await last(desk, channel)
    async with desk.application.database() as unit:
        found = await unit.media.of_message(message.merchant_id, message.id)
    assert found is not None
    return message, found


async def last(desk: House, channel: str) -> Message:
    merchant = desk.shop.merchant.id
    account = UUID(desk.shop.told[channel]["account_id"])
    address = PHONE
    if channel == "telegram":
        address = str(desk.world.phones.get(PHONE).telegram_id)
    async with desk.application.database() as unit:
        identity = await unit.people.identity(account, address)
        assert identity is not None
        found = await unit.conversations.of_contact(merchant, identity.contact_id)
        assert found is not None
        thread = await unit.messages.thread(merchant, found.id)
    return next(m for m in reversed(thread) if m.author is Author.customer)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_picture_is_fetched_kept_and_seen(desk: House, channel: str) -> None:
    message, found = await sent(desk, channel, "image")
    _, body = sample("image")
    assert message.kind == "image"
    assert (found.content_type, found.size, found.error) == ("image/png", len(body), "")
    assert found.digest == hashlib.sha256(body).hexdigest()
    now = desk.application.clock.now()
    url = desk.application.settings.public_url + pages.link(desk.application, found.id, now)
    async with desk.http.get(url) as answer:
        assert await answer.read() == body
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Disposition"] == "inline"
    assert await desk.sandbox.violations() == []


async def test_a_link_runs_out_and_cannot_be_made_up(desk: House, clock: FixedClock) -> None:
    _, found = await sent(desk, "whatsapp", "voice")
    path = pages.link(desk.application, found.id, clock.now())
    url = desk.application.settings.public_url + path
    async with desk.http.get(url) as answer:
        assert answer.status == 200
    async with desk.http.get(url[:-2] + "AA") as answer:
        assert answer.status == 404
    clock.instant += timedelta(hours=3)
    async with desk.http.get(url) as answer:
        assert answer.status == 404


async def test_fetching_twice_keeps_it_once_and_time_takes_it_away(
    desk: House, clock: FixedClock
) -> None:
    message, found = await sent(desk, "sms", "image")
    services = desk.application.services
    await services.fetch_media(message.merchant_id, message.id)
    path = desk.application.files.path(found.digest)
    assert path.exists()
    clock.instant += timedelta(days=91)
    # Others' files of that age in the same database go as well.
    assert await services.forget_media() >= 1
    assert not path.exists()
    assert await services.forget_media() == 0


async def test_what_is_too_large_is_said_and_not_kept(desk: House) -> None:
    services = replace(desk.application.services, media_limit=10)
    await desk.sandbox.say(PHONE, "whatsapp", media="image")
    await desk.sandbox.idle()
    message = await last(desk, "whatsapp")
    await services.fetch_media(message.merchant_id, message.id)
    async with desk.application.database() as unit:
        found = await unit.media.of_message(message.merchant_id, message.id)
    assert found is not None
    assert (found.digest, found.error) == ("", "the file is larger than 0 MB")


@pytest.mark.parametrize(
    ("channel", "elsewhere"),
    [("sms", "http://169.254.169.254/latest/meta-data"), ("whatsapp", "../../secret")],
)
async def test_files_are_fetched_from_the_provider_alone(
    desk: House, channel: str, elsewhere: str
) -> None:
    async with desk.application.database() as unit:
        account = await unit.accounts.get(UUID(desk.shop.told[channel]["account_id"]))
    adapter: Channel = desk.application.channels[channel]
    assert isinstance(adapter, Fetches)
    with pytest.raises(Permanent):
        await adapter.fetch(adapter_account(account), elsewhere, 1000)


def test_bytes_say_what_they_are_and_pages_are_not_believed() -> None:
    assert sniff(sample("image")[1]) == "image/png"
    assert sniff(sample("voice")[1]) == "audio/ogg"
    assert sniff(b"%PDF-1.7\n%abc\n") == "application/pdf"
    for page in (b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>"):
        assert sniff(page) == PLAIN
    assert sniff(b"") == PLAIN


async def test_files_are_found_by_nothing_but_a_digest(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest, _ = await store.keep(b"x")
    assert store.path(digest).read_bytes() == b"x"
    for name in ("../../etc/passwd", digest.upper(), digest[:-1]):
        with pytest.raises(ValueError, match="digest"):
            store.path(name)


def test_passing_tokens_are_for_one_use(application: Application, clock: FixedClock) -> None:
    links, thing = application.links, new_id()
    token = links.passing_token("media", thing, clock.now())
    assert links.read_passing("media", token, clock.now() + timedelta(minutes=59)) == thing
    for use, given in (("other", token), ("media", token[:-1]), ("media", "")):
        with pytest.raises(BadSignature):
            links.read_passing(use, given, clock.now())


# -- what is said about a message


@pytest.fixture
async def me(application: Application, shop: Shop) -> Talk:
    return await talk_on(application, shop.told["whatsapp"]["account_id"])


async def test_a_reaction_is_shown_and_asks_nothing(me: Talk, engine: ScriptedEngine) -> None:
    await me.say("hello")
    reaction = Inbound("r1", me.phone, InboundKind.reaction, "👍", about="wamid.1")
    await me.application.services.receive(me.account, [reaction])
    shown = (await me.thread())[-1]
    assert (shown.kind, shown.text) == ("reaction", "👍")
    await me.application.services.answer(shown.merchant_id, shown.id)
    assert len(engine.heard) == 1


async def test_an_edit_is_read_instead_of_what_it_mends(me: Talk, engine: ScriptedEngine) -> None:
    message = await me.write("where is my parsel")
    assert message.key is not None
    await me.application.services.receive(
        me.account, [Amendment(message.key, me.phone, "where is my parcel")]
    )
    await me.application.services.answer(message.merchant_id, message.id)
    assert engine.heard[-1]["text"] == "where is my parcel"
    assert (await me.thread())[0].variables["amended"] == "edited"


async def test_what_is_taken_back_before_it_is_read_is_not_answered(
    me: Talk, engine: ScriptedEngine
) -> None:
    message = await me.write("cancel everything")
    assert message.key is not None
    await me.application.services.receive(me.account, [Amendment(message.key, me.phone, None)])
    await me.application.services.answer(message.merchant_id, message.id)
    assert engine.heard == []
    shown = (await me.thread())[0]
    assert (shown.text, shown.variables["amended"]) == ("", "deleted")


async def test_nobody_amends_somebody_elses_message(me: Talk) -> None:
    message = await me.write("where is it")
    assert message.key is not None
    await me.application.services.receive(
        me.account, [Amendment(message.key, "+447700900999", "cancel it")]
    )
    assert (await me.thread())[0].text == "where is it"


async def test_a_number_with_a_quote_answers_what_is_quoted(
    me: Talk, engine: ScriptedEngine
) -> None:
    first = ({"key": "option_reschedule", "payload": "/reschedule_delivery"},)
    second = ({"key": "option_human", "payload": "/talk_to_human"},)
    engine.turns += [
        Turn((Say("missed_offer", {"parcel": {"item": ""}}, first),), {}),
        Turn((Say("abuse", {}, second),), {}),
    ]
    await me.say("I was out")
    asked = next(m for m in await me.thread() if m.say == "missed_offer")
    async with me.application.database() as unit:
        stored = await unit.messages.get(asked.merchant_id, asked.id)
        stored.provider_ids = ["wamid.asked"]
        await unit.commit()
    await me.say("and you are useless")
    await me.say("1", about="wamid.asked")
    assert engine.heard[-1]["text"] == "/reschedule_delivery"
    await me.say("1")
    assert engine.heard[-1]["text"] != "/reschedule_delivery"


async def test_a_contacts_number_is_read_as_text(me: Talk, engine: ScriptedEngine) -> None:
    inbound = Inbound("c1", me.phone, InboundKind.contact, "+447700900555")
    await me.application.services.receive(me.account, [inbound])
    message = (await me.thread())[-1]
    await me.application.services.answer(message.merchant_id, message.id)
    assert engine.heard[-1]["text"] == "+447700900555"
