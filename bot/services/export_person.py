"""Everything that is known of a person, as one JSON file."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Contact
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry, User
from bot.domain.proof import Proof, ProofKind
from bot.domain.rights import Right, demand
from bot.services.phones import normalise_phone
from bot.services.ports import UnitOfWork, Units

COMMAND = "command"
"""Who did it, when it was somebody at the command line."""

_INTERNAL = frozenset({"merchant_id"})


@dataclass(frozen=True)
class Export:
    """The file, and the proof that it was given out."""

    document: bytes
    proof: Proof


@dataclass(frozen=True)
class ExportPerson:
    """Gives out a person's data; that it was done, and of what, is kept."""

    units: Units
    clock: Clock

    async def __call__(self, by: User | None, merchant_id: UUID, contact_id: UUID) -> Export:
        """Export a contact of a merchant.

        Args:
            by: who asks; None at the command line.
            merchant_id: whose contact it is.
            contact_id: the contact.

        Raises:
            NotFound: the merchant has no such contact.
            Refused: the user's role does not include it.
        """
        if by is not None:
            demand(by, Right.hold_data)
        async with self.units() as unit:
            await unit.people.get(merchant_id, contact_id)
            now = self.clock.now()
            document = await document_of(unit, merchant_id, contact_id)
            counts = await unit.personal.counts(merchant_id, contact_id)
            proof = prove(
                unit, by, merchant_id, contact_id, ProofKind.exported, counts, document, now
            )
            await unit.commit()
        return Export(document, proof)


async def find_person(unit: UnitOfWork, merchant_id: UUID, address: str) -> Sequence[Contact]:
    """Whoever has this phone or mail address, or this address on a channel."""
    given = address.strip()
    with suppress(ValueError):
        given = normalise_phone(given)
    return await unit.personal.find(merchant_id, given)


async def document_of(unit: UnitOfWork, merchant_id: UUID, contact_id: UUID) -> bytes:
    """All rows about a contact, table by table; the same data makes the same bytes."""
    merchant = await unit.merchants.get(merchant_id)
    tables = await unit.personal.everything(merchant_id, contact_id)
    document = {
        "format": "doorstep-person-1",
        "merchant": merchant.name,
        "contact": str(contact_id),
        "tables": {name: [_plain(row) for row in rows] for name, rows in tables.items()},
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True).encode()


def prove(  # noqa: PLR0917  what is proved is all of these
    unit: UnitOfWork,
    by: User | None,
    merchant_id: UUID,
    contact_id: UUID,
    kind: ProofKind,
    counts: Mapping[str, int],
    document: bytes,
    now: datetime,
) -> Proof:
    """Keep what was done, and audit it."""
    actor = COMMAND if by is None else f"user:{by.id}"
    proof = Proof(
        id=new_id(),
        merchant_id=merchant_id,
        contact_id=contact_id,
        kind=kind,
        actor=actor,
        at=now,
        counts=dict(counts),
        digest=hashlib.sha256(document).hexdigest(),
    )
    entry = AuditEntry(
        id=new_id(),
        merchant_id=merchant_id,
        actor=actor,
        action=f"person_{kind}",
        subject=f"contact:{contact_id}",
        at=now,
        details={"proof": str(proof.id)},
    )
    unit.add(proof, entry)
    return proof


def proof_document(proof: Proof, merchant: str) -> dict[str, Any]:
    """A proof as a file to keep elsewhere."""
    return {
        "format": "doorstep-proof-1",
        "proof": str(proof.id),
        "merchant": merchant,
        "contact": str(proof.contact_id),
        "done": proof.kind.value,
        "by": proof.actor,
        "at": proof.at.isoformat(),
        "rows": dict(proof.counts),
        "sha256_of_export": proof.digest,
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items() if name not in _INTERNAL}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
