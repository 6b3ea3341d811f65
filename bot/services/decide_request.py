"""An agent says what became of a change that no carrier takes from us."""

from dataclasses import dataclass
from uuid import UUID

from bot.carriers.base import Answer
from bot.domain.clock import Clock
from bot.domain.errors import Refused
from bot.domain.merchant import User
from bot.domain.request import RequestState
from bot.services.audit import audit
from bot.services.ports import Units
from bot.services.post import note
from bot.services.tell_carrier import keep_answer

LONGEST_REASON = 300


@dataclass(frozen=True)
class DecideRequest:
    """Takes one off the work list; the customer hears what was decided."""

    units: Units
    clock: Clock

    async def __call__(
        self, user: User, request_id: UUID, *, accepted: bool, reason: str = ""
    ) -> None:
        """Accept or refuse.

        Raises:
            NotFound: the user's merchant has no such request.
            Refused: it is decided already, or it is the carrier's to decide.
        """
        said = " ".join(reason.split())[:LONGEST_REASON]
        state = RequestState.accepted if accepted else RequestState.rejected
        async with self.units() as unit:
            request = await unit.requests.get(user.merchant_id, request_id, lock=True)
            now = self.clock.now()
            if not request.is_work:
                raise Refused("decided_already")
            request.decided_by = user.id
            await keep_answer(unit, request, Answer(state, said), now)
            audit(unit, user, f"decided:{state}", ("delivery_request", request.id), now)
            if request.conversation_id is not None:
                conversation = await unit.conversations.get(
                    user.merchant_id, request.conversation_id
                )
                what = "arranged" if accepted else "not_arranged"
                await note(unit, conversation, now, what, name=user.name, kind=request.kind.value)
            await unit.commit()
