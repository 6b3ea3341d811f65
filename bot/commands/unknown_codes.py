"""`unknown-codes`: what carriers said that nothing of ours reads."""

import argparse
from datetime import timedelta

from bot.commands.application import days_option, merchant_named, merchant_option, with_application
from bot.domain.shipment import UnknownCode
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    days_option(parser, 30)
    merchant_option(parser)


def run(options: argparse.Namespace) -> int:
    """Print a line a carrier and code; 1 when there are some, for whoever watches."""

    async def act(application: Application) -> int:
        merchant = await merchant_named(application, options.merchant)
        since = application.clock.now() - timedelta(days=options.days)
        async with application.database() as unit:
            found = await unit.shipments.unknown_codes(merchant.id, since)
        for one in found:
            print(_line(one))
        if not found:
            print(f"every code of the last {options.days} days was read")
        return 1 if found else 0

    return with_application(act)


def _line(one: UnknownCode) -> str:
    return (
        f"{one.carrier:12} {one.code:24} {one.events:6} times, last {one.last_at:%Y-%m-%d},"
        f" as of {one.reference}: {one.description or 'without words'}"
    )
