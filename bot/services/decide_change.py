"""Whether a parcel may be changed: by where it is, and by its merchant's policy."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.request import Decision, DeliveryRequest, Known, Policy, RequestKind, decide
from bot.domain.shipment import Shipment, Status

_KNOWS_NOTHING = Known()
# Nobody brings it to the door any more: what is left is not to have it, or to have it elsewhere.
_OF_WHAT_WAITS = frozenset(
    {RequestKind.cancel, RequestKind.change_address, RequestKind.pickup_point}
)
# A robot or a drone goes nowhere else.
_OF_WHAT_IS_OUTSIDE = frozenset({RequestKind.cancel})


def decide_change(
    policy: Policy,
    kind: RequestKind,
    shipment: Shipment,
    earlier: Iterable[DeliveryRequest],
    now: datetime,
    known: Known = _KNOWS_NOTHING,
    *,
    words: str | None = None,
) -> Decision:
    """What the policy says (see `decide`), unless the change makes no sense where the parcel is.

    Whoever decides or offers a change asks here: the chat, the tracking page and the agents.
    """
    if shipment.status is Status.ready_for_pickup:
        outside = shipment.handover.by_itself
        if kind not in (_OF_WHAT_IS_OUTSIDE if outside else _OF_WHAT_WAITS):
            return Decision(False, "refused_arrived", rule="status")
    return decide(policy, kind, shipment, earlier, now, known, words=words)
