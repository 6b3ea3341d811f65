"""Carriers' events: `python -m bench.events` adds them to `var/bench.json`.

Two writers record events of shipments drawn at random, each as a carrier's webhook does once its
request is read: looked up by its number, stored once, status and window derived from the whole
history, and the merchant's flows looked at. A carrier's webhooks come many at once: each writer has
32 on their way, and by itself it is measured what one at a time comes to. Beside them PostgreSQL's own `pgbench`, two clients as
well, inserts the same row into the same table. Measured as the house fills: 10,000 shipments, a
hundred thousand, a million, each with a person and an event before. The middle of three rounds, in
which they take turns.
"""

import argparse
import asyncio
import random
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg

from bench.report import Results, keep, line, say
from bench.stack import StackError, settings_of, surroundings
from bot import flows
from bot.carriers.base import CarrierEvent
from bot.clocks import SystemClock
from bot.commands.common import collect_seldom
from bot.domain.shipment import Status
from bot.run import local
from bot.run.postgres import prepare, served
from bot.services.seed_demo import SeedDemo
from bot.settings import ROOT, Settings
from bot.storage.migrate import migrate
from bot.wiring import wire

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
SECONDS = 5.0
ROUNDS = 3
WRITERS = 2
AT_ONCE = 32
"""Webhooks that a writer has on their way."""
_FILL = """
INSERT INTO contacts (id, merchant_id, created_at, name, phone, language)
SELECT md5('c' || n)::uuid, %(merchant)s, now(), 'Person ' || n, '+3361' || lpad(n::text, 7, '0'), 'fr'
FROM generate_series(%(first)s::int, %(last)s::int) n;
INSERT INTO shipments (id, merchant_id, reference, carrier, tracking_number, contact_id, created_at,
  timezone, country, item, status, status_at)
SELECT md5(n::text)::uuid, %(merchant)s, 'B-' || n, 'generic', 'B' || n, md5('c' || n)::uuid, now(),
  'Europe/Paris', 'FR', 'a lamp', 'created', now() - interval '1 day'
FROM generate_series(%(first)s::int, %(last)s::int) n;
INSERT INTO tracking_events (id, merchant_id, shipment_id, key, status, at, received_at)
SELECT gen_random_uuid(), %(merchant)s, md5(n::text)::uuid, 'bench:first', 'created',
  now() - interval '1 day', now()
FROM generate_series(%(first)s::int, %(last)s::int) n
"""
_SAME_ROW = """\
\\set n random(1, {shipments})
INSERT INTO tracking_events (id, merchant_id, shipment_id, key, status, at, received_at, code,
  description, details, raw)
VALUES (gen_random_uuid(), '{merchant}', md5((:n)::text)::uuid, 'bench:' || gen_random_uuid(),
  'in_transit', now(), now(), '', '', '{{"depot": "Nord", "courier_id": "c-1"}}', '{{}}');
"""


async def run(sizes: Mapping[str, int], seconds: float) -> Results:
    """Measure on a database of its own, which grows from one size to the next."""
    var = local.var_folder()
    var.mkdir(parents=True, exist_ok=True)
    results: Results = {}
    with tempfile.TemporaryDirectory(prefix="bench-", dir=var) as folder:
        place = Path(folder)
        bare = pgbench(prepare(place / "postgres").programs)
        with served(place / "postgres") as url:
            migrate(url)
            environ = surroundings(place)[0] | {"DATABASE_URL": url}
            merchant = await _seed(place, settings_of(environ))
            before = 0
            for name, size in sorted(sizes.items(), key=lambda one: one[1]):
                say(f"filling up to {size} shipments ...")
                _fill(url, merchant, before + 1, size)
                before = size
                ours: list[float] = []
                single: list[float] = []
                peer: list[float] = []
                for _ in range(ROUNDS):
                    house = (environ, merchant, size, seconds)
                    ours.append(await _ours(*house, AT_ONCE))
                    single.append(await _ours(*house, 1))
                    peer.append(_bare(bare, place / "row.sql", url, merchant, size, seconds))
                bare_rate = statistics.median(peer)
                for which, rates in (("", ours), ("_one_at_a_time", single)):
                    middle = line(statistics.median(rates), bare_rate, "1/s")
                    results[f"events_per_second{which}_{name}"] = middle
    return results


