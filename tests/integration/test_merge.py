"""Two contacts who are one person, and an address that is somebody else's."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Holder, Identity, Message, MessageStatus
from bot.domain.errors import Conflict, NotFound, Refused
from bot.domain.ids import new_id
from bot.domain.merchant import Role, User
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Status
from bot.services.consents import may_send, start, stop
from bot.services.ports import UnitOfWork
from bot.services.reach import conversation_with
from bot.storage import tables as t
from bot.storage.merges import OF_CONTACT, OF_THREAD
from tests.conftest import seed_shop
from tests.desk import Customer, Desk
from tests.integration.browser import signed_in
from tests.integration.talking import talk_on

PHONE, CHAT = "+33612345678", "+33698765432"


@pytest.fixture
async def marie(desk: Desk) -> Customer:
    """Known by the shop, with a parcel, on SMS."""
    customer = await desk.customer("Marie Petit", PHONE, "sms", "fr")
    await desk.says(customer, "Où est ma lampe ?", ago=20)
    await desk.parcel(
        customer, "lamp", [(Status.in_transit, 2, {})],
        [(RequestKind.contactless, RequestState.accepted, {})],
    )  # fmt: skip
    return customer


@pytest.fixture
async def stranger(desk: Desk) -> Customer:
    """The same person, on WhatsApp with her other phone, and with a parcel that came there."""
    customer = await desk.customer("", CHAT, "whatsapp", "fr")
    await desk.says(customer, "C'est Marie, je ne serai pas là", ago=10)
    await desk.parcel(customer, "curtains", [(Status.created, 3, {})])
    return customer


async def merged(desk: Desk, user: User, one: Customer, other: Customer) -> UUID:
    services = desk.application.services
    return await services.merge_contacts(
        user, one.conversation.id, other.contact.id, "the same order"
    )


async def texts(desk: Desk, conversation: UUID) -> list[str]:
    async with desk.application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, conversation)
    return [one.text for one in thread if one.author is not Author.system]


async def items(unit: UnitOfWork, customer: Customer) -> set[str]:
    parcels = await unit.shipments.of_contact(customer.contact.merchant_id, customer.contact.id)
    return {parcel.item for parcel in parcels}


def test_every_row_that_belongs_to_a_contact_or_a_thread_has_been_thought_of() -> None:
    stay = {"conversations.contact_id", "proofs.contact_id", "reads.conversation_id",
            "merges.contact_id", "merges.other_id"}  # fmt: skip
    go = {f"{table.name}.{column}" for table, column in (*OF_CONTACT, *OF_THREAD)}
    found = {
        f"{table.name}.{key.parent.name}"
        for table in t.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table in (t.contacts, t.conversations)
    }
    assert found == go | stay


async def test_what_was_two_is_one_and_both_channels_lead_there(
    desk: Desk, ana: User, marie: Customer, stranger: Customer
) -> None:
    kept = await merged(desk, ana, stranger, marie)
    assert len(await texts(desk, kept)) == 2
    for customer in (marie, stranger):
        talk = await talk_on(
            desk.application, str(customer.identity.account_id), customer.identity.address
        )
        said = await talk.write(f"from {customer.identity.channel}")
        assert said.conversation_id == kept
        async with desk.application.database() as unit:
            thread = await unit.conversations.get(desk.merchant_id, kept)
        assert thread.identity_id == customer.identity.id
    async with desk.application.database() as unit:
        contact = await unit.people.get(desk.merchant_id, thread.contact_id)
        parcels = await unit.shipments.of_contact(desk.merchant_id, contact.id)
        # By either number it is the same person to whoever asks, the shop's next order too.
        by_number = [await unit.people.by_phone(desk.merchant_id, one) for one in (PHONE, CHAT)]
        left = await unit.session.scalar(
            select(func.count())
            .select_from(t.conversations)
            .where(t.conversations.c.merchant_id == desk.merchant_id)
        )
        trail = await unit.inbox.trail(desk.merchant_id, None, 9)
    assert {one.item for one in parcels} == {"lamp", "curtains"}
    assert contact.name == "Marie Petit"
    assert by_number == [contact, contact]
    assert left == 1
    assert [entry.action for entry, _ in trail].count("merged_contacts") == 2


async def test_the_stricter_word_wins(
    desk: Desk, ana: User, marie: Customer, stranger: Customer
) -> None:
    now = desk.application.clock.now()
    async with desk.application.database() as unit:
        await start(unit, marie.contact, "", "words", "yes", now, purpose="marketing")
        await stop(unit, marie.contact, "sms", "keyword", "STOP", now)
        await stop(unit, stranger.contact, "", "words", "no adverts", now, purpose="marketing")
        await start(unit, stranger.contact, "sms", "words", "sms is fine", now)
        await unit.commit()
    kept = await merged(desk, ana, marie, stranger)
    async with desk.application.database() as unit:
        who = (await unit.conversations.get(desk.merchant_id, kept)).contact_id
        assert not await may_send(unit, desk.merchant_id, who, "whatsapp", "marketing")
        assert not await may_send(unit, desk.merchant_id, who, "sms", "service")
        assert await may_send(unit, desk.merchant_id, who, "whatsapp", "service")


async def test_one_holder_and_one_case_afterwards(
    desk: Desk, ana: User, marie: Customer, stranger: Customer
) -> None:
    await desk.asks_for_a_person(marie, ago=30)
    await desk.asks_for_a_person(stranger, "complain", ago=5)
    await desk.application.services.take_over(ana, stranger.conversation.id)
    kept = await merged(desk, ana, marie, stranger)
    async with desk.application.database() as unit:
        thread = await unit.conversations.get(desk.merchant_id, kept)
        case = await unit.cases.open(desk.merchant_id, kept)
        every = await unit.cases.of_conversation(desk.merchant_id, kept)
    assert (thread.holder, thread.agent_id) == (Holder.agent, ana.id)
    assert case is not None
    assert (case.topic, case.agent_id) == ("complain", ana.id)
    assert len(every) == 2


async def test_not_while_a_colleague_holds_either(
    desk: Desk, ana: User, marie: Customer, stranger: Customer
) -> None:
    bea = await desk.colleague("Bea", f"{marie.contact.id}@x.example", "a long phrase")
    await desk.asks_for_a_person(stranger)
    await desk.application.services.take_over(bea, stranger.conversation.id)
    for one, other in ((marie, stranger), (stranger, marie)):
        with pytest.raises(Refused, match="held_by_another"):
            await merged(desk, ana, one, other)


async def test_never_across_merchants(
    desk: Desk, ana: User, marie: Customer, tmp_path: Path
) -> None:
    theirs = Desk(desk.application, await seed_shop(desk.application, tmp_path), desk.server)
    other = await theirs.customer("Marie Petit", PHONE, "sms")
    with pytest.raises(NotFound):
        await merged(desk, ana, marie, other)
    whose = await desk.application.services.merge_contacts.whose(ana, marie.conversation.id, PHONE)
    assert whose.alike == []


async def test_a_supervisor_makes_two_of_one_again_with_what_was_said_since(
    desk: Desk, ana: User, marie: Customer, stranger: Customer
) -> None:
    services = desk.application.services.merge_contacts
    await desk.asks_for_a_person(stranger, "complain", ago=5)
    kept = await merged(desk, ana, marie, stranger)
    chat = await talk_on(desk.application, str(stranger.identity.account_id), CHAT)
    await chat.write("and since")
    async with signed_in(desk, Role.agent) as (_, agent):
        (found,) = (await services.whose(ana, kept, "")).merges
        with pytest.raises(Refused, match="not_your_right"):
            await services.undo(agent, found[0].id)
    await services.undo(ana, found[0].id)
    with pytest.raises(Refused, match="undone_already"):
        await services.undo(ana, found[0].id)
    assert await texts(desk, marie.conversation.id) == ["Où est ma lampe ?"]
    assert await texts(desk, stranger.conversation.id) == [
        "C'est Marie, je ne serai pas là", "and since",
    ]  # fmt: skip
    async with desk.application.database() as unit:
        assert await items(unit, marie) == {"lamp"}
        assert await items(unit, stranger) == {"curtains"}
        back = await unit.conversations.get(desk.merchant_id, stranger.conversation.id)
        stays = await unit.conversations.get(desk.merchant_id, marie.conversation.id)
        assert (back.holder, back.identity_id) == (Holder.waiting, stranger.identity.id)
        assert (stays.holder, stays.identity_id) == (Holder.bot, marie.identity.id)
        alone = await unit.people.get(desk.merchant_id, stranger.contact.id)
        assert (alone.name, alone.merged_into) == ("", None)


async def test_an_address_that_is_not_theirs_becomes_a_contact_of_its_own(
    desk: Desk, ana: User, marie: Customer
) -> None:
    bot = await desk.customer("", "900200", "telegram")
    async with desk.application.database() as unit:
        (await unit.people.get(desk.merchant_id, bot.contact.id)).phone = None
        await unit.commit()
    await desk.says(bot, "Hallo, hier ist Jonas", ago=7)
    await merged(desk, ana, marie, bot)
    waiting = await desk.message(
        Customer(marie.contact, bot.identity, marie.conversation), Author.flow,
        "the lamp is near", status=MessageStatus.queued,
    )  # fmt: skip
    services = desk.application.services.merge_contacts
    with pytest.raises(Refused, match="own_address"):
        await services.take_out(ana, marie.conversation.id, marie.identity.id, "odd")
    thread = await services.take_out(ana, marie.conversation.id, bot.identity.id, "it is Jonas")
    assert await texts(desk, marie.conversation.id) == ["Où est ma lampe ?"]
    assert await texts(desk, thread) == ["Hallo, hier ist Jonas", "the lamp is near"]
    async with desk.application.database() as unit:
        made = await unit.conversations.get(desk.merchant_id, thread)
        held_back = await unit.messages.get(desk.merchant_id, waiting.id)
        assert held_back.status is MessageStatus.withdrawn
        assert await unit.shipments.of_contact(desk.merchant_id, made.contact_id) == []
    chat = await talk_on(desk.application, str(bot.identity.account_id), "900200")
    assert (await chat.write("still me")).conversation_id == thread


async def test_an_erasure_takes_both_of_the_one(
    desk: Desk, ana: User, marie: Customer, stranger: Customer
) -> None:
    kept = await merged(desk, ana, marie, stranger)
    async with desk.application.database() as unit:
        who = (await unit.conversations.get(desk.merchant_id, kept)).contact_id
    await desk.application.services.erase_person(ana, desk.merchant_id, who, under_way=True)
    async with desk.application.database() as unit:
        for customer in (marie, stranger):
            contact = await unit.people.get(desk.merchant_id, customer.contact.id)
            assert (contact.name, contact.phone) == ("", None)
        reasons = await unit.session.scalars(
            select(t.merges.c.reason).where(t.merges.c.contact_id == who)
        )
        assert list(reasons) == [""]


async def test_on_the_page_one_is_found_merged_and_old_links_lead_on(
    desk: Desk, marie: Customer, stranger: Customer
) -> None:
    async with signed_in(desk, Role.supervisor) as (page, _):
        shown = await page.read(f"{marie.page}/who?q={CHAT[-6:]}")
        assert f'value="{stranger.contact.id}"' in shown
        assert "Nothing" not in shown
        answer = await page.post(
            f"{marie.page}/merge", other=str(stranger.contact.id), reason="she said so"
        )
        assert answer.headers["Location"] == f"{marie.page}/who?done=merged"
        led = await page.get(stranger.page)
        assert (led.status, led.headers["Location"]) == (303, marie.page)
        after = await page.read(f"{marie.page}/who?done=merged")
        assert "They are one now." in after
        assert "she said so" in await page.read(marie.page)
        undo = after.split('action="/console/merges/')[1].split("/")[0]
        answer = await page.post(f"/console/merges/{undo}/undo")
        assert answer.status == 303
        assert "she said so" not in await page.read(stranger.page)


async def test_who_writes_into_a_thread_that_goes_finds_the_one_that_stays(
    desk: Desk, ana: User, marie: Customer, stranger: Customer
) -> None:
    """The webhook has read the thread when it is merged: it fails, and its second try is right."""
    async with desk.application.database() as unit:
        late = await unit.conversations.get(desk.merchant_id, stranger.conversation.id)
        kept = await merged(desk, ana, marie, stranger)
        message = Message(
            id=new_id(), merchant_id=desk.merchant_id, conversation_id=late.id, text="and now?",
            author=Author.customer, created_at=desk.application.clock.now(),
            status=MessageStatus.received, account_id=stranger.identity.account_id,
            identity_id=stranger.identity.id, key="in-between",
        )  # fmt: skip
        with pytest.raises(Conflict):
            await unit.messages.add_inbound(message)
    async with desk.application.database() as unit:
        # Whoever knows the contact still by the row that went finds the one that stayed, too.
        stale = Identity(
            id=new_id(), merchant_id=desk.merchant_id, contact_id=stranger.contact.id,
            account_id=stranger.identity.account_id, channel="whatsapp", address="GB.1",
            created_at=desk.application.clock.now(),
        )  # fmt: skip
        unit.add(stale)
        await unit.flush()
        thread = await conversation_with(unit, stale, desk.application.clock.now())
        assert (thread.id, stale.contact_id) == (kept, marie.contact.id)
        assert (await unit.people.today(desk.merchant_id, stranger.contact.id)).id == (
            marie.contact.id
        )


async def ordered(desk: Desk, item: str, phone: str) -> None:
    """The shop sends an order for a number."""
    rows = f"reference,tracking_number,item,recipient.phone\n{item},SW-{item},{item},{phone}\n"
    report = await desk.application.services.import_shipments(
        desk.shop.merchant.name, rows.encode()
    )
    assert report.loaded == 1


async def test_parcels_that_came_since_go_with_whose_number_they_have(
    desk: Desk, ana: User, marie: Customer, stranger: Customer, clock: FixedClock
) -> None:
    services = desk.application.services.merge_contacts
    kept = await merged(desk, ana, marie, stranger)
    clock.instant += timedelta(hours=1)
    await ordered(desk, "mirror", PHONE)
    await ordered(desk, "stool", CHAT)
    async with desk.application.database() as unit:
        every = {"lamp", "curtains", "mirror", "stool"}
        whole = (await unit.conversations.get(desk.merchant_id, kept)).contact_id
        assert {
            one.item for one in await unit.shipments.of_contact(desk.merchant_id, whole)
        } == every
    theirs, others = (marie, stranger) if whole == marie.contact.id else (stranger, marie)
    ((merge, _, parting),) = (await services.whose(ana, kept, "")).merges
    goes = {one.item for one in parting.goes}
    stays = {one.item for one in parting.stays}
    assert (goes, stays) == (
        ({"curtains", "stool"}, {"mirror"}) if theirs is marie else ({"lamp", "mirror"}, {"stool"})
    )
    async with signed_in(desk, Role.supervisor) as (page, _):
        shown = await page.read(f"/console/c/{kept}/who")
    assert "Goes back:" in shown.partition("Stays here:")[0]
    assert stays.pop() in shown.partition("Stays here:")[2]
    await services.undo(ana, merge.id)
    async with desk.application.database() as unit:
        assert await items(unit, others) == goes
        assert await items(unit, theirs) == every - goes
    # And the next order finds the one whose number it has, as before.
    await ordered(desk, "rug", CHAT)
    async with desk.application.database() as unit:
        assert "rug" in await items(unit, stranger)


async def test_an_order_that_comes_in_during_a_merge_is_the_one_persons(
    desk: Desk, ana: User, marie: Customer, stranger: Customer
) -> None:
    """Whichever of the two is first, the other waits for it."""
    async with desk.application.database() as unit:
        pairs = await unit.merges.locked(desk.merchant_id, [marie.contact.id, stranger.contact.id])
        order = asyncio.create_task(ordered(desk, "mirror", CHAT))
        await asyncio.sleep(0.3)
        assert not order.done()
        # All that a merge does to the contact itself.
        pairs[1][0].merged_into = marie.contact.id
        await unit.commit()
    await order
    async with desk.application.database() as unit:
        assert "mirror" in await items(unit, marie)
        (await unit.people.get(desk.merchant_id, stranger.contact.id)).merged_into = None
        await unit.commit()
    async with desk.application.database() as unit:
        assert await unit.people.recipient(desk.merchant_id, CHAT, None) is not None
        merge = asyncio.create_task(merged(desk, ana, marie, stranger))
        await asyncio.sleep(0.3)
        assert not merge.done()
        await unit.commit()
    await merge
