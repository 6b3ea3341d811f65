"""The demo merchant: a shop with every channel, a carrier and somebody in the console.

Its accounts are at the sandbox's stand-ins; their made-up secrets are random, as real ones are.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.channels.base import TemplateNews
from bot.domain.clock import Clock
from bot.domain.flow import Flow
from bot.domain.ids import new_id
from bot.domain.merchant import AccountKind, ApiKey, Merchant, ProviderAccount, Role, User
from bot.services.ports import UnitOfWork, Units
from bot.services.sign_in import hash_password
from bot.services.sync_templates import keep_news

MERCHANT = "Maison Lune"
EMAIL = "ana@maison-lune.example"
POLICY = {
    "requests": {
        "reschedule": {
            "cut_off_hours": 0,
            "fee": {"amount": 290, "currency": "EUR"},
            "at_most": 3,
        },
        "change_address": {
            "cut_off_hours": 2,
            "fee": {"amount": 490, "currency": "EUR"},
            "at_most": 2,
        },
        "neighbour": {"at_most": 3},
        "pickup_point": {"cut_off_hours": 1, "at_most": 2},
        "safe_place": {"at_most": 3},
        "contactless": {"at_most": 5},
        "access_note": {"at_most": 5},
        "cancel": {"until": "out_for_delivery", "at_most": 1},
    },
    "slots": ["08:00-12:00", "14:00-18:00", "18:00-21:00"],
    "days_ahead": 5,
    # Whoever tries the demo at night wants to see the question too.
    "quiet_hours": {"feedback": "none"},
    # Nor is there a day on which it cannot be tried.
    "holidays": True,
    "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "pickup_points": [
        {
            "id": "voltaire",
            "name": "Tabac Voltaire",
            "address": "96 boulevard Voltaire, 75011 Paris",
            "latitude": 48.8586,
            "longitude": 2.3801,
            # The nearest is open on any day on which the demo is tried.
            "hours": dict.fromkeys(
                ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "07:00-20:00"
            ),
        },
        {
            "id": "beaubourg",
            "name": "Librairie Beaubourg",
            "address": "21 rue Rambuteau, 75004 Paris",
            "latitude": 48.8613,
            "longitude": 2.3544,
            "hours": dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun"), "10:00-19:30"),
        },
        {
            "id": "montparnasse",
            "name": "Consigne Gaîté",
            "address": "68 avenue du Maine, 75014 Paris",
            "latitude": 48.8389,
            "longitude": 2.3227,
        },
    ],
}


@dataclass(frozen=True)
class SeedDemo:
    """Makes the demo merchant once; asked again, it finds what it made."""

    units: Units
    clock: Clock
    flows: Sequence[Mapping[str, Any]]
    """The flow documents that come with Doorstep, each with its `name`."""
    tag: str = ""
    """Tells a second demo merchant from the first."""
    templates: Sequence[TemplateNews] = ()
    """What the sandbox's WhatsApp has approved already."""
    hurried: bool = True
    """Whether flows wait for seconds where they should for hours, so that one can watch."""
    whatsapp_by: str = "meta"
    """Which provider carries WhatsApp: `meta` or `twilio`."""

    @property
    def merchant_name(self) -> str:
        return f"{MERCHANT} {self.tag}".strip()

    @property
    def email(self) -> str:
        return EMAIL.replace("@", f"+{self.tag}@") if self.tag else EMAIL

    async def __call__(
        self,
        file: Path,
        *,
        gateway: str,
        sandbox: str,
        smtp_port: int,
        password: str,
        control_token: str,
    ) -> dict[str, Any]:
        """Seed the database and write what the sandbox needs to know to `file` (mode 0600).

        Args:
            gateway: base URL at which the sandbox reaches us.
            sandbox: base URL of the stand-ins.
            smtp_port: of the stand-in for a mail server, on this machine.
            password: of the demo's console user, `EMAIL`.
            control_token: with which the sandbox may move our clock.
        """
        async with self.units() as unit:
            known = await unit.merchants.by_name(self.merchant_name)
            if known is not None and file.exists():
                return json.loads(file.read_text())
            merchant = known or await self._merchant(unit, password)
            key = "dsk_" + secrets.token_urlsafe(32)
            unit.add(
                ApiKey(
                    id=new_id(),
                    merchant_id=merchant.id,
                    name="demo",
                    hash=hashlib.sha256(key.encode()).hexdigest(),
                    created_at=self.clock.now(),
                )
            )
            await unit.flush()
            if known is None:
                await self._accounts(unit, merchant, gateway, sandbox, smtp_port)
            told: dict[str, Any] = {
                "gateway": gateway,
                "api_key": key,
                "merchant": merchant.name,
                "control_token": control_token,
                **await _told_accounts(unit, merchant),
            }
            await self._templates(unit, merchant, told)
            await unit.commit()
        file.touch(mode=0o600)
        file.write_text(json.dumps(told, indent=2))
        return told

    async def _templates(self, unit: UnitOfWork, merchant: Merchant, told: dict[str, Any]) -> None:
        account = await unit.accounts.of(merchant.id, AccountKind.channel, "whatsapp")
        if account is not None:
            for news in self.templates:
                await keep_news(unit, account, news, self.clock)
            told["whatsapp"]["templates"] = [_as_told(news) for news in self.templates]

    async def _merchant(self, unit: UnitOfWork, password: str) -> Merchant:
        now = self.clock.now()
        merchant = Merchant(
            id=new_id(),
            name=self.merchant_name,
            created_at=now,
            timezone="Europe/Paris",
            country="FR",
            policy=POLICY,
        )
        unit.add(merchant)
        await unit.flush()
        unit.add(
            User(
                id=new_id(),
                merchant_id=merchant.id,
                email=self.email,
                name="Ana Duarte",
                role=Role.owner,
                password=hash_password(password),
                created_at=now,
            ),
            *(
                Flow(
                    id=new_id(),
                    merchant_id=merchant.id,
                    name=str(document["name"]),
                    version=1,
                    document=_at_demo_pace(document) if self.hurried else _as_shipped(document),
                    active=bool(document.get("active", True)),
                    created_at=now,
                )
                for document in self.flows
            ),
        )
        await unit.flush()
        return merchant

    async def _accounts(
        self, unit: UnitOfWork, merchant: Merchant, gateway: str, sandbox: str, smtp_port: int
    ) -> None:
        made = _made_up_accounts(merchant, sandbox, self.whatsapp_by)
        for account in [*made, _mailbox(merchant, smtp_port)]:
            if "account_sid" in account.secrets:
                there = f"{gateway}/webhooks/{account.name}/{account.id}/status"
                account.options["callback_url"] = there
            await unit.accounts.add(account)


