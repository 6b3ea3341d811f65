"""The types of the fields that merchants hand in; each refusal says how to mend the value."""

import difflib
import re
from datetime import UTC, datetime
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

TIME_EXAMPLE = "2026-11-23T14:05:00Z"
# Places with an ISO code where nobody has a telephone.
_NO_PHONES = {"AQ", "BV", "GS", "HM", "PN", "TF", "UM"}
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def storable(text: str) -> str:
    """Refuse what no database takes and no screen shows."""
    if any(ord(c) < 32 and c not in "\n\r\t" for c in text):
        raise ValueError("has a control character in it")
    return text


def plain(text: str) -> str:
    """Refuse what would break a line of a file or a link."""
    if not text.isprintable():
        raise ValueError("has a line break or a control character in it")
    return text


def plausible(moment: datetime) -> bool:
    """Whether a time can be meant: not the wrong end of the calendar, nor 1970."""
    return _EARLIEST <= moment <= _LATEST


def _instant(moment: datetime) -> datetime:
    # Checked first: the ends of the calendar cannot be turned into UTC.
    if not plausible(moment):
        raise ValueError("lies outside the years 2000 to 2099")
    return moment.astimezone(UTC)


def _written_time(value: object) -> object:
    """Refuse bare numbers, which would be read as seconds since 1970."""
    if not isinstance(value, str) or not re.match(r"\d{4}-", value):
        raise ValueError(f"must be a date and time like {TIME_EXAMPLE}")
    return value


def read_country(code: str) -> str:
    """A country's code in capitals. Raises ValueError for none."""
    upper = code.strip().upper()
    if upper in phonenumbers.SUPPORTED_REGIONS or upper in _NO_PHONES:
        return upper
    hint = "; the United Kingdom is GB" if upper == "UK" else ""
    raise ValueError(f"{code!r} is not a country (ISO 3166-1, two letters, as in FR){hint}")


def _language(code: str) -> str:
    if code.strip().lower() == "hinglish":
        return "hi-Latn"
    try:
        locale = Locale.parse(code.replace("_", "-"), sep="-")
        # Hindi in Latin letters is worded apart; no other script or region is.
        romanised = (locale.language, locale.script) == ("hi", "Latn")
        return "hi-Latn" if romanised else locale.language
    except (UnknownLocaleError, ValueError):
        raise ValueError(f"{code!r} is not a language (BCP 47, as in en or fr-CA)") from None


def _currency(code: str) -> str:
    if code.upper() not in _currencies():
        raise ValueError(f"{code!r} is not a currency (ISO 4217, as in EUR)")
    return code.upper()


def _timezone(name: str) -> str:
    if name in _timezones():
        return name
    close = difflib.get_close_matches(name, _timezones(), n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    raise ValueError(f"{name!r} is not a time zone (IANA, as in Europe/Paris){hint}")


def _email(address: str) -> str:
    if _EMAIL.fullmatch(address):
        return address.lower()
    raise ValueError(f"{address!r} is not an e-mail address")


def _whole(value: object) -> object:
    """Refuse what JSON libraries and spreadsheets make of a sum: yes, "12.90", 12.9."""
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,18}", str(value)):
        raise ValueError("must be a whole number of minor units, 1290 for 12.90")
    return value


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(storable)
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(plain),
]
Service = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=100),
    AfterValidator(plain),
    Field(examples=["express"]),
]
Email = Annotated[Text, AfterValidator(_email)]
Country = Annotated[
    str, AfterValidator(read_country), Field(description="ISO 3166-1 alpha-2", examples=["FR"])
]
Language = Annotated[str, AfterValidator(_language), Field(description="BCP 47", examples=["fr"])]
Currency = Annotated[
    str, AfterValidator(_currency), Field(description="ISO 4217", examples=["EUR"])
]
Timezone = Annotated[
    str, AfterValidator(_timezone), Field(description="IANA", examples=["Europe/Paris"])
]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written_time),
    AfterValidator(_instant),
    Field(description="with Z or an offset", examples=[TIME_EXAMPLE]),
]
MinorUnits = Annotated[
    int, BeforeValidator(_whole), Field(ge=0, le=10**15, description="1290 for 12.90 EUR")
]
