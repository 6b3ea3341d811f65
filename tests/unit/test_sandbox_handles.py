"""The sandbox's own handles and parts: phones, faults, clock, page."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from sandbox.clock import parse_duration
from sandbox.config import Demo
from sandbox.demo import until_morning
from sandbox.faults import Faults
from sandbox.phones import normal_number
from sandbox.sms_text import segments
from sandbox.testing import ListeningGateway, Sandbox, listening_gateway, running
from sandbox.whatsapp.service import WhatsApp

EMMA = "+447700900123"


@pytest.fixture
async def gateway() -> AsyncIterator[ListeningGateway]:
    async with listening_gateway() as listening:
        yield listening


@pytest.fixture
async def sandbox(gateway: ListeningGateway) -> AsyncIterator[Sandbox]:
    async with running(Demo.example(gateway.url)) as started:
        yield started


async def test_a_long_poll_wakes_with_the_first_message(sandbox: Sandbox) -> None:
    waiting = asyncio.create_task(sandbox.ask("GET", f"/phones/{EMMA}/sms?after=0&wait=10"))
    await asyncio.sleep(0.1)
    started = time.perf_counter()
    await sandbox.say(EMMA, "sms", text="hello")
    (message,) = (await waiting)["messages"]

    assert time.perf_counter() - started < 2
    assert (message["seq"], message["from"], message["text"]) == (1, "customer", "hello")
    assert set(message) >= {"seq", "from", "text", "options", "media", "at"}


async def test_a_long_poll_that_hears_nothing_ends(sandbox: Sandbox) -> None:
    started = time.perf_counter()
    found = await sandbox.ask("GET", f"/phones/{EMMA}/sms?after=0&wait=0.3")

    assert found == {"messages": []}
    assert 0.25 < time.perf_counter() - started < 3


@pytest.mark.parametrize(
    "body",
    ["{", "[]", "{}", '{"text": ""}', '{"text": "a", "choose": "b"}', '{"media": "smell"}',
     '{"location": [91, 0]}', '{"location": "here"}', '{"location": [NaN, 0]}'],
)  # fmt: skip
async def test_what_a_phone_cannot_do_is_400(sandbox: Sandbox, body: str) -> None:
    async with sandbox.session.post(f"{sandbox.url}/phones/{EMMA}/sms", data=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]


@pytest.mark.parametrize("path", ["/phones/emma/sms", f"/phones/{EMMA}/pigeon"])
async def test_what_is_no_phone_is_404(sandbox: Sandbox, path: str) -> None:
    async with sandbox.session.get(sandbox.url + path) as answer:
        assert answer.status == 404


async def test_any_number_has_a_phone_and_can_be_given_a_name(sandbox: Sandbox) -> None:
    await sandbox.say("+33639980101", "sms", text="hi")
    listed = {phone["number"] for phone in (await sandbox.ask("GET", "/phones"))["phones"]}
    assert "+33639980101" not in listed
    body = {"number": "+33 6 39 98 01 01", "name": "Noé", "channels": ["sms"]}
    assert (await sandbox.ask("POST", "/phones", body))["number"] == "+33639980101"
    phones = {p["number"]: p for p in (await sandbox.ask("GET", "/phones"))["phones"]}
    assert phones["+33639980101"]["name"] == "Noé"
    with pytest.raises(aiohttp.ClientResponseError, match="409"):
        await sandbox.say("+33639980101", "whatsapp", text="hi")


async def test_the_clock_moves_both_or_neither(sandbox: Sandbox, gateway: ListeningGateway) -> None:
    before = datetime.fromisoformat((await sandbox.ask("GET", "/clock"))["now"])
    now = await sandbox.advance("PT2H")
    assert timedelta(hours=2) <= now - before < timedelta(hours=2, seconds=10)
    assert gateway.offset == timedelta(hours=2)

    assert sandbox.world is not None
    gateway.url, sandbox.world.demo = "", Demo.example("http://127.0.0.1:1")
    with pytest.raises(aiohttp.ClientResponseError, match="502"):
        await sandbox.advance("P1D")
    after = datetime.fromisoformat((await sandbox.ask("GET", "/clock"))["now"])
    assert after - now < timedelta(seconds=10)


@pytest.mark.parametrize("asked", ["2h", "", "P", "PT", "P400D", 5, None, "-PT1H"])
async def test_what_is_no_duration_is_400(sandbox: Sandbox, asked: object) -> None:
    with pytest.raises(aiohttp.ClientResponseError, match="400"):
        await sandbox.ask("POST", "/clock", {"advance": asked})


async def test_faults_are_listed_and_cleared(sandbox: Sandbox) -> None:
    await sandbox.fault("telegram", "duplicate", 2)
    (fault,) = (await sandbox.ask("GET", "/faults"))["faults"]
    assert (fault["provider"], fault["count"]) == ("telegram", 2)
    assert (await sandbox.ask("DELETE", "/faults")) == {"faults": []}
    for wrong in ({"provider": "pigeon"}, {"kind": "smell"}, {"count": 0}, {"count": "2"}):
        asked = {"provider": "twilio", "kind": "error", "count": 1, **wrong}
        with pytest.raises(aiohttp.ClientResponseError, match="400"):
            await sandbox.ask("POST", "/faults", asked)


async def test_another_sites_page_may_not_type_here(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/phones/{EMMA}/sms"
    for origin, status in (("https://evil.example", 403), ("null", 403), (sandbox.url, 201)):
        headers = {"Origin": origin}
        async with sandbox.session.post(url, json={"text": "x"}, headers=headers) as answer:
            assert answer.status == status


async def test_the_page_is_served_with_a_policy_and_stays_live(sandbox: Sandbox) -> None:
    async with sandbox.session.get(sandbox.url + "/") as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    state = await sandbox.ask("GET", "/state")
    assert [phone["name"] for phone in state["phones"]] == ["Emma", "Julien", "Sofia"]
    async with sandbox.session.get(sandbox.url + "/events") as stream:
        await sandbox.say(EMMA, "sms", text="<b>hello</b>")
        async with asyncio.timeout(5):
            async for line in stream.content:
                if b'"type": "message"' in line:
                    assert b"<b>hello</b>" in line
                    break


async def test_a_thread_keeps_its_order_and_is_bounded(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    for number in range(20):
        await sandbox.say(EMMA, "sms", text=f"m{number}")
    await sandbox.idle()
    bodies = [hook.body.decode().split("Body=")[1].split("&")[0] for hook in gateway.heard]
    assert bodies == [f"m{number}" for number in range(20)]


async def test_unread_until_the_thread_is_opened(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    await sandbox.ask("POST", "/phones", {"number": EMMA, "name": "Emma", "auto_read": False})
    await sandbox.say(EMMA, "whatsapp", text="hi")
    assert sandbox.world is not None
    whatsapp = sandbox.world.stand_ins["whatsapp"]
    assert isinstance(whatsapp, WhatsApp)
    head = {"messaging_product": "whatsapp", "to": EMMA, "type": "text"}
    whatsapp.send({**head, "text": {"body": "hello"}})
    await sandbox.idle()
    assert (await sandbox.hear(EMMA, "whatsapp"))[0]["status"] == "delivered"
    await sandbox.ask("POST", f"/phones/{EMMA}/whatsapp/read")
    await sandbox.idle()
    assert (await sandbox.hear(EMMA, "whatsapp"))[0]["status"] == "read"


def test_faults_keep_to_their_scope() -> None:
    faults = Faults()
    faults.order("twilio", "lost_callback", 1)
    assert not faults.take("twilio", "lost_callback", "message")
    assert faults.take("twilio", "lost_callback", "status")
    assert not faults.take("twilio", "lost_callback", "status")


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 1), ("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("’" + "a" * 69, 1),
     ("’" + "a" * 70, 2), ("😀" * 35, 1), ("😀" * 36, 2), ("a" * 1530, 10)],
)  # fmt: skip
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


def test_durations() -> None:
    assert parse_duration("P1DT2H3M4S") == timedelta(days=1, hours=2, minutes=3, seconds=4)
    assert parse_duration("P2W") == timedelta(weeks=2)


def test_numbers() -> None:
    assert normal_number("whatsapp:+44 7700 900123") == EMMA
    for wrong in ("", "emma", "+", "123", "+1234567890123456"):
        with pytest.raises(ValueError, match="not a phone number"):
            normal_number(wrong)


@pytest.mark.parametrize(
    ("now", "hours"),
    [("23T08:00", 0), ("23T15:59", 0), ("23T20:00", 12), ("24T03:00", 5)],
)
def test_the_demo_day_starts_in_the_morning(now: str, hours: int) -> None:
    found = until_morning(datetime.fromisoformat(f"2026-11-{now}").replace(tzinfo=UTC))
    assert found == timedelta(hours=hours)
