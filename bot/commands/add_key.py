"""`add-key`: makes an API key."""

import argparse

from bot.commands.application import merchant_named, merchant_option, with_application
from bot.domain.ids import new_id
from bot.domain.merchant import ApiKey
from bot.services.api_keys import hash_key, new_key
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("name", metavar="NAME", help="what the key is for")
    merchant_option(parser, "whose key")


def run(options: argparse.Namespace) -> int:
    """Make the key and print it, this once."""

    async def add(application: Application) -> int:
        merchant = await merchant_named(application, options.merchant)
        key = new_key()
        async with application.database() as unit:
            unit.add(
                ApiKey(
                    id=new_id(),
                    merchant_id=merchant.id,
                    name=options.name,
                    hash=hash_key(key),
                    created_at=application.clock.now(),
                )
            )
            await unit.commit()
        print(f"A key of {merchant.name}, shown only now:\n{key}")
        return 0

    return with_application(add)
