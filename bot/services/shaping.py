"""From what is to be said to the provider's requests: words, template or frame, and limits."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from bot.channels.base import (
    Account,
    Attachment,
    Capabilities,
    Channel,
    Option,
    Priced,
    Sender,
    SendsAs,
    Worded,
)
from bot.domain.clock import Clock
from bot.domain.consent import Purpose, stop_is_said
from bot.domain.conversation import Author, Contact, Identity, Message, option_id
from bot.domain.errors import NotFound, Permanent
from bot.domain.media import file_name
from bot.domain.merchant import Merchant
from bot.domain.survey import SCORE
from bot.domain.templates import TemplateUse
from bot.services.ask_score import scale
from bot.services.framing import make_frame
from bot.services.links import Links
from bot.services.one_time_codes import CODE_VARIABLE, Digits
from bot.services.ports import MediaStore, UnitOfWork, Wording
from bot.services.templating import Templating, is_closed

_MASK = "######"
"""Stands for a one-time code's digits in everything that is kept."""


@dataclass(frozen=True)
class Shaping:
    """Fills in a message's text, options and payloads."""

    clock: Clock
    wording: Wording
    digits: Digits
    links: Links
    templating: Templating
    store: MediaStore

    async def __call__(
        self,
        unit: UnitOfWork,
        message: Message,
        channel: Channel,
        account: Account,
        identity: Identity,
    ) -> str:
        """Find the words and the provider's requests, once: a retry sends the same ones.

        Returns why it cannot be said now, if it cannot.
        """
        merchant = await unit.merchants.get(message.merchant_id)
        contact = await unit.people.get(message.merchant_id, identity.contact_id)
        if message.say is not None:
            await self._word(unit, message, merchant, contact.language, channel.capabilities)
        worded = await self._with_file(unit, message, channel, account)
        if is_closed(channel.capabilities, identity, self.clock.now()):
            use = await self._template(unit, message, merchant, account, contact.language)
            if isinstance(use, str):
                return use
            worded, message.text = replace(worded, template=use), use.text
        if channel.capabilities.framed:
            worded = await self._framed(unit, message, worded, identity, merchant, contact)
        if isinstance(channel, SendsAs):
            sender = channel.sender(account, identity.address, asks=message.question_id is not None)
            footer = self._how_to_stop(sender, message, identity, merchant, contact.language)
            worded = replace(worded, sender=sender.name, footer=footer)
        message.payloads = channel.render(account, worded)
        if isinstance(channel, Priced):
            cost = channel.cost(account, identity.address, message.payloads)
            message.cost = {key: str(value) for key, value in asdict(cost).items() if value}
        return ""

    async def _with_file(
        self, unit: UnitOfWork, message: Message, channel: Channel, account: Account
    ) -> Worded:
        """What is said, and an agent's file: as one where the channel takes it, else as a link."""
        worded = _worded(message)
        if message.author is not Author.agent or message.kind == "text":
            return worded
        file = await unit.media.of_message(message.merchant_id, message.id)
        if file is None or not file.digest:
            return worded
        link = self.links.file(file.id)
        if not channel.capabilities.takes(account, file.content_type, file.size):
            # Once: what has waited for the customer is shaped again.
            if link not in message.text:
                message.text = f"{message.text}\n{link}".strip()
            return _worded(message)
        name = file_name(str(message.variables.get("name", "")), file.content_type)
        return replace(worded, attachment=Attachment(link, file.content_type, name, file.digest))

    async def with_files(self, payloads: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put the bytes of a file into what is sent, where they travel with it.

        Raises:
            Permanent: the file is not kept any more.
        """
        try:
            return [
                payload | {"file": file | {"content": await self.store.read(file["digest"])}}
                if (file := payload.get("file"))
                else payload
                for payload in payloads
            ]
        except NotFound as error:
            raise Permanent(str(error)) from error

    def with_digits(self, message: Message, payloads: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put a one-time code where its mask is: it is in what is sent, never in what is kept."""
        code_id = message.variables.get(CODE_VARIABLE)
        if code_id is None:
            return payloads
        digits = self.digits.of(UUID(str(code_id)))
        return [json.loads(json.dumps(payload).replace(_MASK, digits)) for payload in payloads]

    async def _template(
        self,
        unit: UnitOfWork,
        message: Message,
        merchant: Merchant,
        account: Account,
        language: str,
    ) -> TemplateUse | str:
        now = self.clock.now()
        told = {"merchant": merchant.name, **message.variables}
        return await self.templating.use(
            unit,
            merchant,
            message,
            account_id=account.id,
            language=language,
            word=lambda text: self.wording.put(text, told, language, now),
        )

    def _how_to_stop(
        self,
        sender: Sender,
        message: Message,
        identity: Identity,
        merchant: Merchant,
        language: str,
    ) -> str:
        say = self._sayer(merchant, language)
        if not sender.answerable:
            return say("stop_link", {"link": self.links.messages(identity.id)})
        return say("stop_word", {}) if stop_is_said(Purpose(message.purpose)) else ""

    async def _framed(
        self,
        unit: UnitOfWork,
        message: Message,
        worded: Worded,
        identity: Identity,
        merchant: Merchant,
        contact: Contact,
    ) -> Worded:
        language = contact.language
        frame = await make_frame(
            unit,
            message,
            identity,
            merchant=merchant,
            language=language,
            links=self.links,
            say=self._sayer(merchant, language),
            now=self.clock.now(),
        )
        options = tuple(
            replace(option, url=self.links.choice(message.id, place))
            for place, option in enumerate(worded.options)
        )
        return replace(worded, options=options, frame=frame)

    async def _word(
        self,
        unit: UnitOfWork,
        message: Message,
        merchant: Merchant,
        language: str,
        capabilities: Capabilities,
    ) -> None:
        say = self._sayer(merchant, language)
        question = (
            await unit.questions.get(message.merchant_id, message.question_id)
            if message.question_id
            else None
        )
        if question is not None and question.requested == SCORE and not message.options:
            message.options = list(scale(capabilities))
        message.text = say(message.say or "", message.variables)
        message.options = [
            {**option, "shown": option.get("title") or say(option["key"], option.get("with") or {})}
            for option in message.options
        ]
        if message.options:
            label = say("options_label", {})
            message.variables = {**message.variables, "options_label": label}
        if question is not None:
            question.options = message.options

    def _sayer(self, merchant: Merchant, language: str) -> Callable[[str, Mapping[str, Any]], str]:
        now = self.clock.now()

        def say(key: str, variables: Mapping[str, Any]) -> str:
            told = {"merchant": merchant.name, **variables}
            if CODE_VARIABLE in variables:
                told["code"] = _MASK
            return self.wording.say(key, told, language, merchant.wording, now)

        return say


def _worded(message: Message) -> Worded:
    if message.question_id is None:
        return Worded(message.text)
    options = tuple(
        Option(option_id(message.question_id, place), str(option["shown"]))
        for place, option in enumerate(message.options)
    )
    return Worded(message.text, options, str(message.variables.get("options_label", "")))
