"""A small month: it holds, it is the same again, and a broken one is found out."""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue.training import ROOT
from bot.domain.ids import new_id
from simulate.check import Findings, _nobody_twice, _owed  # pyright: ignore[reportPrivateUsage]
from simulate.month import BEGIN, month
from simulate.parts import Part, simulate
from simulate.report import page
from simulate.run import Sent
from tests.conftest import create_database

SEED = 11


@pytest.fixture(scope="module")
def empty(postgres: str) -> str:
    return create_database(postgres)


async def test_a_month_holds(empty: str) -> None:
    days: list[str] = []
    part: Part = await simulate(empty, list(month(25, SEED)), days.append)
    assert part.findings.wrong == []
    assert len(days) > 5, "there is progress to be seen"
    said = part.findings.by_kind
    assert sum(count for (kind, _), count in said.items() if kind == "flow_delivered") > 10
    assert {channel for _, channel in said} == {"whatsapp", "sms"}


@pytest.mark.timeout(400)  # three processes and a cluster of their own, on a busy machine
def test_the_command_deals_the_parcels_out_and_draws_them_together(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulate", "--parcels", "4", "--processes", "2"]
    environ = {**os.environ, "DOORSTEP_VAR": str(tmp_path)}
    done = subprocess.run(
        [*command, "--seed", str(SEED)], cwd=ROOT, env=environ, text=True, check=False,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
    assert "       2  processes" in done.stdout
    told = {(p.number, t.event.key) for p in month(4, SEED) for t in p.told}
    lines = done.stdout.splitlines()
    events = int(next(line for line in lines if "events told" in line).split()[0])
    assert events >= len(told), "every parcel was in one part or the other"
    drawn = (tmp_path / "simulate.html").read_text("utf-8")
    assert "<svg" in drawn
    assert "Everybody was told" in drawn


def test_the_same_dice_make_the_same_month() -> None:
    one, again = ([p.told for p in month(20, SEED)] for _ in range(2))
    assert one == again
    assert one != [p.told for p in month(20, SEED + 1)]


def test_a_month_has_its_troubles() -> None:
    parcels = list(month(400, SEED))
    keys = Counter(told.event.key for parcel in parcels for told in parcel.told)
    assert any(count > 1 for count in keys.values()), "told twice"
    late = [t for p in parcels for t in p.told if t.arrives - t.event.at > timedelta(hours=1)]
    assert late
    assert any(parcel.fake for parcel in parcels)
    assert all(told.arrives >= BEGIN for parcel in parcels for told in parcel.told)


def test_what_is_owed_goes_by_the_order_of_arrival() -> None:
    parcel = next(p for p in month(200, SEED) if any(t.event.status == "delivered" for t in p.told))
    owed = _owed(parcel)
    assert owed["delivered"] == 1
    parcel.told += [parcel.told[-1]]
    assert _owed(parcel) == owed, "told again is not owed again"


def test_a_message_sent_twice_is_found_out() -> None:
    found, message = Findings(), new_id()
    sent = [Sent(BEGIN, "+33600000000", "sms", message, "part")] * 2
    _nobody_twice(found, sent)
    assert found.wrong == [f"a message was sent twice: 1 ({message})"]
    assert "class=bad" in page("x", {}, found, [], [])
