"""What is asked for at the same time is done together."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.domain.errors import Conflict
from bot.services.together import AT_MOST, Together


class Work:
    """Doubles numbers; the groups are kept, and the ones in `bad` cannot be done."""

    def __init__(self, *bad: int, conflicts: int = 0) -> None:
        self.groups: list[tuple[str, list[int]]] = []
        self.bad = set(bad)
        self.conflicts = conflicts
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self, key: str, calls: Sequence[int]) -> list[int]:
        self.groups.append((key, list(calls)))
        await self.may_end.wait()
        if self.conflicts:
            self.conflicts -= 1
            raise Conflict("taken")
        if self.bad & set(calls):
            raise ValueError("bad")
        return [2 * call for call in calls]


async def test_one_that_comes_alone_is_done_alone() -> None:
    work = Work()
    together = Together(work)
    assert [await together("a", 1), await together("a", 2)] == [2, 4]
    assert work.groups == [("a", [1]), ("a", [2])]


async def test_what_comes_meanwhile_goes_together_by_its_key() -> None:
    work = Work()
    work.may_end.clear()
    together = Together(work)
    first = asyncio.create_task(together("a", 0))
    while not work.groups:
        await asyncio.sleep(0)
    later = [asyncio.create_task(together("a", n)) for n in range(1, AT_MOST + 3)]
    other = asyncio.create_task(together("b", 7))
    await asyncio.sleep(0)
    work.may_end.set()
    assert await asyncio.gather(first, *later, other) == [*range(0, 2 * AT_MOST + 5, 2), 14]
    by_key = [calls for key, calls in work.groups if key == "a"]
    assert [len(calls) for calls in by_key] == [1, AT_MOST, 2]
    assert ("b", [7]) in work.groups


async def test_a_bad_one_harms_no_other() -> None:
    together = Together(Work(2))
    done = await asyncio.gather(*(together("a", n) for n in range(4)), return_exceptions=True)
    assert isinstance(done.pop(2), ValueError)
    assert done == [0, 2, 6]


@pytest.mark.parametrize(("times", "fails"), [(2, False), (3, True)])
async def test_a_conflict_is_tried_again(times: int, fails: bool) -> None:
    together = Together(Work(conflicts=times))
    if fails:
        with pytest.raises(Conflict):
            await together("a", 1)
    else:
        assert await together("a", 1) == 2


async def test_who_goes_away_keeps_nobody_from_their_result() -> None:
    work = Work()
    work.may_end.clear()
    together = Together(work)
    gone, stays = (asyncio.create_task(together("a", n)) for n in (1, 2))
    while not work.groups:
        await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    work.may_end.set()
    assert await stays == 4
    assert await together("a", 3) == 6
