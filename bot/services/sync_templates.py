"""The catalogue of templates: what the providers say of them, asked for and told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.channels.base import Channel, Templated, TemplateNews
from bot.domain.clock import Clock
from bot.domain.errors import DoorstepError
from bot.domain.ids import new_id
from bot.domain.merchant import AccountKind, ProviderAccount
from bot.domain.templates import Draft, Template, TemplateState
from bot.services.ports import UnitOfWork, Units, adapter_account

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SyncTemplates:
    """Fetches every account's templates; one provider that fails holds back no other."""

    units: Units
    clock: Clock
    channels: Mapping[str, Channel]

    async def __call__(self) -> int:
        """Returns how many accounts were brought up to date."""
        done = 0
        for name, channel in self.channels.items():
            if not isinstance(channel, Templated):
                continue
            async with self.units() as unit:
                accounts = await unit.accounts.every(AccountKind.channel, name)
            for account in accounts:
                done += await self._sync(account, channel)
        return done

    async def _sync(self, account: ProviderAccount, channel: Templated) -> bool:
        try:
            found = await channel.templates(adapter_account(account))
        except DoorstepError as error:
            logger.warning("templates not fetched", account=str(account.id), why=str(error))
            return False
        async with self.units() as unit:
            gone = await unit.templates.of_account(account.merchant_id, account.id)
            there = {(news.name, news.language) for news in found}
            for news in found:
                await keep_news(unit, account, news, self.clock)
            for template in gone:
                if (template.name, template.language) not in there:
                    template.state, template.changed_at = TemplateState.deleted, self.clock.now()
            await unit.commit()
        return True


async def keep_news(
    unit: UnitOfWork, account: ProviderAccount, news: TemplateNews, clock: Clock
) -> None:
    """Keep what a provider says of a template; what it does not mention stays as it was."""
    now = clock.now()
    template = await unit.templates.find(account.id, news.name, news.language)
    if template is None:
        template = Template(
            id=new_id(),
            merchant_id=account.merchant_id,
            account_id=account.id,
            name=news.name,
            language=news.language,
            category=news.category or "",
            state=news.state or TemplateState.unknown,
            changed_at=now,
        )
        unit.add(template)
    if (news.state or template.state, news.category or template.category) != (
        template.state,
        template.category,
    ):
        template.changed_at = now
        logger.info(
            "a template has changed",
            template=news.name,
            language=news.language,
            state=news.state,
            category=news.category,
        )
    template.state = news.state or template.state
    template.category = news.category or template.category
    template.reason = news.reason
    template.provider_id = news.provider_id or template.provider_id
    if news.body is not None:
        template.body, template.buttons = news.body, list(news.buttons)
    await unit.flush()


def as_news(draft: Draft, title: Callable[[str], str]) -> TemplateNews:
    """A template of ours as a provider would speak of it; `title` words one of its buttons."""
    return TemplateNews(
        draft.name,
        draft.language,
        category=draft.category,
        body=draft.body,
        buttons=tuple(title(key) for key in draft.buttons),
    )
