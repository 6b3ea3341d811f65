"""Fetching what a customer sent besides words, and keeping it for those who look at the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog

from bot.channels.base import Channel, Fetches
from bot.domain.clock import Clock
from bot.domain.errors import Permanent
from bot.domain.ids import new_id
from bot.domain.media import Media
from bot.services.ports import MediaStore, Units, adapter_account
from bot.services.post import notify_thread

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class FetchMedia:
    """Fetches one message's file; running it again finds it there."""

    units: Units
    clock: Clock
    channels: Mapping[str, Channel]
    store: MediaStore
    limit: int
    """Bytes that a file may have."""

    async def __call__(self, merchant_id: UUID, message_id: UUID) -> None:
        """Fetch and keep it.

        Raises:
            Temporary: not fetched, try again.
        """
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id)
            reference = str(message.variables.get("media", ""))
            channel = self.channels[message.channel]
            done = await unit.media.of_message(merchant_id, message_id)
            if done is not None or not reference or not isinstance(channel, Fetches):
                return
            assert message.account_id is not None
            account = adapter_account(await unit.accounts.get(message.account_id))
            await unit.commit()
        try:
            content = await channel.fetch(account, reference, self.limit)
        except Permanent as error:
            await self.give_up(merchant_id, message_id, str(error))
            return
        digest, content_type = await self.store.keep(content)
        await self._keep(merchant_id, message_id, digest, content_type, len(content))

    async def give_up(self, merchant_id: UUID, message_id: UUID, why: str) -> None:
        """Say to whoever looks at the case why there is nothing to be seen."""
        logger.warning("media not fetched", message=str(message_id), why=why)
        await self._keep(merchant_id, message_id, error=why)

    async def _keep(
        self,
        merchant_id: UUID,
        message_id: UUID,
        digest: str = "",
        content_type: str = "",
        size: int = 0,
        error: str = "",
    ) -> None:
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            if await unit.media.of_message(merchant_id, message_id) is None:
                found = Media(new_id(), merchant_id, message_id, self.clock.now())
                found.digest, found.size, found.error = digest, size, error
                found.content_type = content_type or found.content_type
                unit.add(found)
                await notify_thread(unit, message)
            await unit.commit()
