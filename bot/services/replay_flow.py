"""Replay: on the stored past, who would have received what, when, and at what price."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.channels.base import Channel, Cost, Priced, Worded
from bot.domain.conversation import Contact
from bot.domain.errors import Invalid
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
)
from bot.domain.merchant import AccountKind, Merchant, ProviderAccount
from bot.domain.request import Policy
from bot.domain.shipment import Shipment, Standing, Status, TrackingEvent, derive
from bot.services.change_delivery import policy_of
from bot.services.facts import parcel_facts
from bot.services.links import Links
from bot.services.ports import UnitOfWork, Units, Wording, adapter_account
from bot.services.quiet_times import may_go_at
from bot.services.start_flows import is_meant

_PAGE = 200


@dataclass(frozen=True)
class Would:
    """What would have happened at one step of one run. `at` is None when nothing would."""

    reference: str
    contact: str
    """Who, masked."""
    say: str
    at: datetime | None
    channel: str = ""
    cost: Cost | None = None
    why: str = ""
    """Why nothing would have been sent, or what else."""


@dataclass(frozen=True)
class ReplayFlow:
    """Runs a plan over what the carriers told, without sending or storing anything.

    It goes by what was known then: each event sees the history before it, in the order in which
    things happened. Consent is as it is now. Receipts, answers and agents are not simulated: a run
    takes the first channel of the ladder that the contact has, and nobody answers.
    """

    units: Units
    wording: Wording
    links: Links
    channels: Mapping[str, Channel]

    async def __call__(self, merchant: Merchant, plan: Plan, since: datetime) -> list[Would]:
        """Every step that the plan would have taken, by time.

        Raises:
            Invalid: it starts by what is not in the carriers' past.
        """
        if plan.trigger.kind not in {"status", "window"}:
            says = "only flows that a status or a window starts can be replayed"
            raise Invalid((f"trigger.{plan.trigger.kind}", says))
        found: list[Would] = []
        async with self.units() as unit:
            policy = await policy_of(unit, merchant.id)
            accounts = await self._accounts(unit, merchant, plan)
            after: UUID | None = None
            while page := await unit.shipments.page(
                merchant.id, after=after, limit=_PAGE, status=None
            ):
                for shipment in page:
                    past = _Past(merchant, policy, accounts, shipment)
                    found += await self._replay(unit, past, plan, since)
                after = page[-1].id
        return sorted(found, key=lambda would: (would.at is None, would.at or since))

    async def _accounts(
        self, unit: UnitOfWork, merchant: Merchant, plan: Plan
    ) -> dict[str, ProviderAccount]:
        """The merchant's accounts of every channel that the plan may go by."""
        own = [rung for step in plan.steps if isinstance(step, Send) for rung in step.ladder]
        found: dict[str, ProviderAccount] = {}
        for channel in {rung.channel for rung in (*merchant.rungs, *own)}:
            account = await unit.accounts.of(merchant.id, AccountKind.channel, channel)
            if account is not None:
                found[channel] = account
        return found

    async def _replay(
        self, unit: UnitOfWork, past: "_Past", plan: Plan, since: datetime
    ) -> list[Would]:
        shipment = past.shipment
        if shipment.contact_id is None:
            return []
        contact = await unit.people.get(shipment.merchant_id, shipment.contact_id)
        if not await is_meant(unit, plan, shipment):
            return []
        history = await unit.shipments.history(shipment.merchant_id, shipment.id)
        found: list[Would] = []
        begun = False
        for at in _starts(shipment, history, plan):
            if at < since or (begun and plan.repeat == "once"):
                continue
            begun = True
            found += self._run(past, contact, history, plan, at)
        return found

    def _run(
        self,
        past: "_Past",
        contact: Contact,
        history: Sequence[TrackingEvent],
        plan: Plan,
        at: datetime,
    ) -> Iterator[Would]:
        zone, began = ZoneInfo(past.shipment.timezone), at
        run = FlowRun(past.shipment.id, contact.merchant_id, contact.id, contact.id, "", 0, at)
        for step in plan.steps:
            if not step.meant(run):
                continue
            then = _as_it_was(past.shipment, history, at)
            if isinstance(step, Wait | WaitBefore):
                at = step.over_at(at, zone, then.last_day)
            elif isinstance(step, WaitFor):
                came = _came(history, step, began, at)
                run.remember(came=came is not None)
                at = began = came or at + step.at_most
            elif isinstance(step, Tag | Webhook):
                what = step.url if isinstance(step, Webhook) else ", ".join(step.tags)
                verb = "webhook" if isinstance(step, Webhook) else "tag"
                yield Would(then.reference, _masked(contact), f"{verb}: {what}", at)
            else:
                yield self._step(past, contact, then, step, at)

    def _step(
        self,
        past: "_Past",
        contact: Contact,
        then: Shipment,
        step: Send | AskNps | Escalate,
        at: datetime,
    ) -> Would:
        asks = isinstance(step, AskNps)
        say = "nps_question" if asks else getattr(step, "say", "")
        would = Would(then.reference, _masked(contact), say, at)
        if isinstance(step, Escalate):
            return replace(would, say=f"escalate: {step.topic}", why="given to a person")
        if isinstance(step, Send) and step.while_status not in {None, then.status}:
            return replace(would, at=None, why=f"not sent: the parcel was {then.status}")
        goes = may_go_at(past.policy, contact, "feedback" if asks else step.purpose, at)
        if goes - at >= step.good_for:
            return replace(would, at=None, why="not sent: quiet hours, and then too late")
        reached = next(
            (
                (name, account, address)
                for name in _ladder(past.merchant, step)
                if (account := past.accounts.get(name))
                and (address := _address(self.channels[name], contact))
            ),
            None,
        )
        if reached is None:
            return replace(would, at=None, why="not sent: neither phone nor e-mail")
        name, account, address = reached
        cost = self._cost(past.merchant, contact, then, step, account, address, goes)
        why = f"held: quiet hours until {goes:%Y-%m-%d %H:%M} UTC" if goes > at else ""
        return replace(would, at=goes, channel=name, cost=cost, why=why)

    def _cost(  # noqa: PLR0917  a message needs all of them
        self,
        merchant: Merchant,
        contact: Contact,
        then: Shipment,
        step: Send | AskNps,
        account: ProviderAccount,
        address: str,
        at: datetime,
    ) -> Cost | None:
        channel = self.channels[account.name]
        if not isinstance(channel, Priced):
            return None
        say = step.say if isinstance(step, Send) else "nps_question"
        told: dict[str, Any] = {
            "merchant": merchant.name,
            "name": contact.name.split(" ")[0],
            "parcel": parcel_facts(then, self.links),
            "link": self.links.tracking_page(then.id),
        }
        text = self.wording.say(say, told, contact.language, merchant.wording, at)
        adapter = adapter_account(account)
        return channel.cost(adapter, address, channel.render(adapter, Worded(text)))


