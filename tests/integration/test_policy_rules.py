"""A merchant's rules in the talk: areas, safe places, codes; and what is kept of each decision."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.clock import FixedClock
from bot.domain.errors import Refused
from bot.domain.request import RequestKind
from bot.domain.shipment import Shipment, Status
from bot.services import change_delivery
from bot.services.one_time_codes import CONFIRMED
from bot.services.ports import Turn
from bot.services.record_event import NewEvent
from bot.wiring import Application
from tests.conftest import ScriptedEngine, Shop
from tests.integration.parcels import Customer, customer
from tests.integration.talking import Talk, Wire
from tests.integration.test_actions import Said, keys
from tests.integration.test_actions_changes import made, opens

# In the order of length in which the database keeps them.
PLACES = {"safe_place": {"places": {"porch": [], "garage": ["carport"]}}}
AREA = {"change_address": {"area": {"postcodes": ["75*"], "within_km": 20, "of": [48.86, 2.35]}}}
OTP = {"cancel": {"otp": True}}


@pytest.fixture
async def me(application: Application, shop: Shop) -> Customer:
    return await customer(application, shop)


async def allow(me: Customer, rules: Mapping[str, Any]) -> int:
    publish = me.application.services.publish_policy
    return await publish(me.shop.merchant.id, {"requests": dict(rules)})


async def audited(me: Customer, parcel: Shipment) -> list[tuple[str, Any, Any, Any]]:
    """Of a parcel: what was done, the reason, the rule and the policy's version."""
    query = text(
        "SELECT action, details FROM audit WHERE merchant_id = :m AND (subject = :s"
        " OR details ->> 'shipment' = :id) ORDER BY id"
    )
    given = {"m": parcel.merchant_id, "s": f"shipment:{parcel.id}", "id": str(parcel.id)}
    async with me.application.database() as unit:
        rows = await unit.session.execute(query, given)
        return [
            (row[0], row[1].get("reason"), row[1].get("rule"), row[1].get("policy_version"))
            for row in rows
            if row[0] != "proved_by_code"
        ]


def facts(said: Said, name: str) -> Any:
    return said[-1]["with"][name]


async def test_a_safe_place_that_is_not_listed_is_asked_for_again_with_the_list(
    me: Customer,
) -> None:
    version = await allow(me, PLACES)
    parcel = await me.expects()
    rasa, said = await opens(me, "safe_place", "leave it under the car please")
    assert (keys(said), facts(said, "places")) == (["refused_place"], ["porch", "garage"])
    assert [one["id"] for one in said[0]["options"]] == ["place0", "place1", "human"]
    assert keys(await rasa.say("behind the bins", "inform")) == ["refused_place"]
    said = await rasa.say("/inform", "inform", choice="garage")
    assert (keys(said), facts(said, "note")) == (["safe_place_confirm"], "garage")
    said = await rasa.say("no, in the carport", "deny")
    assert facts(said, "note") == "in the carport"
    assert keys(await rasa.say("yes", "affirm")) == ["request_made"]
    refused = ("refused:safe_place", "refused_place", "requests.safe_place.places", version)
    agreed = ("requested:safe_place", None, "requests.safe_place", version)
    assert await audited(me, parcel) == [refused, refused, agreed]


async def test_where_none_is_named_the_listed_places_can_be_tapped(me: Customer) -> None:
    await allow(me, PLACES)
    await me.expects()
    _, said = await opens(me, "safe_place", "leave it somewhere safe")
    assert keys(said) == ["safe_place_ask"]
    assert [one["with"]["point"]["name"] for one in said[0]["options"]] == ["porch", "garage"]


async def test_an_address_outside_the_area_is_refused_and_one_inside_taken(me: Customer) -> None:
    await allow(me, AREA)
    parcel = await me.expects()
    rasa, said = await opens(me, "change_address", "to 5 rue Mercière 69002 Lyon please")
    assert keys(said) == ["refused_area"]
    assert facts(said, "area")["postcodes"] == ["75..."]
    assert keys(await rasa.say("5 rue Bleue", "inform")) == ["refused_area_postcode"]
    said = await rasa.say("/inform", "inform", location="45.76,4.84")
    assert keys(said) == ["refused_area"]
    said = await rasa.say("5 rue Bleue 75009 Paris", "inform")
    assert keys(said) == ["change_address_confirm"]
    assert keys(await rasa.say("yes", "affirm")) == ["request_made"]
    assert (await made(me, parcel))[-1][1:] == ("requested", "5 rue Bleue 75009 Paris")


async def test_the_service_refuses_what_the_form_would_have(me: Customer) -> None:
    await allow(me, {**AREA, **PLACES})
    parcel, now = await me.expects(), me.application.clock.now()
    async with me.application.database() as unit:
        for kind, words, reason in (
            (RequestKind.change_address, "1 Rue X, 13001 Marseille", "refused_area"),
            (RequestKind.safe_place, "on the roof", "refused_place"),
        ):
            with pytest.raises(Refused, match=reason) as refused:
                await change_delivery.propose(
                    unit, me.conversation, parcel, kind, None, now, note=words
                )
            assert str(refused.value.details["rule"]).startswith(f"requests.{kind}.")


