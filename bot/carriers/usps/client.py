"""Asking USPS.

https://developers.usps.com/trackingv3
"""

from http import HTTPStatus
from urllib.parse import quote

from bot.carriers.base import CarrierEvent
from bot.carriers.estimates import told_at, zone_of
from bot.carriers.shared import Tokens, answered, base_of
from bot.carriers.usps.parse import events
from bot.channels.base import Account
from bot.channels.http import Http, Reply
from bot.channels.reading import credential
from bot.domain.errors import MalformedUpdate, OutcomeUnknown, Temporary

API_BASE = "https://apis.usps.com"
# All that differs from one question to the next is the number: what is wrong is wrong with it,
# and one parcel must not hold up all the others.
_NO_SUCH_NUMBER = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}


async def track(http: Http, tokens: Tokens, account: Account, number: str) -> list[CarrierEvent]:
    """Every event of a parcel; none for an unknown number.

    Raises:
        Limited, Temporary, Permanent: as `Polled.track`.
    """
    try:
        reply = await _ask(http, tokens, account, number)
        if reply.status in _NO_SUCH_NUMBER:
            return []
        return events(answered(reply, "usps"), zone_of(account), told_at(reply))
    except (MalformedUpdate, OutcomeUnknown) as error:
        # Nothing is changed by asking: what came of it is heard by asking again.
        raise Temporary(f"usps: {error}") from error


async def _ask(http: Http, tokens: Tokens, account: Account, number: str) -> Reply:
    base = base_of(account, API_BASE)

    async def call(headers: dict[str, str]) -> Reply:
        url = f"{base}/tracking/v3/tracking/{quote(number, safe='')}?expand=DETAIL"
        return await http.get(url, headers=headers)

    credentials = {
        "grant_type": "client_credentials",
        "client_id": credential(account, "client_id"),
        "client_secret": credential(account, "client_secret"),
    }
    return await tokens.ask(account, call, f"{base}/oauth2/v3/token", json=credentials)
