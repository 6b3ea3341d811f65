"""Delhivery's status types and words, as statuses of ours.

UD is on its way to the customer, DL ended, RT on its way back, PP and PU a pick-up, CN cancelled.
"""

from bot.domain.shipment import Status

STATUSES = {
    ("UD", "manifested"): Status.created,
    ("UD", "not picked"): Status.created,
    ("UD", "in transit"): Status.in_transit,
    ("UD", "pending"): Status.in_transit,
    ("UD", "dispatched"): Status.out_for_delivery,
    ("DL", "delivered"): Status.delivered,
    ("RT", "in transit"): Status.returning,
    ("RT", "pending"): Status.returning,
    ("RT", "dispatched"): Status.returning,
    ("DL", "rto"): Status.returned,
    ("DL", "dto"): Status.returned,
    ("PP", "open"): Status.created,
    ("PP", "scheduled"): Status.created,
    ("PP", "dispatched"): Status.created,
    ("PU", "in transit"): Status.in_transit,
    ("PU", "pending"): Status.in_transit,
    ("PU", "dispatched"): Status.in_transit,
    ("CN", "canceled"): Status.cancelled,
    ("CN", "closed"): Status.cancelled,
    ("LT", "lost"): Status.exception,
}
ATTEMPTS = {"EOD-3", "EOD-6", "EOD-11", "EOD-15", "EOD-16", "EOD-43", "EOD-69", "EOD-74", "EOD-86",
    "EOD-104", "EOD-111"}  # fmt: skip
"""NSL codes of a day's end at which a courier says to have been at the door."""
