"""The forms of every kind of change: details, places, notes alongside, refusals, the way back."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.clock import FixedClock
from bot.domain.conversation import Holder
from bot.domain.shipment import Handover, Shipment, Status, TrackingEvent
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.parcels import Customer, Rasa, customer
from tests.integration.test_actions import Said, act, choice, keys, options

INTENTS = {
    "change_address": "change_address",
    "neighbour": "deliver_to_neighbour",
    "pickup_point": "use_pickup_point",
    "safe_place": "leave_in_safe_place",
    "contactless": "request_contactless",
    "access_note": "give_access_instructions",
    "cancel": "cancel_delivery",
    "reschedule": "reschedule_delivery",
}


@pytest.fixture
async def me(application: Application, shop: Shop) -> Customer:
    return await customer(application, shop)


async def opens(me: Customer, kind: str, text: str, **values: Any) -> tuple[Rasa, Said]:
    rasa = Rasa(me)
    return rasa, await rasa.opens(f"{kind}_form", text, INTENTS[kind], **values)


async def made(me: Customer, parcel: Shipment) -> list[tuple[str, str, str]]:
    return [(str(r.kind), str(r.state), r.note) for r in await me.requests(parcel)]


@pytest.mark.parametrize(
    ("kind", "text", "note"),
    [
        ("neighbour", "leave it with my neighbour Mrs Patel at no. 12", "my neighbour Mrs Patel at no. 12"),
        ("safe_place", "in the shed behind the house please", "in the shed behind"),
        ("access_note", "gate code 4407#", "gate code 4407#"),
        ("change_address", "to 12 rue des Lilas 75011 Paris please", "12 rue des Lilas 75011 Paris"),
        ("cancel", "cancel my order", ""),
    ],
)  # fmt: skip
async def test_one_summary_and_one_yes(me: Customer, kind: str, text: str, note: str) -> None:
    parcel = await me.expects()
    rasa, said = await opens(me, kind, text)
    assert keys(said) == [f"{kind}_confirm"]
    assert await made(me, parcel) == [(kind, "awaiting_confirmation", note)]
    assert keys(await rasa.say("yes", "affirm")) == ["request_made"]
    assert await made(me, parcel) == [(kind, "requested", note)]


@pytest.mark.parametrize(
    ("kind", "text", "detail"),
    [
        ("neighbour", "can a neighbour take it?", "Bob at 14"),
        ("safe_place", "leave it somewhere safe", "under the blue tarp"),
        ("access_note", "i have instructions", "second bell from the left"),
        ("change_address", "to my office", "5 avenue Foch 75016 Paris"),
    ],
)
async def test_a_missing_detail_is_asked_for(
    me: Customer, kind: str, text: str, detail: str
) -> None:
    parcel = await me.expects()
    rasa, said = await opens(me, kind, text)
    assert keys(said) == [f"{kind}_ask"]
    said = await rasa.say(detail, "out_of_scope", confidence=0.4)
    assert keys(said) == [f"{kind}_confirm"]
    later = Rasa(me)
    await later.asked(said[0]["question"])
    await later.say("yes", "affirm")
    assert await made(me, parcel) == [(kind, "requested", detail)]


async def test_back_goes_one_step_and_a_correction_replaces_the_words(me: Customer) -> None:
    parcel = await me.expects()
    rasa, _ = await opens(me, "neighbour", "leave it with my neighbour Bob at 14")
    assert keys(await rasa.say("back", "inform")) == ["neighbour_ask"]
    await rasa.say("Mrs Patel at 12", "inform")
    said = await rasa.say("no, at number 16", "deny")
    assert said[0]["with"]["note"] == "at number 16"
    assert keys(await rasa.say("forget it", "deny")) == ["change_dropped"]
    assert {state for _, state, _ in await made(me, parcel)} == {"expired"}


async def test_a_code_told_in_the_middle_goes_along(me: Customer) -> None:
    parcel = await me.expects()
    rasa, _ = await opens(me, "neighbour", "leave it with my neighbour Bob at 14")
    said = await rasa.say("gate code is 4407#", "give_access_instructions")
    assert (keys(said), said[0]["with"]["extra"]) == (["neighbour_confirm"], "gate code is 4407#")
    assert keys(await rasa.say("yes", "affirm")) == ["request_made"]
    assert {(kind, state) for kind, state, _ in await made(me, parcel)} == {
        ("neighbour", "requested"), ("access_note", "requested"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("action_track", "and the other one too please"),
        ("action_not_understood", "l'autre aussi"),
        ("action_acknowledge", "ja, das andere auch"),
        ("action_inform", "y el otro también"),
    ],
)
async def test_the_other_one_too_is_proposed_what_was_just_agreed_to(
    me: Customer, action: str, words: str
) -> None:
    lamp, mug = await me.expects("Linen lamp"), await me.expects("Blue mug set")
    rasa, _ = await opens(me, "neighbour", "leave the lamp with my neighbour Bob at 14")
    talked_of = {"parcel": str(lamp.id)}
    assert await act(me, action, words, "inform", slots=dict(talked_of)), "nothing is agreed yet"
    await rasa.say("yes", "affirm")
    other = Rasa(me, dict(talked_of))
    other.hears(words, "inform")
    assert await other.run(action) == []
    assert any(event["event"] == "followup" for event in other.events)
    [offered] = await other.opens("neighbour_form", words, "inform")
    assert (offered["say"], offered["with"]["note"]) == (
        "neighbour_confirm",
        "my neighbour Bob at 14",
    )
    assert offered["with"]["parcel"]["item"] == "Blue mug set"
    assert [state for _, state, _ in await made(me, mug)] == ["awaiting_confirmation"]


async def test_another_change_is_left_to_its_own_form(me: Customer) -> None:
    parcel = await me.expects()
    rasa, _ = await opens(me, "neighbour", "leave it with my neighbour Bob at 14")
    said = await rasa.say("actually in the shed", "leave_in_safe_place")
    assert keys(said) == ["rejected"]
    said = await rasa.opens("safe_place_form", "actually in the shed", "leave_in_safe_place")
    assert keys(said) == ["safe_place_confirm"]
    assert [state for _, state, _ in await made(me, parcel)] == [
        "expired", "awaiting_confirmation",
    ]  # fmt: skip


async def test_pick_up_points_are_ranked_by_where_the_customer_is(me: Customer) -> None:
    parcel = await me.expects(address={"postal_code": "75011"})
    rasa, said = await opens(me, "pickup_point", "at a pick-up point")
    assert said[0]["with"]["points"][0]["name"] == "Tabac Voltaire"
    near_montparnasse = "48.8400,2.3210"
    said = await rasa.say("/inform", "inform", location=near_montparnasse)
    assert said[0]["with"]["points"][0]["name"] == "Consigne Gaîté"
    said = await rasa.say("/inform", "inform", choice=choice(options(said)[0]))
    assert keys(said) == ["pickup_point_confirm"]
    await rasa.say("yes", "affirm")
    [(_, state, note)] = await made(me, parcel)
    assert (state, note) == ("requested", "Consigne Gaîté, 68 avenue du Maine, 75014 Paris")


async def test_a_shared_place_is_an_address(me: Customer) -> None:
    parcel = await me.expects()
    [said] = await act_with(me, location="48.85,2.35")
    assert said["say"] == "location_what"
    assert '"location": "48.85,2.35"' in said["options"][0]["payload"]
    _, said = await opens(me, "change_address", "/change_address", location="48.85,2.35")
    assert keys(said) == ["change_address_confirm"]
    [(_, _, note)] = await made(me, parcel)
    assert note == "https://maps.google.com/?q=48.85,2.35"


async def act_with(me: Customer, **values: Any) -> Said:
    rasa = Rasa(me)
    rasa.hears("/inform", "inform", **values)
    return await rasa.run("action_inform")


async def test_a_refusal_is_not_said_twice_in_the_same_words(
    me: Customer, clock: FixedClock
) -> None:
    start = clock.now() + timedelta(hours=1)
    await me.expects(
        status=Status.out_for_delivery, window_start=start, window_end=start + timedelta(hours=2)
    )
    rasa, said = await opens(me, "cancel", "cancel it")
    assert keys(said) == ["refused_under_way"]
    assert said[0]["with"]["offers"]
    said = await rasa.opens("cancel_form", "cancel it now", "cancel_delivery")
    assert (keys(said), said[0]["with"]["reason"]) == (["refused_again"], "refused_under_way")


@pytest.mark.parametrize(
    ("handover", "offered"),
    [(Handover.locker, {"pickup_point", "change_address"}), (Handover.robot, set[str]())],
)
async def test_what_has_arrived_is_neither_moved_nor_left_without_contact(
    me: Customer, handover: Handover, offered: set[str]
) -> None:
    parcel = await me.expects(status=Status.ready_for_pickup, handover=handover)
    for kind in ("reschedule", "contactless"):
        _, said = await opens(me, kind, "another day, without contact")
        assert keys(said) == ["refused_arrived"]
        assert {offer["kind"] for offer in said[0]["with"]["offers"]} == offered
    assert await made(me, parcel) == []
    rasa = Rasa(me)
    rasa.hears("i was out", "report_missed_delivery")
    [said] = await rasa.run("action_missed_delivery")
    assert (said["say"], said["with"]["reason"]) == ("missed_refused", "refused_arrived")


async def test_misunderstandings_are_counted_and_an_understood_word_ends_the_count(
    me: Customer,
) -> None:
    await me.expects()
    rasa = Rasa(me)
    for expected in ("not_understood", "not_understood_choices"):
        rasa.hears("zxcv", "nlu_fallback")
        assert keys(await rasa.run("action_not_understood")) == [expected]
    rasa.hears("where is it", "track_parcel")
    await rasa.run("action_track")
    for expected in ("not_understood", "not_understood_choices", "not_understood_person"):
        rasa.hears("zxcv", "nlu_fallback")
        assert keys(await rasa.run("action_not_understood")) == [expected]


async def test_rough_words_get_a_kind_line_and_no_queue(me: Customer) -> None:
    [said] = await act(me, "action_escalate", "you fucking idiots", "complain")
    assert said["say"] == "abuse"
    assert (await me.now_held()).holder is Holder.bot


async def test_a_picture_goes_to_the_case(me: Customer) -> None:
    assert keys(await act_with(me, media="image")) == ["picture_what"]
    await act(me, "action_escalate", "it is broken", "report_damage")
    assert keys(await act_with(me, media="image")) == ["picture_kept"]
    assert await me.notes() == ["handed_over", "picture"]


async def test_the_recorded_place_is_asked_about_once(
    me: Customer, application: Application
) -> None:
    parcel = await me.expects(status=Status.delivered)
    async with application.database() as unit:
        event = TrackingEvent(
            parcel.id, parcel.merchant_id, parcel.id, "left", Status.delivered,
            application.clock.now(), application.clock.now(), description="Left with no. 12",
        )  # fmt: skip
        unit.shipments.add_event(event)
        await unit.commit()
    rasa = Rasa(me)
    rasa.hears("i never got it", "report_not_received")
    [said] = await rasa.run("action_escalate")
    assert (said["say"], said["with"]["place"]) == ("not_received_look", "Left with no. 12")
    rasa.hears("no", "deny")
    assert keys(await rasa.run("action_acknowledge")) == ["escalated"]
    assert (await me.now_held()).topic == "report_not_received"
    async with application.database() as unit:
        (run,) = await unit.flows.unfinished(parcel.merchant_id, parcel.id)
    assert run.key.startswith("not_received:"), "it is followed up"


async def test_a_case_tells_the_person_of_the_other_wish(me: Customer) -> None:
    await me.expects()
    rasa = Rasa(me)
    wishes = [
        {"intent": "report_damage", "confidence": 0.9, "text": "it is broken"},
        {"intent": "reschedule_delivery", "confidence": 0.9, "text": "bring a new one friday"},
    ]
    rasa.hears("it is broken, bring a new one friday", "report_damage", wishes=wishes)
    [said] = await rasa.run("action_escalate")
    assert said["with"]["also"] == "reschedule"
    assert await me.notes() == ["handed_over", "also_wanted"]


async def test_out_of_hours_it_is_said_when_somebody_answers(
    me: Customer, application: Application
) -> None:
    """The test's clock stands at ten in the morning of a Monday in Paris."""
    async with application.database() as unit:
        merchant = await unit.merchants.get(me.shop.merchant.id)
        before = merchant.policy
        merchant.policy = {**before, "support_hours": {"tue": "09:00-18:00"}}
        await unit.commit()
    try:
        [said] = await act(me, "action_hand_over", "human", "talk_to_human")
    finally:
        async with application.database() as unit:
            (await unit.merchants.get(me.shop.merchant.id)).policy = before
            await unit.commit()
    assert said["with"]["back"] == {"at": "2026-11-24T09:00:00+01:00", "tz": "Europe/Paris"}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("cancel the mug", "not the lamp"),
        ("storniere mug set", "nicht die Linen Lamp"),
    ],
)
async def test_a_parcel_that_is_ruled_out_is_not_turned_to(
    me: Customer, first: str, then: str
) -> None:
    lamp, mug = await me.expects("Linen lamp"), await me.expects("Blue mug set")
    rasa, _ = await opens(me, "cancel", first)
    said = await rasa.say(then, "deny")
    assert (keys(said), said[0]["with"]["parcel"]["item"]) == (["cancel_confirm"], "Blue mug set")
    await rasa.say("yes", "affirm")
    assert await made(me, lamp) == []
    assert [(kind, state) for kind, state, _ in await made(me, mug)] == [("cancel", "requested")]


