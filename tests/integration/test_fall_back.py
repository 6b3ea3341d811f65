"""A notice that does not arrive is told by the next channel of the merchant's ladder, once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update

from bot.channels.base import DeliveryStatus, Receipt
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Identity, Message
from bot.domain.errors import Limited, NotYet, Permanent, Unreachable
from bot.domain.ids import new_id
from bot.domain.shipment import Status
from bot.services.fall_back import OVERTAKEN
from bot.services.in_time import TOO_LATE
from bot.services.intake import read_shipment
from bot.services.record_event import NewEvent
from bot.services.templating import Templating
from bot.storage import tables as t
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.api_client import shipment
from tests.integration.talking import Talk, Wire, talk_on

PHONE = "+33639981234"
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
async def wires(application: Application, monkeypatch: pytest.MonkeyPatch) -> dict[str, Wire]:
    wires = {name: Wire() for name in ("whatsapp", "sms")}
    for name, wire in wires.items():
        monkeypatch.setattr(application.channels[name], "send", wire.send)
    return wires


@pytest.fixture
async def me(
    application: Application, shop: Shop, clock: FixedClock, wires: dict[str, Wire]
) -> Talk:
    """A customer who has written on WhatsApp, and whose parcel has just been delivered."""
    record = application.services.record_shipment
    await record(shop.merchant, "ML-1", read_shipment(shipment(window=None)))
    talk = await talk_on(application, shop.told["whatsapp"]["account_id"], PHONE)
    await talk.write("hello")
    event = NewEvent("api", "e1", Status.delivered, clock.now())
    await application.services.record_events(shop.merchant.id, "ML-1", [event])
    await runs(talk, "advance_flow")
    return talk


async def runs(me: Talk, task: str) -> int:
    """Do the jobs of a kind that are due, as a worker would; returns how many there were."""
    services = me.application.services
    async with me.application.database() as unit:
        rows = await unit.session.execute(
            text(
                "DELETE FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'"
                " AND args ->> 'merchant_id' = :merchant AND (scheduled_at IS NULL OR scheduled_at <= clock_timestamp()) RETURNING args"
            ),
            {"task": task, "merchant": str(me.account.merchant_id)},
        )
        jobs = [row.args for row in rows]
        await unit.commit()
    for job in jobs:
        merchant = me.account.merchant_id
        if task == "advance_flow":
            await services.advance_flow(merchant, UUID(job["run_id"]), job["step"])
        elif task == "deliver":
            await services.deliver(merchant, UUID(job["message_id"]))
        else:
            await services.fall_back(merchant, UUID(job["message_id"]))
    return len(jobs)


async def later(me: Talk, task: str) -> list[float]:
    """In how many seconds the jobs of a kind fall due."""
    async with me.application.database() as unit:
        rows = await unit.session.scalars(
            text(
                "SELECT extract(epoch FROM scheduled_at - clock_timestamp())"
                " FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'"
                " AND args ->> 'merchant_id' = :merchant"
            ),
            {"task": task, "merchant": str(me.account.merchant_id)},
        )
        return [float(row) for row in rows if row is not None]


async def notices(me: Talk) -> Sequence[Message]:
    return [m for m in await me.thread() if m.author is Author.flow]


async def ladder(me: Talk, *rungs: object) -> None:
    async with me.application.database() as unit:
        merchant = await unit.merchants.get(me.account.merchant_id)
        merchant.ladder = list(rungs)
        await unit.commit()


async def test_a_step_may_have_a_ladder_of_its_own(
    me: Talk, wires: dict[str, Wire], clock: FixedClock
) -> None:
    await ladder(me, "whatsapp", "email")
    document = {
        "trigger": {"status": "returning"},
        "steps": [{"send": {"say": "flow_delayed", "ladder": ["sms", "whatsapp"]}}],
    }
    services, merchant = me.application.services, me.account.merchant_id
    await services.publish_flow(merchant, "returning", document)
    event = NewEvent("api", "e2", Status.returning, clock.now() + TEN_MINUTES)
    await services.record_events(merchant, "ML-1", [event])
    await runs(me, "advance_flow")
    wires["sms"].errors = [Permanent("no such number")]
    for task in ("deliver", "fall_back", "deliver"):
        await runs(me, task)
    told = [(m.channel, m.status) for m in await notices(me) if m.say == "flow_delayed"]
    assert told == [("sms", "failed"), ("whatsapp", "sent")]


async def test_what_fails_for_good_is_told_by_the_next_channel(
    me: Talk, wires: dict[str, Wire]
) -> None:
    wires["whatsapp"].errors = [Permanent("no WhatsApp there")]
    await runs(me, "deliver")
    for _ in range(2):
        await runs(me, "fall_back")
        await runs(me, "deliver")
    first, second = await notices(me)
    assert (first.channel, first.status, first.error) == ("whatsapp", "failed", "no WhatsApp there")
    assert (second.channel, second.status) == ("sms", "sent")
    assert (second.stands_in_for, second.say) == (first.id, first.say)
    assert len(wires["sms"].sent) == 1
    notes = [m.text for m in await me.thread() if m.author is Author.system]
    assert notes == ["not_delivered", "fell_back"]


async def test_falling_back_twice_sends_once(me: Talk, wires: dict[str, Wire]) -> None:
    wires["whatsapp"].errors = [Permanent("no WhatsApp there")]
    await runs(me, "deliver")
    (failed,) = await notices(me)
    for _ in range(2):
        await me.application.services.fall_back(failed.merchant_id, failed.id)
    assert len(await notices(me)) == 2


async def test_when_every_channel_has_failed_it_ends(me: Talk, wires: dict[str, Wire]) -> None:
    await ladder(me, "whatsapp", "sms")
    for wire in wires.values():
        wire.errors = [Permanent("not there")]
    await runs(me, "deliver")
    while await runs(me, "fall_back"):
        await runs(me, "deliver")
    assert [(m.channel, m.status) for m in await notices(me)] == [
        ("whatsapp", "failed"), ("sms", "failed"),
    ]  # fmt: skip


async def test_a_failure_that_is_told_afterwards_counts_as_well(
    me: Talk, wires: dict[str, Wire]
) -> None:
    await runs(me, "deliver")
    (sent,) = await notices(me)
    receipt = Receipt("r1", DeliveryStatus.failed, reference=sent.id, reason="131026 no WhatsApp")
    await me.application.services.receive(me.account, [receipt, receipt])
    assert await runs(me, "fall_back") == 1
    assert [m.channel for m in await notices(me)] == ["whatsapp", "sms"]


@pytest.mark.parametrize("arrives", [True, False])
async def test_without_word_of_its_arrival_the_next_channel_is_tried_after_a_while(
    me: Talk, wires: dict[str, Wire], *, arrives: bool
) -> None:
    await ladder(me, {"channel": "whatsapp", "wait": "10m"}, "sms")
    await runs(me, "deliver")
    (sent,) = await notices(me)
    [due] = await later(me, "fall_back")
    assert 590 < due <= 600
    if arrives:
        receipt = Receipt("r1", DeliveryStatus.delivered, reference=sent.id, provider_id="SM1")
        await me.application.services.receive(me.account, [receipt])
    await me.application.services.fall_back(sent.merchant_id, sent.id)
    assert len(await notices(me)) == (1 if arrives else 2)


async def test_a_receipt_quicker_than_our_own_keeping_does_not_end_the_waiting(
    me: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ladder(me, {"channel": "whatsapp", "wait": "10m"}, "sms")

    async def send(*told: Any) -> str:
        receipt = Receipt("r1", DeliveryStatus.sent, reference=told[-1], provider_id="W1")
        await me.application.services.receive(me.account, [receipt])
        return "W1"

    monkeypatch.setattr(me.application.channels["whatsapp"], "send", send)
    await runs(me, "deliver")
    [due] = await later(me, "fall_back")
    assert 590 < due <= 600


async def test_a_failure_does_not_wait_behind_the_waiting_for_a_receipt(
    me: Talk, wires: dict[str, Wire]
) -> None:
    await ladder(me, {"channel": "whatsapp", "wait": "10m"}, "sms")
    await runs(me, "deliver")
    (sent,) = await notices(me)
    receipt = Receipt("r1", DeliveryStatus.failed, reference=sent.id, reason="131026 no WhatsApp")
    await me.application.services.receive(me.account, [receipt])
    async with me.application.database() as unit:
        locks = await unit.session.execute(
            text(
                "SELECT lock, scheduled_at IS NULL AS now FROM procrastinate_jobs"
                " WHERE task_name = 'fall_back' AND args ->> 'merchant_id' = :merchant"
            ),
            {"merchant": str(me.account.merchant_id)},
        )
        kept = {row.now: row.lock for row in locks}
    # Of two jobs with one lock the queue does the older one first, whenever that falls due.
    assert kept[True] is not None
    assert kept[True] != kept[False]
    assert await runs(me, "fall_back") == 1
    assert [m.channel for m in await notices(me)] == ["whatsapp", "sms"]


async def test_where_nobody_tells_of_arrivals_none_is_waited_for(
    me: Talk, wires: dict[str, Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    whatsapp = me.application.channels["whatsapp"]
    silent = replace(whatsapp.capabilities, receipts=False)
    monkeypatch.setattr(whatsapp, "capabilities", silent)
    await ladder(me, {"channel": "whatsapp", "wait": "10m"}, "sms")
    await runs(me, "deliver")
    assert await later(me, "fall_back") == []


async def quiet_until(me: Talk, hour: str) -> None:
    async with me.application.database() as unit:
        merchant = await unit.merchants.get(me.account.merchant_id)
        hours = {"service": {"hours": f"20:00-{hour}"}}
        merchant.policy = {**merchant.policy, "quiet_hours": hours}
        merchant.policy_version += 1
        await unit.commit()


async def test_what_has_been_held_up_into_the_night_waits_for_the_morning(
    me: Talk, wires: dict[str, Wire]
) -> None:
    await quiet_until(me, "10:15")
    (held,) = await notices(me)
    with pytest.raises(NotYet, match="quiet hours") as error:
        await me.application.services.deliver(held.merchant_id, held.id)
    assert timedelta() < error.value.wait <= timedelta(hours=1)
    one, two = (held.merchant_id, held.id), (held.merchant_id, new_id())
    told = [outcome async for outcome in me.application.services.deliver.together([one, two])]
    assert isinstance(told[0][0], NotYet)
    assert wires["whatsapp"].sent == []


async def test_what_has_lost_its_sense_is_not_sent_by_any_channel(
    me: Talk, wires: dict[str, Wire], clock: FixedClock
) -> None:
    clock.instant += timedelta(hours=13)
    await runs(me, "deliver")
    (late,) = await notices(me)
    assert (late.status, late.error) == ("failed", TOO_LATE)
    assert await runs(me, "fall_back") == 0
    assert wires["whatsapp"].sent == wires["sms"].sent == []


async def test_the_next_channel_keeps_quiet_hours_too(me: Talk, wires: dict[str, Wire]) -> None:
    wires["whatsapp"].errors = [Permanent("no WhatsApp there")]
    await runs(me, "deliver")
    await quiet_until(me, "10:15")
    await runs(me, "fall_back")
    assert len(await notices(me)) == 1
    [due] = await later(me, "fall_back")
    assert 0 < due <= 3600


async def test_a_provider_that_asks_for_silence_has_it_from_the_whole_account(
    me: Talk, wires: dict[str, Wire], clock: FixedClock
) -> None:
    await me.say("where is it")
    wires["whatsapp"].errors = [Limited("busy", timedelta(minutes=5))]
    (notice,) = await notices(me)
    with pytest.raises(Limited):
        await me.application.services.deliver(notice.merchant_id, notice.id)
    answer = (await me.thread())[-1]
    with pytest.raises(NotYet) as error:
        await me.application.services.deliver(answer.merchant_id, answer.id)
    assert timedelta(minutes=4, seconds=59) < error.value.wait <= timedelta(minutes=5, seconds=6)
    assert wires["whatsapp"].sent == []
    clock.instant += timedelta(minutes=5, seconds=6)
    await me.application.services.deliver(answer.merchant_id, answer.id)
    assert len(wires["whatsapp"].sent) == 1


async def test_who_has_written_since_is_not_told_again(me: Talk, wires: dict[str, Wire]) -> None:
    await runs(me, "deliver")
    (sent,) = await notices(me)
    await me.write("thanks!")
    await me.application.services.fall_back(sent.merchant_id, sent.id)
    assert len(await notices(me)) == 1


async def moves(me: Talk, status: Status) -> None:
    """Another parcel of the customer's moves on, and is told of as soon as the queue comes to it."""
    merchant, now = me.account.merchant_id, me.application.clock.now()
    event = NewEvent("api", str(status), status, now)
    await me.application.services.record_events(merchant, "ML-2", [event])
    await runs(me, "advance_flow")


