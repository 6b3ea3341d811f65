"""Two contacts turn out to be one person, or an address turns out to be somebody else's.

Everything of the one goes to the other in one transaction, and its thread is deleted: whoever is
writing into it at that moment fails, and finds the thread that stayed when it tries again. The
contact's own row stays, and leads to the one that stayed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.channels.base import Channel
from bot.domain.clock import Clock
from bot.domain.consent import Consent, refusals, refuses
from bot.domain.conversation import Contact, Conversation, Holder, Identity
from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.ids import new_id
from bot.domain.merchant import User
from bot.domain.merge import Merge, Parting, joined_holder, stays
from bot.domain.proof import ProofKind
from bot.domain.rights import Right, demand
from bot.services.audit import audit
from bot.services.ports import UnitOfWork, Units
from bot.services.post import note
from bot.services.work_case import MOST_TAGS

LONGEST_REASON = 200
MOST_ALIKE = 8
BY_MERGE = "merge"
"""The source of a refusal that one of two contacts had said, and that now holds for both."""


@dataclass(frozen=True)
class Whose:
    """Whose addresses a thread has, what was merged into it, and who may be the same person."""

    contact: Contact
    identities: Sequence[Identity]
    removable: set[UUID]
    """The addresses that may turn out to be somebody else's."""
    merges: Sequence[tuple[Merge, Contact, Parting]]
    alike: Sequence[tuple[Contact, Sequence[Identity]]]


@dataclass(frozen=True)
class MergeContacts:
    """What agents do about who is who. Nobody does it while a colleague holds a thread of theirs."""

    units: Units
    clock: Clock
    channels: Mapping[str, Channel]

    async def whose(self, user: User, conversation_id: UUID, typed: str) -> Whose:
        """What there is to decide; `typed` finds other contacts. Raises NotFound."""
        async with self.units() as unit:
            talk = await unit.conversations.get(user.merchant_id, conversation_id)
            contact = await unit.people.get(user.merchant_id, talk.contact_id)
            known = await unit.people.identities(user.merchant_id, contact.id)
            same = [contact, *await unit.people.aliases(user.merchant_id, contact.id)]
            merges = await unit.merges.of_contact(user.merchant_id, contact.id)
            words = " ".join(typed.split())[:LONGEST_REASON]
            alike = await unit.merges.alike(user.merchant_id, contact, words, MOST_ALIKE)
            return Whose(
                contact,
                known,
                {one.id for one in known if not _why_it_stays(one, known, same)},
                [
                    (
                        one,
                        await unit.people.get(user.merchant_id, one.other_id),
                        await unit.merges.parting(one),
                    )
                    for one in merges
                    if one.undone_at is None
                ],
                [(one, await unit.people.identities(user.merchant_id, one.id)) for one in alike],
            )

    async def __call__(
        self, user: User, conversation_id: UUID, other_id: UUID, reason: str
    ) -> UUID:
        """Make one contact of a thread's and another; returns the thread that stays.

        Raises:
            NotFound: the merchant has no such thread or contact.
            Invalid: there is no reason.
            Refused: another agent holds one of them, one was merged or erased, or both are the same.
        """
        why = _reason(reason)
        async with self.units() as unit:
            here = await unit.conversations.get(user.merchant_id, conversation_id)
            if here.contact_id == other_id:
                raise Refused("same_person")
            pairs = await unit.merges.locked(user.merchant_id, [here.contact_id, other_id])
            for person, talk in pairs:
                _not_held_by_another(user, talk)
                await _still_somebody(unit, person)
            kept, gone = stays(pairs[0][0], pairs[1][0])
            talks = {person.id: talk for person, talk in pairs}
            now = self.clock.now()
            talk = talks[kept.id] or await _thread(unit, kept, now, here)
            unit.add(await _merged(unit, user, (kept, talk), (gone, talks[gone.id]), why, now))
            await note(unit, talk, now, "merged", name=user.name, reason=why)
            for person in (kept, gone):
                audit(unit, user, "merged_contacts", ("contact", person.id), now)
            await unit.notify("desk", {"merchant": str(user.merchant_id)})
            await unit.commit()
            return talk.id

    async def undo(self, user: User, merge_id: UUID) -> UUID:
        """Make two of them again; returns the thread of the one who had stayed.

        What was said since on the other's addresses goes to the other, and so do the parcels that
        came since to their number or mail address.

        Raises:
            NotFound: there is no such merge.
            Refused: the user does not lead, another agent holds the thread, or it was undone, or
                merged again, since.
        """
        demand(user, Right.lead)
        async with self.units() as unit:
            merge = await unit.merges.get(user.merchant_id, merge_id)
            if merge.undone_at is not None:
                raise Refused("undone_already")
            pairs = await unit.merges.locked(user.merchant_id, [merge.contact_id, merge.other_id])
            (kept, talk), (other, _) = pairs
            if other.merged_into != kept.id or talk is None:
                raise Refused("merged_since")
            _not_held_by_another(user, talk)
            now = self.clock.now()
            await _unmerged(unit, merge, (kept, talk), other, now)
            merge.undone_at, merge.undone_by = now, user.id
            for person in (kept, other):
                audit(unit, user, "undid_merge", ("contact", person.id), now)
            await note(unit, talk, now, "merge_undone", name=user.name)
            await unit.notify("desk", {"merchant": str(user.merchant_id)})
            await unit.commit()
            return talk.id

    async def take_out(
        self, user: User, conversation_id: UUID, identity_id: UUID, reason: str
    ) -> UUID:
        """Make an address a contact of its own, with what was said on it; returns its thread.

        What was to be sent there, and has not been, is not sent. Parcels, cases and everything else
        stay where they are.

        Raises:
            NotFound: there is no such thread, or it has no such address.
            Invalid: there is no reason.
            Refused: another agent holds it, or the address is the contact's own or only one.
        """
        why = _reason(reason)
        async with self.units() as unit:
            found = await unit.conversations.get(user.merchant_id, conversation_id)
            ((contact, talk),) = await unit.merges.locked(user.merchant_id, [found.contact_id])
            known = await unit.people.identities(user.merchant_id, contact.id)
            identity = next((one for one in known if one.id == identity_id), None)
            if identity is None or talk is None:
                raise NotFound("there is no such address")
            same = [contact, *await unit.people.aliases(user.merchant_id, contact.id)]
            if stays_for := _why_it_stays(identity, known, same):
                raise Refused(stays_for)
            _not_held_by_another(user, talk)
            now = self.clock.now()
            made = await self._somebody(unit, contact, identity, now)
            thread = await _taken_out(unit, identity, talk, made, now)
            for one in (talk, thread):
                await note(unit, one, now, "taken_out", name=user.name, reason=why)
            for person in (contact, made):
                audit(unit, user, "took_out_address", ("contact", person.id), now)
            await unit.notify("desk", {"merchant": str(user.merchant_id)})
            await unit.commit()
            return thread.id

    async def _somebody(
        self, unit: UnitOfWork, contact: Contact, identity: Identity, now: datetime
    ) -> Contact:
        """Whoever writes from an address; what was refused there, they have refused."""
        capabilities = self.channels[identity.channel].capabilities
        number = capabilities.verified_phone and identity.address.startswith("+")
        made = Contact(
            id=new_id(),
            merchant_id=contact.merchant_id,
            created_at=now,
            phone=identity.address if number else None,
            language=contact.language,
            timezone=contact.timezone,
            country=contact.country,
        )
        unit.add(made)
        await unit.flush()
        identity.verified = number
        ledger = await unit.feedback.ledger(contact.merchant_id, contact.id)
        for channel, purpose in refusals(ledger):
            if channel in {"", identity.channel}:
                unit.add(_refusal(made, channel, purpose, now))
        return made


