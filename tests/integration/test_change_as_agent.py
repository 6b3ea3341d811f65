"""An agent changes a delivery for a customer."""

import pytest
from sqlalchemy import text

from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.merchant import User
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Shipment, Status
from bot.services.change_as_agent import Wanted
from bot.wiring import Application
from tests.desk import Customer, Desk
from tests.integration.working import held, notes, settings


async def test_an_agent_changes_a_delivery_by_the_same_policy(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    shipment = await desk.parcel(marie, "Lamp", [(Status.in_transit, 20, {})])
    here, change = await held(desk, ana, marie), application.services.change_as_agent
    possible = await change.possible(ana, here, shipment.id)
    assert possible.decisions[RequestKind.reschedule].allowed
    window = possible.windows[0]
    await change(ana, here, shipment.id, Wanted(RequestKind.reschedule, window.start))
    (asked,) = await requests_of(desk, shipment)
    assert (asked.kind, asked.state) == (RequestKind.reschedule, RequestState.requested)
    assert asked.window == window
    with pytest.raises(Invalid):
        await change(ana, here, shipment.id, Wanted(RequestKind.reschedule))
    with pytest.raises(Invalid):
        await change(ana, here, shipment.id, Wanted(RequestKind.neighbour))
    somebody = await desk.customer("Else", "+33688888888")
    theirs = await desk.parcel(somebody, "Rug", [(Status.in_transit, 20, {})])
    with pytest.raises(NotFound):
        await change(ana, here, theirs.id, Wanted(RequestKind.contactless))


async def test_the_policy_is_passed_only_where_the_merchant_allows_it_and_with_a_reason(
    desk: Desk, ana: User, marie: Customer, application: Application
) -> None:
    shipment = await desk.parcel(marie, "Lamp", [(Status.in_transit, 20, {})])
    async with application.database() as unit:
        merchant = await unit.merchants.get(desk.merchant_id)
        requests = merchant.policy["requests"] | {"contactless": {"allowed": False}}
        merchant.policy = merchant.policy | {"requests": requests}
        await unit.commit()
    here, change = await held(desk, ana, marie), application.services.change_as_agent
    with pytest.raises(Refused, match="refused_not_offered"):
        await change(ana, here, shipment.id, Wanted(RequestKind.contactless))
    wanted = Wanted(RequestKind.contactless, override="She is ill")
    with pytest.raises(Refused, match="no_override"):
        await change(ana, here, shipment.id, wanted)
    await settings(desk, override=True)
    with pytest.raises(Refused, match="refused_not_offered"):
        await change(ana, here, shipment.id, Wanted(RequestKind.contactless))
    await change(ana, here, shipment.id, wanted)
    (asked,) = await requests_of(desk, shipment)
    assert asked.state is RequestState.requested
    assert "overridden" in await notes(desk, marie)
    query = text("SELECT details FROM audit WHERE subject = :s AND action = 'changed:contactless'")
    async with application.database() as unit:
        kept = await unit.session.scalar(query, {"s": f"delivery_request:{asked.id}"})
    assert kept == {"policy_version": 1, "against": "requests.contactless.allowed"}


async def requests_of(desk: Desk, shipment: Shipment):  # noqa: ANN201
    async with desk.application.database() as unit:
        return await unit.requests.of_shipment(desk.merchant_id, shipment.id)
