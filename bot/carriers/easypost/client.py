"""Asking EasyPost."""

from urllib.parse import urlencode

import aiohttp

from bot.carriers.base import CarrierEvent
from bot.carriers.easypost.parse import events
from bot.carriers.estimates import told_at
from bot.carriers.shared import answered, base_of
from bot.channels.base import Account
from bot.channels.http import Http
from bot.channels.reading import credential
from bot.domain.errors import MalformedUpdate, Temporary

API_BASE = "https://api.easypost.com/v2"


async def track(http: Http, account: Account, number: str) -> list[CarrierEvent]:
    """Every detail of a parcel; none for a number that has no tracker."""
    url = f"{base_of(account, API_BASE)}/trackers?{urlencode({'tracking_code': number})}"
    key = aiohttp.encode_basic_auth(credential(account, "api_key"), "")
    reply = await http.get(url, headers={"Authorization": key})
    document, told = answered(reply, "easypost"), told_at(reply)
    try:
        found = document.each("trackers")
        return [event for tracker in found for event in events(account, tracker, told)]
    except MalformedUpdate as error:
        raise Temporary(f"easypost: {error}") from error
