"""`talk`: a conversation in the terminal with the running stack, for whoever trains the model."""

import argparse
import asyncio
import json
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.commands.application import with_application
from bot.commands.common import CommandError
from bot.domain.conversation import Author, Message
from bot.run import local
from bot.services.seed_demo import MERCHANT
from bot.wiring import Application

_CHANNELS = ("sms", "whatsapp")
_FIRST_REPLY, _MORE = 20.0, 1.2
"""Seconds to wait for an answer, and for another one after it."""
_HELP = "Write as the customer. /tap TITLE, /media image, /location LAT,LON; an empty line ends."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--channel", choices=_CHANNELS, default="sms")
    parser.add_argument("--language", default="en", help="of the customer, as in en or hi-Latn")
    parser.add_argument("--number", help="the customer's phone; without it, one that is new")


def run(options: argparse.Namespace) -> int:
    """Talk until the input ends; beside each answer stands how the message was read."""

    async def talk(application: Application) -> int:
        return await _talk(application, options)

    return with_application(talk)


async def _talk(application: Application, options: argparse.Namespace) -> int:
    number = options.number or f"+336399{secrets.randbelow(100_000):05d}"
    async with aiohttp.ClientSession(trust_env=False) as http:
        try:
            if options.number is None:
                await _expect_a_parcel(http, number, options.language)
            phone = _Phone(application, http, number, options.channel)
            await phone.catch_up()
            print(f"{number} on {options.channel}. {_HELP}")
            while line := await asyncio.to_thread(_read_line):
                await phone.turn(line)
        except aiohttp.ClientConnectionError as error:
            raise CommandError(f"nothing answers; is `make run` on? ({error})") from error
    return 0


async def _expect_a_parcel(http: aiohttp.ClientSession, number: str, language: str) -> None:
    """Something to talk about: a parcel on its way to this number, through the public API."""
    file = local.var_folder() / "demo.json"
    if not file.exists():
        raise CommandError(f"there is no {file}: talking needs the sandbox of `make run`")
    key = json.loads(file.read_text("utf-8"))["api_key"]
    gateway = f"http://127.0.0.1:{local.ports().gateway}/api/v1"
    reference = f"TALK-{secrets.token_hex(4)}"
    shipment: dict[str, Any] = {
        "tracking_number": f"TK{secrets.randbelow(10**10):010d}",
        "carrier": "generic",
        "recipient": {"name": "Robin", "phone": number, "language": language, "country": "FR"},
        "address": {
            "line1": "8 rue des Tilleuls", "postal_code": "75011", "city": "Paris", "country": "FR",
        },
        "item": "Linen lamp",
        "timezone": "Europe/Paris",
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {key}"}
    async with http.put(
        f"{gateway}/shipments/{reference}", json=shipment, headers=headers
    ) as answer:
        if answer.status >= 300:
            raise CommandError(f"the API refused the parcel: {await answer.text()}")
    print(f"A parcel ({shipment['item']}, {shipment['tracking_number']}) is on its way to you.")


@dataclass
class _Phone:
    """A sandbox phone, and the database beside it."""

    application: Application
    http: aiohttp.ClientSession
    number: str
    channel: str
    seen: int = 0

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{local.ports().sandbox}/phones/{self.number}/{self.channel}"

    async def catch_up(self) -> None:
        """What was said before is not shown again."""
        await self._messages(0)

    async def turn(self, line: str) -> None:
        """Say one thing, and show what comes back and how it was read."""
        async with self.http.post(self._url, json=_said(line)) as answer:
            if answer.status >= 300:
                print(f"  ! {await answer.text()}")
                return
        got = await self._messages(_FIRST_REPLY)
        while more := await self._messages(_MORE):
            got += more
        print(f"  [{await self._understood()}]")
        for message in got:
            print("\n".join(_shown(message, self.channel)))
        if not got:
            print("  (no answer)")

    async def _messages(self, wait: float) -> list[dict[str, Any]]:
        """What the shop has said since; the phone holds at most some seconds at a time."""
        deadline = asyncio.get_running_loop().time() + wait
        while True:
            left = max(0.0, deadline - asyncio.get_running_loop().time())
            query = {"after": str(self.seen), "wait": f"{min(5.0, left):.1f}", "from": "business"}
            async with self.http.get(self._url, params=query) as answer:
                found: list[dict[str, Any]] = (await answer.json())["messages"]
            if found:
                self.seen = found[-1]["seq"]
            if found or left <= 0:
                return found

    async def _understood(self) -> str:
        """How the last message was read: the intent and how sure the reader was of it."""
        said = await self._last_said()
        if said is None:
            return "not seen yet"
        if not said.understood:
            return "not read: a word of consent, a code, or a person holds the conversation"
        intent, sure = said.understood.get("intent"), said.understood.get("confidence")
        return f"{intent} {float(sure or 0):.2f}"

    async def _last_said(self) -> Message | None:
        async with self.application.database() as unit:
            merchant = await unit.merchants.by_name(MERCHANT)
            contact = merchant and await unit.people.by_phone(merchant.id, self.number)
            if not merchant or not contact:
                return None
            conversation = await unit.conversations.of_contact(merchant.id, contact.id)
            if conversation is None:
                return None
            thread = await unit.messages.thread(merchant.id, conversation.id, 30)
        theirs = [message for message in thread if message.author is Author.customer]
        return theirs[-1] if theirs else None


def _read_line() -> str:
    print("> ", end="", flush=True)
    return sys.stdin.readline().strip()


def _said(line: str) -> dict[str, Any]:
    command, _, rest = line.partition(" ")
    match command:
        case "/tap":
            return {"choose": rest}
        case "/media":
            return {"media": rest or "image"}
        case "/location":
            try:
                return {"location": [float(part) for part in rest.split(",")]}
            except ValueError:
                return {"location": []}
        case _:
            return {"text": line}


def _shown(message: dict[str, Any], channel: str) -> Iterator[str]:
    first, *rest = message["text"].split("\n")
    yield f"  < {first}"
    yield from (f"    {line}" for line in rest)
    if channel != "sms" and message["options"]:
        yield "    " + "  ".join(f"[{option['title']}]" for option in message["options"])
