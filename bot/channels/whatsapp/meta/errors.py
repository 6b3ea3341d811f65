"""Meta's error codes, in words and by what to do next.

https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from datetime import timedelta
from typing import cast

from bot.channels.http import Reply, raise_for_busy
from bot.domain.consent import Purpose
from bot.domain.errors import DoorstepError, Limited, OptedOut, Permanent, Temporary, WindowClosed

_WORDS = {
    "0": "the access token is refused",
    "3": "the app lacks a permission",
    "10": "the app lacks a permission",
    "100": "the request has a wrong field",
    "190": "the access token has expired",
    "368": "the business account is restricted for a policy violation",
    "130472": "the recipient is part of an experiment of Meta's",
    "130497": "the business account may not message this country",
    "131005": "the access token lacks a permission",
    "131008": "a required field is missing",
    "131009": "a field has a wrong value",
    "131021": "the recipient is the sender",
    "131026": "the recipient cannot receive it: no WhatsApp, an old version or terms not accepted",
    "131030": "the recipient is not on the test number's list",
    "131031": "the business account is locked",
    "131042": "the business account has a payment problem",
    "131045": "the number is not registered",
    "131047": "the window is closed: the customer last wrote more than 24 hours ago",
    "131049": "Meta chose not to deliver this marketing message",
    "131050": "the recipient has opted out of marketing messages",
    "131051": "this kind of message is not supported",
    "132000": "the template's variables do not match",
    "132001": "the template does not exist in this language",
    "132015": "the template is paused",
    "132016": "the template is disabled",
    "133010": "the number is not registered",
}
WINDOW_CLOSED = "131047"
_PAIR_LIMIT = "131056"
NO_MARKETING = "131050"
# How long to wait: a burst, one recipient too often, the hourly allowance.
_WAITS = {
    "4": timedelta(minutes=5),
    "80007": timedelta(minutes=5),
    "130429": timedelta(seconds=5),
    "131048": timedelta(minutes=30),
    _PAIR_LIMIT: timedelta(seconds=6),
}
_TEMPORARY = {"1", "2", "131000", "131016", "131057", "133004"}


def in_words(code: str, said: str) -> str:
    """Return the code and what it means, or Meta's own words for one we do not know."""
    return f"{code} {_WORDS.get(code, said)}".strip()


def refusal(reply: Reply) -> DoorstepError:
    """Return the error for an answer that is not a success."""
    found = reply.document.get("error")
    error = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    code = str(error.get("code", reply.status))
    words = in_words(code, str(error.get("message") or f"HTTP {reply.status}"))
    if code in _WAITS:
        wait = max(_WAITS[code], reply.wait)
        return Limited(words, wait, one_recipient=code == _PAIR_LIMIT)
    if code in _TEMPORARY or error.get("is_transient") is True:
        return Temporary(words)
    raise_for_busy(reply, words, proxies=True)
    if code == NO_MARKETING:
        return OptedOut(words, code, Purpose.marketing)
    return (WindowClosed if code == WINDOW_CLOSED else Permanent)(words, code)
