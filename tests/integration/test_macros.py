"""Macros: what they do for an agent, and the page on which supervisors make them."""

from uuid import uuid4

import pytest

from bot.domain.case import Priority
from bot.domain.conversation import Author, Holder
from bot.domain.desk import Act
from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.merchant import Role, User
from bot.services.arrange_desk import mark
from bot.services.desk import desk_of
from bot.wiring import Application
from tests.desk import Customer, Desk
from tests.integration.browser import make_user, signed_in
from tests.integration.working import held, settings, the_case

STEPS = {
    "act_0": "reply", "value_0": "refund", "act_1": "tag", "value_1": "refund",
    "act_2": "snooze", "value_2": "2h",
}  # fmt: skip


WRONG: list[tuple[dict[str, str], str]] = [
    ({"name": ""}, "name: must have 1 to 60 characters"),
    ({"name": "Ask for a photo"}, "name: there is a macro of this name already"),
    ({"act_0": ""}, "steps: add at least one"),
    ({"value_0": "nothing"}, "step 1: there is no reply"),
    ({"act_1": "tag", "value_1": ""}, "step 2: tag needs words"),
    ({"act_1": "tag", "value_1": "a, b"}, "step 2: a tag has up to 40 characters"),
    ({"act_1": "snooze", "value_1": "soon"}, "step 2: &#39;soon&#39; must look like 30s"),
    ({"act_1": "snooze", "value_1": "90d"}, "step 2: may be 60d at most"),
    ({"act_1": "priority", "value_1": "very"}, "step 2: &#39;very&#39; is unknown"),
    ({"act_0": "hand_back", "act_1": "note", "value_1": "x"}, "hand_back must be the last act"),
]


@pytest.fixture
async def lead(desk: Desk) -> User:
    return await make_user(desk, Role.supervisor, "Lou Martin")


async def macros(desk: Desk) -> dict[str, tuple[tuple[Act, str], ...]]:
    async with desk.application.database() as unit:
        known = desk_of(await unit.merchants.get(desk.merchant_id)).macros
    return {name: macro.acts for name, macro in known.items()}


async def test_a_macro_is_made_changed_renamed_and_taken_out_on_a_page(desk: Desk) -> None:
    shipped = await macros(desk)
    async with signed_in(desk, Role.supervisor) as (page, _):
        answer = await page.post("/console/macros", name="Later", do="save", **STEPS)
        assert (answer.status, answer.headers["Location"]) == (303, "/console/macros?saved=Later")
        acts = (Act.reply, "refund"), (Act.tag, "refund"), (Act.snooze, "2h")
        assert await macros(desk) == shipped | {"Later": acts}
        form = await page.read("/console/macros?edit=Later")
        seen = form.partition('name="seen" value="')[2].partition('"')[0]
        changed = {"was": "Later", "seen": seen, "act_0": "note", "value_0": "Call at six."}
        assert (await page.post("/console/macros", name="At six", **changed)).status == 303
        assert await macros(desk) == shipped | {"At six": ((Act.note, "Call at six."),)}
        assert "Call at six." in await page.read("/console/macros")
        assert (await page.post("/console/macros/remove", name="At six")).status == 303
        assert await macros(desk) == shipped
        assert (await page.post("/console/macros/remove", name="At six")).status == 404
        assert (await page.get("/console/macros?edit=At+six")).status == 404
    async with desk.application.database() as unit:
        trail = await unit.inbox.trail(desk.merchant_id, None, 20)
    done = [entry.action for entry, _ in trail]
    assert (done.count("stored_macro"), done.count("removed_macro")) == (2, 1)


async def test_what_is_wrong_is_named_with_its_step_and_nothing_is_kept(desk: Desk) -> None:
    before = await macros(desk)
    async with signed_in(desk, Role.supervisor) as (page, _):
        for fields, problem in WRONG:
            given = {"name": "Mine", "act_0": "reply", "value_0": "hello"} | fields
            for do in ("save", "try"):
                if do == "try" and "already" in problem:
                    continue
                answer = await page.post("/console/macros", do=do, **given)
                assert (answer.status, problem in await answer.text()) == (422, True), problem
    assert await macros(desk) == before


