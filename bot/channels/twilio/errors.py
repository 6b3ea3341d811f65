"""Twilio's error codes, in words and by what to do next.

https://www.twilio.com/docs/api/errors
"""

from datetime import timedelta

from bot.domain.errors import DoorstepError, Limited, OptedOut, Permanent, WindowClosed

_WORDS = {
    "20003": "the account's credentials are refused",
    "21211": "the recipient's number is not a number",
    "21408": "the account may not send to this country",
    "21601": "the sender's number cannot send SMS",
    "21606": "the sender's number cannot send to this recipient",
    "21608": "a trial account sends to verified numbers only",
    "21610": "the recipient has opted out at Twilio",
    "21612": "there is no route from this sender to this recipient",
    "21614": "the recipient's number is not a mobile number",
    "21617": "the text is longer than 1600 characters",
    "21660": "the sender's number belongs to another account",
    "30003": "the recipient's phone is off or out of reach",
    "30004": "the recipient's network or phone blocks the message",
    "30005": "the recipient's number does not exist",
    "30006": "the recipient's number is a landline or its network takes no SMS",
    "30007": "the recipient's network filtered the message",
    "30008": "the recipient's network gave no reason",
    "30034": "the sender's number is not registered for this traffic",
    "63003": "the recipient's address is no WhatsApp number",
    "63005": "WhatsApp refuses the message's content",
    "63007": "the sender is no WhatsApp sender of this account",
    "63013": "WhatsApp's policy forbids the message",
    "63016": "the 24-hour window is closed, and the message is no template",
    "63018": "too many messages for this WhatsApp sender",
    "63024": "the recipient cannot receive WhatsApp messages",
    "63032": "WhatsApp holds messages back from this recipient as an experiment",
    "63033": "the recipient has blocked the sender",
    "63040": "the template was rejected by WhatsApp",
    "63041": "the template is paused by WhatsApp",
    "63042": "the template is disabled by WhatsApp",
    "63049": "WhatsApp chose not to deliver a marketing message",
}
OPTED_OUT = "21610"
WINDOW_CLOSED = "63016"
GONE = {"21211", "21614", "30005", "30006"}
"""There is no such number, or it takes no SMS: nothing sent to it will arrive."""
# Too many requests, the rate limit of an account, a full queue of a sender.
_BUSY = {"20429", "14107", "21611", "30001", "30022", "63018"}
_WAIT = timedelta(seconds=5)


def in_words(code: str, said: str) -> str:
    """Return the code and what it means, or Twilio's own words for one we do not know."""
    return f"{code} {_WORDS.get(code, said)}".strip()


def refusal(code: str, said: str) -> DoorstepError:
    """Return the error for a refused request: Limited where waiting helps, else Permanent."""
    if code in _BUSY:
        return Limited(in_words(code, said), _WAIT)
    kind = {OPTED_OUT: OptedOut, WINDOW_CLOSED: WindowClosed}.get(code, Permanent)
    return kind(in_words(code, said), code or None)
