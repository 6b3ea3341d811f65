"""Telling the carrier what a customer asked for, and the customer what it answered."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bot.carriers.base import Answer, Carrier, Instruction
from bot.domain.area import shared_place
from bot.domain.clock import Clock
from bot.domain.errors import Limited, NotTaken, Permanent
from bot.domain.flow import Trigger
from bot.domain.merchant import ProviderAccount
from bot.domain.request import DeliveryRequest, RequestKind, RequestState, handed_over
from bot.domain.shipment import Shipment, derive
from bot.domain.when import Window
from bot.services.change_delivery import known_point
from bot.services.desk import desk_of, working_time
from bot.services.hand_over import hand_over
from bot.services.ports import UnitOfWork, Units, adapter_account
from bot.services.post import note
from bot.services.start_flows import happens

logger = logging.getLogger(__name__)

ASK_AGAIN = timedelta(minutes=15)
"""How long a carrier that has not decided is left alone."""


@dataclass(frozen=True)
class TellCarrier:
    """Passes one request on; running it again has no second effect."""

    units: Units
    clock: Clock
    carriers: Mapping[str, Carrier]

    async def __call__(self, merchant_id: UUID, request_id: UUID) -> None:
        """Instruct the carrier and keep its answer.

        Raises:
            Limited: it has not decided; ask again later.
            Temporary, OutcomeUnknown: try again; the carrier knows the request by its id.
        """
        prepared = await self._prepare(merchant_id, request_id)
        if prepared is None:
            return
        carrier, account, instruction = prepared
        try:
            answer = await carrier.instruct(adapter_account(account), instruction)
        except NotTaken as error:
            logger.info("request %s goes to people: %s", request_id, error)
            await self._to_people(merchant_id, request_id)
            return
        except Permanent as error:
            logger.warning("the carrier will not take request %s: %s", request_id, error)
            answer = Answer(RequestState.rejected, str(error))
        if answer.state not in {RequestState.accepted, RequestState.rejected}:
            raise Limited("the carrier has not decided yet", ASK_AGAIN)
        await self._keep(merchant_id, request_id, answer)

    async def takes(self, unit: UnitOfWork, shipment: Shipment, kind: RequestKind) -> bool:
        """Whether the carrier can be asked for a change; else people have to arrange it."""
        return await self._able(unit, shipment, kind) is not None

    async def _able(
        self, unit: UnitOfWork, shipment: Shipment, kind: RequestKind
    ) -> tuple[Carrier, ProviderAccount] | None:
        """The carrier that can be asked for a change, with its account; None where there is none."""
        account = await unit.accounts.of(shipment.merchant_id, "carrier", shipment.carrier)
        carrier = self.carriers.get(shipment.carrier)
        if account is None or carrier is None or not _takes(carrier, shipment, kind):
            return None
        return carrier, account

    async def give_up(self, merchant_id: UUID, request_id: UUID, why: str) -> None:
        """Leave a request that the carrier does not answer to the merchant's people."""
        logger.error("request %s goes to a person: %s", request_id, why)
        async with self.units() as unit:
            request = await unit.requests.get(merchant_id, request_id)
            await self._leave_to_people(unit, request)
            if request.conversation_id is not None:
                conversation = await unit.conversations.get(
                    merchant_id, request.conversation_id, lock=True
                )
                await hand_over(
                    unit, conversation, "carrier", self.clock.now(), request.shipment_id
                )
            await unit.commit()

    async def _prepare(
        self, merchant_id: UUID, request_id: UUID
    ) -> tuple[Carrier, ProviderAccount, Instruction] | None:
        """What to say to whom; None when there is nobody to tell, or nothing to tell any more."""
        async with self.units() as unit:
            request = await unit.requests.get(merchant_id, request_id)
            if request.state is not RequestState.requested:
                return None
            shipment = await unit.shipments.get(merchant_id, request.shipment_id)
            able = await self._able(unit, shipment, request.kind)
            if able is None:
                await self._leave_to_people(unit, request)
                await unit.commit()
                return None
            return *able, await self._instruction(unit, request, shipment)

    async def _instruction(
        self, unit: UnitOfWork, request: DeliveryRequest, shipment: Shipment
    ) -> Instruction:
        place = shared_place(request.note)
        if request.point:
            point = await known_point(unit, shipment, request.point)
            place = point.place if point else None
        return Instruction(
            request_id=request.id,
            tracking_number=shipment.tracking_number,
            kind=request.kind,
            window=request.window,
            note=request.note,
            place=place,
            point=request.point,
            at=self.clock.now(),
        )

    async def _to_people(self, merchant_id: UUID, request_id: UUID) -> None:
        async with self.units() as unit:
            request = await unit.requests.get(merchant_id, request_id)
            if request.state is RequestState.requested:
                await self._leave_to_people(unit, request)
            await unit.commit()

    async def _leave_to_people(self, unit: UnitOfWork, request: DeliveryRequest) -> None:
        if request.work_due_at is None:
            request.work_due_at = await work_due(unit, request, self.clock.now())
        if request.conversation_id is None:
            return
        conversation = await unit.conversations.get(request.merchant_id, request.conversation_id)
        thread = await unit.messages.thread(request.merchant_id, conversation.id)
        told = any(m.variables.get("request") == str(request.id) for m in thread)
        if not told:
            await note(
                unit,
                conversation,
                self.clock.now(),
                "carrier_not_told",
                request=str(request.id),
                kind=str(request.kind),
            )

    async def _keep(self, merchant_id: UUID, request_id: UUID, answer: Answer) -> None:
        async with self.units() as unit:
            request = await unit.requests.get(merchant_id, request_id, lock=True)
            await keep_answer(unit, request, answer, self.clock.now())
            await unit.commit()


