"""How an SMS is counted: GSM-7 septets or UCS-2 code units, and in how many segments."""

from __future__ import annotations

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def segments(text: str) -> int:
    """GSM 03.38: 160/153 septets, or 70/67 UCS-2 units if any character needs it."""
    if all(char in _BASIC or char in _EXTENDED for char in text):
        size = sum(2 if char in _EXTENDED else 1 for char in text)
        alone, joined = 160, 153
    else:
        size = len(text.encode("utf-16-be")) // 2
        alone, joined = 70, 67
    return 1 if size <= alone else -(-size // joined)
