"""A user's own account: the second step of the login, password, language, sessions."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pyotp.totp import TOTP
from sqlalchemy import select

from bot.domain.clock import FixedClock
from bot.domain.merchant import AuditEntry, Role, User
from bot.storage import tables as t
from bot.web.console.wording import LANGUAGES
from bot.wiring import Application
from tests.conftest import Shop
from tests.desk import Desk, serve
from tests.integration.browser import PASSWORD, Browser, browser, signed_in

STEP = timedelta(seconds=30)
NEW = "another quite long phrase"


@pytest.fixture
async def desk(application: Application, shop: Shop) -> AsyncIterator[Desk]:
    async with serve(application, shop) as served:
        yield served


@pytest.fixture
async def bea(desk: Desk) -> AsyncIterator[tuple[Browser, User]]:
    async with signed_in(desk, Role.agent) as both:
        yield both


async def switch_on(page: Browser, clock: FixedClock) -> tuple[TOTP, list[str]]:
    """Set the second step up as a person would; returns the authenticator and recovery codes."""
    shown = await (await page.post("/console/account/two-factor/begin")).text()
    assert "<svg" in shown
    secret = re.search(r'class="secret">([A-Z2-7]+)<', shown)
    assert secret
    phone = TOTP(secret.group(1))
    done = await page.post("/console/account/two-factor/confirm", code=phone.at(clock.now()))
    codes = re.findall(r"<li><code>([a-z0-9-]+)</code>", await done.text())
    assert len(codes) == len(set(codes)) == 10
    return phone, codes


async def audited(desk: Desk) -> list[str]:
    async with desk.application.database() as unit:
        entries = await unit.session.scalars(
            select(AuditEntry)
            .where(t.audit.c.merchant_id == desk.merchant_id)
            .order_by(t.audit.c.id)
        )
        return [entry.action for entry in entries]


class TestSecondStep:
    async def test_the_session_begins_with_the_code_and_not_before(
        self, desk: Desk, bea: tuple[Browser, User], clock: FixedClock
    ) -> None:
        page, user = bea
        phone, _ = await switch_on(page, clock)
        clock.instant += STEP
        async with browser(desk) as other:
            first = await other.login(user.email)
            assert first.headers["Location"] == "/console/login/code"
            for path in ("/console", "/console/account", "/console/queue"):
                assert (await other.get(path)).headers["Location"] == "/console/login"
            token = re.search(
                r'name="csrf" value="([^"]+)"', await other.read("/console/login/code")
            )
            assert token
            wrong = await other.post("/console/login/code", csrf=token.group(1), code="000000")
            assert wrong.status == 401
            assert (await other.get("/console")).status == 303
            entered = await other.post(
                "/console/login/code", csrf=token.group(1), code=phone.at(clock.now())
            )
            assert entered.headers["Location"] == "/console"
            assert (await other.get("/console")).status == 200
        assert (await audited(desk))[-2:] == ["gave_password", "signed_in"]

    async def test_a_code_is_used_once_also_when_it_comes_twice_at_once(
        self, desk: Desk, bea: tuple[Browser, User], clock: FixedClock
    ) -> None:
        page, user = bea
        phone, _ = await switch_on(page, clock)
        two_factor = desk.application.services.two_factor
        # The one that switched it on is used up as well.
        assert not await two_factor.enter(user, phone.at(clock.now()))
        clock.instant += STEP
        code = phone.at(clock.now())
        entered = await asyncio.gather(*(two_factor.enter(user, code) for _ in range(4)))
        assert sorted(entered) == [False, False, False, True]

    @pytest.mark.parametrize(("off", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
    async def test_a_phone_s_clock_may_be_a_step_off(
        self, desk: Desk, bea: tuple[Browser, User], clock: FixedClock, off: int, right: bool
    ) -> None:
        page, user = bea
        phone, _ = await switch_on(page, clock)
        clock.instant += STEP * 5
        code = phone.at(clock.now() + off * STEP)
        assert await desk.application.services.two_factor.enter(user, code) is right

    async def test_a_recovery_code_lets_in_once_however_it_is_typed(
        self, desk: Desk, bea: tuple[Browser, User], clock: FixedClock
    ) -> None:
        page, user = bea
        _, codes = await switch_on(page, clock)
        two_factor = desk.application.services.two_factor
        assert await two_factor.enter(user, codes[0].upper().replace("-", " "))
        assert not await two_factor.enter(user, codes[0])
        assert "Recovery codes left: 9." in await page.read("/console/account")
        assert "signed_in_by_recovery_code" in await audited(desk)

    async def test_codes_are_not_guessed_by_trying(
        self, desk: Desk, bea: tuple[Browser, User], clock: FixedClock
    ) -> None:
        page, user = bea
        phone, _ = await switch_on(page, clock)
        clock.instant += STEP
        async with browser(desk) as other:
            await other.login(user.email)
            token = re.search(
                r'name="csrf" value="([^"]+)"', await other.read("/console/login/code")
            )
            assert token
            tries = [
                other.post("/console/login/code", csrf=token.group(1), code=f"{n:06d}")
                for n in range(12)
            ]
            statuses = [response.status for response in await asyncio.gather(*tries)]
            assert (statuses.count(401), statuses.count(429)) == (6, 6)
            right = phone.at(clock.now())
            late = await other.post("/console/login/code", csrf=token.group(1), code=right)
            assert late.status == 429

    async def test_half_a_login_does_not_last_and_ends_with_the_epoch(
        self, desk: Desk, bea: tuple[Browser, User], clock: FixedClock
    ) -> None:
        page, user = bea
        await switch_on(page, clock)
        async with browser(desk) as other:
            await other.login(user.email)
            clock.instant += timedelta(minutes=11)
            assert (await other.get("/console/login/code")).headers["Location"] == "/console/login"
            await other.login(user.email)
            assert (await other.get("/console/login/code")).status == 200
            await desk.application.services.account.sign_out_everywhere(user)
            assert (await other.get("/console/login/code")).headers["Location"] == "/console/login"

    async def test_a_wrong_first_code_switches_nothing_on(
        self, desk: Desk, bea: tuple[Browser, User], clock: FixedClock
    ) -> None:
        page, user = bea
        await page.post("/console/account/two-factor/begin")
        again = await page.post("/console/account/two-factor/confirm", code="12345x")
        assert again.status == 422
        assert "<svg" in await again.text()
        async with browser(desk) as other:
            assert (await other.login(user.email)).headers["Location"] == "/console"

    async def test_it_is_switched_off_with_the_password_only(
        self, desk: Desk, bea: tuple[Browser, User], clock: FixedClock
    ) -> None:
        page, user = bea
        await switch_on(page, clock)
        assert (await page.post("/console/account/two-factor/begin")).status == 409
        wrong = await page.post("/console/account/two-factor/off", password="not it")
        assert wrong.status == 422
        state = await desk.application.services.two_factor.state(user)
        assert state is not None
        assert state.on
        right = await page.post("/console/account/two-factor/off", password=PASSWORD)
        assert right.status == 303
        assert await desk.application.services.two_factor.state(user) is None

    async def test_the_table_tells_neither_secret_nor_codes(
        self, desk: Desk, bea: tuple[Browser, User], clock: FixedClock
    ) -> None:
        phone, codes = await switch_on(bea[0], clock)
        async with desk.application.database() as unit:
            query = select(t.second_factors).where(t.second_factors.c.user_id == bea[1].id)
            row = (await unit.session.execute(query)).one()
        assert phone.secret.encode() not in row.secret
        assert not {code.replace("-", "") for code in codes} & set(row.recovery)


class TestOwnAccount:
    async def test_a_new_password_ends_the_other_sessions_and_not_this_one(
        self, desk: Desk, bea: tuple[Browser, User]
    ) -> None:
        page, user = bea
        async with browser(desk) as other:
            await other.login(user.email)
            changed = await page.post("/console/account/password", old=PASSWORD, new=NEW)
            assert changed.status == 303
            assert (await page.get("/console")).status == 200
            assert (await other.get("/console")).status == 303
            assert (await other.login(user.email, PASSWORD)).status == 401
            assert (await other.login(user.email, NEW)).status == 303

    @pytest.mark.parametrize(
        ("old", "new"), [("wrong", NEW), (PASSWORD, "short"), (PASSWORD, "x" * 257)]
    )
    async def test_a_password_that_cannot_be_changed_stays(
        self, desk: Desk, bea: tuple[Browser, User], old: str, new: str
    ) -> None:
        page, user = bea
        assert (await page.post("/console/account/password", old=old, new=new)).status == 422
        async with browser(desk) as other:
            assert (await other.login(user.email)).status == 303

    async def test_the_password_cannot_be_guessed_at_an_open_console(
        self, bea: tuple[Browser, User]
    ) -> None:
        page, _ = bea
        token = await page.token()
        tries = [
            page.post("/console/account/password", csrf=token, old=f"{n}", new=NEW)
            for n in range(12)
        ]
        statuses = [response.status for response in await asyncio.gather(*tries)]
        assert (statuses.count(422), statuses.count(429)) == (8, 4)

    async def test_signing_out_everywhere_ends_every_session(
        self, desk: Desk, bea: tuple[Browser, User]
    ) -> None:
        page, user = bea
        async with browser(desk) as other:
            await other.login(user.email)
            out = await page.post("/console/account/sign-out")
            assert out.headers["Location"] == "/console/login"
            assert (await page.get("/console")).status == 303
            assert (await other.get("/console")).status == 303

    async def test_the_language_is_one_of_ours(self, desk: Desk, bea: tuple[Browser, User]) -> None:
        page, user = bea
        assert (await page.post("/console/account/language", language="xx")).status == 422
        for language in LANGUAGES:
            done = await page.post("/console/account/language", language=language)
            assert done.status == 303
            async with desk.application.database() as unit:
                stored = await unit.merchants.user(user.id)
            assert stored is not None
            assert stored.language == language

    async def test_nothing_runs_inline(self, bea: tuple[Browser, User], clock: FixedClock) -> None:
        page, _ = bea
        shown = await (await page.post("/console/account/two-factor/begin")).text()
        for text in (shown, await page.read("/console/account")):
            assert not re.search(r"<script|\son\w+=|style=", text)