@pytest.fixture
async def on_the_way(me: Talk, shop: Shop, clock: FixedClock) -> Talk:
    """What was told of the first parcel has gone; the second one is out."""
    await runs(me, "deliver")
    given = shipment(window=None, tracking_number="SW2")
    await me.application.services.record_shipment(shop.merchant, "ML-2", read_shipment(given))
    await moves(me, Status.out_for_delivery)
    clock.instant += timedelta(minutes=1)
    return me


async def test_what_later_news_have_overtaken_is_not_told_after_them(
    on_the_way: Talk, wires: dict[str, Wire]
) -> None:
    wires["whatsapp"].errors = [Unreachable("no WhatsApp there")]
    await runs(on_the_way, "deliver")
    await moves(on_the_way, Status.delivered)
    await runs(on_the_way, "fall_back")
    first, second = (await notices(on_the_way))[1:]
    assert (first.status, first.error) == ("failed", f"no WhatsApp there; {OVERTAKEN}")
    assert (second.channel, second.say) == ("sms", "flow_delivered")


async def test_what_failed_before_later_news_did_is_told_before_them(
    on_the_way: Talk, wires: dict[str, Wire]
) -> None:
    wires["whatsapp"].errors = [Permanent("no WhatsApp there")] * 2
    await moves(on_the_way, Status.delivered)
    await runs(on_the_way, "deliver")
    await runs(on_the_way, "fall_back")
    told = [(n.channel, n.say) for n in await notices(on_the_way)]
    assert told[3:] == [("sms", "flow_out_for_delivery"), ("sms", "flow_delivered")]


