"""The second step of a login: a code from an authenticator, or a recovery code."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pyotp import random_base32
from pyotp.exceptions import OTPVerificationError
from pyotp.totp import TOTP

from bot.domain.clock import Clock
from bot.domain.errors import Refused
from bot.domain.merchant import User
from bot.domain.second_factor import SecondFactor
from bot.services.audit import audit
from bot.services.ports import Units
from bot.services.sign_in import right_password

RECOVERY_CODES = 10
ISSUER = "Doorstep"

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another on paper."""
_DRIFT = 1
"""Steps of 30 seconds by which a phone's clock may be wrong, either way (RFC 6238, 5.2)."""


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator is given; `uri` is what its QR code says."""

    secret: str
    uri: str


@dataclass(frozen=True)
class TwoFactor:
    """Sets a user's second factor up, asks for it, and takes it off."""

    units: Units
    clock: Clock

    async def state(self, user: User) -> SecondFactor | None:
        """The user's second factor, if they have begun one."""
        async with self.units() as unit:
            return await unit.second_factors.get(user.id)

    async def begin(self, user: User) -> Enrolment:
        """A secret for the user's authenticator; the same until it is confirmed.

        Raises:
            Refused: it is on already.
        """
        async with self.units() as unit:
            factor = await unit.second_factors.get(user.id, lock=True)
            if factor is not None and factor.on:
                raise Refused("two_factor_on")
            if factor is None:
                now = self.clock.now()
                factor = SecondFactor(user.id, user.merchant_id, random_base32(), now)
                await unit.second_factors.save(factor)
                await unit.commit()
        uri = TOTP(factor.secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
        return Enrolment(factor.secret, uri)

    async def confirm(self, user: User, code: str) -> list[str] | None:
        """Switch it on with a first code; returns the recovery codes, shown this once.

        None when the code is not right.

        Raises:
            Refused: it was not begun, or is on already.
        """
        async with self.units() as unit:
            factor = await unit.second_factors.get(user.id, lock=True)
            if factor is None or factor.on:
                raise Refused("two_factor_on" if factor else "two_factor_off")
            now = self.clock.now()
            if not _right_code(factor, code, now):
                return None
            codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
            factor.confirmed_at, factor.recovery = now, [_digest(one) for one in codes]
            await unit.second_factors.save(factor)
            audit(unit, user, "two_factor_on", ("user", user.id), now)
            await unit.commit()
        return codes

    async def enter(self, user: User, code: str) -> bool:
        """Take the second step of a login. A code is used up by it, of either kind."""
        async with self.units() as unit:
            factor = await unit.second_factors.get(user.id, lock=True)
            if factor is None or not factor.on:
                return False
            now = self.clock.now()
            by_recovery = factor.take_recovery(_digest(code))
            if not by_recovery and not _right_code(factor, code, now):
                return False
            await unit.second_factors.save(factor)
            action = "signed_in_by_recovery_code" if by_recovery else "signed_in"
            audit(unit, user, action, ("user", user.id), now)
            await unit.commit()
        return True

    async def switch_off(self, user: User, password: str) -> bool:
        """Take it off; False when the password is not the user's."""
        if not await right_password(user, password):
            return False
        await self.forget(user, user.id)
        return True

    async def forget(self, by: User, user_id: UUID) -> None:
        """Take off whatever there is, for a user who may do so (that is the caller's to ask)."""
        async with self.units() as unit:
            await unit.second_factors.remove(user_id)
            audit(unit, by, "two_factor_off", ("user", user_id), self.clock.now())
            await unit.commit()


def _right_code(factor: SecondFactor, code: str, now: datetime) -> bool:
    """Whether it is the code of now, give or take a step, and not used before."""
    typed = "".join(code.split())
    try:
        step = TOTP(factor.secret).verify_and_get_timecode(typed, for_time=now, valid_window=_DRIFT)
    except OTPVerificationError:
        return False
    return factor.take_step(step)


def _recovery_code() -> str:
    """Ten signs in two groups: 49 bits, far more than can be tried."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(10))
    return f"{signs[:5]}-{signs[5:]}"


def _digest(code: str) -> str:
    bare = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()
