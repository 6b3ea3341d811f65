"""A merchant's desk document: checked, and put in force."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.desk import Desk, read_desk
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.yaml_lines import read_located
from bot.services.ports import Units


def check_desk(text: str) -> tuple[dict[str, Any], Desk]:
    """Read a desk as a merchant writes it, in YAML.

    Raises:
        Invalid: names every line that is wrong, and the fix.
    """
    return read_located(text, read_desk)


@dataclass(frozen=True)
class PublishDesk:
    """Puts a checked document in force; cases that are open keep their clocks."""

    units: Units
    clock: Clock

    async def __call__(self, merchant_id: UUID, document: dict[str, Any]) -> None:
        """What is in force already is not published again."""
        async with self.units() as unit:
            merchant = await unit.merchants.get(merchant_id)
            if merchant.desk == document:
                return
            merchant.desk = document
            unit.add(
                AuditEntry(
                    id=new_id(),
                    merchant_id=merchant_id,
                    actor="command line",
                    action="desk_published",
                    subject=f"merchant:{merchant_id}",
                    at=self.clock.now(),
                    details={"desk": document},
                )
            )
            await unit.commit()
