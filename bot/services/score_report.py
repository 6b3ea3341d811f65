"""Scores by what they hang on: for the command line, the console and spreadsheets."""

import csv
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

from bot.domain.nps import Nps, nps_report
from bot.domain.shipment import Shipment
from bot.domain.survey import Survey

type Asked = tuple[Survey, Shipment | None, str]
"""A survey, its parcel, and the channel that it was asked on."""

BY: dict[str, Callable[[Asked], Sequence[str]]] = {
    "all": lambda _: ["all"],
    "carrier": lambda asked: [asked[1].carrier if asked[1] else ""],
    "depot": lambda asked: [_detail(asked, "depot")],
    "courier": lambda asked: [_detail(asked, "courier_id")],
    "channel": lambda asked: [asked[2]],
    "week": lambda asked: [f"{asked[0].asked_at:%G-W%V}"],
    "topic": lambda asked: asked[0].topics,
}
"""What a survey is counted under, by the name of the grouping; a comment has several topics."""


def report(asked: Iterable[Asked], by: str) -> list[Nps]:
    """The scores by one of `BY`: weeks in their order, others by their number of answers."""
    found = nps_report((name, each[0].score) for each in asked for name in BY[by](each))
    return sorted(found, key=lambda one: one.name) if by == "week" else found


def write_csv(asked: Iterable[Asked], out: TextIO) -> None:
    """Every survey as a line, answered or not."""
    groups = ("carrier", "depot", "courier", "week")
    writer = csv.writer(out)
    writer.writerow(
        ["asked_at", "channel", "reference", *groups, "score", "comment", "topics", "topics_by"]
    )
    for each in asked:
        survey, shipment, channel = each
        told = [
            channel,
            shipment.reference if shipment else "",
            *(BY[name](each)[0] for name in groups),
            "" if survey.score is None else str(survey.score),
            survey.comment,
            " ".join(survey.topics),
            survey.topics_by.value if survey.topics else "",
        ]
        writer.writerow([survey.asked_at.isoformat(), *map(harmless, told)])


def harmless(text: str) -> str:
    """Words that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _detail(asked: Asked, name: str) -> str:
    return str(asked[1].details.get(name) or "") if asked[1] else ""
