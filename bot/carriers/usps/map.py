"""USPS's event codes, as statuses of ours.

Publication 199, appendix G-4 on domestic scan events (postalpro.usps.com/pub199), as far as it was
found quoted; what is not here is `unknown`.
"""

from bot.domain.shipment import Status

CODES = {
    # A label, or still with a shipping partner or the merchant.
    "MA": Status.created, "GX": Status.created, "GC": Status.created, "89": Status.created,
    "03": Status.in_transit, "OA": Status.in_transit, "TM": Status.in_transit,
    "PA": Status.in_transit, "UA": Status.in_transit, "PC": Status.in_transit,
    "PU": Status.in_transit, "10": Status.in_transit, "L1": Status.in_transit,
    "A1": Status.in_transit, "T1": Status.in_transit, "U1": Status.in_transit,
    "EF": Status.in_transit, "SF": Status.in_transit, "07": Status.in_transit,
    "NT": Status.in_transit, "80": Status.in_transit, "81": Status.in_transit,
    "82": Status.in_transit, "83": Status.in_transit, "AD": Status.in_transit,
    "AE": Status.in_transit, "AF": Status.in_transit, "15": Status.in_transit,
    "19": Status.in_transit, "41": Status.in_transit, "42": Status.in_transit,
    # Forwarded to a new address, and with an agent who brings it the last way.
    "06": Status.in_transit, "17": Status.in_transit,
    "OF": Status.out_for_delivery, "59": Status.out_for_delivery,
    # 43 picked up; 60 with an agent of the addressee's: USPS says no more of either.
    "01": Status.delivered, "43": Status.delivered, "60": Status.delivered,
    # Notice left, and why; 30 no access, 51 business closed.
    "02": Status.attempt_failed, "30": Status.attempt_failed, "51": Status.attempt_failed,
    "52": Status.attempt_failed, "53": Status.attempt_failed, "54": Status.attempt_failed,
    "55": Status.attempt_failed, "56": Status.attempt_failed,
    "14": Status.ready_for_pickup, "16": Status.ready_for_pickup, "DG": Status.ready_for_pickup,
    "08": Status.delayed, "71": Status.delayed, "DE": Status.delayed,
    # No such number, vacant and the like: nobody says yet that it goes back.
    "05": Status.exception, "21": Status.exception, "22": Status.exception,
    "23": Status.exception, "24": Status.exception, "25": Status.exception,
    "26": Status.exception, "28": Status.exception, "11": Status.exception,
    "12": Status.exception, "13": Status.exception,
    # Refused, unclaimed, not picked up: on its way back, which is not yet there.
    "04": Status.returning, "09": Status.returning, "27": Status.returning,
    "29": Status.returning, "31": Status.returning, "44": Status.returning,
}  # fmt: skip
TO_THE_SENDER = "original sender"
"""In the words of a delivery (01) it says that the sender has got it back."""
