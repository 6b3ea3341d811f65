"""How soon a courier can be at a door, by where they are.

Nobody tells us roads, traffic or the order of the stops. So the soonest goes by a fast drive
straight to the door and the latest by a slow one that stops for every other parcel aboard that lies
nearer; the truth lies between, and where that is too wide nothing is said.

Roads are longer than the crow flies by 1.2 to 1.6, by country (Ballou, Rahardja and Sakai, "Selected
country circuity factors for road travel distance estimation", 2002). The speeds and the minutes at a
stop are assumptions of ours, on the careful side, and the same everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.attempt import Seen
from bot.domain.estimate import By, Estimate
from bot.domain.places import Place, distance
from bot.domain.shipment import TOLERANCE
from bot.domain.when import Window

ROAD = 1.4
FAST, USUAL, SLOW = 50.0, 20.0, 10.0
"""Kilometres an hour."""
STOP_FAST, STOP_USUAL, STOP_SLOW = timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=6)
"""At each door on the way."""
_LAST_DOOR = timedelta(minutes=10)
"""To park and walk up, when it goes slowly."""

FRESH = timedelta(minutes=10)
"""How old a position may be that says where the courier is."""
STANDS = timedelta(minutes=20)
"""How long an estimate stands after the position that it was made by, without another one."""
LOOK_BACK = timedelta(minutes=15)
_NEARER = 0.1
"""Kilometres within that time: what moves less is parked, at the depot around the corner say."""
_TOO_WIDE = timedelta(minutes=90)
_FIVE = timedelta(minutes=5)


@dataclass(frozen=True)
class Near:
    """How near the courier is; None is not known."""

    minutes: float | None = None
    stops: int | None = None


@dataclass(frozen=True)
class Approach:
    """How long it takes from a position to a door."""

    soonest: timedelta
    likely: timedelta
    latest: timedelta

    def estimate(self, at: datetime) -> Estimate | None:
        """The window, for a position of that moment; None when it is too wide to be of use."""
        if self.latest - self.soonest > _TOO_WIDE:
            return None
        start, end = at + self.soonest, at + self.latest
        return Estimate(Window(_rounded(start), _rounded(end + _FIVE)), By.position)


def approach(courier: Place, door: Place, stops: int) -> Approach:
    """From a courier to a door.

    Args:
        courier: where they are.
        door: where the parcel goes.
        stops: other doors that lie nearer.
    """
    road = distance(courier, door) * ROAD
    return Approach(
        timedelta(hours=road / FAST) + stops * STOP_FAST,
        timedelta(hours=road / USUAL) + stops * STOP_USUAL,
        timedelta(hours=road / SLOW) + stops * STOP_SLOW + _LAST_DOOR,
    )


def stops_before[Key](courier: Place, doors: Mapping[Key, Place]) -> dict[Key, int]:
    """How many other doors lie nearer to the courier than each; parcels of one house are one."""
    nearest = sorted({_house(door) for door in doors.values()}, key=lambda d: distance(courier, d))
    place = {house: before for before, house in enumerate(nearest)}
    return {key: place[_house(door)] for key, door in doors.items()}


def _house(door: Place) -> Place:
    """To about ten metres."""
    return round(door[0], 4), round(door[1], 4)


def comes_nearer(seen: Sequence[Seen], door: Place) -> bool:
    """Whether the courier, at the last of some positions, is on the way to a door.

    It takes two positions to tell who comes from who is parked around the corner, or leaves.
    """
    if not seen:
        return False
    now, before = seen[-1], [one for one in seen[:-1] if seen[-1].at - one.at <= LOOK_BACK]
    farthest = max((distance(one.place, door) for one in before), default=0.0)
    return farthest - distance(now.place, door) >= _NEARER


def too_early(given: Window | None, near: Near, now: datetime) -> bool:
    """Whether a given window begins so much later that the courier goes elsewhere first."""
    at = now + timedelta(minutes=near.minutes or 0)
    return given is not None and at < given.start - TOLERANCE


def _rounded(moment: datetime) -> datetime:
    """Down to five minutes."""
    seconds = moment.timestamp()
    return datetime.fromtimestamp(seconds - seconds % _FIVE.total_seconds(), UTC)
