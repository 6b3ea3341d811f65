"""Whether a message that nobody asked for has to wait for its recipient's morning."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from bot.domain.consent import Purpose
from bot.domain.conversation import Contact
from bot.domain.quiet import next_allowed, quiet_for
from bot.domain.request import Policy


def may_go_at(policy: Policy, contact: Contact, purpose: str, now: datetime) -> datetime:
    """The first moment from `now` on at which the contact may be written to for a purpose.

    By the merchant's quiet hours, else by those of the contact's country, in their own zone.
    """
    quiet = quiet_for(policy.quiet_hours, contact.country, Purpose(purpose))
    if quiet is None:
        return now
    closed = public_holidays(contact.country)
    return next_allowed(quiet, now, ZoneInfo(contact.timezone), lambda day: day in closed)


@lru_cache(maxsize=64)
def public_holidays(country: str, region: str = "") -> "holidays.HolidayBase | frozenset[date]":
    """A country's public holidays, worked out year by year as they are asked for.

    Args:
        region: a part of the country that has its own, by its ISO 3166-2 code (`BY`, `DE-BY`);
            one that is not known has those of the whole country.
    """
    part = region.upper().removeprefix(f"{country}-")
    try:
        return holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        return public_holidays(country) if part else frozenset()
