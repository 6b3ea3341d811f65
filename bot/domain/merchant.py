"""Merchants, their accounts with providers, their keys and their people."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from bot.domain.ladder import Rung, read_ladder


@dataclass(eq=False)
class Merchant:
    """A shop. `policy` is its delivery policy document, `wording` its own sentences."""

    id: UUID
    name: str
    created_at: datetime
    language: str = "en"
    timezone: str = "UTC"
    country: str = ""
    policy: dict[str, Any] = field(default_factory=dict[str, Any])
    policy_version: int = 1
    wording: dict[str, Any] = field(default_factory=dict[str, Any])
    """{language: {wording key: Liquid template}}"""
    ladder: list[Any] = field(default_factory=lambda: ["whatsapp", "telegram", "sms", "email"])
    """Channels for messages nobody asked for, the preferred one first; see bot/domain/ladder.py."""

    templates: dict[str, Any] = field(default_factory=dict[str, Any])
    """Which template says which sentence, where it is not the shipped one; see
    bot/domain/templates.py."""
    desk: dict[str, Any] = field(default_factory=dict[str, Any])
    """How its people work; empty means as shipped. See bot/domain/desk.py."""

    @property
    def rungs(self) -> list[Rung]:
        """The ladder, read. Raises `Invalid`."""
        return read_ladder(self.ladder)


class AccountKind(StrEnum):
    """What a provider account is for."""

    channel = "channel"
    carrier = "carrier"


@dataclass(eq=False)
class ProviderAccount:
    """A merchant's account with a channel's or a carrier's provider."""

    id: UUID
    merchant_id: UUID
    kind: AccountKind
    name: str
    """The channel or the carrier: `sms`, `generic`."""
    address: str
    secrets: dict[str, str] = field(repr=False)
    options: dict[str, str] = field(default_factory=dict[str, str])
    active: bool = True


@dataclass(eq=False)
class ApiKey:
    """A bearer key of a merchant; only its hash is kept."""

    id: UUID
    merchant_id: UUID
    name: str
    hash: str = field(repr=False)
    created_at: datetime
    revoked_at: datetime | None = None


class Role(StrEnum):
    """What a user of the console may do, the least first."""

    agent = "agent"
    supervisor = "supervisor"
    admin = "admin"
    owner = "owner"


class Availability(StrEnum):
    """Whether an agent is to be given new cases. Somebody whose page is closed is not."""

    online = "online"
    busy = "busy"
    away = "away"


@dataclass(eq=False)
class User:
    """Somebody who works in the console. `password` is an argon2id hash."""

    id: UUID
    merchant_id: UUID
    email: str
    name: str
    role: Role
    password: str = field(repr=False)
    created_at: datetime
    language: str = "en"
    active: bool = True
    session_epoch: int = 0
    """Raised to end all of the user's sessions at once."""
    availability: Availability = Availability.online
    skills: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """{"languages": [...], "topics": [...]}: what they are given; what is missing is everything."""

    def can(self, language: str, topic: str) -> bool:
        """Whether a case in this language, about this, is for them."""
        spoken, known = self.skills.get("languages"), self.skills.get("topics")
        near = {language, language.partition("-")[0]}
        return (not spoken or bool(near & set(spoken))) and (not known or topic in known)


@dataclass(eq=False)
class AuditEntry:
    """Who did what to what, and when."""

    id: UUID
    merchant_id: UUID
    actor: str
    action: str
    subject: str
    at: datetime
    details: dict[str, Any] = field(default_factory=dict[str, Any])
