"""`nps`: scores with their intervals, by what they hang on."""

import argparse
import csv
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.commands.application import merchant_named, with_application
from bot.domain.nps import nps_report
from bot.domain.shipment import Shipment
from bot.domain.survey import Survey
from bot.wiring import Application

type Asked = tuple[Survey, Shipment | None, str]

BY: dict[str, Callable[[Asked], str]] = {
    "all": lambda _: "all",
    "carrier": lambda asked: asked[1].carrier if asked[1] else "",
    "depot": lambda asked: str(asked[1].details.get("depot") or "") if asked[1] else "",
    "courier": lambda asked: str(asked[1].details.get("courier_id") or "") if asked[1] else "",
    "channel": lambda asked: asked[2],
    "week": lambda asked: f"{asked[0].asked_at:%G-W%V}",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--by", choices=BY, default="all", help="what to count by (all)")
    parser.add_argument("--days", type=int, default=90, help="how far back (90)")
    parser.add_argument("--csv", action="store_true", help="every answer as CSV instead")
    parser.add_argument("--merchant", help="whose; needed when there are several")


def run(options: argparse.Namespace) -> int:
    """Print a line a group, or the answers; 1 when nobody was asked."""

    async def act(application: Application) -> int:
        merchant = await merchant_named(application, options.merchant)
        since = application.clock.now() - timedelta(days=options.days)
        async with application.database() as unit:
            asked = await unit.feedback.asked_since(merchant.id, since)
        if options.csv:
            _write(asked)
            return 0
        if not asked:
            print(f"nobody was asked in the last {options.days} days")
            return 1
        name = BY[options.by]
        print(f"{options.by:16} {'NPS':>5} {'±':>4} {'answers':>8} {'asked':>6} {'rate':>5}")
        for one in nps_report((name(each), each[0].score) for each in asked):
            rate = one.answered / one.asked
            print(
                f"{one.name or '–':16} {one.score:5.0f} {one.margin:4.0f} {one.answered:8}"
                f" {one.asked:6} {rate:5.0%}"
            )
        return 0

    return with_application(act)


def _write(asked: Sequence[Asked]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(
        ["asked_at", "channel", "reference", "carrier", "depot", "courier", "score", "comment"]
    )

    for each in asked:
        survey, shipment, channel = each
        writer.writerow(
            [
                survey.asked_at.isoformat(),
                channel,
                shipment.reference if shipment else "",
                *(BY[name](each) for name in ("carrier", "depot", "courier")),
                "" if survey.score is None else survey.score,
                _harmless(survey.comment),
            ]
        )


def _harmless(text: str) -> str:
    """A comment that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
