"""Money: an integer of minor units with a currency."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Money:
    """`amount` in minor units (cents); `currency` an ISO 4217 code."""

    amount: int
    currency: str

    def __bool__(self) -> bool:
        return self.amount != 0

    def plus(self, other: "Money") -> "Money":
        """The sum; nothing takes any currency."""
        if not self or not other:
            return self or other
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} make no sum")
        return Money(self.amount + other.amount, self.currency)
