"""A served console and tracking page, with customers to look at; for integration and browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from aiohttp.test_utils import TestServer

from bot.domain.conversation import Author, Contact, Conversation, Identity, Message, MessageStatus
from bot.domain.ids import new_id
from bot.domain.merchant import Role, User
from bot.domain.request import DeliveryRequest, RequestKind, RequestState
from bot.domain.shipment import Shipment, Status, TrackingEvent, derive
from bot.services.hand_over import hand_over
from bot.services.post import notify_thread
from bot.services.reach import conversation_with
from bot.services.sign_in import hash_password
from bot.web.app import make_app
from bot.wiring import Application
from tests.conftest import Shop


@dataclass
class Customer:
    """A contact with an identity and a conversation."""

    contact: Contact
    identity: Identity
    conversation: Conversation

    @property
    def page(self) -> str:
        return f"/console/c/{self.conversation.id}"


@dataclass
class Desk:
    """Puts things on the agents' desk."""

    application: Application
    shop: Shop
    server: TestServer
    customers: list[Customer] = field(default_factory=list)

    @property
    def merchant_id(self) -> UUID:
        return self.shop.merchant.id

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))

    async def colleague(self, name: str, email: str, password: str) -> User:
        """Somebody else who works for the merchant."""
        user = User(
            id=new_id(), merchant_id=self.merchant_id, email=email, name=name, role=Role.agent,
            password=hash_password(password), created_at=self.application.clock.now(),
        )  # fmt: skip
        async with self.application.database() as unit:
            unit.add(user)
            await unit.commit()
        return user

    async def customer(
        self, name: str, phone: str, channel: str = "sms", language: str = "en", **more: Any
    ) -> Customer:
        now = self.application.clock.now()
        async with self.application.database() as unit:
            account = await unit.accounts.of(self.merchant_id, "channel", channel)
            assert account is not None
            contact = Contact(
                id=new_id(), merchant_id=self.merchant_id, created_at=now, name=name,
                phone=phone, language=language, timezone="Europe/Paris", **more,
            )  # fmt: skip
            unit.add(contact)
            await unit.flush()
            identity = Identity(
                id=new_id(), merchant_id=self.merchant_id, contact_id=contact.id,
                account_id=account.id, channel=channel, address=phone, created_at=now,
                verified=True, last_inbound_at=now,
            )  # fmt: skip
            unit.add(identity)
            await unit.flush()
            conversation = await conversation_with(unit, identity, now)
            await unit.commit()
        made = Customer(contact, identity, conversation)
        self.customers.append(made)
        return made

    async def message(
        self, customer: Customer, author: Author, text: str, ago: float = 0, **more: Any
    ) -> Message:
        """Put a message into a thread, `ago` minutes ago, as if it had gone its whole way."""
        at = self.application.clock.now() - timedelta(minutes=ago)
        ours = author is not Author.customer
        given = {"status": MessageStatus.delivered if ours else MessageStatus.received} | more
        message = Message(
            id=new_id(), merchant_id=self.merchant_id, author=author, text=text, created_at=at,
            conversation_id=customer.conversation.id, channel=customer.identity.channel,
            account_id=customer.identity.account_id, identity_id=customer.identity.id,
            key=str(new_id()), **given,
        )  # fmt: skip
        async with self.application.database() as unit:
            unit.add(message)
            conversation = await self.stored(unit, customer)
            conversation.last_message_at = at
            await notify_thread(unit, conversation)
            await unit.commit()
        return message

    async def says(self, customer: Customer, text: str, ago: float = 0, **more: Any) -> Message:
        return await self.message(customer, Author.customer, text, ago, **more)

    async def asks_for_a_person(
        self, customer: Customer, topic: str = "talk_to_human", ago: float = 0
    ) -> None:
        async with self.application.database() as unit:
            conversation = await self.stored(unit, customer)
            at = self.application.clock.now() - timedelta(minutes=ago)
            assert await hand_over(unit, conversation, topic, at)
            await unit.commit()

    async def stored(self, unit: Any, customer: Customer) -> Conversation:
        return await unit.conversations.get(self.merchant_id, customer.conversation.id)

    async def parcel(
        self,
        customer: Customer,
        item: str,
        history: list[tuple[Status, float, dict[str, Any]]],
        requests: list[tuple[RequestKind, RequestState, dict[str, Any]]] = [],  # noqa: B006
    ) -> Shipment:
        """A shipment with events (status, hours ago, more) and requests."""
        now = self.application.clock.now()
        number = f"SW{new_id().int % 10**10:010d}"
        shipment = Shipment(
            id=new_id(), merchant_id=self.merchant_id, reference=f"ML-{number[-5:]}",
            carrier="Swift Parcels", tracking_number=number, contact_id=customer.contact.id,
            created_at=now, timezone="Europe/Paris", country="FR", item=item,
            address={"street": "12 rue des Lilas", "city": "Lyon"},
        )  # fmt: skip
        events = [
            TrackingEvent(
                id=new_id(), merchant_id=self.merchant_id, shipment_id=shipment.id, key=str(place),
                status=status, at=now - timedelta(hours=hours), received_at=now, **more,
            )
            for place, (status, hours, more) in enumerate(history)
        ]  # fmt: skip
        shipment.take(derive(events))
        async with self.application.database() as unit:
            unit.add(shipment)
            await unit.flush()
            for event in events:
                unit.shipments.add_event(event)
            unit.add(
                *(
                    DeliveryRequest(
                        id=new_id(), merchant_id=self.merchant_id, shipment_id=shipment.id,
                        conversation_id=customer.conversation.id, kind=kind, state=state,
                        created_at=now, **more,
                    )
                    for kind, state, more in requests
                )
            )  # fmt: skip
            await unit.commit()
        return shipment

    async def age(self, customer: Customer, say: str, ago: float, words: str) -> None:
        """Word what a service posted and the worker would have delivered, `ago` minutes ago."""
        at = self.application.clock.now() - timedelta(minutes=ago)
        async with self.application.database() as unit:
            for message in await unit.messages.thread(self.merchant_id, customer.conversation.id):
                if message.say == say:
                    message.text, message.status = words, MessageStatus.read
                    message.created_at = at
                elif message.text == "taken_over":
                    message.created_at = at
            await unit.commit()

    def today(self, hours: float) -> datetime:
        return self.application.clock.now() + timedelta(hours=hours)


@asynccontextmanager
async def serve(application: Application, shop: Shop) -> AsyncIterator[Desk]:
    """Serve the console and the tracking page on a free port."""
    server = TestServer(make_app(application))
    await server.start_server()
    try:
        yield Desk(application, shop, server)
    finally:
        await server.close()
