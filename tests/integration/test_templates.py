"""When free words may not be sent any more: templates, the next channel, or waiting; over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bot.channels.base import DeliveryStatus, Receipt
from bot.channels.whatsapp import WhatsApp
from bot.commands.templates import create
from bot.dialogue.templates import drafts
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Message, MessageStatus
from bot.domain.errors import Permanent
from bot.domain.shipment import Status
from bot.domain.templates import Template, TemplateState
from bot.services.intake import read_shipment
from bot.services.ports import adapter_account
from bot.services.post import post
from bot.services.reach import conversation_with
from bot.services.record_event import NewEvent
from tests.conftest import ScriptedEngine
from tests.integration.api_client import shipment
from tests.integration.house import House, open_house

PHONE = "+33639981234"
NAME = "parcel_delivered"


class Desk(House):
    """A merchant on WhatsApp and SMS, and a customer with a phone."""

    async def notice(self, status: Status = Status.delivered) -> list[Message]:
        """Something has happened to a parcel of the customer's; returns what they were told of it."""
        services, merchant = self.application.services, self.shop.merchant
        to = {"name": "Ada Byron", "phone": PHONE, "email": None, "language": "en"}
        wanted = read_shipment(shipment(window=None) | {"recipient": to})
        await services.record_shipment(merchant, "ML-1", wanted)
        event = NewEvent("api", "e1", status, self.application.clock.now())
        await services.record_events(merchant.id, "ML-1", [event])
        await self.work()
        return [m for m in await self.said() if m.author is Author.flow]

    async def said(self) -> list[Message]:
        async with self.application.database() as unit:
            contact = await unit.people.by_phone(self.shop.merchant.id, PHONE)
            assert contact is not None
            found = await unit.conversations.of_contact(self.shop.merchant.id, contact.id)
            assert found is not None
            return list(await unit.messages.thread(self.shop.merchant.id, found.id))

    async def say_as_agent(self, words: str) -> None:
        async with self.application.database() as unit:
            account = UUID(self.shop.told["whatsapp"]["account_id"])
            identity = await unit.people.identity(account, PHONE)
            assert identity is not None
            now = self.application.clock.now()
            thread = await conversation_with(unit, identity, now)
            await post(unit, thread, identity, now, author=Author.agent, text=words)
            await unit.commit()
        await self.work()

    async def writes(self, words: str) -> None:
        await self.sandbox.say(PHONE, "whatsapp", text=words)
        await self.sandbox.idle()
        await self.work()

    async def approve(self, *languages: str) -> None:
        """Have our templates made and approved at the provider, and known here."""
        assert await create(self.application, self.shop.merchant, list(languages)) == 0
        assert await self.application.services.sync_templates() > 0

    async def templates(self) -> dict[tuple[str, str], Template]:
        async with self.application.database() as unit:
            account = UUID(self.shop.told["whatsapp"]["account_id"])
            known = await unit.templates.of_account(self.shop.merchant.id, account)
            return {(t.name, t.language): t for t in known}

    async def decide(self, **what: str) -> None:
        wanted = {"name": NAME, "language": "en", **what}
        await self.sandbox.ask("POST", "/templates", wanted)
        await self.sandbox.idle()

    async def phone(self, channel: str) -> list[str]:
        return [m["text"] for m in await self.sandbox.hear(PHONE, channel, wait=0)]


@pytest.fixture
async def desk(
    database_url: str, clock: FixedClock, engine: ScriptedEngine, tmp_path: Path
) -> AsyncIterator[Desk]:
    async with open_house(Desk, database_url, clock, engine, tmp_path) as house:
        yield house


async def test_the_catalogue_is_fetched_page_by_page(desk: Desk) -> None:
    await desk.approve("en", "fr", "es", "de", "pt", "it")
    found = await desk.templates()
    assert len(found) == len(drafts())
    delivered = found[NAME, "en"]
    assert delivered.state is TemplateState.approved
    assert delivered.category == "utility"
    assert delivered.places == ["1", "2"]


