"""How often a carrier is asked about a parcel: tighter as delivery nears, rarer after errors."""

from datetime import datetime, timedelta

from bot.domain.shipment import Shipment, Status

_FAR, _ON_THE_DAY, _AT_HAND = timedelta(hours=4), timedelta(minutes=15), timedelta(minutes=5)
_NEAR = timedelta(hours=18)
_LONGEST = timedelta(days=1)
GIVEN_UP_AFTER = timedelta(days=60)
"""A parcel that has not moved for so long is not asked about any more."""


def wait_after(shipment: Shipment, misses: int, now: datetime) -> timedelta:
    """How long to leave the carrier alone about a parcel.

    Args:
        shipment: as it stands now.
        misses: how many times in a row asking has failed; each doubles the wait, up to a day.
        now: to tell how near the delivery is.
    """
    wait = _interval(shipment, now)
    return min(wait * 2 ** min(misses, 10), _LONGEST)


def _interval(shipment: Shipment, now: datetime) -> timedelta:
    if shipment.status is Status.out_for_delivery:
        return _AT_HAND
    window = shipment.expected
    if window is not None and window.start - now < _NEAR:
        return _ON_THE_DAY
    return _FAR