def _takes(carrier: Carrier, shipment: Shipment, kind: RequestKind) -> bool:
    able = carrier.capabilities
    return kind in able.kinds and (not able.only_in or shipment.status in able.only_in)


async def work_due(unit: UnitOfWork, request: DeliveryRequest, now: datetime) -> datetime:
    """Until when people have to arrange a change: soon, and before the parcel comes."""
    merchant = await unit.merchants.get(request.merchant_id)
    shipment = await unit.shipments.get(request.merchant_id, request.shipment_id)
    work = await working_time(unit, merchant)
    due = work.after(now, desk_of(merchant).arranged_within) or now
    window = shipment.window
    return min(due, window.start) if window and window.start > now else due


async def keep_answer(
    unit: UnitOfWork, request: DeliveryRequest, answer: Answer, now: datetime
) -> bool:
    """Keep what became of a request, once; returns whether it was still open."""
    if request.state is not RequestState.requested:
        return False
    request.state, request.reason, request.decided_at = answer.state, answer.reason, now
    shipment = await unit.shipments.get(request.merchant_id, request.shipment_id)
    if answer.state is RequestState.accepted and request.window is not None:
        await _adopt_window(unit, shipment, request.window, now)
    if answer.state is RequestState.accepted:
        shipment.handover = handed_over(request.kind, shipment.handover)
    outcome = Trigger("request", answer.state.value)
    await unit.flush()
    await happens(unit, shipment, outcome, now, anew=str(request.id))
    if request.conversation_id is not None:
        # Behind the answer that is being given right now: the customer hears first
        # that the carrier was asked, and then what it said.
        await unit.jobs.defer(
            "announce_outcome",
            lock=f"answer:{request.conversation_id}",
            merchant_id=str(request.merchant_id),
            request_id=str(request.id),
        )
    return True


async def _adopt_window(
    unit: UnitOfWork, shipment: Shipment, window: Window, now: datetime
) -> None:
    """Show the new window from now on; whatever the carrier itself says later prevails."""
    locked = await unit.shipments.by_reference(shipment.merchant_id, shipment.reference, lock=True)
    assert locked is shipment, "one unit, one object"
    shipment.make_promise(window, now)
    history = await unit.shipments.history(shipment.merchant_id, shipment.id)
    shipment.take(derive(history, shipment.promise))
    # They have asked for it, and hear that it was accepted: that is what they go by now.
    shipment.tell()


async def carrier_title(unit: UnitOfWork, shipment: Shipment) -> str | None:
    """What customers call the carrier; None when nobody has said."""
    account = await unit.accounts.of(shipment.merchant_id, "carrier", shipment.carrier)
    return account.address or None if account else None
