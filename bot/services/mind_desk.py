"""What has to happen on the desk by itself: snoozes end, offers move on, lateness is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bot.domain.case import Case, Priority, SnoozedFor, Standing
from bot.domain.clock import Clock
from bot.domain.conversation import Conversation, Holder
from bot.domain.desk import Desk
from bot.services.desk import desk_of, working_time
from bot.services.hand_over import hand_over
from bot.services.open_case import offer_to_next
from bot.services.ports import UnitOfWork, Units
from bot.services.post import note

AT_ONCE = 500
_LOOK_AHEAD = timedelta(days=3)
"""Cases due within this are looked at for a warning."""


@dataclass(frozen=True)
class MindDesk:
    """Looks after every open case that wants it, of all merchants; run again it changes nothing."""

    units: Units
    clock: Clock

    async def __call__(self) -> None:
        """Each case in a transaction of its own, so that one that fails holds back no other."""
        now = self.clock.now()
        async with self.units() as unit:
            wanting = await unit.cases.wanting(now, now + _LOOK_AHEAD, AT_ONCE)
        for merchant_id, conversation_id in wanting:
            async with self.units() as unit:
                conversation = await unit.conversations.get(merchant_id, conversation_id, lock=True)
                case = await unit.cases.open(merchant_id, conversation_id)
                if case is not None and conversation.holder is not Holder.bot:
                    await self._mind(unit, case, conversation, now)
                await unit.commit()
        await self._overdue(now)

    async def _overdue(self, now: datetime) -> None:
        """What people should have arranged by now comes to the desk, where somebody will see it."""
        async with self.units() as unit:
            for request in await unit.requests.overdue(now, AT_ONCE):
                request.late_at = now
                if request.conversation_id is None:
                    continue
                conversation = await unit.conversations.get(
                    request.merchant_id, request.conversation_id, lock=True
                )
                await note(unit, conversation, now, "overdue", kind=request.kind.value)
                await hand_over(unit, conversation, "carrier", now, request.shipment_id)
            await unit.commit()

    async def _mind(
        self, unit: UnitOfWork, case: Case, conversation: Conversation, now: datetime
    ) -> None:
        merchant = await unit.merchants.get(case.merchant_id)
        desk, work = desk_of(merchant), await working_time(unit, merchant)
        over = case.snoozed_until is not None and case.snoozed_until <= now
        moved = case.snoozed_for is SnoozedFor.parcel_moves and await unit.cases.parcel_moved(case)
        if (over or moved) and case.resume(work, now):
            await note(unit, conversation, now, "woken", why="parcel_moved" if moved else "time")
        await self._offer(unit, case, conversation, desk, now)
        await self._warn(unit, case, conversation, case.standing(now, desk.warn, work), now)

    async def _offer(
        self,
        unit: UnitOfWork,
        case: Case,
        conversation: Conversation,
        desk: Desk,
        now: datetime,
    ) -> None:
        """Ask the next one where the last has not answered, and somebody where nobody was there."""
        if conversation.holder is not Holder.waiting:
            return
        if case.offered_at is None:
            await offer_to_next(unit, case, conversation, desk, now)
        elif now - case.offered_at >= desk.moves_on_after:
            skip: tuple[UUID, ...] = (case.offered_to,) if case.offered_to else ()
            await offer_to_next(unit, case, conversation, desk, now, skip=skip)

    async def _warn(
        self,
        unit: UnitOfWork,
        case: Case,
        conversation: Conversation,
        standing: Standing,
        now: datetime,
    ) -> None:
        """Say once that it will be late soon, and once that it is; then it is more urgent."""
        if standing is Standing.soon and case.warned_at is None:
            case.warned_at = now
            await note(unit, conversation, now, "soon_late")
        elif standing is Standing.late and case.late_at is None:
            case.late_at = now
            higher = list(Priority)[min(case.priority.rank + 1, len(Priority) - 1)]
            case.priority = higher
            await note(unit, conversation, now, "late", priority=higher.value)
