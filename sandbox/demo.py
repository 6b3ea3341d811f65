"""The demo day: parcels are made by the gateway's public API, then the carrier's events unfold.

It runs fast: a stage every half minute instead of every few hours, on the sandbox's clock. After
an accepted reschedule the parcel is delivered a moment later, its event dated in the new window.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from sandbox.carrier import Carrier
from sandbox.clock import iso
from sandbox.demo_day import MOMENT_LATER, PARCELS, PEOPLE, Parcel, Stage
from sandbox.email.wire import address_of
from sandbox.world import Said, World

MORNING, EVENING = 9, 17  # hours at the merchant's: a day starts between them, else next morning
ZONE = ZoneInfo("Europe/Paris")
BREATH = 1.0  # seconds between stages that fall due together, so that they arrive in order


@dataclass(slots=True)
class Progress:
    """How far one parcel's day has come. ``last``: when its last stage happened."""

    reference: str
    key: str
    last: str
    stage: int = 0
    status: str = ""
    tracking_url: str | None = None
    ended: bool = False

    @property
    def parcel(self) -> Parcel:
        return next(parcel for parcel in PARCELS if parcel.key == self.key)

    @property
    def tracking_number(self) -> str:
        return "SP" + re.sub(r"\D", "", self.reference) + self.parcel.digits

    @property
    def next_stage(self) -> Stage | None:
        stages = self.parcel.stages
        return None if self.ended or self.stage >= len(stages) else stages[self.stage]


