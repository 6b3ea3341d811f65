"""Asking USPS.

https://developers.usps.com/trackingv3
"""

from http import HTTPStatus
from urllib.parse import quote

from bot.carriers.base import CarrierEvent
from bot.carriers.shared import Tokens, answered, base_of
from bot.carriers.usps.parse import events
from bot.channels.base import Account
from bot.channels.http import Http, Reply
from bot.channels.reading import credential
from bot.domain.errors import MalformedUpdate, Temporary

API_BASE = "https://apis.usps.com"


async def track(http: Http, tokens: Tokens, account: Account, number: str) -> list[CarrierEvent]:
    """Every event of a parcel; none for an unknown number."""
    base = base_of(account, API_BASE)

    async def call(headers: dict[str, str]) -> Reply:
        url = f"{base}/tracking/v3/tracking/{quote(number, safe='')}?expand=DETAIL"
        return await http.get(url, headers=headers)

    credentials = {
        "grant_type": "client_credentials",
        "client_id": credential(account, "client_id"),
        "client_secret": credential(account, "client_secret"),
    }
    reply = await tokens.ask(account, call, f"{base}/oauth2/v3/token", json=credentials)
    if reply.status == HTTPStatus.NOT_FOUND:
        return []
    try:
        return events(answered(reply, "usps"))
    except MalformedUpdate as error:
        raise Temporary(f"usps: {error}") from error
