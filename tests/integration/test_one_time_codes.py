"""Somebody else who knows a tracking number: nothing personal without the contact's code."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.access import AccessCode
from bot.domain.clock import FixedClock
from bot.domain.consent import Consent
from bot.domain.conversation import Message
from bot.domain.ids import new_id
from bot.domain.shipment import Shipment
from bot.services.find_parcel import find_parcels
from bot.services.one_time_codes import offer_option
from bot.services.ports import Say, Turn
from bot.wiring import Application
from tests.conftest import ScriptedEngine, Shop
from tests.integration.parcels import Customer, customer
from tests.integration.talking import Talk, Wire, talk_on


@pytest.fixture
async def owner(application: Application, shop: Shop) -> Customer:
    return await customer(application, shop)


@pytest.fixture
async def parcel(owner: Customer) -> Shipment:
    return await owner.expects()


@pytest.fixture
async def talk(application: Application, shop: Shop) -> Talk:
    """The stranger: their own phone, and no parcel of theirs."""
    return await talk_on(application, shop.told["sms"]["account_id"])


@pytest.fixture
def wire(application: Application, monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(application.channels["sms"], "send", wire.send)
    return wire


async def ask(
    talk: Talk, engine: ScriptedEngine, parcel: Shipment, wish: str = "track_parcel"
) -> str | None:
    """Name the parcel, be offered a code, accept; returns what is said to that."""
    offer = Say(
        "parcel_coarse",
        {"parcel": {"last4": parcel.last_digits, "status": str(parcel.status)}},
        (offer_option(parcel.id, wish),),
    )
    engine.turns = [Turn((offer,), {})]
    await talk.say(parcel.tracking_number)
    await talk.say("yes please")
    return (await talk.said())[-1]


async def sent_code(owner: Customer, wire: Wire) -> tuple[str, Message]:
    """Deliver what is queued to the owner; the digits on their phone, and the row as kept."""
    async with owner.application.database() as unit:
        thread = await unit.messages.thread(owner.shop.merchant.id, owner.conversation.id)
    message = [m for m in thread if m.say == "code_message"][-1]
    await owner.application.services.deliver(message.merchant_id, message.id)
    assert wire.sent[-1]["to"] == owner.contact.phone
    [digits] = re.findall(r"\b\d{6}\b", str(wire.sent[-1]["payload"]))
    async with owner.application.database() as unit:
        return digits, await unit.messages.get(message.merchant_id, message.id)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def visible(talk: Talk) -> list[str]:
    async with talk.application.database() as unit:
        now = talk.application.clock.now()
        parcels = await find_parcels(unit, await talk.conversation(), now)
    return [s.tracking_number for s in parcels.own]


async def codes(parcel: Shipment, application: Application) -> list[AccessCode]:
    async with application.database() as unit:
        since = application.clock.now() - timedelta(days=2)
        return list(await unit.codes.of_shipment(parcel.merchant_id, parcel.id, since))


async def test_the_right_code_opens_this_parcel_alone_and_the_wish_goes_on(
    talk: Talk, engine: ScriptedEngine, owner: Customer, parcel: Shipment, wire: Wire
) -> None:
    await owner.expects("Something private")
    assert await ask(talk, engine, parcel, "reschedule_delivery") == "code_sent"
    assert await visible(talk) == []
    digits, _ = await sent_code(owner, wire)
    heard = len(engine.heard)
    await talk.say("is it raining")
    await talk.say(f"the code is {digits[:3]} {digits[3:]}")
    assert await visible(talk) == [parcel.tracking_number]
    assert engine.heard[heard + 1]["text"] == f'/reschedule_delivery{{"choice": "{parcel.id}"}}'
    assert (await talk.said())[-2:] == ["code_right", "greet"]


async def test_the_grant_runs_out(
    talk: Talk, engine: ScriptedEngine, owner: Customer, parcel: Shipment, wire: Wire,
    clock: FixedClock,
) -> None:  # fmt: skip
    await ask(talk, engine, parcel)
    digits, _ = await sent_code(owner, wire)
    await talk.say(digits)
    clock.instant += timedelta(hours=23)
    assert await visible(talk) == [parcel.tracking_number]
    clock.instant += timedelta(hours=2)
    assert await visible(talk) == []


async def test_the_digits_are_nowhere_but_on_the_contacts_phone(
    talk: Talk, engine: ScriptedEngine, owner: Customer, parcel: Shipment, wire: Wire,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level("DEBUG")
    await ask(talk, engine, parcel)
    digits, message = await sent_code(owner, wire)
    assert digits not in f"{message.text}{message.payloads}{message.variables}"
    assert "######" in message.text
    async with talk.application.database() as unit:
        rows = await unit.session.execute(text("SELECT * FROM access_codes"))
        jobs = await unit.session.execute(text("SELECT args FROM procrastinate_jobs"))
        kept = f"{rows.all()} {jobs.all()}"
    assert not re.search(rf"(?<![0-9a-f]){digits}(?![0-9a-f])", kept)
    await talk.say(digits)
    assert digits not in caplog.text
    assert all(digits not in str(heard["text"]) for heard in engine.heard)


async def test_five_wrong_ones_lock_it_for_this_conversation(
    talk: Talk, engine: ScriptedEngine, owner: Customer, parcel: Shipment, wire: Wire,
    clock: FixedClock, application: Application, shop: Shop,
) -> None:  # fmt: skip
    await ask(talk, engine, parcel)
    digits, _ = await sent_code(owner, wire)
    asked = len(engine.heard)
    for _ in range(3):
        await talk.say(wrong(digits))
    clock.instant += timedelta(minutes=2)
    # A new code gives no new tries.
    assert await ask(talk, engine, parcel) == "code_sent"
    digits, _ = await sent_code(owner, wire)
    for _ in range(2):
        await talk.say(wrong(digits))
    assert (await talk.said())[-1] == "code_locked"
    await talk.say(digits)
    assert (await talk.said())[-1] == "code_locked"
    clock.instant += timedelta(minutes=2)
    assert await ask(talk, engine, parcel) == "code_locked"
    assert await visible(talk) == []
    assert [code.wrong for code in await codes(parcel, application)] == [3, 2]
    assert all(wrong(digits) not in str(heard["text"]) for heard in engine.heard[asked:])
    # Somebody else may still prove theirs.
    other = await talk_on(application, shop.told["sms"]["account_id"], "+447700900777")
    assert await ask(other, engine, parcel) == "code_sent"


async def test_a_code_is_good_for_ten_minutes(
    talk: Talk, engine: ScriptedEngine, owner: Customer, parcel: Shipment, wire: Wire,
    clock: FixedClock,
) -> None:  # fmt: skip
    await ask(talk, engine, parcel)
    digits, _ = await sent_code(owner, wire)
    clock.instant += timedelta(minutes=10)
    await talk.say(digits)
    assert (await talk.said())[-1] == "code_expired"
    assert await visible(talk) == []
    await talk.say("1")
    assert (await talk.said())[-1] == "code_sent"
    digits, _ = await sent_code(owner, wire)
    await talk.say(digits)
    assert await visible(talk) == [parcel.tracking_number]


async def test_nobody_is_flooded_with_codes(
    talk: Talk, engine: ScriptedEngine, parcel: Shipment, clock: FixedClock,
    application: Application, shop: Shop,
) -> None:  # fmt: skip
    assert await ask(talk, engine, parcel) == "code_sent"
    assert await ask(talk, engine, parcel) == "code_wait"
    for n in range(4):
        clock.instant += timedelta(minutes=3)
        other = await talk_on(application, shop.told["sms"]["account_id"], f"+44770090070{n}")
        assert await ask(other, engine, parcel) == "code_sent"
    clock.instant += timedelta(minutes=3)
    assert await ask(talk, engine, parcel) == "code_unavailable"
    assert len(await codes(parcel, application)) == 5


async def test_who_has_stopped_all_messages_is_sent_no_code_and_the_stranger_learns_nothing(
    talk: Talk, engine: ScriptedEngine, owner: Customer, parcel: Shipment, application: Application
) -> None:
    async with application.database() as unit:
        now = application.clock.now()
        unit.add(
            Consent(
                new_id(), parcel.merchant_id, owner.contact.id, "", "",
                given=False, source="words", text="", at=now,
            )
        )  # fmt: skip
        await unit.commit()
    assert await ask(talk, engine, parcel) == "code_unavailable"
    assert await codes(parcel, application) == []


async def test_six_digits_are_just_digits_when_no_code_was_asked_for(
    talk: Talk, engine: ScriptedEngine
) -> None:
    await talk.say("123456")
    assert engine.heard[0]["text"] == "123456"


async def test_an_answer_that_failed_after_the_right_code_goes_on_all_the_same(
    talk: Talk, engine: ScriptedEngine, owner: Customer, parcel: Shipment, wire: Wire
) -> None:
    await ask(talk, engine, parcel)
    digits, _ = await sent_code(owner, wire)
    message = await talk.write(digits)
    engine.fail(1)
    answer = talk.application.services.answer
    with pytest.raises(Exception, match="out of order"):
        await answer(message.merchant_id, message.id)
    await answer(message.merchant_id, message.id, 1)
    texts = [heard["text"] for heard in engine.heard[-2:]]
    assert texts == [f'/track_parcel{{"choice": "{parcel.id}"}}'] * 2
    assert (await talk.said()).count("code_right") == 1
