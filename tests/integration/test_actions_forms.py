"""The forms: another time, without contact, and the survey; bent, corrected, left, resumed."""

from datetime import timedelta

import pytest

from bot.domain.clock import FixedClock
from bot.domain.shipment import Shipment, Status
from bot.domain.survey import Survey
from bot.domain.topics import TopicsBy
from bot.wiring import Application
from tests.conftest import ScriptedEngine, Shop
from tests.integration.parcels import Customer, Rasa, customer
from tests.integration.test_actions import Said, choice, keys, local, options

RESCHEDULE = ("reschedule_form", "reschedule_delivery")


@pytest.fixture
async def me(application: Application, shop: Shop) -> Customer:
    return await customer(application, shop)


async def opens(me: Customer, text: str = "i need another day") -> tuple[Rasa, Said]:
    rasa = Rasa(me)
    return rasa, await rasa.opens(RESCHEDULE[0], text, RESCHEDULE[1])


async def states(me: Customer, parcel: Shipment) -> list[str]:
    return [str(request.state) for request in await me.requests(parcel)]


@pytest.mark.parametrize("words", ["yes", "oui merci", "Ok, go ahead", "sure"])
async def test_a_time_in_the_first_message_is_used_at_once(me: Customer, words: str) -> None:
    parcel = await me.expects()
    rasa, said = await opens(me, "can you bring it tomorrow evening")
    assert keys(said) == ["reschedule_confirm"]
    assert local(rasa.slots["window"]) == "Tue 24 18"
    assert said[0]["with"]["fee"] == {"amount": 290, "currency": "EUR"}
    assert said[0]["question"]["loop"] == "reschedule_form"
    assert await states(me, parcel) == ["awaiting_confirmation"]
    said = await rasa.say(words, "thank" if "merci" in words else "affirm")
    assert keys(said) == ["request_made"]
    assert await states(me, parcel) == ["requested"]
    assert rasa.loop is None


@pytest.mark.parametrize(("carrier", "by_hand"), [("generic", False), ("fedex", True)])
async def test_who_arranges_it_is_said_as_it_is(me: Customer, carrier: str, by_hand: bool) -> None:
    """No carrier has been asked where none can be: people have to arrange it."""
    await me.expects(carrier=carrier)
    rasa, _ = await opens(me, "can you bring it tomorrow evening")
    [said] = await rasa.say("yes", "affirm")
    assert (said["say"], said["with"]["by_hand"]) == ("request_made", by_hand)


async def test_without_a_time_three_are_offered_and_one_is_tapped(me: Customer) -> None:
    parcel = await me.expects()
    rasa, said = await opens(me)
    assert (keys(said), len(options(said))) == (["reschedule_window"], 3)
    said = await rasa.say("/inform", "inform", choice=choice(options(said)[1]))
    assert keys(said) == ["reschedule_confirm"]
    said = await rasa.say("/inform", "inform", choice="yes")
    assert keys(said) == ["request_made"]
    assert (await states(me, parcel)) == ["requested"]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("tomorrow", "reschedule_several"),
        ("thursday or friday", "reschedule_which_day"),
        ("yesterday", "reschedule_past"),
        ("in 40 days", "reschedule_none_fits"),
        ("tomorrow at 6 am", "reschedule_none_fits"),
    ],
)
async def test_a_time_that_is_not_clear_is_asked_about(me: Customer, words: str, key: str) -> None:
    await me.expects()
    _, said = await opens(me, words)
    assert (keys(said), len(options(said))) == ([key], 3)


@pytest.mark.parametrize(
    ("words", "intent", "window"),
    [
        ("no, thursday", "deny", "Thu 26 18"),
        ("thursday please", "inform", "Thu 26 18"),
        ("non plutôt le matin", "deny", "Tue 24 08"),
        ("yes but friday morning", "affirm", "Fri 27 08"),
    ],
)
async def test_a_correction_changes_only_what_it_names(
    me: Customer, words: str, intent: str, window: str
) -> None:
    parcel = await me.expects()
    rasa, _ = await opens(me, "tomorrow evening")
    said = await rasa.say(words, intent)
    assert keys(said) == ["reschedule_confirm"]
    assert local(rasa.slots["window"]) == window
    assert await states(me, parcel) == ["expired", "awaiting_confirmation"]