@pytest.fixture
def wire(application: Application, monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(application.channels["sms"], "send", wire.send)
    return wire


async def code_of(me: Customer, wire: Wire) -> str:
    async with me.application.database() as unit:
        thread = await unit.messages.thread(me.shop.merchant.id, me.conversation.id)
    message = [one for one in thread if one.say == "code_message"][-1]
    await me.application.services.deliver(message.merchant_id, message.id)
    [digits] = re.findall(r"\b\d{6}\b", str(wire.sent[-1]["payload"]))
    return digits


async def types(me: Customer, engine: ScriptedEngine, words: str) -> list[str]:
    """Write as the customer; what the engine hears of it."""
    async with me.application.database() as unit:
        assert me.conversation.identity_id is not None
        identity = await unit.people.identity_by_id(
            me.shop.merchant.id, me.conversation.identity_id
        )
        account = await unit.accounts.get(identity.account_id)
    before = len(engine.heard)
    engine.turns = [Turn((), {})]
    await Talk(me.application, account, identity.address).say(words)
    return [heard["text"] for heard in engine.heard[before:]]


async def test_a_change_that_wants_a_code_is_made_when_it_was_typed(
    me: Customer, engine: ScriptedEngine, wire: Wire
) -> None:
    version = await allow(me, OTP)
    parcel = await me.expects()
    rasa, said = await opens(me, "cancel", "cancel my order")
    assert keys(said) == ["cancel_confirm"]
    said = await rasa.say("yes", "affirm")
    assert keys(said) == ["code_sent"]
    assert said[0]["question"]["requested"] == "agreed", "the form waits"
    assert [state for _, state, _ in await made(me, parcel)] == ["awaiting_confirmation"]
    [request] = await me.requests(parcel)
    async with me.application.database() as unit:
        now = me.application.clock.now()
        with pytest.raises(Refused, match="refused_code"):
            await change_delivery.confirm(unit, me.conversation, request.id, now)

    digits = await code_of(me, wire)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    assert await types(me, engine, wrong) == [], "the engine hears of no wrong code"
    assert await types(me, engine, digits) == [CONFIRMED]
    assert keys(await rasa.say(CONFIRMED, "inform", choice="yes")) == ["request_made"]
    assert [state for _, state, _ in await made(me, parcel)] == ["requested"]
    assert await audited(me, parcel) == [("requested:cancel", None, "requests.cancel", version)]


async def test_a_code_that_is_not_typed_changes_nothing(me: Customer, wire: Wire) -> None:
    await allow(me, OTP)
    parcel = await me.expects()
    rasa, _ = await opens(me, "cancel", "cancel my order")
    await rasa.say("yes", "affirm")
    assert keys(await rasa.say("yes", "affirm")) == ["code_wait"], "a second yes is no code"
    assert keys(await rasa.say("no", "deny")) == ["change_dropped"]
    assert [state for _, state, _ in await made(me, parcel)] == ["expired"]


async def test_a_code_proves_for_an_hour_in_its_own_conversation(
    me: Customer, engine: ScriptedEngine, wire: Wire, clock: FixedClock, shop: Shop
) -> None:
    await allow(me, OTP)
    parcel = await me.expects()
    rasa, _ = await opens(me, "cancel", "cancel my order")
    await rasa.say("yes", "affirm")
    await types(me, engine, await code_of(me, wire))
    other = await customer(me.application, shop)

    async def wanted(who: Customer) -> bool:
        async with me.application.database() as unit:
            kinds = [RequestKind.cancel]
            return await change_delivery.code_wanted(
                unit, who.conversation, parcel, kinds, clock.now()
            )

    assert [await wanted(me), await wanted(other)] == [False, True]
    clock.instant += timedelta(hours=1)
    assert await wanted(me)


async def test_a_refusal_names_its_rule_and_the_version_in_force(me: Customer) -> None:
    await allow(me, {"cancel": {}})
    version = await allow(me, {"cancel": {"only": {"service": "express"}}})
    parcel = await me.expects(service="standard")
    _, said = await opens(me, "cancel", "cancel my order")
    assert keys(said) == ["refused_not_offered"]
    rule = "requests.cancel.only.service"
    assert await audited(me, parcel) == [("refused:cancel", "refused_not_offered", rule, version)]


async def test_a_first_parcel_is_free_and_the_second_is_not(me: Customer) -> None:
    fee = {"amount": 490, "currency": "EUR"}
    await allow(me, {"cancel": {"fee": fee, "fee_waived_for": {"first_parcel": True}}})
    first = await me.expects()
    async with me.application.database() as unit:
        now, policy = (
            me.application.clock.now(),
            await change_delivery.policy_of(unit, first.merchant_id),
        )
        later = await me.expects(created_at=now + timedelta(minutes=1))
        asked = [
            await change_delivery.decide_for(unit, policy, parcel, RequestKind.cancel, now)
            for parcel in (first, later)
        ]
    assert [decision.fee.amount for decision in asked] == [0, 490]


async def test_a_change_is_refused_so_many_stops_before(
    me: Customer, clock: FixedClock, application: Application
) -> None:
    await allow(me, {"cancel": {"until": {"stops": 3}}})
    parcel = await me.expects()

    async def decided(stops: int) -> tuple[bool, str]:
        clock.instant += timedelta(minutes=5)
        event = NewEvent(
            "api", f"e{stops}", Status.out_for_delivery, clock.now(), details={"stops_away": stops}
        )
        await application.services.record_events(parcel.merchant_id, parcel.reference, [event])
        async with application.database() as unit:
            policy = await change_delivery.policy_of(unit, parcel.merchant_id)
            shipment = await unit.shipments.get(parcel.merchant_id, parcel.id)
            made = await change_delivery.decide_for(
                unit, policy, shipment, RequestKind.cancel, clock.now()
            )
        return made.allowed, made.rule

    assert await decided(8) == (True, "requests.cancel")
    assert await decided(3) == (False, "requests.cancel.until.stops")
