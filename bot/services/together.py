"""What is asked for at the same time is done together, in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import Context

import structlog

from bot.domain.errors import Conflict

logger = structlog.get_logger(__name__)

AT_MOST = 64
"""As many calls go together; more would keep their parcels locked for too long."""
_TRIES = 3


class Together[Key: Hashable, Call, Result]:
    """Gathers calls of one key while the ones before are being done; nothing waits on a clock.

    A call that comes alone is done at once and alone. If a group fails it is undone as a whole, and
    each call is done by itself: so one that cannot be done harms no other, and gets its own error.
    """

    def __init__(self, do: Callable[[Key, Sequence[Call]], Awaitable[Sequence[Result]]]) -> None:
        """`do` does several calls in a transaction and answers each, in their order."""
        self._do = do
        self._waiting: dict[Key, list[tuple[Call, asyncio.Future[Result]]]] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def __call__(self, key: Key, call: Call) -> Result:
        """Do one call, perhaps with others; raises what doing it alone raises."""
        mine: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        if key in self._waiting:
            self._waiting[key].append((call, mine))
        else:
            self._waiting[key] = [(call, mine)]
            # In nobody's context: what it logs belongs to no one request.
            work = asyncio.create_task(self._work(key), context=Context())
            self._working.add(work)
            work.add_done_callback(self._working.discard)
        return await mine

    async def _work(self, key: Key) -> None:
        while self._waiting[key]:
            group = self._waiting[key][:AT_MOST]
            del self._waiting[key][:AT_MOST]
            await self._do_group(key, group)
        del self._waiting[key]

    async def _do_group(
        self, key: Key, group: Sequence[tuple[Call, asyncio.Future[Result]]], tries: int = 1
    ) -> None:
        try:
            results = await self._do(key, [call for call, _ in group])
        except Exception as error:  # noqa: BLE001  it is the callers
            if len(group) > 1:
                logger.warning("done one by one", calls=len(group), why=type(error).__name__)
                for one in group:
                    await self._do_group(key, [one])
            elif isinstance(error, Conflict) and tries < _TRIES:
                # Somebody else has made the same at the same moment, and now it is found.
                await self._do_group(key, group, tries + 1)
            elif not group[0][1].done():
                group[0][1].set_exception(error)
        else:
            for (_, theirs), result in zip(group, results, strict=True):
                if not theirs.done():
                    theirs.set_result(result)
