"""One customer on a channel, without the HTTP around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bot.channels.base import Account, Inbound, InboundKind
from bot.domain.conversation import Conversation, Message
from bot.domain.ids import new_id
from bot.domain.merchant import ProviderAccount
from bot.wiring import Application

PHONE = "+447700900123"


@dataclass
class Talk:
    """Speaks as the customer and reads the thread as it is stored."""

    application: Application
    account: ProviderAccount
    phone: str = PHONE

    async def write(self, words: str, **more: Any) -> Message:
        """Receive a message as a webhook would; it is not answered yet."""
        key = f"SM{new_id().hex}"
        inbound = Inbound(key, self.phone, InboundKind.text, words, **more)
        await self.application.services.receive(self.account, [inbound])
        return next(m for m in await self.thread() if m.key == key)

    async def say(self, words: str, **more: Any) -> Message:
        """Write and be answered."""
        message = await self.write(words, **more)
        await self.application.services.answer(message.merchant_id, message.id)
        return message

    async def conversation(self) -> Conversation:
        async with self.application.database() as unit:
            identity = await unit.people.identity(self.account.id, self.phone)
            assert identity is not None
            found = await unit.conversations.of_contact(identity.merchant_id, identity.contact_id)
        assert found is not None
        return found

    async def thread(self) -> list[Message]:
        conversation = await self.conversation()
        async with self.application.database() as unit:
            return list(await unit.messages.thread(conversation.merchant_id, conversation.id))

    async def said(self) -> list[str | None]:
        """The wording keys of what the bot and the flows have said."""
        return [m.say for m in await self.thread() if m.author in {"bot", "flow"}]


async def talk_on(application: Application, account_id: str, phone: str = PHONE) -> Talk:
    """A customer on one of a merchant's accounts."""
    async with application.database() as unit:
        return Talk(application, await unit.accounts.get(UUID(account_id)), phone)


@dataclass
class Wire:
    """An adapter's single I/O method, replaced: keeps what is sent, or raises what is scripted."""

    sent: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    errors: list[Exception | None] = field(default_factory=list[Exception | None])

    async def send(
        self, account: Account, to: str, payload: Mapping[str, Any], reference: UUID
    ) -> str:
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        self.sent.append({"to": to, "payload": payload, "reference": reference})
        return f"SM-out-{len(self.sent)}"
