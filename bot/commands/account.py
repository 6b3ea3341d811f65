"""`account`: a merchant's accounts with providers: made, listed, switched off, secrets rotated."""

import argparse
import getpass
import os
import sys
from uuid import UUID

from bot.channels.reading import PREVIOUS
from bot.commands.application import merchant_named, merchant_option, with_application
from bot.commands.common import CommandError
from bot.domain.ids import new_id
from bot.domain.merchant import AccountKind, ProviderAccount
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes. A secret's value is never an argument: others could read it."""
    merchant_option(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="show them, without their secrets")
    add = actions.add_parser("add", help="make one, or switch one on again that is off")
    add.add_argument("kind", choices=[kind.value for kind in AccountKind])
    add.add_argument("name", metavar="NAME", help="the channel or carrier: sms, email, fedex")
    add.add_argument("address", metavar="ADDRESS", help="what customers write to, or see")
    add.add_argument("--option", metavar="NAME=VALUE", action="append", default=[])
    rotate = actions.add_parser("rotate", help="give it new secrets; webhooks may use both")
    off = actions.add_parser("off", help="switch one off")
    for action in (rotate, off):
        action.add_argument("account", metavar="ID", type=UUID)
    for action, needed in ((add, False), (rotate, True)):
        action.add_argument(
            "--secret",
            metavar="NAME",
            action="append",
            default=[],
            required=needed,
            help="its value is SECRET_NAME of the environment, else asked for or, in this order, "
            "a line each of standard input",
        )


def run(options: argparse.Namespace) -> int:
    """List or change; 2 when it cannot be done as asked."""

    async def act(application: Application) -> int:
        merchant = (await merchant_named(application, options.merchant)).id
        if options.action == "list":
            return await _list(application, merchant)
        if options.action == "add":
            return await _add(application, merchant, options)
        async with application.database() as unit:
            known = {one.id: one for one in await unit.accounts.all_of(merchant)}
            account = known.get(options.account)
            if account is None:
                raise CommandError("there is no such account; see `account list`")
            if options.action == "off":
                account.active = False
            else:
                account.secrets = _rotated(account.secrets, _secrets(options.secret))
            await unit.accounts.keep(account)
            await unit.commit()
        print("switched off" if options.action == "off" else "rotated")
        return 0

    return with_application(act)


async def _list(application: Application, merchant: UUID) -> int:
    async with application.database() as unit:
        for one in await unit.accounts.all_of(merchant):
            state = "" if one.active else "  off"
            print(f"{one.id}  {one.kind} {one.name}  {one.address}{state}")
            print(f"    {_webhook(application, one)}  secrets: {', '.join(sorted(one.secrets))}")
    return 0


async def _add(application: Application, merchant: UUID, options: argparse.Namespace) -> int:
    kind = AccountKind(options.kind)
    names = application.channels if kind is AccountKind.channel else application.carriers
    if options.name not in names:
        raise CommandError(f"no {kind} {options.name!r}; there are: {', '.join(sorted(names))}")
    settings, secrets = _options(options.option), _secrets(options.secret)
    async with application.database() as unit:
        there = next(
            (
                one
                for one in await unit.accounts.all_of(merchant)
                if (one.kind, one.name, one.address) == (kind, options.name, options.address)
            ),
            None,
        )
        if there is not None and there.active:
            raise CommandError(f"it is there: {there.id}; `account rotate` changes its secrets")
        account = there or ProviderAccount(
            new_id(), merchant, kind, options.name, options.address, {}
        )
        # The same number at another provider: whoever is known there stays known.
        account.secrets, account.options, account.active = secrets, settings, True
        await (unit.accounts.add if there is None else unit.accounts.keep)(account)
        await unit.commit()
    print(f"{account.id}\nits webhook: {_webhook(application, account)}")
    return 0


def _webhook(application: Application, account: ProviderAccount) -> str:
    part = "carriers" if account.kind is AccountKind.carrier else account.name
    return f"{application.settings.public_url}/webhooks/{part}/{account.id}"


def _options(given: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if wrong := [name for name, sign, _ in pairs if not sign]:
        raise CommandError(f"an option is NAME=VALUE: {', '.join(wrong)}")
    return {name: value for name, _, value in pairs}


def _secrets(names: list[str]) -> dict[str, str]:
    return {name: _secret(name) for name in names}


def _secret(name: str) -> str:
    if "=" in name:
        raise CommandError("--secret takes a name alone; its value comes by standard input")
    value = os.environ.get(f"SECRET_{name.upper()}", "")
    if not value:
        asked = getpass.getpass(f"{name}: ") if sys.stdin.isatty() else sys.stdin.readline()
        value = asked.strip()
    if not value:
        raise CommandError(f"no value for the secret {name}")
    return value


def _rotated(old: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    before = {f"{PREVIOUS}{name}": old[name] for name in new if name in old}
    return old | before | new
