"""The stand-in of the Telegram Bot API, spoken to by python-telegram-bot as the product does."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden

from sandbox.config import Demo, Options
from sandbox.contracts.telegram import type_validator
from sandbox.phones import Phone
from sandbox.testing import ListeningGateway, Sandbox, listening_gateway, running

SOFIA = "+33639980177"
CHAT = Phone(SOFIA, "", (), listed=True).telegram_id
ACCOUNT = Demo.example().telegram


@pytest.fixture
async def gateway() -> AsyncIterator[ListeningGateway]:
    async with listening_gateway() as listening:
        yield listening


@pytest.fixture
async def sandbox(gateway: ListeningGateway) -> AsyncIterator[Sandbox]:
    async with running(Demo.example(gateway.url), Options(retry_base=0.05)) as started:
        yield started


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(ACCOUNT.bot_token, base_url=f"{sandbox.url}/telegram/bot") as started:
        yield started


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(d.upper(), callback_data=d)] for d in data])


async def raw(sandbox: Sandbox, method: str, body: Any) -> tuple[int, Any]:
    url = f"{sandbox.url}/telegram/bot{ACCOUNT.bot_token}/{method}"
    async with sandbox.session.post(url, json=body) as answer:
        return answer.status, await answer.json()


async def test_a_bot_cannot_write_first(sandbox: Sandbox, bot: Bot) -> None:
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(CHAT, "hello")
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(42, "hello")


async def test_start_with_a_payload_opens_the_chat(
    sandbox: Sandbox, gateway: ListeningGateway, bot: Bot
) -> None:
    await sandbox.say(SOFIA, "telegram", text="/start signed-token_1")
    await gateway.until(lambda heard: len(heard) == 1)
    sent = await bot.send_message(CHAT, "Welcome")

    hook = gateway.heard[0]
    assert hook.path == f"/webhooks/telegram/{ACCOUNT.account_id}"
    assert hook.headers["X-Telegram-Bot-Api-Secret-Token"] == ACCOUNT.secret_token
    type_validator("Update").validate(hook.json)
    assert hook.json["message"]["text"] == "/start signed-token_1"
    assert hook.json["message"]["chat"]["id"] == CHAT == sent.chat.id
    (shown,) = await sandbox.hear(SOFIA, "telegram")
    assert shown["text"] == "Welcome"


async def test_a_tap_is_a_callback_query_that_must_be_answered(
    sandbox: Sandbox, gateway: ListeningGateway, bot: Bot
) -> None:
    await sandbox.say(SOFIA, "telegram", text="/start")
    sent = await bot.send_message(CHAT, "Keep it?", reply_markup=keyboard("keep", "move"))
    await sandbox.say(SOFIA, "telegram", choose="Move")
    await gateway.until(lambda heard: len(heard) == 2)

    query = gateway.heard[1].json["callback_query"]
    type_validator("Update").validate(gateway.heard[1].json)
    assert (query["data"], query["message"]["message_id"]) == ("move", sent.message_id)
    assert list((await sandbox.ask("GET", "/telegram/callbacks"))["unanswered"]) == [query["id"]]
    assert await bot.answer_callback_query(query["id"], "Noted")
    assert (await sandbox.ask("GET", "/telegram/callbacks"))["unanswered"] == {}
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(query["id"])


async def test_messages_are_edited_in_place(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.say(SOFIA, "telegram", text="/start")
    sent = await bot.send_message(CHAT, "Keep it?", reply_markup=keyboard("keep"))
    await bot.edit_message_text("Kept.", CHAT, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)not modified"):
        await bot.edit_message_text("Kept.", CHAT, sent.message_id)
    await bot.edit_message_reply_markup(CHAT, sent.message_id, reply_markup=keyboard("undo"))

    (shown,) = await sandbox.hear(SOFIA, "telegram")
    assert (shown["text"], shown["edited"]) == ("Kept.", True)
    assert [option["id"] for option in shown["options"]] == ["undo"]


async def test_the_webhook_can_be_moved(
    sandbox: Sandbox, gateway: ListeningGateway, bot: Bot
) -> None:
    await bot.set_webhook(f"{gateway.url}/webhooks/elsewhere", secret_token="another-Secret_1")
    assert (await bot.get_webhook_info()).url.endswith("/elsewhere")
    await sandbox.say(SOFIA, "telegram", text="hi")
    await gateway.until(lambda heard: len(heard) == 1)
    assert gateway.heard[0].headers["X-Telegram-Bot-Api-Secret-Token"] == "another-Secret_1"
    with pytest.raises(BadRequest, match=r"(?i)unallowed"):
        await bot.set_webhook(gateway.url, secret_token="not allowed!")
    await bot.delete_webhook()
    await sandbox.say(SOFIA, "telegram", text="hi")
    await sandbox.idle()
    assert len(gateway.heard) == 1


async def test_media_locations_and_typing(
    sandbox: Sandbox, gateway: ListeningGateway, bot: Bot
) -> None:
    for media in ("image", "voice", "sticker"):
        await sandbox.say(SOFIA, "telegram", media=media)
    await sandbox.say(SOFIA, "telegram", location=[45.76, 4.83])
    await sandbox.idle()
    assert await bot.send_chat_action(CHAT, "typing")

    found = [hook.json["message"] for hook in gateway.heard]
    for hook in gateway.heard:
        type_validator("Update").validate(hook.json)
    kinds = [next(k for k in ("photo", "voice", "sticker", "location") if k in m) for m in found]
    assert kinds == ["photo", "voice", "sticker", "location"]
    numbers = [hook.json["update_id"] for hook in gateway.heard]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("body", "reason", "counted"),
    [
        ({"text": "x"}, "'chat_id' is a required property", True),
        ({"chat_id": CHAT, "text": "x", "colour": "red"}, "colour", True),
        ({"chat_id": CHAT, "text": "x" * 4097}, "message is too long", False),
        ({"chat_id": CHAT, "text": "  "}, "message text is empty", False),
        ({"chat_id": CHAT, "text": "<u>x", "parse_mode": "HTML"}, None, False),
        ({"chat_id": CHAT, "text": "1 < 2", "parse_mode": "HTML"}, "parse entities", False),
        (
            {
                "chat_id": CHAT,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]},
            },
            "BUTTON_DATA_INVALID",
            False,
        ),
    ],
)
async def test_telegrams_limits(
    sandbox: Sandbox, body: dict[str, Any], reason: str | None, counted: bool
) -> None:
    await sandbox.say(SOFIA, "telegram", text="/start")
    status, answer = await raw(sandbox, "sendMessage", body)

    assert status == (200 if reason is None else 400)
    assert answer["ok"] is (reason is None)
    assert (reason or "") in answer.get("description", "")
    assert len(await sandbox.violations()) == counted


async def test_wrong_token_and_unknown_method(sandbox: Sandbox) -> None:
    async with sandbox.session.get(f"{sandbox.url}/telegram/bot1:wrong/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
    assert (await raw(sandbox, "sendPigeon", {}))[0] == 404


async def test_faults_take_telegrams_form(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.say(SOFIA, "telegram", text="/start")
    await sandbox.fault("telegram", "rate_limit")
    status, answer = await raw(sandbox, "sendMessage", {"chat_id": CHAT, "text": "x"})
    assert (status, answer["parameters"]) == (429, {"retry_after": 2})
    await sandbox.fault("telegram", "error")
    assert (await raw(sandbox, "sendMessage", {"chat_id": CHAT, "text": "x"}))[0] == 500
    await bot.send_message(CHAT, "hello")


async def test_updates_are_repeated_until_taken(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    gateway.status = 500
    await sandbox.say(SOFIA, "telegram", text="hi")
    await gateway.until(lambda heard: len(heard) == 2)
    gateway.status = 200
    await sandbox.idle()

    assert len({json.loads(hook.body)["update_id"] for hook in gateway.heard}) == 1


async def test_the_log_does_not_show_the_token(sandbox: Sandbox, bot: Bot) -> None:
    await bot.get_me()
    assert ACCOUNT.bot_token not in json.dumps(await sandbox.log())


async def test_an_edit_and_a_quote_are_told_as_telegram_tells_them(
    sandbox: Sandbox, gateway: ListeningGateway, bot: Bot
) -> None:
    first = await sandbox.say(SOFIA, "telegram", text="tomorow")
    await sandbox.say(SOFIA, "telegram", edit="tomorrow")
    await sandbox.say(SOFIA, "telegram", text="that one", quote=first["seq"])
    await gateway.until(lambda heard: len(heard) == 3)
    wrote, edited, quoting = (one.json for one in gateway.heard)
    assert edited["edited_message"]["text"] == "tomorrow"
    assert edited["edited_message"]["message_id"] == wrote["message"]["message_id"]
    assert quoting["message"]["reply_to_message"]["text"] == "tomorrow"


async def test_a_file_by_its_link_is_on_the_phone(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.say(SOFIA, "telegram", text="/start")
    await bot.send_photo(CHAT, "https://shop.example/f/abc", caption="The label")
    await bot.send_document(CHAT, "https://shop.example/f/def")
    with pytest.raises(BadRequest, match="Wrong file"):
        await bot.send_document(CHAT, "no-such-file-id")
    shown = [
        (one["media"], one["file"], one["text"]) for one in await sandbox.hear(SOFIA, "telegram")
    ]
    assert shown == [
        ("image", "https://shop.example/f/abc", "The label"),
        ("document", "https://shop.example/f/def", ""),
    ]
