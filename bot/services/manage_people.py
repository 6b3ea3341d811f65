"""Who works for a merchant: invite, appoint, shut out.

Nobody gives a role above their own, or touches somebody who has one; the last owner stays.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.errors import Conflict, Invalid, NotFound, Refused
from bot.domain.ids import new_id
from bot.domain.invitation import VALID_FOR, Invitation
from bot.domain.merchant import Role, User
from bot.domain.rights import Right, demand, demand_over, givable
from bot.services.audit import audit
from bot.services.ports import UnitOfWork, Units
from bot.services.post import note
from bot.services.sign_in import check_new_password, hash_password

LONGEST_NAME = 80
LONGEST_EMAIL = 254


@dataclass(frozen=True)
class TeamView:
    """Everybody of a merchant, and who is to join."""

    users: Sequence[User]
    invitations: Sequence[Invitation]
    two_factor: set[UUID]
    """Who signs in with a second factor."""
    givable: Sequence[Role]
    """The roles that whoever asks may give."""


@dataclass(frozen=True)
class ManagePeople:
    """What admins and owners do with their colleagues."""

    units: Units
    clock: Clock

    async def team(self, by: User) -> TeamView:
        """Raises Refused for whoever may not manage people, as all of these do."""
        demand(by, Right.manage_people)
        async with self.units() as unit:
            return TeamView(
                await unit.team.users(by.merchant_id),
                await unit.team.invitations(by.merchant_id, self.clock.now()),
                await unit.second_factors.switched_on(by.merchant_id),
                givable(by.role),
            )

    async def invite(self, by: User, email: str, role: Role) -> str:
        """Invite somebody; returns the secret of the link, which is kept nowhere.

        Raises:
            Refused: the role is above the user's own.
            Invalid: the address is none, or a user's already.
        """
        demand(by, Right.manage_people)
        demand_over(by, role)
        address, secret, now = read_email(email), secrets.token_urlsafe(32), self.clock.now()
        async with self.units() as unit:
            if await unit.merchants.user_by_email(address) is not None:
                raise Invalid(("email", "somebody signs in with this address already"))
            for earlier in await unit.team.invitations(by.merchant_id, now):
                if earlier.email == address:
                    demand_over(by, earlier.role)
                    earlier.expires_at = now
            made = Invitation(
                id=new_id(),
                merchant_id=by.merchant_id,
                email=address,
                role=role,
                invited_by=by.id,
                digest=_digest(secret),
                created_at=now,
                expires_at=now + VALID_FOR,
            )
            unit.add(made)
            audit(unit, by, "invited", ("invitation", made.id), now)
            await unit.commit()
        return secret

    async def withdraw(self, by: User, invitation_id: UUID) -> None:
        """Make an invitation's link worthless."""
        demand(by, Right.manage_people)
        async with self.units() as unit:
            found = await unit.team.invitation(by.merchant_id, invitation_id)
            demand_over(by, found.role)
            now = self.clock.now()
            found.expires_at = min(found.expires_at, now)
            audit(unit, by, "withdrew_invitation", ("invitation", found.id), now)
            await unit.commit()

    async def look_up(self, secret: str) -> Invitation:
        """The invitation of a link. Raises NotFound when it is not open (any more)."""
        async with self.units() as unit:
            return await _open(unit, secret, self.clock.now(), lock=False)

    async def accept(self, secret: str, name: str, password: str) -> User:
        """Make the invited user. The link works once.

        Raises:
            NotFound: it is not open (any more).
            Invalid: there is no name, or the password cannot be one.
            Refused: somebody signs in with that address by now.
        """
        shown = " ".join(name.replace("\0", "").split())
        if not 0 < len(shown) <= LONGEST_NAME:
            raise Invalid(("name", f"a name has 1 to {LONGEST_NAME} characters"))
        check_new_password(password)
        hashed = await asyncio.to_thread(hash_password, password)
        async with self.units() as unit:
            now = self.clock.now()
            invitation = await _open(unit, secret, now, lock=True)
            invitation.used_at = now
            user = User(
                id=new_id(),
                merchant_id=invitation.merchant_id,
                email=invitation.email,
                name=shown,
                role=invitation.role,
                password=hashed,
                created_at=now,
            )
            unit.add(user)
            audit(unit, user, "joined", ("invitation", invitation.id), now)
            try:
                await unit.commit()
            except Conflict:
                raise Refused("email_taken") from None
        return user

    async def appoint(self, by: User, user_id: UUID, role: Role) -> None:
        """Give a user another role.

        Raises:
            Refused: the role, or the user's present one, is above one's own; or the user is the
                last owner.
        """
        async with self.units() as unit:
            user = await _subject(unit, by, user_id)
            demand_over(by, role)
            if user.role is role:
                return
            if user.role is Role.owner:
                await _not_the_last(unit, user)
            user.role = role
            audit(unit, by, f"appointed:{role}", ("user", user.id), self.clock.now())
            await unit.commit()

    async def shut_out(self, by: User, user_id: UUID) -> None:
        """End a user's sessions and let nobody sign in as them; who waits for them waits for all.

        Raises:
            Refused: it is oneself, somebody above oneself, or the last owner.
        """
        async with self.units() as unit:
            user = await _subject(unit, by, user_id)
            if user.id == by.id:
                raise Refused("not_yourself")
            if not user.active:
                return
            if user.role is Role.owner:
                await _not_the_last(unit, user)
            now = self.clock.now()
            user.active = False
            user.session_epoch += 1
            await _release(unit, user, now)
            audit(unit, by, "shut_out", ("user", user.id), now)
            await unit.commit()

    async def let_in(self, by: User, user_id: UUID) -> None:
        """Let a user sign in again."""
        async with self.units() as unit:
            user = await _subject(unit, by, user_id)
            user.active = True
            audit(unit, by, "let_in", ("user", user.id), self.clock.now())
            await unit.commit()

    async def forget_second_factor(self, by: User, user_id: UUID) -> None:
        """For somebody who has lost their phone and their recovery codes."""
        async with self.units() as unit:
            user = await _subject(unit, by, user_id)
            if user.id == by.id:
                # One's own asks for the password: see `TwoFactor.switch_off`.
                raise Refused("not_yourself")
            await unit.second_factors.remove(user.id)
            user.session_epoch += 1
            audit(unit, by, "two_factor_off", ("user", user.id), self.clock.now())
            await unit.commit()


