"""What may be changed about a parcel, by where it is."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from bot.domain.read_policy import read_policy
from bot.domain.request import RequestKind, decide
from bot.domain.shipment import Handover, Shipment, Status

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
POLICY = read_policy({"requests": {kind.value: {} for kind in RequestKind}})
ELSEWHERE = {RequestKind.change_address, RequestKind.pickup_point}
EVERY = set(RequestKind)


def parcel(status: Status, handover: Handover) -> Shipment:
    return Shipment(UUID(int=1), UUID(int=2), "r", "onfleet", "n", None, NOW,
                    timezone="Europe/Paris", status=status, handover=handover)  # fmt: skip


@pytest.mark.parametrize(
    ("status", "handover", "possible"),
    [
        (Status.ready_for_pickup, Handover.shop, {RequestKind.cancel, *ELSEWHERE}),
        (Status.ready_for_pickup, Handover.locker, {RequestKind.cancel, *ELSEWHERE}),
        # Many carriers say only that it waits, and not where.
        (Status.ready_for_pickup, Handover.courier, {RequestKind.cancel, *ELSEWHERE}),
        (Status.ready_for_pickup, Handover.robot, {RequestKind.cancel}),
        (Status.ready_for_pickup, Handover.drone, {RequestKind.cancel}),
        (Status.out_for_delivery, Handover.robot, EVERY),
        (Status.in_transit, Handover.locker, EVERY),
        (Status.delivered, Handover.locker, set[RequestKind]()),
    ],
)
def test_what_is_there_is_not_brought_any_more(
    status: Status, handover: Handover, possible: set[RequestKind]
) -> None:
    there = parcel(status, handover)
    made = {kind: decide(POLICY, kind, there, [], NOW) for kind in RequestKind}
    assert {kind for kind, decision in made.items() if decision.allowed} == possible
    if status is Status.ready_for_pickup:
        refused = {(made[kind].reason, made[kind].rule) for kind in EVERY - possible}
        assert refused == {("refused_arrived", "status")}


def test_the_policy_has_its_say_of_what_is_left() -> None:
    policy = read_policy({"requests": {"cancel": {"until": "out_for_delivery"}}})
    there = parcel(Status.ready_for_pickup, Handover.shop)
    made = decide(policy, RequestKind.cancel, there, [], NOW)
    assert (made.allowed, made.reason) == (False, "refused_under_way")
