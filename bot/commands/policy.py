"""`policy`: what a merchant lets customers change, and why not."""

import argparse
from pathlib import Path

import yaml

from bot.commands.application import merchant_named, merchant_option, with_application
from bot.commands.common import checked_file
from bot.services.publish_policy import check_policy, explain
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("show", help="print the one in force, as YAML")
    for name, words in (
        ("check", "read a file, and say what is wrong with it"),
        ("publish", "put a file in force"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("file", type=Path, metavar="FILE.yml")
    why = actions.add_parser("explain", help="what may be changed about a parcel now, or why not")
    why.add_argument("reference", metavar="REFERENCE")
    for action in actions.choices.values():
        merchant_option(action)


def run(options: argparse.Namespace) -> int:
    """Do it; 2 when a file or a name is wrong."""

    async def act(application: Application) -> int:
        merchant = await merchant_named(application, options.merchant)
        if options.action == "show":
            print(f"# version {merchant.policy_version}")
            print(yaml.safe_dump(merchant.policy, sort_keys=False, allow_unicode=True), end="")
        elif options.action == "explain":
            async with application.database() as unit:
                now = application.clock.now()
                version, decisions = await explain(unit, merchant.id, options.reference, now)
            for kind, decision in decisions.items():
                fee = decision.fee
                said = f"{fee.amount / 100:.2f} {fee.currency}" if fee else "free"
                answer = said if decision.allowed else decision.reason
                print(f"{kind:15} {answer:22} by {decision.rule}")
            print(f"by version {version} of the policy, {now:%Y-%m-%d %H:%M} UTC")
        else:
            document, _ = checked_file(options.file, check_policy)
            if options.action == "publish":
                version = await application.services.publish_policy(merchant.id, document)
                print(f"version {version} is in force")
            else:
                print(f"{options.file.name}: nothing wrong")
        return 0

    return with_application(act)
