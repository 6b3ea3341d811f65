"""One-time codes: sent to a parcel's own contact, typed back by whoever asks about it."""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.domain.access import (
    COUNTED_FOR,
    GRANTED_FOR,
    VALID_FOR,
    WRONG_AT_MOST,
    AccessCode,
    ParcelGrant,
    Standing,
    standing,
    tries_left,
    typed_code,
    wants_code_again,
)
from bot.domain.consent import Purpose
from bot.domain.conversation import Author, Conversation
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.shipment import Shipment
from bot.services.ports import Say, UnitOfWork
from bot.services.post import post
from bot.services.reach import Reach, conversation_with

CODE_VARIABLE = "code_id"
"""The variable of a message in whose place its digits are put when it is sent."""
CONFIRMS = "confirm"
"""The wish of a code that a change waits for: to say yes to it."""
CONFIRMED = '/inform{"choice": "yes"}'
"""What the engine hears when it was right."""
_HUMAN: dict[str, Any] = {
    "id": "human", "key": "option_human", "title": None, "with": {}, "payload": "/talk_to_human",
}  # fmt: skip
_OFFER = re.compile(r'/inform\{"choice": "code:([0-9a-f-]{36}):([a-z_]*)"\}')
# A wish that says nothing of what to do with the parcel is taken for "where is it?".
_MINUTES = int(VALID_FOR.total_seconds() // 60)
_NO_WISH = {"", "inform", "affirm", "greet", "out_of_scope", "nlu_fallback"}


class Digits:
    """Makes a code's six digits out of its id and the installation's secret.

    So they are kept nowhere: a hash of six digits would be guessed in a moment.
    """

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"doorstep one-time codes " + secret.encode()).digest()

    def of(self, code_id: UUID) -> str:
        """The six digits of a code."""
        number = int.from_bytes(hmac.digest(self._key, code_id.bytes, "sha256")[:8])
        return f"{number % 1_000_000:06d}"

    def match(self, code_id: UUID, typed: str) -> bool:
        """Whether somebody typed these digits; in constant time."""
        return hmac.compare_digest(self.of(code_id).encode(), typed.encode())


async def is_their_code(
    unit: UnitOfWork, shipment: Shipment, typed: str, at: datetime, digits: Digits
) -> bool:
    """Whether a courier was given, by then, a code that was sent to the parcel's contact.

    A wrong one counts as a try, so that it cannot be guessed.
    """
    await unit.codes.lock(shipment.id)
    since = at - VALID_FOR
    codes = [
        code
        for code in await unit.codes.of_shipment(shipment.merchant_id, shipment.id, since)
        if code.created_at <= at and code.wrong < WRONG_AT_MOST
    ]
    if any(digits.match(code.id, typed) for code in codes):
        return True
    for code in codes:
        code.wrong += 1
    return False


@dataclass(frozen=True)
class Tried:
    """What came of a typed code: something to say, and what to go on with if it was right."""

    say: Say
    go_on: str | None = None


def offer_option(shipment_id: UUID, wish: str) -> dict[str, Any]:
    """The choice by which somebody asks for a code; `wish` is the intent to go on with."""
    return {
        "id": "code", "key": "option_code", "title": None, "with": {}, "yes": True,
        "payload": f'/inform{{"choice": "code:{shipment_id}:{wish}"}}',
    }  # fmt: skip


def read_offer(payload: str) -> tuple[UUID, str] | None:
    """The parcel and the wish of such a choice; None for any other payload."""
    found = _OFFER.fullmatch(payload)
    return (UUID(found[1]), found[2]) if found else None