async def test_a_notice_goes_by_template_when_the_window_is_closed(desk: Desk) -> None:
    await desk.approve("en")
    (notice,) = await desk.notice()
    (shown,) = await desk.phone("whatsapp")
    assert (notice.channel, notice.status) == ("whatsapp", MessageStatus.read)
    assert shown == notice.text
    assert "has been delivered. If anything is wrong" in shown
    assert await desk.sandbox.violations() == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.delayed, "We write as soon as there is a new time"),
        (Status.out_for_delivery, "is out for delivery today"),
    ],
)
async def test_a_notice_without_a_time_has_a_template_of_its_own(
    desk: Desk, status: Status, words: str
) -> None:
    """Many carriers tell no time: the customer must not be sent to another channel for it."""
    await desk.approve("en")
    (notice,) = await desk.notice(status)
    (shown,) = await desk.phone("whatsapp")
    assert (notice.channel, shown) == ("whatsapp", notice.text)
    assert words in shown
    assert await desk.sandbox.violations() == []


async def test_within_the_window_our_own_words_are_used(desk: Desk) -> None:
    await desk.approve("en")
    await desk.writes("hello")
    (notice,) = await desk.notice()
    assert (await desk.phone("whatsapp"))[-1] == notice.text
    assert "Anything wrong?" in notice.text


@pytest.mark.parametrize("state", ["PAUSED", "REJECTED", "DISABLED", "PENDING_DELETION"])
async def test_without_an_approved_template_the_next_channel_is_taken(
    desk: Desk, state: str
) -> None:
    await desk.approve("en")
    await desk.decide(state=state)
    (notice,) = await desk.notice()
    assert notice.channel == "sms"
    assert await desk.phone("whatsapp") == []
    assert len(await desk.phone("sms")) == 1
    assert (await desk.templates())[NAME, "en"].reason == "INCORRECT_CATEGORY"
    await desk.decide(state="APPROVED")
    assert (await desk.templates())[NAME, "en"].state is TemplateState.approved


async def test_a_template_in_another_language_is_none(desk: Desk) -> None:
    await desk.approve("fr", "de")
    (notice,) = await desk.notice()
    assert notice.channel == "sms"


async def test_what_the_provider_refuses_goes_to_the_next_channel(desk: Desk) -> None:
    """Paused a moment ago, and the word of it has not come yet."""
    await desk.approve("en")
    await desk.sandbox.fault("whatsapp", "lost_callback", 1, scope="any")
    await desk.decide(state="PAUSED")
    first, second = await desk.notice()
    assert (first.channel, first.status) == ("whatsapp", MessageStatus.failed)
    assert first.error == "132015 the template is paused"
    assert (second.channel, second.stands_in_for) == ("sms", first.id)


async def test_a_changed_category_is_seen(desk: Desk) -> None:
    await desk.approve("en")
    await desk.decide(category="MARKETING")
    found = (await desk.templates())[NAME, "en"]
    assert (found.category, found.state) == ("marketing", TemplateState.approved)


async def test_a_template_that_is_gone_at_the_provider_is_gone_here(desk: Desk) -> None:
    await desk.approve("en")
    stand_in = desk.world.stand_ins["whatsapp"]
    stand_in.templates = []  # type: ignore[attr-defined]
    await desk.application.services.sync_templates()
    assert {t.state for t in (await desk.templates()).values()} == {TemplateState.deleted}


async def test_an_answer_waits_for_the_customer_and_goes_in_order(
    desk: Desk, clock: FixedClock
) -> None:
    await desk.writes("hello")
    await move(desk, clock, timedelta(hours=25))
    await desk.say_as_agent("Your refund is on its way.")
    await desk.say_as_agent("Anything else?")
    before = await desk.phone("whatsapp")
    waiting = [m for m in await desk.said() if m.author is Author.agent]
    assert [m.status for m in waiting] == [MessageStatus.parked] * 2
    notes = [m.text for m in await desk.said() if m.author is Author.system]
    assert notes == ["parked", "parked"]
    await desk.writes("are you there?")
    after = (await desk.phone("whatsapp"))[len(before) :]
    assert after[:2] == ["Your refund is on its way.", "Anything else?"]
    sent = [m for m in await desk.said() if m.author is Author.agent]
    assert {m.status for m in sent} == {MessageStatus.read}
    assert all(set(m.status_times) >= {"sent", "delivered", "read"} for m in sent)


