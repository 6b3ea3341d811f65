"""Scores by what they hang on: on the console's page, in its CSV, and on the desk."""

import csv
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.conversation import Author, Question
from bot.domain.ids import new_id
from bot.domain.merchant import Role
from bot.domain.nps import Nps
from bot.domain.shipment import Status
from bot.domain.survey import Survey
from bot.domain.topics import topics_of
from bot.web.console.scores import HEIGHT, WIDTH, points
from bot.wiring import Application
from tests.conftest import seed_shop
from tests.desk import Desk
from tests.integration.browser import Browser, signed_in

SAID = [
    ("sms", "onfleet", 2, "it came late and the driver was rude"),
    ("sms", "onfleet", 10, ""),
    ("sms", "onfleet", None, ""),
    ("whatsapp", "fedex", 9, "=lovely box"),
    ("whatsapp", "fedex", 8, ""),
]


async def ask(
    desk: Desk, place: int, channel: str, carrier: str, score: int | None, words: str
) -> None:
    """Somebody was asked on a channel about a parcel, some weeks ago."""
    person = await desk.customer(f"Person {place}", f"+336123456{place:02}", channel)
    at = desk.application.clock.now() - timedelta(days=7 * place)
    parcel = await desk.parcel(person, "a lamp", [(Status.delivered, 60, {})])
    survey = Survey(
        new_id(), desk.merchant_id, person.contact.id, parcel.id, at, score, words,
        topics=topics_of(words),
    )  # fmt: skip
    question = Question(
        new_id(), desk.merchant_id, person.conversation.id, at, "nps_form", "nps_score",
        {"survey": str(survey.id)},
    )  # fmt: skip
    async with desk.application.database() as unit:
        stored = await unit.shipments.locked(desk.merchant_id, parcel.id)
        stored.carrier = carrier
        unit.add(survey, question)
        await unit.commit()
    ago = 7 * place * 24 * 60
    await desk.message(person, Author.flow, "", ago, question_id=question.id, purpose="feedback")


@pytest.fixture
async def lead(desk: Desk) -> AsyncIterator[Browser]:
    for place, one in enumerate(SAID):
        await ask(desk, place, *one)
    async with signed_in(desk, Role.supervisor) as (browser, _):
        yield browser


async def test_the_page_shows_the_score_by_what_it_hangs_on(lead: Browser) -> None:
    page = await lead.read("/console/scores?by=channel")
    assert "<strong>25</strong> NPS" in page, "two promoters less one detractor, of four"
    assert "<strong>80&nbsp;%</strong> of 5 asked have answered" in page
    assert page.count("<circle") == 4, "a week in which nobody answered is not drawn"
    rows = " ".join(page.split("<tbody>")[1].split("</tbody>")[0].split())
    assert rows.index("SMS") > 0
    assert '<td class="count-of">3</td><td class="count-of">67&nbsp;%</td>' in rows
    assert '<td class="count-of">2</td><td class="count-of">100&nbsp;%</td>' in rows
    assert "it came late and the driver was rude" in page
    assert "time · courier" in page


async def test_every_grouping_and_period_can_be_chosen_and_nonsense_is_not(lead: Browser) -> None:
    for by, shown in (("carrier", "onfleet"), ("topic", "packaging"), ("week", "2026-W")):
        assert shown in await lead.read(f"/console/scores?by={by}&days=365")
    assert "Person" not in await lead.read("/console/scores?by=nonsense&days=1e9")
    recent = await lead.read("/console/scores?days=30")
    assert recent.count("<circle") == 4


async def test_the_csv_has_every_survey_and_no_formula(lead: Browser) -> None:
    rows = list(csv.DictReader((await lead.read("/console/scores.csv")).splitlines()))
    assert [row["score"] for row in rows] == ["8", "9", "", "10", "2"], "the oldest first"
    assert rows[-1]["topics"] == "late courier"
    assert rows[-1]["channel"] == "sms"
    assert rows[1]["comment"] == "'=lovely box"


async def test_another_shops_scores_are_not_counted(
    desk: Desk, lead: Browser, application: Application, tmp_path: Path
) -> None:
    other = (await seed_shop(application, tmp_path)).merchant.id
    async with application.database() as unit:
        since = application.clock.now() - timedelta(days=90)
        assert len(await unit.feedback.asked_since(desk.merchant_id, since)) == len(SAID)
        assert await unit.feedback.asked_since(other, since) == []
    assert lead is not None


async def test_on_the_desk_the_topics_stand_by_the_score(desk: Desk, lead: Browser) -> None:
    page = await lead.read(f"/console/c/{desk.customers[0].conversation.id}")
    assert "it came late and the driver was rude" in page
    assert "time · courier" in " ".join(page.split())


def test_weeks_stand_within_the_drawing() -> None:
    weeks = [Nps(f"2026-W{n}", 10, 5, 5 - n, n) for n in range(6)]
    drawn = points(weeks)
    assert [one.y for one in drawn] == sorted(one.y for one in drawn), "a lower score stands lower"
    for one in drawn:
        assert 0 <= one.x <= WIDTH
        assert 0 <= one.top <= one.y <= one.bottom <= HEIGHT
    assert points([]) == []