async def test_a_yes_that_repeats_the_time_is_a_yes(me: Customer) -> None:
    await me.expects()
    rasa, _ = await opens(me, "tomorrow evening")
    assert keys(await rasa.say("yes tomorrow evening is fine", "affirm")) == ["request_made"]


@pytest.mark.parametrize(
    ("words", "intent"),
    [("no", "deny"), ("forget it", "complain"), ("cancel", "cancel_delivery"), ("non", "greet")],
)
async def test_a_no_leaves_kindly(me: Customer, words: str, intent: str) -> None:
    parcel = await me.expects()
    rasa, _ = await opens(me, "tomorrow evening")
    assert keys(await rasa.say(words, intent)) == ["change_dropped"]
    assert await states(me, parcel) == ["expired"]
    assert (rasa.slots["window"], rasa.slots["agreed"], rasa.slots["request"]) == (None, None, None)


async def test_forgetting_it_at_the_first_question(me: Customer) -> None:
    await me.expects()
    rasa, _ = await opens(me)
    assert keys(await rasa.say("laisse tomber", "deny")) == ["change_dropped"]


@pytest.mark.parametrize(
    ("words", "intent"),
    [("how much is it?", "ask_delivery_fees"), ("does it come tomorrow?", "ask_delivery_time"),
     ("who brings it tomorrow evening", "ask_courier_contact"), ("a person please", "talk_to_human"),
     ("thanks", "thank")],
)  # fmt: skip
async def test_a_question_in_the_middle_is_left_to_its_rule_and_the_form_goes_on(
    me: Customer, words: str, intent: str
) -> None:
    await me.expects()
    rasa, _ = await opens(me)
    assert keys(await rasa.say(words, intent)) == ["rejected"]
    assert keys(await rasa.comes_back()) == ["reschedule_window"]
    await rasa.say("tomorrow evening", "inform")
    assert keys(await rasa.say(words, intent)) == ["rejected"]
    assert keys(await rasa.comes_back()) == ["reschedule_confirm"]


async def test_which_parcel_then_the_time_that_was_named_before(me: Customer) -> None:
    await me.expects("Linen lamp")
    mug = await me.expects("Blue mug set")
    rasa, said = await opens(me, "move my parcel to tomorrow evening")
    assert keys(said) == ["which_parcel"]
    said = await rasa.say("the mug", "inform")
    assert keys(said) == ["reschedule_confirm"]
    assert rasa.slots["parcel"] == str(mug.id)
    said = await rasa.say("no, the lamp", "deny")
    assert keys(said) == ["reschedule_confirm"]
    assert said[0]["with"]["parcel"]["item"] == "Linen lamp"
    assert local(rasa.slots["window"]) == "Tue 24 18"


async def test_somebody_elses_parcel_is_not_changed(
    me: Customer, application: Application, shop: Shop
) -> None:
    await me.expects()
    others = await (await customer(application, shop)).expects("Secret thing")
    rasa = Rasa(me)
    await me.expects("Second thing")
    said = await rasa.opens(RESCHEDULE[0], f"move {others.tracking_number}", RESCHEDULE[1])
    assert keys(said) == ["not_your_parcel"]
    assert "Secret" not in str(said)
    said = await Rasa(me, {"parcel": str(others.id)}).opens(RESCHEDULE[0], "move it", "inform")
    assert "Secret" not in str(said)


async def test_a_refusal_says_why_and_what_is_possible(me: Customer, clock: FixedClock) -> None:
    start = clock.now() - timedelta(minutes=5)
    await me.expects(window_start=start, window_end=start + timedelta(hours=2))
    rasa, said = await opens(me, "tomorrow evening")
    assert keys(said) == ["refused_cut_off"]
    assert rasa.loop is None
    done = await customer(me.application, me.shop)
    await done.expects(status=Status.delivered)
    _, said = await opens(done, "tomorrow evening")
    assert keys(said) == ["refused_delivered"]


async def test_a_yes_that_comes_too_late_is_refused(me: Customer, clock: FixedClock) -> None:
    parcel = await me.expects()
    _, said = await opens(me, "tomorrow evening")
    clock.instant += timedelta(days=2)
    later = Rasa(me)
    await later.asked(said[0]["question"])
    assert keys(await later.say("yes", "affirm")) == ["refused_window_gone"]
    assert await states(me, parcel) == ["expired"]


