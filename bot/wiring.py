"""The composition root: the only file that joins services to adapters."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from bot import flows
from bot.carriers import registry as carriers
from bot.carriers.base import Carrier
from bot.channels import registry as channels
from bot.channels.base import Channel
from bot.clocks import make_clock
from bot.dialogue import templates
from bot.dialogue.engine import RasaEngine
from bot.dialogue.language import LinguaLanguages
from bot.dialogue.wording import LiquidWording
from bot.domain.clock import Clock
from bot.hooks import Hooks
from bot.jobs.queue import Queue
from bot.services.catalogue import Services
from bot.services.links import Links
from bot.services.one_time_codes import Digits, OneTimeCodes
from bot.services.ports import Engine
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.files import FileStore
from bot.storage.vault import Vault


@dataclass(frozen=True)
class Application:
    """One process's share of Doorstep, wired."""

    settings: Settings
    clock: Clock
    database: Database
    queue: Queue
    links: Links
    channels: dict[str, Channel]
    carriers: dict[str, Carrier]
    services: Services
    files: FileStore

    @property
    def codes(self) -> OneTimeCodes:
        """What sends one-time codes; the action server's actions ask for it."""
        return self.services.codes

    @property
    def engine(self) -> Engine:
        """What reads language; actions ask it what a comment is about."""
        return self.services.engine


@asynccontextmanager
async def wire(
    settings: Settings,
    *,
    pool_size: int = 10,
    clock: Clock | None = None,
    engine: Engine | None = None,
) -> AsyncIterator[Application]:
    """Join everything; leaving the block closes every connection that was opened.

    Args:
        clock: in place of the settings' one, for tests.
        engine: in place of Rasa, for tests of what stands around it.
    """
    secret = settings.secret_key.get_secret_value()
    clock = clock or make_clock(settings)
    queue = Queue(settings.database_url)
    database = Database(settings.database_url, Vault(secret), queue, clock, pool_size=pool_size)
    links = Links(secret, settings.public_url)
    files = FileStore(settings.media_dir)
    hooks = Hooks(secret, private=settings.sandbox)
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=settings.engine_timeout), trust_env=False
    ) as http:
        reachable = channels.channels(http)
        shippers = carriers.carriers(http)
        services = Services(
            units=database,
            clock=clock,
            links=links,
            digits=Digits(secret),
            channels=reachable,
            carriers=shippers,
            engine=engine
            or RasaEngine(http, settings.engine_url, settings.engine_token.get_secret_value()),
            languages=LinguaLanguages(),
            wording=LiquidWording.shipped(),
            flows=flows.shipped(),
            templates=templates.shipped(),
            answer_pause=timedelta(seconds=settings.answer_pause_seconds),
            store=files,
            media_limit=settings.media_max_bytes,
            media_kept=timedelta(days=settings.media_days),
            hooks=hooks,
        )
        try:
            yield Application(
                settings, clock, database, queue, links, reachable, shippers, services, files
            )
        finally:
            for adapter in (*reachable.values(), *shippers.values(), hooks):
                await adapter.close()
            await database.close()
