"""The stand-in of Twilio: what it takes, refuses, signs and reports."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import pytest
from twilio.request_validator import RequestValidator

from sandbox.config import Demo
from sandbox.contracts.twilio import message_validator
from sandbox.testing import Heard, ListeningGateway, Sandbox, listening_gateway, running

EMMA = "+447700900123"
ACCOUNT = Demo.example().sms
MESSAGES = f"/twilio/2010-04-01/Accounts/{ACCOUNT.account_sid}/Messages"


@pytest.fixture
async def gateway() -> AsyncIterator[ListeningGateway]:
    async with listening_gateway() as listening:
        yield listening


@pytest.fixture
async def sandbox(gateway: ListeningGateway) -> AsyncIterator[Sandbox]:
    async with running(Demo.example(gateway.url)) as started:
        yield started


def headers(token: str = ACCOUNT.auth_token) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth(ACCOUNT.account_sid, token)}


async def send(sandbox: Sandbox, token: str = ACCOUNT.auth_token, **form: str) -> tuple[int, Any]:
    form = {"To": EMMA, "From": ACCOUNT.number, "Body": "hello", **form}
    form = {name: value for name, value in form.items() if value}
    url = f"{sandbox.url}{MESSAGES}.json"
    async with sandbox.session.post(url, data=form, headers=headers(token)) as answer:
        return answer.status, await answer.json()


def form_of(hook: Heard) -> dict[str, str]:
    return dict(parse_qsl(hook.body.decode(), keep_blank_values=True))


def rightly_signed(hook: Heard) -> bool:
    validator = RequestValidator(ACCOUNT.auth_token)
    return validator.validate(hook.url, form_of(hook), hook.headers["X-Twilio-Signature"])


async def test_a_message_is_accepted_shown_and_found_again(sandbox: Sandbox) -> None:
    status, sms = await send(sandbox, Body="Your parcel is near")

    assert (status, sms["status"], sms["direction"]) == (201, "queued", "outbound-api")
    message_validator().validate(sms)
    (shown,) = await sandbox.hear(EMMA, "sms")
    assert (shown["text"], shown["id"]) == ("Your parcel is near", sms["sid"])
    await sandbox.idle()
    url = f"{sandbox.url}{MESSAGES}/{sms['sid']}.json"
    async with sandbox.session.get(url, headers=headers()) as answer:
        assert (await answer.json())["status"] == "delivered"
    listed = f"{sandbox.url}{MESSAGES}.json?To=%2B447700900123&PageSize=1&DateSent%3E=2026-01-01"
    async with sandbox.session.get(listed, headers=headers()) as answer:
        page = await answer.json()
    assert [message["sid"] for message in page["messages"]] == [sms["sid"]]
    assert await sandbox.violations() == []


async def test_statuses_come_back_to_the_callback_signed_with_its_query(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    callback = f"{gateway.url}/webhooks/sms/sms-1/status?message=abc"
    _, sms = await send(sandbox, StatusCallback=callback)
    await gateway.until(lambda heard: len(heard) == 2)

    assert [form_of(hook)["MessageStatus"] for hook in gateway.heard] == ["sent", "delivered"]
    assert all(form_of(hook)["MessageSid"] == sms["sid"] for hook in gateway.heard)
    assert all(hook.url == callback and rightly_signed(hook) for hook in gateway.heard)


async def test_what_the_customer_writes_arrives_signed(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    await sandbox.say(EMMA, "sms", text="Où est-il ? 2+2=4 & ça va 😀")
    await sandbox.say(EMMA, "sms", media="image")
    await gateway.until(lambda heard: len(heard) == 2)

    first, second = (form_of(hook) for hook in gateway.heard)
    assert all(rightly_signed(hook) for hook in gateway.heard)
    assert gateway.heard[0].path == "/webhooks/sms/sms-1"
    assert (first["Body"], first["From"]) == ("Où est-il ? 2+2=4 & ça va 😀", EMMA)
    assert (first["To"], first["NumMedia"]) == (ACCOUNT.number, "0")
    assert (second["NumMedia"], second["MediaContentType0"]) == ("1", "image/png")
    async with sandbox.session.get(second["MediaUrl0"], headers=headers()) as media:
        assert (await media.read()).startswith(b"\x89PNG")


async def test_choosing_on_sms_types_what_is_given(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    await send(sandbox, Body="1 Keep it\n2 Move it")
    await sandbox.say(EMMA, "sms", choose="2")
    await gateway.until(lambda heard: len(heard) == 1)

    assert form_of(gateway.heard[0])["Body"] == "2"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "0639980142"}, 21211),
        ({"From": ""}, 21603),
        ({"From": "+15005550006"}, 21606),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"StatusCallback": "not a url"}, 21609),
    ],
)
async def test_refusals_bear_twilios_codes(
    sandbox: Sandbox, form: dict[str, str], code: int
) -> None:
    status, error = await send(sandbox, **form)

    assert (status, error["code"], error["status"]) == (400, code, 400)
    assert error["more_info"].endswith(str(code))
    assert await sandbox.hear(EMMA, "sms", wait=0) == []


async def test_a_wrong_token_is_401_and_an_unknown_parameter_a_violation(sandbox: Sandbox) -> None:
    status, error = await send(sandbox, token="wrong")
    assert (status, error["code"]) == (401, 20003)
    assert await sandbox.violations() == []

    status, _ = await send(sandbox, Colour="red")
    assert status == 400
    (violation,) = await sandbox.violations()
    assert "Colour" in violation["problems"][0]


async def test_stop_is_answered_by_twilio_and_closes_the_number_until_start(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    await sandbox.say(EMMA, "sms", text=" stop ")
    (confirmed,) = await sandbox.hear(EMMA, "sms")
    assert "unsubscribed" in confirmed["text"]
    status, error = await send(sandbox)
    assert (status, error["code"]) == (400, 21610)
    assert (await send(sandbox, To="+447700900124"))[0] == 201

    await sandbox.say(EMMA, "sms", text="START")
    assert (await send(sandbox))[0] == 201
    await gateway.until(lambda heard: len(heard) == 2)


async def test_faults_on_sending(sandbox: Sandbox, gateway: ListeningGateway) -> None:
    await sandbox.fault("twilio", "error")
    await sandbox.fault("twilio", "rate_limit")
    assert [(await send(sandbox))[0] for _ in range(3)] == [429, 500, 201]

    await sandbox.fault("twilio", "timeout")
    with pytest.raises(TimeoutError):
        async with sandbox.session.post(
            f"{sandbox.url}{MESSAGES}.json",
            data={"To": EMMA, "From": ACCOUNT.number, "Body": "delivered all the same"},
            headers=headers(),
            timeout=aiohttp.ClientTimeout(total=0.3),
        ):
            pass
    assert (await sandbox.hear(EMMA, "sms"))[-1]["text"] == "delivered all the same"

    await sandbox.fault("twilio", "undelivered")
    await send(sandbox, StatusCallback=f"{gateway.url}/webhooks/status")
    await gateway.until(lambda heard: len(heard) == 2)
    assert form_of(gateway.heard[1])["ErrorCode"] == "30003"


async def test_faults_on_callbacks(sandbox: Sandbox, gateway: ListeningGateway) -> None:
    callback = f"{gateway.url}/webhooks/status"

    async def statuses(count: int) -> list[str]:
        gateway.heard.clear()
        await send(sandbox, StatusCallback=callback)
        await sandbox.idle()
        assert len(gateway.heard) == count
        return [form_of(hook)["MessageStatus"] for hook in gateway.heard]

    await sandbox.fault("twilio", "reorder", 2)
    assert await statuses(2) == ["delivered", "sent"]
    await sandbox.fault("twilio", "lost_callback", 1)
    assert await statuses(1) == ["delivered"]
    await sandbox.fault("twilio", "duplicate", 1)
    assert await statuses(3) == ["sent", "sent", "delivered"]


async def test_an_inbound_message_is_not_retried(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    gateway.status = 500
    await sandbox.say(EMMA, "sms", text="anyone?")
    await sandbox.idle()

    assert len(gateway.heard) == 1
    (entry,) = await sandbox.log(provider="twilio", direction="out")
    assert (entry["status"], entry["attempt"]) == (500, 1)


async def test_an_mms_is_on_the_phone(sandbox: Sandbox) -> None:
    status, _ = await send(sandbox, Body="", MediaUrl="https://shop.example/f/abc")
    assert status == 201
    (shown,) = await sandbox.hear(EMMA, "sms")
    assert (shown["media"], shown["file"]) == ("image", "https://shop.example/f/abc")
