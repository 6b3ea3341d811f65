"""Changes that no carrier takes: arranged by people, by a deadline, and told to the customer."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import ClientSession, CookieJar

from bot.carriers.base import Answer
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Holder
from bot.domain.errors import NotFound, Refused
from bot.domain.merchant import User
from bot.domain.request import DeliveryRequest, RequestKind, RequestState
from bot.domain.shipment import Handover, Shipment, Status
from bot.services.change_delivery import take_back
from bot.services.tell_carrier import keep_answer
from bot.wiring import Application
from tests.conftest import seed_shop
from tests.desk import Customer, Desk
from tests.integration.browser import Browser

HOUR = timedelta(hours=1)


@pytest.fixture
async def marie(desk: Desk) -> Customer:
    return await desk.customer("Marie Petit", "+33612345678", "sms", "fr")


async def asked(
    desk: Desk, customer: Customer, kind: RequestKind = RequestKind.contactless, **more: object
) -> tuple[Shipment, UUID]:
    """A change of a parcel whose carrier nobody can tell anything."""
    shipment = await desk.parcel(
        customer,
        "Lamp",
        [(Status.in_transit, 20, {})],
        [(kind, RequestState.requested, dict(more))],
    )
    (request,) = await requests_of(desk, shipment)
    await desk.application.services.tell_carrier(desk.merchant_id, request.id)
    return shipment, request.id


async def requests_of(desk: Desk, shipment: Shipment) -> list[DeliveryRequest]:
    async with desk.application.database() as unit:
        return list(await unit.requests.of_shipment(desk.merchant_id, shipment.id))


async def notes(desk: Desk, customer: Customer) -> list[str]:
    async with desk.application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, customer.conversation.id)
    return [one.text for one in thread if one.author is Author.system]


async def test_it_has_to_be_arranged_within_working_hours_and_before_the_parcel_comes(
    desk: Desk, marie: Customer, clock: FixedClock
) -> None:
    shipment, _ = await asked(desk, marie)
    (request,) = await requests_of(desk, shipment)
    assert request.is_work
    assert request.work_due_at is not None
    assert clock.now() < request.work_due_at
    window = {"window_start": clock.now() + HOUR, "window_end": clock.now() + 3 * HOUR}
    soon = await desk.parcel(
        marie, "Rug", [(Status.out_for_delivery, 1, window)],
        [(RequestKind.contactless, RequestState.requested, {})],
    )  # fmt: skip
    (request,) = await requests_of(desk, soon)
    await desk.application.services.tell_carrier(desk.merchant_id, request.id)
    (request,) = await requests_of(desk, soon)
    assert request.work_due_at == clock.now() + HOUR


@pytest.mark.parametrize("accepted", [True, False])
async def test_with_a_neighbour_the_parcel_changes_hands_as_was_agreed(
    desk: Desk, ana: User, marie: Customer, accepted: bool
) -> None:
    shipment, request_id = await asked(desk, marie, RequestKind.neighbour, note="Mme Petit")
    await desk.application.services.decide_request(ana, request_id, accepted=accepted)
    async with desk.application.database() as unit:
        now = await unit.shipments.get(desk.merchant_id, shipment.id)
    assert now.handover is (Handover.neighbour if accepted else Handover.courier)


@pytest.mark.parametrize(
    ("accepted", "said"), [(True, "C'est arrangé"), (False, "ce n'est pas possible cette fois")]
)
async def test_what_people_decide_is_told_to_the_customer_as_theirs(
    desk: Desk, ana: User, marie: Customer, application: Application, accepted: bool, said: str
) -> None:
    shipment, request_id = await asked(desk, marie)
    decide = application.services.decide_request
    await decide(ana, request_id, accepted=accepted, reason="by phone")
    (request,) = await requests_of(desk, shipment)
    assert request.state is (RequestState.accepted if accepted else RequestState.rejected)
    assert (request.decided_by, request.reason) == (ana.id, "by phone")
    assert (await notes(desk, marie))[-1] == ("arranged" if accepted else "not_arranged")
    await application.services.announce_outcome(desk.merchant_id, request_id)
    async with application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, marie.conversation.id)
    assert thread[-1].say == f"request_{request.state}"
    words = application.services.wording.say(
        thread[-1].say or "",
        thread[-1].variables | {"merchant": "x"},
        "fr",
        {},
        application.clock.now(),
    )
    assert said in words
    with pytest.raises(Refused, match="decided_already"):
        await decide(ana, request_id, accepted=True)


async def takes_back(desk: Desk, customer: Customer, request_id: UUID) -> bool:
    async with desk.application.database() as unit:
        now = desk.application.clock.now()
        taken = await take_back(unit, customer.conversation, request_id, now)
        await unit.commit()
    return taken is not None


async def waits(task: asyncio.Task[Any]) -> None:
    await asyncio.sleep(0.3)
    assert not task.done()


async def test_of_two_who_take_back_at_once_the_second_finds_it_done(
    desk: Desk, marie: Customer
) -> None:
    _, request_id = await asked(desk, marie)
    async with desk.application.database() as unit:
        now = desk.application.clock.now()
        assert await take_back(unit, marie.conversation, request_id, now)
        second = asyncio.create_task(takes_back(desk, marie, request_id))
        await waits(second)
        await unit.commit()
    assert not await second


async def test_what_is_being_taken_back_is_not_decided(
    desk: Desk, ana: User, marie: Customer
) -> None:
    shipment, request_id = await asked(desk, marie)
    async with desk.application.database() as unit:
        now = desk.application.clock.now()
        assert await take_back(unit, marie.conversation, request_id, now)
        decision = desk.application.services.decide_request(ana, request_id, accepted=True)
        task = asyncio.create_task(decision)
        await waits(task)
        await unit.commit()
    with pytest.raises(Refused, match="decided_already"):
        await task
    (request,) = await requests_of(desk, shipment)
    assert (request.state, request.decided_by) == (RequestState.expired, None)
    assert "arranged" not in await notes(desk, marie)


async def test_what_is_being_decided_is_not_taken_back(desk: Desk, marie: Customer) -> None:
    shipment, request_id = await asked(desk, marie)
    async with desk.application.database() as unit:
        request = await unit.requests.get(desk.merchant_id, request_id, lock=True)
        answer = Answer(RequestState.accepted)
        assert await keep_answer(unit, request, answer, desk.application.clock.now())
        task = asyncio.create_task(takes_back(desk, marie, request_id))
        await waits(task)
        await unit.commit()
    assert not await task
    (request,) = await requests_of(desk, shipment)
    assert request.state is RequestState.accepted


async def test_another_merchants_people_decide_nothing(
    desk: Desk, marie: Customer, application: Application, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _, request_id = await asked(desk, marie)
    other = await seed_shop(application, tmp_path_factory.mktemp("other"))
    async with application.database() as unit:
        stranger = await unit.merchants.user_by_email(other.email)
    assert stranger is not None
    with pytest.raises(NotFound):
        await application.services.decide_request(stranger, request_id, accepted=True)


async def test_what_is_overdue_comes_to_the_desk_once(
    desk: Desk, ana: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    _, _ = await asked(desk, marie)
    await application.services.mind_desk()
    assert "overdue" not in await notes(desk, marie)
    clock.instant += timedelta(days=3)
    await application.services.mind_desk()
    async with application.database() as unit:
        found = await desk.stored(unit, marie)
    assert (found.holder, found.topic) == (Holder.waiting, "carrier")
    await application.services.take_over(ana, marie.conversation.id)
    await application.services.hand_back(ana, marie.conversation.id)
    await application.services.mind_desk()
    assert (await notes(desk, marie)).count("overdue") == 1


async def test_a_change_of_time_that_people_arranged_is_the_window_from_then_on(
    desk: Desk, ana: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    start = clock.now() + 26 * HOUR
    window = {"window_start": start, "window_end": start + 3 * HOUR}
    shipment, request_id = await asked(desk, marie, RequestKind.reschedule, **window)
    await application.services.decide_request(ana, request_id, accepted=True)
    async with application.database() as unit:
        stored = await unit.shipments.get(desk.merchant_id, shipment.id)
    assert (stored.window_start, stored.window_end) == (start, start + 3 * HOUR)


async def test_the_page_lists_and_decides(desk: Desk, marie: Customer) -> None:
    shipment, request_id = await asked(desk, marie, RequestKind.neighbour, note="Mrs <b>Roux</b>")
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        agent = Browser(desk, session)
        await agent.login(desk.shop.email, desk.shop.password)
        page = await agent.read("/console/work")
        assert "Mrs &lt;b&gt;Roux&lt;/b&gt;" in page
        decided = await agent.post(f"/console/work/{request_id}", decided="accepted", reason="")
        assert decided.status == 303
        assert "Nothing to arrange" in await agent.read("/console/work")
        again = await agent.post(f"/console/work/{request_id}", decided="accepted")
        assert again.status == 409
        assert (await agent.post(f"/console/work/{uuid4()}", decided="accepted")).status == 404
    (request,) = await requests_of(desk, shipment)
    assert request.state is RequestState.accepted
