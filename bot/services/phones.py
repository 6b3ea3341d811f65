"""Phone numbers as people write them, kept in E.164; what cannot be one is explained."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

_EXAMPLE = "write it with its country, like +33639981234"


def normalise_phone(number: str, country: str | None = None) -> str:
    """Return a number in E.164, "06 39 98 12 34" in France as +33639981234.

    A number is taken when its length is possible in its country, not only when its range is
    known to be in use: numbering plans grow faster than any table.

    Args:
        number: in national or international form.
        country: ISO 3166-1 alpha-2, where a national form is meant.

    Raises:
        ValueError: it is none; the message says what to do.
    """
    shown = repr(number if len(number) <= 40 else number[:37] + "...")
    try:
        parsed = phonenumbers.parse(number, country)
    except NumberParseException as error:
        raise ValueError(f"{shown} {_why_unreadable(error, country)}") from None
    if parsed.extension:
        raise ValueError(f"{shown} has an extension, which no message can reach; leave it out")
    region = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    match phonenumbers.is_possible_number_with_reason(parsed):
        case ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise ValueError(f"{shown} lacks its area code; {_EXAMPLE}")
        case ValidationResult.TOO_SHORT:
            raise ValueError(f"{shown} is too short for a phone number of {region}")
        case ValidationResult.TOO_LONG:
            raise ValueError(f"{shown} is too long for a phone number of {region}")
        case _:
            raise ValueError(f"{shown} has not the length of a phone number of {region}")


def _why_unreadable(error: NumberParseException, country: str | None) -> str:
    match error.error_type:
        case NumberParseException.INVALID_COUNTRY_CODE if not country:
            return f"is in national form and no country is given; {_EXAMPLE}, or give the country"
        case NumberParseException.INVALID_COUNTRY_CODE:
            return f"does not begin with a country code that exists; {_EXAMPLE}"
        case NumberParseException.TOO_LONG:
            return "is too long for a phone number"
        case NumberParseException.TOO_SHORT_AFTER_IDD | NumberParseException.TOO_SHORT_NSN:
            return "is too short for a phone number"
        case _:
            return f"is not a phone number; {_EXAMPLE}"
