"""A webhook's account is remembered for a moment, and a change of it is noticed after that."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from bot.domain.errors import NotFound
from bot.storage import tables as t
from bot.web import accounts
from bot.web.accounts import KnownAccounts
from bot.wiring import Application
from tests.conftest import Shop


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
    known, account_id = KnownAccounts(application.database), UUID(shop.told["sms"]["account_id"])
    assert (await known.get(account_id)).id == account_id
    await close_account(application, account_id)
    assert (await known.get(account_id)).id == account_id
    monkeypatch.setattr(accounts, "REMEMBERED", 0.0)
    with pytest.raises(NotFound):
        await KnownAccounts(application.database).get(account_id)


async def test_what_is_unknown_is_not_remembered(application: Application, shop: Shop) -> None:
    known = KnownAccounts(application.database)
    for _ in range(2):
        with pytest.raises(NotFound):
            await known.get(uuid4())
