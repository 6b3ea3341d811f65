"""How soon a courier can be at a door, by where they are and were.

Nobody tells us roads, traffic or the order of the stops. On made-up rounds (docs/eta.md) a position says
nothing useful of a door with others before it, and much of the one that lies nearest while the courier
comes nearer still: so only that one is estimated.

Roads are longer than the crow flies by 1.2 to 1.6, by country (Ballou, Rahardja and Sakai, "Selected
country circuity factors for road travel distance estimation", 2002). The speeds are assumptions of
ours, on the careful side, and the same everywhere.
"""

from collections.abc import Iterable, Sequence
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
_BESIDES = timedelta(minutes=20)
"""For another stop, and to park and walk up, when it goes slowly."""
_TOO_FAR = timedelta(minutes=30)
"""What is likelier to take longer may as well be on the way to somebody else."""

FRESH = timedelta(minutes=10)
"""How old a position may be that says where the courier is."""
STANDS = timedelta(minutes=20)
"""How long an estimate stands after the position that it was made by, without another one."""
LOOK_BACK = timedelta(minutes=15)
_NEARER = 0.1
"""Kilometres within that time: what moves less is parked, at the depot around the corner say."""
_FIVE = timedelta(minutes=5)


@dataclass(frozen=True)
class Near:
    """How near the courier is; None is not known."""

    minutes: float | None = None
    stops: int | None = None


@dataclass(frozen=True)
class Approach:
    """How long it takes from a position to the next door."""

    soonest: timedelta
    likely: timedelta
    latest: timedelta

    def estimate(self, at: datetime) -> Estimate:
        """The window, for a position of that moment, to five minutes."""
        start, end = _rounded(at + self.soonest), _rounded(at + self.latest + _FIVE)
        return Estimate(Window(start, end), By.position)


def approach(seen: Sequence[Seen], door: Place) -> Approach | None:
    """From a courier to a door that is the next.

    It takes two positions to tell who comes from who is parked around the corner, or leaves. They
    are not likely to come faster than they have come nearer so far, stops included.

    Args:
        seen: where the courier was of late, in order; the last is where they are.
        door: where the parcel goes.

    Returns:
        None for who does not come nearer, or only slowly.
    """
    here, before = seen[-1], [one for one in seen[:-1] if seen[-1].at - one.at <= LOOK_BACK]
    farthest = max(before, key=lambda one: distance(one.place, door), default=here)
    left = distance(here.place, door)
    gained = distance(farthest.place, door) - left
    if gained < _NEARER:
        return None
    so_far = (here.at - farthest.at) * (left / gained)
    likely = max(_drive(left, USUAL), so_far)
    if likely > _TOO_FAR:
        return None
    return Approach(_drive(left, FAST), likely, max(_drive(left, SLOW) + _BESIDES, likely))


def _drive(kilometres: float, speed: float) -> timedelta:
    return timedelta(hours=kilometres * ROAD / speed)


def is_next(courier: Place, door: Place, doors: Iterable[Place]) -> bool:
    """Whether no other door lies nearer; parcels of one house, to about ten metres, are one door."""
    nearest = min(doors, key=lambda one: distance(courier, one), default=door)
    return _house(nearest) == _house(door)


def _house(door: Place) -> Place:
    return round(door[0], 4), round(door[1], 4)


def too_early(given: Window | None, near: Near, now: datetime) -> bool:
    """Whether a given window begins so much later that the courier goes elsewhere first."""
    at = now + timedelta(minutes=near.minutes or 0)
    return given is not None and at < given.start - TOLERANCE


def _rounded(moment: datetime) -> datetime:
    """Down to five minutes."""
    seconds = moment.timestamp()
    return datetime.fromtimestamp(seconds - seconds % _FIVE.total_seconds(), UTC)
