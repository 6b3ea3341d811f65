"""Asking FedEx.

https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html
"""

from http import HTTPStatus

from bot.carriers.base import CarrierEvent
from bot.carriers.estimates import told_at, zone_of
from bot.carriers.fedex.parse import results
from bot.carriers.shared import Tokens, answered, base_of
from bot.channels.base import Account
from bot.channels.http import Http, Reply
from bot.channels.reading import Reader, credential
from bot.domain.errors import MalformedUpdate, OutcomeUnknown, Temporary

API_BASE = "https://apis.fedex.com"


async def track(http: Http, tokens: Tokens, account: Account, number: str) -> list[CarrierEvent]:
    """Every scan of a parcel; none for an unknown number.

    Raises:
        Limited, Temporary, Permanent: as `Polled.track`.
    """
    try:
        reply = await _ask(http, tokens, account, number)
        if _no_such_number(reply):
            return []
        return results(answered(reply, "fedex"), zone_of(account), told_at(reply))
    except (MalformedUpdate, OutcomeUnknown) as error:
        # Nothing is changed by asking: what came of it is heard by asking again.
        raise Temporary(f"fedex: {error}") from error


async def _ask(http: Http, tokens: Tokens, account: Account, number: str) -> Reply:
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
    return await tokens.ask(account, call, f"{base}/oauth/token", data=credentials)


def _no_such_number(reply: Reply) -> bool:
    """Whether the number is what FedEx refuses; else one parcel would hold up all the others."""
    if reply.status == HTTPStatus.NOT_FOUND:
        return True
    if reply.status != HTTPStatus.BAD_REQUEST:
        return False
    try:
        codes = [one.text_at("code") for one in Reader(reply.document).each("errors")]
    except MalformedUpdate:
        return False
    return any(code.startswith("TRACKING.") for code in codes)
