"""Flows: what a merchant has asked to be said when something happens to a parcel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.clock import Clock
from bot.domain.conditions import ANY
from bot.domain.conversation import Author, Contact, Conversation, Identity
from bot.domain.flow import (
    AskNps,
    Escalate,
    Flow,
    FlowRun,
    Plan,
    Send,
    Trigger,
    Wait,
    read_flow,
)
from bot.domain.ids import new_id
from bot.domain.shipment import Shipment, Status
from bot.domain.survey import Survey
from bot.services.change_delivery import policy_of
from bot.services.facts import parcel_facts
from bot.services.good_moment import Later, not_now
from bot.services.hand_over import hand_over
from bot.services.links import Links
from bot.services.ports import Say, UnitOfWork, Units
from bot.services.post import QUESTION_OPEN_FOR, post
from bot.services.quiet_times import may_go_at
from bot.services.reach import Reach, conversation_with


async def start_flows(
    unit: UnitOfWork, shipment: Shipment, happened: Trigger, now: datetime, *, anew: str = ""
) -> int:
    """Start the merchant's flows that wait for what has happened to a shipment; how many did.

    The run's key makes it happen once a shipment, or once for each time it happens `anew` (the
    key of the event, say), however often that is told; its callers see to the "anew".
    """
    started = 0
    for flow in await unit.flows.active(shipment.merchant_id):
        plan = read_flow(flow.document)
        if plan.trigger != happened or not await _is_meant(unit, plan, shipment):
            continue
        each = f":{anew}" if plan.repeat == "each" and anew else ""
        run = FlowRun(
            id=new_id(),
            merchant_id=shipment.merchant_id,
            flow_id=flow.id,
            shipment_id=shipment.id,
            key=f"{flow.name}:{shipment.id}{each}",
            step=0,
            created_at=now,
        )
        if await unit.flows.start_run(run):
            await _defer(unit, run, None)
            started += 1
    return started


async def _is_meant(unit: UnitOfWork, plan: Plan, shipment: Shipment) -> bool:
    if plan.only == ANY:
        return True
    language = ""
    if shipment.contact_id is not None:
        contact = await unit.people.get(shipment.merchant_id, shipment.contact_id)
        language = contact.language
    return plan.only.fits(shipment, language)


async def _defer(unit: UnitOfWork, run: FlowRun, due: datetime | None) -> None:
    await unit.jobs.defer(
        "advance_flow", at=due, merchant_id=str(run.merchant_id), run_id=str(run.id), step=run.step
    )


async def _wait(unit: UnitOfWork, run: FlowRun, until: datetime, note: str) -> None:
    run.due_at, run.note = until, note
    await _defer(unit, run, until)


_HELD = "waiting: "


def _moved_on(run: FlowRun, step: Send | AskNps, status: Status, trigger: Trigger) -> str:
    """Why it has lost its sense; empty when it has not."""
    if run.note.startswith(_HELD) and trigger.status not in {None, status}:
        return f"not sent: it was held back, and the parcel is {status} now"
    if isinstance(step, Send) and step.while_status not in {None, status}:
        return f"not sent: the parcel is {status} now"
    return ""


@dataclass(frozen=True)
class _Addressed:
    shipment: Shipment
    contact: Contact
    identity: Identity
    conversation: Conversation


@dataclass(frozen=True)
class AdvanceFlow:
    """Takes a run from the step it stands at to its next wait or its end, in one transaction."""

    units: Units
    clock: Clock
    links: Links
    reach: Reach

    async def __call__(self, merchant_id: UUID, run_id: UUID, step: int) -> None:
        """`step` is where the job expects the run; a job that comes twice finds it further on."""
        async with self.units() as unit:
            run = await unit.flows.run(merchant_id, run_id)
            if run.finished_at is not None or run.step != step:
                return
            flow = await unit.flows.get(merchant_id, run.flow_id)
            await self._advance(unit, run, flow)
            await unit.commit()

    async def _advance(self, unit: UnitOfWork, run: FlowRun, flow: Flow) -> None:
        now = self.clock.now()
        plan = read_flow(flow.document)
        steps = plan.steps
        run.due_at = None
        shipment = await unit.shipments.get(run.merchant_id, run.shipment_id)
        zone = ZoneInfo(shipment.timezone)
        # When its present step was due, had nothing held it up.
        due = run.created_at
        for step in steps[: run.step]:
            due = step.over_at(due, zone) if isinstance(step, Wait) else due
        while run.step < len(steps):
            step = steps[run.step]
            if isinstance(step, Wait):
                run.step += 1
                await _wait(unit, run, step.over_at(now, zone), "waiting")
                return
            outcome = await self._do(unit, run, step, plan.trigger)
            if isinstance(outcome, Later):
                until = now + outcome.wait
                if isinstance(step, Send | AskNps) and until < due + step.good_for:
                    await _wait(unit, run, until, f"{_HELD}{outcome.why}")
                    return
                verb = "asked" if isinstance(step, AskNps) else "sent"
                outcome = f"not {verb}: {outcome.why}"
            run.note = str(outcome)
            run.step += 1
        run.finished_at = now

    async def _do(
        self, unit: UnitOfWork, run: FlowRun, step: Send | AskNps | Escalate, trigger: Trigger
    ) -> str | Later:
        """Carry out one step; returns what came of it, in a merchant's words."""
        if isinstance(step, Escalate):
            return await self._escalate(unit, run, step)
        purpose = "feedback" if isinstance(step, AskNps) else step.purpose
        said = "nps_question" if isinstance(step, AskNps) else step.say
        addressed = await self._address(unit, run, purpose, said)
        if isinstance(addressed, str):
            return addressed
        moved_on = _moved_on(run, step, addressed.shipment.status, trigger)
        if moved_on:
            return moved_on
        held = await self._held_back(unit, addressed, purpose)
        if held is not None:
            return held
        if isinstance(step, AskNps):
            later = await not_now(unit, addressed.conversation, self.clock.now())
            if later is not None:
                return later
            say, open_for = await self._survey(unit, addressed), step.open_for
        else:
            say, open_for = self._notice(addressed, step), QUESTION_OPEN_FOR
        message = await post(
            unit,
            addressed.conversation,
            addressed.identity,
            self.clock.now(),
            author=Author.flow,
            say=say,
            key=f"flow:{run.id}:{run.step}",
            purpose=purpose,
            open_for=open_for,
        )
        if message and isinstance(step, Send):
            addressed.shipment.tell()
        return f"sent by {addressed.identity.channel}" if message else "sent before"

    async def _escalate(self, unit: UnitOfWork, run: FlowRun, step: Escalate) -> str:
        shipment = await unit.shipments.get(run.merchant_id, run.shipment_id)
        thread = (
            await unit.conversations.of_contact(run.merchant_id, shipment.contact_id)
            if shipment.contact_id
            else None
        )
        if thread is None:
            return "nobody to escalate: there is no conversation"
        changed = await hand_over(unit, thread, step.topic, self.clock.now())
        return "given to a person" if changed else "with a person already"

    async def _held_back(
        self, unit: UnitOfWork, addressed: _Addressed, purpose: str
    ) -> Later | None:
        """How long quiet hours hold it back; None when it may go."""
        now = self.clock.now()
        policy = await policy_of(unit, addressed.contact.merchant_id)
        allowed = may_go_at(policy, addressed.contact, purpose, now)
        return Later(allowed - now, "quiet hours") if allowed > now else None

    async def _address(
        self, unit: UnitOfWork, run: FlowRun, purpose: str, say: str
    ) -> _Addressed | str:
        now = self.clock.now()
        shipment = await unit.shipments.get(run.merchant_id, run.shipment_id)
        if shipment.contact_id is None:
            return "nobody to tell: the shipment has neither phone nor e-mail"
        merchant = await unit.merchants.get(run.merchant_id)
        contact = await unit.people.get(run.merchant_id, shipment.contact_id)
        identity = await self.reach(unit, merchant, contact, now, say=say, purpose=purpose)
        if isinstance(identity, str):
            return identity
        conversation = await conversation_with(unit, identity, now)
        return _Addressed(shipment, contact, identity, conversation)

    def _notice(self, addressed: _Addressed, step: Send) -> Say:
        options = tuple(
            {"key": option["key"], "payload": option["payload"]} for option in step.options
        )
        return Say(step.say, self._facts(addressed), options)

    def _facts(self, addressed: _Addressed) -> dict[str, Any]:
        return {
            "name": addressed.contact.name.split(" ")[0],
            "parcel": parcel_facts(addressed.shipment, self.links),
            "link": self.links.tracking_page(addressed.shipment.id),
        }

    async def _survey(self, unit: UnitOfWork, addressed: _Addressed) -> Say:
        survey = Survey(
            id=new_id(),
            merchant_id=addressed.contact.merchant_id,
            contact_id=addressed.contact.id,
            shipment_id=addressed.shipment.id,
            asked_at=self.clock.now(),
        )
        unit.add(survey)
        question = {
            "loop": "nps_form",
            "requested": "nps_score",
            "slots": {"survey": str(survey.id)},
        }
        return Say("nps_question", self._facts(addressed), (), question)
