"""An agent sends a file: kept as customers' files are, and sent as one where the channel can.

Whether it can is decided when the message is shaped (see `bot.services.shaping`): a file that is too
large for the channel, or of a kind that it does not take, goes as a link.
"""

from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.errors import Invalid
from bot.domain.merchant import User
from bot.services.agents import held
from bot.services.keep_file import keep_file
from bot.services.ports import MediaStore, Units
from bot.services.reply_as_agent import checked, reply

FILE = "document"
"""The kind of an agent's message that has a file."""
_LONGEST_NAME = 400


@dataclass(frozen=True)
class AttachFile:
    """Sends a file, with words or without."""

    units: Units
    clock: Clock
    store: MediaStore
    limit: int
    """Bytes."""

    async def __call__(
        self,
        user: User,
        conversation_id: UUID,
        text: str,
        content: bytes,
        draft: UUID,
        name: str = "",
    ) -> None:
        """Send it; `draft` names it, so that a repeated request sends it once.

        Raises:
            NotFound: the user's merchant has no such conversation.
            Refused: the user does not hold it, or there is no address to write to.
            Invalid: it is empty or too large, or the words are too long.
        """
        if not content:
            raise Invalid(("file", "is empty"))
        if len(content) > self.limit:
            raise Invalid(("file", f"is too large: at most {self.limit // 2**20} MB"))
        words = text.strip() and checked(text)
        async with self.units() as unit:
            conversation = await held(unit, user, conversation_id)
            sent = await reply(
                unit,
                user,
                conversation,
                words,
                draft,
                self.clock,
                kind=FILE,
                details={"name": name[:_LONGEST_NAME]},
            )
            if sent is not None:
                await keep_file(unit, self.store, sent, content, self.clock.now(), media_id=draft)
            await unit.commit()
