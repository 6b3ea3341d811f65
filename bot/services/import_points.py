"""A merchant's pick-up points out of a file, or by the API: all of them, or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.errors import Invalid
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.pickup import PickupPoint, read_point
from bot.services.import_files import POINTS, read_entries
from bot.services.ports import Units

MOST = 20_000
"""Points of one merchant; national networks have about half of it."""


@dataclass(frozen=True)
class ImportedPoints:
    """How many are open now, and how many others were closed by that."""

    points: int
    closed: int


@dataclass(frozen=True)
class ImportPoints:
    """Makes a list the merchant's pick-up points; one that is missing in it is closed."""

    units: Units
    clock: Clock

    async def of_file(self, merchant_id: UUID, content: bytes, actor: str) -> ImportedPoints:
        """Load a CSV or JSON file.

        Raises:
            Invalid: names every line that is wrong; then nothing has changed.
        """
        entries = list(read_entries(content, POINTS))
        named = ((f"line {line}", f"line {line}: ", entry) for line, entry in entries)
        return await self._replace(merchant_id, named, actor)

    async def __call__(
        self, merchant_id: UUID, entries: Iterable[object], actor: str
    ) -> ImportedPoints:
        """Take a list as JSON has it.

        Raises:
            Invalid: names every field that is wrong; then nothing has changed.
        """
        named = (
            (f"points[{place}]", f"points[{place}].", entry) for place, entry in enumerate(entries)
        )
        return await self._replace(merchant_id, named, actor)

    async def _replace(
        self, merchant_id: UUID, entries: Iterable[tuple[str, str, object]], actor: str
    ) -> ImportedPoints:
        points = read_all(entries)
        now = self.clock.now()
        async with self.units() as unit:
            closed = await unit.points.replace(merchant_id, points, now)
            unit.add(
                AuditEntry(
                    id=new_id(),
                    merchant_id=merchant_id,
                    actor=actor,
                    action="pickup_points_replaced",
                    subject=f"merchant:{merchant_id}",
                    at=now,
                    details={"points": len(points), "closed": closed},
                )
            )
            await unit.commit()
        return ImportedPoints(len(points), closed)


def read_all(entries: Iterable[tuple[str, str, object]]) -> list[PickupPoint]:
    """Read (where, prefix of its fields, entry) one after the other.

    Raises:
        Invalid: names everything that is wrong.
    """
    problems: list[tuple[str, str]] = []
    points: dict[str, PickupPoint] = {}
    for where, prefix, entry in entries:
        if not isinstance(entry, dict):
            problems.append((where, "must be an object with id, name and address"))
            continue
        found = len(problems)
        point = read_point(_without_blanks(cast("dict[str, Any]", entry)), prefix, problems)
        if len(problems) == found and point.id in points:
            problems.append((f"{prefix}id", f"{point.id!r} is given twice"))
        points[point.id] = point
    if not points and not problems:
        problems.append(("points", "there are none: an empty list would close them all"))
    if len(points) > MOST:
        problems.append(("points", f"are more than {MOST}"))
    if problems:
        raise Invalid(*problems)
    return list(points.values())


def _without_blanks(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None and value != ""}
