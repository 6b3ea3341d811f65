"""USPS's event codes, as statuses of ours.

Publication 199, appendix on event codes (postalpro.usps.com/pub199).
"""

from bot.domain.shipment import Status

CODES = {
    "MA": Status.created, "GX": Status.created, "GC": Status.created,
    "03": Status.in_transit, "OA": Status.in_transit, "TM": Status.in_transit,
    "PC": Status.in_transit, "PU": Status.in_transit, "10": Status.in_transit,
    "L1": Status.in_transit, "A1": Status.in_transit, "T1": Status.in_transit,
    "U1": Status.in_transit, "EF": Status.in_transit, "07": Status.in_transit,
    "NT": Status.in_transit, "81": Status.in_transit, "82": Status.in_transit,
    "AD": Status.in_transit, "AE": Status.in_transit, "AF": Status.in_transit,
    "OF": Status.out_for_delivery, "59": Status.out_for_delivery,
    "01": Status.delivered, "43": Status.delivered,
    "02": Status.attempt_failed, "52": Status.attempt_failed, "53": Status.attempt_failed,
    "54": Status.attempt_failed, "55": Status.attempt_failed, "56": Status.attempt_failed,
    "14": Status.ready_for_pickup, "16": Status.ready_for_pickup, "17": Status.ready_for_pickup,
    "DG": Status.ready_for_pickup,
    "08": Status.delayed, "DE": Status.delayed,
    "05": Status.exception, "06": Status.exception, "21": Status.exception,
    "22": Status.exception, "23": Status.exception, "24": Status.exception,
    "11": Status.exception, "12": Status.exception, "13": Status.exception,
    "04": Status.returning, "09": Status.returning, "29": Status.returning,
    "31": Status.returned,
}  # fmt: skip
