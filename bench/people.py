"""The customers of the bench: each with a parcel on its way and a conversation of their own."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from bot.domain.conversation import Contact, Conversation, Identity
from bot.domain.ids import new_id
from bot.domain.merchant import ProviderAccount
from bot.domain.shipment import Shipment, Status, TrackingEvent, derive
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
    merchant = account.merchant_id
    phone = f"+336120{number:05d}"
    contact = Contact(
        new_id(), merchant, now, name=f"Customer {number}", phone=phone, timezone="Europe/Paris"
    )
    unit.add(contact)
    await unit.flush()
    identity = Identity(
        new_id(), merchant, contact.id, account.id, account.name, phone, now, verified=True
    )
    unit.add(identity)
    await unit.flush()
    talk = Conversation(new_id(), merchant, contact.id, now, now, identity_id=identity.id)
    unit.add(talk)
    await _parcel(unit, contact, number, now)
    return Person(phone, talk.id)


async def _parcel(unit: UnitOfWork, contact: Contact, number: int, now: datetime) -> None:
    shipment = Shipment(
        new_id(),
        contact.merchant_id,
        reference=f"ORDER-{number}",
        carrier="generic",
        tracking_number=f"SWP{number:09d}",
        contact_id=contact.id,
        created_at=now,
        timezone="Europe/Paris",
        country="FR",
        item="Lamp",
    )
    events = _history(shipment, now)
    shipment.take(derive(events))
    unit.add(shipment)
    await unit.flush()
    for event in events:
        await unit.shipments.add_event(event)


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
