"""What sentences may say of a parcel."""

from typing import Any
from uuid import UUID

import pytest

from bot.domain.shipment import Handover, Shipment
from bot.services.facts import parcel_facts
from bot.services.links import Links
from tests.conftest import MONDAY_MORNING


def facts(**details: Any) -> dict[str, Any]:
    parcel = Shipment(UUID(int=1), UUID(int=2), "r", "generic", "n", None, MONDAY_MORNING)
    parcel.courier_phone, parcel.details = "+33639980001", details
    return parcel_facts(parcel, Links("secret " * 8, "https://parcels.example"))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://carrier.example/1.jpg", True),
        ("javascript:alert(1)", False),
        ("data:image/png,x", False),
        (None, False),
    ],
)
def test_only_links_of_the_web_are_given_out(url: str | None, told: bool) -> None:
    assert bool(facts(proof={"photo_url": url})["photo"]) is told


@pytest.mark.parametrize(("line", "number"), [(True, "+33639980001"), (False, "")])
def test_a_couriers_own_number_is_not_told_unasked(line: bool, number: str) -> None:
    assert facts(line=line)["courier_line"] == number


@pytest.mark.parametrize("handover", [Handover.robot, Handover.drone])
def test_nobody_is_called_where_it_comes_by_itself(handover: Handover) -> None:
    """Whatever a fleet's operator is named in the courier's place."""
    parcel = Shipment(UUID(int=1), UUID(int=2), "r", "mapped", "n", None, MONDAY_MORNING)
    parcel.courier_name, parcel.courier_phone = "Operator 7", "+33639980001"
    parcel.details, parcel.handover = {"line": True}, handover
    said = parcel_facts(parcel, Links("secret " * 8, "https://parcels.example"))
    assert [said[key] for key in ("courier", "courier_phone", "courier_line")] == [None, None, ""]
