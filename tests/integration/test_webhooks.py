"""The providers' webhooks over real HTTP, with real signatures: kept once, or refused in words."""

import asyncio
import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import event, func, select
from twilio.request_validator import RequestValidator

from bot.storage import tables as t
from bot.web.app import make_app
from bot.wiring import Application
from tests.conftest import Shop

SENDER = "+447700900123"


class Provider:
    """Sends what a provider sends, signed as it signs, and counts what was kept."""

    def __init__(self, gateway: TestClient, application: Application, shop: Shop) -> None:
        self.gateway = gateway
        self.application = application
        self.shop = shop

    async def kept(self) -> int:
        query = select(func.count()).where(
            t.messages.c.merchant_id == self.shop.merchant.id, t.messages.c.author == "customer"
        )
        async with self.application.database.engine.connect() as connection:
            return (await connection.execute(query)).scalar_one()

    async def sms(self, sid: str = "SM1", signature: str | None = None) -> ClientResponse:
        told = self.shop.told["sms"]
        path = f"/webhooks/sms/{told['account_id']}"
        form = {
            "MessageSid": sid,
            "AccountSid": told["account_sid"],
            "From": SENDER,
            "To": told["number"],
            "Body": "where is my parcel",
            "NumMedia": "0",
        }
        url = self.application.settings.public_url + path
        signed = RequestValidator(told["auth_token"]).compute_signature(url, form)
        return await self.gateway.post(
            path,
            data=urlencode(form),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": signature or signed,
            },
        )

    async def whatsapp(self, body: bytes, signature: str | None = None) -> ClientResponse:
        told = self.shop.told["whatsapp"]
        digest = hmac.new(told["app_secret"].encode(), body, hashlib.sha256).hexdigest()
        return await self.gateway.post(
            f"/webhooks/whatsapp/{told['account_id']}",
            data=io.BytesIO(body),
            headers={
                "Content-Type": "application/json",
                "X-Hub-Signature-256": f"sha256={digest}" if signature is None else signature,
            },
        )

    async def telegram(self, update: dict[str, Any], secret: str | None = None) -> ClientResponse:
        told = self.shop.told["telegram"]
        return await self.gateway.post(
            f"/webhooks/telegram/{told['account_id']}",
            json=update,
            headers={"X-Telegram-Bot-Api-Secret-Token": secret or told["secret_token"]},
        )

    def whatsapp_text(self, wamid: str = "wamid.1", text: str = "hello") -> bytes:
        number = self.shop.told["whatsapp"]["phone_number_id"]
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "1", "phone_number_id": number},
            "contacts": [{"profile": {"name": "Ada"}, "wa_id": SENDER[1:]}],
            "messages": [
                {
                    "from": SENDER[1:],
                    "id": wamid,
                    "timestamp": "1763971200",
                    "type": "text",
                    "text": {"body": text},
                }
            ],
        }
        change = {"field": "messages", "value": value}
        entry = {"id": "1", "changes": [change]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


@pytest.fixture
async def provider(application: Application, shop: Shop) -> AsyncIterator[Provider]:
    async with TestClient(TestServer(make_app(application))) as gateway:
        yield Provider(gateway, application, shop)


def telegram_group(update_id: int, words: str) -> dict[str, Any]:
    update = telegram_text(update_id)
    group = {"id": -1001234567890, "type": "supergroup", "title": "Neighbours"}
    update["message"] |= {"chat": group, "text": words}
    return update


def telegram_text(update_id: int = 1) -> dict[str, Any]:
    person = {"id": 700900123, "is_bot": False, "first_name": "Ada"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": 1,
            "date": 1763971200,
            "chat": {"id": 700900123, "type": "private", "first_name": "Ada"},
            "from": person,
            "text": "hello",
        },
    }


async def test_each_channel_is_kept_and_acknowledged(provider: Provider) -> None:
    assert (await provider.sms()).status == 200
    assert (await provider.whatsapp(provider.whatsapp_text())).status == 200
    assert (await provider.telegram(telegram_text())).status == 200
    assert await provider.kept() == 3


async def test_a_repeat_is_acknowledged_and_has_no_second_effect(provider: Provider) -> None:
    statuses = [(await provider.sms()).status for _ in range(2)]
    together = await asyncio.gather(
        *(provider.whatsapp(provider.whatsapp_text()) for _ in range(5)),
        *(provider.telegram(telegram_text()) for _ in range(5)),
    )
    assert {*statuses, *(answer.status for answer in together)} == {200}
    assert await provider.kept() == 3


async def test_messages_at_once_are_kept_once_each_and_repeats_not(provider: Provider) -> None:
    sids = [f"SM{number}" for number in range(12)]
    # The account is remembered from then on.
    await provider.sms(sids[0])
    commits: list[object] = []

    def count(connection: object) -> None:
        commits.append(connection)

    engine = provider.application.database.engine.sync_engine
    event.listen(engine, "commit", count)
    try:
        answers = await asyncio.gather(*(provider.sms(sid) for sid in (*sids, *sids[:4])))
    finally:
        event.remove(engine, "commit", count)
    assert {answer.status for answer in answers} == {200}
    assert await provider.kept() == len(sids)
    assert len(commits) < len(answers)


