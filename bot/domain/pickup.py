"""Pick-up points: read out of a merchant's policy or file, and the ones that suit a parcel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any, cast

from bot.domain.hours import Hours, read_hours
from bot.domain.places import LATITUDES, LONGITUDES, Place, distance

_NAMED = ("id", "name", "address")
_PARTS = (*_NAMED, "latitude", "longitude", "hours", "capacity")
_LONGEST = 200


@dataclass(frozen=True)
class PickupPoint:
    """A shop or locker where a parcel may wait. Without `hours` it is always open.

    `capacity` is how many parcels it takes at a time, those on their way counted; None is any
    number. `km` is how far it is from where it was asked for, and known in an answer only.
    """

    id: str
    name: str
    address: str
    place: Place | None = None
    hours: Hours = field(default_factory=dict[int, tuple[time, time]])
    capacity: int | None = None
    km: float | None = None

    def open_on(self, day: date) -> tuple[time, time] | None:
        """Its hours on a day; None when it is closed. Always open counts as the whole day."""
        return self.hours.get(day.weekday()) if self.hours else (time(), time(23, 59))

    @property
    def label(self) -> str:
        """Name and address, as the carrier is told."""
        return f"{self.name}, {self.address}"


def read_points(data: object, problems: list[tuple[str, str]]) -> tuple[PickupPoint, ...]:
    """Read the points of a policy; what is wrong is added to `problems`, by field."""
    if not isinstance(data, list):
        problems.append(("pickup_points", "must be a list of points"))
        return ()
    points: list[PickupPoint] = []
    for place, entry in enumerate(cast("list[Any]", data)):
        where = f"pickup_points[{place}]"
        if not isinstance(entry, dict):
            problems.append((where, "must be a mapping with id, name and address"))
            continue
        points.append(read_point(cast("dict[str, Any]", entry), f"{where}.", problems))
    twice = {p.id for p in points if [q.id for q in points].count(p.id) > 1}
    problems += [("pickup_points", f"the id {name!r} is given twice") for name in sorted(twice)]
    return tuple(points)


def read_point(data: Mapping[str, Any], where: str, problems: list[tuple[str, str]]) -> PickupPoint:
    """Read one point; what is wrong is added to `problems`, each field behind `where`."""
    problems += [
        (f"{where}{name}", f"is no part of a point; known: {', '.join(_PARTS)}")
        for name in data
        if name not in _PARTS
    ]
    named = {name: str(data.get(name) or "").strip() for name in _NAMED}
    problems += [(f"{where}{name}", "is missing") for name, text in named.items() if not text]
    problems += [
        (f"{where}{name}", f"is longer than {_LONGEST} characters, or has a line break in it")
        for name, text in named.items()
        if len(text) > _LONGEST or not text.isprintable()
    ]
    hours: Hours = {}
    if "hours" in data:
        hours = read_hours(data["hours"], f"{where}hours", problems)
    place = _place(data, where, problems)
    return PickupPoint(
        named["id"], named["name"], named["address"], place, hours, _capacity(data, where, problems)
    )


def _capacity(data: Mapping[str, Any], where: str, problems: list[tuple[str, str]]) -> int | None:
    given = data.get("capacity")
    if given is None:
        return None
    text = "" if isinstance(given, bool) else str(given).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        problems.append((f"{where}capacity", f"{given!r} must be a number of parcels"))
        return None
    return int(text)


def _place(data: Mapping[str, Any], where: str, problems: list[tuple[str, str]]) -> Place | None:
    if data.get("latitude") is None and data.get("longitude") is None:
        return None
    read: list[float] = []
    for name, limit in (("latitude", LATITUDES), ("longitude", LONGITUDES)):
        try:
            value = float(data[name])
        except (KeyError, TypeError, ValueError):
            value = limit + 1
        if abs(value) > limit:
            problems.append((f"{where}{name}", f"must be a number from -{limit:g} to {limit:g}"))
        read.append(value)
    return read[0], read[1]


def suitable(
    points: Sequence[PickupPoint],
    day: date,
    *,
    near: Place | None = None,
    postcode: str = "",
    taken: Mapping[str, int] | None = None,
) -> list[PickupPoint]:
    """The points that are open on the day it arrives and not full, the nearest first.

    Near is measured from `near`; without it, points of the same postcode come first, and the
    merchant's own order decides the rest.

    Args:
        taken: how many parcels wait at a point, or are on their way there, by its id.
    """
    held = taken or {}
    possible = [
        replace(point, km=distance(near, point.place) if near and point.place else None)
        for point in points
        if point.open_on(day) and (point.capacity is None or held.get(point.id, 0) < point.capacity)
    ]
    if near is not None:
        far = float("inf")
        return sorted(possible, key=lambda p: far if p.km is None else p.km)
    return sorted(possible, key=lambda p: not (postcode and postcode in p.address))
