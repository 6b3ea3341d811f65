"""Saying by template what may not be said freely any more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.channels.base import Capabilities
from bot.domain.conversation import Identity, Message
from bot.domain.merchant import Merchant
from bot.domain.templates import Mapped, Template, TemplateUse, choose, fill, read_mapping
from bot.services.ports import UnitOfWork

CLOSED = "the customer last wrote too long ago for free words"


def is_closed(capabilities: Capabilities, identity: Identity, now: datetime) -> bool:
    """Whether only a template may be sent to an address now."""
    window, wrote = capabilities.free_text_for, identity.last_inbound_at
    return window is not None and (wrote is None or now - wrote >= window)


@dataclass(frozen=True)
class Templating:
    """Finds the template for a sentence: the merchant's choice, else the shipped one."""

    shipped: Mapping[str, Mapped]

    async def has_one(
        self, unit: UnitOfWork, merchant: Merchant, account_id: UUID, say: str, language: str
    ) -> bool:
        """Whether there is an approved template for a sentence in a language."""
        mapped = self._mapped(merchant, say)
        if mapped is None:
            return False
        known = await unit.templates.of_account(merchant.id, account_id)
        return any(choose(known, way.name, language) for way in mapped.ways)

    async def sayable(
        self,
        unit: UnitOfWork,
        merchant: Merchant,
        *,
        account_id: UUID,
        language: str,
        word: Callable[[str], str],
        options: Mapping[str, int],
    ) -> list[str]:
        """The notices that an approved template says in a language, by wording key.

        Args:
            word: puts a Liquid text into words; empty where something is missing for it.
            options: how many choices go along with a notice; one that is not named has none.
        """
        known = await unit.templates.of_account(merchant.id, account_id)
        found: list[str] = []
        for say, mapped in {**self.shipped, **read_mapping(merchant.templates)}.items():
            if not say.startswith("flow_"):
                continue
            if isinstance(_use(known, mapped, language, word, options.get(say, 0)), TemplateUse):
                found.append(say)
        return found

    async def use(
        self,
        unit: UnitOfWork,
        merchant: Merchant,
        message: Message,
        *,
        account_id: UUID,
        language: str,
        word: Callable[[str], str],
    ) -> TemplateUse | str:
        """The template that says a message, filled in; or why none can, in a merchant's words.

        Args:
            word: puts a Liquid text into words; empty where something is missing for it.
        """
        if message.say is None:
            return CLOSED
        mapped = self._mapped(merchant, message.say)
        if mapped is None:
            return f"{CLOSED}, and no template is mapped to {message.say}"
        known = await unit.templates.of_account(merchant.id, account_id)
        return _use(known, mapped, language, word, len(message.options))

    def _mapped(self, merchant: Merchant, say: str) -> Mapped | None:
        return {**self.shipped, **read_mapping(merchant.templates)}.get(say)


def _use(
    known: Sequence[Template],
    mapped: Mapped,
    language: str,
    word: Callable[[str], str],
    options: int,
) -> TemplateUse | str:
    """The first of the ways to say it that is approved and can be filled in; else why the first cannot."""
    why: list[str] = []
    for way in mapped.ways:
        template = choose(known, way.name, language)
        if template is None:
            why.append(f"{CLOSED}, and template {way.name} is not approved in {language}")
            continue
        filled = fill(template, [word(one) for one in way.variables], options)
        if isinstance(filled, TemplateUse):
            return filled
        why.append(filled)
    return why[0]
