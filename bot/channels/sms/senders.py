"""Who an SMS is from: the account's number, or what its options say for a country.

The option `sender_FR: MAISONLUNE` gives a name or another number for recipients in France. A name
(GSM alphabetic sender: 1 to 11 letters, digits and spaces, a letter among them) cannot be answered,
so what asks for an answer goes from the account's number all the same.
https://www.twilio.com/docs/messaging/guides/alphanumeric-sender-id
"""

import logging
import re

from bot.channels.base import Account, Sender
from bot.channels.phones import region_of

_log = logging.getLogger(__name__)
_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 _+&-]{1,11}")


def sender(account: Account, to: str, *, asks: bool) -> Sender:
    """Who writes to a number in E.164."""
    option = f"sender_{region_of(to)}"
    given = account.options.get(option, "").strip()
    if _NUMBER.fullmatch(given):
        return Sender(given)
    if given and not _NAME.fullmatch(given):
        problem = "is neither a number nor a name of up to 11 letters and digits"
        _log.warning("account %s: %s: %r %s", account.id, option, given, problem)
        given = ""
    if not given or asks:
        return Sender(account.address)
    return Sender(given, answerable=False)
