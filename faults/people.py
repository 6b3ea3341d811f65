"""Those who talk, those who are told, and the merchant whose parcels move."""

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from faults.verdict import ANSWERS, QUESTIONS, Bubble
from tests.stack import Stack

PATIENCE = 200.0
"""Seconds that somebody waits for an answer before going on; more than all retries take."""
_CHANNELS = ("whatsapp", "telegram")
"""On these the vendor repeats a webhook until it is taken. Twilio does not (FACTS): an SMS that meets a
dead gateway never reaches us, whatever we do."""
_NUMBER = "+3363998"
_PARIS = ZoneInfo("Europe/Paris")


@dataclass
class People:
    """The sandbox's phones, and the API with the demo merchant's key."""

    stack: Stack
    http: aiohttp.ClientSession
    dice: random.Random

    async def talk(self, place: int, messages: int) -> tuple[str, str]:
        """One person says so many things, each after the last was answered; phone and channel."""
        channel = _CHANNELS[place % len(_CHANNELS)]
        phone = f"{_NUMBER}1{place:03d}"
        path = f"phones/{phone}/{channel}"
        if channel == "telegram":
            await self._sandbox("POST", path, {"text": "/start"})
            await self._hear(path, 0, lambda text: ANSWERS["hello"].search(text) is not None)
        for _ in range(messages):
            asked = self.dice.choice(QUESTIONS)
            said = await self._sandbox("POST", path, {"text": asked})
            wanted = ANSWERS[asked]
            await self._hear(path, said["seq"], lambda text, w=wanted: w.search(text) is not None)
        return phone, channel

    async def expect(self, place: int) -> str:
        """A parcel for somebody goes out and is delivered; returns the phone."""
        phone = f"{_NUMBER}2{place:03d}"
        if place % 2:
            # Without WhatsApp: told by the next channel of the ladder.
            await self._sandbox("POST", "phones", {"number": phone, "channels": ["sms"]})
        reference = f"F-{place}"
        await self._api("PUT", f"shipments/{reference}", _parcel(phone, place))
        for number, status in enumerate(("in_transit", "out_for_delivery", "delivered")):
            now = await self.now()
            event: dict[str, Any] = {"id": f"e{number}", "status": status, "at": now.isoformat()}
            if status == "out_for_delivery":
                hours = {"from": now + timedelta(hours=2), "to": now + timedelta(hours=4)}
                event["window"] = {name: at.isoformat() for name, at in hours.items()}
            await self._api("POST", f"shipments/{reference}/events", event)
            await asyncio.sleep(self.dice.uniform(2, 10))
        return phone

    async def now(self) -> datetime:
        """By the house's clock."""
        return datetime.fromisoformat((await self._sandbox("GET", "clock"))["now"])

    async def wait_for_the_score(self) -> None:
        """It is asked for an hour after the delivery, and not at night: move the clock there."""
        now = (await self.now()).astimezone(_PARIS)
        then = now + timedelta(minutes=61)
        if not 9 <= then.hour < 20:
            ten = then.replace(hour=10, minute=0)
            then = ten if ten > then else ten + timedelta(days=1)
        forward = f"PT{int((then - now).total_seconds())}S"
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                await self._sandbox("POST", "clock", {"advance": forward})
            except aiohttp.ClientResponseError:
                # What was killed last may just be coming up again.
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(1)
            else:
                return

    async def told(self, phone: str) -> list[str]:
        """Everything that the business has said to a phone, on whichever channel, in its order."""
        said: list[tuple[str, int, str]] = []
        for channel in ("whatsapp", "sms"):
            found = await self._sandbox("GET", f"phones/{phone}/{channel}")
            said += [
                (m["at"], m["seq"], m["text"]) for m in found["messages"] if m["from"] == "business"
            ]
        return [text for _, _, text in sorted(said)]

    async def thread(self, phone: str, channel: str) -> list[Bubble]:
        """What a phone shows of its talk."""
        found = await self._sandbox("GET", f"phones/{phone}/{channel}")
        return [Bubble(message["from"], message["text"]) for message in found["messages"]]

    async def _hear(self, path: str, after: int, is_answer: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = await self._sandbox("GET", f"{path}?after={after}&wait=20&from=business")
            for message in found["messages"]:
                after = max(after, message["seq"])
                if is_answer(message["text"]):
                    return

    async def _sandbox(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        async with self.http.request(method, f"{self.stack.sandbox}/{path}", json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def _api(self, method: str, path: str, body: object) -> None:
        """As a merchant's shop does it: until it is taken, the same again."""
        headers = {"Authorization": f"Bearer {self.stack.demo['api_key']}"}
        url = f"{self.stack.gateway}/api/v1/{path}"
        while True:
            try:
                async with self.http.request(method, url, json=body, headers=headers) as answer:
                    if answer.status < HTTPStatus.MULTIPLE_CHOICES:
                        return
                    text = await answer.text()
                    if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                        raise AssertionError(f"{method} {path}: {answer.status} {text}")
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(1)


def _parcel(phone: str, place: int) -> dict[str, Any]:
    return {
        "tracking_number": f"SWF{place:07d}",
        "carrier": "generic",
        "recipient": {
            "name": "Robin Tester",
            "phone": phone,
            "language": "en",
            "country": "FR",
        },
        "address": {
            "line1": "8 rue des Tilleuls",
            "postal_code": "75011",
            "city": "Paris",
            "country": "FR",
        },
        "item": "Linen lamp",
        "timezone": "Europe/Paris",
    }
