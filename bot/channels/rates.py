"""Prices, as an account's options name them: `price_FR: 0.0740 EUR`, else `price`."""

import logging
from decimal import Decimal, InvalidOperation

from bot.channels.base import Account, Cost
from bot.channels.phones import region_of

_log = logging.getLogger(__name__)


def price(account: Account, name: str, to: str, pieces: int) -> Cost:
    """What a number of pieces costs to a phone number, by the rate of its country.

    Args:
        name: of the option, before which country: `price` is also `price_FR` and so on.
        to: in E.164.
        pieces: what the provider counts.
    """
    country = region_of(to)
    given = account.options.get(f"{name}_{country}") or account.options.get(name)
    if not given:
        return Cost(pieces)
    amount, _, currency = given.strip().partition(" ")
    try:
        return Cost(pieces, Decimal(amount) * pieces, currency.strip().upper())
    except InvalidOperation:
        _log.warning("account %s: %s: %r is no price like 0.0740 EUR", account.id, name, given)
        return Cost(pieces)
