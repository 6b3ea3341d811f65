"""Asking FedEx.

https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html
"""

from bot.carriers.base import CarrierEvent
from bot.carriers.fedex.parse import results
from bot.carriers.shared import Tokens, answered, base_of
from bot.channels.base import Account
from bot.channels.http import Http, Reply
from bot.channels.reading import credential
from bot.domain.errors import MalformedUpdate, Temporary

API_BASE = "https://apis.fedex.com"


async def track(http: Http, tokens: Tokens, account: Account, number: str) -> list[CarrierEvent]:
    """Every scan of a parcel; none for an unknown number."""
    base = base_of(account, API_BASE)
    asked = {
        "includeDetailedScans": True,
        "trackingInfo": [{"trackingNumberInfo": {"trackingNumber": number}}],
    }

    async def call(headers: dict[str, str]) -> Reply:
        url = f"{base}/track/v1/trackingnumbers"
        return await http.post(url, json=asked, headers={**headers, "X-locale": "en_US"})

    credentials = {
        "grant_type": "client_credentials",
        "client_id": credential(account, "client_id"),
        "client_secret": credential(account, "client_secret"),
    }
    reply = await tokens.ask(account, call, f"{base}/oauth/token", data=credentials)
    try:
        return results(answered(reply, "fedex"))
    except MalformedUpdate as error:
        raise Temporary(f"fedex: {error}") from error
