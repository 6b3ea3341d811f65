"""A small month: it holds, it is the same again, and a broken one is found out."""

from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.ids import new_id
from simulate.__main__ import Outcome, simulate
from simulate.check import Findings, _nobody_twice, _owed  # pyright: ignore[reportPrivateUsage]
from simulate.month import BEGIN, month
from simulate.report import page
from simulate.run import Sent
from tests.conftest import create_database

SEED = 11


@pytest.fixture(scope="module")
def empty(postgres: str) -> str:
    return create_database(postgres)


async def test_a_month_holds(empty: str) -> None:
    days: list[str] = []
    outcome: Outcome = await simulate(empty, 25, SEED, days.append)
    assert outcome.findings.wrong == []
    assert len(days) > 5, "there is progress to be seen"
    said = outcome.findings.by_kind
    assert sum(count for (kind, _), count in said.items() if kind == "flow_delivered") > 10
    assert {channel for _, channel in said} == {"whatsapp", "sms"}
    drawn = page("A month", outcome.facts, outcome.findings, outcome.kept, outcome.scores)
    assert drawn.count("<svg") == 2
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
