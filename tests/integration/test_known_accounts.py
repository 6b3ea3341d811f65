"""An account is remembered for a moment, and a change of it is noticed after that."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from bot.domain.errors import NotFound
from bot.storage import tables as t
from bot.wiring import Application
from tests.conftest import Shop


async def see(application: Application, account_id: UUID) -> str:
    async with application.database() as unit:
        return (await unit.accounts.get(account_id)).address


async def close_account(application: Application, account_id: UUID) -> None:
    async with application.database.engine.begin() as connection:
        await connection.execute(
            update(t.provider_accounts)
            .where(t.provider_accounts.c.id == account_id)
            .values(active=False)
        )


async def test_a_closed_account_is_noticed(
    application: Application, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = UUID(shop.told["sms"]["account_id"])
    address = await see(application, account_id)
    await close_account(application, account_id)
    assert await see(application, account_id) == address
    monkeypatch.setattr(application.database.memory.accounts, "seconds", 0.0)
    with pytest.raises(NotFound):
        await see(application, account_id)


async def test_what_is_unknown_stays_unknown(application: Application) -> None:
    stranger = uuid4()
    for _ in range(2):
        with pytest.raises(NotFound):
            await see(application, stranger)