def read_email(given: str) -> str:
    """An address as it is kept. Raises Invalid for what is none."""
    address = given.strip().lower()
    name, at, host = address.partition("@")
    odd = any(letter.isspace() or not letter.isprintable() for letter in address)
    if not (name and at and "." in host) or odd or len(address) > LONGEST_EMAIL:
        raise Invalid(("email", "this is no e-mail address"))
    return address


async def _subject(unit: UnitOfWork, by: User, user_id: UUID) -> User:
    """The colleague whom something is to be done to, if the user may."""
    demand(by, Right.manage_people)
    user = await unit.team.user(by.merchant_id, user_id)
    demand_over(by, user.role)
    return user


async def _not_the_last(unit: UnitOfWork, user: User) -> None:
    owners = await unit.team.owners(user.merchant_id)
    if all(owner.id == user.id for owner in owners):
        raise Refused("last_owner")


async def _release(unit: UnitOfWork, user: User, now: datetime) -> None:
    """Nobody is to wait for somebody who does not come any more: a person was asked for."""
    for conversation in await unit.team.held_by(user):
        conversation.put_back(now)
        case = await unit.cases.open(user.merchant_id, conversation.id)
        if case is not None:
            case.put_back()
        await note(unit, conversation, now, "agent_gone", name=user.name)


async def _open(unit: UnitOfWork, secret: str, now: datetime, *, lock: bool) -> Invitation:
    found = await unit.team.invitation_by_digest(_digest(secret), lock=lock)
    if found is None or not found.open_at(now):
        raise NotFound("this invitation has been used, or has run out")
    inviter = await unit.merchants.user(found.invited_by)
    # Whoever may not invite any more has not invited.
    if inviter is None or not inviter.active or found.role not in givable(inviter.role):
        raise NotFound("this invitation has been used, or has run out")
    return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