@dataclass(frozen=True)
class OneTimeCodes:
    """Sends codes and reads them back."""

    reach: Reach
    digits: Digits

    async def send(
        self,
        unit: UnitOfWork,
        conversation: Conversation,
        shipment_id: UUID,
        wish: str,
        now: datetime,
    ) -> Say:
        """Send a new code to the parcel's own contact; returns what to tell who asked for it.

        That tells nothing of the contact: not who, nor where, nor why it cannot be reached.
        """
        await unit.codes.lock(shipment_id)
        shipment = await unit.shipments.get(conversation.merchant_id, shipment_id)
        codes = await unit.codes.of_shipment(shipment.merchant_id, shipment.id, now - COUNTED_FOR)
        match standing(codes, conversation.id, now):
            case Standing.locked:
                return Say("code_locked", options=(_HUMAN,))
            case Standing.too_soon:
                return Say("code_wait", options=(offer_option(shipment.id, wish),))
            case Standing.too_many:
                return Say("code_unavailable", options=(_HUMAN,))
            case Standing.free:
                pass
        code = AccessCode(
            id=new_id(),
            merchant_id=shipment.merchant_id,
            shipment_id=shipment.id,
            conversation_id=conversation.id,
            created_at=now,
            wish=wish,
        )
        if not await self._post(unit, shipment, code, now):
            return Say("code_unavailable", options=(_HUMAN,))
        unit.add(code)
        await unit.flush()
        return Say("code_sent", {"minutes": _MINUTES})

    async def try_out(
        self, unit: UnitOfWork, conversation: Conversation, text: str, now: datetime
    ) -> Tried | None:
        """Compare what was typed with the code that this conversation waits for, or send another.

        None when it is neither a code nor asks for one, or when none is waited for.
        """
        typed, again = typed_code(text), wants_code_again(text)
        code = await self._awaited(unit, conversation, now) if typed or again else None
        if code is None:
            return None
        if typed is None:
            return Tried(await self.send(unit, conversation, code.shipment_id, code.wish, now))
        return await self._compare(unit, conversation, code, typed, now)

    async def _awaited(
        self, unit: UnitOfWork, conversation: Conversation, now: datetime
    ) -> AccessCode | None:
        """The code that a conversation waits for, expired or not."""
        code = await unit.codes.newest(conversation.merchant_id, conversation.id)
        old = code is None or code.used_at or now - code.created_at > COUNTED_FOR
        return None if old else code

    async def _compare(
        self,
        unit: UnitOfWork,
        conversation: Conversation,
        code: AccessCode,
        typed: str,
        now: datetime,
    ) -> Tried:
        await unit.codes.lock(code.shipment_id)
        codes = await unit.codes.of_shipment(code.merchant_id, code.shipment_id, now - COUNTED_FOR)
        left = tries_left(codes, conversation.id, now)
        if left <= 0:
            return Tried(Say("code_locked", options=(_HUMAN,)))
        if code.expired_at(now):
            again = offer_option(code.shipment_id, code.wish)
            return Tried(Say("code_expired", options=(again,)))
        if not self.digits.match(code.id, typed):
            code.wrong += 1
            if left == 1:
                return Tried(Say("code_locked", options=(_HUMAN,)))
            return Tried(Say("code_wrong", {"left": left - 1}))
        code.used_at = now
        return Tried(Say("code_right"), await self._grant(unit, code, now))

    async def _post(
        self, unit: UnitOfWork, shipment: Shipment, code: AccessCode, now: datetime
    ) -> bool:
        """Queue the code's message to the parcel's contact; False when nothing reaches it."""
        if shipment.contact_id is None:
            return False
        merchant = await unit.merchants.get(shipment.merchant_id)
        contact = await unit.people.get(shipment.merchant_id, shipment.contact_id)
        reached = await self.reach(
            unit, merchant, contact, now, say="code_message", purpose=Purpose.service
        )
        if isinstance(reached, str):
            return False
        await post(
            unit,
            await conversation_with(unit, reached, now),
            reached,
            now,
            author=Author.flow,
            say=Say(
                "code_message",
                {
                    "parcel": {"last4": shipment.last_digits},
                    "minutes": _MINUTES,
                    CODE_VARIABLE: str(code.id),
                },
            ),
            key=f"code:{code.id}",
        )
        return True

    async def _grant(self, unit: UnitOfWork, code: AccessCode, now: datetime) -> str:
        unit.add(
            ParcelGrant(
                id=new_id(),
                merchant_id=code.merchant_id,
                shipment_id=code.shipment_id,
                conversation_id=code.conversation_id,
                created_at=now,
                expires_at=now + GRANTED_FOR,
            ),
            AuditEntry(
                id=new_id(),
                merchant_id=code.merchant_id,
                actor=f"conversation:{code.conversation_id}",
                action="proved_by_code",
                subject=f"shipment:{code.shipment_id}",
                at=now,
                details={"code": str(code.id)},
            ),
        )
        await unit.flush()
        if code.wish == CONFIRMS:
            return CONFIRMED
        wish = "track_parcel" if code.wish in _NO_WISH else code.wish
        return f"/{wish}{json.dumps({'choice': str(code.shipment_id)})}"
