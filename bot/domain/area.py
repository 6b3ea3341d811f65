"""Where a new address may be: by postcode and country in words, by distance on a map."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, cast

from babel import Locale

from bot.domain.answers import plain
from bot.domain.places import Place, distance, on_earth, read_place

MAP_LINK = "https://maps.google.com/?q="
"""A place that was shared instead of written is kept as this and "latitude,longitude"."""

_SETTINGS = ("name", "postcodes", "countries", "within_km", "of")
_LANGUAGES = ("en", "fr", "es", "de", "pt", "it", "hi")
_PATTERN = re.compile(r"[0-9A-Z*? -]+")
# Where a country is not here, any number of four to six digits is taken for a postcode.
_FIVE, _FOUR, _SIX = r"\d{5}", r"\d{4}", r"\d{3} ?\d{3}"
_POSTCODES = {
    **dict.fromkeys(("FR", "DE", "ES", "IT", "US", "MX", "FI", "HR", "EE", "MC"), _FIVE),
    **dict.fromkeys(("BE", "AT", "CH", "LU", "DK", "NO", "HU", "SI", "AU", "NZ"), _FOUR),
    **dict.fromkeys(("SE", "CZ", "SK", "GR"), r"\d{3} ?\d{2}"),
    "IN": _SIX,
    "NL": r"\d{4} ?[A-Z]{2}",
    "PT": r"\d{4}-?\d{3}",
    "PL": r"\d{2}-?\d{3}",
    "BR": r"\d{5}-?\d{3}",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    "CA": r"[A-Z]\d[A-Z] ?\d[A-Z]\d",
}  # fmt: skip
_ANY = r"\d{4,6}"


@dataclass(frozen=True)
class Area:
    """Where a parcel may be sent instead; what is empty does not matter.

    An address in words is judged by its postcode (`75*`) and its country (ISO 3166 alpha-2), a
    place that was shared by its kilometres from `of`, else from the parcel's own address.
    """

    name: str = ""
    """As customers are told it; empty means by its postcodes and distance."""
    postcodes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    within_km: float | None = None
    of: Place | None = None

    def refusal(self, words: str, country: str, home: Place | None) -> str:
        """Why an address is not taken, a wording key; empty when it is.

        Args:
            words: the address, or a `MAP_LINK`.
            country: of the parcel's own address, which is meant where none is named.
            home: the parcel's own address on the map, if that is known.
        """
        shared = shared_place(words)
        if shared is not None:
            return self._of_place(shared, home)
        named = named_country(words) or country
        if self.countries and named and named not in self.countries:
            return "refused_area"
        if self.postcodes:
            code = find_postcode(words, named)
            if not code:
                return "refused_area_postcode"
            return "" if any(fnmatchcase(code, one) for one in self.postcodes) else "refused_area"
        return "refused_area_map" if self.within_km is not None else ""

    def _of_place(self, shared: Place, home: Place | None) -> str:
        if self.within_km is None:
            return "refused_area_postcode" if self.postcodes or self.countries else ""
        centre = self.of or home
        if centre is None:
            return "refused_area_postcode" if self.postcodes else "refused_area"
        return "" if distance(centre, shared) <= self.within_km else "refused_area"

    @property
    def facts(self) -> dict[str, Any]:
        """What a sentence may say of it."""
        km = self.within_km
        return {
            "name": self.name,
            "postcodes": [code.rstrip("*") + ("..." if "*" in code else "")
                          for code in self.postcodes],
            "countries": list(self.countries),
            "km": None if km is None else f"{km:g}",
        }  # fmt: skip


def shared_place(words: str) -> Place | None:
    """The place that an "address" is a link to; None for one in words."""
    return read_place(words.removeprefix(MAP_LINK)) if words.startswith(MAP_LINK) else None


def find_postcode(words: str, country: str) -> str:
    """The postcode of an address in capitals, without spaces and dashes; empty without one."""
    pattern = _POSTCODES.get(country, _ANY)
    found = re.findall(rf"(?<![A-Z0-9])(?:{pattern})(?![A-Z0-9])", words.upper())
    return re.sub(r"[ -]", "", found[-1]) if found else ""


def named_country(words: str) -> str:
    """The country that an address ends with, in any served language; empty when it names none.

    Only after a comma or the last number: "12 place d'Italie" lies in Paris.
    """
    end = plain(re.split(r"[,;\n\d]", words)[-1]).split()
    known = _countries()
    endings = (" ".join(end[start:]) for start in range(len(end)))
    after_comma = re.search(r"[,;\n]\s*[^,;\n\d]*$", words) is not None
    if after_comma:
        return known.get(" ".join(end), "")
    return next((known[one] for one in endings if one in known), "") if len(end) > 1 else ""


@cache
def _countries() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for language in _LANGUAGES:
        known = cast("Mapping[str, str]", Locale.parse(language).territories)
        names |= {plain(name): code for code, name in known.items() if re.match("[A-Z]{2}$", code)}
    return names


def read_area(data: object, where: str, problems: list[tuple[str, str]]) -> Area | None:
    """Read `{postcodes: ["75*"], countries: [FR], within_km: 30}`; None where nothing is said.

    What is wrong is added to `problems`, by field.
    """
    if data is None:
        return None
    if not isinstance(data, dict) or not data:
        problems.append((where, 'must be a table, as in {postcodes: ["75*", "92*"]}'))
        return None
    given = cast("dict[str, Any]", data)
    known = ", ".join(_SETTINGS)
    problems += [
        (f"{where}.{key}", f"is no part of an area; known: {known}")
        for key in given
        if key not in _SETTINGS
    ]
    return Area(
        name=str(given.get("name") or ""),
        postcodes=_postcodes(given.get("postcodes"), f"{where}.postcodes", problems),
        countries=_country_codes(given.get("countries"), f"{where}.countries", problems),
        within_km=_kilometres(given.get("within_km"), f"{where}.within_km", problems),
        of=_centre(given.get("of"), f"{where}.of", problems),
    )


def _postcodes(data: object, where: str, problems: list[tuple[str, str]]) -> tuple[str, ...]:
    read: list[str] = []
    for code in _listed(data):
        text = str(code).strip().upper()
        # YAML reads 0123 as a number, and takes its nought away.
        if not isinstance(code, str) or not _PATTERN.fullmatch(text):
            problems.append((where, f'{code!r} must be a text in quotes, as in "75*"'))
        read.append(re.sub(r"[ -]", "", text))
    return tuple(read)


def _country_codes(data: object, where: str, problems: list[tuple[str, str]]) -> tuple[str, ...]:
    codes = tuple(str(code).upper() for code in _listed(data))
    wrong = [code for code in codes if code not in set(_countries().values())]
    problems += [(where, f"{code!r} is not a country (ISO 3166-1, as in FR)") for code in wrong]
    return codes


def _kilometres(data: object, where: str, problems: list[tuple[str, str]]) -> float | None:
    if data is None:
        return None
    if isinstance(data, bool) or not isinstance(data, int | float) or data <= 0:
        problems.append((where, f"{data!r} must be a number of kilometres above 0"))
        return None
    return float(data)


def _centre(data: object, where: str, problems: list[tuple[str, str]]) -> Place | None:
    if data is None:
        return None
    try:
        latitude, longitude = (float(part) for part in _listed(data))
    except (TypeError, ValueError):
        latitude, longitude = 999.0, 999.0
    if not on_earth((latitude, longitude)):
        problems.append((where, "must be a place, as in [48.86, 2.38]"))
        return None
    return latitude, longitude


def _listed(data: object) -> list[Any]:
    if data is None:
        return []
    return cast("list[Any]", data) if isinstance(data, list) else [data]
