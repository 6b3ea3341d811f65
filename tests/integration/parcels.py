"""A customer of a shop with parcels, and the engine's side of an action."""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.utils import all_subclasses

import actions
from actions import context
from bot.domain.conversation import Contact, Conversation, Identity
from bot.domain.ids import new_id
from bot.domain.request import DeliveryRequest
from bot.domain.shipment import Shipment, Status, TrackingEvent
from bot.domain.survey import Survey
from bot.settings import ROOT
from bot.wiring import Application
from tests.conftest import Shop

LOOPS: dict[str, list[str]] = {
    name: form["required_slots"]
    for name, form in yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["forms"].items()
}


@dataclass
class Customer:
    """Somebody with a conversation; `verified` is whether the provider vouches for them."""

    application: Application
    shop: Shop
    contact: Contact
    conversation: Conversation

    async def expects(self, item: str = "Linen lamp", **changes: Any) -> Shipment:
        """A parcel on its way to this customer."""
        values: dict[str, Any] = {
            "id": new_id(),
            "merchant_id": self.shop.merchant.id,
            "reference": f"R-{new_id().hex[-8:]}",
            "carrier": "generic",
            "tracking_number": f"SW{new_id().int % 10**10:010d}",
            "contact_id": self.contact.id,
            "created_at": self.application.clock.now(),
            "timezone": "Europe/Paris",
            "country": "FR",
            "item": item,
            "status": Status.in_transit,
        }
        shipment = Shipment(**(values | changes))
        async with self.application.database() as unit:
            unit.add(shipment)
            await unit.flush()
            event = TrackingEvent(
                id=new_id(),
                merchant_id=shipment.merchant_id,
                shipment_id=shipment.id,
                key="first",
                status=shipment.status,
                at=self.application.clock.now(),
                received_at=self.application.clock.now(),
                window_start=shipment.window_start,
                window_end=shipment.window_end,
            )
            unit.shipments.add_event(event)
            await unit.commit()
        return shipment

    async def is_surveyed(self) -> Survey:
        survey = Survey(
            id=new_id(),
            merchant_id=self.shop.merchant.id,
            contact_id=self.contact.id,
            shipment_id=None,
            asked_at=self.application.clock.now(),
        )
        async with self.application.database() as unit:
            unit.add(survey)
            await unit.commit()
        return survey

    async def requests(self, shipment: Shipment) -> list[DeliveryRequest]:
        async with self.application.database() as unit:
            return list(await unit.requests.of_shipment(shipment.merchant_id, shipment.id))

    async def survey(self, survey: Survey) -> Survey:
        async with self.application.database() as unit:
            return await unit.feedback.survey(survey.merchant_id, survey.id)

    async def now_held(self) -> Conversation:
        async with self.application.database() as unit:
            return await unit.conversations.find(self.conversation.id)

    async def notes(self) -> list[str]:
        async with self.application.database() as unit:
            thread = await unit.messages.thread(self.shop.merchant.id, self.conversation.id)
        return [message.text for message in thread if message.author == "system"]


async def customer(
    application: Application, shop: Shop, *, verified: bool = True, language: str = "en"
) -> Customer:
    """A new customer of the shop, who has written by SMS."""
    now = application.clock.now()
    phone = f"+3363998{new_id().int % 10**4:04d}{new_id().int % 10**3:03d}"[:14]
    contact = Contact(new_id(), shop.merchant.id, now, "Robin Tester", phone, language=language)
    async with application.database() as unit:
        unit.add(contact)
        await unit.flush()
        identity = Identity(
            id=new_id(),
            merchant_id=shop.merchant.id,
            contact_id=contact.id,
            account_id=UUID(shop.told["sms"]["account_id"]),
            channel="sms",
            address=phone,
            created_at=now,
            verified=verified,
        )
        unit.add(identity)
        await unit.flush()
        conversation = Conversation(
            new_id(), shop.merchant.id, contact.id, now, now, identity_id=identity.id
        )
        unit.add(conversation)
        await unit.commit()
    return Customer(application, shop, contact, conversation)


