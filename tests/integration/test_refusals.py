"""A carrier says that the customer cancelled or refused: asked, unless a code or a request proves it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bot.domain.attempt import Claim, CustomerSays, Verdict
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Conversation
from bot.domain.request import RequestKind
from bot.domain.shipment import Status
from bot.services import change_delivery
from bot.services.accept_refusal import accept_refusal
from bot.services.one_time_codes import CONFIRMS, Digits
from bot.services.reach import conversation_with
from tests.conftest import ScriptedEngine
from tests.integration.house import open_house
from tests.integration.parcels import Customer, Rasa
from tests.integration.test_actions import keys
from tests.integration.test_attempts import PHONE, Door

REFUSED = {"status": "cancelled", "description": "Cancelled by customer at the door"}


@pytest.fixture
async def door(
    database_url: str, clock: FixedClock, engine: ScriptedEngine, tmp_path: Path
) -> AsyncIterator[Door]:
    async with open_house(Door, database_url, clock, engine, tmp_path) as house:
        await house.expect()
        yield house


async def asked(door: Door) -> list[tuple[str | None, list[str]]]:
    return [
        (message.say, [option["payload"] for option in message.options])
        for message in await door.said()
        if message.author is Author.flow
    ]


async def talk(door: Door) -> Conversation:
    async with door.application.database() as unit:
        contact = await unit.people.by_phone(door.shop.merchant.id, PHONE)
        assert contact is not None
        account = await unit.accounts.get(UUID(door.shop.told["sms"]["account_id"]))
        identity = await unit.people.identity(account.id, PHONE)
        if identity is None:
            reached = await door.application.services.reach(
                unit, door.shop.merchant, contact, door.application.clock.now(),
                say="code_message", purpose="service",
            )  # fmt: skip
            assert not isinstance(reached, str)
            identity = reached
        found = await conversation_with(unit, identity, door.application.clock.now())
        found.identity_id = found.identity_id or identity.id
        await unit.commit()
    return found


async def code(door: Door) -> str:
    """The digits of a code that the customer is sent, as for a change that wants one."""
    conversation, parcel = await talk(door), await door.parcel()
    settings = door.application.settings
    async with door.application.database() as unit:
        now = door.application.clock.now()
        said = await door.application.codes.send(unit, conversation, parcel.id, CONFIRMS, now)
        assert said.say == "code_sent"
        newest = await unit.codes.newest(conversation.merchant_id, conversation.id)
        assert newest is not None
        await unit.commit()
    return Digits(settings.secret_key.get_secret_value()).of(newest.id)


async def me(door: Door) -> Customer:
    conversation = await talk(door)
    async with door.application.database() as unit:
        contact = await unit.people.get(door.shop.merchant.id, conversation.contact_id)
    return Customer(door.application, door.shop, contact, conversation)


async def test_the_customer_is_asked_and_the_parcel_is_not_cancelled_by_that(door: Door) -> None:
    await door.fails(**REFUSED)
    assert await asked(door) == [
        ("flow_refused", ["/dispute_attempt", '/inform{"choice": "refused"}'])
    ]
    (attempt,) = await door.attempts()
    assert (attempt.claim, attempt.verdict, attempt.proved) == (
        Claim.refused, Verdict.doubtful, False,
    )  # fmt: skip
    assert (await door.parcel()).status is Status.attempt_failed
    assert await door.sandbox.violations() == []


async def test_who_did_not_refuse_gets_another_try_for_nothing(door: Door) -> None:
    await door.fails(**REFUSED)
    rasa = Rasa(await me(door))
    rasa.hears("/dispute_attempt", "dispute_attempt")
    said = await rasa.run("action_escalate")
    assert keys(said) == ["refusal_disputed"]
    assert said[0]["options"]
    (attempt,) = await door.attempts()
    assert (attempt.customer, attempt.disputed) == (CustomerSays.not_refused, True)
    assert await door.fee() == 0
    again = Rasa(await me(door))
    again.hears('/inform{"choice": "refused"}', "inform", choice="refused")
    await again.run("action_inform")
    assert (await door.parcel()).status is Status.attempt_failed, "the first word stands"


async def test_who_did_refuse_ends_the_delivery(door: Door) -> None:
    await door.fails(**REFUSED)
    rasa = Rasa(await me(door))
    rasa.hears('/inform{"choice": "refused"}', "inform", choice="refused")
    assert keys(await rasa.run("action_inform")) == ["refusal_confirmed"]
    (attempt,) = await door.attempts()
    assert (attempt.verdict, attempt.customer, attempt.disputed) == (
        Verdict.genuine, CustomerSays.refused, False,
    )  # fmt: skip
    assert (await door.parcel()).status is Status.cancelled
    async with door.application.database() as unit:
        parcel = await door.parcel()
        assert await accept_refusal(unit, parcel, door.application.clock.now()) is None


async def test_the_code_that_the_customer_gave_proves_it(door: Door) -> None:
    digits = await code(door)
    await door.fails(**REFUSED, proof={"code": digits})
    (attempt,) = await door.attempts()
    assert (attempt.verdict, attempt.proved) == (Verdict.genuine, True)
    assert {reason["key"] for reason in attempt.reasons} >= {"code_checked"}
    assert (await door.parcel()).status is Status.cancelled
    assert [say for say, _ in await asked(door)] == ["code_message"], "nobody is asked"
    async with door.application.database() as unit:
        history = await unit.shipments.history(door.shop.merchant.id, attempt.shipment_id)
    assert history[-1].details["proof"] == {"code_checked": True}


@pytest.mark.parametrize("late", [False, True])
async def test_a_wrong_code_or_one_that_has_run_out_proves_nothing(
    door: Door, clock: FixedClock, late: bool
) -> None:
    digits = await code(door)
    given = digits if late else f"{(int(digits) + 1) % 1_000_000:06d}"
    if late:
        clock.instant += timedelta(minutes=11)
        door.providers_clock.match(clock.now())
    await door.fails(**REFUSED, proof={"code": given})
    (attempt,) = await door.attempts()
    assert (attempt.verdict, attempt.proved) == (Verdict.doubtful, False)
    assert (await door.parcel()).status is Status.attempt_failed


async def test_a_code_cannot_be_guessed(door: Door) -> None:
    digits = await code(door)
    for n in range(1, 6):
        wrong = f"{(int(digits) + n) % 1_000_000:06d}"
        await door.fails(**REFUSED, id=f"e-{n}", proof={"code": wrong})
    await door.fails(**REFUSED, id="e-6", proof={"code": digits})
    assert (await door.parcel()).status is Status.attempt_failed


async def test_what_the_customer_asked_for_here_is_believed(door: Door) -> None:
    conversation, parcel = await talk(door), await door.parcel()
    async with door.application.database() as unit:
        now, kind = door.application.clock.now(), RequestKind.cancel
        request = await change_delivery.propose(unit, conversation, parcel, kind, None, now)
        await change_delivery.confirm(unit, conversation, request.id, now)
        await unit.commit()
    # Asking the carrier is not what is looked at here.
    await door._due()  # pyright: ignore[reportPrivateUsage]
    await door.fails(**REFUSED)
    (attempt,) = await door.attempts()
    assert (attempt.verdict, attempt.proved) == (Verdict.genuine, True)
    assert (await door.parcel()).status is Status.cancelled


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ({"description": "Cancelled by shipper"}, Status.cancelled),
        ({"description": "Order cancelled", "code": "label"}, Status.cancelled),
    ],
)
async def test_what_others_cancel_is_no_claim(
    door: Door, event: dict[str, Any], status: Status
) -> None:
    await door.fails(status="cancelled", **event)
    assert (await door.parcel()).status is status
    assert await door.attempts() == []
