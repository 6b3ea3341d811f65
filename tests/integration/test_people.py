"""Who works here: invitations, roles, shutting out; and what nobody may do to whom."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bot.domain.clock import FixedClock
from bot.domain.conversation import Holder
from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.invitation import VALID_FOR
from bot.domain.merchant import Role, User
from bot.services.manage_people import ManagePeople
from bot.wiring import Application
from tests.conftest import Shop, seed_shop
from tests.desk import Desk, serve
from tests.integration.browser import PASSWORD, browser, make_user, signed_in


@pytest.fixture
async def desk(application: Application, shop: Shop) -> AsyncIterator[Desk]:
    async with serve(application, shop) as served:
        yield served


@pytest.fixture
def people(application: Application) -> ManagePeople:
    return application.services.manage_people


async def stored(desk: Desk, user_id: UUID) -> User:
    async with desk.application.database() as unit:
        found = await unit.merchants.user(user_id)
    assert found is not None
    return found


async def only_owner(desk: Desk) -> User:
    """A new owner; those that the shop came with are owners no more."""
    owner = await make_user(desk, Role.owner)
    async with desk.application.database() as unit:
        for other in await unit.team.users(desk.merchant_id):
            if other.id != owner.id and other.role is Role.owner:
                other.role = Role.agent
        await unit.commit()
    return owner


class TestInviting:
    async def test_a_link_makes_one_user_once(self, desk: Desk) -> None:
        address = f"{uuid4().hex}@maison-lune.example"
        async with signed_in(desk, Role.admin) as (admin, _):
            shown = await admin.post("/console/people/invite", email=address, role="supervisor")
            link = re.search(r"(/console/invited/[A-Za-z0-9_-]+)<", await shown.text())
            assert link
            assert address in await admin.read("/console/people")
            assert link.group(1) not in await admin.read("/console/people")
        async with browser(desk) as new:
            page = await new.read(link.group(1))
            token = re.search(r'name="csrf" value="([^"]+)"', page)
            assert token
            assert address in page
            weak = await new.post(link.group(1), csrf=token.group(1), name="Zoé", password="short")
            assert weak.status == 422
            fields = {"name": " Zoé  Blanc ", "password": PASSWORD}
            joined = await new.post(link.group(1), csrf=token.group(1), **fields)
            assert joined.headers["Location"] == "/console"
            assert "Zoé Blanc" in await new.read("/console/account")
            assert (await new.get("/console/people")).status == 403
        async with browser(desk) as again:
            assert (await again.get(link.group(1))).status == 404
            assert (await again.login(address)).status == 303

    async def test_of_two_who_use_a_link_at_once_one_joins(
        self, desk: Desk, people: ManagePeople
    ) -> None:
        admin = await make_user(desk, Role.admin)
        secret = await people.invite(admin, f"{uuid4().hex}@a.example", Role.agent)
        tries = await asyncio.gather(
            *(people.accept(secret, f"Zoé {n}", PASSWORD) for n in range(3)), return_exceptions=True
        )
        assert sorted(type(one).__name__ for one in tries) == ["NotFound", "NotFound", "User"]

    async def test_it_runs_out_and_can_be_withdrawn_and_ends_with_its_inviter(
        self, desk: Desk, people: ManagePeople, clock: FixedClock
    ) -> None:
        owner, admin = await make_user(desk, Role.owner), await make_user(desk, Role.admin)
        old, withdrawn, orphan = [
            await people.invite(by, f"{uuid4().hex}@a.example", Role.agent)
            for by in (owner, owner, admin)
        ]
        found = await people.look_up(withdrawn)
        await people.withdraw(owner, found.id)
        await people.shut_out(owner, admin.id)
        for secret in (withdrawn, orphan):
            with pytest.raises(NotFound):
                await people.accept(secret, "Zoé", PASSWORD)
        clock.instant += VALID_FOR - timedelta(seconds=1)
        assert (await people.look_up(old)).role is Role.agent
        clock.instant += timedelta(seconds=1)
        with pytest.raises(NotFound):
            await people.look_up(old)

    async def test_a_second_invitation_takes_the_place_of_the_first(
        self, desk: Desk, people: ManagePeople
    ) -> None:
        admin, address = await make_user(desk, Role.admin), f"{uuid4().hex}@a.example"
        first = await people.invite(admin, address, Role.admin)
        await people.invite(admin, address.upper(), Role.agent)
        with pytest.raises(NotFound):
            await people.look_up(first)
        assert len((await people.team(admin)).invitations) == 1

    @pytest.mark.parametrize("email", ["", "zoe", "zoe@", "@a.example", "zoe@a", "z e@a.example"])
    async def test_an_address_that_is_none_is_refused(
        self, desk: Desk, people: ManagePeople, email: str
    ) -> None:
        with pytest.raises(Invalid, match="e-mail"):
            await people.invite(await make_user(desk, Role.admin), email, Role.agent)

    async def test_who_is_a_user_is_not_invited(self, desk: Desk, people: ManagePeople) -> None:
        with pytest.raises(Invalid, match="already"):
            await people.invite(await make_user(desk, Role.admin), desk.shop.email, Role.agent)


class TestLimits:
    async def test_nobody_raises_above_themselves_or_touches_who_is_above(
        self, desk: Desk, people: ManagePeople
    ) -> None:
        owner, admin = await make_user(desk, Role.owner), await make_user(desk, Role.admin)
        agent = await make_user(desk, Role.agent)
        refused = [
            people.invite(admin, f"{uuid4().hex}@a.example", Role.owner),
            people.appoint(admin, agent.id, Role.owner),
            people.appoint(admin, admin.id, Role.owner),
            people.appoint(admin, owner.id, Role.agent),
            people.shut_out(admin, owner.id),
            people.forget_second_factor(admin, owner.id),
        ]
        for one in refused:
            with pytest.raises(Refused, match="not_your_right"):
                await one
        await people.appoint(admin, agent.id, Role.admin)
        assert (await stored(desk, agent.id)).role is Role.admin
        assert (await stored(desk, owner.id)).role is Role.owner

    @pytest.mark.parametrize("role", [Role.agent, Role.supervisor])
    async def test_who_manages_nobody_does_nothing(
        self, desk: Desk, people: ManagePeople, role: Role
    ) -> None:
        by, agent = await make_user(desk, role), await make_user(desk, Role.agent)
        for one in (
            people.team(by),
            people.invite(by, f"{uuid4().hex}@a.example", Role.agent),
            people.withdraw(by, uuid4()),
            people.appoint(by, agent.id, Role.agent),
            people.shut_out(by, agent.id),
            people.let_in(by, agent.id),
            people.forget_second_factor(by, agent.id),
        ):
            with pytest.raises(Refused, match="not_your_right"):
                await one

    async def test_the_last_owner_stays(self, desk: Desk, people: ManagePeople) -> None:
        owner = await only_owner(desk)
        with pytest.raises(Refused, match="last_owner"):
            await people.appoint(owner, owner.id, Role.admin)
        second = await make_user(desk, Role.owner)
        await people.shut_out(owner, second.id)
        with pytest.raises(Refused, match="last_owner"):
            await people.appoint(owner, owner.id, Role.admin)
        await people.let_in(owner, second.id)
        await people.appoint(owner, owner.id, Role.admin)
        assert (await stored(desk, owner.id)).role is Role.admin

    async def test_of_two_owners_who_leave_at_once_one_stays(
        self, desk: Desk, people: ManagePeople
    ) -> None:
        first = await only_owner(desk)
        second = await make_user(desk, Role.owner)
        tries = await asyncio.gather(
            people.appoint(first, first.id, Role.admin),
            people.appoint(second, second.id, Role.admin),
            return_exceptions=True,
        )
        assert [str(one) for one in tries if one is not None] == ["last_owner"]

    async def test_nobody_shuts_themselves_out(self, desk: Desk, people: ManagePeople) -> None:
        owner = await make_user(desk, Role.owner)
        for one in (
            people.shut_out(owner, owner.id),
            people.forget_second_factor(owner, owner.id),
        ):
            with pytest.raises(Refused, match="not_yourself"):
                await one

    async def test_nobody_of_another_merchant_can_be_touched(
        self, desk: Desk, people: ManagePeople, tmp_path: Path
    ) -> None:
        other = Desk(desk.application, await seed_shop(desk.application, tmp_path), desk.server)
        owner, theirs = await make_user(desk, Role.owner), await make_user(other, Role.agent)
        secret = await people.invite(await make_user(other, Role.owner), "z@a.example", Role.agent)
        invitation = await people.look_up(secret)
        for one in (
            people.appoint(owner, theirs.id, Role.owner),
            people.shut_out(owner, theirs.id),
            people.let_in(owner, theirs.id),
            people.forget_second_factor(owner, theirs.id),
            people.withdraw(owner, invitation.id),
        ):
            with pytest.raises(NotFound):
                await one
        assert theirs.id not in {user.id for user in (await people.team(owner)).users}


class TestShuttingOut:
    async def test_sessions_end_and_conversations_wait_for_somebody_else(self, desk: Desk) -> None:
        marie = await desk.customer("Marie Petit", "+33612345678")
        async with (
            signed_in(desk, Role.agent) as (bea, user),
            signed_in(desk, Role.admin) as (admin, _),
        ):
            assert (await bea.post(f"{marie.page}/take")).status == 303
            assert (await admin.post(f"/console/people/{user.id}/shut-out")).status == 303
            assert (await bea.get("/console")).status == 303
            assert (await bea.login(user.email)).status == 401
            async with desk.application.database() as unit:
                talk = await desk.stored(unit, marie)
            assert (talk.holder, talk.agent_id) == (Holder.waiting, None)
            assert talk.waiting_since == desk.application.clock.now()
            assert (await admin.post(f"/console/people/{user.id}/let-in")).status == 303
            assert (await bea.login(user.email)).status == 303

    async def test_a_lost_phone_is_helped_with(self, desk: Desk) -> None:
        user = await make_user(desk, Role.agent)
        async with desk.application.database() as unit:
            await unit.commit()
        two_factor = desk.application.services.two_factor
        await two_factor.begin(user)
        async with signed_in(desk, Role.admin) as (admin, _):
            done = await admin.post(f"/console/people/{user.id}/two-factor/off")
            assert done.status == 303
        assert await two_factor.state(user) is None

    async def test_the_page_offers_what_is_allowed_only(self, desk: Desk) -> None:
        owner = await make_user(desk, Role.owner, "Olga <b>Owner</b>")
        async with signed_in(desk, Role.admin) as (admin, me):
            page = await admin.read("/console/people")
            assert "Olga &lt;b&gt;Owner" in page
            assert f"/people/{owner.id}/" not in page
            assert f"/people/{me.id}/role" in page
            assert f"/people/{me.id}/shut-out" not in page
            assert 'value="owner"' not in page
            odd = await admin.post(f"/console/people/{me.id}/role", role="emperor")
            assert odd.status == 422
