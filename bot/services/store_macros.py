"""Macros, changed one at a time; `PublishDesk` puts a whole document in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.clock import Clock
from bot.domain.desk import Act, Desk, Macro, read_desk
from bot.domain.errors import Invalid, NotFound
from bot.domain.merchant import Merchant, User
from bot.domain.rights import Right, demand
from bot.services.arrange_desk import made_up_facts, mark, put_in_force
from bot.services.desk import desk_document, desk_of
from bot.services.links import Links
from bot.services.ports import Units, Wording

LONGEST_NAME = 60
MOST_ACTS = 12
type Acts = Sequence[tuple[Act, str]]


@dataclass(frozen=True)
class StoreMacros:
    """What supervisors do with the macros. Each raises Refused for whoever does not lead."""

    units: Units
    clock: Clock
    wording: Wording
    links: Links

    async def desk(self, by: User) -> Desk:
        """The desk in force: its macros, and the answers and tags that they can use."""
        demand(by, Right.lead)
        async with self.units() as unit:
            return desk_of(await unit.merchants.get(by.merchant_id))

    async def try_out(self, by: User, name: str, acts: Acts) -> Sequence[tuple[Act, str]]:
        """What would be done, in this order, each with its words for a made-up customer.

        Raises:
            Invalid: names the step that is wrong, and the fix.
        """
        demand(by, Right.lead)
        async with self.units() as unit:
            merchant = await unit.merchants.get(by.merchant_id)
        desk, macro = _read(merchant, _name(name), acts)
        return [
            (act, self._worded(by, merchant, desk, value) if act is Act.reply else value)
            for act, value in macro.acts
        ]

    async def save(self, by: User, name: str, acts: Acts, *, was: str = "", seen: str = "") -> str:
        """Add a macro, or change the one whose name `was`; returns its name.

        Args:
            seen: what `mark` said of the macro when it was shown to whoever changes it.

        Raises:
            NotFound: there is no macro to change.
            Invalid: names what is wrong; the name is taken; or a colleague has changed it since.
        """
        demand(by, Right.lead)
        given = _name(name)
        async with self.units() as unit:
            merchant = await unit.merchants.get(by.merchant_id, lock=True)
            known = desk_of(merchant).macros
            if was and was not in known:
                raise NotFound("there is no such macro")
            if given != was and given in known:
                raise Invalid(("name", "there is a macro of this name already"))
            if was and mark(known[was]) != seen:
                raise Invalid(("name", "a colleague has changed this macro since; open it again"))
            _, macro = _read(merchant, given, acts)
            document = desk_document(merchant)
            macros: dict[str, Any] = document.get("macros") or {}
            others = {one: steps for one, steps in macros.items() if one != was}
            document["macros"] = others | {given: [{act: value} for act, value in macro.acts]}
            put_in_force(unit, by, merchant, document, "stored_macro", self.clock.now())
            await unit.commit()
        return given

    async def remove(self, by: User, name: str) -> None:
        """Take a macro out. Raises NotFound when there is none of this name."""
        demand(by, Right.lead)
        async with self.units() as unit:
            merchant = await unit.merchants.get(by.merchant_id, lock=True)
            if name not in desk_of(merchant).macros:
                raise NotFound("there is no such macro")
            document = desk_document(merchant)
            del document["macros"][name]
            put_in_force(unit, by, merchant, document, "removed_macro", self.clock.now())
            await unit.commit()

    def _worded(self, by: User, merchant: Merchant, desk: Desk, shortcut: str) -> str:
        text = desk.replies[shortcut].text(by.language)
        facts = made_up_facts(by, merchant, self.links, self.clock)
        return self.wording.put(text, facts, by.language, self.clock.now()).strip()


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(("name", f"must have 1 to {LONGEST_NAME} characters"))
    return name


def _read(merchant: Merchant, name: str, acts: Acts) -> tuple[Desk, Macro]:
    """The macro as the desk reads it, or Invalid by the number of each step that is wrong."""
    if not acts:
        raise Invalid(("steps", "add at least one: what shall be done?"))
    if len(acts) > MOST_ACTS:
        raise Invalid(("steps", f"there may be {MOST_ACTS} at most"))
    steps = [{str(act): " ".join(value.split())} for act, value in acts]
    try:
        desk = read_desk(desk_document(merchant) | {"macros": {name: steps}})
    except Invalid as error:
        raise Invalid(*(_told(where, what, name) for where, what in error.problems)) from None
    return desk, desk.macros[name]


def _told(where: str, what: str, name: str) -> tuple[str, str]:
    place = where.removeprefix(f"macros.{name}").strip("[]")
    return (f"step {int(place) + 1}", what) if place.isdecimal() else ("steps", what)
