"""Conditions on parcels, as merchants write them in policies and flows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from bot.domain.shipment import Shipment


@dataclass(frozen=True)
class Only:
    """For which parcels something is meant; what is empty does not matter.

    `carriers`, `services` (the carrier's service level: `express`), `countries` (ISO 3166 alpha-2)
    and `languages` name what is meant; `value_from` and `value_to` are the least and the greatest
    value, in minor units.
    """

    carriers: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    handovers: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    """One of these must be on the shipment."""
    services: frozenset[str] = frozenset()
    value_from: int = 0
    value_to: int | None = None

    def fits(self, shipment: Shipment, language: str) -> bool:
        """Whether a parcel, and the language of who waits for it, are meant."""
        return not self.unmet(shipment, language)

    def unmet(self, shipment: Shipment, language: str) -> str:
        """The first condition that does not hold, under the name it is written by; empty if none."""
        value = shipment.value_amount or 0
        checks = (
            ("carrier", not self.carriers or shipment.carrier in self.carriers),
            ("service", not self.services or shipment.service_level in self.services),
            ("country", not self.countries or shipment.country in self.countries),
            ("language", not self.languages or language in self.languages),
            ("handover", not self.handovers or shipment.handover in self.handovers),
            ("tag", not self.tags or bool(self.tags & set(shipment.tags))),
            ("value_from", value >= self.value_from),
            ("value_to", self.value_to is None or value <= self.value_to),
        )
        return next((name for name, holds in checks if not holds), "")


ANY = Only()
"""No condition at all."""
_LISTS = {
    "carrier": "carriers",
    "service": "services",
    "country": "countries",
    "language": "languages",
    "handover": "handovers",
    "tag": "tags",
}


def read_only(
    given: object, where: str, problems: list[tuple[str, str]], also: Sequence[str] = ()
) -> Only:
    """Read `{country: [FR, BE], value_from: 5000}`; what is wrong is added to `problems`.

    Args:
        given: what was written.
        where: its place in the document.
        problems: what is wrong with the document.
        also: conditions that may be named here besides, and were read by the caller.
    """
    if given is None:
        return ANY
    if not isinstance(given, dict):
        problems.append((where, "must be a table, as in {country: [FR, BE]}"))
        return ANY
    read: dict[str, Any] = {}
    for name, value in cast("dict[str, Any]", given).items():
        if name in _LISTS:
            values = cast("list[Any]", value) if isinstance(value, list) else [value]
            words = (str(one) for one in values)
            read[_LISTS[name]] = frozenset(w.lower() if name == "service" else w for w in words)
        elif name in {"value_from", "value_to"} and isinstance(value, int):
            read[name] = value
        else:
            known = ", ".join((*_LISTS, "value_from, value_to (minor units)", *also))
            problems.append((f"{where}.{name}", f"is no condition; known: {known}"))
    return Only(**read)
