"""The quick replies that several actions offer."""

from collections.abc import Mapping, Sequence
from typing import Any

from actions.base import Option, option

INTENTS: dict[str, str] = {
    "reschedule": "reschedule_delivery",
    "change_address": "change_address",
    "neighbour": "deliver_to_neighbour",
    "pickup_point": "use_pickup_point",
    "safe_place": "leave_in_safe_place",
    "contactless": "request_contactless",
    "access_note": "give_access_instructions",
    "cancel": "cancel_delivery",
}
"""The intent that asks for each kind of change."""

TRACK: Option = option("track", "/track_parcel")
RESCHEDULE: Option = option("reschedule", "/reschedule_delivery")
MORE: Option = option("more", "/ask_delivery_options")
HUMAN: Option = option("human", "/talk_to_human")
# Offered by a question of its own ("Shall I get one?"), which a plain yes takes.
HUMAN_ASKED: Option = {**HUMAN, "yes": True}

START: tuple[Option, ...] = (TRACK, RESCHEDULE, HUMAN)
CHANGES: dict[str, Option] = {kind: option(kind, f"/{intent}") for kind, intent in INTENTS.items()}

_BUTTONS = 3


def some_changes(offers: Sequence[Mapping[str, Any]]) -> list[Option]:
    """As many changes as fit three buttons beside a person; behind "more" are the others."""
    first = [CHANGES[offer["kind"]] for offer in offers]
    shown = first if len(first) < _BUTTONS else [first[0], MORE]
    return [*shown, HUMAN]
