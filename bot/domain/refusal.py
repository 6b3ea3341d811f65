"""A carrier says that the customer would not have a parcel: when what it tells is such a claim."""

import re

from bot.domain.shipment import Status

_WHO = (
    r"(?:customer|consignee|recipient|receiver|addressee|buyer|client|destinataire|cliente"
    r"|destinatario|destinat[aá]rio|empf[aä]nger|kunden?)"
)
_DID = (
    r"(?:refus|reject|declin|cancel|annul|rechaz|recus|rifiut|verweiger|abgelehnt|storniert"
    r"|not accept)"
)
# Close together, in either order: "refused by recipient", "customer cancelled at the door".
_CLAIM = re.compile(
    rf"{_DID}\w*\W+(?:\w+\W+){{0,3}}?{_WHO}|{_WHO}\W+(?:\w+\W+){{0,3}}?{_DID}", re.IGNORECASE
)
_ALONE = re.compile(
    r"\W*(?:delivery |parcel |package )?(?:refused|annahme verweigert)\b", re.IGNORECASE
)
_NOT_THEY = re.compile(
    r"shipper|sender|merchant|seller|dispatch|task ?deleted|label", re.IGNORECASE
)
"""Others who take a parcel off a round, or the systems of theirs that do."""
_AT_THE_DOOR = frozenset({Status.out_for_delivery, Status.attempt_failed})
_CLAIMED_BY = frozenset({Status.cancelled, Status.attempt_failed, Status.exception,
                         Status.returning})  # fmt: skip


def claims_refusal(status: Status, code: str, words: str, before: Status) -> bool:
    """Whether an event says that the customer cancelled a parcel, or would not take it.

    By its words; or because it ends a delivery whose courier was already on the way, and names
    nobody else who did.

    Args:
        status: what it is taken for.
        code: the carrier's own, with its `words`.
        before: where the parcel was.
    """
    if status not in _CLAIMED_BY:
        return False
    said = f"{code.replace('_', ' ')} {words.replace('_', ' ')}"
    if status is Status.cancelled and before in _AT_THE_DOOR and not _NOT_THEY.search(said):
        return True
    return bool(_CLAIM.search(said) or _ALONE.match(words.strip()) or _ALONE.match(code.strip()))