async def test_a_parcel_that_is_being_cancelled_is_changed_no_more(me: Customer) -> None:
    await me.expects()
    rasa, _ = await opens(me, "cancel", "cancel it")
    assert keys(await rasa.say("yes", "affirm")) == ["request_made"]
    _, said = await opens(me, "neighbour", "no, leave it with Bob at number 14 next door")
    assert keys(said) == ["refused_cancelled"]


@pytest.mark.parametrize("words", ["leave it at the door, don't ring", "sans contact, sans sonner"])
async def test_no_bell_is_rung_where_none_is_wanted(me: Customer, words: str) -> None:
    parcel = await me.expects()
    rasa, said = await opens(me, "contactless", words)
    assert (keys(said), said[0]["with"]["quietly"]) == (["contactless_confirm"], True)
    await rasa.say("yes", "affirm")
    [(_, _, note)] = await made(me, parcel)
    assert note in words
    assert note


@pytest.mark.parametrize("text", ["06 12 34 56 78", "le code de l'immeuble 45B78"])
async def test_what_only_a_courier_can_use_is_offered_to_the_courier(
    me: Customer, text: str
) -> None:
    await me.expects()
    for action in ("action_inform", "action_not_understood"):
        rasa = Rasa(me)
        rasa.hears(text, "inform")
        assert await rasa.run(action) == []
        assert "access_note_form" in str(rasa.events[-1]), action


