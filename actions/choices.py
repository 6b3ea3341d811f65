"""The quick replies that several actions offer."""

from collections.abc import Mapping, Sequence
from typing import Any

from actions.base import Option, option
from bot.services.hand_back import ASKED_BY

INTENTS: dict[str, str] = {kind.value: intent for kind, intent in ASKED_BY.items()}
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
