"""Views of the queue that agents keep: their own, and the team's."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bot.domain.clock import FixedClock
from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.merchant import Role, User
from bot.domain.saved_view import SavedView
from bot.services import save_views
from bot.services.inbox import View, ViewName
from tests.conftest import seed_shop
from tests.desk import Desk
from tests.integration.browser import make_user, signed_in

LATE_IN_FRENCH = View(ViewName.late, language="fr")
DAMAGED = View(topic="report_damage", channel="sms")


async def seen(desk: Desk, user: User) -> list[SavedView]:
    async with desk.application.database() as unit:
        return list(await unit.views.seen_by(user.merchant_id, user.id))


async def test_a_view_is_written_and_read_again_without_what_was_searched_for() -> None:
    for view in (LATE_IN_FRENCH, DAMAGED, View(tag="a & b", priority="high"), View()):
        assert View.read(view.written()) == view
    assert View(search="Marie Petit").written() == {}
    odd = {"view": "nonsense", "topic": "x" * 200 + "\0", "q": " a\0b "}
    assert View.read(odd) == View(topic="x" * 80, search="ab")


async def test_ones_own_are_seen_by_nobody_else_and_the_teams_by_everybody(desk: Desk) -> None:
    save = desk.application.services.save_views
    lead, agent = await make_user(desk, Role.supervisor), await make_user(desk, Role.agent)
    await save(agent, " Damaged  by SMS ", DAMAGED, team=False)
    await save(lead, "Late in French", LATE_IN_FRENCH, team=True)
    own = await save(lead, "Damaged by SMS", DAMAGED, team=False)
    assert [one.name for one in await seen(desk, agent)] == ["Late in French", "Damaged by SMS"]
    assert [one.id for one in await seen(desk, lead)][1] == own.id
    with pytest.raises(NotFound):
        await save.rename(agent, own.id, "Mine now")
    team = (await seen(desk, agent))[0]
    for act in (save.remove(agent, team.id), save.rename(agent, team.id, "Ours")):
        with pytest.raises(Refused):
            await act
    await save.rename(lead, team.id, "Late, French")
    await save.remove(lead, own.id)
    assert [one.name for one in await seen(desk, lead)] == ["Late, French"]
    async with desk.application.database() as unit:
        trail = await unit.inbox.trail(desk.merchant_id, None, 20)
    done = [entry.action for entry, _ in trail]
    counts = [done.count(one) for one in ("saved_view", "renamed_view", "removed_view")]
    assert counts == [3, 1, 1]


async def test_what_cannot_be_kept_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    save, agent = desk.application.services.save_views, await make_user(desk, Role.agent)
    await save(agent, "Damaged", DAMAGED, team=False)
    for name, view, problem in (
        ("damaged", LATE_IN_FRENCH, "already"),
        ("", DAMAGED, "1 to 40"),
        ("x" * 41, DAMAGED, "1 to 40"),
        ("All of it", View(), "narrow the queue down"),
    ):
        with pytest.raises(Invalid, match=problem):
            await save(agent, name, view, team=False)
    with pytest.raises(Refused):
        await save(agent, "For all", DAMAGED, team=True)
    monkeypatch.setattr(save_views, "MOST_VIEWS", 1)
    with pytest.raises(Invalid, match="delete one first"):
        await save(agent, "Another", LATE_IN_FRENCH, team=False)


async def test_a_view_stays_with_its_merchant(desk: Desk, tmp_path: Path) -> None:
    save, lead = desk.application.services.save_views, await make_user(desk, Role.supervisor)
    made = await save(lead, "Ours", DAMAGED, team=True)
    other = await seed_shop(desk.application, tmp_path)
    async with desk.application.database() as unit:
        stranger = await unit.merchants.user_by_email(other.email)
    assert stranger is not None
    assert await seen(desk, stranger) == []
    for act in (save.remove(stranger, made.id), save.rename(stranger, made.id, "Mine")):
        with pytest.raises(NotFound):
            await act
    with pytest.raises(NotFound):
        await save.remove(lead, uuid4())


async def test_it_is_kept_from_the_queue_opened_counted_and_arranged(
    desk: Desk, clock: FixedClock
) -> None:
    ines = await desk.customer("Inès Petit", "+33612345678", "whatsapp", "fr")
    await desk.asks_for_a_person(ines, "dispute_attempt", ago=6)
    tom = await desk.customer("Tom Reed", "+447700900111", "sms")
    await desk.asks_for_a_person(tom, "dispute_attempt", ago=6)
    clock.instant += timedelta(hours=1)
    async with signed_in(desk, Role.supervisor) as (page, lead):
        plain = await page.read("/console")
        assert 'id="keep-view"' not in plain
        assert 'id="keep-view"' not in await page.read("/console?q=Tom")
        assert 'id="keep-view"' in await page.read("/console?language=fr")
        answer = await page.post("/console/views", name="French", language="fr", view="desk")
        assert (answer.status, answer.headers["Location"]) == (303, "/console?language=fr")
        shown = (await page.read("/console?language=fr")).partition('id="kept-views"')[2]
        first = shown.partition("</li>")[0]
        assert 'href="/console?language=fr" data-hotkey="1"' in first
        assert 'aria-current="true"' in first
        assert "1 late" in first
        assert "Inès Petit" in shown
        assert "Tom Reed" not in shown
        (kept,) = await seen(desk, lead)
        assert "French" in await page.read("/console/views")
        renamed = await page.post(f"/console/views/{kept.id}/rename", name="En français")
        assert renamed.status == 303
        assert "En français" in await page.read("/console/queue")
        assert (await page.post(f"/console/views/{kept.id}/remove")).status == 303
        assert "En français" not in await page.read("/console/queue")
