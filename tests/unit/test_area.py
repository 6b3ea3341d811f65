"""Where a new address may be: by postcode and country in words, by distance on a map."""

from typing import Any

import pytest

from bot.domain.area import MAP_LINK, Area, find_postcode, named_country, read_area

HOME = (48.8566, 2.3522)
NEAR, LYON = f"{MAP_LINK}48.90,2.35", f"{MAP_LINK}45.76,4.84"


def area(**parts: Any) -> Area:
    problems: list[tuple[str, str]] = []
    read = read_area(parts, "area", problems)
    assert read is not None
    assert not problems
    return read


PARIS = area(postcodes=["75*", "92*"], countries=["FR"])
AROUND = area(within_km=30)
BOTH = area(postcodes=["75*"], within_km=30)


@pytest.mark.parametrize(
    ("where", "words", "reason"),
    [
        (PARIS, "3 rue Bleue, 75009 Paris", ""),
        (PARIS, "3 rue Bleue 92100 Boulogne, France", ""),
        (PARIS, "75 rue Bleue, 69002 Lyon", "refused_area"),
        (PARIS, "3 rue Bleue, Paris", "refused_area_postcode"),
        (PARIS, "75 Hauptstr., 75009 Irgendwo, Allemagne", "refused_area"),
        (PARIS, NEAR, "refused_area_postcode"),
        (AROUND, NEAR, ""),
        (AROUND, LYON, "refused_area"),
        (AROUND, "3 rue Bleue, 75009 Paris", "refused_area_map"),
        (BOTH, "3 rue Bleue, 75009 Paris", ""),
        (BOTH, NEAR, ""),
        (BOTH, LYON, "refused_area"),
        (area(countries=["FR", "BE"]), "5 rue Neuve, 1000 Bruxelles, Belgique", ""),
        (area(countries=["FR"]), "5 rue Neuve, 1000 Bruxelles, Belgium", "refused_area"),
        (area(countries=["BE"]), "3 rue Bleue, 75009 Paris", "refused_area"),
    ],
)
def test_an_address_is_taken_or_the_reason_is_named(where: Area, words: str, reason: str) -> None:
    assert where.refusal(words, "FR", HOME) == reason


def test_a_distance_needs_something_to_measure_from() -> None:
    assert AROUND.refusal(NEAR, "FR", None) == "refused_area"
    assert BOTH.refusal(NEAR, "FR", None) == "refused_area_postcode"
    assert area(within_km=30, of=[45.75, 4.85]).refusal(LYON, "FR", HOME) == ""


@pytest.mark.parametrize(
    ("words", "country", "code"),
    [
        ("75 rue X, 75011 Paris", "FR", "75011"),
        ("10 Downing Street, London sw1a 2aa", "GB", "SW1A2AA"),
        ("Rua A 5, 1100-148 Lisboa", "PT", "1100148"),
        ("MG Road 12, Bengaluru 560 001", "IN", "560001"),
        ("Damrak 1, 1012 LG Amsterdam", "NL", "1012LG"),
        ("Bahnhofstr. 12, 8001 Zürich", "CH", "8001"),
        ("12 Somewhere, 123456 Elsewhere", "", "123456"),
        ("12 rue des Lilas", "FR", ""),
    ],
)
def test_the_postcode_is_found_by_the_country(words: str, country: str, code: str) -> None:
    assert find_postcode(words, country) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("5 rue Neuve, 1000 Bruxelles, Belgique", "BE"),
        ("Calle Mayor 1, 28013 Madrid, España", "ES"),
        ("Hauptstr. 1, 10115 Berlin Deutschland", "DE"),
        ("MG Road, 560001 Bengaluru, भारत", "IN"),
        ("12 place d'Italie, 75013 Paris", ""),
        ("75013 Paris, 12 place d'Italie", ""),
        ("3 rue Bleue", ""),
    ],
)
def test_a_country_is_named_at_the_end_only(words: str, code: str) -> None:
    assert named_country(words) == code


def test_what_may_be_said_of_it() -> None:
    assert BOTH.facts == {"name": "", "postcodes": ["75..."], "countries": [], "km": "30"}