async def test_the_providers_word_that_the_window_is_closed_goes_before_ours(
    desk: Desk, clock: FixedClock
) -> None:
    await desk.writes("hello")
    # Their clock is ahead of ours, as clocks are.
    desk.providers_clock.match(clock.now() + timedelta(hours=25))
    await desk.say_as_agent("Your refund is on its way.")
    (waiting,) = [m for m in await desk.said() if m.author is Author.agent]
    assert waiting.status is MessageStatus.parked
    assert waiting.error.startswith("131047")
    await desk.writes("are you there?")
    assert "Your refund is on its way." in await desk.phone("whatsapp")


async def test_a_receipt_that_is_quicker_than_our_own_word_of_the_send_stands(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.writes("hello")
    account = desk.shop.told["whatsapp"]["account_id"]
    async with desk.application.database() as unit:
        provider = await unit.accounts.get(UUID(account))

    async def send(_: object, to: str, payload: object, reference: UUID) -> str:
        receipt = Receipt(
            "x", DeliveryStatus.failed, reference, window_closed=True, reason="131047"
        )
        await desk.application.services.receive(provider, [receipt])
        return "wamid.1"

    monkeypatch.setattr(desk.application.channels["whatsapp"], "send", send)
    await desk.say_as_agent("Your refund is on its way.")
    (waiting,) = [m for m in await desk.said() if m.author is Author.agent]
    assert (waiting.status, waiting.sent_parts) == (MessageStatus.parked, 0)


async def test_a_receipt_that_is_repeated_after_all_has_arrived_sends_nothing_again(
    desk: Desk, clock: FixedClock
) -> None:
    await desk.writes("hello")
    desk.providers_clock.match(clock.now() + timedelta(hours=25))
    await desk.say_as_agent("Your refund is on its way.")
    await desk.writes("are you there?")
    account = UUID(desk.shop.told["whatsapp"]["account_id"])
    async with desk.application.database() as unit:
        provider = await unit.accounts.get(account)
    (sent,) = [m for m in await desk.said() if m.author is Author.agent]
    late = Receipt(
        "x", DeliveryStatus.failed, sent.id, "wamid.before", window_closed=True, reason="131047"
    )
    await desk.application.services.receive(provider, [late, late])
    await desk.writes("thanks")
    told = await desk.phone("whatsapp")
    assert told.count("Your refund is on its way.") == 1
    (after,) = [m for m in await desk.said() if m.author is Author.agent]
    assert after.status is MessageStatus.read


async def test_a_merchants_own_mapping_goes_before_ours(desk: Desk) -> None:
    await desk.approve("en")
    async with desk.application.database() as unit:
        merchant = await unit.merchants.get(desk.shop.merchant.id)
        merchant.templates = {
            "flow_delivered": {"template": "parcel_delivered", "variables": ["", "{{ merchant }}"]}
        }
        await unit.commit()
    notices = await desk.notice()
    assert [n.channel for n in notices] == ["whatsapp", "sms"]
    assert notices[0].error == "template parcel_delivered: nothing to say for its variable 1"


async def test_an_account_without_a_business_says_what_is_missing(desk: Desk) -> None:
    async with desk.application.database() as unit:
        account = await unit.accounts.get(UUID(desk.shop.told["whatsapp"]["account_id"]))
    bare = replace(adapter_account(account), options={})
    channel = desk.application.channels["whatsapp"]
    assert isinstance(channel, WhatsApp)
    with pytest.raises(Permanent, match="business_account_id"):
        await channel.templates(bare)


async def move(desk: Desk, clock: FixedClock, by: timedelta) -> None:
    clock.instant += by
    desk.providers_clock.match(clock.now())
