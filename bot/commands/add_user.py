"""`add-user`: makes somebody a user of the console."""

import argparse
import getpass
import secrets
import sys

from bot.commands.application import merchant_named, merchant_option, with_application
from bot.commands.common import CommandError
from bot.domain.ids import new_id
from bot.domain.merchant import Merchant, Role, User
from bot.services.sign_in import LONGEST_PASSWORD, SHORTEST_PASSWORD, hash_password
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("--name", help="as colleagues see it; else the address's first part")
    parser.add_argument("--role", choices=[role.value for role in Role], default=Role.agent.value)
    parser.add_argument("--language", default="en", help="of the console, e.g. fr")
    merchant_option(parser, "whose console")
    parser.add_argument(
        "--new-merchant", action="store_true", help="make the merchant too, if it is not there"
    )
    parser.add_argument(
        "--ask-password",
        action="store_true",
        help="read the password from the terminal or standard input; else one is made and shown",
    )


def run(options: argparse.Namespace) -> int:
    """Make the user and print the password; 2 when the address is taken."""

    async def add(application: Application) -> int:
        email = _email(options.email)
        password = _asked_password() if options.ask_password else secrets.token_urlsafe(12)
        async with application.database() as unit:
            if await unit.merchants.user_by_email(email) is not None:
                raise CommandError(f"{email} is a user already")
        if options.new_merchant:
            await _make_merchant(application, options.merchant)
        merchant = await merchant_named(application, options.merchant)
        async with application.database() as unit:
            unit.add(
                User(
                    id=new_id(),
                    merchant_id=merchant.id,
                    email=email,
                    name=options.name or email.partition("@")[0],
                    role=Role(options.role),
                    password=hash_password(password),
                    created_at=application.clock.now(),
                    language=options.language,
                )
            )
            await unit.commit()
        shown = "" if options.ask_password else f", with the password {password}"
        print(f"{email} may sign in as {options.role} of {merchant.name}{shown}")
        return 0

    return with_application(add)


async def _make_merchant(application: Application, name: str | None) -> None:
    if not name:
        raise CommandError("--new-merchant needs --merchant NAME")
    async with application.database() as unit:
        if await unit.merchants.by_name(name) is None:
            unit.add(Merchant(id=new_id(), name=name, created_at=application.clock.now()))
            await unit.commit()


def _email(given: str) -> str:
    name, at, host = given.strip().partition("@")
    if not (name and at and "." in host) or any(letter.isspace() for letter in given.strip()):
        raise CommandError(f"{given!r} is no e-mail address")
    return given.strip().lower()


def _asked_password() -> str:
    given = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if not SHORTEST_PASSWORD <= len(given) <= LONGEST_PASSWORD:
        raise CommandError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return given
