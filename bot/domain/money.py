"""Money: an integer of minor units with a currency."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Money:
    """`amount` in minor units (cents); `currency` an ISO 4217 code."""

    amount: int
    currency: str

    def __bool__(self) -> bool:
        return self.amount != 0
