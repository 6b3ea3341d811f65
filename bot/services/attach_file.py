"""An agent sends a file: kept as customers' files are, and sent as a link that runs out."""

from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.errors import Invalid
from bot.domain.merchant import User
from bot.services.agents import held
from bot.services.keep_file import keep_file
from bot.services.links import Links
from bot.services.ports import MediaStore, Units
from bot.services.reply_as_agent import checked, reply


@dataclass(frozen=True)
class AttachFile:
    """Sends a file in every channel alike: its words, then a link to it."""

    units: Units
    clock: Clock
    store: MediaStore
    links: Links
    limit: int
    """Bytes."""

    async def __call__(
        self, user: User, conversation_id: UUID, text: str, content: bytes, draft: UUID
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
        async with self.units() as unit:
            conversation = await held(unit, user, conversation_id)
            # The file goes by the draft's id, so that the link is known before the message is made.
            words = checked(f"{text.strip()}\n{self.links.file(draft)}")
            sent = await reply(unit, user, conversation, words, draft, self.clock)
            if sent is not None:
                await keep_file(unit, self.store, sent, content, self.clock.now(), media_id=draft)
            await unit.commit()
