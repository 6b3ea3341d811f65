"""What each vendor's webhooks and API do in their own way; the tests are the same for all."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp

from bot.carriers.aftership import AfterShip
from bot.carriers.base import Carrier
from bot.carriers.delhivery import Delhivery
from bot.carriers.easypost import EasyPost
from bot.carriers.fedex import FedEx
from bot.carriers.onfleet import Onfleet
from bot.carriers.samsara import Samsara
from bot.carriers.usps import Usps
from bot.channels.base import Account, WebhookRequest
from tests.contract.cases import ACCOUNT_ID, ANSWER_TIMEOUT, with_header

SECRET = "c0ffee00c0ffee00"
"""Hexadecimal and base64 at once, as one vendor or another wants it."""


@dataclass(frozen=True)
class CarrierCase:
    """One vendor."""

    name: str
    make: Callable[[aiohttp.ClientSession], Carrier]
    signature: str
    """The header that proves a webhook."""
    sign: Callable[[bytes, str], str]
    secrets: Mapping[str, str] = field(default_factory=dict[str, str])
    secret: str = "webhook_secret"
    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What its API answers, by path, to whoever asks for the parcel of `number`."""
    number: str = ""
    tracked: int = 0
    """How many events that answer holds."""

    @property
    def account(self) -> Account:
        secrets = {**self.secrets, self.secret: SECRET}
        return Account(ACCOUNT_ID, self.name, "", secrets, {})

    def signed(self, request: WebhookRequest, secret: str = SECRET) -> WebhookRequest:
        return with_header(request, self.signature, self.sign(request.body, secret))

    def with_secrets(self, **secrets: str) -> Account:
        return replace(self.account, secrets=secrets)


def _base64(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def _onfleet(body: bytes, secret: str) -> str:
    return hmac.new(bytes.fromhex(secret), body, hashlib.sha512).hexdigest()


def _samsara(body: bytes, secret: str) -> str:
    # Without a timestamp's header the stamp is empty; see the test of Samsara's own.
    return "v1=" + hmac.digest(base64.b64decode(secret), b"v1::" + body, "sha256").hex()


def _easypost(body: bytes, secret: str) -> str:
    return "hmac-sha256-hex=" + hmac.digest(secret.encode(), body, "sha256").hex()


_OAUTH = {"client_id": "an-id", "client_secret": "its-secret"}
_TOKEN = {"access_token": "a-token", "expires_in": 3600}
_TASK = {
    "id": "11z1BbsQUZFHD1XAd~emDDeK",
    "shortId": "9c2a1f08",
    "state": 2,
    "notes": "",
    "timeLastModified": 1795719600123,
}

CARRIER_CASES = [
    CarrierCase(
        "aftership",
        lambda session: AfterShip(session, ANSWER_TIMEOUT),
        "aftership-hmac-sha256",
        _base64,
        {"api_key": "a-key"},
        answers={
            "/api/trackings": {
                "data": {
                    "trackings": [
                        {
                            "tracking_number": "1Z1",
                            "slug": "ups",
                            "checkpoints": [
                                {"tag": "InTransit", "checkpoint_time": "2026-11-26T09:00:00"},
                                {"tag": "Delivered", "checkpoint_time": "2026-11-26T12:00:00Z"},
                            ],
                        }
                    ]
                }
            }
        },
        number="1Z1",
        tracked=2,
    ),
    CarrierCase(
        "delhivery",
        lambda session: Delhivery(session, ANSWER_TIMEOUT),
        "X-Delhivery-Token",
        lambda _, secret: secret,
        {"api_token": "a-token"},
        secret="webhook_token",
        answers={
            "/api/api/v1/packages/json/": {
                "ShipmentData": [
                    {
                        "Shipment": {
                            "AWB": "123",
                            "Scans": [
                                {
                                    "ScanDetail": {
                                        "ScanType": "UD",
                                        "Scan": "Dispatched",
                                        "StatusDateTime": "2026-11-26T08:00:00",
                                        "StatusCode": "X-DDD3FD",
                                        "ScannedLocation": "Delhi",
                                        "Instructions": "Out for delivery",
                                    }
                                }
                            ],
                        }
                    }
                ]
            }
        },
        number="123",
        tracked=1,
    ),
    CarrierCase(
        "easypost",
        lambda session: EasyPost(session, ANSWER_TIMEOUT),
        "X-Hmac-Signature",
        _easypost,
        {"api_key": "a-key"},
        answers={
            "/api/trackers": {
                "trackers": [
                    {
                        "tracking_code": "EZ1",
                        "carrier": "USPS",
                        "tracking_details": [
                            {"status": "in_transit", "datetime": "2026-11-26T14:00:00Z"}
                        ],
                    }
                ]
            }
        },
        number="EZ1",
        tracked=1,
    ),
    CarrierCase(
        "fedex",
        lambda session: FedEx(session, ANSWER_TIMEOUT),
        "fdx-signature",
        _base64,
        _OAUTH,
        answers={
            "/api/oauth/token": _TOKEN,
            "/api/track/v1/trackingnumbers": {
                "output": {
                    "completeTrackResults": [
                        {
                            "trackingNumber": "794",
                            "trackResults": [
                                {
                                    "scanEvents": [
                                        {"eventType": "OD", "date": "2026-11-26T08:00:00-06:00"},
                                        {"eventType": "PU", "date": "2026-11-25T08:00:00-06:00"},
                                    ]
                                }
                            ],
                        }
                    ]
                }
            },
        },
        number="794",
        tracked=2,
    ),
    CarrierCase(
        "onfleet",
        lambda session: Onfleet(session, ANSWER_TIMEOUT),
        "X-Onfleet-Signature",
        _onfleet,
        {"api_key": "a-key"},
        answers={"/api/tasks/shortId/9c2a1f08": _TASK, f"/api/tasks/{_TASK['id']}": _TASK},
        number="9c2a1f08",
        tracked=1,
    ),
    CarrierCase(
        "samsara",
        lambda session: Samsara(session, ANSWER_TIMEOUT),
        "X-Samsara-Signature",
        _samsara,
        {"api_token": "a-token"},
    ),
    CarrierCase(
        "usps",
        lambda session: Usps(session, ANSWER_TIMEOUT),
        "X-HMAC",
        _base64,
        _OAUTH,
        answers={
            "/api/oauth2/v3/token": _TOKEN,
            "/api/tracking/v3/tracking/9400": {
                "trackingNumber": "9400",
                "trackingEvents": [{"eventCode": "OF", "GMTTimestamp": "2026-11-26T14:10:00Z"}],
            },
        },
        number="9400",
        tracked=1,
    ),
]