def _as_told(news: TemplateNews) -> dict[str, Any]:
    return {
        "name": news.name,
        "language": news.language,
        "category": news.category,
        "body": news.body,
        "buttons": list(news.buttons),
    }


def _as_shipped(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "name"}


def _at_demo_pace(document: Mapping[str, Any]) -> dict[str, Any]:
    """A flow whose waits are short enough to watch; otherwise as it is shipped."""
    steps = [
        {**step, "wait": "10s"} if isinstance(step.get("wait"), str) else step
        for step in document["steps"]
    ]
    return {**{k: v for k, v in document.items() if k != "name"}, "steps": steps}


def _made_up_accounts(merchant: Merchant, sandbox: str, whatsapp_by: str) -> list[ProviderAccount]:
    def account(
        kind: AccountKind, name: str, address: str, sealed: dict[str, str], **options: str
    ) -> ProviderAccount:
        base = f"{sandbox}/{ {'sms': 'twilio', 'generic': 'carrier'}.get(name, name) }"
        return ProviderAccount(
            new_id(), merchant.id, kind, name, address, sealed, {"api_base": base, **options}
        )

    def digits(count: int) -> str:
        return "".join(secrets.choice("123456789") for _ in range(count))

    def twilio() -> dict[str, str]:
        return {"account_sid": f"AC{secrets.token_hex(16)}", "auth_token": secrets.token_hex(16)}

    number = "+33644630056"
    whatsapp = account(
        AccountKind.channel,
        "whatsapp",
        number,
        {
            "access_token": "EAA" + secrets.token_urlsafe(32),
            "app_secret": secrets.token_hex(16),
            "verify_token": secrets.token_urlsafe(16),
        },
        phone_number_id=digits(15),
        business_account_id=digits(15),
    )
    if whatsapp_by == "twilio":
        whatsapp = account(
            AccountKind.channel,
            "whatsapp",
            number,
            twilio(),
            api_base=f"{sandbox}/twilio",
            content_base=f"{sandbox}/twilio-content",
            provider="twilio",
        )
    return [
        account(AccountKind.channel, "sms", "+33644630055", twilio()),
        whatsapp,
        account(
            AccountKind.channel,
            "telegram",
            "maison_lune_bot",
            {
                "bot_token": f"{digits(10)}:{secrets.token_hex(18)[:35]}",
                "secret_token": secrets.token_urlsafe(32),
            },
        ),
        account(AccountKind.carrier, "generic", "Swift Parcels", {"secret": secrets.token_hex(32)}),
    ]


def _mailbox(merchant: Merchant, smtp_port: int) -> ProviderAccount:
    return ProviderAccount(
        new_id(),
        merchant.id,
        AccountKind.channel,
        "email",
        "parcels@maison-lune.example",
        {"webhook_secret": secrets.token_hex(32)},
        {
            "smtp_host": "127.0.0.1",
            "smtp_port": str(smtp_port),
            "smtp_security": "none",
            "colour": "#2b5f75",
        },
    )


async def _told_accounts(unit: UnitOfWork, merchant: Merchant) -> dict[str, dict[str, str]]:
    """What each stand-in must know of its account."""
    told: dict[str, dict[str, str]] = {}
    for kind, name in (
        ("channel", "sms"),
        ("channel", "whatsapp"),
        ("channel", "telegram"),
        ("channel", "email"),
        ("carrier", "generic"),
    ):
        account = await unit.accounts.of(merchant.id, kind, name)
        if account is None:
            continue
        section = "carrier" if kind == "carrier" else name
        names = {"telegram": "bot_username", "generic": "name", "email": "address"}
        told[section] = {
            "account_id": str(account.id),
            names.get(name, "number"): account.address,
            **account.secrets,
            **account.options,
        }
    return told
