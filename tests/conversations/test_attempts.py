"""Nobody came, or I was out: what is answered in words after a failed attempt, and what is kept."""

from typing import Any

import pytest

from tests.conversations.test_delivery import Phones, evening_after, last_request, same_instant
from tests.stack import Phone, Shopkeeper

HOME = {"latitude": 48.8566, "longitude": 2.3522}
ADDRESS = {"line1": "8 rue des Tilleuls", "city": "Paris", "country": "FR", **HOME}
AWAY = {"latitude": 48.90, "longitude": 2.40}


async def told(me: Phone) -> str:
    return "\n".join(message["text"] for message in await me.next())


async def fails(shop: Shopkeeper, reference: str, place: dict[str, float]) -> None:
    await shop.happens(reference, "attempt_failed", place=place)


@pytest.mark.parametrize(
    ("language", "asked", "words", "answer", "when"),
    [
        (
            "en",
            "nobody was in",
            "i was home all day!! nobody rang",
            "costs nothing",
            "tomorrow evening",
        ),
        (
            "fr",
            "personne",
            "j'étais là toute la journée, personne n'a sonné",
            "gratuit",
            "demain soir",
        ),
    ],
)
async def test_nobody_came_and_a_new_time_in_words(
    shop: Shopkeeper, phone: Phones, language: str, asked: str, words: str, answer: str, when: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language, address=ADDRESS)
    await fails(shop, reference, AWAY)
    assert asked in (await told(me)).lower()
    assert answer in (await me.say(words)).lower()
    # The offered times are answered in words, as people do.
    await me.say(when)
    await me.say("yes" if language == "en" else "oui")
    agreed: dict[str, Any] = await last_request(shop, reference, "accepted")
    assert agreed["kind"] == "reschedule"
    assert same_instant(agreed["window"]["from"], await evening_after(shop, 1))
    assert not agreed["fee"]["amount"], "another try after a disputed attempt is free"


@pytest.mark.parametrize(
    ("language", "words", "when"),
    [
        ("en", "ah sorry i was out", "tomorrow evening"),
        ("fr", "ah mince j'étais pas là dsl", "demain soir"),
    ],
)
async def test_i_was_out_and_a_new_time_in_words(
    shop: Shopkeeper, phone: Phones, language: str, words: str, when: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language, address=ADDRESS)
    await fails(shop, reference, HOME)
    await told(me)
    await me.say(words)
    await me.say(when)
    await me.say("yes" if language == "en" else "oui")
    agreed = await last_request(shop, reference, "accepted")
    assert same_instant(agreed["window"]["from"], await evening_after(shop, 1))
    assert agreed["fee"]["amount"], "the policy's fee holds"
