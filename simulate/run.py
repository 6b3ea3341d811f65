"""The month runs: one clock, the real services on a real database, providers that always accept."""

import heapq
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.base import Account, DeliveryStatus, Receipt
from bot.domain.attempt import CustomerSays
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Message
from bot.domain.errors import NotYet, Permanent
from bot.domain.ids import new_id
from bot.domain.merchant import AccountKind, Merchant, ProviderAccount
from bot.services import answer_survey, consents
from bot.services.intake import read_shipment
from bot.services.judge_attempts import customer_says
from bot.wiring import Application
from simulate.month import Parcel

_TAKEN = text(
    "DELETE FROM procrastinate_jobs WHERE status = 'todo'"
    " RETURNING id, task_name, args, scheduled_at - clock_timestamp() AS wait"
)
"""The queue waits by the machine's clock: what is left of the wait is the same by ours."""
_ROUNDING = timedelta(milliseconds=500)


@dataclass(frozen=True)
class Sent:
    """A message as its provider took it."""

    at: datetime
    to: str
    channel: str
    message: UUID
    part: str


type Act = Callable[[], Awaitable[None]]


@dataclass
class Running:
    """The month under way."""

    application: Application
    clock: FixedClock
    merchant: Merchant
    accounts: Mapping[str, ProviderAccount]
    parcels: Mapping[str, Parcel]
    by_phone: Mapping[str, Parcel]
    sent: list[Sent] = field(default_factory=list[Sent])
    counts: Counter[str] = field(default_factory=Counter[str])
    _heap: list[tuple[datetime, int, Act]] = field(default_factory=list[tuple[datetime, int, Act]])
    _order: Any = field(default_factory=itertools.count)

    def at(self, when: datetime, act: Act) -> None:
        """Have something happen then."""
        heapq.heappush(self._heap, (when, next(self._order), act))

    async def run(self, progress: Callable[[datetime], None]) -> None:
        """Until nothing more will happen."""
        for channel in ("whatsapp", "sms"):
            self._take_in(channel)
        for parcel in self.parcels.values():
            self.at(parcel.created, lambda parcel=parcel: self._announce(parcel))
            for told in parcel.told:
                event = told.event
                self.at(told.arrives, lambda event=event: self._tell(event))
        # One connection for all of it: there is a look into the queue after everything that happens.
        async with self.application.database.engine.connect() as connection:
            queue = await connection.execution_options(isolation_level="AUTOCOMMIT")
            while self._heap:
                when, _, act = heapq.heappop(self._heap)
                self.clock.instant = max(self.clock.instant, when)
                await act()
                await self._take_jobs(queue)
                progress(when)

    async def _take_jobs(self, queue: AsyncConnection) -> None:
        """Have the jobs that were just put into the queue done when they are due."""
        rows = (await queue.execute(_TAKEN)).all()
        for row in sorted(rows, key=lambda one: one.id):
            wait = max(row.wait + _ROUNDING, timedelta()) if row.wait else timedelta()
            due = self.clock.now() + wait
            self.at(due, lambda row=row: self._do(row.task_name, row.args))

    async def _do(self, name: str, job: dict[str, Any]) -> None:
        services, merchant = self.application.services, self.merchant.id
        self.counts[f"job {name}"] += 1
        if name == "advance_flow":
            await services.advance_flow(merchant, UUID(job["run_id"]), job["step"])
        elif name == "deliver":
            await self._deliver(UUID(job["message_id"]))
        elif name == "fall_back":
            await services.fall_back(merchant, UUID(job["message_id"]))

    async def _deliver(self, message_id: UUID) -> None:
        deliver = self.application.services.deliver
        try:
            await deliver(self.merchant.id, message_id)
        except NotYet as error:
            self.at(self.clock.now() + error.wait, lambda: self._deliver(message_id))
            return
        except Permanent as error:
            await deliver.give_up(self.merchant.id, message_id, str(error))
            return
        async with self.application.database() as unit:
            message = await unit.messages.get(self.merchant.id, message_id)
        if message.author is Author.flow and message.provider_ids:
            await self._is_read(message)

    # -- carriers

    async def _announce(self, parcel: Parcel) -> None:
        given = {
            "carrier": parcel.carrier,
            "tracking_number": parcel.number,
            "item": "Walnut side table",
            "recipient": {"name": "Ada Byron", "phone": parcel.phone, "language": parcel.language},
            "address": {
                "country": "FR",
                "latitude": parcel.home[0],
                "longitude": parcel.home[1],
            },
        }
        record = self.application.services.record_shipment
        await record(self.merchant, f"ML-{parcel.number}", read_shipment(given))
        if parcel.stops:
            self.at(parcel.created + timedelta(days=1), lambda: self._stop(parcel))

    async def _tell(self, event: Any) -> None:
        account = self.accounts[self.parcels[event.tracking_number].carrier]
        await self.application.services.record_carrier_events(account, [event])
        self.counts["events"] += 1

    # -- providers

    def _take_in(self, name: str) -> None:
        channel: Any = self.application.channels[name]

        async def send(
            account: Account, to: str, payload: Mapping[str, Any], reference: UUID
        ) -> str:
            del account
            if name == "whatsapp" and not self.by_phone[to].has_whatsapp:
                raise Permanent("no WhatsApp", "131026")
            self.sent.append(Sent(self.clock.now(), to, name, reference, str(payload)))
            number = str(new_id())
            receipt = Receipt(f"{number}:d", DeliveryStatus.delivered, reference, number)
            stored = self.accounts[name]
            self.at(
                self.clock.now() + timedelta(seconds=20),
                lambda: self.application.services.receive(stored, [receipt]),
            )
            return number

        channel.send = send

    # -- customers

    async def _is_read(self, message: Message) -> None:
        async with self.application.database() as unit:
            assert message.identity_id is not None
            identity = await unit.people.identity_by_id(self.merchant.id, message.identity_id)
        parcel = self.by_phone[identity.address]
        if message.say == "flow_attempt_failed" and parcel.answers_attempt:
            self.at(self.clock.now() + timedelta(minutes=25), lambda: self._says(parcel))
        if message.say == "nps_question" and parcel.answers_survey:
            self.at(self.clock.now() + timedelta(hours=3), lambda: self._scores(message, parcel))

    async def _says(self, parcel: Parcel) -> None:
        async with self.application.database() as unit:
            shipment = await unit.shipments.by_reference(self.merchant.id, f"ML-{parcel.number}")
            assert shipment is not None
            (attempt, *_) = await unit.attempts.of_shipment(self.merchant.id, shipment.id)
            key = attempt.event_key.rpartition(":")[2]
            in_truth = key in parcel.fake or parcel.lies
            said = CustomerSays.was_in if in_truth else CustomerSays.was_out
            await customer_says(unit, shipment, said, self.clock.now())
            await unit.commit()
        self.counts[f"said {said}"] += 1

    async def _scores(self, message: Message, parcel: Parcel) -> None:
        async with self.application.database() as unit:
            assert message.question_id is not None
            question = await unit.questions.get(self.merchant.id, message.question_id)
            assert question is not None
            thread = await unit.conversations.get(self.merchant.id, message.conversation_id)
            survey, now = UUID(str(question.slots["survey"])), self.clock.now()
            await answer_survey.score(unit, thread, survey, parcel.score, now)
            await unit.commit()
        self.counts["scores"] += 1

    async def _stop(self, parcel: Parcel) -> None:
        async with self.application.database() as unit:
            contact = await unit.people.by_phone(self.merchant.id, parcel.phone)
            assert contact is not None
            await consents.stop(unit, contact, "", "keyword", "STOP", self.clock.now())
            await unit.commit()
        self.counts["stopped"] += 1


async def accounts_of(application: Application, merchant: Merchant) -> dict[str, ProviderAccount]:
    """The merchant's accounts by name; those of the carriers that it lacks are made."""
    found: dict[str, ProviderAccount] = {}
    async with application.database() as unit:
        for name in ("onfleet", "fedex", "usps"):
            made = ProviderAccount(
                new_id(), merchant.id, AccountKind.carrier, name, name.title(), {}, {}
            )
            await unit.accounts.add(made)
            found[name] = made
        await unit.commit()
        for kind, name in (("carrier", "generic"), ("channel", "whatsapp"), ("channel", "sms")):
            account = await unit.accounts.of(merchant.id, kind, name)
            assert account is not None
            found[name] = account
    return found