async def test_a_question_is_taken_up_in_a_later_session(me: Customer) -> None:
    parcel = await me.expects()
    _, said = await opens(me)
    later = Rasa(me)
    await later.asked(said[0]["question"])
    said = await later.say("tomorrow evening", "inform")
    assert keys(said) == ["reschedule_confirm"]
    latest = Rasa(me)
    await latest.asked(said[0]["question"])
    assert keys(await latest.say("yes", "affirm")) == ["request_made"]
    assert await states(me, parcel) == ["requested"]


async def test_contactless(me: Customer) -> None:
    parcel = await me.expects()
    rasa = Rasa(me)
    said = await rasa.opens("contactless_form", "leave it at the door", "request_contactless")
    assert keys(said) == ["contactless_confirm"]
    assert keys(await rasa.say("yes", "affirm")) == ["request_made"]
    [request] = await me.requests(parcel)
    assert (request.kind, request.state, request.window) == ("contactless", "requested", None)


# The survey


async def surveyed(me: Customer, requested: str = "nps_score", **slots: str) -> tuple[Survey, Rasa]:
    survey = await me.is_surveyed()
    rasa = Rasa(me)
    question = {
        "loop": "nps_form",
        "requested": requested,
        "slots": {"survey": str(survey.id), **slots},
    }
    await rasa.asked(question)
    return survey, rasa


@pytest.mark.parametrize(
    ("score", "who"), [("9", "promoter"), ("je mets sept", "passive"), ("3", "detractor")]
)
async def test_a_score_a_comment_and_thanks(me: Customer, score: str, who: str) -> None:
    survey, rasa = await surveyed(me)
    said = await rasa.say(score, "inform")
    assert keys(said) == [f"nps_comment_{who}"]
    assert said[0]["question"]["requested"] == "nps_comment"
    said = await rasa.say("the courier was something", "complain")
    assert keys(said) == [f"nps_thanks_{who}"]
    kept = await me.survey(survey)
    assert (kept.comment, kept.score is not None) == ("the courier was something", True)
    assert (kept.topics, kept.topics_by) == (["courier"], TopicsBy.words)
    noted = ["detractor", "detractor_comment"] if who == "detractor" else []
    assert await me.notes() == noted


async def test_what_a_comment_is_about_is_asked_of_the_engine(
    me: Customer, engine: ScriptedEngine
) -> None:
    engine.topics_read = {"late": 0.2, "packaging": 0.8}
    survey, rasa = await surveyed(me)
    await rasa.say("2", "inform")
    await rasa.say("the lot had come apart, says the courier", "complain")
    kept = await me.survey(survey)
    assert (kept.topics, kept.topics_by) == (["courier", "packaging"], TopicsBy.vectors)


async def test_a_score_with_its_reason_is_all_that_is_needed(me: Customer) -> None:
    survey, rasa = await surveyed(me)
    assert keys(await rasa.say("4 because nobody rang", "complain")) == ["nps_thanks_detractor"]
    kept = await me.survey(survey)
    assert (kept.score, kept.comment) == (4, "because nobody rang")


@pytest.mark.parametrize("words", ["11", "8 or 9"])
async def test_what_is_no_score_is_asked_again_gently(me: Customer, words: str) -> None:
    survey, rasa = await surveyed(me)
    assert keys(await rasa.say(words, "inform")) == ["nps_score_again"]
    assert (await me.survey(survey)).score is None
    assert keys(await rasa.say("8", "inform")) == ["nps_comment_passive"]


async def test_a_part_of_the_scale_first_then_its_numbers_then_thanks_once(me: Customer) -> None:
    survey, rasa = await surveyed(me)
    said = await rasa.say("/inform", "inform", choice="0-6")
    assert keys(said) == ["nps_score_which"]
    assert [one["title"] for one in options(said)] == ["0", "1", "2", "3", "4", "5", "6"]
    assert said[0]["question"]["slots"] == {"survey": str(survey.id)}
    assert (await me.survey(survey)).score is None
    said = await rasa.say("/inform", "inform", choice=choice(options(said)[4]))
    assert keys(said) == ["nps_comment_detractor"]
    assert (await me.survey(survey)).score == 4
    assert keys(await rasa.say("it came late", "complain")) == ["nps_thanks_detractor"]


