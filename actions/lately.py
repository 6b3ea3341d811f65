"""What was agreed to a moment ago, of which people go on to speak."""

from datetime import timedelta
from uuid import UUID

from actions.base import Talk
from bot.domain.request import DeliveryRequest, RequestState

_LATELY = timedelta(hours=1)


async def made_lately(talk: Talk, parcel: str | None = None) -> DeliveryRequest | None:
    """The change that was agreed to last, of a parcel or else of the one that was talked about."""
    about = parcel or talk.slot("parcel")
    if not about:
        return None
    made = [
        request
        for request in await talk.unit.requests.of_shipment(talk.merchant_id, UUID(str(about)))
        if request.conversation_id == talk.conversation.id
        and request.state in {RequestState.requested, RequestState.accepted}
        and request.along_with is None
        and talk.now - request.created_at < _LATELY
    ]
    return max(made, key=lambda request: request.created_at, default=None)
