"""Mails as they travel: ours read, the people's answers and the server's bounces written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime

from sandbox.phones import Option

DOMAIN = "phones.example"
REQUIRED = ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version")
_CHOICE = re.compile(r"^\d+ (.+): (https?://\S+/m/\S+/\d+)$", re.MULTILINE)
_ADDRESS = re.compile(r"(\d{6,15})@" + re.escape(DOMAIN))


def address_of(number: str) -> str:
    """The mailbox of whoever has a phone number."""
    return f"{number.lstrip('+')}@{DOMAIN}"


def number_of(address: str) -> str | None:
    """The phone number of whoever has a mailbox; None where there is no such mailbox."""
    found = _ADDRESS.fullmatch(address.strip().lower())
    return f"+{found[1]}" if found else None


@dataclass(frozen=True, slots=True)
class Received:
    """A mail of the business, as its recipient's mail program shows it."""

    message_id: str
    subject: str
    reply_to: str
    text: str
    options: list[Option]
    unsubscribe: str | None
    problems: list[str]
    media: str | None = None


def read(raw: bytes) -> Received:
    """Read a mail; what a mail program would stumble over is among the problems."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    problems = [f"{name}: is missing" for name in REQUIRED if not mail[name]]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    problems += [f"no {kind} part" for kind, part in (("plain", plain), ("html", html)) if not part]
    text = str(plain.get_content()).replace("\r\n", "\n") if plain else ""
    options = [Option(url, title, kind="link", url=url) for title, url in _CHOICE.findall(text)]
    unsubscribe = str(mail["List-Unsubscribe"] or "").strip("<> ") or None
    return Received(
        message_id=str(mail["Message-ID"] or ""),
        subject=str(mail["Subject"] or ""),
        reply_to=str(mail["Reply-To"] or mail["From"] or ""),
        text=_shown(text),
        options=options,
        unsubscribe=unsubscribe,
        problems=problems,
        media=_file_of(mail),
    )


def _file_of(mail: EmailMessage) -> str | None:
    """What is attached, as phones call it."""
    for part in mail.iter_attachments():
        return "image" if part.get_content_maintype() == "image" else "document"
    return None


def _shown(text: str) -> str:
    """The words of a mail: without the choices, which are shown as buttons, and the signature."""
    words = _CHOICE.sub("", text).split("\n-- \n")[0].strip()
    head, _, rest = words.partition("\n\n")
    return rest.strip() if rest else head


def write(
    *,
    sender: tuple[str, str],
    to: str,
    subject: str,
    text: str,
    message_id: str,
    at: datetime,
    answers: tuple[str, str] | None = None,
) -> bytes:
    """A person's mail; an answer quotes the mail it answers, as mail programs do.

    Args:
        sender: name and address.
        answers: Message-ID and text of the mail that is answered.
    """
    mail = EmailMessage(policy=policy.SMTP)
    name, address = sender
    mail["From"] = f"{name} <{address}>"
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    body = text
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers[0]
        quoted = "\n".join(f"> {line}" for line in answers[1].split("\n"))
        body += f"\n\nOn {at:%a, %d %b %Y at %H:%M}, {to} wrote:\n\n{quoted}\n"
    mail.set_content(body)
    return mail.as_bytes()


def attached(raw: bytes, content_type: str, body: bytes, name: str) -> bytes:
    """The same mail with a file."""
    mail = message_from_bytes(raw, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)
    main, _, sub = content_type.partition("/")
    mail.add_attachment(body, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


FULL = ("5.2.2", "552 5.2.2 Mailbox full")
NOT_THERE = ("5.1.1", "550 5.1.1 No such user here")


def bounce(original: bytes, recipient: str, at: datetime, why: tuple[str, str] = FULL) -> bytes:
    """A delivery status notification (RFC 3464) for a mailbox that is full, or not there."""
    status, said = why
    ours = message_from_bytes(original, policy=policy.default)
    report = (
        "Reporting-MTA: dns; mx.phones.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\n"
        f"Action: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {said}\r\n"
    )
    lines = [
        f"From: Mail Delivery System <mailer-daemon@{DOMAIN}>",
        f"To: {ours['From']}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(at)}",
        "Return-Path: <>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b0unce"',
        "",
        "--b0unce",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "Your mail could not be delivered.",
        "--b0unce",
        "Content-Type: message/delivery-status",
        "",
        report,
        "--b0unce",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {ours['Message-ID']}",
        "",
        "--b0unce--",
        "",
    ]
    return "\r\n".join(lines).encode()
