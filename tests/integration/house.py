"""A merchant with the sandbox before and behind them, all over real HTTP; jobs are done by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
from aiohttp.test_utils import TestServer
from sqlalchemy import text

from bot.domain.clock import FixedClock
from bot.web.app import make_app
from bot.wiring import Application, wire
from sandbox.clock import SandboxClock
from sandbox.config import Demo
from sandbox.testing import Sandbox, running
from sandbox.world import WORLD, World
from tests.conftest import ScriptedEngine, Shop, make_settings, seed_shop
from tests.stack import free_ports


@dataclass
class House:
    """The gateway and the sandbox, and a worker's work."""

    application: Application
    shop: Shop
    sandbox: Sandbox

    @property
    def http(self) -> aiohttp.ClientSession:
        return self.sandbox.session

    @property
    def world(self) -> World:
        assert self.sandbox.app is not None
        return self.sandbox.app[WORLD]

    @property
    def providers_clock(self) -> SandboxClock:
        return self.world.clock

    async def work(self) -> None:
        """Do the jobs that are due, as a worker would, until there are none."""
        while jobs := await self._due():
            for name, job in jobs:
                await self._do(name, job)
        await self.sandbox.idle()

    async def _due(self) -> list[tuple[str, dict[str, Any]]]:
        async with self.application.database() as unit:
            rows = await unit.session.execute(
                text(
                    "DELETE FROM procrastinate_jobs WHERE status = 'todo'"
                    " AND args ->> 'merchant_id' = :merchant"
                    " AND (scheduled_at IS NULL OR scheduled_at <= clock_timestamp())"
                    " RETURNING id, task_name, args"
                ),
                {"merchant": str(self.shop.merchant.id)},
            )
            jobs = [(row.task_name, row.args) for row in sorted(rows, key=lambda row: row.id)]
            await unit.commit()
        return jobs

    async def _do(self, name: str, job: dict[str, Any]) -> None:
        services, merchant = self.application.services, self.shop.merchant.id
        message = UUID(job["message_id"]) if "message_id" in job else None
        if name == "advance_flow":
            await services.advance_flow(merchant, UUID(job["run_id"]), job["step"])
            return
        assert message is not None, name
        do = {
            "deliver": services.deliver,
            "answer": services.answer,
            "fall_back": services.fall_back,
            "fetch_media": services.fetch_media,
        }
        await do[name](merchant, message)


@asynccontextmanager
async def open_house[Kind: House](
    kind: type[Kind],
    database_url: str,
    clock: FixedClock,
    engine: ScriptedEngine,
    folder: Path,
    *,
    whatsapp_by: str = "meta",
) -> AsyncIterator[Kind]:
    """Everything but the engine, for one merchant of its own; both clocks agree."""
    port, sandbox_port, smtp_port = free_ports(3)
    settings = make_settings(
        database_url, public_url=f"http://127.0.0.1:{port}", media_dir=folder / "media"
    )
    async with wire(settings, pool_size=4, clock=clock, engine=engine) as application:
        seeded = folder / "seeded"
        seeded.mkdir()
        shop = await seed_shop(
            application,
            seeded,
            f"http://127.0.0.1:{sandbox_port}",
            smtp_port=smtp_port,
            whatsapp_by=whatsapp_by,
        )
        (told,) = seeded.glob("*.json")
        async with (
            TestServer(make_app(application), port=port),
            running(Demo.load(told), port=sandbox_port) as sandbox,
        ):
            house = kind(application, shop, sandbox)
            house.providers_clock.match(clock.now())
            yield house
