"""Cases: opened, taken, passed on, put aside, late and settled."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from bot.domain.case import Priority, SnoozedFor
from bot.domain.clock import FixedClock
from bot.domain.conversation import Holder
from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.merchant import Role, User
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Shipment, Status
from bot.services.inbox import ViewName
from bot.services.record_event import NewEvent
from bot.wiring import Application
from tests.conftest import seed_shop
from tests.desk import Customer, Desk
from tests.integration.browser import signed_in
from tests.integration.working import case_of, held, here_now, notes, queue, settings, the_case

HOUR = timedelta(hours=1)


async def test_handing_over_opens_a_case_with_what_is_known(desk: Desk, marie: Customer) -> None:
    shipment = await desk.parcel(
        marie, "Lamp", [(Status.out_for_delivery, 2, {})],
        [(RequestKind.contactless, RequestState.accepted, {})],
    )  # fmt: skip
    await desk.asks_for_a_person(marie, "dispute_attempt")
    case = await the_case(desk, marie)
    assert (case.topic, case.priority) == ("dispute_attempt", Priority.high)
    assert case.facts == {
        "parcel": str(shipment.id),
        "item": "Lamp",
        "courier": "",
        "attempt": None,
        "wanted": ["dispute_attempt"],
        "words": "Personne n'est venu !",
        "tried": [{"kind": "contactless", "state": "accepted", "reason": ""}],
        "misunderstood": 0,
        "mood": "upset",
    }
    assert case.first_due_at == case.opened_at + timedelta(minutes=30)


async def test_taking_answering_and_settling_leave_their_times_in_the_case(
    desk: Desk, ana: User, marie: Customer, clock: FixedClock
) -> None:
    here = await held(desk, ana, marie)
    services = desk.application.services
    clock.instant += timedelta(minutes=5)
    await services.reply_as_agent(ana, here, "Bonjour", uuid4())
    case = await the_case(desk, marie)
    assert (case.agent_id, case.first_response_at) == (ana.id, clock.now())
    assert case.paused_since == clock.now()
    await services.hand_back(ana, here, "  A new attempt\n tomorrow ")
    assert await case_of(desk, marie) is None
    async with desk.application.database() as unit:
        (closed,) = await unit.cases.of_conversation(desk.merchant_id, here)
    assert (closed.closed_by, closed.settled) == (ana.id, "A new attempt tomorrow")
    assert (await notes(desk, marie))[-1] == "settled"
    await desk.asks_for_a_person(marie)
    assert (await the_case(desk, marie)).reopened


async def test_a_conversation_is_passed_to_a_colleague_with_a_word_or_put_back(
    desk: Desk, ana: User, bea: User, marie: Customer, application: Application
) -> None:
    here, work = await held(desk, ana, marie), desk.application.services.work_case
    await work.transfer(ana, here, bea.id, "she speaks Italian")
    async with application.database() as unit:
        found = await desk.stored(unit, marie)
    assert (found.holder, found.agent_id) == (Holder.agent, bea.id)
    assert (await notes(desk, marie))[-2:] == ["transferred", "she speaks Italian"]
    with pytest.raises(Refused, match="not_held_by_you"):
        await work.transfer(ana, here, ana.id)
    with pytest.raises(Refused, match="no_such_colleague"):
        await work.transfer(bea, here, uuid4())
    await work.transfer(bea, here, None)
    async with application.database() as unit:
        found = await desk.stored(unit, marie)
    assert (found.holder, found.agent_id) == (Holder.waiting, None)
    assert (await the_case(desk, marie)).agent_id is None


async def test_nobody_is_passed_a_conversation_of_another_merchant(
    desk: Desk, ana: User, marie: Customer, application: Application, tmp_path: Any
) -> None:
    other = await seed_shop(application, tmp_path)
    async with application.database() as unit:
        stranger = await unit.merchants.user_by_email(other.email)
    assert stranger is not None
    here, services = await held(desk, ana, marie), application.services
    with pytest.raises(Refused, match="no_such_colleague"):
        await services.work_case.transfer(ana, here, stranger.id)
    for act in (
        services.work_case.comment(stranger, here, "hello"),
        services.work_case.tag(stranger, here, "x"),
        services.work_case.prioritise(stranger, here, Priority.low),
        services.run_macro(stranger, here, "Ask for a photo", uuid4()),
        services.prepare_reply(stranger, here, "hello"),
        services.send_notice(stranger, here, "flow_delayed", uuid4()),
    ):
        with pytest.raises(NotFound):
            await act


async def test_a_snooze_ends_by_its_time_by_the_parcel_and_by_the_customer(
    desk: Desk, ana: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    shipment = await desk.parcel(marie, "Lamp", [(Status.in_transit, 20, {})])
    here, services = await held(desk, ana, marie), application.services
    work = services.work_case
    with pytest.raises(Invalid):
        await work.snooze(ana, here, SnoozedFor.time, clock.now() - HOUR)
    await work.snooze(ana, here, SnoozedFor.time, clock.now() + HOUR)
    assert [row.id for row in (await queue(desk, ana)).mine] == []
    assert [row.id for row in (await queue(desk, ana, name=ViewName.snoozed)).rows] == [here]
    await services.mind_desk()
    assert (await the_case(desk, marie)).snoozed
    clock.instant += HOUR
    await services.mind_desk()
    assert not (await the_case(desk, marie)).snoozed
    assert [row.id for row in (await queue(desk, ana)).mine] == [here]

    await work.snooze(ana, here, SnoozedFor.parcel_moves, None)
    clock.instant += HOUR
    await services.mind_desk()
    assert (await the_case(desk, marie)).snoozed
    await move(desk, shipment, Status.out_for_delivery)
    await services.mind_desk()
    assert not (await the_case(desk, marie)).snoozed
    assert (await notes(desk, marie)).count("woken") == 2

    await work.snooze(ana, here, SnoozedFor.parcel_moves, None)
    await work.wake(ana, here)
    assert not (await the_case(desk, marie)).snoozed


async def move(desk: Desk, shipment: Shipment, status: Status) -> None:
    event = NewEvent("api", str(uuid4()), status, desk.application.clock.now())
    await desk.application.services.record_events(desk.merchant_id, shipment.reference, [event])


async def test_cases_go_in_turn_to_who_is_there_and_move_on(
    desk: Desk, ana: User, bea: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    how = {"how": "in_turn", "at_most": 5, "moves_on_after": "2m"}
    await settings(desk, assignment=how)
    await here_now(desk, bea)
    await desk.asks_for_a_person(marie)
    assert (await the_case(desk, marie)).offered_to == bea.id
    await here_now(desk, ana)
    clock.instant += timedelta(minutes=1)
    await application.services.mind_desk()
    assert (await the_case(desk, marie)).offered_to == bea.id
    clock.instant += timedelta(minutes=1)
    await here_now(desk, ana)
    await here_now(desk, bea)
    await application.services.mind_desk()
    assert (await the_case(desk, marie)).offered_to == ana.id
    # Whoever takes it has it, offered or not.
    await application.services.take_over(bea, marie.conversation.id)
    case = await the_case(desk, marie)
    assert (case.agent_id, case.offered_to) == (bea.id, None)


async def test_a_case_that_nobody_could_take_is_offered_when_somebody_comes(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    await settings(desk, assignment={"how": "in_turn"})
    await desk.asks_for_a_person(marie)
    assert (await the_case(desk, marie)).offered_to is None
    await here_now(desk, ana)
    await application.services.mind_desk()
    assert (await the_case(desk, marie)).offered_to == ana.id


async def test_a_supervisor_says_what_an_agent_is_given_and_cases_go_by_it(
    desk: Desk, ana: User, bea: User, marie: Customer
) -> None:
    await settings(desk, assignment={"how": "in_turn", "at_most": 5, "moves_on_after": "5m"})
    async with signed_in(desk, Role.supervisor) as (page, lead):
        page_before = await page.read("/console/skills")
        assert f'action="/console/skills/{bea.id}"' in page_before
        for user, language in ((bea, "fr"), (ana, "de"), (lead, "de")):
            answer = await page.post(f"/console/skills/{user.id}", languages=language)
            assert answer.status == 303
        odd = await page.post(f"/console/skills/{bea.id}", topics="the weather")
        assert odd.status == 422
    async with desk.application.database() as unit:
        for user in (ana, bea):
            await unit.presences.keep(user, None, desk.application.clock.now(), typing=False)
        await unit.commit()
        assert (await unit.team.user(desk.merchant_id, bea.id)).skills == {"languages": ["fr"]}
    await desk.asks_for_a_person(marie)
    assert (await the_case(desk, marie)).offered_to == bea.id


async def test_lateness_is_told_before_and_when_it_comes_and_only_once(
    desk: Desk, ana: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    await desk.asks_for_a_person(marie, "dispute_attempt")
    clock.instant += timedelta(minutes=25)
    await application.services.mind_desk()
    assert (await notes(desk, marie))[-1] == "soon_late"
    (row,) = (await queue(desk, ana)).waiting
    assert row.lateness(clock.now()) == "soon"
    clock.instant += timedelta(minutes=6)
    for _ in range(2):
        await application.services.mind_desk()
    assert (await notes(desk, marie)).count("late") == 1
    assert (await the_case(desk, marie)).priority is Priority.urgent
    found = await queue(desk, ana, name=ViewName.late)
    assert [one.id for one in found.rows] == [marie.conversation.id]
    assert found.counts["late"] == 1


async def test_the_bot_offers_what_is_next_when_it_is_handed_back(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    here = await held(desk, ana, marie)
    await application.services.hand_back(ana, here, "agreed", RequestKind.reschedule)
    async with application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, here)
    left = next(one for one in reversed(thread) if one.say == "agent_left")
    assert [option["payload"] for option in left.options] == ["/reschedule_delivery"]
