"""The merchant's ladder, and what is said of a wrong one."""

from datetime import timedelta

import pytest

from bot.domain.errors import Invalid
from bot.domain.ladder import Rung, read_ladder


def test_names_and_waits() -> None:
    assert read_ladder(["whatsapp", {"channel": "sms", "wait": "10m"}, {"channel": "email"}]) == [
        Rung("whatsapp"),
        Rung("sms", timedelta(minutes=10)),
        Rung("email"),
    ]


@pytest.mark.parametrize(
    ("rung", "field"),
    [
        (7, "ladder[1]"),
        ({"wait": "10m"}, "ladder[1].channel"),
        ({"channel": "sms", "wait": "soon"}, "ladder[1].wait"),
        ({"channel": "sms", "after": "10m"}, "ladder[1].after"),
    ],
)
def test_what_is_wrong_is_named(rung: object, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_ladder(["whatsapp", rung])
    assert field in str(caught.value)
