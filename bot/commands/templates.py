"""`templates`: what may be said on WhatsApp when the customer's window is closed."""

import argparse
from collections.abc import Callable

from bot.channels.base import Templated
from bot.commands.application import merchant_named, merchant_option, with_application
from bot.commands.common import CommandError
from bot.dialogue.templates import drafts
from bot.domain.errors import DoorstepError
from bot.domain.merchant import AccountKind, Merchant, ProviderAccount
from bot.domain.templates import TemplateState
from bot.services.ports import adapter_account
from bot.services.sync_templates import as_news, keep_news
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="show them with their state")
    actions.add_parser("sync", help="fetch them from the provider, and show them")
    create = actions.add_parser("create", help="ask the provider for those that are shipped")
    create.add_argument("--language", action="append", help="only this one; may be repeated")
    for action in actions.choices.values():
        merchant_option(action)


def run(options: argparse.Namespace) -> int:
    """List, fetch or make templates; 1 when the provider refused some."""

    async def act(application: Application) -> int:
        merchant = await merchant_named(application, options.merchant)
        refused = 0
        if options.action == "sync":
            await application.services.sync_templates()
        if options.action == "create":
            refused = await create(application, merchant, options.language)
        await _list(application, merchant)
        return 1 if refused else 0

    return with_application(act)


async def _account(
    application: Application, merchant: Merchant
) -> tuple[ProviderAccount, Templated]:
    for name, channel in application.channels.items():
        if isinstance(channel, Templated):
            async with application.database() as unit:
                account = await unit.accounts.of(merchant.id, AccountKind.channel, name)
            if account is not None:
                return account, channel
    raise CommandError(f"{merchant.name} has no account whose provider keeps templates")


async def create(application: Application, merchant: Merchant, only: list[str] | None) -> int:
    """Ask the provider for our templates that are not there yet; how many it refused."""
    account, channel = await _account(application, merchant)
    async with application.database() as unit:
        known = await unit.templates.of_account(merchant.id, account.id)
    there = {(t.name, t.language) for t in known if t.state is not TemplateState.deleted}
    refused = 0
    for draft in drafts():
        if (draft.name, draft.language) in there or (only and draft.language not in only):
            continue
        news = as_news(draft, _titles(application, merchant, draft.language))
        try:
            made = await channel.create_template(
                adapter_account(account),
                news,
                draft.examples,
            )
        except DoorstepError as error:
            refused += 1
            print(f"{draft.name} ({draft.language}): {error}")
            continue
        async with application.database() as unit:
            await keep_news(unit, account, made, application.clock)
            await unit.commit()
    return refused


def _titles(application: Application, merchant: Merchant, language: str) -> Callable[[str], str]:
    wording, now = application.services.wording, application.clock.now()
    return lambda key: wording.say(key, {}, language, merchant.wording, now)


async def _list(application: Application, merchant: Merchant) -> None:
    account, _ = await _account(application, merchant)
    async with application.database() as unit:
        known = await unit.templates.of_account(merchant.id, account.id)
    for template in known:
        why = f": {template.reason}" if template.reason else ""
        print(f"{template.name}  {template.language}  {template.category}  {template.state}{why}")
    count = len(known)
    print(f"{count} template{'' if count == 1 else 's'} of {merchant.name}")