@dataclass
class Rasa:
    """Runs actions and forms as Rasa's rules do, the reading of the message being given."""

    customer: Customer
    slots: dict[str, Any] = field(default_factory=dict[str, Any])
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    loop: str | None = None
    latest: dict[str, Any] = field(default_factory=dict[str, Any])

    def hears(
        self,
        text: str,
        intent: str,
        confidence: float = 0.9,
        choice: str | None = None,
        **values: Any,
    ) -> None:
        """A message as it was read; `values` are further entities, or the message's `wishes`."""
        wishes = values.pop("wishes", None)
        given = {"choice": choice, **values}
        entities = [{"entity": name, "value": value} for name, value in given.items() if value]
        self.latest = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "entities": entities,
            **({"wishes": wishes} if wishes else {}),
        }
        self.events.append({"event": "user", "text": text})

    async def run(self, action: str) -> list[dict[str, Any]]:
        """Run one action; its events are applied, what it says is returned."""
        context.use(self.customer.application)
        tracker = Tracker(
            f"{self.customer.conversation.id}.1",
            dict(self.slots),
            self.latest,
            list(self.events),
            False,
            None,
            {"name": self.loop} if self.loop else {},
            None,
        )
        dispatcher = CollectingDispatcher()
        made = next(a for a in all_actions() if a.name() == action)
        for event in await made.run(dispatcher, tracker, {}):
            self.apply(event)
        said = [message["custom"] for message in dispatcher.messages]
        self.events += [{"event": "bot"} for _ in said]
        return said

    def apply(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        if event["event"] == "slot":
            self.slots[event["name"]] = event["value"]

    async def say(
        self,
        text: str,
        intent: str,
        confidence: float = 0.9,
        choice: str | None = None,
        **values: Any,
    ) -> list[dict[str, Any]]:
        """One message inside the open form, up to its next question or its end.

        Returns what is said; ["rejected"] stands for a form that leaves the message to the rules.
        """
        self.hears(text, intent, confidence, choice, **values)
        assert self.loop
        return await self._form(self.loop)

    async def opens(
        self, loop: str, text: str, intent: str, choice: str | None = None, **values: Any
    ) -> list[dict[str, Any]]:
        """A message that opens a form."""
        self.hears(text, intent, choice=choice, **values)
        self.events.append({"event": "active_loop", "name": loop})
        self.loop = loop
        return await self._form(loop)

    async def comes_back(self) -> list[dict[str, Any]]:
        """The form once more, after a rule has answered the message that it rejected."""
        assert self.loop
        self.events.append({"event": "action_execution_rejected", "name": self.loop})
        self.events.append({"event": "bot"})
        return await self._form(self.loop, again=True)

    async def asked(self, question: dict[str, Any]) -> None:
        """A question handed over by the channel, as in a later session."""
        self.loop = question["loop"]
        self.slots = {**question["slots"], "requested_slot": question["requested"]}
        self.events = [{"event": "active_loop", "name": self.loop}]

    async def _form(self, loop: str, *, again: bool = False) -> list[dict[str, Any]]:
        before = len(self.events)
        said = await self.run(f"validate_{loop}")
        set_now = [e for e in self.events[before:] if e["event"] == "slot"]
        filled = [e for e in set_now if e["name"] != "requested_slot"]
        if not filled and not again and self.slots.get("requested_slot"):
            return [*said, {"say": "rejected"}]
        if any(e["name"] == "requested_slot" and e["value"] is None for e in set_now):
            return said + await self._ends(loop)
        wanted = next((s for s in LOOPS[loop] if self.slots.get(s) is None), None)
        if wanted is None:
            return said + await self._ends(loop)
        self.slots["requested_slot"] = wanted
        return said + await self.run(f"action_ask_{loop}_{wanted}")

    async def _ends(self, loop: str) -> list[dict[str, Any]]:
        self.loop, self.slots["requested_slot"] = None, None
        return await self.run(f"action_submit_{loop.removesuffix('_form')}")


def all_actions() -> list[Action]:
    """Every action that the server would offer."""
    executor = ActionExecutor()
    for module in pkgutil.iter_modules(actions.__path__, "actions."):
        importlib.import_module(module.name)
    for action in all_subclasses(Action):
        # Not the stand-ins of the engine's tests, which may be there in the same process.
        if action.__module__.startswith("actions.") and not inspect.isabstract(action):
            executor.register_action(action)
    return [run.__self__ for run in executor.actions.values()]  # type: ignore[attr-defined]
