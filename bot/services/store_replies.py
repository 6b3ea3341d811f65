"""Answers in store, changed one at a time; `PublishDesk` puts a whole document in force."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.domain.desk import Reply
from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.merchant import Merchant, User
from bot.domain.rights import Right, demand
from bot.services.arrange_desk import made_up_facts, mark, put_in_force
from bot.services.desk import desk_document, desk_of
from bot.services.links import Links
from bot.services.ports import Units, Wording


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

    async def save(self, by: User, reply: Reply, *, new: bool, seen: str = "") -> None:
        """Add an answer, or change the one of this shortcut.

        Args:
            seen: what `mark` said of the answer when it was shown to whoever changes it.

        Raises:
            Refused: a colleague has changed it since, or taken it out.
            Invalid: names what is wrong, as `desk check` does; or the shortcut is taken.
        """
        demand(by, Right.lead)
        given = {language: text.strip() for language, text in reply.texts.items() if text.strip()}
        async with self.units() as unit:
            merchant = await unit.merchants.get(by.merchant_id, lock=True)
            known = desk_of(merchant).replies.get(reply.shortcut)
            if new and known is not None:
                raise Invalid(("shortcut", "there is an answer of this shortcut already"))
            if not new and (known is None or mark(known) != seen):
                raise Refused("reply_changed")
            worded = self._worded(by, merchant, given)
            unsayable = [language for language in given if not worded[language]]
            if unsayable:
                raise Invalid(*((f"text_{one}", _UNSAYABLE) for one in unsayable))
            document = desk_document(merchant)
            kept = {"title": reply.title.strip() or reply.shortcut, "texts": given}
            document["replies"] = {**(document.get("replies") or {}), reply.shortcut: kept}
            put_in_force(unit, by, merchant, document, "stored_reply", self.clock.now())
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
            put_in_force(unit, by, merchant, document, "removed_reply", self.clock.now())
            await unit.commit()

    def _worded(self, by: User, merchant: Merchant, texts: Mapping[str, str]) -> Mapping[str, str]:
        now = self.clock.now()
        facts = made_up_facts(by, merchant, self.links, self.clock)
        return {
            language: self.wording.put(text, facts, language, now).strip()
            for language, text in texts.items()
        }


_UNSAYABLE = "cannot be put into words: something in {{ }} or {% %} is not known"
