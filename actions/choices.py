"""The quick replies that several actions offer."""

from actions.base import Option, option

TRACK: Option = option("track", "/track_parcel")
RESCHEDULE: Option = option("reschedule", "/reschedule_delivery")
CONTACTLESS: Option = option("contactless", "/request_contactless")
HUMAN: Option = option("human", "/talk_to_human")

START: tuple[Option, ...] = (TRACK, RESCHEDULE, HUMAN)
CHANGES: dict[str, Option] = {"reschedule": RESCHEDULE, "contactless": CONTACTLESS}
