"""What the engine's actions find, say and do. The reading of each message is given."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import context
from bot.domain.attempt import CustomerSays, Verdict
from bot.domain.clock import FixedClock
from bot.domain.conversation import Holder
from bot.domain.errors import NotFound
from bot.domain.ids import new_id
from bot.domain.shipment import Status, TrackingEvent
from bot.services import consents
from bot.services.judge_attempts import claim_attempt
from bot.settings import ROOT
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.parcels import Customer, Rasa, all_actions, customer

Said = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _no_leftover() -> Iterator[None]:
    yield
    context.use(None)


@pytest.fixture
async def me(application: Application, shop: Shop) -> Customer:
    return await customer(application, shop)


async def act(
    me: Customer,
    action: str,
    text: str = "hello",
    intent: str = "greet",
    *,
    choice: str | None = None,
    slots: dict[str, Any] | None = None,
) -> Said:
    rasa = Rasa(me, slots or {})
    rasa.hears(text, intent, choice=choice)
    return await rasa.run(action)


def keys(said: Said) -> list[str]:
    return [saying["say"] for saying in said]


def test_the_server_offers_exactly_the_domains_actions() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text())
    assert {action.name() for action in all_actions()} == set(domain["actions"])


async def test_without_an_application_an_action_fails_loudly(me: Customer) -> None:
    rasa = Rasa(me)
    rasa.hears("hi", "greet")
    context.use(None)
    action = next(a for a in all_actions() if a.name() == "action_greet")
    dispatcher = CollectingDispatcher()
    tracker = Tracker(f"{me.conversation.id}.1", {}, rasa.latest, [], False, None, {}, None)
    with pytest.raises(RuntimeError):
        await action.run(dispatcher, tracker, {})
    assert dispatcher.messages == []


async def test_an_unknown_conversation_fails_loudly(
    me: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    me.conversation.id = me.contact.id
    with pytest.raises(NotFound):
        await act(me, "action_track")
    assert "action_track failed" in caplog.text


# Where is it


async def test_track_tells_status_and_what_can_be_done(me: Customer) -> None:
    parcel = await me.expects()
    [said] = await act(me, "action_track", "where is it", "track_parcel")
    assert said["say"] == "track_in_transit"
    assert said["with"]["parcel"]["last4"] == parcel.last_digits
    assert [o["key"] for o in said["options"]] == [
        "option_reschedule", "option_more", "option_human",
    ]  # fmt: skip
    assert said["understood"] == {"intent": "track_parcel", "confidence": 0.9}


@pytest.mark.parametrize("status", list(Status))
async def test_every_status_has_its_sentence(me: Customer, status: Status) -> None:
    await me.expects(status=status)
    [said] = await act(me, "action_track", "where is it", "track_parcel")
    assert said["say"] == f"track_{status}"


async def test_a_window_that_has_passed_is_owned_up_to(me: Customer, clock: FixedClock) -> None:
    end = clock.now() + timedelta(hours=2)
    await me.expects(window_start=clock.now(), window_end=end)
    [said] = await act(me, "action_when", "when does it come", "ask_delivery_time")
    assert said["say"] == "when"
    clock.instant += timedelta(hours=3)
    [said] = await act(me, "action_when", "when does it come", "ask_delivery_time")
    assert (said["say"], said["with"]["overdue"]) == ("track_in_transit", True)


async def test_when_is_answered_honestly_where_no_day_is_known(me: Customer) -> None:
    await me.expects()
    [said] = await act(me, "action_when", "when does it come", "ask_delivery_time")
    assert said["say"] == "when_unknown"


@pytest.mark.parametrize("words", ["how long do they keep it?", "vous le gardez combien de temps"])
async def test_until_when_it_is_kept_is_told_as_far_as_it_is_known(
    me: Customer, words: str
) -> None:
    [said] = await act(me, "action_options", words, "ask_delivery_options")
    assert said["say"] == "change_options"
    await me.expects(handover="shop")
    [said] = await act(me, "action_options", words, "ask_delivery_options")
    assert said["say"] == "kept_until_told"


async def test_days_that_are_named_are_no_question_for_one(me: Customer) -> None:
    await me.expects()
    rasa = Rasa(me)
    rasa.hears("lundi ou mardi peu importe", "ask_delivery_time")
    assert await rasa.run("action_when") == []
    assert rasa.events[-1]["name"] == "reschedule_form"


async def test_what_cannot_be_seen_from_here_is_owned_up_to(me: Customer) -> None:
    await me.expects()
    [said] = await act(me, "action_options", "is it a heavy box?", "ask_delivery_options")
    assert said["say"] == "thing_unknown"


@pytest.mark.parametrize(
    "action", ["action_track", "action_when", "action_courier_contact", "action_missed_delivery"]
)
async def test_who_is_coming_to_the_door_is_told_of_to_the_courier(
    me: Customer, action: str
) -> None:
    parcel = await me.expects(status=Status.out_for_delivery)
    rasa = Rasa(me)
    rasa.hears("bin gleich da, 5 minuten", "missed_delivery")
    assert await rasa.run(action) == []
    assert rasa.events[-1]["name"] == "access_note_form"
    said = await rasa.opens("access_note_form", "can he wait 5 min", "give_access_instructions")
    assert keys(said) == ["access_note_confirm"]
    assert [request.note for request in await me.requests(parcel)] == ["can he wait 5 min"]


async def test_our_own_estimate_is_told_as_ours(me: Customer, clock: FixedClock) -> None:
    start, end = clock.now() + timedelta(hours=4), clock.now() + timedelta(hours=6)
    await me.expects(own_start=start, own_end=end, own_by="history")
    for action, key in (("action_when", "when"), ("action_track", "track_in_transit")):
        [said] = await act(me, action, "when does it come", "ask_delivery_time")
        parcel = said["with"]["parcel"]
        assert (said["say"], parcel["window"], parcel["ours_by"]) == (key, None, "history")
        assert parcel["ours"]["start"] == start.astimezone(ZoneInfo("Europe/Paris")).isoformat()


async def test_of_several_parcels_the_one_that_is_named_is_meant(me: Customer) -> None:
    lamp, mug = await me.expects("Linen lamp"), await me.expects("Blue mug set")
    [said] = await act(me, "action_track", "where is my parcel", "track_parcel")
    assert (said["say"], said["with"]["count"]) == ("which_parcel", 2)
    chosen = said["options"][0]["payload"]
    assert any(str(parcel.id) in chosen for parcel in (lamp, mug))
    for text in ("the lamp", f"{lamp.tracking_number}", f"…{lamp.last_digits}", "Linen one"):
        [said] = await act(me, "action_track", text, "track_parcel")
        assert said["with"]["parcel"]["last4"] == lamp.last_digits, text
    [said] = await act(me, "action_inform", "/inform", "inform", choice=str(mug.id))
    assert said["with"]["parcel"]["item"] == "Blue mug set"
    talked_of = {"parcel": str(mug.id)}
    [said] = await act(me, "action_track", "and the other one?", "track_parcel", slots=talked_of)
    assert said["with"]["parcel"]["item"] == "Linen lamp"


async def test_delivered_parcels_do_not_stand_in_the_way(me: Customer) -> None:
    await me.expects("Old thing", status=Status.delivered)
    await me.expects("New thing")
    [said] = await act(me, "action_track", "where is my parcel", "track_parcel")
    assert said["with"]["parcel"]["item"] == "New thing"


async def test_a_stranger_sees_only_a_coarse_status_and_only_by_the_full_number(
    me: Customer, application: Application, shop: Shop
) -> None:
    parcel = await me.expects()
    for verified in (True, False):
        stranger = await customer(application, shop, verified=verified)
        [said] = await act(stranger, "action_track", parcel.tracking_number, "track_parcel")
        assert said["say"] == "parcel_coarse"
        assert set(said["with"]["parcel"]) == {"last4", "status"}
        [said] = await act(stranger, "action_track", parcel.last_digits, "track_parcel")
        assert said["say"] == ("no_parcel" if verified else "link_needed")
        [said] = await act(stranger, "action_track", "SW9999999999", "track_parcel")
        assert said["say"] == "parcel_unknown"


async def test_somebody_unverified_sees_nothing_even_of_the_contacts_own(
    application: Application, shop: Shop
) -> None:
    stranger = await customer(application, shop, verified=False)
    await stranger.expects()
    for action in (
        "action_track",
        "action_when",
        "action_courier_contact",
        "action_missed_delivery",
    ):
        assert keys(await act(stranger, action, "where is it", "track_parcel")) == ["link_needed"]
    rasa = Rasa(stranger)
    said = await rasa.opens("reschedule_form", "tomorrow evening please", "reschedule_delivery")
    assert keys(said) == ["link_needed"]
    assert rasa.loop is None


async def test_facts_of_the_policy(me: Customer) -> None:
    await me.expects()
    [said] = await act(me, "action_fees", "how much", "ask_delivery_fees")
    fees = {offer["kind"]: offer["fee"] for offer in said["with"]["offers"]}
    assert fees["reschedule"] == {"amount": 290, "currency": "EUR"}
    assert fees["change_address"] == {"amount": 490, "currency": "EUR"}
    assert fees["neighbour"] is None
    assert len(fees) == 8
    [said] = await act(me, "action_options", "what can i change", "ask_delivery_options")
    assert len(said["options"]) == 9


async def test_courier_and_proof(me: Customer) -> None:
    await me.expects(courier_name="Karim", status=Status.out_for_delivery)
    assert keys(await act(me, "action_courier_contact")) == ["courier_known"]
    assert keys(await act(me, "action_proof_of_delivery")) == ["proof_not_delivered"]


async def test_who_was_out_is_offered_new_times_that_open_the_form(me: Customer) -> None:
    await me.expects(status=Status.attempt_failed)
    [said] = await act(me, "action_missed_delivery", "i was out", "report_missed_delivery")
    assert said["say"] == "missed_offer"
    payload = said["options"][1]["payload"]
    assert payload.startswith("/reschedule_delivery{")
    rasa = Rasa(me)
    chosen = yaml.safe_load(payload.removeprefix("/reschedule_delivery"))["choice"]
    said = await rasa.opens("reschedule_form", payload, "reschedule_delivery", choice=chosen)
    assert keys(said) == ["reschedule_confirm"]
    assert rasa.slots["window"] == chosen


async def claimed(me: Customer, place: tuple[float, float] | None) -> UUID:
    """A parcel for which the carrier says that nobody was in, and where its courier was then."""
    parcel = await me.expects(status=Status.attempt_failed)
    now = me.application.clock.now()
    async with me.application.database() as unit:
        stored = await unit.shipments.get(me.shop.merchant.id, parcel.id)
        stored.address = {"latitude": 48.8566, "longitude": 2.3522}
        event = TrackingEvent(
            new_id(), stored.merchant_id, stored.id, "carrier:x:1", Status.attempt_failed, now, now
        )
        event.details = {"place": list(place)} if place else {}
        unit.shipments.add_event(event)
        await claim_attempt(unit, stored, event, now)
        await unit.commit()
    return parcel.id


async def test_nobody_came_is_a_dispute_with_a_new_try(me: Customer) -> None:
    parcel = await claimed(me, (48.90, 2.40))
    [said] = await act(me, "action_escalate", "i was home all day!!", "dispute_attempt")
    assert said["say"] == "dispute_opened"
    assert all(option["key"] == "option_slot" for option in said["options"])
    assert await me.notes() == ["attempt_answered"]
    # The bot goes on: nobody has to wait for an agent to get a new time.
    assert (await me.now_held()).holder is Holder.bot
    async with me.application.database() as unit:
        (attempt,) = await unit.attempts.of_shipment(me.shop.merchant.id, parcel)
    assert (attempt.verdict, attempt.disputed) == (Verdict.not_made, True)


async def test_nobody_came_where_the_courier_was_seen_is_for_a_person_to_weigh(
    me: Customer,
) -> None:
    await claimed(me, (48.8566, 2.3522))
    [said] = await act(me, "action_escalate", "nobody rang", "dispute_attempt")
    assert said["say"] == "dispute_both_sides"
    assert await me.notes() == ["attempt_answered"]


async def test_nobody_came_without_a_claim_goes_to_a_person(me: Customer) -> None:
    await me.expects(status=Status.attempt_failed)
    [said] = await act(me, "action_escalate", "nobody came", "dispute_attempt")
    assert said["say"] == "escalated"


async def test_i_was_out_is_kept_as_evidence(me: Customer) -> None:
    parcel = await claimed(me, (48.90, 2.40))
    [said] = await act(me, "action_missed_delivery", "i was out", "report_missed_delivery")
    assert said["say"] == "missed_offer"
    async with me.application.database() as unit:
        (attempt,) = await unit.attempts.of_shipment(me.shop.merchant.id, parcel)
    assert (attempt.customer, attempt.disputed) == (CustomerSays.was_out, False)


# People and messages


async def test_a_person_is_fetched_once(me: Customer) -> None:
    for expected in ("handed_over", "handed_over_already"):
        assert keys(await act(me, "action_hand_over", "human", "talk_to_human")) == [expected]
    held = await me.now_held()
    assert (held.holder, held.topic) == (Holder.waiting, "talk_to_human")
    assert await me.notes() == ["handed_over"]


async def test_who_waits_is_told_how_long_it_takes_while_people_are_there(me: Customer) -> None:
    async def told() -> tuple[object, str]:
        [said] = await act(me, "action_hand_over", "human", "talk_to_human")
        wording, now = me.application.services.wording, me.application.clock.now()
        return said["with"]["within"], wording.say(said["say"], said["with"], "en", {}, now)

    within, words = await told()
    assert within == "60 min"
    assert words.endswith("answer you right here. We aim to answer within 60 min.")
    async with me.application.database() as unit:
        merchant = await unit.merchants.get(me.shop.merchant.id)
        # It is Monday: people come back tomorrow, and that is what is said.
        merchant.policy = {**merchant.policy, "support_hours": {"tue": "09:00-18:00"}}
        await unit.commit()
    within, words = await told()
    assert within is None
    assert "We aim" not in words
    assert " from " in words


async def test_a_case_is_handed_over_under_its_own_name(me: Customer) -> None:
    [said] = await act(me, "action_escalate", "it's broken", "report_damage")
    assert (said["say"], said["with"]["topic"]) == ("escalated", "report_damage")
    assert (await me.now_held()).topic == "report_damage"


async def test_stop_in_ones_own_words_means_everything(me: Customer) -> None:
    async def may(purpose: str = "service") -> bool:
        async with me.application.database() as unit:
            return await consents.may_send(
                unit, me.shop.merchant.id, me.contact.id, "whatsapp", purpose
            )

    assert await may()
    assert not await may("marketing")
    await act(me, "action_stop_messages", "leave me alone", "stop_messages")
    assert not await may()
    await act(me, "action_resume_messages", "write to me again", "resume_messages")
    assert await may()


async def test_the_language_is_changed_on_request(me: Customer) -> None:
    assert keys(await act(me, "action_change_language", "en français svp")) == ["language_changed"]
    async with me.application.database() as unit:
        contact = await unit.people.get(me.shop.merchant.id, me.contact.id)
    assert contact.language == "fr"
    assert keys(await act(me, "action_change_language", "klingon")) == ["language_which"]


@pytest.mark.parametrize(
    ("action", "key"),
    [
        ("action_greet", "greet"), ("action_goodbye", "goodbye"), ("action_thank", "thank"),
        ("action_capabilities", "capabilities"), ("action_bot_challenge", "bot_challenge"),
        ("action_not_understood", "not_understood"), ("action_feedback", "feedback_thanks"),
        ("action_set_preferences", "preferences"), ("action_acknowledge", "acknowledge_yes"),
    ],
)  # fmt: skip
async def test_talk(me: Customer, action: str, key: str) -> None:
    assert keys(await act(me, action)) == [key]


def options(said: Said) -> list[dict[str, Any]]:
    """The choices shown last."""
    return said[-1]["options"]


def choice(option: dict[str, Any]) -> str:
    """The value that an option stands for."""
    return yaml.safe_load(option["payload"].removeprefix("/inform"))["choice"]


def local(window: str) -> str:
    """When a window starts, at the address: "Tue 24 18"."""
    start = datetime.fromisoformat(window.partition("/")[0]).astimezone(ZoneInfo("Europe/Paris"))
    return start.strftime("%a %d %H")


@pytest.mark.parametrize(
    ("action", "words", "choice"),
    [
        ("action_set_preferences", "plus de sondages svp", None),
        ("action_set_preferences", "/set_notification_preferences", "no_surveys"),
        ("action_stop_messages", "no surveys any more", None),
    ],
)
async def test_surveys_are_switched_off_and_nothing_else(
    me: Customer, action: str, words: str, choice: str | None
) -> None:
    intent = "set_notification_preferences"
    [offered] = await act(me, "action_set_preferences", "only by mail please", intent)
    assert [option["id"] for option in offered["options"]] == ["no_surveys", "human"]
    said = await act(me, action, words, intent, choice=choice)
    assert keys(said) == ["surveys_off"]
    async with me.application.database() as unit:
        allowed = {
            purpose: await consents.may_send(
                unit, me.shop.merchant.id, me.contact.id, "sms", purpose
            )
            for purpose in ("service", "feedback")
        }
    assert allowed == {"service": True, "feedback": False}
