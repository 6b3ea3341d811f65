"""Flows by version, and replays: what would have been sent, without sending."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from bot.domain.clock import FixedClock
from bot.domain.errors import Invalid, NotFound
from bot.domain.flow import FlowRun
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.read_flow import read_flow
from bot.domain.shipment import Status
from bot.domain.when import Window
from bot.flows import shipped
from bot.services.inbox import View
from bot.services.intake import read_shipment
from bot.services.publish_flow import active_flow, check_flow
from bot.services.record_event import NewEvent
from bot.services.replay_flow import Would, totals
from bot.storage import tables
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.api_client import shipment

FIRST = {"trigger": {"status": "delivered"}, "steps": [{"send": {"say": "flow_delivered"}}]}
SECOND = {**FIRST, "repeat": "each"}


async def test_a_flow_is_published_by_version_and_rolled_back(
    application: Application, shop: Shop
) -> None:
    publish, merchant = application.services.publish_flow, shop.merchant.id
    assert (await publish(merchant, "mine", FIRST)).version == 1
    assert (await publish(merchant, "mine", FIRST)).version == 1, "nothing new"
    assert (await publish(merchant, "mine", SECOND)).version == 2
    async with application.database() as unit:
        versions = await unit.flows.versions(merchant, "mine")
    assert [(flow.version, flow.active) for flow in versions] == [(2, True), (1, False)]
    assert (await publish.roll_back(merchant, "mine", None)).version == 1
    async with application.database() as unit:
        assert (await active_flow(unit, merchant, "mine")).version == 1
    assert (await publish.roll_back(merchant, "mine", 2)).version == 2
    await publish.stop(merchant, "mine")
    async with application.database() as unit:
        assert not any(flow.active for flow in await unit.flows.versions(merchant, "mine"))
        assert not any(flow.name == "mine" for flow in await unit.flows.active(merchant))
    for wrong in ((merchant, "mine", 9), (merchant, "none", None), (uuid4(), "mine", None)):
        with pytest.raises(NotFound):
            await publish.roll_back(*wrong)


async def test_what_an_upgrade_brought_is_published_and_what_is_his_own_stays(
    application: Application, shop: Shop
) -> None:
    publish, merchant = application.services.publish_flow, shop.merchant.id
    # The shop has all that is shipped today; these stand for what tomorrow's version brings.
    brought = [{**one, "name": f"next_{one['name']}"} for one in shipped()]
    await publish(merchant, "next_delivered", SECOND)
    became = dict(await publish.shipped(merchant, brought))
    assert became["next_nearly_there"] == became["next_refused"] == "published"
    assert became["next_delivered"] == became["next_score_high"] == "draft"
    async with application.database() as unit:
        assert (await active_flow(unit, merchant, "next_delivered")).document == SECOND
        versions = await unit.flows.versions(merchant, "next_delivered")
        active = {flow.name for flow in await unit.flows.active(merchant)}
    assert [(flow.version, flow.active) for flow in versions] == [(2, False), (1, True)]
    assert "next_nearly_there" in active
    assert "next_score_high" not in active
    again = await publish.shipped(merchant, brought)
    assert {what for _, what in again} == {"unchanged"}, "once is enough"


async def test_a_run_finishes_on_the_version_that_it_began_with(
    application: Application, shop: Shop, clock: FixedClock
) -> None:
    publish, merchant = application.services.publish_flow, shop.merchant
    first = await publish(merchant.id, "mine", FIRST)
    recorded = await application.services.record_shipment(
        merchant, "ML-1", read_shipment(shipment(window=None))
    )
    run = FlowRun(new_id(), merchant.id, first.id, recorded.shipment.id, "mine:1", 0, clock.now())
    async with application.database() as unit:
        assert await unit.flows.start_run(run)
        await unit.commit()
    ended = {**FIRST, "steps": [{"escalate": "engine"}]}
    await publish(merchant.id, "mine", ended)
    await application.services.advance_flow(merchant.id, run.id, 0)
    async with application.database() as unit:
        stored = await unit.flows.run(merchant.id, run.id)
        standing = await unit.flows.standing(merchant.id)
    assert stored.note.startswith(("sent by", "no channel")), "a message, and nobody fetched"
    assert standing[first.id] == {stored.note: 1}


async def test_runs_go_on_by_another_version_where_the_merchant_wants_it(
    application: Application, shop: Shop, clock: FixedClock
) -> None:
    publish, merchant = application.services.publish_flow, shop.merchant
    waits = {"trigger": {"status": "delivered"}, "steps": [{"wait": "1h"}, {"escalate": "engine"}]}
    first = await publish(merchant.id, "mine", waits)
    recorded = await application.services.record_shipment(
        merchant, "ML-1", read_shipment(shipment(window=None))
    )
    runs = [
        FlowRun(
            new_id(), merchant.id, first.id, recorded.shipment.id, f"mine:{step}", step, clock.now()
        )
        for step in (0, 1)
    ]
    async with application.database() as unit:
        for run in runs:
            assert await unit.flows.start_run(run)
        await unit.commit()
    other = {**waits, "steps": [{"wait": "2h"}, {"send": {"say": "flow_delivered"}}]}
    second = await publish(merchant.id, "mine", other)
    moved = await application.services.move_runs(merchant.id, "mine")
    assert (moved.version, moved.runs) == (second.version, 1)
    assert moved.left == {"what it has done is not in that version": 1}
    async with application.database() as unit:
        of = [(await unit.flows.run(merchant.id, run.id)).flow_id for run in runs]
        audit = tables.audit.c
        mine = audit.merchant_id == merchant.id, audit.action == "flow_runs_moved"
        audited = list(await unit.session.scalars(select(AuditEntry).where(*mine)))
    assert of == [second.id, first.id]
    assert [entry.details["runs"] for entry in audited] == [1]
    with pytest.raises(NotFound, match="version 9"):
        await application.services.move_runs(merchant.id, "mine", 9)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("trigger: {status: delivered}\nsteps:\n  - send:\n      say: nonsense\n", "line 4"),
        ("trigger:\n  status: gone\nsteps: [{wait: 1h}]\n", "line 2, trigger.status"),
        ("trigger: {status: delivered}\nsteps:\n  - wait: 1h\n  - dance: 1\n", "line 4, steps[1]"),
        (
            (
                "trigger: {status: delivered}\nsteps:\n  - send:\n      say: flow_delivered\n"
                "      ladder: [sms, pigeon]\n"
            ),
            "line 5, steps[0].send.ladder[1]: 'pigeon' is no channel",
        ),
        (
            (
                "trigger: {status: delivered}\nsteps:\n  - send:\n      say: flow_delivered\n"
                "      options: [{key: nonsense, payload: /affirm}]\n"
            ),
            "there is no sentence 'nonsense'",
        ),
        ("- a\n", "line 1"),
        ("a: [", "line 1"),
    ],
)
def test_a_wrong_file_names_its_lines(written: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_flow(written, lambda key: key == "flow_delivered", {"sms"})
    assert says in str(caught.value)


class Past:
    """A merchant with a past, at night and by day."""

    def __init__(self, application: Application, shop: Shop, clock: FixedClock) -> None:
        self.application, self.shop, self.clock = application, shop, clock

    async def parcel(self, reference: str, *events: tuple[str, float, float | None]) -> None:
        """Events as (status, hours from now, hours from then to the window's start)."""
        given = shipment(window=None) | {"recipient": {"phone": "+33639981234", "language": "en"}}
        record = self.application.services.record_shipment
        await record(self.shop.merchant, reference, read_shipment(given))
        told: list[NewEvent] = []
        for place, (status, hours, ahead) in enumerate(events):
            at = self.clock.now() + timedelta(hours=hours)
            start = at + timedelta(hours=ahead or 0)
            window = Window(start, start + timedelta(hours=2)) if ahead is not None else None
            told.append(NewEvent("api", f"e{place}", Status(status), at, window=window))
        await self.application.services.record_events(self.shop.merchant.id, reference, told)

    async def replay(self, **document: Any) -> list[Would]:
        plan = read_flow(document)
        since = self.clock.now() - timedelta(days=30)
        return await self.application.services.replay_flow(self.shop.merchant, plan, since)


@pytest.fixture
async def past(application: Application, shop: Shop, clock: FixedClock) -> Past:
    priced = text(
        'UPDATE provider_accounts SET options = options || \'{"price": "0.05 EUR"}\''
        " WHERE merchant_id = :merchant AND name = 'sms'"
    )
    async with application.database() as unit:
        await unit.session.execute(priced, {"merchant": shop.merchant.id})
        merchant = await unit.merchants.get(shop.merchant.id)
        merchant.ladder = ["sms"]
        merchant.policy = {k: v for k, v in merchant.policy.items() if k != "quiet_hours"}
        await unit.commit()
    shop.merchant.ladder = ["sms"]
    return Past(application, shop, clock)


async def sent_so_far(past: Past) -> int:
    async with past.application.database() as unit:
        found = await unit.inbox.queue(past.shop.merchant.id, uuid4(), View(), now=past.clock.now())
    return len(found.recent)


async def test_a_replay_tells_who_would_have_heard_what_when_and_at_what_price(
    past: Past,
) -> None:
    await past.parcel("ML-1", ("in_transit", -90, None), ("delivered", -80, None))
    await past.parcel("ML-2", ("in_transit", -90, None))
    before = await sent_so_far(past)
    (would,) = await past.replay(
        trigger={"status": "delivered"}, steps=[{"send": {"say": "flow_delivered"}}]
    )
    assert (would.reference, would.channel, would.contact) == ("ML-1", "sms", "+336…34")
    assert would.at == past.clock.now() - timedelta(hours=80)
    assert would.cost is not None
    assert would.cost.amount == Decimal("0.05") * would.cost.pieces
    messages, pieces, prices = totals([would])
    assert (messages, pieces, prices) == (1, would.cost.pieces, {"EUR": would.cost.amount})
    assert await sent_so_far(past) == before


async def test_a_replay_keeps_quiet_hours_and_drops_what_has_lost_its_sense(past: Past) -> None:
    night = datetime(2026, 11, 20, 23, tzinfo=UTC)
    hours = (night - past.clock.now()) / timedelta(hours=1)
    await past.parcel("ML-1", ("delivered", hours, None))
    asked, dropped = await past.replay(
        trigger={"status": "delivered"},
        steps=[
            {"ask_nps": {"open_for": "14d"}},
            {"send": {"say": "flow_pickup_reminder", "while": "ready_for_pickup"}},
        ],
    )
    assert asked.at is not None
    assert asked.at > night
    assert asked.why.startswith("held: quiet hours until")
    assert (dropped.at, dropped.why) == (None, "not sent: the parcel was delivered")


async def test_a_replay_of_changed_windows_goes_by_what_was_told(past: Past) -> None:
    await past.parcel(
        "ML-1",
        ("in_transit", -50, 30),
        ("out_for_delivery", -30, 3),
        ("out_for_delivery", -29, 2.1),
        ("out_for_delivery", -28, 6),
    )
    would = await past.replay(
        trigger={"window": "changed"},
        repeat="each",
        steps=[{"send": {"say": "flow_window_changed"}}],
    )
    assert [one.at for one in would] == [past.clock.now() - timedelta(hours=28)]


async def test_a_replay_keeps_to_conditions_and_to_once(past: Past) -> None:
    await past.parcel("ML-1", ("attempt_failed", -50, None), ("attempt_failed", -30, None))
    steps = [{"escalate": "dispute_attempt"}]
    trigger = {"status": "attempt_failed"}
    assert len(await past.replay(trigger=trigger, steps=steps)) == 1
    assert len(await past.replay(trigger=trigger, steps=steps, repeat="each")) == 2
    assert await past.replay(trigger=trigger, steps=steps, only={"language": "de"}) == []
