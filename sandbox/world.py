"""Everything that the stand-ins share, in one object."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import web

from sandbox.clock import SandboxClock
from sandbox.config import Demo, Options
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.outbox import Outbox
from sandbox.phones import Message, Phones, Thread


@dataclass(frozen=True, slots=True)
class Said:
    """What a person does on a phone; exactly one of these is set. ``origin``: our own address.

    ``quote`` (a ``seq``) goes along with a text or a reaction; ``edit`` and ``delete`` are of
    their own last text.
    """

    text: str | None = None
    choose: str | None = None
    location: tuple[float, float] | None = None
    media: str | None = None
    react: str | None = None
    edit: str | None = None
    delete: bool = False
    quote: int | None = None
    origin: str = ""


class CannotSay(Exception):
    """The person cannot do that on this phone (no such option, no such thing on the channel)."""


def quoted(thread: Thread, said: Said) -> Message | None:
    """The message that is quoted. Raises ``CannotSay`` where there is no such."""
    if said.quote is None:
        return None
    found = next((m for m in thread.messages if m.seq == said.quote), None)
    if found is None:
        raise CannotSay(f"there is no message {said.quote} to quote")
    return found


def own_last(thread: Thread) -> Message:
    """The person's last text. Raises ``CannotSay`` where there is none."""
    for message in reversed(thread.messages):
        if message.sender == "customer" and message.text and message.media is None:
            return message
    raise CannotSay("there is no message of one's own to edit or delete")


def no_such_thing(said: Said, channel: str) -> None:
    """Raises ``CannotSay`` for what only chats have."""
    if said.react is not None or said.edit is not None or said.delete or said.quote is not None:
        raise CannotSay(f"{channel} has neither reactions nor edits nor quotes")


class StandIn(Protocol):
    """A provider seen from the phone's side."""

    def say(self, thread: Thread, said: Said) -> Message:
        """Speak as the customer: show the bubble, post the webhook. Raises ``CannotSay``."""
        ...

    def read(self, thread: Thread) -> None:
        """The person has the thread open: whatever is delivered is now read."""
        ...


@dataclass(slots=True)
class World:
    demo: Demo
    options: Options
    clock: SandboxClock = field(default_factory=SandboxClock)
    faults: Faults = field(default_factory=Faults)
    phones: Phones = field(default_factory=Phones)
    stand_ins: dict[str, StandIn] = field(default_factory=dict[str, StandIn])
    # Counters that must not start again after a restart: others keep what they number.
    counters: dict[str, int] = field(default_factory=dict[str, int])
    changed: Callable[[], None] = lambda: None
    # Held while clocks are compared or moved: two at once would leave them apart.
    moving: asyncio.Lock = field(default_factory=asyncio.Lock)
    journal: Journal = field(init=False)
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.phones.touched = self.changed
        self.journal = Journal(self.clock)
        self.outbox = Outbox(
            self.journal, self.faults, self.options.retry_base, self.options.webhook_timeout
        )

    def next(self, counter: str) -> int:
        value = self.counters.get(counter, 100_000 + secrets.randbelow(800_000)) + 1
        self.counters[counter] = value
        return value

    def message(self, sender: str, text: str, provider_id: str, **more: Any) -> Message:
        """A bubble dated by the sandbox's clock, not yet on any thread."""
        return Message(0, sender, text, self.clock.now(), provider_id, **more)

    def status(self, thread: Thread, message: Message, status: str) -> None:
        message.status = status
        self.phones.changed(thread, message, "status")


WORLD: web.AppKey[World] = web.AppKey("world", World)


async def hang(request: web.Request, most: float = 120.0) -> None:
    """Answer nothing until the client gives up."""
    for _ in range(int(most / 0.1)):
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(0.1)
