"""Policies and pick-up points from the command line: published by version, explained, loaded."""

import pytest
from sqlalchemy import select

from bot.domain.errors import NotFound
from bot.domain.request import RequestKind
from bot.services.intake import read_shipment
from bot.services.publish_policy import explain
from bot.storage import tables as t
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.api_client import shipment

POLICY = {"requests": {"cancel": {}, "contactless": {"allowed": False}}}


async def test_a_policy_is_published_once_and_audited(application: Application, shop: Shop) -> None:
    publish, merchant = application.services.publish_policy, shop.merchant.id
    before = shop.merchant.policy_version
    assert await publish(merchant, POLICY) == before + 1
    assert await publish(merchant, POLICY) == before + 1, "nothing new"
    async with application.database() as unit:
        query = select(t.audit.c.details).where(
            t.audit.c.merchant_id == merchant, t.audit.c.action == "policy_published"
        )
        (entry,) = await unit.session.scalars(query)
    assert entry == {"version": before + 1, "policy": POLICY}


async def test_every_decision_can_be_explained(application: Application, shop: Shop) -> None:
    await application.services.publish_policy(shop.merchant.id, POLICY)
    await application.services.record_shipment(
        shop.merchant, "ML-1", read_shipment(shipment(window=None))
    )
    now = application.clock.now()
    async with application.database() as unit:
        version, said = await explain(unit, shop.merchant.id, "ML-1", now)
        with pytest.raises(NotFound, match="no shipment ML-9"):
            await explain(unit, shop.merchant.id, "ML-9", now)
    assert version == shop.merchant.policy_version + 1
    assert said[RequestKind.cancel].allowed
    refused = said[RequestKind.contactless]
    assert (refused.reason, refused.rule) == ("refused_not_offered", "requests.contactless.allowed")
    assert set(said) == set(RequestKind)
