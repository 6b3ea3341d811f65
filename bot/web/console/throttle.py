"""Slows down whoever guesses passwords.

The counts live in this process's memory: with several gateways an attacker has as many
times the tries, and a restart forgets. That is a brake and not the lock; argon2 is.
"""

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter


class LoginThrottle:
    """Counts tries (not failures, so that many at once do not slip through)."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        # Per account and address: people mistype. Per account: an attacker with many
        # addresses. Per address: one who tries many accounts; a whole office shares it.
        self._pair: RateLimitItem = parse("8 per 10 minutes")
        self._account: RateLimitItem = parse("60 per hour")
        self._address: RateLimitItem = parse("100 per 10 minutes")
        # Who tries codes knew the password: six signs must not be guessed by patience either.
        self._codes: RateLimitItem = parse("6 per 10 minutes")
        self._codes_a_day: RateLimitItem = parse("30 per day")

    async def admit(self, email: str, address: str) -> bool:
        """Count one try; False when there have been too many."""
        account = email.strip().lower()[:320]
        return (
            await self._limiter.hit(self._address, "address", address)
            and await self._limiter.hit(self._pair, "pair", account, address)
            and await self._limiter.hit(self._account, "account", account)
        )

    async def forgive(self, email: str, address: str) -> None:
        """Forget the tries of somebody who then knew the password."""
        await self._limiter.clear(self._pair, "pair", email.strip().lower()[:320], address)

    async def admit_code(self, user: str, address: str) -> bool:
        """Count one try of a code, from wherever; False when there have been too many."""
        return (
            await self._limiter.hit(self._address, "address", address)
            and await self._limiter.hit(self._codes, "code", user)
            and await self._limiter.hit(self._codes_a_day, "codes", user)
        )

    async def forgive_codes(self, user: str) -> None:
        """Forget the tries of somebody who then had the code."""
        await self._limiter.clear(self._codes, "code", user)

    async def admit_secret(self, address: str) -> bool:
        """Count one try of something that only a link knows; False when there are too many."""
        return await self._limiter.hit(self._address, "address", address)
