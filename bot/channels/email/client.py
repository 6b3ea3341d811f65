"""Handing mail to an SMTP server by aiosmtplib."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import Any
from uuid import UUID

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from bot.channels.base import Account
from bot.channels.email.addresses import domain_of, message_id, reply_address
from bot.channels.email.errors import refusal
from bot.channels.reading import credential
from bot.domain.errors import OutcomeUnknown, Permanent, Temporary

TIMEOUT = 30.0
"""Seconds to wait for each of the server's answers."""
_SECURITY = ("starttls", "tls", "none")


async def send(
    account: Account, to: str, payload: Mapping[str, Any], reference: UUID, patience: float
) -> str:
    """Send one mail; returns its Message-ID.

    Raises:
        Temporary: not reached, or asked to come again (4xx).
        Permanent: refused (5xx), with the reason in words.
        OutcomeUnknown: the server went silent after it had the whole mail.
    """
    mail = compose(account, to, payload, reference)
    async with _server(account, patience) as server:
        try:
            await server.mail(account.address)
            await server.rcpt(to)
        except SMTPResponseException as error:
            raise refusal(error.code, error.message) from error
        except (SMTPException, OSError) as error:
            raise Temporary(f"smtp: {error}") from error
        try:
            await server.data(mail.as_bytes(policy=WIRE))
        except SMTPResponseException as error:
            raise refusal(error.code, error.message) from error
        except (SMTPException, OSError) as error:
            raise OutcomeUnknown(f"smtp: the mail left and no answer came: {error}") from error
    return str(mail["Message-ID"])


def compose(account: Account, to: str, payload: Mapping[str, Any], reference: UUID) -> EmailMessage:
    """Make the mail; the library refuses line breaks in a header, so nothing can be injected."""
    domain = domain_of(account)
    local, _, _ = account.address.rpartition("@")
    mail = EmailMessage(policy=WIRE)
    try:
        mail["From"] = Address(payload["sender"], local, domain)
        mail["To"] = to
        mail["Subject"] = payload["subject"]
        mail["Reply-To"] = reply_address(account, payload["reply_token"])
    except ValueError as error:
        raise Permanent(f"the mail's head cannot be written: {error}") from error
    mail["Date"] = datetime.fromisoformat(payload["at"])
    mail["Message-ID"] = message_id(account, reference)
    # One parent for the whole conversation: mail programs then show it as one thread.
    thread = f"<thread.{payload['thread']}@{domain}>"
    answers = str(payload["answers"])
    mail["In-Reply-To"] = answers or thread
    mail["References"] = f"{thread} {answers}".strip()
    mail["Content-Language"] = payload["language"]
    # RFC 3834: an out-of-office reply to this would only meet a bot.
    mail["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
    if payload["refuse_url"]:
        # RFC 8058: the mail program's own button unsubscribes without a page.
        mail["List-Unsubscribe"] = f"<{payload['refuse_url']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(payload["text"])
    mail.add_alternative(payload["html"], subtype="html")
    if file := payload.get("file"):
        kind, _, subtype = file["content_type"].partition("/")
        mail.add_attachment(file["content"], maintype=kind, subtype=subtype, filename=file["name"])
    return mail


@asynccontextmanager
async def _server(account: Account, patience: float) -> AsyncIterator[SMTP]:
    server = _client(account, patience)
    try:
        await server.connect()
    except aiosmtplib.SMTPAuthenticationError as error:
        raise Permanent(
            f"smtp_user, smtp_password: refused ({error.message})", "account"
        ) from error
    except (SMTPException, OSError) as error:
        raise Temporary(f"smtp: not reached: {error}") from error
    try:
        yield server
    finally:
        with suppress(SMTPException, OSError):
            await server.quit()


def _client(account: Account, patience: float) -> SMTP:
    options = account.options
    host, port = options.get("smtp_host", ""), options.get("smtp_port", "587")
    security = options.get("smtp_security", "starttls")
    if not host:
        raise Permanent("smtp_host: the account names no mail server", "account")
    if not port.isdecimal():
        raise Permanent(f"smtp_port: {port!r} is no number", "account")
    if security not in _SECURITY:
        raise Permanent(f"smtp_security: must be one of {', '.join(_SECURITY)}", "account")
    user = account.secrets.get("smtp_user")
    return SMTP(
        hostname=host,
        port=int(port),
        username=user,
        password=credential(account, "smtp_password") if user else None,
        use_tls=security == "tls",
        start_tls=security == "starttls",
        timeout=patience,
    )
