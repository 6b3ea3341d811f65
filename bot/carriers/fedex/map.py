"""FedEx's scan codes, as statuses of ours.

https://developer.fedex.com/api/en-us/guides/api-reference.html ("Tracking Status Codes") and
https://developer.fedex.com/api/en-us/catalog/shipment-visibility-webhook/docs/aiv-reason-codes.html
FedEx says itself that the lists may grow: what is not here is `unknown`.
"""

from bot.domain.shipment import Status

CODES = {
    # Not yet FedEx's: its data is, or a courier is on the way to fetch it, or came in vain.
    "OC": Status.created,
    "EP": Status.created,
    "AP": Status.created,
    "DR": Status.created,
    "PD": Status.delayed,
    "PU": Status.in_transit,
    "PX": Status.in_transit,
    "DO": Status.in_transit,
    "IP": Status.in_transit,
    "DS": Status.in_transit,
    "AA": Status.in_transit,
    "AC": Status.in_transit,
    "AE": Status.in_transit,
    "AF": Status.in_transit,
    "AO": Status.in_transit,
    "AR": Status.in_transit,
    "AX": Status.in_transit,
    "CH": Status.in_transit,
    "DP": Status.in_transit,
    "EO": Status.in_transit,
    "FD": Status.in_transit,
    "IN": Status.in_transit,
    "IT": Status.in_transit,
    "IX": Status.in_transit,
    "LO": Status.in_transit,
    "MD": Status.in_transit,
    "OF": Status.in_transit,
    "OW": Status.in_transit,
    "OX": Status.in_transit,
    "PF": Status.in_transit,
    "PL": Status.in_transit,
    "PM": Status.in_transit,
    "SF": Status.in_transit,
    "SP": Status.in_transit,
    "TR": Status.in_transit,
    # EA is both "en route to airport" and "export approved".
    "EA": Status.in_transit,
    "CC": Status.in_transit,
    "CP": Status.in_transit,
    "OD": Status.out_for_delivery,
    "ED": Status.out_for_delivery,
    "AD": Status.out_for_delivery,
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
ATTEMPTS = {"08", "007"}
"""Exceptions of a delivery (DE) that say a courier was there and nobody was: Express, Ground.

Only what FedEx's own samples show is here. A courier's claim is put to the customer, so a code
that merely may mean one (an address not found, a delivery not attempted) must not count.
"""
ATTEMPT_WORDS = ("customer not available", "business closed")
"""The same in FedEx's words, whatever the code."""
