"""`desk`: how a merchant's people work: targets, assignment, replies in store, macros."""

import argparse
from pathlib import Path

import yaml

from bot.commands.application import merchant_named, merchant_option, with_application
from bot.commands.common import checked_file
from bot.services.desk import desk_document
from bot.services.publish_desk import check_desk
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
    for action in actions.choices.values():
        merchant_option(action)


def run(options: argparse.Namespace) -> int:
    """Do it; 2 when a file or a name is wrong."""

    async def act(application: Application) -> int:
        merchant = await merchant_named(application, options.merchant)
        if options.action == "show":
            document = desk_document(merchant)
            print(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), end="")
            return 0
        document, _ = checked_file(options.file, check_desk)
        if options.action == "publish":
            await application.services.publish_desk(merchant.id, document)
            print("it is in force")
        else:
            print(f"{options.file.name}: nothing wrong")
        return 0

    return with_application(act)
