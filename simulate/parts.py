"""The month in parts: its parcels dealt out to processes, each with a database of its own.

Apart from `__main__`, which a process that is begun anew does not look into.
"""

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import psycopg

from bot import flows
from bot.channels.base import TemplateNews
from bot.dialogue.templates import drafts
from bot.dialogue.wording import LiquidWording
from bot.domain.clock import FixedClock
from bot.domain.eta import Arrival, arrivals_of
from bot.domain.templates import TemplateState
from bot.services.seed_demo import SeedDemo
from bot.services.sync_templates import as_news
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.wiring import Application, wire
from simulate.check import Findings, check
from simulate.month import BEGIN, DAYS, Parcel, month
from simulate.run import Running, accounts_of


@dataclass(frozen=True)
class Part:
    """What came of some of the month's parcels; parts can be added up."""

    findings: Findings
    arrivals: Sequence[Arrival]
    scores: Sequence[tuple[str, int | None]]
    counts: Counter[str]


async def simulate(url: str, parcels: Sequence[Parcel], tell: Callable[[str], None]) -> Part:
    """Run these parcels' month on a migrated, empty database."""
    clock = FixedClock(BEGIN)
    settings = Settings(
        database_url=url,
        secret_key="of-a-simulation-with-thirty-two-characters",  # type: ignore[arg-type]  # noqa: S106  # pyright: ignore[reportArgumentType]
        engine_token="of-a-simulation-0123456789",  # type: ignore[arg-type]  # noqa: S106  # pyright: ignore[reportArgumentType]
        _env_file=None,  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    )
    async with wire(settings, pool_size=2, clock=clock) as application:
        running = await _begin(application, clock, parcels)
        await running.run(_progress(tell, len(parcels)))
        findings = await check(application.database, running.parcels, running.sent)
        since = BEGIN - timedelta(days=1)
        async with application.database() as unit:
            arrived = await unit.shipments.arrived_since(running.merchant.id, since)
            asked = await unit.feedback.asked_since(running.merchant.id, since)
    running.counts["sent"] = len(running.sent)
    scores = [(shipment.carrier, survey.score) for survey, shipment, _ in asked if shipment]
    return Part(findings, arrivals_of(arrived), scores, running.counts)


async def _begin(application: Application, clock: FixedClock, parcels: Sequence[Parcel]) -> Running:
    wording = LiquidWording.shipped()
    templates = [
        as_news(draft, lambda key, lang=draft.language: wording.say(key, {}, lang, {}, BEGIN))
        for draft in drafts()
    ]
    demo = SeedDemo(
        application.database,
        clock,
        # As shipped: the demo's own waits of seconds would not last a month.
        flows.shipped(),
        templates=[_approved(one) for one in templates],
        hurried=False,
    )
    with tempfile.TemporaryDirectory() as folder:
        await demo(
            Path(folder) / "demo.json",
            gateway="http://127.0.0.1:1",
            sandbox="http://127.0.0.1:1",
            smtp_port=1,
            password="nobody signs in here",  # noqa: S106
            control_token="none",  # noqa: S106
        )
    async with application.database() as unit:
        merchant = await unit.merchants.by_name(demo.merchant_name)
        assert merchant is not None
        merchant.ladder = ["whatsapp", "sms"]
        merchant.policy = {k: v for k, v in merchant.policy.items() if k != "quiet_hours"}
        await unit.commit()
    return Running(
        application,
        clock,
        merchant,
        await accounts_of(application, merchant),
        {parcel.number: parcel for parcel in parcels},
        {parcel.phone: parcel for parcel in parcels},
    )


def _approved(news: TemplateNews) -> TemplateNews:
    return replace(news, state=TemplateState.approved)


def _progress(tell: Callable[[str], None], parcels: int) -> Callable[[datetime], None]:
    seen: set[int] = set()
    began = time.monotonic()

    def told(at: datetime) -> None:
        day = (at - BEGIN).days
        if day not in seen:
            seen.add(day)
            tell(
                f"day {day + 1} of about {DAYS}, {parcels} parcels, {time.monotonic() - began:.0f} s"
            )

    return told


def in_parts(url: str, parcels: int, seed: int, processes: int) -> list[Part]:
    """Run the month, its parcels dealt out to processes with a database each.

    Nothing of one parcel's life touches another's (a phone each), so the parts add up; within a
    part everything happens in its order.
    """
    places = range(min(processes, parcels))
    urls = [_database(url, place) for place in places]
    # Begun anew, not forked: no connection and no loop is shared.
    with ProcessPoolExecutor(len(urls), multiprocessing.get_context("spawn")) as pool:
        begun = [
            pool.submit(_part, urls[place], parcels, seed, place, len(urls)) for place in places
        ]
        return [one.result() for one in begun]


def _database(url: str, place: int) -> str:
    name = f"month_{place}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        # A month that dies with the machine is begun anew: nobody waits for the disk.
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
    own = url.replace("/postgres?", f"/{name}?", 1)
    migrate(own)
    return own


def _part(url: str, parcels: int, seed: int, place: int, of: int) -> Part:
    def tell(words: str) -> None:
        print(f"part {place + 1} of {of}: {words}", file=sys.stderr, flush=True)

    mine = list(islice(month(parcels, seed), place, None, of))
    return asyncio.run(simulate(url, mine, tell))