async def _seed(folder: Path, settings: Settings) -> UUID:
    async with wire(settings) as application:
        seed = SeedDemo(application.database, SystemClock(), flows.shipped())
        await seed(
            folder / "demo.json",
            gateway=settings.public_url,
            sandbox="http://127.0.0.1:1",
            smtp_port=1,
            password=secrets.token_urlsafe(12),
            control_token="no token is needed here",  # noqa: S106  nor a secret
        )
        async with application.database() as unit:
            merchant = await unit.merchants.by_name(seed.merchant_name)
    assert merchant is not None
    return merchant.id


def _fill(url: str, merchant: UUID, first: int, last: int) -> None:
    values = {"merchant": merchant, "first": first, "last": last}
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in _FILL.split(";\n"):
            connection.execute(statement.encode(), values)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


async def _ours(
    environ: Mapping[str, str], merchant: UUID, shipments: int, seconds: float, at_once: int
) -> float:
    """Events a second by all writers, each a process that begins when all are ready."""
    told = (str(merchant), str(shipments), str(seconds), str(at_once))
    command = ("-m", "bench.events", "--write", *told)
    writers = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, *command),
            env=dict(environ),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(WRITERS)
    ]
    for one in writers:
        assert one.stdout is not None
        if (await one.stdout.readline()).strip() != b"ready":
            raise StackError("a writer does not start")
    said = await asyncio.gather(*(one.communicate(b"go\n") for one in writers))
    if any(one.returncode for one in writers):
        raise StackError("a writer has failed")
    return sum(float(out) for out, _ in said)


async def write(
    settings: Settings, merchant: UUID, shipments: int, seconds: float, at_once: int
) -> None:
    """Be a writer: say that it is ready, wait for the word, and print events a second."""
    dice = random.Random()  # noqa: S311  no secret
    async with wire(settings, pool_size=2) as application:
        async with application.database() as unit:
            account = await unit.accounts.of(merchant, "carrier", "generic")
        assert account is not None
        record = application.services.record_carrier_events

        async def one() -> None:
            number = f"B{dice.randint(1, shipments)}"
            key = secrets.token_hex(16)
            told = CarrierEvent(
                key, number, Status.in_transit, datetime.now(UTC), courier_id="c-1", depot="Nord"
            )
            assert (await record(account, [told])).stored == 1

        async def until(end: float) -> int:
            count = 0
            while time.perf_counter() < end:
                await one()
                count += 1
            return count

        # Statements are prepared once they have been used five times.
        for _ in range(max(6, 20 // at_once)):
            await asyncio.gather(*(one() for _ in range(at_once)))
        collect_seldom()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        began = time.perf_counter()
        counts = await asyncio.gather(*(until(began + seconds) for _ in range(at_once)))
        print(sum(counts) / (time.perf_counter() - began), flush=True)


def _bare(
    program: str, script: Path, url: str, merchant: UUID, shipments: int, seconds: float
) -> float:
    """The same row a second, inserted by pgbench."""
    script.write_text(_SAME_ROW.format(merchant=merchant, shipments=shipments))
    told = subprocess.run(
        [
            *(program, "-n", "-M", "prepared", "-c", str(WRITERS), "-j", str(WRITERS)),
            *("-T", str(max(1, round(seconds))), "-f", str(script), url),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"tps = ([\d.]+)", told.stdout)
    if told.returncode or found is None:
        raise StackError(f"pgbench: {told.stderr.strip()}")
    return float(found[1])


def pgbench(programs: Path) -> str:
    """Where it is: among the server's own programs, or on the PATH. Raises StackError: nowhere."""
    own = programs / "pgbench"
    found = str(own) if own.exists() else shutil.which("pgbench")
    if found is None:
        raise StackError("there is no pgbench: install PostgreSQL's client programs")
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; 1 when there is nothing to be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.events", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each round")
    parser.add_argument("--out", type=Path, default=local.var_folder() / "bench.json")
    parser.add_argument("--write", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.write:
        merchant, shipments, seconds, at_once = given.write
        settings = Settings()  # pyright: ignore[reportCallIssue]
        asyncio.run(write(settings, UUID(merchant), int(shipments), float(seconds), int(at_once)))
        return 0
    try:
        results = asyncio.run(run({name: SIZES[name] for name in given.sizes}, given.seconds))
    except StackError as error:
        print(f"The bench has failed: {error}", file=sys.stderr)
        return 1
    keep(results, given.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
