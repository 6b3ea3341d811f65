"""The console over HTTP: who gets in, what they see, what they do, and what stays shut."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiohttp import ClientSession, CookieJar
from sqlalchemy import select, text

from bot.domain.attempt import CustomerSays
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Holder, MessageStatus
from bot.domain.merchant import AuditEntry, User
from bot.domain.shipment import Shipment, Status, TrackingEvent
from bot.domain.when import Window
from bot.services.hand_over import hand_over
from bot.services.judge_attempts import claim_attempt, customer_says
from bot.storage import tables as t
from bot.web.sessions import IDLE
from bot.wiring import Application
from tests.conftest import Shop, seed_shop
from tests.desk import Customer, Desk, serve
from tests.integration.browser import Browser

KILL_LISTENERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
)


@pytest.fixture
async def stranger(desk: Desk) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(desk, session)


@pytest.fixture
async def ana(desk: Desk) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        browser = Browser(desk, session)
        response = await browser.login(desk.shop.email, desk.shop.password)
        assert (response.status, response.headers["Location"]) == (303, "/console")
        yield browser


@pytest.fixture
async def bea(desk: Desk) -> AsyncIterator[Browser]:
    email = f"bea-{uuid4().hex}@maison-lune.example"
    await desk.colleague("Bea Okafor", email, "a long phrase for Bea")
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        browser = Browser(desk, session)
        assert (await browser.login(email, "a long phrase for Bea")).status == 303
        yield browser


@pytest.fixture
async def marie(desk: Desk) -> Customer:
    customer = await desk.customer("Marie Petit", "+33612345678", "whatsapp", "fr")
    await desk.says(customer, "Personne n'est venu !", ago=9)
    return customer


async def user_of(desk: Desk) -> User:
    async with desk.application.database() as unit:
        user = await unit.merchants.user_by_email(desk.shop.email)
    assert user is not None
    return user


async def holder_of(desk: Desk, customer: Customer) -> tuple[Holder, UUID | None]:
    async with desk.application.database() as unit:
        found = await desk.stored(unit, customer)
    return found.holder, found.agent_id


async def thread(desk: Desk, customer: Customer) -> list[tuple[str, str]]:
    async with desk.application.database() as unit:
        messages = await unit.messages.thread(desk.merchant_id, customer.conversation.id)
    return [(str(m.author), m.say or m.text) for m in messages]


async def audited(desk: Desk) -> list[str]:
    async with desk.application.database() as unit:
        entries = await unit.session.scalars(
            select(AuditEntry)
            .where(t.audit.c.merchant_id == desk.merchant_id)
            .order_by(t.audit.c.id)
        )
        return [entry.action for entry in entries]


class TestComingIn:
    async def test_the_root_leads_to_the_console_and_the_console_to_the_login(
        self, stranger: Browser
    ) -> None:
        assert (await stranger.get("/")).headers["Location"] == "/console"
        assert (await stranger.get("/console")).headers["Location"] == "/console/login"
        assert (await stranger.get(f"/console/c/{uuid4()}")).headers["Location"] == "/console/login"

    async def test_wrong_user_and_wrong_password_look_the_same(
        self, desk: Desk, stranger: Browser
    ) -> None:
        texts: list[str] = []
        for email in (desk.shop.email, "nobody@maison-lune.example"):
            response = await stranger.login(email, "not the password")
            assert response.status == 401
            page = await response.text()
            texts.append(re.sub(r'value="[^"]*"', "", page))
        assert texts[0] == texts[1]
        assert "do not belong together" in texts[0]

    async def test_a_user_who_is_not_active_does_not_get_in(
        self, desk: Desk, stranger: Browser, ana: Browser
    ) -> None:
        async with desk.application.database() as unit:
            user = await unit.merchants.user_by_email(desk.shop.email)
            assert user is not None
            user.active = False
            await unit.commit()
        assert (await stranger.login(desk.shop.email, desk.shop.password)).status == 401
        assert (await ana.get("/console")).status == 303

    async def test_guessing_is_slowed_down_also_when_many_tries_come_at_once(
        self, desk: Desk, stranger: Browser
    ) -> None:
        token = await stranger.token()
        fields = {"email": desk.shop.email, "password": "guess"}
        tries = [stranger.post("/console/login", csrf=token, **fields) for _ in range(20)]
        statuses = [response.status for response in await asyncio.gather(*tries)]
        assert statuses.count(401) == 8
        assert statuses.count(429) == 12
        assert (await stranger.login(desk.shop.email, desk.shop.password)).status == 429

    async def test_behind_our_proxy_one_guesser_does_not_slow_down_the_others(
        self, application: Application, shop: Shop
    ) -> None:
        settings = application.settings.model_copy(update={"trusted_proxies": 1})
        async with (
            serve(replace(application, settings=settings), shop) as desk,
            ClientSession(cookie_jar=CookieJar(unsafe=True)) as session,
        ):
            fields = {"csrf": await Browser(desk, session).token(), "email": shop.email}

            async def guess(address: str) -> int:
                response = await session.post(
                    desk.url("/console/login"),
                    data={**fields, "password": "guess"},
                    headers={"X-Forwarded-For": f"made-up, {address}"},
                )
                return response.status

            assert [await guess("203.0.113.7") for _ in range(9)] == [401] * 8 + [429]
            assert await guess("203.0.113.8") == 401

    async def test_the_session_is_a_new_one_after_login_and_over_after_logout(
        self, desk: Desk, stranger: Browser
    ) -> None:
        before = await stranger.token()
        assert (await stranger.login(desk.shop.email, desk.shop.password)).status == 303
        after = await stranger.token()
        assert before != after
        assert (await stranger.post("/console/logout", csrf=before)).status == 409
        assert (await stranger.post("/console/logout")).headers["Location"] == "/console/login"
        assert (await stranger.get("/console")).status == 303

    async def test_raising_the_epoch_ends_every_session(self, desk: Desk, ana: Browser) -> None:
        assert (await ana.get("/console")).status == 200
        async with desk.application.database() as unit:
            user = await unit.merchants.user_by_email(desk.shop.email)
            assert user is not None
            user.session_epoch += 1
            await unit.commit()
        assert (await ana.get("/console")).status == 303
        fragment = await ana.get("/console/queue", headers={"X-Requested-With": "fetch"})
        assert fragment.status == 401

    async def test_an_idle_session_ends(self, ana: Browser, clock: FixedClock) -> None:
        clock.instant += IDLE - timedelta(minutes=1)
        assert (await ana.get("/console")).status == 200
        clock.instant += IDLE - timedelta(minutes=1)
        assert (await ana.get("/console")).status == 200
        clock.instant += IDLE
        assert (await ana.get("/console")).status == 303

    async def test_the_cookie_is_guarded_and_says_nothing(self, desk: Desk, ana: Browser) -> None:
        cookie = next(c for c in ana.session.cookie_jar if c.key == "doorstep")
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert str((await user_of(desk)).id) not in cookie.value

    async def test_every_answer_carries_the_guarding_headers(
        self, ana: Browser, marie: Customer
    ) -> None:
        for path in ("/console", "/console/queue", marie.page, f"/console/c/{uuid4()}"):
            headers = (await ana.get(path)).headers
            assert "script-src 'self'" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Cache-Control"] == "no-store"
        page = await ana.read(marie.page)
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", page)


class TestForgery:
    @pytest.mark.parametrize("csrf", ["", "wrong", "é"])
    async def test_a_post_without_the_token_does_nothing(
        self, desk: Desk, ana: Browser, marie: Customer, csrf: str
    ) -> None:
        for act in ("take", "reply", "hand-back", "reveal"):
            response = await ana.post(f"{marie.page}/{act}", csrf=csrf, text="hello")
            assert response.status == 409
        assert await holder_of(desk, marie) == (Holder.bot, None)

    async def test_the_token_of_another_session_is_worth_nothing(
        self, desk: Desk, ana: Browser, bea: Browser, marie: Customer
    ) -> None:
        response = await ana.post(f"{marie.page}/take", csrf=await bea.token())
        assert response.status == 409
        assert await holder_of(desk, marie) == (Holder.bot, None)


class TestQueue:
    async def test_who_has_waited_longest_is_first_then_mine_then_the_rest(
        self, desk: Desk, ana: Browser
    ) -> None:
        for place, (name, waited) in enumerate((("Short", 2), ("Long", 30), ("Middle", 9))):
            customer = await desk.customer(name, f"+3361111000{place}")
            await desk.asks_for_a_person(customer, ago=waited)
        mine = await desk.customer("Mine", "+33611110005")
        await desk.customer("Rest", "+33611110006")
        assert (await ana.post(f"{mine.page}/take")).status == 303
        page = await ana.read("/console/queue")
        assert re.findall(r'class="name">(\w+)<', page) == [
            "Long",
            "Middle",
            "Short",
            "Mine",
            "Rest",
        ]
        assert 'data-count="3"' in page

    async def test_a_row_says_what_an_agent_wants_to_know(
        self, desk: Desk, ana: Browser, marie: Customer
    ) -> None:
        await desk.asks_for_a_person(marie, "dispute_attempt", ago=8)
        page = await ana.read("/console")
        for said in ("Marie Petit", "WhatsApp", "says nobody came", "French", "unanswered"):
            assert said in page
        assert "Personne n&#39;est venu !" in page

    async def test_a_number_stands_for_a_missing_name_but_masked(
        self, desk: Desk, ana: Browser
    ) -> None:
        await desk.customer("", "+447700900123")
        page = await ana.read("/console")
        assert "+44 77•• •••123" in page
        assert "900123" not in page


class TestConversation:
    async def test_the_thread_shows_everything_in_words(
        self, desk: Desk, ana: Browser, marie: Customer
    ) -> None:
        understood = {"intent": "dispute_attempt", "confidence": 0.934}
        await desk.says(marie, "personne", understood=understood)
        await desk.says(marie, "", kind="location", variables={"location": [45.7, 4.8]})
        await desk.message(
            marie, Author.bot, "Jeudi ?", options=[{"shown": "Oui"}, {"title": "never shown"}]
        )
        await desk.message(
            marie, Author.bot, "x", status=MessageStatus.failed, error="the number is not in use"
        )
        await desk.message(
            marie, Author.bot, "", status=MessageStatus.queued, say="greet", variables={}
        )
        await desk.asks_for_a_person(marie, "dispute_attempt")
        page = await ana.read(marie.page)
        assert "Dispute attempt · 93 %" in page
        assert "Location: 45.70000, 4.80000" in page
        assert "<li>Oui</li>" in page
        assert "never shown" not in page
        assert "Not delivered: the number is not in use." in page
        assert 'class="text pending"' in page
        assert "The bot asked for a person: says nobody came" in page

    async def test_what_a_customer_writes_is_text_and_nothing_else(
        self, desk: Desk, ana: Browser
    ) -> None:
        evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
        customer = await desk.customer(evil, "+33611112222")
        await desk.says(customer, evil)
        for path in ("/console", customer.page, f"{customer.page}/parts"):
            page = await ana.read(path)
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "&lt;script&gt;alert(1)" in page

    async def test_times_are_in_the_merchants_zone(
        self, desk: Desk, ana: Browser, marie: Customer
    ) -> None:
        # 08:30 UTC is 09:30 in Paris; the message is nine minutes old.
        assert ">09:21<" in await ana.read(marie.page)

    async def test_looking_at_a_number_is_kept(
        self, desk: Desk, ana: Browser, marie: Customer
    ) -> None:
        page = await ana.read(marie.page)
        assert "6 12 34 56 78" not in page
        response = await ana.post(f"{marie.page}/reveal")
        assert await response.text() == "+33 6 12 34 56 78"
        assert (await audited(desk))[-1] == "revealed_phone"

    async def test_an_unknown_note_or_topic_is_no_error(
        self, desk: Desk, ana: Browser, marie: Customer
    ) -> None:
        await desk.message(marie, Author.system, "parcel_{odd}", status=MessageStatus.received)
        await desk.asks_for_a_person(marie, "customs_hold")
        assert "Customs hold" in await ana.read(marie.page)


class TestHolding:
    async def test_take_reply_hand_back(self, desk: Desk, ana: Browser, marie: Customer) -> None:
        await desk.asks_for_a_person(marie)
        assert (await ana.post(f"{marie.page}/take")).headers["Location"] == marie.page
        me = (await user_of(desk)).id
        assert await holder_of(desk, marie) == (Holder.agent, me)
        assert "You answer, the bot is silent" in await ana.read(marie.page)
        draft = str(uuid4())
        assert (await ana.post(f"{marie.page}/reply", text=" Bonjour\r\nMarie ", draft=draft)).ok
        assert (await ana.post(f"{marie.page}/hand-back")).status == 303
        assert await holder_of(desk, marie) == (Holder.bot, None)
        assert await thread(desk, marie) == [
            ("customer", "Personne n'est venu !"),
            ("system", "handed_over"),
            ("system", "taken_over"),
            ("bot", "agent_joined"),
            ("agent", "Bonjour\nMarie"),
            ("system", "handed_back"),
            ("bot", "agent_left"),
        ]
        assert await audited(desk) == ["signed_in", "taken_over", "replied", "handed_back"]

    async def test_taking_twice_is_taking_once(
        self, desk: Desk, ana: Browser, marie: Customer
    ) -> None:
        for _ in range(2):
            assert (await ana.post(f"{marie.page}/take")).status == 303
        assert [say for _, say in await thread(desk, marie)].count("agent_joined") == 1

    async def test_of_two_who_take_at_once_one_gets_it(
        self, desk: Desk, ana: Browser, bea: Browser, marie: Customer
    ) -> None:
        await desk.asks_for_a_person(marie)
        tokens = [await ana.token(), await bea.token()]
        responses = await asyncio.gather(
            ana.post(f"{marie.page}/take", csrf=tokens[0]),
            bea.post(f"{marie.page}/take", csrf=tokens[1]),
        )
        assert sorted(response.status for response in responses) == [303, 409]
        assert [say for _, say in await thread(desk, marie)].count("agent_joined") == 1

    async def test_what_a_colleague_holds_can_be_seen_but_not_touched(
        self, desk: Desk, ana: Browser, bea: Browser, marie: Customer
    ) -> None:
        assert (await bea.post(f"{marie.page}/take")).status == 303
        page = await ana.read(marie.page)
        assert "Bea Okafor answers" in page
        assert "/take" not in page
        refused = await ana.post(f"{marie.page}/take")
        assert refused.status == 409
        assert "Somebody else has taken" in await refused.text()
        for act in ("reply", "hand-back"):
            response = await ana.post(f"{marie.page}/{act}", text="hi", draft=str(uuid4()))
            assert response.status == 409
        assert [author for author, _ in await thread(desk, marie)].count("agent") == 0
        assert (await holder_of(desk, marie))[0] is Holder.agent

    async def test_a_reply_sent_twice_goes_once(
        self, desk: Desk, ana: Browser, marie: Customer
    ) -> None:
        await ana.post(f"{marie.page}/take")
        token, draft = await ana.token(), str(uuid4())
        sending = [
            ana.post(f"{marie.page}/reply", csrf=token, text="Once", draft=draft) for _ in range(3)
        ]
        assert [response.status for response in await asyncio.gather(*sending)] == [303] * 3
        assert [said for said in await thread(desk, marie) if said[0] == "agent"] == [
            ("agent", "Once")
        ]

    @pytest.mark.parametrize(
        ("text", "draft"),
        [("", None), ("  \n ", None), ("x" * 4001, None), ("hello", "no-uuid"), ("\0", None)],
    )
    async def test_a_reply_that_cannot_be_sent_is_refused_in_words(
        self, desk: Desk, ana: Browser, marie: Customer, text: str, draft: str | None
    ) -> None:
        await ana.post(f"{marie.page}/take")
        response = await ana.post(f"{marie.page}/reply", text=text, draft=draft or str(uuid4()))
        assert response.status == 422
        assert "agent" not in [author for author, _ in await thread(desk, marie)]

    async def test_only_a_held_conversation_can_be_answered(
        self, desk: Desk, ana: Browser, marie: Customer
    ) -> None:
        response = await ana.post(f"{marie.page}/reply", text="hello", draft=str(uuid4()))
        assert response.status == 409
        assert "Take it over first" in await response.text()


class TestWalls:
    async def test_nothing_of_another_merchant_can_be_reached(
        self, desk: Desk, ana: Browser, tmp_path: Path
    ) -> None:
        other = Desk(desk.application, await seed_shop(desk.application, tmp_path), desk.server)
        theirs = await other.customer("Somebody Else", "+33699999999")
        await other.says(theirs, "a secret of the other shop")
        await other.asks_for_a_person(theirs)
        for path in ("/console", "/console/queue", f"/console/queue?open={theirs.conversation.id}"):
            page = await ana.read(path)
            assert "Somebody Else" not in page
            assert "secret" not in page
        for path in (theirs.page, f"{theirs.page}/parts"):
            assert (await ana.get(path)).status == 404
        for act in ("take", "reply", "hand-back", "reveal"):
            fields = {"text": "hello", "draft": str(uuid4())}
            assert (await ana.post(f"{theirs.page}/{act}", **fields)).status == 404
        assert await holder_of(other, theirs) == (Holder.waiting, None)
        assert await audited(other) == []

    @pytest.mark.parametrize("name", ["x", "%00", "00000000-0000-0000-0000-00000000000g", "é"])
    async def test_an_address_that_names_nothing_is_404(self, ana: Browser, name: str) -> None:
        assert (await ana.get(f"/console/c/{name}")).status == 404


class TestLive:
    async def test_a_change_is_told_to_this_merchants_consoles_only(
        self, desk: Desk, ana: Browser, marie: Customer, tmp_path: Path
    ) -> None:
        other = Desk(desk.application, await seed_shop(desk.application, tmp_path), desk.server)
        theirs = await other.customer("Somebody Else", "+33699999998")
        stream = await ana.get("/console/events")
        assert stream.headers["Content-Type"] == "text/event-stream"
        await other.says(theirs, "not for Ana")
        await desk.says(marie, "for Ana")
        heard = ""
        async with asyncio.timeout(10):
            while str(marie.conversation.id) not in heard:
                heard += (await stream.content.readline()).decode()
        assert str(theirs.conversation.id) not in heard
        stream.close()

    async def test_a_lost_connection_is_made_anew_and_everything_refreshed(
        self, desk: Desk, ana: Browser, marie: Customer
    ) -> None:
        stream = await ana.get("/console/events")
        async with desk.application.database() as unit:
            await unit.session.execute(KILL_LISTENERS)
        heard = ""
        async with asyncio.timeout(10):
            while '"*"' not in heard:
                heard += (await stream.content.readline()).decode()
        await desk.says(marie, "after the break")
        async with asyncio.timeout(10):
            while str(marie.conversation.id) not in heard:
                heard += (await stream.content.readline()).decode()
        stream.close()

    async def test_an_open_stream_does_not_hold_up_the_gateways_end(
        self, desk: Desk, ana: Browser
    ) -> None:
        stream = await ana.get("/console/events")
        assert stream.status == 200
        async with asyncio.timeout(5):
            await desk.server.close()

    async def test_the_stream_is_for_users(self, stranger: Browser) -> None:
        assert (await stranger.get("/console/events")).status == 401


async def test_a_hand_over_by_the_bot_reaches_the_queue(
    desk: Desk, ana: Browser, marie: Customer
) -> None:
    async with desk.application.database() as unit:
        found = await desk.stored(unit, marie)
        assert await hand_over(unit, found, "engine", desk.application.clock.now())
        await unit.commit()
    assert "the bot could not answer" in await ana.read("/console")


async def test_attempts_are_listed_with_their_evidence(desk: Desk, ana: Browser) -> None:
    merchant, now = desk.shop.merchant.id, desk.application.clock.now()
    async with desk.application.database() as unit:
        parcel = Shipment(uuid4(), merchant, "ML-77", "onfleet", "9c2a1f08", None, now)
        parcel.address = {"latitude": 48.8566, "longitude": 2.3522}
        parcel.make_promise(Window(now, now + timedelta(hours=2)), now)
        unit.add(parcel)
        await unit.flush()
        event = TrackingEvent(
            uuid4(), merchant, parcel.id, "carrier:x:1", Status.attempt_failed, now, now
        )
        event.details = {"courier_id": "c-7", "depot": "Lyon Sud", "place": [48.859, 2.3522]}
        event.description = "<b>nobody in</b>"
        unit.shipments.add_event(event)
        attempt = await claim_attempt(unit, parcel, event, now)
        await customer_says(unit, parcel, CustomerSays.was_in, now)
        await unit.commit()
    listed = await ana.read("/console/attempts")
    assert "ML-77" in listed
    assert "Lyon Sud" in listed
    assert "in dispute" in listed
    shown = await ana.read(f"/console/attempts/{attempt.id}")
    assert "The customer says that somebody was in" in shown
    assert "&lt;b&gt;nobody in" in shown
    # On paper a day is named by its date, and everything stands that the verdict rests on.
    assert "Today" not in shown.partition("<h1>")[2]
    assert "Monday 23 November 2026 09:30 – Monday 23 November 2026 11:30" in shown
    assert ">267 m<" in shown
    assert "one-time code" in shown
    found = await (await ana.get(f"/console/attempts/{attempt.id}.json")).json()
    assert (found["verdict"], found["evidence"]["customer_says"]) == ("not_made", "was_in")
    keys = [reason["key"] for reason in found["reasons"]]
    assert keys == ["presumed", "not_at_the_door", "customer_was_in"]


async def test_another_merchant_s_attempt_is_not_there(
    desk: Desk, ana: Browser, stranger: Browser
) -> None:
    for path in (f"/console/attempts/{uuid4()}", "/console/attempts/x"):
        assert (await ana.get(path)).status == 404
    assert (await stranger.get("/console/attempts")).status == 303
