"""Flows: what a merchant has asked to be said when something happens to a parcel."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.clock import Clock
from bot.domain.conversation import Author, Contact, Conversation, Identity
from bot.domain.flow import (
    WINDOW_CHANGED,
    AskNps,
    Escalate,
    FlowRun,
    Plan,
    Send,
    Tag,
    Trigger,
    Wait,
    WaitBefore,
    WaitFor,
    Webhook,
    scored,
)
from bot.domain.ids import new_id
from bot.domain.ladder import Rung
from bot.domain.read_flow import read_flow
from bot.domain.shipment import Shipment
from bot.domain.survey import FORM, SCORE, Survey
from bot.services.change_delivery import policy_of
from bot.services.digest import gather, told_with
from bot.services.facts import notice_facts, parcel_facts
from bot.services.fall_back import kept_ladder
from bot.services.good_moment import Later, amid_form, not_now
from bot.services.hand_over import hand_over
from bot.services.happened import came_at
from bot.services.in_time import kept_good
from bot.services.links import Links
from bot.services.ports import Say, UnitOfWork, Units
from bot.services.post import QUESTION_OPEN_FOR, post
from bot.services.quiet_times import may_go_at
from bot.services.reach import Reach, conversation_with
from bot.services.start_flows import LOOK_AGAIN, defer


async def _wait(unit: UnitOfWork, run: FlowRun, until: datetime, note: str) -> None:
    run.due_at, run.note = until, note
    await defer(unit, run, until, run.step)


_HELD = "held: "
_PATIENT_FOR = timedelta(hours=2)
"""How long at most a person is not called because the customer is amid something."""


def _moved_on(run: FlowRun, step: Send | AskNps, shipment: Shipment, trigger: Trigger) -> str:
    """Why it has lost its sense; empty when it has not."""
    status = shipment.status
    if trigger == WINDOW_CHANGED and shipment.expected is None:
        return "not sent: no time is known any more"
    if run.note.startswith(_HELD) and trigger.status not in {None, status}:
        return f"not sent: it was held back, and the parcel is {status} now"
    if isinstance(step, Send) and step.while_status not in {None, status}:
        return f"not sent: the parcel is {status} now"
    return ""


def _only_tells(plan: Plan, run: FlowRun) -> bool:
    """Whether a run, up to its next wait, does no more than to say something to one person."""
    for step in plan.steps[run.step :]:
        if isinstance(step, Wait | WaitBefore):
            return True
        if not isinstance(step, Send) or step.digest is not None:
            return False
    return plan.trigger.kind != "score"


@dataclass(frozen=True)
class Advance:
    """A run, and the step at which a job expects it."""

    merchant_id: UUID
    run_id: UUID
    step: int


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
        """`step` is where the job expects the run; a job that comes twice finds it further on.

        With `LOOK_AGAIN` it is done only where an event is waited for, and that has come.
        """
        async with self.units() as unit:
            run = await unit.flows.run(merchant_id, run_id)
            if run.finished_at is not None or step not in {run.step, LOOK_AGAIN}:
                return
            flow = await unit.flows.get(merchant_id, run.flow_id)
            plan = read_flow(flow.document)
            if step == LOOK_AGAIN and not await self._has_come(unit, run, plan):
                return
            await self._advance(unit, run, plan)
            await unit.commit()

    async def together(self, wanted: Sequence[Advance]) -> AsyncGenerator[Mapping[int, None]]:
        """Advance many runs in one transaction; tells the places of those that are done with.

        Whatever would lock more than its run, or wants what another one makes, is left to be
        advanced alone.
        """
        done: dict[int, None] = {}
        async with self.units.together() as unit:
            runs = {run.id: run for run in await unit.ahead.runs([one.run_id for one in wanted])}
            plans: dict[UUID, Plan] = {}
            told: set[UUID | None] = set()
            for place, one in enumerate(wanted):
                run = runs.get(one.run_id)
                if run is None or run.merchant_id != one.merchant_id:
                    continue
                if run.flow_id not in plans:
                    flow = await unit.flows.get(run.merchant_id, run.flow_id)
                    plans[run.flow_id] = read_flow(flow.document)
                shipment = await unit.shipments.get(run.merchant_id, run.shipment_id)
                if shipment.contact_id in told or not _only_tells(plans[run.flow_id], run):
                    continue
                if run.finished_at is None and one.step == run.step:
                    told.add(shipment.contact_id)
                    await self._advance(unit, run, plans[run.flow_id])
                    done[place] = None
            await unit.commit()
        yield done

    async def _has_come(self, unit: UnitOfWork, run: FlowRun, plan: Plan) -> bool:
        step = plan.steps[run.step] if run.step < len(plan.steps) else None
        if not isinstance(step, WaitFor) or run.moment("until") is None:
            return False
        return await _came(unit, run, step, plan.trigger, self.clock.now()) is not None

    async def _advance(self, unit: UnitOfWork, run: FlowRun, plan: Plan) -> None:
        now = self.clock.now()
        # When its present step was due, had nothing held it up.
        due = run.moment("due") or run.created_at
        run.due_at = None
        while run.step < len(plan.steps):
            step = plan.steps[run.step]
            if not step.meant(run):
                run.step += 1
            elif isinstance(step, Wait | WaitBefore):
                await self._pause(unit, run, step)
                return
            elif isinstance(step, WaitFor):
                if not await self._watch(unit, run, step, plan.trigger):
                    return
                due = run.moment("due") or now
                run.step += 1
            else:
                outcome = await self._do(unit, run, step, plan.trigger)
                if isinstance(outcome, Later):
                    until = now + outcome.wait
                    good = isinstance(step, Send | AskNps) and until < due + step.good_for
                    if good or isinstance(step, Escalate):
                        await _wait(unit, run, until, f"{_HELD}{outcome.why}")
                        return
                    verb = "asked" if isinstance(step, AskNps) else "sent"
                    outcome = f"not {verb}: {outcome.why}"
                run.note = str(outcome)
                run.step += 1
        run.finished_at = now

    async def _pause(self, unit: UnitOfWork, run: FlowRun, step: Wait | WaitBefore) -> None:
        shipment = await unit.shipments.get(run.merchant_id, run.shipment_id)
        zone, last = ZoneInfo(shipment.timezone), shipment.last_day
        until = step.over_at(self.clock.now(), zone, last)
        run.step += 1
        run.remember(due=until.isoformat())
        await _wait(unit, run, until, "waiting")

    async def _watch(self, unit: UnitOfWork, run: FlowRun, step: WaitFor, trigger: Trigger) -> bool:
        """Whether an event has come, or the time for it is over; else the run stays here."""
        now = self.clock.now()
        until = run.moment("until") or now + step.at_most
        came = await _came(unit, run, step, trigger, now)
        if came is None and now < until:
            run.remember(until=until.isoformat())
            await _wait(unit, run, until, f"waiting for {step.words}")
            return False
        run.note = f"{step.words}: {'came' if came else 'did not come'}"
        run.remember(
            until=None,
            came=came is not None,
            since=came.isoformat() if came else run.facts.get("since"),
            due=(now if came else until).isoformat(),
        )
        return True

    async def _do(
        self,
        unit: UnitOfWork,
        run: FlowRun,
        step: Send | AskNps | Escalate | Tag | Webhook,
        trigger: Trigger,
    ) -> str | Later:
        """Carry out one step; returns what came of it, in a merchant's words."""
        if trigger.kind == "score" and not await self._still_scored(unit, run, trigger):
            return "not done: the score was corrected"
        if isinstance(step, Escalate):
            return await self._escalate(unit, run, step)
        if isinstance(step, Tag):
            return await self._tag(unit, run, step)
        if isinstance(step, Webhook):
            await unit.jobs.defer(
                "call_webhook",
                merchant_id=str(run.merchant_id),
                run_id=str(run.id),
                step=run.step,
            )
            return f"called: {step.url}"
        return await self._say(unit, run, step, trigger)

    async def _say(
        self, unit: UnitOfWork, run: FlowRun, step: Send | AskNps, trigger: Trigger
    ) -> str | Later:
        asked = await asked_by(unit, run) if isinstance(step, AskNps) else None
        if asked is not None and await _answered(unit, asked):
            return "not asked: answered already"
        others = await gather(unit, run, step, trigger)
        if isinstance(others, Later):
            return others
        purpose = "feedback" if isinstance(step, AskNps) else step.purpose
        said = step.say if isinstance(step, Send) else _QUESTIONS[asked is not None]
        said = _DIGEST if others else said
        rungs = step.ladder if isinstance(step, Send) else ()
        addressed = await self._address(unit, run, purpose, said, rungs)
        if isinstance(addressed, str):
            return addressed
        moved_on = _moved_on(run, step, addressed.shipment, trigger)
        if moved_on:
            return moved_on
        held = await self._held_back(unit, addressed, step, purpose)
        if held is not None:
            return held
        if isinstance(step, AskNps):
            say, open_for = self._survey(unit, run, addressed, asked), step.open_for
        else:
            parcels = [addressed.shipment, *others.values()]
            say = self._digest(addressed, parcels) if others else self._notice(addressed, step)
            say = replace(say, variables={**say.variables, **kept_ladder(step.ladder)})
            open_for = QUESTION_OPEN_FOR
        good = kept_good((run.moment("due") or run.created_at) + step.good_for)
        say = replace(say, variables={**say.variables, **good})
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
            await told_with(unit, others, addressed.shipment)
        return f"sent by {addressed.identity.channel}" if message else "sent before"

    def _digest(self, addressed: _Addressed, parcels: Sequence[Shipment]) -> Say:
        shown = [parcel_facts(parcel, self.links) for parcel in parcels[:_SHOWN]]
        more = {"count": len(parcels), "parcels": shown}
        return Say(_DIGEST, self._facts(addressed) | more)

    async def _still_scored(self, unit: UnitOfWork, run: FlowRun, trigger: Trigger) -> bool:
        surveys = await unit.feedback.of_shipment(run.merchant_id, run.shipment_id)
        return any(one.score is not None and scored(one.score) == trigger for one in surveys)

    async def _tag(self, unit: UnitOfWork, run: FlowRun, step: Tag) -> str:
        shipment = await unit.shipments.locked(run.merchant_id, run.shipment_id)
        shipment.tag(*step.tags)
        return f"tagged: {', '.join(step.tags)}"

    async def _escalate(self, unit: UnitOfWork, run: FlowRun, step: Escalate) -> str | Later:
        """Give it to a person; soon, where the customer is just arranging something with us."""
        shipment = await unit.shipments.get(run.merchant_id, run.shipment_id)
        thread = (
            await unit.conversations.of_contact(run.merchant_id, shipment.contact_id)
            if shipment.contact_id
            else None
        )
        if thread is None:
            return "nobody to escalate: there is no conversation"
        now = self.clock.now()
        locked = await unit.conversations.get(run.merchant_id, thread.id, lock=True)
        busy = await amid_form(unit, locked, now)
        if busy is not None and now < (run.moment("due") or run.created_at) + _PATIENT_FOR:
            return busy
        changed = await hand_over(unit, locked, step.topic, now, shipment.id)
        return "given to a person" if changed else "with a person already"

    async def _held_back(
        self, unit: UnitOfWork, addressed: _Addressed, step: Send | AskNps, purpose: str
    ) -> Later | None:
        """How long quiet hours, or a bad moment, hold it back; None when it may go."""
        now = self.clock.now()
        policy = await policy_of(unit, addressed.contact.merchant_id)
        allowed = may_go_at(policy, addressed.contact, purpose, now)
        if allowed > now:
            return Later(allowed - now, "quiet hours")
        asks = isinstance(step, AskNps)
        return await not_now(unit, addressed.conversation, now) if asks else None

    async def _address(
        self, unit: UnitOfWork, run: FlowRun, purpose: str, say: str, rungs: Sequence[Rung]
    ) -> _Addressed | str:
        now = self.clock.now()
        shipment = await unit.shipments.get(run.merchant_id, run.shipment_id)
        if shipment.contact_id is None:
            return "nobody to tell: the shipment has neither phone nor e-mail"
        merchant = await unit.merchants.get(run.merchant_id)
        contact = await unit.people.get(run.merchant_id, shipment.contact_id)
        identity = await self.reach(
            unit, merchant, contact, now, say=say, purpose=purpose, rungs=rungs
        )
        if isinstance(identity, str):
            return identity
        conversation = await conversation_with(unit, identity, now)
        return _Addressed(shipment, contact, identity, conversation)

    def _notice(self, addressed: _Addressed, step: Send) -> Say:
        options = tuple(
            {"key": option["key"], "payload": option["payload"]} for option in step.options
        )
        link = {"link": step.link} if step.link else {}
        return Say(step.say, self._facts(addressed) | link, options)

    def _facts(self, addressed: _Addressed) -> dict[str, Any]:
        return notice_facts(addressed.contact, addressed.shipment, self.links)

    def _survey(
        self, unit: UnitOfWork, run: FlowRun, addressed: _Addressed, asked: Survey | None
    ) -> Say:
        survey = asked or Survey(
            id=new_id(),
            merchant_id=addressed.contact.merchant_id,
            contact_id=addressed.contact.id,
            shipment_id=addressed.shipment.id,
            asked_at=self.clock.now(),
        )
        if asked is None:
            unit.add(survey)
            run.remember(survey=str(survey.id))
        question = {
            "loop": FORM,
            "requested": SCORE,
            "slots": {"survey": str(survey.id)},
        }
        return Say(_QUESTIONS[asked is not None], self._facts(addressed), (), question)


