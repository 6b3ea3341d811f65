"""What users change about themselves: password, language, and where they are signed in."""

import asyncio
from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.domain.errors import Invalid, NotFound
from bot.domain.merchant import User
from bot.services.audit import audit
from bot.services.ports import UnitOfWork, Units
from bot.services.sign_in import check_new_password, hash_password, right_password


@dataclass(frozen=True)
class Account:
    """A user's own settings."""

    units: Units
    clock: Clock

    async def change_password(self, user: User, old: str, new: str) -> User:
        """Set a new password and end every session; returns the user, for a new one.

        Raises:
            Invalid: the old one is not right, or the new one cannot be one.
        """
        if not await right_password(user, old):
            raise Invalid(("old", "your present password is not right"))
        check_new_password(new)
        hashed = await asyncio.to_thread(hash_password, new)
        async with self.units() as unit:
            found = await _stored(unit, user)
            found.password = hashed
            found.session_epoch += 1
            audit(unit, found, "changed_password", ("user", found.id), self.clock.now())
            await unit.commit()
        return found

    async def speak(self, user: User, language: str) -> None:
        """Set the console's language for the user."""
        async with self.units() as unit:
            (await _stored(unit, user)).language = language
            await unit.commit()

    async def sign_out_everywhere(self, user: User) -> None:
        """End all of the user's sessions, this one too."""
        async with self.units() as unit:
            found = await _stored(unit, user)
            found.session_epoch += 1
            audit(unit, found, "signed_out_everywhere", ("user", found.id), self.clock.now())
            await unit.commit()


async def _stored(unit: UnitOfWork, user: User) -> User:
    found = await unit.merchants.user(user.id)
    if found is None:
        raise NotFound("there is no such user")
    return found
