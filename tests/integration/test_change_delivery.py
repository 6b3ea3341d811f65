"""Offering, proposing, confirming, and telling the carrier."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.carriers.base import Answer, CarrierCapabilities, Instruction
from bot.channels.base import Account
from bot.domain.clock import FixedClock
from bot.domain.errors import Limited, NotFound, NotTaken, Permanent, Refused, Temporary
from bot.domain.request import DeliveryRequest, RequestKind, RequestState
from bot.domain.shipment import Shipment, Status
from bot.domain.when import Window, Wish
from bot.services import change_delivery
from bot.services.tell_carrier import TellCarrier
from bot.wiring import Application
from tests.conftest import Shop, seed_shop
from tests.integration.parcels import Customer, customer

RESCHEDULE = RequestKind.reschedule


@pytest.fixture
async def me(application: Application, shop: Shop) -> Customer:
    return await customer(application, shop)


@pytest.fixture
async def parcel(me: Customer) -> Shipment:
    return await me.expects()


async def windows(me: Customer, parcel: Shipment) -> list[Window]:
    async with me.application.database() as unit:
        return await change_delivery.possible_windows(unit, parcel, me.application.clock.now())


async def propose(
    me: Customer,
    parcel: Shipment,
    kind: RequestKind = RESCHEDULE,
    window: Window | None = None,
    along_with: DeliveryRequest | None = None,
) -> DeliveryRequest:
    async with me.application.database() as unit:
        proposed = await change_delivery.propose(
            unit,
            me.conversation,
            parcel,
            kind,
            window,
            me.application.clock.now(),
            along_with=along_with.id if along_with else None,
        )
        await unit.commit()
    return proposed


async def confirm(me: Customer, request: DeliveryRequest) -> DeliveryRequest:
    async with me.application.database() as unit:
        now = me.application.clock.now()
        try:
            return await change_delivery.confirm(unit, me.conversation, request.id, now)
        finally:
            await unit.commit()


async def jobs(me: Customer, request: DeliveryRequest) -> int:
    async with me.application.database() as unit:
        query = text(
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE task_name = 'tell_carrier' AND args ->> 'request_id' = :id"
        )
        return int(await unit.session.scalar(query, {"id": str(request.id)}) or 0)


async def state(me: Customer, parcel: Shipment) -> list[str]:
    return [str(request.state) for request in await me.requests(parcel)]


async def test_a_proposal_is_made_once_and_a_new_one_replaces_it(
    me: Customer, parcel: Shipment
) -> None:
    first, second, *_ = await windows(me, parcel)
    one = await propose(me, parcel, window=first)
    assert (one.fee.amount, one.policy_version) == (290, 1)
    assert (await propose(me, parcel, window=first)).id == one.id
    assert (await propose(me, parcel, window=second)).id != one.id
    assert await state(me, parcel) == ["expired", "awaiting_confirmation"]


async def test_a_yes_makes_one_request_and_one_job(me: Customer, parcel: Shipment) -> None:
    request = await propose(me, parcel, window=(await windows(me, parcel))[0])
    for _ in range(2):
        assert (await confirm(me, request)).state is RequestState.requested
    assert await jobs(me, request) == 1
    async with me.application.database() as unit:
        query = text("SELECT action, actor FROM audit WHERE subject = :subject")
        rows = await unit.session.execute(query, {"subject": f"delivery_request:{request.id}"})
        assert [tuple(row) for row in rows] == [
            ("requested:reschedule", f"contact:{me.contact.id}")
        ]


async def test_a_yes_after_the_parcel_has_come_changes_nothing(
    me: Customer, parcel: Shipment
) -> None:
    request = await propose(me, parcel, window=(await windows(me, parcel))[0])
    async with me.application.database() as unit:
        await unit.session.execute(
            text("UPDATE shipments SET status = 'delivered' WHERE id = :id"), {"id": parcel.id}
        )
        await unit.commit()
    with pytest.raises(Refused, match="refused_delivered"):
        await confirm(me, request)
    assert (await state(me, parcel), await jobs(me, request)) == (["expired"], 0)


async def test_a_yes_a_day_later_finds_the_window_gone(
    me: Customer, parcel: Shipment, clock: FixedClock
) -> None:
    request = await propose(me, parcel, window=(await windows(me, parcel))[0])
    clock.instant += timedelta(days=1)
    with pytest.raises(Refused, match="refused_window_gone"):
        await confirm(me, request)


async def test_a_window_that_was_never_offered_is_refused(me: Customer, parcel: Shipment) -> None:
    now = me.application.clock.now()
    with pytest.raises(Refused, match="refused_window_gone"):
        await propose(me, parcel, window=Window(now, now + timedelta(hours=1)))
    with pytest.raises(Refused, match="refused_window_gone"):
        await propose(me, parcel, window=None)


async def test_nobody_confirms_what_was_proposed_to_somebody_else(
    me: Customer, parcel: Shipment, application: Application, shop: Shop
) -> None:
    request = await propose(me, parcel, window=(await windows(me, parcel))[0])
    with pytest.raises(Refused):
        await confirm(await customer(application, shop), request)
    assert await state(me, parcel) == ["awaiting_confirmation"]


async def test_another_merchant_does_not_even_find_it(
    me: Customer, parcel: Shipment, application: Application, tmp_path: Any
) -> None:
    request = await propose(me, parcel, window=(await windows(me, parcel))[0])
    stranger = await customer(application, await seed_shop(application, tmp_path))
    with pytest.raises(NotFound):
        await confirm(stranger, request)


async def test_dropping_lets_a_proposal_go_but_never_a_request(
    me: Customer, parcel: Shipment
) -> None:
    async def drop(request: DeliveryRequest) -> None:
        async with me.application.database() as unit:
            now = me.application.clock.now()
            await change_delivery.drop(unit, me.conversation, request.id, now)
            await unit.commit()

    proposed = await propose(me, parcel, window=(await windows(me, parcel))[0])
    await drop(proposed)
    assert await state(me, parcel) == ["expired"]
    with pytest.raises(Refused, match="refused_expired"):
        await confirm(me, proposed)
    made = await propose(me, parcel, RequestKind.contactless)
    await confirm(me, made)
    await drop(made)
    assert await state(me, parcel) == ["expired", "requested"]


async def test_a_wish_that_cannot_be_met_gets_the_nearest_windows(
    me: Customer, parcel: Shipment
) -> None:
    async with me.application.database() as unit:
        now = me.application.clock.now()
        far = Wish(day=now.date() + timedelta(days=40))
        made = await change_delivery.offer(unit, parcel, RESCHEDULE, far, now)
        several = Wish(
            ambiguous=True,
            choices=(now.date() + timedelta(days=3), now.date() + timedelta(days=4)),
        )
        asked = await change_delivery.offer(unit, parcel, RESCHEDULE, several, now)
    assert not made.fits
    assert made.windows[-1].start.date() == now.date() + timedelta(days=5)
    assert {w.start.date() for w in asked.windows} == set(several.choices)


# Telling the carrier


ABLE = CarrierCapabilities(kinds=frozenset(RequestKind))
AFTER_AN_ATTEMPT = replace(ABLE, only_in=frozenset({Status.attempt_failed}))
ACCEPTED = Answer(RequestState.accepted)


@dataclass
class FakeCarrier:
    """A carrier at its single I/O method: keeps what it is told, answers what is scripted."""

    name: str = "generic"
    capabilities: CarrierCapabilities = ABLE
    answer: Answer | Exception = ACCEPTED
    told: list[Instruction] = field(default_factory=list[Instruction])

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        self.told.append(instruction)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def teller(me: Customer, carriers: Mapping[str, Any]) -> TellCarrier:
    return TellCarrier(me.application.database, me.application.clock, carriers)


async def outcome_jobs(me: Customer, request: DeliveryRequest) -> list[str]:
    """The locks of the jobs that will tell the customer."""
    async with me.application.database() as unit:
        found = await unit.session.scalars(
            text(
                "SELECT lock FROM procrastinate_jobs"
                " WHERE task_name = 'announce_outcome' AND args ->> 'request_id' = :id"
            ),
            {"id": str(request.id)},
        )
        return list(found)


async def announce(me: Customer, request: DeliveryRequest) -> None:
    """Run the job that tells the customer, twice as a queue may."""
    assert await outcome_jobs(me, request) == [f"answer:{me.conversation.id}"]
    for _ in range(2):
        await me.application.services.announce_outcome(request.merchant_id, request.id)


async def said(me: Customer) -> list[tuple[str | None, dict[str, Any]]]:
    async with me.application.database() as unit:
        thread = await unit.messages.thread(me.shop.merchant.id, me.conversation.id)
    return [(m.say, m.variables) for m in thread if m.author == "bot"]


@pytest.fixture
async def request_(me: Customer, parcel: Shipment) -> DeliveryRequest:
    return await confirm(me, await propose(me, parcel, window=(await windows(me, parcel))[2]))


@pytest.mark.parametrize(
    ("refused", "keys"),
    [(False, ["request_accepted"]), (True, ["request_accepted", "request_rejected"])],
)
async def test_a_note_along_with_a_change_is_told_of_only_when_it_is_refused(
    me: Customer, parcel: Shipment, request_: DeliveryRequest, *, refused: bool, keys: list[str]
) -> None:
    note = await propose(me, parcel, RequestKind.access_note, along_with=request_)
    await confirm(me, note)
    teller_of = {request_.id: FakeCarrier(), note.id: FakeCarrier()}
    if refused:
        teller_of[note.id] = FakeCarrier(answer=Answer(RequestState.rejected, "no"))
    for request in (request_, note):
        await teller(me, {"generic": teller_of[request.id]})(request.merchant_id, request.id)
        await announce(me, request)
    assert [key for key, _ in await said(me)] == keys


async def test_an_accepted_change_is_told_once_and_shown(
    me: Customer, parcel: Shipment, request_: DeliveryRequest
) -> None:
    carrier = FakeCarrier()
    for _ in range(2):
        await teller(me, {"generic": carrier})(request_.merchant_id, request_.id)
    [told] = carrier.told
    assert (told.request_id, told.tracking_number) == (request_.id, parcel.tracking_number)
    assert await said(me) == [], "not before the answer that is being given"
    await announce(me, request_)
    [(key, facts)] = await said(me)
    assert key == "request_accepted"
    assert facts["parcel"]["carrier"] == "Swift Parcels"
    async with me.application.database() as unit:
        moved = await unit.shipments.get(parcel.merchant_id, parcel.id)
    assert (moved.window, moved.status) == (request_.window, parcel.status)


@pytest.mark.parametrize(
    "answer", [Answer(RequestState.rejected, "full"), Permanent("no such parcel")]
)
async def test_a_rejected_change_is_told_and_changes_nothing(
    me: Customer, parcel: Shipment, request_: DeliveryRequest, answer: Answer | Exception
) -> None:
    await teller(me, {"generic": FakeCarrier(answer=answer)})(request_.merchant_id, request_.id)
    await announce(me, request_)
    assert [key for key, _ in await said(me)] == ["request_rejected"]
    [request] = await me.requests(parcel)
    assert request.state is RequestState.rejected
    assert request.reason
    async with me.application.database() as unit:
        assert (await unit.shipments.get(parcel.merchant_id, parcel.id)).window is None


async def test_a_carrier_that_is_away_is_asked_again(
    me: Customer, parcel: Shipment, request_: DeliveryRequest
) -> None:
    carrier = FakeCarrier(answer=Temporary("timeout"))
    with pytest.raises(Temporary):
        await teller(me, {"generic": carrier})(request_.merchant_id, request_.id)
    assert (await state(me, parcel), await said(me)) == (["requested"], [])
    carrier.answer = Answer(RequestState.accepted)
    await teller(me, {"generic": carrier})(request_.merchant_id, request_.id)
    assert await state(me, parcel) == ["accepted"]


async def test_a_carrier_that_has_not_decided_leaves_it_open(
    me: Customer, parcel: Shipment, request_: DeliveryRequest
) -> None:
    undecided = FakeCarrier(answer=Answer(RequestState.requested))
    tell = teller(me, {"generic": undecided})
    with pytest.raises(Limited):
        await tell(request_.merchant_id, request_.id)
    assert (await state(me, parcel), await said(me)) == (["requested"], [])
    await tell.give_up(request_.merchant_id, request_.id, "the carrier has not decided yet")
    assert await me.notes() == ["carrier_not_told", "handed_over"]


async def test_the_carrier_is_told_where_it_goes_and_how_it_stands(
    me: Customer, parcel: Shipment
) -> None:
    async with me.application.database() as unit:
        [point, *_] = await change_delivery.pickup_points(
            unit, parcel, None, me.application.clock.now()
        )
        sent = await change_delivery.propose(
            unit, me.conversation, parcel, RequestKind.pickup_point, None,
            me.application.clock.now(), note=point.id,
        )  # fmt: skip
        await unit.commit()
    carrier = FakeCarrier()
    await confirm(me, sent)
    await teller(me, {"generic": carrier})(sent.merchant_id, sent.id)
    [told] = carrier.told
    assert (told.point, told.place, told.note) == (point.id, point.place, point.label)
    assert told.at == me.application.clock.now()
    assert told.place is not None


@pytest.mark.parametrize(
    "carriers",
    [
        {},
        {"generic": FakeCarrier(capabilities=CarrierCapabilities())},
        {"generic": FakeCarrier(capabilities=AFTER_AN_ATTEMPT)},
        {"generic": FakeCarrier(answer=NotTaken("no place on a map"))},
    ],
)
async def test_what_no_carrier_takes_is_left_to_people(
    me: Customer, parcel: Shipment, request_: DeliveryRequest, carriers: Mapping[str, Any]
) -> None:
    for _ in range(2):
        await teller(me, carriers)(request_.merchant_id, request_.id)
    assert await state(me, parcel) == ["requested"]
    assert await me.notes() == ["carrier_not_told"]
