"""Mail servers' codes, in words and by what to do next (RFC 3463, RFC 5321)."""

import re
from datetime import timedelta

from bot.domain.errors import DoorstepError, Limited, Permanent, Temporary, Unreachable

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_WORDS = {
    "1.1": "there is no such mailbox",
    "1.2": "the address's domain takes no mail",
    "1.3": "the address is not a mail address",
    "1.6": "the mailbox has moved",
    "1.10": "the address's domain takes no mail",
    "2.0": "the mailbox cannot be used",
    "2.1": "the mailbox is closed",
    "2.2": "the mailbox is full",
    "2.3": "the mail is too large for the mailbox",
    "3.4": "the mail is too large",
    "4.1": "the recipient's server does not answer",
    "4.4": "no mail server is known for the address's domain",
    "4.7": "the mail could not be delivered in time",
    "7.1": "the recipient's server refuses mail from us",
    "7.26": "our mail fails the recipient's sender checks (SPF, DKIM, DMARC)",
}
_GONE = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
_BUSY = {421, 450, 451}
_WAIT = timedelta(minutes=1)


def in_words(status: str, said: str) -> str:
    """Return an enhanced status code and what it means, or the server's words for an unknown one."""
    found = _ENHANCED.search(status) or _ENHANCED.search(said)
    words = _WORDS.get(f"{found[2]}.{found[3]}") if found else None
    code = found[0] if found else status
    return f"{code} {words or ' '.join(said.split())}".strip()[:300]


def refusal(code: int, said: str) -> DoorstepError:
    """Return the error for a server's refusal: 4xx come again later, 5xx never."""
    words = in_words(str(code), said)
    if code in _BUSY:
        return Limited(words, _WAIT)
    if 400 <= code < 500:
        return Temporary(words)
    return (Unreachable if is_gone(words) else Permanent)(words, str(code))


def is_gone(words: str) -> bool:
    """Whether a refusal, as `in_words` puts it, says that there is no such mailbox."""
    return words.startswith(_GONE)
