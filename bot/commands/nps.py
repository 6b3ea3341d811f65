"""`nps`: scores with their intervals, by what they hang on."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from bot.commands.application import days_option, merchant_named, merchant_option, with_application
from bot.dialogue.evaluate_topics import by_vectors, evaluate
from bot.domain.nps import Nps, nps_report
from bot.services.score_report import BY, report, write_csv
from bot.wiring import Application

_MERCHANTS = text("SELECT id, name FROM merchants ORDER BY name")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    by = [*BY, "merchant"]
    parser.add_argument("--by", choices=by, default="all", help="what to count by (all)")
    days_option(parser, 90)
    parser.add_argument("--csv", action="store_true", help="every answer as CSV instead")
    merchant_option(parser)
    parser.add_argument(
        "--topics", metavar="FILE", type=Path,
        help="measure both readers of topics on lines of {text, topics} instead",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print a line a group, or the answers; 1 when nobody was asked."""
    if options.topics is not None:
        return _measure(options.topics)

    async def act(application: Application) -> int:
        since = application.clock.now() - timedelta(days=options.days)
        if options.by == "merchant":
            return _print(await _by_merchant(application, since), options)
        merchant = await merchant_named(application, options.merchant)
        async with application.database() as unit:
            asked = await unit.feedback.asked_since(merchant.id, since)
        if options.csv:
            write_csv(asked, sys.stdout)
            return 0
        return _print(report(asked, options.by), options)

    return with_application(act)


async def _by_merchant(application: Application, since: datetime) -> list[Nps]:
    scores: list[tuple[str, int | None]] = []
    async with application.database() as unit:
        for merchant, name in (await unit.session.execute(_MERCHANTS)).all():
            asked = await unit.feedback.asked_since(merchant, since)
            scores += [(name, survey.score) for survey, _, _ in asked]
    return nps_report(scores)


def _print(found: Sequence[Nps], options: argparse.Namespace) -> int:
    if not found:
        print(f"nobody was asked in the last {options.days} days")
        return 1
    print(f"{options.by:16} {'NPS':>5} {'±':>4} {'answers':>8} {'asked':>6} {'rate':>5}")
    for one in found:
        print(
            f"{one.name or '–':16} {one.score:5.0f} {one.margin:4.0f} {one.answered:8}"
            f" {one.asked:6} {one.rate:5.0%}"
        )
    return 0


def _measure(file: Path) -> int:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        words = evaluate(lines)
    except (OSError, ValueError, KeyError) as error:
        print(f"{file}: {error}: not lines of text and topics", file=sys.stderr)
        return 2
    print("By words alone, as while the engine is down\n" + words.report())
    try:
        vectors = evaluate(lines, by_vectors(lines))
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"the engine cannot read them: {error}", file=sys.stderr)
        return 2
    print("\nBy sentence vectors and words\n" + vectors.report())
    return 0