@dataclass(frozen=True)
class _Past:
    merchant: Merchant
    policy: Policy
    accounts: Mapping[str, ProviderAccount]
    shipment: Shipment


def _ladder(merchant: Merchant, step: Send | AskNps) -> list[str]:
    own = step.ladder if isinstance(step, Send) else ()
    return [rung.channel for rung in own or merchant.rungs]


def _starts(shipment: Shipment, history: Sequence[TrackingEvent], plan: Plan) -> Iterator[datetime]:
    """When the plan's trigger happened, as the history came to be."""
    if plan.trigger == Trigger("status", Status.created.value):
        yield shipment.created_at
    known: list[TrackingEvent] = []
    standing = Standing(Status.created)
    seen = _copy(shipment)
    for event in sorted(history, key=lambda one: (one.at, one.key)):
        known.append(event)
        before, standing = standing, derive(known)
        seen.take(standing)
        reached = standing.event is event and (
            standing.status is not before.status or standing.status is Status.attempt_failed
        )
        if reached and plan.trigger.status is standing.status:
            yield event.at
        if plan.trigger == WINDOW_CHANGED and not reached and seen.told_wrong:
            yield event.at
            seen.tell()
        if seen.told is None or (reached and standing.window is not None):
            # As the shipped flows do: who is told of a status is told its window.
            seen.tell()


def _came(
    history: Sequence[TrackingEvent], step: WaitFor, since: datetime, at: datetime
) -> datetime | None:
    """When what is waited for came; of answers nothing is known here."""
    statuses = {event.status for event in step.events}
    times = [one.at for one in history if one.at > since and one.status in statuses]
    first = min(times, default=None)
    return max(first, at) if first is not None and first <= at + step.at_most else None


def _as_it_was(shipment: Shipment, history: Sequence[TrackingEvent], at: datetime) -> Shipment:
    then = _copy(shipment)
    then.take(derive([event for event in history if event.at <= at]))
    return then


def _copy(shipment: Shipment) -> Shipment:
    """A shipment that belongs to no session, has been told nothing, and is not estimated by us."""
    values: dict[str, Any] = {f.name: getattr(shipment, f.name) for f in fields(Shipment)}
    for name in ("told_start", "told_end", "own_start", "own_end", "own_until"):
        values[name] = None
    values["told_by"] = values["own_by"] = ""
    return Shipment(**values)


def _address(channel: Channel, contact: Contact) -> str:
    details = {"phone": contact.phone, "email": contact.email}
    return details.get(channel.capabilities.address_is or "") or ""


def _masked(contact: Contact) -> str:
    phone = contact.phone or ""
    return f"{phone[:4]}…{phone[-2:]}" if phone else "by e-mail"


def totals(would: Sequence[Would]) -> tuple[int, int, dict[str, Any]]:
    """How many messages, how many pieces of them, and their price by currency."""
    sent = [one for one in would if one.at is not None and one.channel]
    prices: dict[str, Any] = {}
    pieces = 0
    for one in sent:
        if one.cost is None:
            continue
        pieces += one.cost.pieces
        if one.cost.amount is not None:
            prices[one.cost.currency] = prices.get(one.cost.currency, 0) + one.cost.amount
    return len(sent), pieces, prices


LONGEST = timedelta(days=400)
"""How far back a replay may go; carriers' numbers are used again after about that."""
