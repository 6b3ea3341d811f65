"""Which parcel somebody talks about, and whether it is theirs to talk about."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.domain.conversation import Conversation
from bot.domain.shipment import Shipment
from bot.services.ports import UnitOfWork

# Words of an item's name that tell no parcel from another.
_TELLING_END = 5
_TELLING_WORD = 3
_COMMON = {"the", "and", "for", "with", "new", "set", "kit", "les", "des", "une", "pour", "avec"}
_OTHER = re.compile(
    r"\b(other|another one|second one|autre|deuxieme|otro|otra|ander[ens]{1,2}|zweite[ns]?|outro|outra"
    r"|altro|altra|dusr[aei]|doosr[aei])\b|दूसर"
)
_ALSO = re.compile(
    r"\b(too|also|as well|same|aussi|pareil|pareillement|egalement|tambien|igual|auch|genauso|ebenso"
    r"|tambem|anche|pure|bhi)\b|\u092d\u0940"
)
# "Cancel the mug, not the lamp": the lamp is spoken of, and not meant. A bare "no" is an answer.
_RULED_OUT = re.compile(
    r"\b(?:not|pas|nicht|ausser|sauf|except(?: for)?|excepto|menos|tranne|exceto)\s+"
    r"(?:(?:the|my|that|le|la|les|l|ma|mon|cette|el|los|mi|die|der|das|den|meinen?|il|lo|mio|mia|o|a)\W+){0,2}"
    r"(?P<what>(?:[a-z0-9]+\W*){1,3})"
)
# Digits and letters, as carriers write their numbers; spaces and dashes are the customer's.
_NUMBER = re.compile(r"(?=[a-z-]*\d)[a-z0-9][a-z0-9-]{5,39}")


@dataclass(frozen=True)
class Parcels:
    """A conversation's own parcels, the open ones first.

    `verified` is whether the provider or a signed link vouches for who is writing; nothing
    of a contact's is shown to anybody else.
    """

    own: Sequence[Shipment]
    verified: bool

    @property
    def open(self) -> list[Shipment]:
        return [shipment for shipment in self.own if shipment.open]

    @property
    def candidates(self) -> list[Shipment]:
        """What can be meant when nothing is named: the open ones, else the last that moved."""
        return self.open or list(self.own[:1])

    def by_id(self, shipment_id: str | UUID | None) -> Shipment | None:
        """One of one's own by its id; None for anybody else's, as if it did not exist."""
        return next((s for s in self.own if str(s.id) == str(shipment_id)), None)

    def meant(self, text: str, current: str | UUID | None = None) -> Shipment | None:
        """The parcel that a message means; None when it has to be asked.

        Args:
            text: the message.
            current: the parcel that the talk was about so far.
        """
        named = self.named(text)
        if len(named) == 1:
            return named[0]
        before = self.by_id(current)
        out = self.ruled_out(text)
        if out and not named:
            rest = [s for s in self.candidates if s not in out]
            return before if before in rest else rest[0] if len(rest) == 1 else None
        if before is not None and _OTHER.search(_fold(text)):
            others = [s for s in self.candidates if s is not before]
            if others:
                return others[0] if len(others) == 1 else None
            # With no other parcel, it is something else that is spoken of: another day.
            return before
        if before is not None and not named:
            return before
        candidates = named or self.candidates
        return candidates[0] if len(candidates) == 1 else None

    def named(self, text: str) -> list[Shipment]:
        """The parcels that a message names by number, last digits or item; open ones first."""
        out = self.ruled_out(text)
        return [s for s in self._spoken_of(text) if s not in out]

    def ruled_out(self, text: str) -> list[Shipment]:
        """The parcels that a message names only to say that they are not meant: "not the lamp"."""
        spoken_of = [
            s for m in _RULED_OUT.finditer(_fold(text)) for s in self._spoken_of(m["what"])
        ]
        elsewhere = self._spoken_of(_RULED_OUT.sub(" ", _fold(text))) if spoken_of else []
        return [s for s in spoken_of if s not in elsewhere]

    def _spoken_of(self, text: str) -> list[Shipment]:
        words = _fold(text)
        squeezed = re.sub(r"[^a-z0-9]", "", words)
        tokens = set(re.findall(r"[a-z0-9]+", words))
        by_number = [s for s in self.own if _has_number(s, squeezed, tokens)]
        if by_number:
            return by_number
        by_item = [s for s in self.own if _names_item(tokens, s)]
        still_open = [s for s in by_item if s.open]
        return still_open or by_item


def without_item(text: str, shipment: Shipment) -> str:
    """A message with a comma for each word that names a parcel: it says nothing of where it goes."""
    words = _item_words(shipment)
    return re.sub(r"\w+", lambda m: "," if _fold(m[0]) in words else m[0], text)


def says_other(text: str) -> bool:
    """Whether a message speaks of the other one: "and the other one?", "et l'autre ?"."""
    return _OTHER.search(_fold(text)) is not None


def says_also(text: str) -> bool:
    """Whether a message wants the same once more: "and the other one too"."""
    return _ALSO.search(_fold(text)) is not None


async def find_parcels(unit: UnitOfWork, conversation: Conversation, now: datetime) -> Parcels:
    """The parcels that whoever writes in a conversation may see and change.

    Those of a contact that is vouched for, and any that a one-time code has opened to them.
    """
    verified = False
    if conversation.identity_id is not None:
        identity = await unit.people.identity_by_id(
            conversation.merchant_id, conversation.identity_id
        )
        verified = identity.verified
    own = await unit.shipments.visible(
        conversation.merchant_id,
        conversation.id,
        conversation.contact_id if verified else None,
        now,
    )
    return Parcels(own, verified=verified)


async def find_by_number(
    unit: UnitOfWork, conversation: Conversation, text: str
) -> Shipment | None:
    """Anybody's parcel by a full tracking number that was typed: for its coarse status only."""
    for number in tracking_numbers(text)[:3]:
        found = await unit.shipments.by_tracking_number(conversation.merchant_id, number)
        if found is not None:
            return found
    return None


def tracking_numbers(text: str) -> list[str]:
    """What looks like a whole tracking number in a message, as carriers write it."""
    return [
        number.replace("-", "").upper()
        for number in _NUMBER.findall(_fold(text))
        if sum(c.isdigit() for c in number) >= 4
    ]


def _has_number(shipment: Shipment, squeezed: str, tokens: set[str]) -> bool:
    number = _fold(shipment.tracking_number)
    if number and number in squeezed:
        return True
    return {_fold(shipment.last_digits), _fold(shipment.reference)} & (tokens - {""}) != set()


def _names_item(tokens: set[str], shipment: Shipment) -> bool:
    """Whether one of the words is one of the item's, or the end of one: "Lampe", "Leinenlampe"."""
    words = _item_words(shipment)
    ends = tuple(token for token in tokens - _COMMON if len(token) >= _TELLING_END)
    return bool(tokens & words) or any(word.endswith(ends) for word in words)


def _item_words(shipment: Shipment) -> set[str]:
    words = re.findall(r"[a-z0-9]+", _fold(shipment.item))
    return {word for word in words if len(word) >= _TELLING_WORD} - _COMMON


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
