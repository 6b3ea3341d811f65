"""The stand-in carrier, and the demo day that it carries."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import iso
from sandbox.config import Demo, Options
from sandbox.testing import (
    ListeningGateway,
    Sandbox,
    listening_gateway,
    running,
    signed_by,
)

SECRET = Demo.example().carrier.secret
WINDOW = {"from": "2026-11-25T17:00:00+00:00", "to": "2026-11-25T20:00:00+00:00"}
FAST = Options(pace=1_000, retry_base=0.05, morning=False)


@pytest.fixture
async def gateway() -> AsyncIterator[ListeningGateway]:
    async with listening_gateway() as listening:
        yield listening


@pytest.fixture
async def sandbox(gateway: ListeningGateway) -> AsyncIterator[Sandbox]:
    async with running(Demo.example(gateway.url), Options(retry_base=0.05)) as started:
        yield started


async def ask(sandbox: Sandbox, secret: str = SECRET, **asked: Any) -> tuple[int, Any]:
    body = {"request_id": "r1", "tracking_number": "SP1", "kind": "reschedule", "window": WINDOW}
    raw = json.dumps({**body, **asked}).encode()
    headers = {"X-Doorstep-Signature": signed_by(secret, raw)}
    url = f"{sandbox.url}/carrier/requests"
    async with sandbox.session.post(url, data=raw, headers=headers) as answer:
        return answer.status, await answer.json()


def events(gateway: ListeningGateway) -> list[dict[str, Any]]:
    return [event for hook in gateway.on("/carriers/") for event in hook.json["events"]]


async def test_a_request_is_answered_once_per_id(sandbox: Sandbox) -> None:
    accepted = {"request_id": "r1", "state": "accepted", "reason": None}
    assert await ask(sandbox) == (200, accepted)
    await sandbox.fault("carrier", "reject")
    assert await ask(sandbox) == (200, accepted)
    status, rejected = await ask(sandbox, request_id="r2")
    assert (status, rejected["state"]) == (200, "rejected")
    assert rejected["reason"]


async def test_a_wrong_signature_is_refused(sandbox: Sandbox) -> None:
    assert (await ask(sandbox, secret="wrong"))[0] == 403


@pytest.mark.parametrize(
    "asked", [{"kind": "teleport"}, {"window": None}, {"window": {"from": "x"}}, {"note": 5}]
)
async def test_what_breaks_the_contract_is_listed(sandbox: Sandbox, asked: Any) -> None:
    assert (await ask(sandbox, **asked))[0] == 400
    assert len(await sandbox.violations()) == 1


async def test_faults(sandbox: Sandbox) -> None:
    await sandbox.fault("carrier", "error")
    await sandbox.fault("carrier", "rate_limit")
    assert [(await ask(sandbox))[0] for _ in range(3)] == [429, 500, 200]


async def test_events_are_signed_whole_and_repeated_until_taken(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    gateway.status = 500
    event = {"tracking_number": "SP1", "status": "out_for_delivery", "window": WINDOW}
    sent = await sandbox.ask("POST", "/carrier/events", event)
    await gateway.until(lambda heard: len(heard) == 2)
    gateway.status = 200
    await sandbox.idle()

    assert events(gateway)[0] == sent
    for hook in gateway.heard:
        assert hook.path == "/webhooks/carriers/carrier-1"
        assert hook.headers["X-Doorstep-Signature"] == signed_by(SECRET, hook.body)


async def test_at_pace_0_nothing_happens(sandbox: Sandbox, gateway: ListeningGateway) -> None:
    await asyncio.sleep(0.2)
    assert gateway.shipments == {}
    assert len((await sandbox.ask("GET", "/phones"))["phones"]) == 3


async def test_the_day_unfolds_in_order(gateway: ListeningGateway) -> None:
    async with running(Demo.example(gateway.url), FAST) as sandbox:
        await gateway.until(
            lambda _: sum(e["status"] == "delivered" for e in events(gateway)) == 4, seconds=20
        )
        numbers = {body["tracking_number"] for body in gateway.shipments.values()}
        assert len(numbers) == 4
        for number in numbers:
            statuses = [e["status"] for e in events(gateway) if e["tracking_number"] == number]
            assert statuses[:2] == ["created", "in_transit"]
            assert statuses[-2:] == ["out_for_delivery", "delivered"]
        assert "delayed" in {event["status"] for event in events(gateway)}
        started = [hook.json["message"]["text"] for hook in gateway.on("/telegram/")]
        assert started == ["/start linked-1"]
        assert all(p["next"] is None for p in (await sandbox.ask("GET", "/demo"))["parcels"])


async def test_a_moved_parcel_is_delivered_in_its_new_window(gateway: ListeningGateway) -> None:
    options = Options(pace=100, morning=False)
    async with running(Demo.example(gateway.url), options) as sandbox:
        await gateway.until(lambda _: len(events(gateway)) > 0)
        parcel = (await sandbox.ask("GET", "/demo"))["parcels"][0]
        number = parcel["tracking_number"]
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        window = {"from": iso(tomorrow), "to": iso(tomorrow + timedelta(hours=3))}
        await ask(sandbox, tracking_number=number, window=window)

        def delivered() -> list[dict[str, Any]]:
            mine = [e for e in events(gateway) if e["tracking_number"] == number]
            return [e for e in mine if e["status"] == "delivered"]

        await gateway.until(lambda _: len(delivered()) == 1)
        assert window["from"] < delivered()[0]["at"] < window["to"]
        shown = (await sandbox.ask("GET", "/demo"))["parcels"][0]
        assert (shown["status"], shown["next"]) == ("delivered", None)


async def test_a_restart_goes_on_where_it_stopped(
    gateway: ListeningGateway, tmp_path: Path
) -> None:
    options = Options(pace=60, morning=False, state_path=tmp_path / "sandbox.json")
    async with running(Demo.example(gateway.url), options) as sandbox:
        await gateway.until(lambda _: len(events(gateway)) >= 5)
        await sandbox.say("+447700900123", "sms", text="STOP")
        await sandbox.idle()
    made, ids = dict(gateway.shipments), [event["id"] for event in events(gateway)]
    async with running(Demo.example(gateway.url), options) as sandbox:
        await gateway.until(lambda _: len(events(gateway)) > len(ids))
        await asyncio.sleep(0.3)
        assert sandbox.world is not None
        assert sandbox.world.phones.get("+447700900123").thread("sms").opted_out
        texts = [
            m["text"] for m in (await sandbox.ask("GET", "/phones/+447700900123/sms"))["messages"]
        ]
        assert texts[0] == "STOP"

    assert gateway.shipments == made
    everything = [event["id"] for event in events(gateway)]
    assert len(everything) == len(set(everything))


async def test_a_parcel_can_be_pushed_on_while_the_day_stands_still(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    day = await sandbox.ask("POST", "/demo", {"start": True})
    reference = day["parcels"][0]["reference"]
    await sandbox.ask("POST", "/demo", {"next": reference})
    await gateway.until(lambda _: len(events(gateway)) == 1)

    assert events(gateway)[0]["status"] == "created"
    assert gateway.shipments[reference]["recipient"]["phone"] == "+447700900123"