async def _merged(
    unit: UnitOfWork,
    user: User,
    kept: tuple[Contact, Conversation],
    gone: tuple[Contact, Conversation | None],
    reason: str,
    now: datetime,
) -> Merge:
    (contact, talk), (other, other_talk) = kept, gone
    refused = await _stricter(unit, contact, other)
    if other_talk is not None:
        await _join(unit, user, talk, other_talk, now)
    threads = (other_talk.id, talk.id) if other_talk else None
    moved = await unit.merges.move(user.merchant_id, (other.id, contact.id), threads)
    ledger = await unit.feedback.ledger(contact.merchant_id, contact.id)
    made = [_refusal(contact, *pair, now) for pair in refused if not refuses(ledger, *pair)]
    unit.add(*made)
    if other_talk is not None:
        await unit.merges.end_thread(other_talk)
    copied = [name for name in ("name", "email") if getattr(other, name)]
    copied = [name for name in copied if not getattr(contact, name)]
    for name in copied:
        setattr(contact, name, getattr(other, name))
    other.merged_into = contact.id
    return Merge(
        id=new_id(),
        merchant_id=user.merchant_id,
        contact_id=contact.id,
        other_id=other.id,
        at=now,
        merged_by=user.id,
        reason=reason,
        conversation_id=other_talk.id if other_talk else None,
        moved=moved | {"made": [str(one.id) for one in made]},
        copied=copied,
    )


async def _unmerged(
    unit: UnitOfWork,
    merge: Merge,
    kept: tuple[Contact, Conversation],
    other: Contact,
    now: datetime,
) -> None:
    contact, talk = kept
    other.merged_into = None
    for name in merge.copied:
        if getattr(contact, name) == getattr(other, name):
            setattr(contact, name, None if name == "email" else "")
    thread = None
    if merge.conversation_id is not None:
        thread = await _thread(unit, other, now, None, merge.conversation_id)
    await unit.merges.move_back(merge, (talk.id, thread.id) if thread else None)
    await unit.merges.forget("consents", [UUID(one) for one in merge.moved.get("made", [])])
    for one in (talk, thread):
        if one is not None:
            await _settle(unit, one, now)


