"""The customers of the bench: each with a parcel on its way and a conversation of their own."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from bot.domain.conversation import Contact, Conversation, Identity
from bot.domain.ids import new_id
from bot.domain.merchant import ApiKey, ProviderAccount
from bot.domain.shipment import Shipment, Status, TrackingEvent, derive
from bot.services.api_keys import hash_key, new_key
from bot.services.ports import UnitOfWork
from bot.wiring import Application

# Each is answered by one action, which reads the database.
QUESTIONS = (
    "where is my parcel",
    "when will it come",
    "has it been shipped yet? where is it now",
    "what time will my delivery arrive",
)


@dataclass(frozen=True)
class Person:
    """Somebody who writes SMS about a parcel."""

    phone: str
    conversation: UUID


async def seed_recipients(
    application: Application, folder: Path, stand_in: str, count: int, fill: Callable[[UUID], None]
) -> tuple[ProviderAccount, str, list[str]]:
    """People who wait for parcels in transit, NOTICE-0 and so on, and are told by SMS.

    `fill` gives the merchant a past before they come. Returns the merchant's SMS account, which
    has no pace of its own, a key of the API, and the people's numbers.
    """
    account, _ = await seed(application, folder, stand_in, 0)
    fill(account.merchant_id)
    now, key = application.clock.now(), new_key()
    numbers = [f"+336130{number:05d}" for number in range(count)]
    async with application.database() as unit:
        merchant = await unit.merchants.get(account.merchant_id)
        merchant.ladder = ["sms"]
        account = await unit.accounts.get(account.id)
        account.options = {**account.options, "per_second": "1000000"}
        unit.add(ApiKey(new_id(), merchant.id, "bench", hash_key(key), now))
        for number, phone in enumerate(numbers):
            contact, _ = await _reachable(unit, account, phone, now)
            await _parcel(unit, contact, f"NOTICE-{number}", now, out=False)
        await unit.commit()
    return account, key, numbers


async def seed(
    application: Application, folder: Path, stand_in: str, count: int
) -> tuple[ProviderAccount, list[Person]]:
    """The demo merchant, whose SMS account is at the stand-in, and `count` customers of it."""
    url = application.settings.public_url
    told = await application.services.seed_demo(
        folder / "demo.json",
        gateway=url,
        sandbox=stand_in,
        smtp_port=1,
        password=secrets.token_urlsafe(),
        control_token="",
    )
    now = application.clock.now()
    async with application.database() as unit:
        account = await unit.accounts.get(UUID(told["sms"]["account_id"]))
        people = [await _person(unit, account, number, now) for number in range(count)]
        await unit.commit()
    return account, people


async def _person(unit: UnitOfWork, account: ProviderAccount, number: int, now: datetime) -> Person:
    contact, talk = await _reachable(unit, account, f"+336120{number:05d}", now)
    await _parcel(unit, contact, f"ORDER-{number}", now)
    return Person(str(contact.phone), talk.id)


async def _reachable(
    unit: UnitOfWork, account: ProviderAccount, phone: str, now: datetime
) -> tuple[Contact, Conversation]:
    merchant, name = account.merchant_id, f"Customer {phone[-5:]}"
    contact = Contact(new_id(), merchant, now, name=name, phone=phone, timezone="Europe/Paris")
    unit.add(contact)
    await unit.flush()
    identity = Identity(
        new_id(), merchant, contact.id, account.id, account.name, phone, now, verified=True
    )
    unit.add(identity)
    await unit.flush()
    talk = Conversation(new_id(), merchant, contact.id, now, now, identity_id=identity.id)
    unit.add(talk)
    return contact, talk


async def _parcel(
    unit: UnitOfWork, contact: Contact, reference: str, now: datetime, *, out: bool = True
) -> None:
    shipment = Shipment(
        new_id(),
        contact.merchant_id,
        reference=reference,
        carrier="generic",
        tracking_number=f"SWP-{reference}",
        contact_id=contact.id,
        created_at=now,
        timezone="Europe/Paris",
        country="FR",
        item="Lamp",
    )
    events = _history(shipment, now)[: None if out else -1]
    shipment.take(derive(events))
    unit.add(shipment)
    await unit.flush()
    for event in events:
        unit.shipments.add_event(event)


def _history(shipment: Shipment, now: datetime) -> list[TrackingEvent]:
    steps = (
        (Status.created, timedelta(days=-2), None),
        (Status.in_transit, timedelta(days=-1), None),
        (Status.out_for_delivery, timedelta(hours=-1), now + timedelta(hours=2)),
    )
    return [
        TrackingEvent(
            new_id(),
            shipment.merchant_id,
            shipment.id,
            key=str(status),
            status=status,
            at=now + ago,
            received_at=now + ago,
            window_start=window,
            window_end=window + timedelta(hours=2) if window else None,
            courier_name="Noor" if window else None,
        )
        for status, ago, window in steps
    ]