_QUESTIONS = ("nps_question", "nps_reminder")
_DIGEST = "flow_digest"
_SHOWN = 5
"""As many parcels as a message has room for."""
_NO_ANSWER = "nps_declined"


async def asked_by(unit: UnitOfWork, run: FlowRun) -> Survey | None:
    """The survey that a run has asked for already."""
    known = run.facts.get("survey")
    return await unit.feedback.survey(run.merchant_id, UUID(known)) if known else None


async def _answered(unit: UnitOfWork, survey: Survey) -> bool:
    """By a score, or by a no: neither is asked again."""
    if survey.score is not None:
        return True
    thread = await unit.conversations.of_contact(survey.merchant_id, survey.contact_id)
    if thread is None:
        return False
    said = await unit.messages.thread(survey.merchant_id, thread.id)
    return any(m.say == _NO_ANSWER and m.created_at >= survey.asked_at for m in said)


async def _came(
    unit: UnitOfWork, run: FlowRun, step: WaitFor, trigger: Trigger, now: datetime
) -> datetime | None:
    """When what a step waits for has come; also when the parcel has been there all the time."""
    since = run.moment("since")
    came = await came_at(unit, run, step.events, since or run.created_at)
    if came is None and since is None:
        shipment = await unit.shipments.get(run.merchant_id, run.shipment_id)
        standing = Trigger("status", shipment.status.value)
        return now if standing in step.events and standing != trigger else None
    return came
