"""Telling the customer what became of a request."""

from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.consent import Purpose
from bot.domain.conversation import Author
from bot.domain.request import DeliveryRequest, RequestState
from bot.services import consents
from bot.services.facts import window_fact
from bot.services.ports import Say, UnitOfWork, Units
from bot.services.post import post
from bot.services.tell_carrier import carrier_title


@dataclass(frozen=True)
class AnnounceOutcome:
    """Says what the carrier decided, once."""

    units: Units
    clock: Clock

    async def __call__(self, merchant_id: UUID, request_id: UUID) -> None:
        """Queue the message, to where the customer last wrote, unless that was refused since."""
        async with self.units() as unit:
            request = await unit.requests.get(merchant_id, request_id)
            if request.conversation_id is None:
                return
            conversation = await unit.conversations.get(merchant_id, request.conversation_id)
            if conversation.identity_id is None or await _is_told_already(unit, request):
                return
            identity = await unit.people.identity_by_id(merchant_id, conversation.identity_id)
            if not await consents.may_send(
                unit, merchant_id, conversation.contact_id, identity.channel, Purpose.service
            ):
                return
            shipment = await unit.shipments.get(merchant_id, request.shipment_id)
            facts = {
                "parcel": {
                    "item": shipment.item,
                    "last4": shipment.last_digits,
                    "carrier": await carrier_title(unit, shipment),
                },
                "kind": str(request.kind),
                "window": window_fact(request.window, shipment.timezone),
                "reason": request.reason,
                "by_hand": request.decided_by is not None,
            }
            await post(
                unit,
                conversation,
                identity,
                self.clock.now(),
                author=Author.bot,
                say=Say(f"request_{request.state}", facts),
                key=f"outcome:{request.id}",
            )
            await unit.commit()


async def _is_told_already(unit: UnitOfWork, request: DeliveryRequest) -> bool:
    """Whether it was agreed to along with a change whose acceptance says it all."""
    if request.along_with is None or request.state is not RequestState.accepted:
        return False
    main = await unit.requests.get(request.merchant_id, request.along_with)
    return main.state in {RequestState.requested, RequestState.accepted}
