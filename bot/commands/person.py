"""`person`: gives out, or erases, everything about a customer."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.commands.application import merchant_named, merchant_option, with_application
from bot.commands.common import CommandError
from bot.domain.conversation import Contact
from bot.domain.errors import Refused
from bot.domain.merchant import Merchant
from bot.services.export_person import find_person, proof_document
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("act", choices=("export", "erase"))
    parser.add_argument("address", metavar="PHONE_OR_EMAIL", help="+33639981234, or a mail address")
    merchant_option(parser, "whose customer")
    parser.add_argument(
        "--output", type=Path, default=Path(), metavar="FOLDER", help="where export writes its file"
    )
    parser.add_argument("--yes", action="store_true", help="erase without asking")
    parser.add_argument(
        "--under-way", action="store_true", help="erase also while a parcel is on its way"
    )


def run(options: argparse.Namespace) -> int:
    """Do it to everybody who has that address, and print the proofs; 2 when there is nobody."""

    async def act(application: Application) -> int:
        merchant = await merchant_named(application, options.merchant)
        async with application.database() as unit:
            people = await find_person(unit, merchant.id, options.address)
        if not people:
            raise CommandError(f"{merchant.name} knows nobody with {options.address}")
        if options.act == "export":
            await _export(application, merchant, people, options.output)
        else:
            if not options.yes:
                await asyncio.to_thread(_confirm, options.address, len(people))
            await _erase(application, merchant, people, under_way=options.under_way)
        return 0

    return with_application(act)


async def _export(
    application: Application, merchant: Merchant, people: Sequence[Contact], folder: Path
) -> None:
    for contact in people:
        made = await application.services.export_person(None, merchant.id, contact.id)
        file = folder / f"person-{contact.id}.json"
        file.touch(mode=0o600)
        file.write_bytes(made.document)
        print(f"written to {file}", file=sys.stderr)
        print(json.dumps(proof_document(made.proof, merchant.name), indent=2))


async def _erase(
    application: Application, merchant: Merchant, people: Sequence[Contact], *, under_way: bool
) -> None:
    for contact in people:
        try:
            proof = await application.services.erase_person(
                None, merchant.id, contact.id, under_way=under_way
            )
        except Refused:
            raise CommandError(
                "a parcel is on its way to this person; with --under-way it is done all the same"
            ) from None
        print(json.dumps(proof_document(proof, merchant.name), indent=2))


def _confirm(address: str, count: int) -> None:
    if not sys.stdin.isatty():
        raise CommandError("erasing asks for a yes at a terminal; without one say --yes")
    who = "one person" if count == 1 else f"{count} people"
    if input(f"{who} with {address}. Erase for good? Type yes: ").strip() != "yes":
        raise CommandError("nothing was erased")
