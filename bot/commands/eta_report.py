"""`eta-report`: the windows that customers were told, against when their parcels came."""

import argparse
from datetime import timedelta

from bot.commands.application import days_option, merchant_named, merchant_option, with_application
from bot.domain.eta import Kept, arrivals_of, eta_report
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    days_option(parser, 30)
    merchant_option(parser)


def run(options: argparse.Namespace) -> int:
    """Print a line a carrier and source; 1 when there is nothing to report."""

    async def act(application: Application) -> int:
        merchant = await merchant_named(application, options.merchant)
        since = application.clock.now() - timedelta(days=options.days)
        async with application.database() as unit:
            arrived = await unit.shipments.arrived_since(merchant.id, since)
        report = eta_report(arrivals_of(arrived))
        if not report:
            print(f"no parcel with a window has come in the last {options.days} days")
            return 1
        print(
            f"{'carrier':12} {'told by':9} {'parcels':>7} {'inside':>7} {'95 %':>9} {'early':>6} {'late':>6}  missed by"
        )
        for one in report:
            print(_line(one))
        return 0

    return with_application(act)


def _line(one: Kept) -> str:
    interval = f"{one.low:.0%}–{one.high:.0%}"
    missed = (
        f"{_minutes(one.median_miss)} (half), {_minutes(one.worst_miss)} (nine in ten)"
        if one.median_miss is not None
        else "none"
    )
    return (
        f"{one.carrier:12} {one.by:9} {one.count:7} {one.share:7.0%} {interval:>9} {one.early:6} {one.late:6}"
        f"  {missed}"
    )


def _minutes(miss: timedelta | None) -> str:
    return f"{round((miss or timedelta()).total_seconds() / 60)} min"
