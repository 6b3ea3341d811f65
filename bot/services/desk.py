"""How a merchant's people work: the document in force, and when somebody is there."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.domain.desk import Desk, read_desk
from bot.domain.merchant import Merchant
from bot.domain.working_time import WorkingTime
from bot.services.change_delivery import policy_of
from bot.services.ports import UnitOfWork
from bot.services.quiet_times import public_holidays


@cache
def _shipped() -> tuple[dict[str, Any], Desk]:
    text = Path(__file__).with_name("desk.yml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document, read_desk(document)


def desk_document(merchant: Merchant) -> dict[str, Any]:
    """The merchant's own document, or the one that comes with Doorstep."""
    return deepcopy(merchant.desk or _shipped()[0])


def desk_of(merchant: Merchant) -> Desk:
    """The same, read."""
    return read_desk(merchant.desk) if merchant.desk else _shipped()[1]


async def working_time(unit: UnitOfWork, merchant: Merchant) -> WorkingTime:
    """When the merchant's people are there, by the policy's support hours and the holidays."""
    policy = await policy_of(unit, merchant.id)
    closed = public_holidays(merchant.country)
    return WorkingTime(policy.support_hours, ZoneInfo(merchant.timezone), lambda day: day in closed)
