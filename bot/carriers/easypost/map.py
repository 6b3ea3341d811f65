"""EasyPost's statuses, as ours.

https://docs.easypost.com/docs/trackers#tracking-status
"""

from bot.domain.shipment import Status

STATUSES = {
    "pre_transit": Status.created,
    "in_transit": Status.in_transit,
    "out_for_delivery": Status.out_for_delivery,
    "delivered": Status.delivered,
    "available_for_pickup": Status.ready_for_pickup,
    "return_to_sender": Status.returning,
    "failure": Status.exception,
    "error": Status.exception,
    "cancelled": Status.cancelled,
}
# What the detail says more exactly.
DETAILS = {
    "delivery_attempted": Status.attempt_failed,
    "attempted_delivery": Status.attempt_failed,
    "recipient_unavailable": Status.attempt_failed,
    "delayed": Status.delayed,
    "weather_delay": Status.delayed,
    "returned": Status.returned,
}
