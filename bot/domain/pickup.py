"""Pick-up points: read out of a merchant's policy, and the ones that suit a parcel."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, cast

from bot.domain.hours import Hours, read_hours
from bot.domain.places import LATITUDES, LONGITUDES, Place, distance


@dataclass(frozen=True)
class PickupPoint:
    """A shop or locker where a parcel may wait. Without `hours` it is always open."""

    id: str
    name: str
    address: str
    place: Place | None = None
    hours: Hours = field(default_factory=dict[int, tuple[time, time]])

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
        points.append(_point(cast("dict[str, Any]", entry), where, problems))
    twice = {p.id for p in points if [q.id for q in points].count(p.id) > 1}
    problems += [("pickup_points", f"the id {name!r} is given twice") for name in sorted(twice)]
    return tuple(points)


def _point(data: dict[str, Any], where: str, problems: list[tuple[str, str]]) -> PickupPoint:
    named = {name: str(data.get(name) or "").strip() for name in ("id", "name", "address")}
    problems += [(f"{where}.{name}", "is missing") for name, text in named.items() if not text]
    hours: Hours = {}
    if "hours" in data:
        hours = read_hours(data["hours"], f"{where}.hours", problems)
    return PickupPoint(**named, place=_place(data, where, problems), hours=hours)


def _place(data: dict[str, Any], where: str, problems: list[tuple[str, str]]) -> Place | None:
    if data.get("latitude") is None and data.get("longitude") is None:
        return None
    read: list[float] = []
    for name, limit in (("latitude", LATITUDES), ("longitude", LONGITUDES)):
        try:
            value = float(data[name])
        except (KeyError, TypeError, ValueError):
            value = limit + 1
        if abs(value) > limit:
            problems.append((f"{where}.{name}", f"must be a number from -{limit:g} to {limit:g}"))
        read.append(value)
    return read[0], read[1]


def suitable(
    points: Sequence[PickupPoint], day: date, *, near: Place | None = None, postcode: str = ""
) -> list[PickupPoint]:
    """The points that are open on the day it arrives, the nearest first.

    Near is measured from `near`; without it, points of the same postcode come first, and the
    merchant's own order decides the rest.
    """
    still_open = [point for point in points if point.open_on(day)]
    far = float("inf")
    if near is not None:
        return sorted(still_open, key=lambda p: distance(near, p.place) if p.place else far)
    return sorted(still_open, key=lambda p: not (postcode and postcode in p.address))
