"""AfterShip's tags, and the subtags that say more, as statuses of ours.

https://www.aftership.com/docs/tracking/enum/delivery-statuses and .../delivery-sub-statuses
"""

from bot.domain.shipment import Status

TAGS = {
    "Pending": Status.created,
    "InfoReceived": Status.created,
    "InTransit": Status.in_transit,
    "OutForDelivery": Status.out_for_delivery,
    "AttemptFail": Status.attempt_failed,
    "Delivered": Status.delivered,
    "AvailableForPickup": Status.ready_for_pickup,
    "Exception": Status.exception,
    "Expired": Status.unknown,
}
SUBTAGS = {
    "Exception_004": Status.delayed,
    "Exception_005": Status.delayed,
    "Exception_007": Status.delayed,
    "Exception_010": Status.returning,
    "Exception_011": Status.returned,
    "InTransit_009": Status.delayed,
}
