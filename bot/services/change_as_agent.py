"""An agent changes a delivery for the customer, by the same policy as the bot."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Conversation
from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.ids import new_id
from bot.domain.merchant import User
from bot.domain.request import Decision, DeliveryRequest, RequestKind, RequestState
from bot.domain.shipment import Shipment
from bot.domain.when import Window
from bot.services.agents import held
from bot.services.audit import audit
from bot.services.change_delivery import (
    ask_carrier,
    confirm,
    decide_for,
    drop_open,
    pickup_points,
    policy_of,
    possible_windows,
    propose,
)
from bot.services.desk import desk_of
from bot.services.ports import UnitOfWork, Units
from bot.services.post import note

LONGEST_NOTE = 500
_WITHOUT_WORDS = frozenset({RequestKind.reschedule, RequestKind.cancel, RequestKind.contactless})


@dataclass(frozen=True)
class Possible:
    """What may be changed about a parcel now, and why not the rest."""

    shipment: Shipment
    decisions: dict[RequestKind, Decision]
    windows: list[Window]
    points: list[str]
    override: bool
    """Whether an agent may do what the policy refuses."""


@dataclass(frozen=True)
class Wanted:
    """One change as an agent enters it."""

    kind: RequestKind
    start: datetime | None = None
    """The window's, for a new time."""
    words: str = ""
    """The address, the neighbour, the place, the pick-up point or the note."""
    override: str = ""
    """Why it is made although the policy refuses it."""


@dataclass(frozen=True)
class ChangeAsAgent:
    """Makes a change that the customer has agreed to with an agent."""

    units: Units
    clock: Clock

    async def possible(self, user: User, conversation_id: UUID, shipment_id: UUID) -> Possible:
        """What the form offers. Raises NotFound for another customer's parcel."""
        async with self.units() as unit:
            conversation = await unit.conversations.get(user.merchant_id, conversation_id)
            shipment = await _shipment(unit, conversation, shipment_id)
            now = self.clock.now()
            policy = await policy_of(unit, user.merchant_id)
            decisions = {
                kind: await decide_for(unit, policy, shipment, kind, now) for kind in RequestKind
            }
            points = await pickup_points(unit, shipment, None, now)
            windows = await possible_windows(unit, shipment, now)
            desk = desk_of(await unit.merchants.get(user.merchant_id))
            return Possible(
                shipment, decisions, windows, [point.name for point in points], desk.override
            )

    async def __call__(
        self, user: User, conversation_id: UUID, shipment_id: UUID, wanted: Wanted
    ) -> None:
        """Ask the carrier for it; the customer hears of it when the carrier has answered.

        Raises:
            NotFound: there is no such conversation, or the parcel is somebody else's.
            Refused: the user does not hold it, or the policy (its reason) refuses it.
            Invalid: something is missing, or the window is none that can be had.
        """
        words = " ".join(wanted.words.split())[:LONGEST_NOTE]
        if wanted.kind not in _WITHOUT_WORDS and not words:
            raise Invalid(("words", "say where, or what the courier should know"))
        async with self.units() as unit:
            conversation = await held(unit, user, conversation_id)
            shipment = await _shipment(unit, conversation, shipment_id)
            now = self.clock.now()
            window = await self._window(unit, shipment, wanted, now)
            against = ""
            try:
                asked = await propose(
                    unit, conversation, shipment, wanted.kind, window, now, note=words
                )
                await confirm(unit, conversation, asked.id, now)
            except Refused as refusal:
                if not wanted.override.strip():
                    raise
                # The rule that it goes past.
                against = str(refusal.details.get("rule") or refusal.reason)
                await drop_open(unit, conversation, [shipment], now)
                asked = await self._override(unit, user, conversation, shipment, wanted, window)
            audit(
                *(unit, user, f"changed:{wanted.kind}", ("delivery_request", asked.id), now),
                details={"policy_version": asked.policy_version, "against": against},
            )
            await note(
                unit, conversation, now, "changed_by_agent", name=user.name, kind=wanted.kind.value
            )
            await unit.commit()

    async def _window(
        self, unit: UnitOfWork, shipment: Shipment, wanted: Wanted, now: datetime
    ) -> Window | None:
        if wanted.kind is not RequestKind.reschedule:
            return None
        possible = await possible_windows(unit, shipment, now)
        found = next((window for window in possible if window.start == wanted.start), None)
        if found is None:
            raise Invalid(("window", "choose one of the windows that can be had"))
        return found

    async def _override(
        self,
        unit: UnitOfWork,
        user: User,
        conversation: Conversation,
        shipment: Shipment,
        wanted: Wanted,
        window: Window | None,
    ) -> DeliveryRequest:
        """Made although the policy refuses it, where the merchant allows that, without a fee."""
        merchant = await unit.merchants.get(user.merchant_id)
        if not desk_of(merchant).override:
            raise Refused("no_override")
        now = self.clock.now()
        request = DeliveryRequest(
            id=new_id(),
            merchant_id=user.merchant_id,
            shipment_id=shipment.id,
            conversation_id=conversation.id,
            kind=wanted.kind,
            state=RequestState.requested,
            created_at=now,
            window_start=window.start if window else None,
            window_end=window.end if window else None,
            note=" ".join(wanted.words.split())[:LONGEST_NOTE],
            policy_version=merchant.policy_version,
        )
        unit.add(request)
        why = " ".join(wanted.override.split())[:LONGEST_NOTE]
        await note(unit, conversation, now, "overridden", name=user.name, why=why)
        await ask_carrier(unit, request)
        return request


async def _shipment(unit: UnitOfWork, conversation: Conversation, shipment_id: UUID) -> Shipment:
    shipment = await unit.shipments.get(conversation.merchant_id, shipment_id)
    if shipment.contact_id != conversation.contact_id:
        raise NotFound("there is no such parcel")
    return shipment
