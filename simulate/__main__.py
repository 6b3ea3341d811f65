"""The command line of `make simulate`."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from bot import flows
from bot.channels.base import TemplateNews
from bot.dialogue.templates import drafts
from bot.dialogue.wording import LiquidWording
from bot.domain.clock import FixedClock
from bot.domain.eta import Kept, arrivals_of, eta_report
from bot.domain.nps import Nps, nps_report
from bot.domain.templates import TemplateState
from bot.run import local
from bot.run.postgres import served
from bot.services.seed_demo import SeedDemo
from bot.services.sync_templates import as_news
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.wiring import Application, wire
from simulate.check import Findings, check
from simulate.month import BEGIN, DAYS, month
from simulate.report import page
from simulate.run import Running, accounts_of


@dataclass(frozen=True)
class Outcome:
    """What a month came to."""

    findings: Findings
    kept: Sequence[Kept]
    scores: Sequence[Nps]
    facts: dict[str, object]


async def simulate(url: str, parcels: int, seed: int, tell: Callable[[str], None]) -> Outcome:
    """Run a month on a migrated, empty database."""
    clock = FixedClock(BEGIN)
    settings = Settings(
        database_url=url,
        secret_key="of-a-simulation-with-thirty-two-characters",  # type: ignore[arg-type]  # noqa: S106  # pyright: ignore[reportArgumentType]
        engine_token="of-a-simulation-0123456789",  # type: ignore[arg-type]  # noqa: S106  # pyright: ignore[reportArgumentType]
        _env_file=None,  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    )
    async with wire(settings, pool_size=2, clock=clock) as application:
        running = await _begin(application, clock, parcels, seed)
        await running.run(_progress(tell, parcels))
        findings = await check(application.database, running.parcels, running.sent)
        since = BEGIN - timedelta(days=1)
        async with application.database() as unit:
            arrived = await unit.shipments.arrived_since(running.merchant.id, since)
            asked = await unit.feedback.asked_since(running.merchant.id, since)
    scores = nps_report((shipment.carrier, s.score) for s, shipment, _ in asked if shipment)
    counts = running.counts
    facts: dict[str, object] = {
        "parcels": parcels,
        "days": DAYS,
        "carriers": 4,
        "events told (late, twice and out of order among them)": counts["events"],
        "messages sent": len(running.sent),
        "customers who answered a failed attempt": counts["said was_in"] + counts["said was_out"],
        "scores": counts["scores"],
        "customers who said STOP": counts["stopped"],
        "seed": seed,
    }
    return Outcome(findings, eta_report(arrivals_of(arrived)), scores, facts)


async def _begin(application: Application, clock: FixedClock, parcels: int, seed: int) -> Running:
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
    made = {parcel.number: parcel for parcel in month(parcels, seed)}
    return Running(
        application,
        clock,
        merchant,
        await accounts_of(application, merchant),
        made,
        {parcel.phone: parcel for parcel in made.values()},
    )


def _approved(news: TemplateNews) -> TemplateNews:
    return replace(news, state=TemplateState.approved)


def _progress(tell: Callable[[str], None], parcels: int) -> Callable[[datetime], None]:
    seen: set[int] = set()

    def told(at: datetime) -> None:
        day = (at - BEGIN).days
        if day not in seen:
            seen.add(day)
            tell(f"day {day + 1} of {parcels} parcels")

    return told


def main(argv: Sequence[str] | None = None) -> int:
    """Run it; 1 when something that must hold does not."""
    parser = argparse.ArgumentParser(prog="python -m simulate", description=__doc__)
    parser.add_argument("--parcels", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(argv)
    began = time.monotonic()
    var = local.var_folder()
    var.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="simulate-", dir=var) as folder,
        served(Path(folder) / "postgres") as url,
    ):
        migrate(url)
        _hasten(url)
        outcome = asyncio.run(simulate(url, given.parcels, given.seed, _say))
    seconds = round(time.monotonic() - began)
    file = var / "simulate.html"
    facts = outcome.facts | {"seconds it took": seconds}
    file.write_text(
        page("A simulated month", facts, outcome.findings, outcome.kept, outcome.scores),
        encoding="utf-8",
    )
    for name, value in facts.items():
        print(f"{value!s:>8}  {name}")
    for line in outcome.findings.wrong:
        print(f"   WRONG  {line}")
    print(f"{'FAILED' if outcome.findings.wrong else 'passed'}; drawn in {file}")
    return 1 if outcome.findings.wrong else 0


def _hasten(url: str) -> None:
    """A month that dies with the machine is begun anew: nobody waits for the disk."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER DATABASE postgres SET synchronous_commit = off")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
