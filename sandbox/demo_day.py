"""The demo day as data: who waits for what, and when it happens.

Numbers are ones reserved for fiction (Ofcom's 07700 900000-999, Arcep's 06 39 98 00 00-99 99).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    number: str
    language: str
    country: str
    timezone: str
    channels: tuple[str, ...]
    address: dict[str, str]


@dataclass(frozen=True, slots=True)
class Stage:
    """``after``: seconds since the day began, at pace 1. ``window``: in hours from then."""

    after: float
    status: str
    description: str
    window: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    key: str
    digits: str  # the end of its tracking number, by which two parcels are told apart
    person: Person
    item: str
    value: dict[str, Any]
    courier: dict[str, str]
    stages: tuple[Stage, ...]


EMMA = Person(
    "Emma",
    "+447700900123",
    "en",
    "GB",
    "Europe/London",
    ("whatsapp", "sms", "email"),
    {"line1": "12 Larch Lane", "postal_code": "N1 9ZZ", "city": "London", "country": "GB"},
)
JULIEN = Person(
    "Julien",
    "+33639980142",
    "fr",
    "FR",
    "Europe/Paris",
    ("whatsapp", "sms", "email"),
    {"line1": "8 rue des Tilleuls", "postal_code": "75011", "city": "Paris", "country": "FR"},
)
SOFIA = Person(
    "Sofia",
    "+33639980177",
    "en",
    "FR",
    "Europe/Paris",
    ("telegram", "sms"),
    {"line1": "3 quai des Brumes", "postal_code": "69002", "city": "Lyon", "country": "FR"},
)
PEOPLE = (EMMA, JULIEN, SOFIA)

_KARIM = {"name": "Karim", "phone": "+33639980199"}
_GRACE = {"name": "Grace", "phone": "+447700900177"}


def _euros(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


_TODAY = (2.0, 4.0)
PARCELS = (
    Parcel(
        "lamp",
        "4170",
        EMMA,
        "Linen lamp",
        _euros(8900),
        _GRACE,
        (
            Stage(2, "created", "Label printed"),
            Stage(14, "in_transit", "Left the depot in Lille"),
            Stage(34, "out_for_delivery", "On the van", _TODAY),
            # Long enough to talk about it first; moving the delivery cuts this short.
            Stage(600, "delivered", "Handed to the recipient"),
        ),
    ),
    Parcel(
        "teapot",
        "2683",
        JULIEN,
        "Théière en grès",
        _euros(4200),
        _KARIM,
        (
            Stage(3, "created", "Label printed"),
            Stage(24, "in_transit", "Left the depot in Lille"),
            Stage(62, "out_for_delivery", "On the van", _TODAY),
            Stage(140, "delivered", "Handed to the recipient"),
        ),
    ),
    Parcel(
        "mirror",
        "9051",
        JULIEN,
        "Miroir Nacre",
        _euros(15900),
        _KARIM,
        (
            Stage(4, "created", "Label printed"),
            Stage(44, "in_transit", "Left the depot in Lille"),
            Stage(180, "delayed", "Held up at the Paris hub", (4.0, 6.0)),
            Stage(540, "out_for_delivery", "On the van", _TODAY),
            Stage(900, "delivered", "Handed to the recipient"),
        ),
    ),
    Parcel(
        "vase",
        "7324",
        SOFIA,
        "Stoneware vase",
        _euros(6400),
        _KARIM,
        (
            Stage(5, "created", "Label printed"),
            Stage(54, "in_transit", "Left the depot in Lille"),
            Stage(96, "out_for_delivery", "On the van", _TODAY),
            Stage(420, "delivered", "Handed to the recipient"),
        ),
    ),
)
# After a reschedule was accepted, the new day comes this soon (seconds at pace 1).
MOMENT_LATER = 30.0
