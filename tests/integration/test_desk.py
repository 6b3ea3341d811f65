"""What agents do besides answering: cases, clocks, passing on, notes, macros, finding."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import ClientSession, CookieJar, FormData
from sqlalchemy import select, text

from bot.domain.case import Case, Priority, SnoozedFor
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Holder, MessageStatus
from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.merchant import Role, User
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Shipment, Status
from bot.domain.templates import Template, TemplateState
from bot.services.change_as_agent import Wanted
from bot.services.consents import stop
from bot.services.desk import desk_document
from bot.services.export_person import document_of
from bot.services.inbox import Queue, View, ViewName
from bot.services.record_event import NewEvent
from bot.storage import tables as t
from bot.wiring import Application
from tests.conftest import seed_shop
from tests.desk import Customer, Desk
from tests.integration.browser import Browser, signed_in

HOUR = timedelta(hours=1)


class Agent(Browser):
    """Somebody signed in."""

    async def fragments(self, path: str) -> str:
        return re.sub(r"\s+", " ", await self.read(path))


@pytest.fixture
async def at_desk(desk: Desk) -> AsyncIterator[Agent]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        agent = Agent(desk, session)
        assert (await agent.login(desk.shop.email, desk.shop.password)).status == 303
        yield agent


@pytest.fixture
async def bea(desk: Desk) -> User:
    return await desk.colleague("Bea Okafor", f"bea-{uuid4().hex}@x.example", "a long phrase")


@pytest.fixture
async def marie(desk: Desk) -> Customer:
    customer = await desk.customer("Inès Petit", "+33612345678", "whatsapp", "fr")
    await desk.says(
        customer, "Personne n'est venu !", ago=9,
        understood={"intent": "dispute_attempt", "confidence": 0.9},
    )  # fmt: skip
    return customer


async def settings(desk: Desk, **changes: Any) -> None:
    """Publish the shipped desk with changes."""
    async with desk.application.database() as unit:
        merchant = await unit.merchants.get(desk.merchant_id)
    document = desk_document(merchant) | changes
    await desk.application.services.publish_desk(desk.merchant_id, document)


async def case_of(desk: Desk, customer: Customer) -> Case | None:
    async with desk.application.database() as unit:
        return await unit.cases.open(desk.merchant_id, customer.conversation.id)


async def the_case(desk: Desk, customer: Customer) -> Case:
    found = await case_of(desk, customer)
    assert found is not None
    return found


async def notes(desk: Desk, customer: Customer) -> list[str]:
    async with desk.application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, customer.conversation.id)
    return [one.text for one in thread if one.author is Author.system]


async def queue(desk: Desk, user: User, **view: Any) -> Queue:
    async with desk.application.database() as unit:
        now = desk.application.clock.now()
        return await unit.inbox.queue(desk.merchant_id, user.id, View(**view), now=now)


async def held(desk: Desk, user: User, customer: Customer) -> UUID:
    """The user takes a conversation that waits."""
    await desk.asks_for_a_person(customer, "dispute_attempt")
    await desk.application.services.take_over(user, customer.conversation.id)
    return customer.conversation.id


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


async def here_now(desk: Desk, user: User) -> None:
    async with desk.application.database() as unit:
        await unit.presences.keep(user, None, desk.application.clock.now(), typing=False)
        await unit.commit()


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


async def test_the_queue_begins_with_what_will_be_late_first(desk: Desk, ana: User) -> None:
    slow = await desk.customer("Slow", "+33611111111")
    fast = await desk.customer("Fast", "+33622222222")
    await desk.asks_for_a_person(slow, "talk_to_human", ago=20)
    await desk.asks_for_a_person(fast, "dispute_attempt", ago=5)
    assert [row.name for row in (await queue(desk, ana)).waiting] == ["Fast", "Slow"]


async def test_a_note_calls_a_colleague_until_they_have_read_it(
    desk: Desk, ana: User, bea: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    here = marie.conversation.id
    await application.services.work_case.comment(ana, here, "@bea have you seen this?")
    found = await queue(desk, bea, name=ViewName.mentions)
    assert ([row.id for row in found.rows], found.counts["mentions"]) == ([here], 1)
    assert (await queue(desk, ana)).counts["mentions"] == 0
    clock.instant += timedelta(minutes=1)
    async with application.database() as unit:
        await unit.presences.read(bea, here, clock.now())
        await unit.commit()
    found = await queue(desk, bea, name=ViewName.mentions)
    assert ([row.id for row in found.rows], found.counts["mentions"]) == ([here], 0)
    async with application.database() as unit:
        sent = await unit.messages.thread(desk.merchant_id, here)
    assert sent[-1].status is MessageStatus.received, "a note is never sent"


async def test_what_an_agent_has_not_read_is_marked(
    desk: Desk, ana: User, bea: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    await desk.asks_for_a_person(marie)
    assert (await queue(desk, ana)).waiting[0].unread
    clock.instant += timedelta(seconds=1)
    async with application.database() as unit:
        await unit.presences.read(ana, marie.conversation.id, clock.now())
        await unit.commit()
    assert not (await queue(desk, ana)).waiting[0].unread
    assert (await queue(desk, bea)).waiting[0].unread
    clock.instant += timedelta(seconds=1)
    await desk.says(marie, "Allô ?")
    assert (await queue(desk, ana)).waiting[0].unread


async def test_views_are_narrowed_down(desk: Desk, ana: User, application: Application) -> None:
    marie = await desk.customer("Marie", "+33611111111", "whatsapp", "fr")
    tom = await desk.customer("Tom", "+447700900111", "sms", "en")
    await desk.asks_for_a_person(marie, "report_damage")
    await desk.asks_for_a_person(tom, "talk_to_human")
    await application.services.work_case.tag(ana, tom.conversation.id, "refund")

    async def names(**view: Any) -> list[str]:
        return sorted(row.name for row in (await queue(desk, ana, **view)).rows)

    assert await names(topic="report_damage") == ["Marie"]
    assert await names(language="en") == ["Tom"]
    assert await names(channel="whatsapp") == ["Marie"]
    assert await names(tag="refund") == ["Tom"]
    assert await names(priority="high") == ["Marie"]
    assert await names(name=ViewName.all) == ["Marie", "Tom"]
    assert await names(name=ViewName.bot) == []
    found = await queue(desk, ana)
    assert found.topics == ["report_damage", "talk_to_human"]
    assert found.tags == ["refund"]


@pytest.mark.parametrize(
    "typed",
    ["ines", "INÈS", "petit", "venu", "personne ven", "12345678", "06 12 34 56 78", "{reference}", "{tracking}"],
)  # fmt: skip
async def test_search_finds_by_words_name_number_and_parcel(
    desk: Desk, ana: User, marie: Customer, typed: str
) -> None:
    shipment = await desk.parcel(marie, "Lamp", [(Status.in_transit, 20, {})])
    await desk.customer("Somebody Else", "+33699999999")
    words = typed.format(
        reference=shipment.reference.lower(), tracking=shipment.tracking_number[:9]
    )
    found = (await queue(desk, ana, search=words)).rows
    assert [row.name for row in found] == ["Inès Petit"]


async def test_search_stays_with_its_merchant_and_takes_anything(
    desk: Desk, ana: User, marie: Customer, application: Application, tmp_path: Any
) -> None:
    other = await seed_shop(application, tmp_path)
    async with application.database() as unit:
        stranger = await unit.merchants.user_by_email(other.email)
        assert stranger is not None
        now = application.clock.now()
        for words in ("inès", "12345678", "venu"):
            view = View(search=words)
            found = await unit.inbox.queue(other.merchant.id, stranger.id, view, now=now)
            assert found.rows == []
    for odd in ("'", "& | !", "%", "a" * 80, "\\", "12%", "ML-%"):
        assert (await queue(desk, ana, search=odd)).rows == []


async def test_a_reply_can_be_taken_back_until_it_is_on_its_way(
    desk: Desk, ana: User, bea: User, marie: Customer, application: Application
) -> None:
    here, services = await held(desk, ana, marie), application.services
    await services.reply_as_agent(ana, here, "Oops", uuid4())
    sent = await last_reply(desk, marie)
    with pytest.raises(Refused, match="already_sent"):
        await services.take_back_reply(bea, sent.id)
    assert await services.take_back_reply(ana, sent.id) == "Oops"
    await services.deliver(desk.merchant_id, sent.id)
    sent = await last_reply(desk, marie)
    assert (sent.status, sent.provider_ids) == (MessageStatus.withdrawn, [])
    with pytest.raises(Refused, match="already_sent"):
        await services.take_back_reply(ana, sent.id)


async def test_a_reply_waits_for_the_time_in_which_it_may_be_taken_back(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    here = await held(desk, ana, marie)
    for undo, waits in (("5s", True), ("0s", False)):
        await settings(desk, undo=undo)
        await application.services.reply_as_agent(ana, here, "Hello", uuid4())
        sent = await last_reply(desk, marie)
        async with application.database() as unit:
            due = await unit.session.scalar(
                text(
                    "SELECT scheduled_at FROM procrastinate_jobs WHERE args ->> 'message_id' = :id"
                ),
                {"id": str(sent.id)},
            )
        assert (due is not None) is waits


async def last_reply(desk: Desk, customer: Customer):  # noqa: ANN201
    async with desk.application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, customer.conversation.id)
    return next(one for one in reversed(thread) if one.author is Author.agent)


async def test_a_macro_does_all_or_nothing_and_only_once(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    await settings(
        desk,
        macros={
            "Done": [
                {"reply": "sorry"}, {"note": "Refund agreed"}, {"tag": "refund"},
                {"priority": "low"}, {"hand_back": "Refunded"},
            ],
            "Ask": [{"reply": "photo"}, {"snooze": "2h"}],
        },
    )  # fmt: skip
    here, run = await held(desk, ana, marie), application.services.run_macro
    draft = uuid4()
    for _ in range(2):
        await run(ana, here, "Ask", draft)
    async with application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, here)
    assert sum(one.author is Author.agent for one in thread) == 1
    assert (await the_case(desk, marie)).snoozed
    await run(ana, here, "Done", uuid4())
    async with application.database() as unit:
        found = await desk.stored(unit, marie)
        (case,) = await unit.cases.of_conversation(desk.merchant_id, here)
        thread = await unit.messages.thread(desk.merchant_id, here)
    assert (found.holder, found.tags) == (Holder.bot, ["refund"])
    assert (case.settled, case.priority) == ("Refunded", Priority.low)
    assert "désolé" in next(one.text for one in reversed(thread) if one.author is Author.agent)
    with pytest.raises(Refused):
        await run(ana, here, "Done", uuid4())


async def test_an_agent_changes_a_delivery_by_the_same_policy(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    shipment = await desk.parcel(marie, "Lamp", [(Status.in_transit, 20, {})])
    here, change = await held(desk, ana, marie), application.services.change_as_agent
    possible = await change.possible(ana, here, shipment.id)
    assert possible.decisions[RequestKind.reschedule].allowed
    window = possible.windows[0]
    await change(ana, here, shipment.id, Wanted(RequestKind.reschedule, window.start))
    (asked,) = await requests_of(desk, shipment)
    assert (asked.kind, asked.state) == (RequestKind.reschedule, RequestState.requested)
    assert asked.window == window
    with pytest.raises(Invalid):
        await change(ana, here, shipment.id, Wanted(RequestKind.reschedule))
    with pytest.raises(Invalid):
        await change(ana, here, shipment.id, Wanted(RequestKind.neighbour))
    somebody = await desk.customer("Else", "+33688888888")
    theirs = await desk.parcel(somebody, "Rug", [(Status.in_transit, 20, {})])
    with pytest.raises(NotFound):
        await change(ana, here, theirs.id, Wanted(RequestKind.contactless))


async def test_the_policy_is_passed_only_where_the_merchant_allows_it_and_with_a_reason(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    shipment = await desk.parcel(marie, "Lamp", [(Status.in_transit, 20, {})])
    async with application.database() as unit:
        merchant = await unit.merchants.get(desk.merchant_id)
        requests = merchant.policy["requests"] | {"contactless": {"allowed": False}}
        merchant.policy = merchant.policy | {"requests": requests}
        await unit.commit()
    here, change = await held(desk, ana, marie), application.services.change_as_agent
    with pytest.raises(Refused, match="refused_not_offered"):
        await change(ana, here, shipment.id, Wanted(RequestKind.contactless))
    wanted = Wanted(RequestKind.contactless, override="She is ill")
    with pytest.raises(Refused, match="no_override"):
        await change(ana, here, shipment.id, wanted)
    await settings(desk, override=True)
    with pytest.raises(Refused, match="refused_not_offered"):
        await change(ana, here, shipment.id, Wanted(RequestKind.contactless))
    await change(ana, here, shipment.id, wanted)
    (asked,) = await requests_of(desk, shipment)
    assert asked.state is RequestState.requested
    assert "overridden" in await notes(desk, marie)
    query = text("SELECT details FROM audit WHERE subject = :s AND action = 'changed:contactless'")
    async with application.database() as unit:
        kept = await unit.session.scalar(query, {"s": f"delivery_request:{asked.id}"})
    assert kept == {"policy_version": 1, "against": "requests.contactless.allowed"}


async def requests_of(desk: Desk, shipment: Shipment):  # noqa: ANN201
    async with desk.application.database() as unit:
        return await unit.requests.of_shipment(desk.merchant_id, shipment.id)


async def test_where_the_window_is_closed_a_template_is_offered(
    desk: Desk,
    at_desk: Agent,
    ana: User,
    marie: Customer,
    clock: FixedClock,
    application: Application,
) -> None:
    parcel = await desk.parcel(marie, "Lamp", [(Status.delayed, 20, {})])
    here, notice = await held(desk, ana, marie), application.services.send_notice
    assert await notice.possible(ana, here) == []
    async with application.database() as unit:
        identity = await unit.people.identity_by_id(desk.merchant_id, marie.identity.id)
        identity.last_inbound_at = clock.now() - 25 * HOUR
        approved = Template(
            id=uuid4(), merchant_id=desk.merchant_id, account_id=identity.account_id,
            name="parcel_delayed", language="fr", category="utility",
            state=TemplateState.approved, changed_at=clock.now(),
            body="Bonjour, {{1}} de {{2}} : {{3}} ; {{4}} !", buttons=["Déplacer", "Conseiller"],
        )  # fmt: skip
        unit.add(approved)
        await unit.commit()
    # Nobody knows when it comes: the template would have nothing to say in one of its places.
    assert await notice.possible(ana, here) == []
    async with application.database() as unit:
        known = await unit.shipments.get(desk.merchant_id, parcel.id)
        known.window_start, known.window_end = clock.now() + 20 * HOUR, clock.now() + 22 * HOUR
        await unit.commit()
    possible = await notice.possible(ana, here)
    assert possible == ["flow_delayed"]
    # Somebody who has never written is as closed as who has not written for long.
    async with application.database() as unit:
        identity = await unit.people.identity_by_id(desk.merchant_id, marie.identity.id)
        identity.last_inbound_at = None
        await unit.commit()
    page = await at_desk.fragments(marie.page)
    assert "Or write by an approved template" in page
    # Words, a file and a template from one page go by the same draft, and none is lost.
    draft, services = uuid4(), application.services
    await services.reply_as_agent(ana, here, "Je regarde.", draft)
    await services.attach_file(ana, here, "", b"a file", draft, name="a.txt")
    await notice(ana, here, "flow_delayed", draft)
    async with application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, here)
    assert [one.author for one in thread[-3:]] == [Author.agent] * 3
    sent = thread[-1]
    assert (sent.say, sent.author, sent.agent_id) == ("flow_delayed", Author.agent, ana.id)
    # The template's buttons lead where the flow's own choices do.
    payloads = [option["payload"] for option in sent.options]
    assert payloads == ["/reschedule_delivery", "/talk_to_human"]
    # It is the agent's own in the thread, in the export and in the board's figures.
    assert '<span class="by">Ana Duarte</span>' in await at_desk.fragments(marie.page)
    async with application.database() as unit:
        file = json.loads(await document_of(unit, desk.merchant_id, marie.contact.id))
        board = await unit.inbox.board(desk.merchant_id, clock.now())
    (row,) = (one for one in file["tables"]["messages"] if one["id"] == str(sent.id))
    assert (row["author"], row["agent_id"]) == ("agent", str(ana.id))
    assert board.answered_today == {ana.id: 3}
    with pytest.raises(Refused, match="no_template"):
        await notice(ana, here, "greet", uuid4())
    # Who wants no word is not written to, by an agent neither.
    async with application.database() as unit:
        contact = await unit.people.get(desk.merchant_id, marie.contact.id)
        await stop(unit, contact, "whatsapp", "keyword", "STOP", clock.now())
        await unit.commit()
    assert await notice.possible(ana, here) == []
    with pytest.raises(Refused, match="opted_out"):
        await notice(ana, here, "flow_delayed", uuid4())


async def test_the_proof_of_a_delivery_is_sent_again(
    desk: Desk, at_desk: Agent, ana: User, marie: Customer, application: Application
) -> None:
    there = await desk.parcel(marie, "Lamp", [(Status.delivered, 2, {})])
    on_the_way = await desk.parcel(marie, "Mirror", [(Status.in_transit, 20, {})])
    bob = await desk.customer("Bob", "+33633333333")
    his = await desk.parcel(bob, "Rug", [(Status.delivered, 2, {})])
    assert "Send the proof again" not in await at_desk.fragments(marie.page)
    here, proof = await held(desk, ana, marie), application.services.send_proof
    assert (await at_desk.fragments(marie.page)).count("Send the proof again") == 1
    draft = uuid4()
    for _ in range(2):
        await proof(ana, here, there.id, draft)
    async with application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, here)
        trail = await unit.inbox.trail(desk.merchant_id, None, 10)
    said = [message for message in thread if message.say == "proof_delivered"]
    assert [(m.author, m.agent_id) for m in said] == [(Author.agent, ana.id)]
    assert "/t/" in said[0].variables["parcel"]["link"]
    assert [entry.action for entry, _ in trail].count("sent_proof") == 1
    with pytest.raises(Refused, match="no_proof"):
        await proof(ana, here, on_the_way.id, uuid4())
    with pytest.raises(NotFound):
        await proof(ana, here, his.id, uuid4())


async def test_the_board_and_the_days_count_what_happened(
    desk: Desk, ana: User, marie: Customer, clock: FixedClock, application: Application
) -> None:
    bot_alone = await desk.customer("Bob", "+33633333333")
    await desk.says(bot_alone, "where is it?")
    here, services = await held(desk, ana, marie), application.services
    clock.instant += timedelta(minutes=10)
    await services.reply_as_agent(ana, here, "Bonjour", uuid4())
    clock.instant += timedelta(minutes=20)
    await services.hand_back(ana, here, "done")
    waits = await desk.customer("Wim", "+33644444444")
    await desk.asks_for_a_person(waits, ago=5)
    now = clock.now() + timedelta(seconds=1)
    async with application.database() as unit:
        board = await unit.inbox.board(desk.merchant_id, now)
        (day,) = await unit.inbox.days(desk.merchant_id, now - 20 * HOUR, now, "Europe/Paris")
    assert (board.waiting, board.held, board.late) == (1, 0, 0)
    assert board.oldest_since == clock.now() - timedelta(minutes=5)
    assert (board.answered_today, board.settled_today) == ({ana.id: 1}, {ana.id: 1})
    assert (day.talks, day.contained, day.opened, day.closed) == (2, 1, 2, 1)
    assert (day.first_response, day.resolution) == (timedelta(minutes=10), timedelta(minutes=30))


async def test_a_settled_case_is_drawn_for_a_second_look(
    desk: Desk, at_desk: Agent, ana: User, marie: Customer, application: Application
) -> None:
    link = f'<li><a href="{marie.page}">'
    here = await held(desk, ana, marie)
    assert link not in await at_desk.fragments("/console/board")
    await application.services.hand_back(ana, here, "done")
    assert link in await at_desk.fragments("/console/board")


async def test_every_act_by_its_form(
    desk: Desk, at_desk: Agent, bea: User, marie: Customer
) -> None:
    here = marie.page
    await desk.asks_for_a_person(marie, "dispute_attempt")
    shipment = await desk.parcel(marie, "Lamp", [(Status.out_for_delivery, 20, {})])
    assert (await at_desk.post(f"{here}/take")).status == 303
    page = await at_desk.fragments(here)
    assert "Personne n&#39;est venu !" in page
    draft = re.search(r'name="draft" value="([^"]+)"', page)
    assert draft is not None
    fields = {
        "reply": {"text": "Bonjour", "draft": draft.group(1)},
        "tag": {"tag": "refund"},
        "priority": {"priority": "urgent"},
        "snooze": {"until": "parcel_moves"},
        "wake": {},
    }
    for act, given in fields.items():
        assert (await at_desk.post(f"{here}/{act}", **given)).status == 303, act
    assert (await at_desk.post(f"{here}/reply", text="for @bea", **{"as": "note"})).status == 303
    page = await at_desk.fragments(here)
    for words in (
        "Undo",
        "refund",
        "made it urgent",
        "until the parcel moves",
        "Note from Ana Duarte",
    ):
        assert words in page, words
    undone = re.search(r'name="message" value="([^"]+)"', page)
    assert undone is not None
    assert (await at_desk.post(f"{here}/undo", message=undone.group(1))).status == 303
    form = await at_desk.fragments(f"{here}/parcels/{shipment.id}/change")
    assert "Ask the carrier" in form
    assert "By the policy’s rule requests.cancel.until" in form
    asked = await at_desk.post(f"{here}/parcels/{shipment.id}/change", kind="contactless")
    assert asked.status == 303
    assert (await at_desk.post(f"{here}/transfer", to=str(bea.id), words="yours")).status == 303
    assert "Bea Okafor answers" in await at_desk.fragments(here)
    for act, given, said in (
        ("snooze", {"until": "yesterday"}, 422),
        ("priority", {"priority": "extreme"}, 422),
        ("macro", {"name": "x", "draft": "y"}, 422),
        ("undo", {"message": "x"}, 422),
        ("reply", {"text": "late", "draft": str(uuid4())}, 409),
    ):
        assert (await at_desk.post(f"{here}/{act}", **given)).status == said, act


async def test_the_preview_tells_how_it_goes_out(desk: Desk, at_desk: Agent) -> None:
    tom = await desk.customer("Tom", "+447700900111", "sms")
    csrf = await at_desk.token()
    for length, parts in ((40, "1 ×"), (200, "2 ×")):
        response = await at_desk.post(f"{tom.page}/preview", csrf=csrf, text="a" * length)
        assert (await response.text()).startswith(parts)


async def test_who_looks_and_types_is_seen_by_colleagues(
    desk: Desk, at_desk: Agent, bea: User, marie: Customer, application: Application
) -> None:
    async with application.database() as unit:
        now = application.clock.now()
        await unit.presences.keep(bea, marie.conversation.id, now, typing=True)
        await unit.commit()
    assert "Bea Okafor is typing…" in await at_desk.fragments(f"{marie.page}/parts")
    told = await at_desk.post("/console/presence", open=str(marie.conversation.id), typing="no")
    assert told.status == 204
    async with application.database() as unit:
        seen = await unit.presences.at(desk.merchant_id, marie.conversation.id, now)
    assert [(one.name, one.typing) for one in seen] == [("Ana Duarte", False), ("Bea Okafor", True)]
    assert (await at_desk.post("/console/presence", open="nonsense", typing="")).status == 204


async def test_supervisors_pages_are_shut_to_agents(
    desk: Desk, at_desk: Agent, bea: User, marie: Customer
) -> None:
    await desk.asks_for_a_person(marie)
    for path in ("/console/board", "/console/trail", "/console/history.csv"):
        assert (await at_desk.get(path)).status == 200, path
    assert "longest wait" in await at_desk.fragments("/console/board")
    csv = await at_desk.read("/console/history.csv")
    assert csv.startswith("day,talks,contained,opened,")
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        agent = Agent(desk, session)
        assert (await agent.login(bea.email, "a long phrase")).status == 303
        assert "Board" not in await agent.read("/console")
        for path in ("/console/board", "/console/trail", "/console/history.csv"):
            assert (await agent.get(path)).status == 403, path


async def test_the_trail_tells_who_did_what(desk: Desk, at_desk: Agent, marie: Customer) -> None:
    await desk.asks_for_a_person(marie)
    await at_desk.post(f"{marie.page}/take")
    await at_desk.post(f"{marie.page}/reveal")
    page = await at_desk.fragments("/console/trail")
    assert page.index("Revealed phone") < page.index("Taken over")
    async with desk.application.database() as unit:
        found = await unit.session.scalars(
            select(t.audit.c.action).where(t.audit.c.merchant_id == desk.merchant_id)
        )
        assert {"taken_over", "revealed_phone", "signed_in"} <= set(found)


async def test_agents_read_the_console_in_their_own_language(
    desk: Desk, at_desk: Agent, ana: User, application: Application
) -> None:
    async with application.database() as unit:
        user = await unit.merchants.user(ana.id)
        assert user is not None
        user.language, user.role = "fr", Role.supervisor
        await unit.commit()
    assert '<html lang="fr"' in await at_desk.read("/console")


async def test_a_file_is_sent_as_a_link_that_the_customer_can_open(
    desk: Desk, at_desk: Agent, ana: User, marie: Customer
) -> None:
    await held(desk, ana, marie)
    draft = uuid4()
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 3_000_000

    async def send(content: bytes) -> int:
        form = FormData({"csrf": await at_desk.token(), "draft": str(draft), "text": "Voici"})
        form.add_field("file", BytesIO(content), filename="label.png")
        url = desk.url(f"{marie.page}/attach")
        async with at_desk.session.post(url, data=form, allow_redirects=False) as response:
            return response.status

    assert await send(b"") == 422
    assert [await send(picture) for _ in range(2)] == [303, 303]
    sent = await last_reply(desk, marie)
    assert (sent.text, sent.kind) == ("Voici", "document")
    async with desk.application.database() as unit:
        file = await unit.media.of_message(desk.merchant_id, sent.id)
    assert file is not None
    link = desk.application.links.file(file.id)
    async with ClientSession() as anybody:
        path = link.removeprefix(desk.application.settings.public_url)
        async with anybody.get(desk.url(path)) as response:
            assert (response.status, response.content_type) == (200, "image/png")
            assert (await response.read()) == picture, "the bytes as they were sent"
        async with anybody.get(desk.url(path[:-2] + "xx")) as response:
            assert response.status == 404
    assert "/media/" in await at_desk.fragments(marie.page)


async def test_the_bot_offers_what_is_next_when_it_is_handed_back(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    here = await held(desk, ana, marie)
    await application.services.hand_back(ana, here, "agreed", RequestKind.reschedule)
    async with application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, here)
    left = next(one for one in reversed(thread) if one.say == "agent_left")
    assert [option["payload"] for option in left.options] == ["/reschedule_delivery"]


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
