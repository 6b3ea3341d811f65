"""What the processes take of the machine: memory, and time on its cores."""

from collections.abc import Iterator, Mapping

import psutil

MB = 1024 * 1024
LIMIT_MB = 1500
"""What the whole stack may hold: the aim that it is measured against."""


def resident(pids: Mapping[str, int]) -> dict[str, float]:
    """Megabytes of each process together with its children.

    Pages that several processes share are divided among them (PSS), so that the sum is what
    the machine really gives; where the system does not tell, the resident set is taken.
    """
    return {name: sum(map(_share, _family(pid))) / MB for name, pid in pids.items()}


def worked(pids: Mapping[str, int]) -> dict[str, float]:
    """Seconds that each process and its children have spent on a core since they began."""
    return {name: sum(map(_spent, _family(pid))) for name, pid in pids.items()}


def _family(pid: int) -> Iterator[psutil.Process]:
    process = psutil.Process(pid)
    yield process
    yield from process.children(recursive=True)


def _share(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
    except psutil.NoSuchProcess:
        return 0
    return int(getattr(full, "pss", full.rss))


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    # Those of ended children count as the parent's.
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return times.user + times.system + ended
