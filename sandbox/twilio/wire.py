"""Twilio's forms: errors, message resources, webhook parameters, signatures. No I/O."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from sandbox.sms_text import segments

API = "2010-04-01"
LONGEST_BODY = 1600
# An alphanumeric sender: nobody can answer it.
SENDER_NAME = r"(?=.*[A-Za-z])[A-Za-z0-9 _+&-]{1,11}"
# Twilio's default opt-out words for long codes. "ARRET" is not among them.
STOP_WORDS = frozenset(
    ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")
)
START_WORDS = frozenset(("START", "YES", "UNSTOP"))
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages "
    "from this number. Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. "
    "Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """An answer other than the message resource."""

    status: int
    code: int
    message: str

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def signature(url: str, params: Mapping[str, str], auth_token: str) -> str:
    """X-Twilio-Signature: HMAC-SHA1 over the full URL and the sorted parameters, in base64."""
    signed = url + "".join(name + params[name] for name in sorted(params))
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def webhook(url: str, params: Mapping[str, str], auth_token: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a signed form POST."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": signature(url, params, auth_token),
        "I-Twilio-Idempotency-Token": secrets.token_hex(16),
        "User-Agent": "TwilioProxy/1.1",
    }
    return urlencode(params).encode(), headers


@dataclass(slots=True)
class Sms:
    """An SMS as Twilio keeps it."""

    sid: str
    account_sid: str
    from_: str
    to: str
    body: str
    direction: str
    status: str
    created: datetime
    num_media: int = 0
    sent: datetime | None = None
    error_code: int | None = None
    error_message: str | None = None
    status_callback: str | None = None
    file: str | None = None

    def resource(self) -> dict[str, Any]:
        uri = f"/{API}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "api_version": API,
            "body": self.body,
            "date_created": _rfc2822(self.created),
            "date_sent": _rfc2822(self.sent) if self.sent else None,
            "date_updated": _rfc2822(self.sent or self.created),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": self.error_message,
            "from": self.from_,
            "messaging_service_sid": None,
            "num_media": str(self.num_media),
            "num_segments": str(segments(self.body)),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }

    def status_params(self) -> dict[str, str]:
        """What a status callback carries."""
        params = {
            "AccountSid": self.account_sid,
            "ApiVersion": API,
            "From": self.from_,
            "MessageSid": self.sid,
            "MessageStatus": self.status,
            "SmsSid": self.sid,
            "SmsStatus": self.status,
            "To": self.to,
        }
        if self.error_code:
            params["ErrorCode"] = str(self.error_code)
        return params

    def inbound_params(self, media: list[tuple[str, str]]) -> dict[str, str]:
        """What an incoming message's webhook carries; ``media``: content type and URL."""
        params = {
            "AccountSid": self.account_sid,
            "ApiVersion": API,
            "Body": self.body,
            "From": self.from_,
            "MessageSid": self.sid,
            "NumMedia": str(len(media)),
            "NumSegments": str(segments(self.body)),
            "SmsMessageSid": self.sid,
            "SmsSid": self.sid,
            "SmsStatus": "received",
            "To": self.to,
            "ToCountry": "FR",
        }
        for index, (content_type, url) in enumerate(media):
            params[f"MediaContentType{index}"] = content_type
            params[f"MediaUrl{index}"] = url
        return params


def _rfc2822(when: datetime) -> str:
    return format_datetime(when)
