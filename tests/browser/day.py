"""An ordinary afternoon on the desk, for the pictures in docs/images."""

from datetime import timedelta

from bot.domain.conversation import Author, MessageStatus
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Shipment, Status
from tests.desk import Customer, Desk

_READ = {"status": MessageStatus.read}


def _guess(intent: str, confidence: float) -> dict[str, object]:
    return {"understood": {"intent": intent, "confidence": confidence}}


async def ordinary_afternoon(desk: Desk) -> tuple[Customer, Shipment]:
    """Fill the desk; returns the customer to look at, and a parcel to track."""
    await _others(desk)
    claire = await desk.customer("Claire Fontaine", "+33612345678", "whatsapp", "en")
    await desk.parcel(
        claire,
        "Walnut side table",
        [
            (Status.created, 49, {}),
            (Status.in_transit, 27, {"description": "Left the depot in Lyon"}),
            (Status.out_for_delivery, 5, {"courier_name": "Karim Benali"}),
            (Status.attempt_failed, 1.2, {"description": "Recipient not at home"}),
        ],
        [
            (RequestKind.reschedule, RequestState.requested, _evening(desk)),
            (RequestKind.contactless, RequestState.accepted, {}),
        ],
    )
    await desk.parcel(claire, "Linen cushion, ochre", [(Status.created, 20, {})])
    say, bot = desk.says, Author.bot
    await desk.message(
        claire, Author.flow, "Your walnut side table from Maison Lune is out for delivery with "
        "Karim, expected 14:00–16:00 today. Does that suit you?", 290,
        options=[{"shown": "Keep it"}, {"shown": "Another time"}], **_READ,
    )  # fmt: skip
    await say(claire, "Keep it", 284, kind="choice")
    await desk.message(claire, bot, "Good, it stays today 14:00–16:00.", 284, **_READ)
    await say(
        claire, "I have been home ALL day and it says nobody was there??", 21,
        **_guess("dispute_attempt", 0.94),
    )  # fmt: skip
    await desk.asks_for_a_person(claire, "dispute_attempt", 20)
    await desk.message(
        claire, bot, "I am sorry. I pass this on to a colleague, who will look at what the "
        "courier reported.", 20, **_READ,
    )  # fmt: skip
    user = await _ana(desk)
    await desk.application.services.take_over(user, claire.conversation.id)
    await desk.age(claire, "agent_joined", 6, "Ana from Maison Lune is here now.")
    await desk.message(
        claire, Author.agent, "Hello Claire, I see the attempt at 13:30 and no photo with it. "
        "I am asking the depot now.", 5, agent_id=user.id, **_READ,
    )  # fmt: skip
    await say(claire, "Thank you! Tomorrow evening would be fine, after six", 1)
    return claire, await _tracked(desk)


def _evening(desk: Desk) -> dict[str, object]:
    start = desk.today(0).replace(hour=17, minute=0) + timedelta(days=1)
    end = start + timedelta(hours=3)
    return {"window_start": start, "window_end": end, "fee_amount": 290, "fee_currency": "EUR"}


async def _ana(desk: Desk):  # noqa: ANN202
    async with desk.application.database() as unit:
        user = await unit.merchants.user_by_email(desk.shop.email)
    assert user is not None
    return user


async def _others(desk: Desk) -> None:
    waiting = [
        ("Tobias Meyer", "+4915112345678", "sms", "Marked delivered at 11:02 but there is nothing here", "report_not_received", 14),
        ("Inès Aubert", "+33698765432", "telegram", "Bonjour, le miroir est arrivé cassé", "report_damage", 6),
        ("", "+447700900123", "whatsapp", "can i talk to someone please", "talk_to_human", 2),
    ]  # fmt: skip
    for name, phone, channel, text, topic, ago in waiting:
        language = "fr" if "é" in text else "en"
        customer = await desk.customer(name, phone, channel, language)
        await desk.says(customer, text, ago + 1)
        await desk.asks_for_a_person(customer, topic, ago)
    settled = [
        ("Hugo Lemaire", "+33611223344", "whatsapp", "fr", "Votre livraison passe à demain 18:00–21:00.", 9),
        ("Priya Nair", "+447700900456", "sms", "en", "Thank you for the 9. Have a good evening!", 47),
        ("Sofia Rossi", "+393331234567", "telegram", "en", "It is with Swift Parcels, expected tomorrow.", 130),
        ("Louis Garnier", "+33655443322", "sms", "fr", "Votre colis est livré. Bonne journée !", 260),
    ]  # fmt: skip
    for name, phone, channel, language, text, ago in reversed(settled):
        customer = await desk.customer(name, phone, channel, language)
        await desk.message(customer, Author.bot, text, ago)


async def _tracked(desk: Desk) -> Shipment:
    customer = await desk.customer("Jeanne Moreau", "+33677889900", "whatsapp", "en")
    window = {"window_start": desk.today(1.5), "window_end": desk.today(3.5)}
    await desk.says(customer, "Great, thank you!", 3)
    return await desk.parcel(
        customer,
        "Hand-thrown coffee set",
        [
            (Status.created, 44, {}),
            (Status.in_transit, 26, {}),
            (Status.out_for_delivery, 2, {"courier_name": "Karim Benali", **window}),
        ],
        [(RequestKind.contactless, RequestState.accepted, {})],
    )
