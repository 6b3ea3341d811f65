"""A merchant's own people: their second factors, and invitations to join them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.conversation import Conversation, Holder
from bot.domain.errors import NotFound
from bot.domain.invitation import Invitation
from bot.domain.merchant import Role, User
from bot.domain.second_factor import SecondFactor
from bot.storage import tables as t
from bot.storage.vault import Vault


class SecondFactors:
    """See `bot.services.ports.SecondFactors`. The secret is sealed in the table."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def get(self, user_id: UUID, *, lock: bool = False) -> SecondFactor | None:
        table = t.second_factors
        query = select(table).where(table.c.user_id == user_id)
        found = await self._session.execute(query.with_for_update() if lock else query)
        row = found.mappings().first()
        if row is None:
            return None
        values: dict[str, Any] = dict(row)
        values["secret"] = self._vault.open(values["secret"])["totp"]
        return SecondFactor(**values)

    async def save(self, factor: SecondFactor) -> None:
        values = vars(factor) | {"secret": self._vault.seal({"totp": factor.secret})}
        await self._session.execute(
            insert(t.second_factors)
            .values(values)
            .on_conflict_do_update(index_elements=["user_id"], set_=values)
        )

    async def remove(self, user_id: UUID) -> None:
        table = t.second_factors
        await self._session.execute(table.delete().where(table.c.user_id == user_id))

    async def switched_on(self, merchant_id: UUID) -> set[UUID]:
        table = t.second_factors.c
        query = select(table.user_id).where(
            table.merchant_id == merchant_id, table.confirmed_at.is_not(None)
        )
        return set((await self._session.scalars(query)).all())


class Team:
    """See `bot.services.ports.Team`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def users(self, merchant_id: UUID) -> Sequence[User]:
        table = t.users.c
        query = select(User).where(table.merchant_id == merchant_id)
        query = query.order_by(table.active.desc(), table.name, table.id)
        return (await self._session.scalars(query)).all()

    async def user(self, merchant_id: UUID, user_id: UUID) -> User:
        table = t.users.c
        query = select(User).where(table.merchant_id == merchant_id, table.id == user_id)
        found = await self._session.scalar(query)
        if found is None:
            raise NotFound("there is no such user")
        return found

    async def owners(self, merchant_id: UUID) -> Sequence[User]:
        table = t.users.c
        query = (
            select(User)
            .where(table.merchant_id == merchant_id, table.role == Role.owner, table.active)
            .order_by(table.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(query)).all()

    async def held_by(self, user: User) -> Sequence[Conversation]:
        table = t.conversations.c
        query = (
            select(Conversation)
            .where(
                table.merchant_id == user.merchant_id,
                table.holder == Holder.agent,
                table.agent_id == user.id,
            )
            .order_by(table.id)
            .with_for_update()
        )
        return (await self._session.scalars(query)).all()

    async def invitations(self, merchant_id: UUID, now: datetime) -> Sequence[Invitation]:
        table = t.invitations.c
        query = select(Invitation).where(
            table.merchant_id == merchant_id, table.used_at.is_(None), table.expires_at > now
        )
        return (await self._session.scalars(query.order_by(table.id))).all()

    async def invitation(self, merchant_id: UUID, invitation_id: UUID) -> Invitation:
        table = t.invitations.c
        query = select(Invitation).where(
            table.merchant_id == merchant_id, table.id == invitation_id
        )
        found = await self._session.scalar(query)
        if found is None:
            raise NotFound("there is no such invitation")
        return found

    async def invitation_by_digest(self, digest: str, *, lock: bool) -> Invitation | None:
        query = select(Invitation).where(t.invitations.c.digest == digest)
        return await self._session.scalar(query.with_for_update() if lock else query)
