"""FedEx's scan codes, as statuses of ours.

https://developer.fedex.com/api/en-us/guides/api-reference.html, section on tracking status codes.
"""

from bot.domain.shipment import Status

CODES = {
    "OC": Status.created,
    "IN": Status.created,
    "AO": Status.created,
    "OX": Status.in_transit,
    "PU": Status.in_transit,
    "PX": Status.in_transit,
    "AP": Status.created,
    "AR": Status.in_transit,
    "AF": Status.in_transit,
    "AX": Status.in_transit,
    "CC": Status.in_transit,
    "CH": Status.in_transit,
    "DP": Status.in_transit,
    "DR": Status.in_transit,
    "EA": Status.in_transit,
    "ED": Status.in_transit,
    "EO": Status.in_transit,
    "EP": Status.in_transit,
    "FD": Status.in_transit,
    "IT": Status.in_transit,
    "IX": Status.in_transit,
    "LO": Status.in_transit,
    "PF": Status.in_transit,
    "PL": Status.in_transit,
    "SF": Status.in_transit,
    "SP": Status.in_transit,
    "TR": Status.in_transit,
    "OD": Status.out_for_delivery,
    "DL": Status.delivered,
    "DD": Status.delayed,
    "DY": Status.delayed,
    "CD": Status.delayed,
    "HL": Status.ready_for_pickup,
    "HP": Status.ready_for_pickup,
    "DE": Status.exception,
    "SE": Status.exception,
    "RS": Status.returning,
    "RT": Status.returning,
    "CA": Status.cancelled,
}
ATTEMPTS = {"08", "33", "34", "42", "48", "71"}
"""Exceptions of a delivery (DE) that say a courier was there: nobody in, closed, no access."""