@pytest.mark.parametrize("words", ["9", "nove", "ich gebe eine neun"])
async def test_after_a_part_of_the_scale_any_number_is_taken(me: Customer, words: str) -> None:
    survey, rasa = await surveyed(me)
    assert keys(await rasa.say("7 – 8", "inform")) == ["nps_score_which"]
    assert keys(await rasa.say(words, "inform")) == ["nps_comment_promoter"]
    assert (await me.survey(survey)).score == 9


async def test_no_thanks_is_taken_for_an_answer(me: Customer) -> None:
    _, rasa = await surveyed(me)
    assert keys(await rasa.say("no thanks", "deny")) == ["nps_declined"]
    survey, rasa = await surveyed(me)
    await rasa.say("9", "inform")
    assert keys(await rasa.say("no", "deny")) == ["nps_thanks_promoter"]
    assert (await me.survey(survey)).comment == ""


async def test_other_talk_is_answered_and_the_score_is_not_nagged_for(me: Customer) -> None:
    survey, rasa = await surveyed(me)
    assert keys(await rasa.say("where is my parcel", "track_parcel")) == ["rejected"]
    assert await rasa.comes_back() == []
    assert rasa.loop == "nps_form"
    assert keys(await rasa.say("8", "inform")) == ["nps_comment_passive"]
    assert (await me.survey(survey)).score == 8


async def test_a_clear_wish_in_place_of_a_comment_ends_the_survey_in_silence(me: Customer) -> None:
    survey, rasa = await surveyed(me)
    await rasa.say("8", "inform")
    assert keys(await rasa.say("where is my other parcel", "track_parcel")) == ["rejected"]
    assert await rasa.comes_back() == []
    assert rasa.loop is None
    kept = await me.survey(survey)
    assert (kept.score, kept.comment) == (8, "")


async def test_an_unclear_reading_is_still_a_comment(me: Customer) -> None:
    survey, rasa = await surveyed(me)
    await rasa.say("8", "inform")
    said = await rasa.say("took ages to track down", "track_parcel", confidence=0.3)
    assert keys(said) == ["nps_thanks_passive"]
    assert (await me.survey(survey)).comment == "took ages to track down"


async def test_a_damage_told_as_a_comment_is_kept_and_also_a_case(me: Customer) -> None:
    survey, rasa = await surveyed(me)
    await rasa.say("2", "inform")
    assert keys(await rasa.say("it was broken", "report_damage")) == ["rejected"]
    assert (await me.survey(survey)).comment == "it was broken"


async def test_a_person_is_fetched_in_place_of_a_comment(me: Customer) -> None:
    survey, rasa = await surveyed(me)
    await rasa.say("2", "inform")
    assert keys(await rasa.say("I want a human", "talk_to_human")) == ["rejected"]
    assert (await me.survey(survey)).comment == ""


async def test_a_score_can_be_corrected(me: Customer) -> None:
    survey, rasa = await surveyed(me)
    await rasa.say("1", "inform")
    assert keys(await rasa.say("sorry I meant 10", "inform")) == ["nps_comment_promoter"]
    assert (await me.survey(survey)).score == 10


async def test_nobody_answers_somebody_elses_survey(
    me: Customer, application: Application, shop: Shop
) -> None:
    survey = await me.is_surveyed()
    other = Rasa(await customer(application, shop))
    question = {"loop": "nps_form", "requested": "nps_score", "slots": {"survey": str(survey.id)}}
    await other.asked(question)
    await other.say("0", "inform")
    assert (await me.survey(survey)).score is None


@pytest.mark.parametrize("words", ["am", "in the AM please"])
async def test_half_a_day_is_chosen_by_its_letters(me: Customer, words: str) -> None:
    await me.expects()
    rasa, said = await opens(me, "can you come on wednesday")
    assert keys(said) == ["reschedule_several"]
    assert keys(await rasa.say(words, "inform")) == ["reschedule_confirm"]
    assert local(rasa.slots["window"]) == "Wed 25 08"


async def test_any_day_keeps_the_hours_that_were_named(me: Customer) -> None:
    await me.expects()
    _, said = await opens(me, "egal wann, hauptsache abends")
    starts = [local(choice(one))[-2:] for one in options(said)]
    assert starts
    assert set(starts) == {"18"}
