"""What most tests stand on: a real PostgreSQL, a wired application, a merchant of its own."""

import secrets
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from bot import flows
from bot.domain.clock import FixedClock
from bot.domain.errors import Temporary
from bot.domain.merchant import Merchant
from bot.run.postgres import served
from bot.services.ports import Say, Turn
from bot.services.seed_demo import SeedDemo
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.wiring import Application, wire

MONDAY_MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL for the session."""
    with served(tmp_path_factory.mktemp("var") / "postgres") as url:
        yield url


def create_database(postgres: str) -> str:
    """A new, migrated database on the session's server; returns its URL."""
    name = f"test_{secrets.token_hex(4)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = postgres.replace("/postgres?", f"/{name}?", 1)
    migrate(url)
    return url


@pytest.fixture(scope="session")
def database_url(postgres: str) -> str:
    """One database for all tests of a session; they keep apart by merchant."""
    return create_database(postgres)


@dataclass
class ScriptedEngine:
    """Stands in for Rasa where the test is about what is around it."""

    turns: list[Turn | Exception] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    topics_read: dict[str, float] | None = None
    """What it says every comment is about; None while it is down."""

    async def respond(
        self,
        *,
        sender: str,
        message_id: UUID,
        text: str,
        metadata: Mapping[str, str],
        question: Mapping[str, Any] | None,
    ) -> Turn:
        self.heard.append(
            {"sender": sender, "message_id": message_id, "text": text, "question": question}
        )
        turn = (
            self.turns.pop(0)
            if self.turns
            else Turn((Say("greet", {"name": "Robin"}),), {"intent": "greet"})
        )
        if isinstance(turn, Exception):
            raise turn
        return turn

    async def topics(self, comments: Sequence[str]) -> list[dict[str, float]]:
        if self.topics_read is None:
            raise Temporary("out of order")
        return [self.topics_read for _ in comments]

    def fail(self, times: int) -> None:
        self.turns += [Temporary("out of order")] * times


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_MORNING)


def make_settings(database_url: str, **changes: Any) -> Settings:
    """Valid settings for a test."""
    values: dict[str, Any] = {
        "database_url": database_url,
        "secret_key": "t3st-k3y-of-thirty-two-characters-or-more",
        "engine_token": "t3st-engine-token-0123456789",
        "answer_pause_seconds": 0,
        "_env_file": None,
    }
    return Settings(**(values | changes))


@pytest.fixture
def settings(database_url: str) -> Settings:
    return make_settings(database_url)


@pytest.fixture
async def application(
    settings: Settings, clock: FixedClock, engine: ScriptedEngine
) -> AsyncIterator[Application]:
    """Everything wired, but for the engine; nothing runs on its own."""
    async with wire(settings, pool_size=4, clock=clock, engine=engine) as wired:
        yield wired


@dataclass(frozen=True)
class Shop:
    """A seeded merchant: `told` is what the sandbox would be told of its accounts."""

    merchant: Merchant
    told: dict[str, Any]
    password: str
    email: str


async def seed_shop(
    application: Application,
    folder: Path,
    sandbox: str = "http://127.0.0.1:1",
    smtp_port: int = 1,
    whatsapp_by: str = "meta",
) -> Shop:
    """Make a merchant with accounts, policy, flows and a console user, and give it a new name."""
    tag = secrets.token_hex(4)
    password = secrets.token_urlsafe(12)
    seed = SeedDemo(
        application.database,
        application.clock,
        flows.shipped(),
        tag,
        whatsapp_by=whatsapp_by,
    )
    told = await seed(
        folder / f"{tag}.json",
        gateway=application.settings.public_url,
        sandbox=sandbox,
        smtp_port=smtp_port,
        password=password,
        control_token="t3st-control-token",
    )
    async with application.database() as unit:
        merchant = await unit.merchants.by_name(seed.merchant_name)
    assert merchant is not None
    return Shop(merchant, told, password, seed.email)


@pytest.fixture
async def shop(application: Application, tmp_path: Path) -> Shop:
    return await seed_shop(application, tmp_path)


@pytest.fixture
def merchant(shop: Shop) -> Merchant:
    return shop.merchant