async def test_tried_out_it_says_what_it_would_do_and_in_which_words(desk: Desk) -> None:
    before = await macros(desk)
    async with signed_in(desk, Role.supervisor) as (page, _):
        answer = await page.post("/console/macros", name="Later", do="try", **STEPS)
        told = (await answer.text()).partition('id="tried"')[2]
        places = [
            told.index(words)
            for words in ("Your refund for Walnut side table", "Add a tag: refund", "Put aside: 2h")
        ]
        assert places == sorted(places)
    assert await macros(desk) == before


async def test_steps_are_added_moved_and_dropped_before_it_is_kept(desk: Desk) -> None:
    async with signed_in(desk, Role.admin) as (page, _):
        for do, kinds in {
            "add-note": ["reply", "tag", "snooze", "note"],
            "up-1": ["tag", "reply", "snooze"],
            "drop-0": ["tag", "snooze"],
            "up-0": ["reply", "tag", "snooze"],
            "drop-9": ["reply", "tag", "snooze"],
        }.items():
            shown = await (await page.post("/console/macros", name="x", do=do, **STEPS)).text()
            there = [part.partition('"')[0] for part in shown.split('name="act_')[1:]]
            values = [
                part.split('value="')[1].partition('"')[0] for part in shown.split('name="act_')[1:]
            ]
            assert (there, values) == ([str(place) for place in range(len(kinds))], kinds), do


async def test_nobody_writes_over_what_they_have_not_seen(desk: Desk, lead: User) -> None:
    store = desk.application.services.store_macros
    seen = mark((await store.desk(lead)).macros["Ask for a photo"])
    await store.save(
        lead, "Ask for a photo", [(Act.reply, "photo")], was="Ask for a photo", seen=seen
    )
    with pytest.raises(Invalid, match="a colleague has changed this macro since"):
        await store.save(
            lead, "Ask for a photo", [(Act.tag, "lost")], was="Ask for a photo", seen=seen
        )
    with pytest.raises(NotFound):
        await store.save(lead, "New", [(Act.tag, "lost")], was="Not there", seen=seen)
    assert (await macros(desk))["Ask for a photo"] == ((Act.reply, "photo"),)


async def test_agents_do_not_make_macros_and_a_new_one_runs(
    desk: Desk, ana: User, lead: User
) -> None:
    marie = await desk.customer("Marie Petit", "+33612345678", "sms")
    store, agent = desk.application.services.store_macros, await make_user(desk, Role.agent)
    with pytest.raises(Refused):
        await store.save(agent, "Mine", [(Act.tag, "lost")])
    name = await store.save(lead, "  Lost   again ", [(Act.tag, "lost"), (Act.note, "Again.")])
    assert name == "Lost again"
    await desk.asks_for_a_person(marie, "dispute_attempt")
    await desk.application.services.take_over(ana, marie.conversation.id)
    await desk.application.services.run_macro(ana, marie.conversation.id, name, uuid4())
    async with desk.application.database() as unit:
        talk = await unit.conversations.get(desk.merchant_id, marie.conversation.id)
        thread = await unit.messages.thread(desk.merchant_id, talk.id)
    assert talk.tags == ["lost"]
    assert "Again." in [one.text for one in thread]


async def test_a_macro_does_all_or_nothing_and_only_once(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    await settings(
        desk,
        macros={
            "Done": [
                {"reply": "sorry"}, {"note": "Refund agreed"}, {"tag": "refund"},
                {"priority": "low"}, {"hand_back": "Refunded"},
            ],
            "Ask": [{"reply": "photo"}, {"snooze": "2h"}],
        },
    )  # fmt: skip
    here, run = await held(desk, ana, marie), application.services.run_macro
    draft = uuid4()
    for _ in range(2):
        await run(ana, here, "Ask", draft)
    async with application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, here)
    assert sum(one.author is Author.agent for one in thread) == 1
    assert (await the_case(desk, marie)).snoozed
    await run(ana, here, "Done", uuid4())
    async with application.database() as unit:
        found = await desk.stored(unit, marie)
        (case,) = await unit.cases.of_conversation(desk.merchant_id, here)
        thread = await unit.messages.thread(desk.merchant_id, here)
    assert (found.holder, found.tags) == (Holder.bot, ["refund"])
    assert (case.settled, case.priority) == ("Refunded", Priority.low)
    assert "désolé" in next(one.text for one in reversed(thread) if one.author is Author.agent)
    with pytest.raises(Refused):
        await run(ana, here, "Done", uuid4())
