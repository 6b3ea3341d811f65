"""Messages nobody asked for, and what people answer to them, whenever they do."""

from collections.abc import Callable

from tests.stack import Phone, Shopkeeper, Stack, until

Phones = Callable[..., Phone]


async def delivered(shop: Shopkeeper, me: Phone, language: str = "en") -> str:
    """A parcel is delivered, and the score has been asked for."""
    reference = await shop.ship(me.number, language)
    await shop.happens(reference, "delivered")
    messages = await me.next(2, wait=30)
    assert "10" in messages[-1]["text"]
    return reference


def survey(stack: Stack, phone: str) -> dict[str, object]:
    rows = stack.rows(
        "SELECT s.* FROM surveys s JOIN contacts c ON c.id = s.contact_id WHERE c.phone = %s"
        " ORDER BY s.id DESC LIMIT 1",
        phone,
    )
    return rows[0]


async def test_out_for_delivery_is_announced_with_window_and_courier(
    shop: Shopkeeper, phone: Phones
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number)
    await shop.goes_out(reference, courier="Karim")
    [announced] = await me.next()
    assert "Karim" in announced["text"]
    assert "/t/" in announced["text"]
    await shop.happens(reference, "out_for_delivery")
    await me.quiet()


async def test_a_score_and_a_comment(shop: Shopkeeper, phone: Phones, stack: Stack) -> None:
    me = phone("sms")
    await delivered(shop, me)
    await me.say("9")
    await me.say("courier was lovely, thank you")
    kept = survey(stack, me.number)
    assert (kept["score"], kept["comment"]) == (9, "courier was lovely, thank you")


async def test_a_score_in_french_words(shop: Shopkeeper, phone: Phones, stack: Stack) -> None:
    me = phone("whatsapp", shop.new_number("FR"))
    await shop.ship(me.number, "fr")
    await me.say("bonjour, mon colis est où ?")
    await delivered(shop, me, "fr")
    await me.say("je mets sept")
    await me.say("le livreur a été impoli")
    kept = survey(stack, me.number)
    assert (kept["score"], kept["comment"]) == (7, "le livreur a été impoli")


async def test_a_score_two_days_later_and_after_other_talk(
    shop: Shopkeeper, phone: Phones, stack: Stack
) -> None:
    me = phone("sms")
    await delivered(shop, me)
    await me.say("thanks")
    await shop.advance("P2D")
    await me.say("where is my parcel?")
    await me.say("8")
    assert survey(stack, me.number)["score"] == 8


async def test_a_request_in_place_of_a_comment_is_served(
    shop: Shopkeeper, phone: Phones, stack: Stack
) -> None:
    me = phone("sms")
    await delivered(shop, me)
    await me.say("3")
    await me.say("I want to talk to a real person")
    holder = await until(
        lambda: stack.rows(
            "SELECT holder FROM conversations v JOIN contacts c ON c.id = v.contact_id"
            " WHERE c.phone = %s AND holder = 'waiting'",
            me.number,
        )
    )
    assert holder
    assert survey(stack, me.number)["comment"] == ""


async def test_stop_is_kept_and_nothing_more_is_announced(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number)
    await me.say("STOP")
    await shop.goes_out(reference)
    await me.quiet(3)
