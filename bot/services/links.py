"""Signed links: a tracking page, a chat, a choice. Short, and useless when altered."""

import base64
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from bot.domain.errors import BadSignature

_MAC = 16
_HOUR = 3600


class Links:
    """Makes and reads the tokens in links. A token names one thing for one use."""

    def __init__(self, secret: str, public_url: str) -> None:
        self._key = hashlib.sha256(b"doorstep links " + secret.encode()).digest()
        self._public_url = public_url

    def token(self, use: str, thing: UUID) -> str:
        """43 characters of A-Za-z0-9_-, which is within Telegram's 64 for a start parameter."""
        raw = thing.bytes + self._mac(use, thing)
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    def read(self, use: str, token: str) -> UUID:
        """Raises BadSignature for a token that we did not make for this use."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            thing = UUID(bytes=raw[:16])
        except ValueError:
            raise BadSignature("this link is not complete") from None
        if not hmac.compare_digest(raw[16:], self._mac(use, thing)):
            raise BadSignature("this link was not made here")
        return thing

    def passing_token(self, use: str, thing: UUID, now: datetime) -> str:
        """A token that runs out within the next hour or two."""
        hour = (int(now.timestamp()) // _HOUR + 2).to_bytes(4)
        raw = thing.bytes + hour + self._mac(f"{use} until {hour.hex()}", thing)
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    def read_passing(self, use: str, token: str, now: datetime) -> UUID:
        """Raises BadSignature for a token that we did not make for this use, or that ran out."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            thing, hour = UUID(bytes=raw[:16]), raw[16:20]
        except ValueError:
            raise BadSignature("this link is not complete") from None
        if not hmac.compare_digest(raw[20:], self._mac(f"{use} until {hour.hex()}", thing)):
            raise BadSignature("this link was not made here")
        if int(now.timestamp()) // _HOUR >= int.from_bytes(hour):
            raise BadSignature("this link has run out")
        return thing

    def tracking_page(self, shipment_id: UUID) -> str:
        return f"{self._public_url}/t/{self.token('track', shipment_id)}"

    def messages(self, identity_id: UUID) -> str:
        """Where somebody says, without signing in, what they want to be written about."""
        return f"{self._public_url}/u/{self.token('messages', identity_id)}"

    def file(self, media_id: UUID) -> str:
        """Where a customer sees a file that an agent sent, for as long as it is kept."""
        return f"{self._public_url}/f/{self.token('file', media_id)}"

    def choice(self, message_id: UUID, place: int) -> str:
        """Where one of a message's choices is taken by whoever has no button to tap."""
        return f"{self._public_url}/m/{self.token('choice', message_id)}/{place}"

    def reports(self, channel: str, account_id: UUID) -> str:
        """Where a provider reports what became of an account's messages."""
        return f"{self._public_url}/webhooks/{channel}/{account_id}/status"

    def telegram_chat(self, bot_name: str, contact_id: UUID) -> str:
        """Bots cannot write first: this is how a customer opens the chat and is known in it."""
        return f"https://t.me/{bot_name}?start={self.token('chat', contact_id)}"

    def _mac(self, use: str, thing: UUID) -> bytes:
        return hmac.digest(self._key, use.encode() + b"\0" + thing.bytes, "sha256")[:_MAC]
