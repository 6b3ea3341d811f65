"""Answers in store, changed one at a time; `PublishDesk` puts a whole document in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.clock import Clock
from bot.domain.desk import Desk, Reply, read_desk
from bot.domain.errors import Invalid, NotFound
from bot.domain.ids import new_id
from bot.domain.merchant import Merchant, User
from bot.domain.rights import Right, demand
from bot.domain.shipment import Shipment, Status
from bot.services.agents import first_name
from bot.services.audit import audit
from bot.services.desk import desk_document, desk_of
from bot.services.facts import parcel_facts
from bot.services.links import Links
from bot.services.ports import UnitOfWork, Units, Wording


@dataclass(frozen=True)
class StoreReplies:
    """What supervisors do with the answers in store. Each raises Refused for whoever does not lead."""

    units: Units
    clock: Clock
    wording: Wording
    links: Links

    async def all(self, by: User) -> Mapping[str, Reply]:
        """Those in force, by their shortcut."""
        demand(by, Right.lead)
        async with self.units() as unit:
            return desk_of(await unit.merchants.get(by.merchant_id)).replies

    async def preview(self, by: User, texts: Mapping[str, str]) -> Mapping[str, str]:
        """How texts read to a made-up customer, by language; empty where one cannot be worded."""
        demand(by, Right.lead)
        async with self.units() as unit:
            merchant = await unit.merchants.get(by.merchant_id)
            return self._worded(by, merchant, texts)

    async def save(
        self, by: User, shortcut: str, title: str, texts: Mapping[str, str], *, new: bool
    ) -> None:
        """Add an answer, or change the one of this shortcut.

        Raises:
            NotFound: there is no answer to change.
            Invalid: names what is wrong, as `desk check` does; or the shortcut is taken.
        """
        demand(by, Right.lead)
        given = {language: text.strip() for language, text in texts.items() if text.strip()}
        async with self.units() as unit:
            merchant = await unit.merchants.get(by.merchant_id, lock=True)
            known = desk_of(merchant).replies
            if new and shortcut in known:
                raise Invalid(("shortcut", "there is an answer of this shortcut already"))
            if not new and shortcut not in known:
                raise NotFound("there is no such answer in store")
            worded = self._worded(by, merchant, given)
            unsayable = [language for language in given if not worded[language]]
            if unsayable:
                raise Invalid(*((f"text_{one}", _UNSAYABLE) for one in unsayable))
            document = desk_document(merchant)
            reply = {"title": title.strip() or shortcut, "texts": given}
            document["replies"] = {**(document.get("replies") or {}), shortcut: reply}
            self._publish(unit, by, merchant, document, "stored_reply")
            await unit.commit()

    async def remove(self, by: User, shortcut: str) -> None:
        """Take an answer out.

        Raises:
            NotFound: there is none of this shortcut.
            Invalid: a macro needs it.
        """
        demand(by, Right.lead)
        async with self.units() as unit:
            merchant = await unit.merchants.get(by.merchant_id, lock=True)
            document = desk_document(merchant)
            if shortcut not in desk_of(merchant).replies:
                raise NotFound("there is no such answer in store")
            document["replies"] = {
                name: reply for name, reply in document["replies"].items() if name != shortcut
            }
            self._publish(unit, by, merchant, document, "removed_reply")
            await unit.commit()

    def _publish(
        self, unit: UnitOfWork, by: User, merchant: Merchant, document: dict[str, Any], did: str
    ) -> Desk:
        desk = read_desk(document)
        merchant.desk = document
        audit(unit, by, did, ("merchant", merchant.id), self.clock.now())
        return desk

    def _worded(self, by: User, merchant: Merchant, texts: Mapping[str, str]) -> Mapping[str, str]:
        now = self.clock.now()
        facts = _made_up(by, merchant, self.links, self.clock)
        return {
            language: self.wording.put(text, facts, language, now).strip()
            for language, text in texts.items()
        }


_UNSAYABLE = "cannot be put into words: something in {{ }} or {% %} is not known"


def _made_up(by: User, merchant: Merchant, links: Links, clock: Clock) -> dict[str, Any]:
    """The facts that `PrepareReply` knows, of a parcel that is not there."""
    now = clock.now()
    parcel = Shipment(
        id=new_id(),
        merchant_id=merchant.id,
        reference="ML-10042",
        carrier="Swift Parcels",
        tracking_number="SW0123456789",
        contact_id=None,
        created_at=now,
        timezone=merchant.timezone,
        item="Walnut side table",
        status=Status.in_transit,
        status_at=now,
        window_start=now + timedelta(hours=2),
        window_end=now + timedelta(hours=4),
    )
    return {
        "customer": "Marie",
        "agent": first_name(by),
        "merchant": merchant.name,
        "item": parcel.item,
        "reference": parcel.reference,
        "tracking": parcel.tracking_number,
        "carrier": parcel.carrier,
        "link": links.tracking_page(parcel.id),
        "parcel": parcel_facts(parcel, links),
    }
