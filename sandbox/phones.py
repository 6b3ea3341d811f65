"""People, their phones, and the threads of messages on them."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import iso

CHANNELS = ("whatsapp", "sms", "telegram", "email")
KEPT_MESSAGES = 500
KEPT_PHONES = 20_000
KEPT_INDEX = 100_000


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be tapped. ``kind``: button, list, text (types its title) or url."""

    id: str
    title: str
    description: str | None = None
    kind: str = "button"
    url: str | None = None

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": self.id, "title": self.title, "kind": self.kind}
        if self.description:
            shown["description"] = self.description
        if self.url:
            shown["url"] = self.url
        return shown


@dataclass(slots=True)
class Message:
    """One bubble. ``status`` is "sent", "delivered", "read" or "failed"; ``id`` the provider's."""

    seq: int
    sender: str
    text: str
    at: datetime
    id: str
    options: list[Option] = field(default_factory=list[Option])
    media: str | None = None
    file: str | None = None  # where the file of a business's message is
    status: str | None = None
    location: tuple[float, float] | None = None
    header: str | None = None
    footer: str | None = None
    list_button: str | None = None
    edited: bool = False
    token: str | None = None  # the sender's own reference, given back in every status

    def as_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "id": self.id,
            "from": self.sender,
            "text": self.text,
            "options": [option.as_json() for option in self.options],
            "media": self.media,
            "file": self.file,
            "at": iso(self.at),
            "status": self.status,
            "location": list(self.location) if self.location else None,
            "header": self.header,
            "footer": self.footer,
            "list_button": self.list_button,
            "edited": self.edited,
        }