@pytest.mark.parametrize("words", ["no, leave it like that", "alles so lassen"])
async def test_who_is_content_with_what_was_arranged_is_left_alone(
    me: Customer, words: str
) -> None:
    await me.expects()
    rasa, _ = await opens(me, "neighbour", "leave it with my neighbour Bob at 14")
    await rasa.say("yes", "affirm")
    [told] = await act(me, "action_acknowledge", "no", "deny", slots=dict(rasa.slots))
    assert told["say"] == "acknowledge_made"
    [told] = await act(me, "action_acknowledge", words, "deny", slots=dict(rasa.slots))
    assert told["say"] == "acknowledge_no"


async def test_what_waits_for_people_can_be_taken_back(me: Customer) -> None:
    """Until a carrier was told, a change is undone in fact and not only in words."""
    parcel = await me.expects(carrier="fedex")
    rasa, _ = await opens(me, "neighbour", "leave it with my neighbour Bob at 14")
    await rasa.say("yes", "affirm")
    [request] = await me.requests(parcel)
    await me.application.services.tell_carrier(request.merchant_id, request.id)
    [told] = await act(me, "action_acknowledge", "no", "deny", slots=dict(rasa.slots))
    undo = told["options"][0]
    assert (told["say"], undo["key"]) == ("acknowledge_made", "option_take_back")
    for key, state in (("taken_back", "expired"), ("acknowledge_no", "expired")):
        [told] = await act(
            me, "action_inform", "/inform", "inform", slots=dict(rasa.slots), choice=choice(undo)
        )
        assert told["say"] == key
        assert [state for _, state, _ in await made(me, parcel)] == [state]
    assert len([note for note in await me.notes() if note == "taken_back"]) == 1


