"""What an agent reads first of a case: facts that are stored, and nothing that is guessed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bot.domain.conversation import Author, Conversation, Message
from bot.domain.request import RequestState
from bot.domain.rough import is_abuse
from bot.domain.shipment import Shipment
from bot.services.ports import UnitOfWork

_LATELY = timedelta(days=1)
_READ = 40
_WANTED = 4
_LONGEST = 240
_NO_WISH = frozenset({"greet", "thank", "affirm", "deny", "inform", "goodbye", "talk_to_human"})
_UPSET = frozenset({"complain", "dispute_attempt", "report_not_received", "report_damage"})


async def summarise(
    unit: UnitOfWork, conversation: Conversation, now: datetime, about: UUID | None = None
) -> dict[str, Any]:
    """The facts of a case.

    Args:
        about: the shipment that the case is about, where that is known.

    Returns:
        `parcel` (the id of what it is about, else of the one that moved last) and its `item`,
        `courier` and `attempt` (the id of the last one that was claimed), `wanted` (intents, the first one first),
        `words` (the customer's last), `tried` (changes asked for lately: kind, state, reason),
        `misunderstood` (how often the bot had to say so), `mood`: `abusive` by their words,
        `upset` by what they report, else empty.
    """
    merchant_id = conversation.merchant_id
    thread = await unit.messages.thread(merchant_id, conversation.id, _READ)
    lately = [message for message in thread if now - message.created_at < _LATELY]
    theirs = [message for message in lately if message.author is Author.customer]
    shipments = await unit.shipments.visible(
        merchant_id, conversation.id, conversation.contact_id, now
    )
    tried = [
        {"kind": request.kind.value, "state": request.state.value, "reason": request.reason}
        for shipment in shipments[:3]
        for request in await unit.requests.of_shipment(merchant_id, shipment.id)
        if now - request.created_at < _LATELY and request.state is not RequestState.draft
    ]
    wanted = _wanted(theirs)
    parcel = next((one for one in shipments if one.id == about), next(iter(shipments), None))
    return {
        **(await _of_parcel(unit, parcel) if parcel else {"parcel": None}),
        "wanted": wanted[-_WANTED:],
        "words": theirs[-1].text[:_LONGEST] if theirs else "",
        "tried": tried,
        "misunderstood": sum(
            1 for message in lately if (message.say or "").startswith("not_understood")
        ),
        "mood": _mood(theirs, wanted),
    }


async def _of_parcel(unit: UnitOfWork, parcel: Shipment) -> dict[str, Any]:
    attempts = await unit.attempts.of_shipment(parcel.merchant_id, parcel.id)
    last = max(attempts, key=lambda attempt: attempt.claimed_at, default=None)
    return {
        "parcel": str(parcel.id),
        "item": parcel.item or parcel.last_digits,
        "courier": parcel.courier_name or str(parcel.details.get("courier_id") or ""),
        "attempt": str(last.id) if last else None,
    }


def _wanted(theirs: list[Message]) -> list[str]:
    intents = [str(message.understood.get("intent") or "") for message in theirs]
    return list(dict.fromkeys(one for one in intents if one and one not in _NO_WISH))


def _mood(theirs: list[Message], wanted: list[str]) -> str:
    if any(is_abuse(message.text) for message in theirs):
        return "abusive"
    return "upset" if _UPSET & set(wanted) else ""
