"""Mail that came back: delivery status notifications (RFC 3464)."""

from collections.abc import Iterator
from email.message import EmailMessage

from bot.channels.base import DeliveryStatus, Receipt
from bot.channels.email.addresses import references_in
from bot.channels.email.errors import in_words, is_gone

_FATES = {
    "failed": DeliveryStatus.failed,
    "delivered": DeliveryStatus.delivered,
    "relayed": DeliveryStatus.sent,
}
"""By `Action`; `delayed` says that it is still being tried, which changes nothing."""


def is_bounce(mail: EmailMessage) -> bool:
    """Whether a mail is a server's report on one that we sent."""
    report = str(mail.get_param("report-type") or "").lower()
    return mail.get_content_type() == "multipart/report" and report == "delivery-status"


def read_bounce(mail: EmailMessage) -> Iterator[Receipt]:
    """Read what became of our mail, whose Message-ID the report returns."""
    ours = next(iter(references_in(_returned(mail))), None)
    if ours is None:
        return
    for fields in _reports(mail):
        action = fields.get("action", "").strip().lower()
        status = _FATES.get(action)
        if status is None:
            continue
        said = fields.get("diagnostic-code", "").partition(";")[2]
        failed = status is DeliveryStatus.failed
        reason = in_words(fields.get("status", ""), said)
        yield Receipt(
            key=f"{ours}:{action}",
            status=status,
            reference=ours,
            reason=reason if failed else None,
            gone=failed and is_gone(reason),
        )


def _reports(mail: EmailMessage) -> Iterator[dict[str, str]]:
    """The groups of fields of a report; the first is about the report, the others a recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            for group in part.get_payload():
                if not isinstance(group, str):
                    yield {name.lower(): str(value) for name, value in group.items()}


def _returned(mail: EmailMessage) -> str:
    """The Message-ID of the mail that a report is about, from the headers that it gives back."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            return next((str(inner["Message-ID"] or "") for inner in part.iter_parts()), "")
        if kind == "text/rfc822-headers":
            return str(part.get_payload())
    return ""
