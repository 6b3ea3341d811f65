"""Places on the earth, and how far apart they are."""

from math import asin, cos, radians, sin, sqrt

type Place = tuple[float, float]
"""Latitude and longitude, in degrees."""

LATITUDES, LONGITUDES = 90.0, 180.0
_EARTH = 6371.0  # km


def read_place(value: object) -> Place | None:
    """A shared location, "48.85,2.35"; None when it is something else."""
    latitude, comma, longitude = str(value or "").partition(",")
    try:
        place = float(latitude), float(longitude)
    except ValueError:
        return None
    return place if comma and on_earth(place) else None


def on_earth(place: Place) -> bool:
    """Whether there is such a place."""
    return abs(place[0]) <= LATITUDES and abs(place[1]) <= LONGITUDES


def distance(one: Place, other: Place) -> float:
    """Kilometres between two places, as the crow flies."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, place)) for place in (one, other))
    arc = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(arc))
