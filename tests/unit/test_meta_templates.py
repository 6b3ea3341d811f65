"""Meta's templates as they are read: which of them we can fill in."""

from typing import Any

import pytest

from bot.channels.whatsapp.meta.templates import _read
from bot.domain.templates import TemplateState

_BODY = {"type": "BODY", "text": "Your parcel comes {{1}}"}


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "out_today",
        "language": "en",
        "status": "APPROVED",
        "components": [_BODY, *components],
    }


def buttons(*each: dict[str, Any]) -> dict[str, Any]:
    return {"type": "BUTTONS", "buttons": list(each)}


@pytest.mark.parametrize(
    "component",
    [
        {"type": "HEADER", "format": "TEXT", "text": "Maison Lune"},
        {"type": "FOOTER", "text": "Reply STOP"},
        buttons({"type": "QUICK_REPLY", "text": "Move it"}),
        buttons({"type": "URL", "text": "Track", "url": "https://shop.example/track"}),
        buttons({"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+33612345678"}),
    ],
)
def test_what_is_the_same_for_everybody_can_be_sent(component: dict[str, Any]) -> None:
    assert _read(row(component)).state is TemplateState.approved


@pytest.mark.parametrize(
    "component",
    [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"},
        buttons({"type": "URL", "text": "Track", "url": "https://shop.example/t/{{1}}"}),
        buttons({"type": "COPY_CODE", "example": "4407"}),
        buttons({"type": "OTP", "otp_type": "COPY_CODE"}),
    ],
)
def test_what_asks_for_more_than_its_body_is_not_offered_as_approved(
    component: dict[str, Any],
) -> None:
    news = _read(row(component))
    assert news.state is TemplateState.unknown
    assert "header" in news.reason


def test_what_is_not_approved_keeps_its_own_state() -> None:
    rejected = row({"type": "HEADER", "format": "IMAGE"}) | {
        "status": "REJECTED",
        "rejected_reason": "INVALID_FORMAT",
    }
    assert (_read(rejected).state, _read(rejected).reason) == (
        TemplateState.rejected,
        "INVALID_FORMAT",
    )