async def test_an_answer_is_never_taken_to_another_channel(
    me: Talk, wires: dict[str, Wire], clock: FixedClock
) -> None:
    await runs(me, "deliver")
    await me.say("where is it")
    wires["whatsapp"].errors = [Permanent("blocked")]
    await runs(me, "deliver")
    assert await runs(me, "fall_back") == 0


async def test_where_nothing_arrives_is_not_tried_again_until_they_write(
    me: Talk, wires: dict[str, Wire]
) -> None:
    wires["whatsapp"].errors = [Unreachable("blocked by the user")]
    await runs(me, "deliver")
    await runs(me, "fall_back")
    await runs(me, "deliver")
    assert [n.channel for n in await notices(me)] == ["whatsapp", "sms"]
    await tell(me, "e2")
    assert [n.channel for n in await notices(me)] == ["whatsapp", "sms", "sms"]
    await me.write("hello again")
    await tell(me, "e3")
    assert [n.channel for n in await notices(me)][-1] == "whatsapp"


async def tell(me: Talk, event: str) -> None:
    """Another parcel of the customer's has been delivered."""
    services, now = me.application.services, me.application.clock.now()
    async with me.application.database() as unit:
        merchant = await unit.merchants.get(me.account.merchant_id)
    await services.record_shipment(merchant, f"ML-{event}", read_shipment(shipment(window=None)))
    await services.record_events(
        merchant.id, f"ML-{event}", [NewEvent("api", event, Status.delivered, now)]
    )
    await runs(me, "advance_flow")


async def test_who_is_known_at_an_account_that_is_off_is_reached_at_the_one_in_its_place(
    me: Talk, wires: dict[str, Wire], clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ladder(me, "whatsapp", "sms")
    monkeypatch.setattr(me.application.database.memory.accounts, "seconds", 0.0)
    old = await talk_on(me.application, str(me.account.id), PHONE)
    successor = replace(old.account, id=new_id(), address="+33644630099")
    async with me.application.database() as unit:
        off = update(t.provider_accounts).where(t.provider_accounts.c.id == old.account.id)
        await unit.session.execute(off.values(active=False))
        await unit.accounts.add(successor)
        merchant = await unit.merchants.get(me.account.merchant_id)
        contact = await unit.people.get(merchant.id, (await me.conversation()).contact_id)
        reach = me.application.services.reach
        # Free words are not for who has not written there, which an approved template may say.
        monkeypatch.setattr(Templating, "has_one", approved)
        found = await reach(
            unit, merchant, contact, clock.now(), say="flow_delivered", purpose="service"
        )
        assert isinstance(found, Identity)
        assert (found.channel, found.account_id, found.address) == (
            "whatsapp",
            successor.id,
            PHONE,
        )


async def approved(*_: object) -> bool:
    return True
