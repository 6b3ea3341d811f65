"""Mail that comes in: what the customer wrote, without what their mail program put around it."""

import hashlib
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

from inscriptis import get_text
from mailparser_reply import EmailReplyParser

from bot.channels.base import (
    Account,
    Inbound,
    InboundKind,
    Update,
    WebhookRequest,
)
from bot.channels.email.addresses import normal, token_in
from bot.channels.email.bounces import is_bounce, read_bounce
from bot.channels.reading import storable
from bot.domain.errors import MalformedUpdate

_LANGUAGES = ["en", "fr", "de", "es", "it"]
"""Whose "on Monday Ada wrote:" the library knows; the others' is found by its colon and quote."""
_CAME_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_MACHINES = {"bulk", "junk", "list", "auto_reply"}
_WRAPPED = 3
"""Lines of "on Monday, 23 November 2026, Ada <ada@example.org> wrote:" at most."""
_DATED = re.compile(r"\b20\d\d\b|<[^>]*$")
"""What the first of them has: the date, or an address that goes on in the next."""
_SIGNED = re.compile(r"^--[ \t]*$", re.MULTILINE)
_SENT_FROM = re.compile(
    r"(?=.{1,100}$)(?=.*(?:phone|téléphone|ipad|android|outlook|mail|yahoo|proton|galaxy|samsung"
    r"|huawei|xiaomi|redmi|pixel|blackberry|mobile?\b|móvil|handy|telefon|telem[oó]vel|celular"
    r"|cellulare))"
    r"(?:sent (?:from|with|via)|envoyé (?:de|avec)|gesendet (?:von|mit|über)|von mein\w+ .+ gesendet"
    r"|enviado (?:desde|con|com|do|de|a partir|pelo)|inviato (?:da|con|dal)"
    r"|(?:get|obtenir|télécharge[rz]|obtener|descargar?|obter|baixar|scarica|ottieni|holen|hole) .*outlook"
    r"|.+ se bhej[aie]|.+ से भेज)",
    re.IGNORECASE,
)
"""What a telephone puts below every mail, in the languages that we speak."""
_KINDS = {"image": InboundKind.image, "audio": InboundKind.voice, "video": InboundKind.video}
_LONGEST = 10_000
"""Characters of an answer that are read; whole novels are no wish about a parcel."""


def parse(account: Account, request: WebhookRequest) -> list[Update]:
    """Read a raw mail.

    Raises:
        MalformedUpdate: it is no mail (no sender).
    """
    mail = message_from_bytes(request.body, policy=policy.default)
    if is_bounce(mail):
        return list(read_bounce(mail))
    sender = _sender(mail)
    if _is_from_a_machine(mail) or sender == normal(account.address):
        return []
    return [_inbound(mail, sender, request.body)]


def _inbound(mail: EmailMessage, sender: str, body: bytes) -> Inbound:
    name = next((shown for shown, _ in _people(mail, "From")), "")
    kind, file = _attached(mail)
    text = _written(mail)
    return Inbound(
        key=_header(mail, "Message-ID") or hashlib.sha256(body).hexdigest(),
        sender=sender,
        kind=InboundKind.text if text or kind is None else kind,
        text=text,
        sender_name=storable(name)[:100] or None,
        file=file,
        reply_token=token_in(" ".join(_header(mail, field) for field in _CAME_TO)),
        raw={"subject": _header(mail, "Subject")[:300], "attachments": len(_files(mail))},
    )


def _sender(mail: EmailMessage) -> str:
    addresses = [normal(address) for _, address in _people(mail, "From")]
    if not addresses or "@" not in addresses[0]:
        raise MalformedUpdate("From: must name who sent the mail")
    return storable(addresses[0])


def _people(mail: EmailMessage, field: str) -> list[tuple[str, str]]:
    return getaddresses([_header(mail, field)])


def _header(mail: EmailMessage, name: str) -> str:
    """Every value of a header as one text; one that cannot be read counts as absent."""
    try:
        values = mail.get_all(name, [])
    except (ValueError, IndexError, AttributeError, TypeError):
        # The library's parser of structured headers trips over some broken ones.
        return ""
    return storable(" ".join(str(value) for value in values)).strip()


def _is_from_a_machine(mail: EmailMessage) -> bool:
    """An out-of-office reply, a newsletter: answering one may go on for ever (RFC 3834)."""
    submitted = _header(mail, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if _header(mail, "Precedence").lower() in _MACHINES:
        return True
    if any(_header(mail, name) for name in ("List-Id", "X-Autoreply", "X-Autorespond")):
        return True
    return _header(mail, "Return-Path") == "<>"


def _written(mail: EmailMessage) -> str:
    """The words above the quoted mail and the signature."""
    text = storable(_body(mail)).replace("\r\n", "\n")[: 5 * _LONGEST]
    # The library takes seconds over a few thousand empty lines.
    above = re.sub(r"\n\s*\n", "\n\n", _above_quote(text))
    own = EmailReplyParser(languages=_LANGUAGES).parse_reply(text=above) or ""
    return _unsigned(own).strip()[:_LONGEST]


def _unsigned(text: str) -> str:
    """A text without what is put below every mail: "STOP" and a signature still means stop."""
    lines = _SIGNED.split(text, maxsplit=1)[0].rstrip().split("\n")
    while lines and (not lines[-1].strip() or _SENT_FROM.match(lines[-1].strip())):
        lines.pop()
    return "\n".join(lines)


def _above_quote(text: str) -> str:
    """A text without the quote below it, in any language: "somebody wrote:", then lines with >."""
    lines = text.rstrip().split("\n")
    said = 0
    for place, line in enumerate(lines):
        if not line.startswith(">"):
            said = place if line.strip() else said
        elif place and lines[said].rstrip().endswith(":"):
            return "\n".join(lines[: _attribution(lines, said)])
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        lines.pop()
    return "\n".join(lines)


def _attribution(lines: list[str], last: int) -> int:
    """Where "somebody wrote:" begins; programs wrap it when it is long."""
    for place in range(last, max(last - _WRAPPED, -1), -1):
        if not lines[place].strip():
            break
        if _DATED.search(lines[place]):
            return place
    return last


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, ValueError, KeyError, AttributeError):
        # An unknown character set, or a part that is not what it says.
        payload = part.get_payload(decode=True)
        content = payload.decode(errors="replace") if isinstance(payload, bytes) else ""
    return get_text(_unquoted(content)) if part.get_content_subtype() == "html" else content


def _unquoted(html: str) -> str:
    """HTML without the mail that it quotes, which every program marks as a block quote."""
    return re.split(r"<blockquote|<div[^>]*gmail_quote|<div[^>]*divRplyFwdMsg", html, maxsplit=1)[0]


def _files(mail: EmailMessage) -> list[EmailMessage]:
    try:
        return list(mail.iter_attachments())
    except (TypeError, KeyError, AttributeError):
        return []


def _attached(mail: EmailMessage) -> tuple[InboundKind | None, bytes | None]:
    """The first file: its kind, and what is in it."""
    first = next(iter(_files(mail)), None)
    if first is None:
        return None, None
    kind = _KINDS.get(first.get_content_maintype(), InboundKind.document)
    content = first.get_payload(decode=True)
    return kind, content if isinstance(content, bytes) and content else None
