"""What the sandbox must know: the demo merchant's accounts (``demo.json``) and its own knobs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class SmsAccount:
    account_id: str
    account_sid: str
    auth_token: str
    number: str


@dataclass(frozen=True, slots=True)
class WhatsAppAccount:
    account_id: str
    phone_number_id: str = ""
    business_account_id: str = ""
    access_token: str = ""
    app_secret: str = ""
    verify_token: str = ""
    number: str = ""
    # "meta", or "twilio": then with Twilio's own credentials.
    provider: str = "meta"
    account_sid: str = ""
    auth_token: str = ""
    # Approved templates: {"name", "language", "body", "buttons": [titles]}. None: any name passes.
    templates: list[dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class TelegramAccount:
    account_id: str
    bot_token: str
    bot_username: str
    secret_token: str


@dataclass(frozen=True, slots=True)
class EmailAccount:
    account_id: str
    address: str
    webhook_secret: str
    smtp_port: int = 0


@dataclass(frozen=True, slots=True)
class CarrierAccount:
    account_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo merchant as ``demo.json`` describes it; unknown keys are ignored."""

    gateway: str
    api_key: str
    merchant: str
    control_token: str
    sms: SmsAccount
    whatsapp: WhatsAppAccount
    telegram: TelegramAccount
    carrier: CarrierAccount
    email: EmailAccount | None = None

    @classmethod
    def load(cls, path: Path) -> Demo:
        """Read ``demo.json``. Raises ``ValueError`` naming what is missing."""
        data = json.loads(path.read_text(encoding="utf-8"))
        try:
            return cls(
                gateway=str(data["gateway"]).rstrip("/"),
                api_key=data["api_key"],
                merchant=data["merchant"],
                control_token=data["control_token"],
                sms=_account(SmsAccount, data["sms"]),
                whatsapp=_account(WhatsAppAccount, data["whatsapp"]),
                telegram=_account(TelegramAccount, data["telegram"]),
                carrier=_account(CarrierAccount, data["carrier"]),
                email=_mailbox(data.get("email")),
            )
        except (KeyError, TypeError) as exc:
            raise ValueError(f"{path} is not a whole demo file: {exc}") from exc

    @classmethod
    def example(cls, gateway: str = "http://127.0.0.1:8080") -> Demo:
        """A complete merchant with made-up secrets, for tests of the sandbox itself."""
        return cls(
            gateway=gateway.rstrip("/"),
            api_key="example-api-key",
            merchant="Maison Lune",
            control_token="example-control-token",
            sms=SmsAccount("sms-1", "AC" + "a1" * 16, "example-auth-token", "+33644630055"),
            whatsapp=WhatsAppAccount(
                "wa-1",
                "106540352242922",
                "419561257915477",
                "EAAexample",
                "example-app-secret",
                "example-verify-token",
                "+33644630056",
            ),
            telegram=TelegramAccount(
                "tg-1", "7000000001:" + "A" * 35, "maison_lune_bot", "example-secret_token"
            ),
            carrier=CarrierAccount("carrier-1", "example-carrier-secret"),
            email=EmailAccount("email-1", "parcels@maison-lune.example", "example-mail-secret"),
        )


def _mailbox(data: dict[str, Any] | None) -> EmailAccount | None:
    """A merchant who was seeded before there was mail has none."""
    return (
        None
        if data is None
        else _account(EmailAccount, data | {"smtp_port": int(data["smtp_port"])})
    )


def _account[T](kind: type[T], data: dict[str, Any]) -> T:
    known = {name: data[name] for name in kind.__dataclass_fields__ if name in data}  # type: ignore[attr-defined]
    return kind(**known)


@dataclass(frozen=True, slots=True)
class Options:
    """The sandbox's own knobs. Times are seconds.

    ``pace``: how fast the demo day runs (1 = as written, 0 = it stands still).
    ``latency``: between the steps of a delivery (sent, delivered, read); 0 in tests and benches.
    ``retry_base``: first pause before a refused webhook is repeated; it doubles up to a minute.
    ``state_path``: where what must outlive a restart is kept; None keeps nothing.
    """

    pace: float = 0.0
    latency: float = 0.0
    retry_base: float = 1.0
    webhook_timeout: float = 15.0
    state_path: Path | None = None
    morning: bool = True
