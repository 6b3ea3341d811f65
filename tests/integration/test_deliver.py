"""Delivering: worded, sent once, its receipts only ever move it forward."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.channels.base import Account, DeliveryStatus, Preference, Receipt
from bot.channels.phones import region_of
from bot.domain.clock import FixedClock
from bot.domain.conversation import Message, MessageStatus
from bot.domain.errors import Limited, OptedOut, OutcomeUnknown, Permanent, Temporary
from bot.services import consents
from bot.services.deliver import RECEIPT_WAIT
from bot.services.ports import Say, Turn
from bot.wiring import Application
from tests.conftest import ScriptedEngine, Shop
from tests.integration.talking import Talk, Wire, talk_on


@pytest.fixture
async def talk(application: Application, shop: Shop) -> Talk:
    return await talk_on(application, shop.told["sms"]["account_id"])


@pytest.fixture
def wire(application: Application, monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(application.channels["sms"], "send", wire.send)
    return wire


@pytest.fixture
async def reply(talk: Talk) -> Message:
    """A queued reply of the bot."""
    await talk.say("hello")
    return (await talk.thread())[-1]


async def deliver(talk: Talk, message: Message) -> Message:
    await talk.application.services.deliver(message.merchant_id, message.id)
    return next(m for m in await talk.thread() if m.id == message.id)


async def test_it_is_worded_and_sent_with_our_reference(
    talk: Talk, wire: Wire, reply: Message
) -> None:
    sent = await deliver(talk, reply)
    assert sent.status == "sent"
    assert sent.text
    assert sent.provider_ids == ["SM-out-1"]
    assert [w["reference"] for w in wire.sent] == [reply.id]
    assert wire.sent[0]["to"] == talk.phone


async def test_a_provider_is_told_where_to_report_though_no_option_says_so(
    talk: Talk, reply: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def send(account: Account, *_: Any) -> str:
        told.append(account.options["callback_url"])
        return "SM1"

    monkeypatch.setattr(talk.application.channels["sms"], "send", send)
    async with talk.application.database() as unit:
        await unit.session.execute(
            text("UPDATE provider_accounts SET options = options - 'callback_url' WHERE id = :id"),
            {"id": talk.account.id},
        )
        await unit.commit()
    monkeypatch.setattr(talk.application.database.memory.accounts, "seconds", 0.0)
    await deliver(talk, reply)
    public = talk.application.settings.public_url
    assert told == [f"{public}/webhooks/sms/{talk.account.id}/status"]


async def test_delivering_again_sends_nothing(talk: Talk, wire: Wire, reply: Message) -> None:
    await deliver(talk, reply)
    await deliver(talk, reply)
    assert len(wire.sent) == 1


async def test_choices_are_numbered_on_sms_and_kept_as_shown(
    talk: Talk, wire: Wire, engine: ScriptedEngine
) -> None:
    options = ({"title": "Tomorrow", "payload": "/a"}, {"title": "Friday", "payload": "/b"})
    engine.turns = [Turn((Say("greet", {"name": "Robin"}, options),), {})]
    await talk.say("hello")
    sent = await deliver(talk, (await talk.thread())[-1])
    assert [o["shown"] for o in sent.options] == ["Tomorrow", "Friday"]
    assert "2" in str(wire.sent[0]["payload"])
    await talk.say("friday")
    assert engine.heard[-1]["text"] == "/b"


async def test_a_name_as_sender_says_where_to_stop_and_what_it_costs(
    talk: Talk, wire: Wire, reply: Message
) -> None:
    country = region_of(talk.phone)
    async with talk.application.database() as unit:
        assert reply.account_id is not None
        account = await unit.accounts.get(reply.account_id)
        account.options = account.options | {f"sender_{country}": "MAISONLUNE", "price": "0.05 EUR"}
        await unit.commit()
    sent = await deliver(talk, reply)
    payload = wire.sent[0]["payload"]
    assert payload["sender"] == "MAISONLUNE"
    assert f"{talk.application.settings.public_url}/u/" in payload["body"]
    assert sent.cost == {"pieces": "2", "amount": "0.10", "currency": "EUR"}


async def test_a_survey_says_how_to_stop_and_a_service_message_does_not(
    talk: Talk, wire: Wire, reply: Message
) -> None:
    await deliver(talk, reply)
    async with talk.application.database() as unit:
        survey = await unit.messages.get(reply.merchant_id, reply.id)
        survey.purpose, survey.status, survey.payloads = "feedback", MessageStatus.queued, []
        survey.sent_parts = 0
        await unit.commit()
    await deliver(talk, reply)
    assert ["STOP" in sent["payload"]["body"] for sent in wire.sent] == [False, True]


async def test_a_temporary_error_is_tried_again_and_the_last_word_is_kept(
    talk: Talk, wire: Wire, reply: Message
) -> None:
    wire.errors = [Temporary("out of order")]
    with pytest.raises(Temporary):
        await deliver(talk, reply)
    await talk.application.services.deliver.give_up(reply.merchant_id, reply.id, "out of order")
    failed = await deliver(talk, reply)
    assert (failed.status, failed.error) == ("failed", "out of order")
    assert wire.sent == []
    notes = [m.text for m in (await talk.thread())[-2:]]
    assert notes == ["not_delivered", "handed_over"]


async def test_a_permanent_error_is_kept_with_its_reason(
    talk: Talk, wire: Wire, reply: Message
) -> None:
    wire.errors = [Permanent("the number does not exist")]
    assert (await deliver(talk, reply)).error == "the number does not exist"


async def test_an_unknown_outcome_waits_for_the_receipt_and_is_not_repeated(
    talk: Talk, wire: Wire, reply: Message, application: Application
) -> None:
    wire.errors = [OutcomeUnknown("no answer in time")]
    with pytest.raises(Limited):
        await deliver(talk, reply)
    with pytest.raises(Limited):
        await deliver(talk, reply)
    receipt = Receipt("r1", DeliveryStatus.delivered, reference=reply.id, provider_id="SM9")
    await application.services.receive(talk.account, [receipt])
    assert (await deliver(talk, reply)).status == "delivered"
    assert wire.sent == []


async def test_an_unknown_outcome_without_a_receipt_is_repeated_in_the_end(
    talk: Talk, wire: Wire, reply: Message, clock: FixedClock
) -> None:
    wire.errors = [OutcomeUnknown("no answer in time")]
    with pytest.raises(Limited):
        await deliver(talk, reply)
    clock.instant += RECEIPT_WAIT + timedelta(seconds=1)
    assert (await deliver(talk, reply)).status == "sent"


async def test_an_unknown_outcome_is_repeated_once_and_then_admitted(
    talk: Talk, wire: Wire, reply: Message, clock: FixedClock
) -> None:
    wire.errors = [OutcomeUnknown("no answer in time")] * 5
    for _ in range(2):
        with pytest.raises(Limited):
            await deliver(talk, reply)
        clock.instant += RECEIPT_WAIT + timedelta(seconds=1)
    failed = await deliver(talk, reply)
    assert failed.status == "failed"
    assert "nobody knows" in failed.error
    assert len(wire.errors) == 3


async def test_no_part_of_a_long_message_is_lost_or_repeated(
    talk: Talk, wire: Wire, engine: ScriptedEngine, application: Application
) -> None:
    long = Say("greet", {"name": "word " * 500})
    engine.turns = [Turn((long,), {})]
    await talk.say("hello")
    message = (await talk.thread())[-1]
    wire.errors = [None, Temporary("slow down")]
    with pytest.raises(Temporary):
        await deliver(talk, message)
    receipt = Receipt("r1", DeliveryStatus.delivered, reference=message.id, provider_id="SM-out-1")
    await application.services.receive(talk.account, [receipt])
    sent = await deliver(talk, message)
    assert len(wire.sent) == len(sent.payloads) == 2
    assert [w["payload"] for w in wire.sent] == sent.payloads


async def test_the_reason_of_a_failure_outlives_the_providers_answer(
    talk: Talk, reply: Message, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def send(*_: object) -> str:
        receipt = Receipt("r", DeliveryStatus.failed, reference=reply.id, reason="no such number")
        await application.services.receive(talk.account, [receipt])
        return "SM1"

    monkeypatch.setattr(application.channels["sms"], "send", send)
    failed = await deliver(talk, reply)
    assert (failed.status, failed.error) == ("failed", "no such number")


async def test_receipts_only_move_forward(
    talk: Talk, wire: Wire, reply: Message, application: Application
) -> None:
    await deliver(talk, reply)
    for status in ("read", "delivered", "sent", "failed"):
        receipt = Receipt(status, DeliveryStatus(status), reference=reply.id)
        await application.services.receive(talk.account, [receipt])
    assert next(m for m in await talk.thread() if m.id == reply.id).status == "read"


async def test_a_receipt_for_another_merchants_message_is_ignored(
    talk: Talk, application: Application
) -> None:
    receipt = Receipt("x", DeliveryStatus.read, reference=uuid4())
    await application.services.receive(talk.account, [receipt])


@pytest.mark.parametrize("told", ["at once", "by receipt"])
@pytest.mark.parametrize("purpose", ["", "marketing"])
async def test_what_was_refused_at_the_provider_is_kept_for_its_purpose(
    talk: Talk, wire: Wire, reply: Message, told: str, purpose: str
) -> None:
    if told == "at once":
        wire.errors = [OptedOut("131050 opted out", "131050", purpose)]
    failed = await deliver(talk, reply)
    if told == "by receipt":
        receipt = Receipt(
            "f", DeliveryStatus.failed, reference=reply.id, reason="131050", opted_out=purpose
        )
        for _ in range(2):
            await talk.application.services.receive(talk.account, [receipt])
    async with talk.application.database() as unit:
        contact = (await talk.conversation()).contact_id
        (kept,) = await unit.feedback.ledger(failed.merchant_id, contact)
    assert (kept.channel, kept.purpose, kept.given, kept.source) == (
        "sms", purpose, False, "provider",
    )  # fmt: skip


async def test_a_preference_set_at_the_provider_is_kept_and_a_late_one_changes_nothing(
    talk: Talk, reply: Message
) -> None:
    now = talk.application.clock.now()

    async def told(*, given: bool, ago: int, sender: str = talk.phone) -> bool:
        wish = Preference(
            sender, "marketing", given, "User requested it", now - timedelta(minutes=ago)
        )
        await talk.application.services.receive(talk.account, [wish])
        async with talk.application.database() as unit:
            contact = (await talk.conversation()).contact_id
            return await consents.may_send(unit, reply.merchant_id, contact, "sms", "marketing")

    assert await told(given=True, ago=30)
    assert not await told(given=False, ago=20)
    assert not await told(given=True, ago=30), "told again"
    assert await told(given=True, ago=10)
    assert await told(given=False, ago=5, sender="GB.4711"), "a stranger's"


async def test_a_refusal_that_the_provider_knows_of_is_kept_in_our_ledger(
    talk: Talk, wire: Wire, reply: Message
) -> None:
    wire.errors = [OptedOut("21610 the recipient has opted out at Twilio", "21610")]
    assert (await deliver(talk, reply)).status == "failed"
    conversation = await talk.conversation()
    async with talk.application.database() as unit:
        (kept,) = await unit.feedback.ledger(conversation.merchant_id, conversation.contact_id)
        other = await consents.may_send(
            unit, conversation.merchant_id, conversation.contact_id, "whatsapp", "service"
        )
    assert (kept.given, kept.source, kept.channel) == (False, "provider", "sms")
    assert other, "what was refused on one channel was not refused on another"
