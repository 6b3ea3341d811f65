"""`seed-demo`: makes the demo merchant, and tells the sandbox of it."""

import argparse
from dataclasses import replace

from bot.channels.base import TemplateNews
from bot.commands.application import with_application
from bot.commands.common import CommandError
from bot.dialogue.templates import drafts
from bot.domain.templates import Draft, TemplateState
from bot.run import local
from bot.services.sync_templates import as_news
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Make what is not there yet, and write `demo.json`."""
    del options
    return with_application(_seed)


async def _seed(application: Application) -> int:
    settings, var, ports = application.settings, local.var_folder(), local.ports()
    if not settings.sandbox or settings.control_token is None:
        raise CommandError("the demo merchant lives in the sandbox: set SANDBOX=true")
    password = local.made_up_secrets(var)["console_password"]
    file = var / "demo.json"
    seed = replace(application.services.seed_demo, templates=_approved(application))
    await seed(
        file,
        gateway=f"http://127.0.0.1:{ports.gateway}",
        sandbox=f"http://127.0.0.1:{ports.sandbox}",
        smtp_port=ports.smtp,
        password=password,
        control_token=settings.control_token.get_secret_value(),
    )
    print(f"the demo merchant is there; the sandbox reads {file}")
    return 0


def _approved(application: Application) -> list[TemplateNews]:
    """All of our templates, as if WhatsApp's reviewers had been quick."""
    wording, now = application.services.wording, application.clock.now()

    def news(draft: Draft) -> TemplateNews:
        made = as_news(draft, lambda key: wording.say(key, {}, draft.language, {}, now))
        return replace(made, state=TemplateState.approved)

    return [news(draft) for draft in drafts()]
