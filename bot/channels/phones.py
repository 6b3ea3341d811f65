"""Telephone numbers in the one form in which the house keeps them, E.164."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult


def e164(number: str, region: str | None = None) -> str:
    """Return a number as +447700900123; what is no number (a short code) comes back as it is.

    Args:
        number: in any form.
        region: ISO 3166 alpha-2, the country in which a national form is meant.
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return number.strip()
    # "Possible", not "valid": numbering plans grow faster than the library's tables.
    if phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return number.strip()
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def region_of(number: str) -> str | None:
    """Return the country of an international number (ISO 3166 alpha-2), if it is one."""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return None
    # Several countries share a code: +1 416 is Canada, +7 701 Kazakhstan. A number outside the
    # library's tables is of its code's main country.
    own = phonenumbers.region_code_for_number(parsed)
    code = parsed.country_code
    return own or (phonenumbers.region_code_for_country_code(code) if code else None)