async def _taken_out(
    unit: UnitOfWork, identity: Identity, talk: Conversation, made: Contact, now: datetime
) -> Conversation:
    for message in await unit.messages.unsent(identity.merchant_id, identity.id):
        message.withdraw()
    thread = await _thread(unit, made, now, None)
    span = await unit.merges.said_on(identity)
    await unit.merges.take_out(identity, made.id, (talk.id, thread.id))
    if span is not None:
        thread.created_at, thread.last_message_at = span
    for one in (talk, thread):
        await _settle(unit, one, now)
    return thread


async def _join(
    unit: UnitOfWork, user: User, talk: Conversation, other: Conversation, now: datetime
) -> None:
    """One thread, one holder, one case: the case in somebody's hands, else the older one."""
    if other.last_message_at > talk.last_message_at or talk.identity_id is None:
        talk.identity_id = other.identity_id or talk.identity_id
    talk.created_at = min(talk.created_at, other.created_at)
    talk.last_message_at = max(talk.last_message_at, other.last_message_at)
    talk.tags = list(dict.fromkeys([*talk.tags, *other.tags]))[:MOST_TAGS]
    talk.topic = talk.topic or other.topic
    talk.holder, talk.agent_id, talk.waiting_since = joined_holder((talk, other), user.id)
    talk.start_session()
    found = [await unit.cases.open(one.merchant_id, one.id) for one in (talk, other)]
    cases = sorted(
        (case for case in found if case is not None),
        key=lambda case: (case.agent_id is None, case.opened_at),
    )
    for case in cases[1:]:
        case.close(user.id, "", now)
    if cases and talk.holder is Holder.agent:
        cases[0].take(user.id)


async def _settle(unit: UnitOfWork, talk: Conversation, now: datetime) -> None:
    """After a parting: who answers where, and where to; an open case is waited for by a person."""
    known = await unit.people.identities(talk.merchant_id, talk.contact_id)
    if talk.identity_id not in {one.id for one in known}:
        talk.identity_id = known[0].id if known and known[0].last_inbound_at else None
    case = await unit.cases.open(talk.merchant_id, talk.id)
    if case is None and talk.holder is not Holder.bot:
        talk.hand_back()
    elif case is not None and talk.holder is Holder.bot:
        talk.hand_over(case.topic, now)
        case.put_back()
    talk.start_session()


async def _thread(
    unit: UnitOfWork,
    contact: Contact,
    now: datetime,
    like: Conversation | None,
    thread_id: UUID | None = None,
) -> Conversation:
    made = Conversation(
        id=thread_id or new_id(),
        merchant_id=contact.merchant_id,
        contact_id=contact.id,
        created_at=like.created_at if like else now,
        last_message_at=like.last_message_at if like else now,
        identity_id=like.identity_id if like else None,
    )
    unit.add(made)
    await unit.flush()
    return made


async def _stricter(unit: UnitOfWork, *people: Contact) -> list[tuple[str, str]]:
    """Of what any of them has said a word about, what the last word of any of them refuses."""
    ledgers = [await unit.feedback.ledger(person.merchant_id, person.id) for person in people]
    spoken = {(one.channel, one.purpose) for ledger in ledgers for one in ledger}
    return sorted(pair for pair in spoken if any(refuses(ledger, *pair) for ledger in ledgers))


def _refusal(person: Contact, channel: str, purpose: str, now: datetime) -> Consent:
    return Consent(
        id=new_id(),
        merchant_id=person.merchant_id,
        contact_id=person.id,
        channel=channel,
        purpose=purpose,
        given=False,
        source=BY_MERGE,
        text="",
        at=now,
    )


async def _still_somebody(unit: UnitOfWork, person: Contact) -> None:
    if person.merged_into is not None:
        raise Refused("merged_since")
    done = await unit.personal.proofs(person.merchant_id, person.id)
    if any(proof.kind is ProofKind.erased for proof in done):
        # What is erased is erased again for weeks, and would take the other along.
        raise Refused("erased_person")


def _not_held_by_another(user: User, talk: Conversation | None) -> None:
    if talk is not None and talk.holder is Holder.agent and talk.agent_id != user.id:
        raise Refused("held_by_another")


def _why_it_stays(identity: Identity, known: Sequence[Identity], same: Sequence[Contact]) -> str:
    """Why an address cannot be somebody else's; empty when it can."""
    address = identity.address.lower()
    if any(address in {(one.phone or "").lower(), (one.email or "").lower()} for one in same):
        return "own_address"
    nothing_left = len(known) == 1 and not (same[0].phone or same[0].email)
    return "only_address" if nothing_left else ""


def _reason(typed: str) -> str:
    reason = " ".join(typed.replace("\0", "").split())
    if not reason:
        raise Invalid(("reason", "say why"))
    return reason[:LONGEST_REASON]
