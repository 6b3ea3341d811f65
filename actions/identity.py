"""Somebody whom nobody vouches for: what they may hear, and how they prove who they are."""

from actions.base import Talk
from bot.domain.shipment import Shipment
from bot.services.one_time_codes import offer_option


def tell_coarsely(talk: Talk, shipment: Shipment) -> None:
    """The coarse status of a parcel that is not the writer's own, and the offer of a code.

    What they wanted is kept with the offer, and is taken up once the code was right.
    """
    coarse = {"last4": shipment.last_digits, "status": str(shipment.status)}
    options = [offer_option(shipment.id, talk.intent)]
    talk.say("parcel_coarse", {"parcel": coarse}, options=options)


def needs_code(talk: Talk, shipment: Shipment) -> None:
    """A change of somebody else's parcel: not without a code that its own contact gets."""
    talk.say("not_your_parcel", options=[offer_option(shipment.id, talk.intent)])
