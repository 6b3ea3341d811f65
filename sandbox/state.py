"""What must outlive a restart: who opened a chat, who opted out, the threads, the demo's progress.

The product remembers what providers told it; providers that forget would make it look wrong.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.config import Demo
from sandbox.phones import Message, Option, Phone, Thread
from sandbox.world import World

KEPT_MESSAGES = 60
# Numbers given out between the last save and the stop are skipped, never reused.
COUNTER_GAP = 1_000
SAVE_EVERY = 1.0  # seconds
FORMAT = 1


def fingerprint(demo: Demo) -> str:
    """Changes when the merchant was seeded anew: then nothing that was kept still holds."""
    return hashlib.sha256(repr((demo.api_key, demo.sms, demo.telegram)).encode()).hexdigest()


class Keeper:
    """Saves the world to a file when it changed, and restores it."""

    def __init__(self, world: World, path: Path) -> None:
        self.world = world
        self.path = path
        self.extra: dict[str, Any] = {}
        self._dirty = asyncio.Event()
        world.changed = self._dirty.set

    def restore(self) -> None:
        """Take over what was kept, if it belongs to this merchant."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if kept.get("format") != FORMAT or kept.get("of") != fingerprint(self.world.demo):
            return
        self.extra = kept["extra"]
        self.world.counters.update({k: n + COUNTER_GAP for k, n in kept["counters"].items()})
        for item in kept["phones"]:
            phone = self.world.phones.add(
                item["number"], item["name"], item["channels"], listed=item["listed"]
            )
            phone.auto_read = item["auto_read"]
            for channel, thread in item["threads"].items():
                self._restore_thread(phone.thread(channel), thread)

    def _restore_thread(self, thread: Thread, kept: dict[str, Any]) -> None:
        thread.opened, thread.opted_out = kept["opened"], kept["opted_out"]
        if kept["last_inbound"]:
            thread.last_inbound = datetime.fromisoformat(kept["last_inbound"])
        for item in kept["messages"]:
            item["at"] = datetime.fromisoformat(item["at"])
            item["options"] = [Option(**option) for option in item["options"]]
            item["location"] = tuple(item["location"]) if item["location"] else None
            seq = item["seq"]
            message = self.world.phones.say(thread, Message(**item))
            thread.seq = message.seq = seq
        thread.seq = kept["seq"]

    async def run(self) -> None:
        """Save whenever something changed, at most once a second, until cancelled."""
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            await asyncio.to_thread(self._write, self._text())
            await asyncio.sleep(SAVE_EVERY)

    def save(self) -> None:
        self._write(self._text())

    def _text(self) -> str:
        phones = [_phone(phone) for phone in self.world.phones.all() if _worth_keeping(phone)]
        kept = {
            "format": FORMAT,
            "of": fingerprint(self.world.demo),
            "counters": self.world.counters,
            "extra": self.extra,
            "phones": phones,
        }
        return json.dumps(kept, default=_plain)

    def _write(self, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.path)


def _worth_keeping(phone: Phone) -> bool:
    return phone.listed or any(t.opened or t.opted_out for t in phone.threads.values())


def _phone(phone: Phone) -> dict[str, Any]:
    return {
        "number": phone.number,
        "name": phone.name,
        "channels": phone.channels,
        "listed": phone.listed,
        "auto_read": phone.auto_read,
        "threads": {name: _thread(thread) for name, thread in phone.threads.items()},
    }


def _thread(thread: Thread) -> dict[str, Any]:
    messages = list(thread.messages)[-KEPT_MESSAGES:] if thread.phone.listed else []
    return {
        "opened": thread.opened,
        "opted_out": thread.opted_out,
        "last_inbound": thread.last_inbound,
        "seq": thread.seq,
        "messages": [
            {field.name: getattr(message, field.name) for field in fields(message)}
            for message in messages
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Option):
        return asdict(value)
    raise TypeError(type(value).__name__)