@pytest.mark.parametrize("action", ["action_set_preferences", "action_resume_messages"])
@pytest.mark.parametrize("words", ["euh attendez jai changé d avis", "wait i've changed my mind"])
async def test_a_change_of_mind_is_about_what_was_agreed_to(
    me: Customer, action: str, words: str
) -> None:
    await me.expects()
    rasa, _ = await opens(me, "cancel", "cancel it")
    await rasa.say("yes", "affirm")
    rasa.hears(words, "resume_messages")
    assert await rasa.run(action) == []
    assert rasa.events[-1]["name"] == "action_acknowledge"
    assert keys(await rasa.run("action_acknowledge")) == ["acknowledge_made"]


async def test_whose_address_it_is_takes_no_street_away(me: Customer) -> None:
    await me.expects()
    rasa, _ = await opens(me, "change_address", "please send to my mums, 22 Elm Grove, BN1 4AA")
    await rasa.say("her name is Pat", "inform")
    assert rasa.slots["detail"] == "22 Elm Grove, BN1 4AA, Pat"


@pytest.mark.parametrize(
    ("action", "words", "intent"),
    [
        ("action_acknowledge", "why not", "affirm"),
        ("action_capabilities", "warum geht das nicht", "ask_capabilities"),
        ("action_options", "pourquoi ?", "ask_delivery_options"),
        ("action_not_understood", "why", "out_of_scope"),
    ],
)
async def test_who_asks_why_is_told_the_reason_once_more(
    me: Customer, action: str, words: str, intent: str
) -> None:
    await me.expects(status=Status.delivered)
    rasa, said = await opens(me, "neighbour", "leave it with my neighbour Bob at 14")
    assert keys(said) == ["refused_delivered"]
    rasa.loop, rasa.slots["requested_slot"] = None, None
    rasa.events[-1] = {"event": "bot", "data": {"custom": said[0]}}
    rasa.hears(words, intent)
    again = await rasa.run(action)
    assert (keys(again), again[0]["with"]) == (["refused_delivered"], said[0]["with"])


async def test_a_number_to_be_rung_is_passed_on(me: Customer) -> None:
    await me.expects(status=Status.out_for_delivery)
    rasa = Rasa(me)
    rasa.hears("ok tell the driver to ring my mobile 07700 900123", "ask_courier_contact")
    assert await rasa.run("action_courier_contact") == []
    assert rasa.events[-1]["name"] == "access_note_form"