class Thread:
    """One person's conversation with the business on one channel."""

    def __init__(self, phone: Phone, channel: str) -> None:
        self.phone = phone
        self.channel = channel
        self.messages: deque[Message] = deque(maxlen=KEPT_MESSAGES)
        self.seq = 0
        self.opened = False  # Telegram: the person has pressed Start
        self.opted_out = False  # SMS: stopped at the provider
        self.last_inbound: datetime | None = None  # WhatsApp: opens the 24 h window
        self._changed = asyncio.Event()

    def after(self, seq: int, sender: str | None = None) -> list[Message]:
        newer = [message for message in self.messages if message.seq > seq]
        return [m for m in newer if m.sender == sender] if sender else newer

    async def wait(self, seq: int, seconds: float, sender: str | None = None) -> list[Message]:
        """Messages after ``seq``, waiting for the first of them at most ``seconds``."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not (found := self.after(seq, sender)):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                break
        return found

    def choose(self, wanted: str) -> tuple[Message, Option] | None:
        """The option with this id or title (any case) on the latest message that has options."""
        for message in reversed(self.messages):
            if message.sender == "business" and message.options:
                return _match(message, wanted)
        return None

    def wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _match(message: Message, wanted: str) -> tuple[Message, Option] | None:
    folded = wanted.strip().casefold()
    for option in message.options:
        if option.id == wanted:
            return message, option
    for option in message.options:
        if option.title.strip().casefold() == folded:
            return message, option
    return None


class Phone:
    """A number, whose it is, and a thread per channel it has."""

    def __init__(self, number: str, name: str, channels: Iterable[str], *, listed: bool) -> None:
        self.number = number
        self.name = name
        self.channels = tuple(channels)
        self.listed = listed
        self.auto_read = True
        self.threads: dict[str, Thread] = {}

    def thread(self, channel: str) -> Thread:
        if channel not in self.threads:
            self.threads[channel] = Thread(self, channel)
        return self.threads[channel]

    @property
    def telegram_id(self) -> int:
        """A stable private chat id that, as at Telegram, says nothing of the number."""
        digest = hashlib.sha256(self.number.encode()).digest()
        return 1_000_000_000 + int.from_bytes(digest[:4]) % 5_000_000_000

    @property
    def whatsapp_user_id(self) -> str:
        """The business-scoped user id that Meta sends beside (or instead of) the number."""
        country = {"+33": "FR", "+44": "GB"}.get(self.number[:3], "US")
        digest = hashlib.sha256(f"bsuid {self.number}".encode()).digest()
        return f"{country}.{int.from_bytes(digest[:8]) % 10**17:017d}"

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "name": self.name,
            "channels": list(self.channels),
            "auto_read": self.auto_read,
            "telegram_id": self.telegram_id,
        }


def normal_number(text: str) -> str:
    """E.164 with its plus. Raises ``ValueError``."""
    digits = text.strip().removeprefix("whatsapp:").lstrip("+").replace(" ", "")
    if not digits.isdecimal() or not digits.isascii() or not 6 <= len(digits) <= 15:
        raise ValueError(f"not a phone number in international form: {text!r}")
    return "+" + digits


class Phones:
    """All phones, found by number or by their id at a provider; who watches is told of changes."""

    def __init__(self) -> None:
        self._phones: OrderedDict[str, Phone] = OrderedDict()
        self._by_telegram: dict[int, Phone] = {}
        self._by_bsuid: dict[str, Phone] = {}
        self._index: OrderedDict[str, tuple[Thread, Message]] = OrderedDict()
        self._watchers: set[asyncio.Queue[dict[str, Any]]] = set()
        self.touched: Callable[[], None] = lambda: None

    def add(
        self,
        number: str,
        name: str = "",
        channels: Iterable[str] = CHANNELS,
        *,
        listed: bool = True,
    ) -> Phone:
        """Add a phone, or give an existing one its name and channels."""
        number = normal_number(number)
        phone = self._phones.get(number)
        if phone is None:
            phone = Phone(number, name or number, channels, listed=listed)
            self._phones[number] = phone
            self._by_telegram[phone.telegram_id] = phone
            self._by_bsuid[phone.whatsapp_user_id] = phone
            self._forget_oldest()
        elif listed:
            phone.name, phone.channels, phone.listed = name or phone.name, tuple(channels), True
        if phone.listed:
            self.tell({"type": "phone", "phone": phone.as_json()})
        return phone

    def get(self, number: str) -> Phone:
        """The phone with this number; any well-formed number has one. Raises ``ValueError``."""
        number = normal_number(number)
        return self._phones.get(number) or self.add(number, listed=False)

    def known(self, number: str) -> bool:
        return normal_number(number) in self._phones

    def by_telegram_id(self, chat_id: int) -> Phone | None:
        return self._by_telegram.get(chat_id)

    def by_bsuid(self, user_id: str) -> Phone | None:
        return self._by_bsuid.get(user_id)

    def listed(self) -> list[Phone]:
        return [phone for phone in self._phones.values() if phone.listed]

    def all(self) -> list[Phone]:
        return list(self._phones.values())

    def say(self, thread: Thread, message: Message) -> Message:
        """Put a message on the thread; its ``seq`` is set here."""
        thread.seq += 1
        message.seq = thread.seq
        thread.messages.append(message)
        self._index[f"{thread.channel}:{message.id}"] = (thread, message)
        if len(self._index) > KEPT_INDEX:
            self._index.popitem(last=False)
        thread.wake()
        self.changed(thread, message)
        return message

    def find(self, channel: str, provider_id: str) -> tuple[Thread, Message] | None:
        return self._index.get(f"{channel}:{provider_id}")

    def changed(self, thread: Thread, message: Message, kind: str = "message") -> None:
        if not thread.phone.listed:
            return
        self.touched()
        if self._watchers:
            where = {"number": thread.phone.number, "channel": thread.channel}
            self.tell({"type": kind, **where, "message": message.as_json()})

    def tell(self, event: dict[str, Any]) -> None:
        for queue in self._watchers:
            if not queue.full():
                queue.put_nowait(event)

    def watch(self) -> asyncio.Queue[dict[str, Any]]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=2_000)
        self._watchers.add(queue)
        return queue

    def unwatch(self, queue: asyncio.Queue[dict[str, Any]]) -> None:
        self._watchers.discard(queue)

    def _forget_oldest(self) -> None:
        if len(self._phones) <= KEPT_PHONES:
            return
        number = next((n for n, phone in self._phones.items() if not phone.listed), None)
        if number is not None:
            gone = self._phones.pop(number)
            self._by_telegram.pop(gone.telegram_id, None)
            self._by_bsuid.pop(gone.whatsapp_user_id, None)
