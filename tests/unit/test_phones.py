"""Phone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.phones import normalise_phone


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("06 39 98 12 34", "FR", "+33639981234"),
        ("06.39.98.12.34", "FR", "+33639981234"),
        ("6 39 98 12 34", "FR", "+33639981234"),
        ("0033 6 39 98 12 34", "FR", "+33639981234"),
        ("33639981234", "FR", "+33639981234"),
        ("+33 (0)6 39 98 12 34", None, "+33639981234"),
        ("+33639981234", "GB", "+33639981234"),
        ("07700 900123", "GB", "+447700900123"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("98765 43210", "IN", "+919876543210"),
        ("tel:+33-6-39-98-12-34", None, "+33639981234"),
        ("٠٦٣٩٩٨١٢٣٤", "FR", "+33639981234"),
    ],
)
def test_a_number_is_kept_in_e164(written: str, country: str | None, kept: str) -> None:
    assert normalise_phone(written, country) == kept


@pytest.mark.parametrize(
    ("written", "country", "why"),
    [
        ("06 39 98 12 34", None, "no country is given"),
        ("call me", "FR", "is not a phone number"),
        ("", "FR", "is not a phone number"),
        ("06 39 98", "FR", "too short for a phone number of FR"),
        ("06 39 98 12 34 56 78", "FR", "too long for a phone number of FR"),
        ("1" * 300, "FR", "too long"),
        ("+999 1234567", "FR", "country code"),
        ("555-0123", "US", "area code"),
        ("+33 6 39 98 12 34 ext 12", None, "extension"),
        ("3.36E+10", "FR", "phone number"),
    ],
)
def test_what_is_none_is_explained(written: str, country: str | None, why: str) -> None:
    with pytest.raises(ValueError, match=why) as raised:
        normalise_phone(written, country)
    assert len(str(raised.value)) < 200


@given(st.text(max_size=60), st.sampled_from([None, "FR", "US", "IN", "ZZ", ""]))
def test_whatever_is_written_a_number_or_an_explanation_comes_of_it(
    written: str, country: str | None
) -> None:
    try:
        number = normalise_phone(written, country)
    except ValueError as error:
        assert str(error)  # noqa: PT017  either outcome is right
    else:
        assert number[0] == "+"
        assert number[1:].isdecimal()
        assert normalise_phone(number) == number