async def test_a_link_to_the_chat_makes_its_recipient_known_and_never_a_group(
    provider: Provider, application: Application
) -> None:
    merchant_id, account_id = (
        provider.shop.merchant.id,
        provider.shop.told["telegram"]["account_id"],
    )
    await provider.sms()
    async with application.database() as unit:
        marie = await unit.people.by_phone(merchant_id, SENDER)
        assert marie is not None
        before = await unit.conversations.of_contact(merchant_id, marie.id)
    start = "/start " + application.links.telegram_chat("a_bot", marie.id).partition("start=")[2]
    assert (await provider.telegram(telegram_group(1, start))).status == 200
    async with application.database() as unit:
        group = await unit.people.identity(UUID(account_id), "-1001234567890")
        after = await unit.conversations.of_contact(merchant_id, marie.id)
    assert group is not None
    assert (group.contact_id == marie.id, group.verified) == (False, False)
    assert before is not None
    assert after is not None
    assert after.identity_id == before.identity_id
    private = telegram_text(2)
    private["message"]["text"] = start
    await provider.telegram(private)
    async with application.database() as unit:
        chat = await unit.people.identity(UUID(account_id), "700900123")
        after = await unit.conversations.of_contact(merchant_id, marie.id)
    assert chat is not None
    assert after is not None
    assert (chat.contact_id, chat.verified, after.identity_id) == (marie.id, True, chat.id)


async def test_a_group_is_heard_once(provider: Provider) -> None:
    for number in range(1, 4):
        assert (await provider.telegram(telegram_group(number, "hello all"))).status == 200
    assert await provider.kept() == 1


async def test_an_edited_message_is_acknowledged_and_not_kept(provider: Provider) -> None:
    update = telegram_text()
    await provider.telegram(update)
    edited = {"update_id": 2, "edited_message": update["message"] | {"edit_date": 1763971300}}
    assert (await provider.telegram(edited)).status == 200
    assert await provider.kept() == 1


async def test_a_wrong_or_missing_signature_is_403_and_kept_nowhere(provider: Provider) -> None:
    refused = [
        await provider.sms(signature="bm90IHRoZSBzaWduYXR1cmU="),
        await provider.whatsapp(provider.whatsapp_text(), signature="sha256=" + "0" * 64),
        await provider.whatsapp(provider.whatsapp_text(), signature=""),
        await provider.telegram(telegram_text(), secret="wrong"),
    ]
    assert [answer.status for answer in refused] == [403] * 4
    assert await provider.kept() == 0


async def test_a_replay_against_another_account_is_refused(
    provider: Provider, application: Application
) -> None:
    body = provider.whatsapp_text()
    told = provider.shop.told
    digest = hmac.new(told["whatsapp"]["app_secret"].encode(), body, hashlib.sha256).hexdigest()
    answer = await provider.gateway.post(
        f"/webhooks/whatsapp/{told['sms']['account_id']}",
        data=body,
        headers={"X-Hub-Signature-256": f"sha256={digest}"},
    )
    assert answer.status == 404


@pytest.mark.parametrize(
    "body", [b'{"object": "whatsapp_business_acc', b"[]", b"", b"\xff\xfe", b'{"object": 3}']
)
async def test_what_cannot_be_read_is_400_with_the_reason(provider: Provider, body: bytes) -> None:
    answer = await provider.whatsapp(body)
    problem = await answer.json(content_type=None)
    assert (answer.status, problem["status"]) == (400, 400)
    assert len(problem["detail"]) > 10
    assert await provider.kept() == 0


async def test_a_body_of_a_megabyte_is_refused(provider: Provider) -> None:
    answer = await provider.whatsapp(b"[" + b" " * 2**20 + b"]")
    assert answer.status == 413


async def test_a_message_of_four_thousand_characters_is_kept_whole(provider: Provider) -> None:
    assert (await provider.whatsapp(provider.whatsapp_text(text="é" * 4000))).status == 200
    assert await provider.kept() == 1


async def test_metas_challenge_is_answered_to_those_who_know_the_token(provider: Provider) -> None:
    told = provider.shop.told["whatsapp"]
    path = f"/webhooks/whatsapp/{told['account_id']}"
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    right = await provider.gateway.get(
        path, params=query | {"hub.verify_token": told["verify_token"]}
    )
    assert (right.status, await right.text()) == (200, "1158201444")
    wrong = await provider.gateway.get(path, params=query | {"hub.verify_token": "guess"})
    assert wrong.status == 403


async def test_there_is_nothing_at_other_addresses(provider: Provider) -> None:
    for path in ("/webhooks/sms/not-an-id", "/webhooks/pigeon/" + "0" * 32):
        assert (await provider.gateway.post(path)).status == 404


async def test_twilios_receipt_moves_the_message_that_its_address_names(
    provider: Provider,
) -> None:
    await provider.sms()
    application, told = provider.application, provider.shop.told["sms"]
    async with application.database() as unit:
        rows = await unit.session.execute(
            select(t.messages.c.id).where(t.messages.c.merchant_id == provider.shop.merchant.id)
        )
        message_id = rows.scalar_one()
    await application.services.answer(provider.shop.merchant.id, message_id)
    async with application.database() as unit:
        conversation = await unit.messages.get(provider.shop.merchant.id, message_id)
        thread = await unit.messages.thread(provider.shop.merchant.id, conversation.conversation_id)
    reply = thread[-1]
    path = f"/webhooks/sms/{told['account_id']}/status?message={reply.id}"
    form = {"MessageSid": "SM9", "MessageStatus": "delivered", "AccountSid": told["account_sid"]}
    url = application.settings.public_url + path
    signature = RequestValidator(told["auth_token"]).compute_signature(url, form)
    answer = await provider.gateway.post(
        path,
        data=urlencode(form),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signature,
        },
    )
    assert answer.status == 200
    async with application.database() as unit:
        assert (await unit.messages.get(reply.merchant_id, reply.id)).status == "delivered"