@dataclass(slots=True)
class DemoDay:
    """One day after another; ``kept`` is what the state file remembers of it."""

    world: World
    carrier: Carrier
    kept: dict[str, Any]
    pace: float = 0.0
    parcels: dict[str, Progress] = field(default_factory=dict[str, Progress])
    contactless: set[str] = field(default_factory=set[str])
    _nudged: set[str] = field(default_factory=set[str])
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.carrier.on_accepted = self._accepted
        for person in PEOPLE:
            self.world.phones.add(person.number, person.name, person.channels)

    def resume(self, kept: dict[str, Any]) -> None:
        """Go on where the kept day stopped; ``kept`` is written to from now on."""
        self.kept = kept
        for item in kept.get("parcels", []):
            progress = Progress(**item)
            self.parcels[progress.reference] = progress

    # -- steering

    def set_pace(self, pace: float) -> None:
        self.pace = pace
        self._stir()

    def nudge(self, reference: str) -> bool:
        """Let the next stage of one parcel happen now."""
        progress = self.parcels.get(reference)
        if progress is None or progress.next_stage is None:
            return False
        self._nudged.add(reference)
        self._stir()
        return True

    async def start_again(self) -> None:
        """A fresh set of parcels, beside what there was."""
        day = self.world.clock.now().astimezone(ZONE).date().isoformat()
        runs = self.kept.get("runs", 0) + 1 if self.kept.get("day") == day else 1
        self.kept.update(day=day, runs=runs)
        fresh: dict[str, Progress] = {}
        for parcel in PARCELS:
            reference = f"demo-{day.replace('-', '')}-{runs}-{parcel.key}"
            fresh[reference] = Progress(reference, parcel.key, iso(self.world.clock.now()))
        for progress in fresh.values():
            await self._put(progress)
        self.parcels = fresh
        self._keep()

    def as_json(self) -> dict[str, Any]:
        return {
            "pace": self.pace,
            "parcels": [self._shown(progress) for progress in self.parcels.values()],
        }

    def _shown(self, progress: Progress) -> dict[str, Any]:
        parcel, following = progress.parcel, progress.next_stage
        return {
            "reference": progress.reference,
            "tracking_number": progress.tracking_number,
            "item": parcel.item,
            "person": parcel.person.name,
            "number": parcel.person.number,
            "status": progress.status,
            "next": following.status if following else None,
            "tracking_url": progress.tracking_url,
        }

    # -- the day

    async def run(self) -> None:
        """Until cancelled: make the day's parcels, then let what falls due happen."""
        if self.pace > 0 and self.is_over():
            await self._until_taken()
        while True:
            due = self._due()
            for progress in due:
                self._happen(progress)
            if due:
                self._keep()
                await asyncio.sleep(BREATH)
            else:
                await self._sleep()

    def is_over(self) -> bool:
        """Whether there is nothing left of today's day (or it never began)."""
        today = self.world.clock.now().astimezone(ZONE).date().isoformat()
        unfinished = any(progress.next_stage for progress in self.parcels.values())
        return not unfinished or self.kept.get("day") != today

    async def _until_taken(self) -> None:
        pause = 1.0
        while True:
            try:
                await self.start_again()
                return
            except (aiohttp.ClientError, TimeoutError, ValueError) as exc:
                entry = self.world.journal.note("out", "gateway", "demo", "PUT", "(demo day)")
                entry.note = f"parcels not taken, again in {pause:.0f} s: {exc}"
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)

    def _due(self) -> list[Progress]:
        now = self.world.clock.now()
        found: list[Progress] = []
        for progress in self.parcels.values():
            when = self._when(progress)
            if progress.reference in self._nudged or (when is not None and when <= now):
                found.append(progress)
        return found

    def _when(self, progress: Progress) -> datetime | None:
        """When its next stage happens on the sandbox's clock; None while the day stands still."""
        following = progress.next_stage
        if following is None or self.pace <= 0:
            return None
        before = progress.parcel.stages[progress.stage - 1].after if progress.stage else 0.0
        last = datetime.fromisoformat(progress.last)
        return last + timedelta(seconds=(following.after - before) / self.pace)

    async def _sleep(self) -> None:
        times = [when for progress in self.parcels.values() if (when := self._when(progress))]
        soonest = min(times, default=self.world.clock.now() + timedelta(hours=1))
        stirred = asyncio.create_task(self._stirred.wait())
        passed = asyncio.create_task(self.world.clock.sleep_until(soonest))
        try:
            await asyncio.wait((stirred, passed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stirred.cancel()
            passed.cancel()
        self._stirred.clear()

    def _happen(self, progress: Progress) -> None:
        self._nudged.discard(progress.reference)
        stage = progress.next_stage
        if stage is None:
            return
        now = self.world.clock.now()
        description = stage.description
        if stage.status == "delivered" and progress.tracking_number in self.contactless:
            description = "Left at the door, without contact"
        on_the_way = stage.status == "out_for_delivery"
        self.carrier.event(
            {
                "id": f"{progress.reference}-{progress.stage}",
                "tracking_number": progress.tracking_number,
                "status": stage.status,
                "description": description,
                "at": iso(now),
                "window": _window(now, stage.window) if stage.window else None,
                "courier": progress.parcel.courier if on_the_way else None,
            }
        )
        progress.stage, progress.status, progress.last = progress.stage + 1, stage.status, iso(now)
        if progress.parcel.person.channels[0] == "telegram":
            self.world.outbox.spawn(self._open_telegram(progress))

    # -- what customers change

    def _accepted(self, asked: dict[str, Any]) -> None:
        if asked["kind"] == "contactless":
            self.contactless.add(asked["tracking_number"])
        if asked["kind"] not in ("reschedule", "cancel") or self.pace <= 0:
            return
        for progress in self.parcels.values():
            if progress.tracking_number == asked["tracking_number"]:
                progress.ended = True
                self._keep()
        self.world.outbox.spawn(self._conclude(asked))

    async def _conclude(self, asked: dict[str, Any]) -> None:
        await asyncio.sleep(MOMENT_LATER / self.pace if self.pace > 0 else MOMENT_LATER)
        number, at, status = asked["tracking_number"], self.world.clock.now(), "cancelled"
        if asked["kind"] == "reschedule":
            start, end = (datetime.fromisoformat(asked["window"][k]) for k in ("from", "to"))
            at, status = max(at, start + (end - start) / 3), "delivered"
        event = {"tracking_number": number, "status": status, "at": iso(at)}
        text = "Handed to the recipient" if status == "delivered" else "Sent back to the merchant"
        self.carrier.event({**event, "id": f"{asked['request_id']}-{status}", "description": text})
        for progress in self.parcels.values():
            if progress.tracking_number == number:
                progress.status = status
        self._keep()

    # -- the gateway's public API

    async def _put(self, progress: Progress) -> None:
        parcel, person = progress.parcel, progress.parcel.person
        recipient = {
            "name": person.name,
            "phone": person.number,
            "email": address_of(person.number) if "email" in person.channels else None,
            "language": person.language,
            "country": person.country,
        }
        body = {
            "tracking_number": progress.tracking_number,
            "carrier": "generic",
            "recipient": recipient,
            "address": person.address,
            "item": parcel.item,
            "value": parcel.value,
            "timezone": person.timezone,
            "handover": "courier",
        }
        text = await self._api("PUT", progress.reference, body)
        found = re.search(r'https?://[^"\s]+/t/[^"\s]+', text)
        progress.tracking_url = found[0] if found else None

    async def _api(self, method: str, reference: str, body: dict[str, Any] | None = None) -> str:
        url = f"{self.world.demo.gateway}/api/v1/shipments/{reference}"
        headers = {"Authorization": f"Bearer {self.world.demo.api_key}"}
        session = self.world.outbox.session
        entry = self.world.journal.note("out", "gateway", "demo", method, url)
        async with session.request(method, url, json=body, headers=headers) as answer:
            entry.status, text = answer.status, await answer.text()
        if not 200 <= answer.status < 300:
            raise ValueError(f"{method} {url} answered {answer.status}: {text[:300]}")
        return text

    async def _open_telegram(self, progress: Progress) -> None:
        """Do what the person does with the merchant's link: open the bot and press Start."""
        phone = self.world.phones.get(progress.parcel.person.number)
        thread = phone.thread("telegram")
        if thread.opened:
            return
        try:
            text = await self._api("GET", progress.reference)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return
        bot = re.escape(self.world.demo.telegram.bot_username)
        for other in phone.threads.values():
            text += "\n".join(message.text for message in other.messages)
        if found := re.search(rf"t\.me/{bot}\?start=([A-Za-z0-9_-]{{1,64}})", text):
            self.world.stand_ins["telegram"].say(thread, Said(text=f"/start {found[1]}"))

    def _keep(self) -> None:
        self.kept["parcels"] = [asdict(progress) for progress in self.parcels.values()]
        self.world.changed()
        self.world.phones.tell({"type": "demo", "demo": self.as_json()})
        self._stir()

    def _stir(self) -> None:
        self._stirred.set()


def _window(now: datetime, hours: tuple[float, float]) -> dict[str, str]:
    """Whole hours, counted from the last full hour."""
    base = now.replace(minute=0, second=0, microsecond=0)
    start, end = (base + timedelta(hours=number) for number in hours)
    return {"from": iso(start), "to": iso(end)}


def until_morning(now: datetime) -> timedelta:
    """How far to move the clock so that the demo day starts at a decent hour."""
    local = now.astimezone(ZONE)
    if MORNING <= local.hour < EVENING:
        return timedelta()
    start = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if start <= local:
        start += timedelta(days=1)
    return start - local


DEMO: web.AppKey[DemoDay] = web.AppKey("demo", DemoDay)
