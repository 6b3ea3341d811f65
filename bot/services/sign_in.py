"""Somebody proves who they are with an e-mail address and a password."""

import asyncio
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.domain.clock import Clock
from bot.domain.errors import Invalid
from bot.domain.merchant import User
from bot.services.audit import audit
from bot.services.ports import Units

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256
"""Characters; anything longer is not worth the time of a hash."""

# argon2id with OWASP's parameters: 19 MiB a time, so that a burst of logins stays small.
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The argon2id hash under which a password is kept."""
    return _HASHER.hash(password)


def check_new_password(password: str) -> None:
    """Raises Invalid for what is too short, or too long, to be a password."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        shortest, longest = SHORTEST_PASSWORD, LONGEST_PASSWORD
        raise Invalid(("password", f"a password has {shortest} to {longest} characters"))


async def right_password(user: User, password: str) -> bool:
    """Whether it is the user's, for what is asked twice of somebody who is signed in."""
    return await asyncio.to_thread(_verify, user.password, password)


@dataclass(frozen=True)
class SignedIn:
    """Somebody who knew the password; with `code_wanted` they are not in yet."""

    user: User
    code_wanted: bool


@dataclass(frozen=True)
class SignIn:
    """Checks a password. A wrong address takes as long as a wrong password."""

    units: Units
    clock: Clock

    async def __call__(self, email: str, password: str) -> SignedIn | None:
        """Who it is, or None when the two do not belong together or the user is not active."""
        async with self.units() as unit:
            user = await unit.merchants.user_by_email(email.replace("\0", ""))
        known = user.password if user is not None else await asyncio.to_thread(_nobodys_hash)
        right = await asyncio.to_thread(_verify, known, password)
        if user is None or not right or not user.active:
            return None
        return await self._enter(user, password)

    async def _enter(self, user: User, password: str) -> SignedIn | None:
        fresh = None
        if _HASHER.check_needs_rehash(user.password):
            fresh = await asyncio.to_thread(hash_password, password)
        async with self.units() as unit:
            entering = await unit.merchants.user(user.id)
            if entering is None:
                return None
            if fresh is not None:
                entering.password = fresh
            factor = await unit.second_factors.get(entering.id)
            code_wanted = factor is not None and factor.on
            action = "gave_password" if code_wanted else "signed_in"
            audit(unit, entering, action, ("user", entering.id), self.clock.now())
            await unit.commit()
        return SignedIn(entering, code_wanted)


@cache
def _nobodys_hash() -> str:
    """A hash that is compared when there is no such user, so that both cases cost the same."""
    return hash_password("the password of nobody")


def _verify(known: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False
