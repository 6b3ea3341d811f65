"""Deleting the files of customers that have been kept long enough."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.clock import Clock
from bot.services.ports import MediaStore, Units

_AT_ONCE = 100


@dataclass(frozen=True)
class ForgetMedia:
    """Deletes the bytes; that there were some stays."""

    units: Units
    clock: Clock
    store: MediaStore
    kept_for: timedelta

    async def __call__(self) -> int:
        """Returns how many files were forgotten."""
        done, last = 0, _AT_ONCE
        while last == _AT_ONCE:
            last = await self._some()
            done += last
        return done

    async def _some(self) -> int:
        async with self.units() as unit:
            old = await unit.media.older_than(self.clock.now() - self.kept_for, _AT_ONCE)
            digests = {media.digest for media in old}
            for media in old:
                media.digest, media.error = "", "deleted: it was kept long enough"
            await unit.flush()
            for digest in digests:
                # Before the commit: bytes that nobody knows of any more would stay for ever.
                if not await unit.media.has(digest):
                    await self.store.forget(digest)
            await unit.commit()
        return len(old)
