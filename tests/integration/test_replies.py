"""Answers in store: what they say to a customer, and the page on which supervisors write them."""

import re
from collections.abc import Mapping

import pytest

from bot.domain.desk import Reply
from bot.domain.errors import NotFound
from bot.domain.merchant import Role, User
from bot.domain.shipment import Status
from bot.services.desk import desk_of
from bot.wiring import Application
from tests.desk import Customer, Desk
from tests.integration.browser import Browser, signed_in

PAGE = "/console/replies"


async def seen_on(page: Browser, shortcut: str) -> str:
    """What the form of an answer tells of the answer that it was filled with."""
    return mark_of(await page.read(f"{PAGE}?edit={shortcut}"))


def mark_of(shown: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', shown)
    assert found
    return found.group(1)


async def stored(desk: Desk) -> Mapping[str, Reply]:
    async with desk.application.database() as unit:
        return desk_of(await unit.merchants.get(desk.merchant_id)).replies


async def test_an_answer_in_store_is_worded_for_the_customer(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    prepare = application.services.prepare_reply
    here = marie.conversation.id
    assert "___" in await prepare(ana, here, "refund")
    shipment = await desk.parcel(marie, "Lampe", [(Status.in_transit, 20, {})])
    said = await prepare(ana, here, "hello")
    assert said.startswith("Bonjour Inès, ici Ana de ")
    assert shipment.reference in await prepare(ana, here, "refund")
    with pytest.raises(NotFound):
        await prepare(ana, here, "nothing")


async def test_an_answer_in_store_is_added_changed_and_taken_out_on_a_page(
    desk: Desk, ana: User, marie: Customer
) -> None:
    here = marie.conversation.id
    prepare = desk.application.services.prepare_reply
    async with signed_in(desk, Role.supervisor) as (page, _):
        preview = await page.post(
            PAGE, new="yes", shortcut="late", title="Late", do="preview",
            text_en="Sorry {{ customer }}", text_fr="{{ nobody }} knows",
        )  # fmt: skip
        shown = await preview.text()
        assert "Sorry Marie" in shown
        assert "be put into words" in shown
        with pytest.raises(NotFound):
            await prepare(ana, here, "late")
        for fields, problem in (
            ({"shortcut": "Not This", "text_en": "x"}, "small letters"),
            ({"shortcut": "late"}, "texts is missing"),
            ({"shortcut": "hello", "text_en": "x"}, "already"),
            ({"shortcut": "late", "text_en": "{{ nobody }}"}, "put into words"),
        ):
            answer = await page.post(PAGE, new="yes", **fields)
            assert (answer.status, problem in await answer.text()) == (422, True), fields
        good = {
            "shortcut": "late",
            "title": "Late",
            "text_en": "Sorry",
            "text_fr": "Pardon {{ customer }}",
        }
        assert (await page.post(PAGE, new="yes", **good)).status == 303
        assert await prepare(ana, here, "late") == "Pardon Inès"
        changed = good | {"text_fr": "Désolé", "seen": await seen_on(page, "late")}
        assert (await page.post(PAGE, new="no", **changed)).status == 303
        assert await prepare(ana, here, "late") == "Désolé"
        assert "/late" in await page.read(PAGE)
        assert 'value="Late"' in await page.read(f"{PAGE}?edit=late")
        # A macro says it.
        assert (await page.post(f"{PAGE}/remove", shortcut="refund")).status == 422
        assert (await page.post(f"{PAGE}/remove", shortcut="late")).status == 303
        with pytest.raises(NotFound):
            await prepare(ana, here, "late")
    async with desk.application.database() as unit:
        trail = await unit.inbox.trail(desk.merchant_id, None, 20)
    done = [entry.action for entry, _ in trail]
    assert (done.count("stored_reply"), done.count("removed_reply")) == (2, 1)


async def test_of_two_who_change_an_answer_the_later_sees_what_the_other_wrote(desk: Desk) -> None:
    async with signed_in(desk, Role.supervisor) as (page, _):
        here = {"shortcut": "hello", "title": "Hello", "seen": await seen_on(page, "hello")}
        theirs = here | {"text_en": "Good morning", "text_fr": "Bonjour"}
        assert (await page.post(PAGE, new="no", **theirs)).status == 303
        mine = here | {"text_en": "Welcome", "text_fr": "Bonjour"}
        answer = await page.post(PAGE, new="no", **mine)
        shown = await answer.text()
        assert answer.status == 422
        assert "A colleague has changed this answer" in shown
        # What was typed is still there, and theirs beside it where it is something else.
        assert ">Welcome</textarea>" in shown
        assert shown.count("Says now:") == 1
        assert "Good morning" in shown
        assert (await stored(desk))["hello"].texts["en"] == "Good morning"
        knowing = mine | {"seen": mark_of(shown)}
        assert (await page.post(PAGE, new="no", **knowing)).status == 303
        assert (await stored(desk))["hello"].texts["en"] == "Welcome"


async def test_an_answer_that_a_colleague_took_out_is_added_anew(desk: Desk) -> None:
    async with signed_in(desk, Role.supervisor) as (page, _):
        mine = {"shortcut": "gone", "title": "Gone", "text_en": "It is gone"}
        assert (await page.post(PAGE, new="yes", **mine)).status == 303
        seen = await seen_on(page, "gone")
        assert (await page.post(f"{PAGE}/remove", shortcut="gone")).status == 303
        answer = await page.post(PAGE, new="no", seen=seen, **mine)
        shown = await answer.text()
        assert "A colleague has taken this answer out" in shown
        assert ">It is gone</textarea>" in shown
        assert 'name="new" value="yes"' in shown
        assert (await page.post(PAGE, new="yes", **mine)).status == 303
        assert "gone" in await stored(desk)
