"""Every sentence exists in every language, renders, fits, and is asked for by its right name."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from liquid.exceptions import LiquidError

from bot import flows
from bot.channels.base import Worded
from bot.channels.sms import render as sms
from bot.channels.sms.segments import Segments, segments
from bot.channels.text import units
from bot.dialogue.phrases import PHRASES
from bot.dialogue.wording import LiquidWording
from bot.domain.flow import Send
from bot.domain.read_flow import read_flow
from bot.domain.request import RequestKind
from bot.domain.shipment import Status

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVENING = {
    "start": "2026-11-24T18:00:00+01:00",
    "end": "2026-11-24T21:00:00+01:00",
    "tz": "Europe/Paris",
}
FEE = {"amount": 390, "currency": "EUR"}
LINK = "https://parcels.example/t/" + "x" * 43
PARCEL: dict[str, Any] = {
    "item": "Linen lamp",
    "last4": "4711",
    "carrier": "Swift Parcels",
    "status": "in_transit",
    "window": EVENING,
    "ours": None,
    "ours_by": "",
    "courier": "Karim",
    "courier_phone": "+33639980001",
    "courier_line": "+33639980009",
    "at": "2026-11-23T08:05:00+00:00",
    "tz": "Europe/Paris",
    "link": LINK,
    "handover": "locker",
    "signed_by": "A. Byron",
    "left_at": "reception",
    "photo": "https://carrier.example/proof/4711.jpg",
    "code_checked": True,
    "collect": {
        "place": "Gare de Lyon, hall 2",
        "code": "4821",
        "until": "2026-11-29T21:00:00+00:00",
        "link": "",
        "hours": "6-22",
    },
}
VARIABLES: dict[str, Any] = {
    "merchant": "Maison Lune",
    "name": "Ana",
    "parcel": PARCEL,
    "window": EVENING,
    "fee": FEE,
    "kind": "reschedule",
    "count": 2,
    "code": "123456",
    "link": LINK,
    "minutes": 10,
    "left": 3,
    "overdue": False,
    "by_hand": False,
    "commented": True,
    "topic": "dispute_attempt",
    "reason": "refused_cut_off",
    "area": {"name": "", "postcodes": ["75...", "92..."], "countries": ["FR"], "km": "30"},
    "places": ["garage", "porch"],
    "offers": [{"kind": "reschedule", "fee": FEE}, {"kind": "contactless", "fee": None}],
    "note": "with Mrs Patel at number 12",
    "extra": "gate code 4407#",
    "quietly": True,
    "hours": "10:00-19:00",
    "place": "left with the neighbour at number 12",
    "within": None,
    "back": {"at": "2026-11-26T09:00:00+01:00", "tz": "Europe/Paris"},
    "also": "reschedule",
    "point": {"name": "Librairie Beaubourg et fils"},
    "parcels": [PARCEL, {**PARCEL, "item": "", "status": "delivered"}],
    "points": [
        {
            "name": "Tabac Voltaire",
            "address": "96 boulevard Voltaire, 75011",
            "hours": "07:00-20:00",
            "km": 0.84,
        },
        {"name": "Consigne", "address": "68 avenue du Maine, 75014", "hours": None, "km": None},
    ],
}
SPARSE: dict[str, Any] = {
    **VARIABLES,
    "name": "",
    "parcel": {
        **PARCEL,
        "item": "",
        "carrier": None,
        "window": None,
        "courier": None,
        "courier_phone": None,
        "at": None,
    },
    "window": None,
    "left": 1,
    "fee": None,
    "by_hand": True,
    "quietly": False,
    "commented": False,
    "topic": "complain",
    "area": {"name": "Paris", "postcodes": [], "countries": [], "km": None},
    "offers": [],
    "extra": None,
    "back": None,
    "within": "45 min",
    "also": None,
}
# Said only where there is one.
NEEDS_WINDOW = {
    "ours_history",
    "ours_position",
    "flow_window_changed",
    "when",
    "refused_cut_off",
    "option_slot",
    "reschedule_confirm",
}

# á, í, ó, ú, ã, õ and ç are not in GSM-7; the channel leaves them out where they cost too much.
# Devanagari has no cheaper spelling, so whatever holds a link (69 of the 134 places) takes more.
DEAR_ALPHABET = {"es", "pt", "hi"}
LONG_IN_HINDI = {"capabilities", "pickup_point_ask", "refused_cut_off", "refused_again", "escalated",
    "not_received_look", "flow_delivered", "proof_delivered"}  # fmt: skip
# A language's own name, and templates that hold no words.
SAME_EVERYWHERE = {"option_english", "option_french", "option_slot", "option_point"}

wording = LiquidWording.shipped()
KEYS = wording.keys()
LANGUAGES = wording.languages


def cost(text: str) -> Segments:
    """What the SMS channel really sends, counted."""
    (payload,) = sms.render(Worded(text))
    return segments(payload["body"])


def say(key: str, language: str = "en", **variables: Any) -> str:
    return wording.say(key, VARIABLES | variables, language, {}, NOW)


def test_every_served_language_is_shipped() -> None:
    assert set(LANGUAGES) == {"en", "fr", "es", "de", "pt", "it", "hi", "hi-Latn"}
    assert set(PHRASES) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys(language: str) -> None:
    assert set(wording.keys(language)) == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_every_language_uses_the_same_variables(key: str) -> None:
    assert {frozenset(wording.variables(key, language)) for language in LANGUAGES} == {
        frozenset(wording.variables(key))
    }
    assert wording.variables(key) <= set(VARIABLES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_sentence_renders_within_two_segments(key: str, language: str) -> None:
    for variables in (VARIABLES, SPARSE):
        if variables is SPARSE and key in NEEDS_WINDOW:
            continue
        text = wording.say(key, variables, language, {}, NOW)
        assert text
        assert "{" not in text
        assert "  " not in text
        assert " ." not in text
        dear = language == "hi" and (LINK in text or key in LONG_IN_HINDI)
        assert cost(text).count <= (3 if dear else 2), f"{cost(text)}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", ["history", "position"])
@pytest.mark.parametrize(
    "key", [key for key in KEYS if "parcel | estimate" in wording.template(key)]
)
def test_our_own_estimate_is_said_as_such(key: str, by: str, language: str) -> None:
    """Instead of the window that the carrier gave, with or without one."""
    # Where the courier is says when they come today.
    day = "2026-11-23" if by == "position" else "2026-11-24"
    ours = {**EVENING, "start": f"{day}T19:00:00+01:00", "end": f"{day}T21:30:00+01:00"}
    own = say(f"ours_{by}", language, window=ours)
    for parcel in (PARCEL, SPARSE["parcel"]):
        told = {**SPARSE, "parcel": {**parcel, "ours": ours, "ours_by": by}}
        text = wording.say(key, told, language, {}, NOW)
        if key == "flow_nearly_there" and by == "history":
            assert own not in text, "a courier at the door is not usual"
        else:
            assert own in text
        assert wording.put("{{ window | window }}", VARIABLES, language, NOW) not in text
        assert "  " not in text
        assert cost(text).count <= (3 if language == "hi" else 2), f"{cost(text)}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_goes_by_the_courier_s_place_where_no_window_was_given(language: str) -> None:
    parcel = {**PARCEL, "window": None, "ours": EVENING, "ours_by": "position"}
    assert say("refused_cut_off", language, parcel=parcel) == say("refused_cut_off", language)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - DEAR_ALPHABET))
def test_common_sentences_stay_in_the_cheap_alphabet(language: str) -> None:
    dear = [
        key
        for key in KEYS
        if not key.startswith("option_")
        and segments(wording.say(key, VARIABLES, language, {}, NOW)).encoding != "GSM-7"
    ]
    assert dear == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith("option")])
def test_titles_fit_a_button(key: str, language: str) -> None:
    long = {"parcel": {**PARCEL, "item": "Hand-blown glass carafe with six tumblers"}}
    assert units(say(key, language, **long)) <= 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", range(24, 31))
def test_slots_fit_a_button_on_every_day(language: str, day: int) -> None:
    window = {
        "start": f"2026-11-{day}T18:30:00+01:00",
        "end": f"2026-11-{day}T21:30:00+01:00",
        "tz": "Europe/Paris",
    }
    assert units(say("option_slot", language, window=window)) <= 20


def test_windows_are_read_out_in_the_recipients_zone() -> None:
    english = say("reschedule_confirm")
    assert "tomorrow, Tuesday 24 November, between 18:00 and 21:00, for €3.90" in english
    french = say("reschedule_confirm", "fr")
    assert "demain mardi 24 novembre entre 18 h et 21 h, pour 3,90 €" in french
    far = {**EVENING, "tz": "America/New_York"}
    assert "between 12:00 and 15:00" in say("reschedule_confirm", window=far)


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (23, "today between 18:00 and 21:00", "aujourd'hui entre 18 h et 21 h"),
        (26, "on Thursday 26 November between", "jeudi 26 novembre entre"),
        (22, "yesterday between", "hier entre"),
    ],
)
def test_days_are_named_as_people_name_them(day: int, english: str, french: str) -> None:
    window = {
        "start": f"2026-11-{day}T18:00:00+01:00",
        "end": f"2026-11-{day}T21:00:00+01:00",
        "tz": "Europe/Paris",
    }
    assert english in say("reschedule_confirm", window=window)
    assert french in say("reschedule_confirm", "fr", window=window)


@pytest.mark.parametrize(
    ("tag", "served"),
    [
        ("sv", "en"), ("", "en"), ("zh-Hans-CN", "en"), ("fr-CA", "fr"), ("es_MX", "es"),
        ("DE-at", "de"), ("pt-PT", "pt"), ("hi", "hi"), ("hi-IN", "hi"), ("hi-Latn", "hi-Latn"),
        ("hi_latn_IN", "hi-Latn"), ("Hinglish", "hi-Latn"),
    ],
)  # fmt: skip
def test_a_tag_is_answered_in_the_nearest_language(tag: str, served: str) -> None:
    assert say("goodbye", tag) == say("goodbye", served)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_sentence_was_left_in_english(language: str) -> None:
    english = [
        key
        for key in KEYS
        if wording.template(key, language) == wording.template(key) and key not in SAME_EVERYWHERE
    ]
    assert english == []


def test_hindi_is_written_in_its_two_scripts() -> None:
    devanagari = re.compile("[\u0900-\u097f]")
    names = {"option_english", "option_french", "option_slot", "option_point"}
    assert [key for key in KEYS if not devanagari.search(wording.template(key, "hi"))] == sorted(
        names & set(KEYS), key=KEYS.index
    )
    assert [key for key in KEYS if devanagari.search(wording.template(key, "hi-Latn"))] == []


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("no_such_sentence")


def test_a_missing_variable_is_an_error() -> None:
    with pytest.raises(LiquidError):
        wording.say("agent_joined", {"merchant": "Maison Lune"}, "en", {}, NOW)


def test_a_merchants_own_sentence_wins() -> None:
    own = {"en": {"thank": "Anytime! {{ merchant }}"}}
    assert wording.say("thank", VARIABLES, "en", own, NOW) == "Anytime! Maison Lune"
    assert wording.say("thank", VARIABLES, "fr", own, NOW) == say("thank", "fr")


@pytest.mark.parametrize(
    "broken",
    [
        "{{ parcel.window | window",
        "{{ nobody }}",
        "{{ name | no_such_filter }}",
        "{% for i in (1..9999999) %}x{% endfor %}",
        "{% for i in (1..99) %}{{ parcel.link }}{{ parcel.link }}{% endfor %}",
        "{{ name | window }}",
        "{{ name | money }}",
        "{{ name | date }}",
    ],
)
def test_a_merchants_broken_sentence_falls_back(
    broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    own = {"en": {"thank": broken}}
    assert wording.say("thank", VARIABLES, "en", own, NOW) == say("thank")
    assert "thank" in caplog.text


def test_a_merchants_sentence_is_checked_when_it_is_saved() -> None:
    assert wording.check("agent_joined", "Hello, {{ name }} here", "en") == []
    assert "phone is not known" in wording.check("agent_joined", "{{ phone }}", "en")[0]
    assert wording.check("agent_joined", "{{ name", "en")
    assert wording.check("nothing", "x", "en")


def _asked_for() -> Iterator[tuple[str, str]]:
    """Every wording key named in the code, with where; built ones are spelt out."""
    for folder in ("actions", "bot/services", "bot/domain"):
        for file in sorted((ROOT / folder).glob("*.py")):
            code = file.read_text("utf-8")
            for pattern in (
                r'\.say\(\s*"(\w+)"',
                r'Say\(\s*"(\w+)"',
                r'\bsay\("(\w+)"',
                r'"(refused_\w+)"',
                r'key="(option_\w+)"',
                r'"(media_\w+)"',
            ):
                for key in re.findall(pattern, code):
                    yield key, file.name
            for name in re.findall(r'[^_]option\("(\w+)", ["\']', code):
                yield f"option_{name}", file.name


def test_every_sentence_that_the_code_asks_for_exists() -> None:
    asked = list(_asked_for())
    assert len(asked) > 60
    assert [(key, where) for key, where in asked if key not in KEYS] == []


def test_every_sentence_with_a_built_name_exists() -> None:
    built = {
        *(f"track_{status}" for status in Status),
        *(f"status_{status}" for status in Status),
        *(f"kind_{kind}" for kind in RequestKind),
        *(f"nps_{what}_{who}" for what in ("comment", "thanks")
          for who in ("promoter", "passive", "detractor")),
        *(f"{kind}_confirm" for kind in RequestKind),
        *(f"{kind}_ask" for kind in RequestKind
          if kind not in {"reschedule", "contactless", "cancel"}),
        *(f"reschedule_{how}" for how in ("window", "several", "none_fits", "none_again", "which_day", "past")),
        "request_accepted", "request_rejected", "option_yes", "option_no", "options_label",
        "agent_joined", "agent_left", "engine_down", "engine_gave_up", "too_many",
    }  # fmt: skip
    assert built - set(KEYS) == set()


@pytest.mark.parametrize("document", flows.shipped(), ids=lambda d: d["name"])
def test_the_shipped_flows_say_what_exists(document: dict[str, Any]) -> None:
    plan = read_flow({key: value for key, value in document.items() if key != "name"})
    for step in plan.steps:
        if isinstance(step, Send):
            assert step.say in KEYS
            assert all(option["key"] in KEYS for option in step.options)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("handover", ["robot", "drone", "courier"])
def test_each_way_of_handing_over_has_its_own_talk(language: str, handover: str) -> None:
    parcel = PARCEL | {"handover": handover}
    said = say("flow_ready_for_pickup", language, parcel=parcel)
    others = (
        {say("flow_ready_for_pickup", language, parcel=PARCEL)} if handover != "courier" else {}
    )
    assert said not in others
    assert cost(said).count <= (4 if language == "hi" else 2)
    assert (PARCEL["collect"]["code"] in said) == (handover != "drone")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("handover", ["robot", "drone"])
def test_what_brings_it_is_said_on_the_way_and_when_it_is_there(
    language: str, handover: str
) -> None:
    """Nobody is told of a courier, or of a pick-up point, where a robot comes."""
    parcel = PARCEL | {"handover": handover}
    for key in ("flow_out_for_delivery", "track_out_for_delivery"):
        said = say(key, language, parcel=parcel)
        assert PARCEL["courier"] not in said
        assert cost(said).count <= (3 if language == "hi" else 2)
    there = say("track_ready_for_pickup", language, parcel=parcel)
    assert there == say("flow_ready_for_pickup", language, parcel=parcel)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_neighbour_who_took_it_in_is_named(language: str) -> None:
    parcel = PARCEL | {"handover": "neighbour"}
    for key in ("flow_delivered", "track_delivered"):
        said = say(key, language, parcel=parcel)
        assert said != say(key, language, parcel=PARCEL)
        assert "A. Byron" in said


# The answer to "where is it?" and the notice, where a parcel waits to be fetched.
WAITS = ("track_ready_for_pickup", "flow_ready_for_pickup", "flow_pickup_reminder")
DAYS_LEFT = {
    "en": "until Sunday 29 November (6 days left)",
    "fr": "jusqu'au dimanche 29 novembre (encore 6 jours)",
    "es": "hasta el domingo 29 de noviembre (quedan 6 días)",
    "de": "bis Sonntag, 29. November (noch 6 Tage)",
    "pt": "até domingo, 29 de novembro (faltam 6 dias)",
    "it": "fino a domenica 29 novembre (ancora 6 giorni)",
    "hi": "रविवार, 29 नवंबर तक (6 दिन बाकी)",
    "hi-Latn": "Sunday 29 November tak (6 din baaki)",
}


@pytest.mark.parametrize("key", WAITS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("handover", ["shop", "locker"])
def test_who_fetches_it_is_told_where_by_which_code_and_how_long(
    key: str, language: str, handover: str
) -> None:
    said = say(key, language, parcel=PARCEL | {"handover": handover})
    for told in ("Gare de Lyon, hall 2 (6-22)", "4821", DAYS_LEFT[language]):
        assert told in said


@pytest.mark.parametrize(
    ("day", "english", "german"),
    [
        (23, "until 22:00 today", "bis heute 22 Uhr"),
        (24, "until tomorrow.", "bis morgen."),
        (25, "until Wednesday 25 November (2 days left)", "bis Mittwoch, 25. November (noch 2 Tage)"),
        (22, "until Sunday 22 November.", "bis Sonntag, 22. November."),
    ],
)  # fmt: skip
def test_how_many_days_are_left_is_counted_where_the_parcel_is(
    day: int, english: str, german: str
) -> None:
    until = f"2026-11-{day}T21:00:00+00:00"
    parcel = PARCEL | {"collect": {**PARCEL["collect"], "until": until, "place": ""}}
    assert english in say("flow_ready_for_pickup", parcel=parcel)
    assert german in say("flow_ready_for_pickup", "de", parcel=parcel)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_without_a_name_is_a_locker_or_a_point(language: str) -> None:
    nameless = PARCEL | {"collect": dict.fromkeys(PARCEL["collect"], "")}
    locker, shop = (
        say("track_ready_for_pickup", language, parcel=nameless | {"handover": handover})
        for handover in ("locker", "shop")
    )
    assert locker != shop
    assert LINK in locker


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_robot_is_opened_with_what_there_is(language: str) -> None:
    """Its link, its code, or both; it waits until it says, else ten minutes."""
    collect = dict.fromkeys(PARCEL["collect"], "")
    opens = "https://robots.example/u/1"

    def robot(**told: str) -> str:
        parcel = PARCEL | {"handover": "robot", "collect": {**collect, **told}}
        return say("flow_at_the_door", language, parcel=parcel)

    assert opens in robot(link=opens)
    assert LINK not in robot(link=opens, code="4821")
    assert "4821" in robot(code="4821")
    assert LINK in robot()
    assert robot(until="2026-11-23T10:10:00+00:00") != robot()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("handover", ["robot", "drone"])
@pytest.mark.parametrize(
    "key", ["flow_nearly_there", "track_attempt_failed", "flow_attempt_failed", "courier_unknown"]
)
def test_no_courier_is_spoken_of_where_none_comes(key: str, handover: str, language: str) -> None:
    said = say(key, language, parcel=PARCEL | {"handover": handover})
    assert said != say(key, language, parcel=PARCEL | {"handover": "courier"})
    assert "Karim" not in said
    assert cost(said).count <= (3 if language == "hi" else 2)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["flow_nearly_there", "flow_ready_for_pickup", "flow_at_the_door"])
def test_the_spot_is_kept_clear_for_a_drone_only(key: str, language: str) -> None:
    drone, robot = (say(key, language, parcel=PARCEL | {"handover": h}) for h in ("drone", "robot"))
    word = {"en": "clear", "fr": "dégager", "es": "libre", "de": "freihalten", "pt": "livre",
            "it": "libero", "hi": "खाली", "hi-Latn": "khaali"}[language]  # fmt: skip
    assert word in drone
    assert word not in robot


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["track_out_for_delivery", "flow_out_for_delivery"])
def test_nobody_waits_at_home_for_what_goes_elsewhere(key: str, language: str) -> None:
    by = {
        handover: say(key, language, parcel=PARCEL | {"handover": handover})
        for handover in ("courier", "neighbour", "shop", "locker")
    }
    assert by["shop"] == by["locker"]
    assert len(set(by.values())) == 3
    assert all(cost(said).count <= (3 if language == "hi" else 2) for said in by.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_have_to_arrange_is_not_said_to_be_done(language: str) -> None:
    by_hand, by_api = (say("request_made", language, by_hand=by_hand) for by_hand in (True, False))
    done = {"en": "Done", "fr": "C'est fait", "es": "Listo", "de": "Erledigt", "pt": "Pronto",
            "it": "Fatto", "hi": "हो गया", "hi-Latn": "Ho gaya"}[language]  # fmt: skip
    assert done in by_api
    assert done not in by_hand


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_shows_the_delivery_is_told(language: str) -> None:
    for key in ("flow_delivered", "proof_delivered"):
        said = say(key, language, parcel=PARCEL)
        assert PARCEL["photo"] in said
        assert PARCEL["signed_by"] in said
        assert said != say(key, language, parcel=PARCEL | {"code_checked": False})


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_it_waits_is_told_with_its_hours(language: str) -> None:
    for key in ("flow_ready_for_pickup", "flow_pickup_reminder"):
        assert "(6-22)" in say(key, language, parcel=PARCEL)


def test_the_shipped_flows_speak_of_what_matters() -> None:
    plans = [read_flow({k: v for k, v in d.items() if k != "name"}) for d in flows.shipped()]
    started = {plan.trigger.value for plan in plans if plan.active}
    assert started == {
        *("out_for_delivery", "delivered", "delayed", "attempt_failed", "ready_for_pickup"),
        *("returning", "changed", "low", "not_received", "disputed", "courier", "refused"),
    }
    assert {plan.trigger.value for plan in plans if not plan.active} == {
        *("created", "in_transit", "high")
    }
