"""Views of the queue that agents keep under a name, their own or the team's."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.errors import Invalid, NotFound
from bot.domain.ids import new_id
from bot.domain.merchant import User
from bot.domain.rights import Right, demand
from bot.domain.saved_view import SavedView
from bot.services.audit import audit
from bot.services.inbox import View
from bot.services.ports import UnitOfWork, Units

LONGEST_NAME = 40
MOST_VIEWS = 20
"""Of one owner: more than fit beside a queue are found by nobody."""


@dataclass(frozen=True)
class SaveViews:
    """What everybody does with their own views, and who leads with the team's."""

    units: Units
    clock: Clock

    async def __call__(self, user: User, name: str, view: View, *, team: bool) -> SavedView:
        """Keep a view.

        Raises:
            Refused: it is for the team, and the user does not lead.
            Invalid: the name is empty or taken, there are too many, or it is the whole desk.
        """
        _may(user, team=team)
        wanted = view.written()
        if not wanted:
            raise Invalid(("view", "narrow the queue down first: this is the desk itself"))
        owner = None if team else user.id
        async with self.units() as unit:
            others = await self._of_owner(unit, user, owner)
            if len(others) >= MOST_VIEWS:
                raise Invalid(("view", f"there are {MOST_VIEWS} already: delete one first"))
            made = SavedView(
                id=new_id(),
                merchant_id=user.merchant_id,
                name=_name(name, others),
                created_at=self.clock.now(),
                owner_id=owner,
                wanted=wanted,
            )
            unit.add(made)
            await self._done(unit, user, "saved_view", made)
        return made

    async def rename(self, user: User, view_id: UUID, name: str) -> None:
        """Call it something else. Raises as `__call__`, and NotFound for another agent's."""
        async with self.units() as unit:
            found = await self._theirs(unit, user, view_id)
            others = await self._of_owner(unit, user, found.owner_id)
            found.name = _name(name, [one for one in others if one is not found])
            await self._done(unit, user, "renamed_view", found)

    async def remove(self, user: User, view_id: UUID) -> None:
        """Delete it. Raises Refused for the team's where the user does not lead, NotFound."""
        async with self.units() as unit:
            found = await self._theirs(unit, user, view_id)
            await unit.views.remove(found)
            await self._done(unit, user, "removed_view", found)

    async def _theirs(self, unit: UnitOfWork, user: User, view_id: UUID) -> SavedView:
        seen = await unit.views.seen_by(user.merchant_id, user.id, lock=True)
        found = next((one for one in seen if one.id == view_id), None)
        if found is None:
            raise NotFound("there is no such view")
        _may(user, team=found.owner_id is None)
        return found

    async def _of_owner(
        self, unit: UnitOfWork, user: User, owner: UUID | None
    ) -> Sequence[SavedView]:
        # The merchant's row is the lock: two who keep a view at once get two names.
        await unit.merchants.get(user.merchant_id, lock=True)
        seen = await unit.views.seen_by(user.merchant_id, user.id)
        return [one for one in seen if one.owner_id == owner]

    async def _done(self, unit: UnitOfWork, user: User, did: str, view: SavedView) -> None:
        audit(unit, user, did, ("view", view.id), self.clock.now())
        await unit.notify("desk", {"merchant": str(user.merchant_id)})
        await unit.commit()


def _may(user: User, *, team: bool) -> None:
    demand(user, Right.lead if team else Right.converse)


def _name(typed: str, others: Sequence[SavedView]) -> str:
    name = " ".join(typed.replace("\0", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(("name", f"must have 1 to {LONGEST_NAME} characters"))
    if name.casefold() in {one.name.casefold() for one in others}:
        raise Invalid(("name", "there is a view of this name already"))
    return name
