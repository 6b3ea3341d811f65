"""`flow`: a merchant's messaging flows, from the file to what they would have done."""

import argparse
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands.application import merchant_named, merchant_option, with_application
from bot.commands.common import CommandError, checked_file
from bot.domain.errors import Invalid
from bot.domain.flow import Plan
from bot.domain.flow_run import stands
from bot.domain.merchant import Merchant
from bot.domain.read_flow import read_flow
from bot.flows import shipped
from bot.services.flow_result import flow_result
from bot.services.publish_flow import active_flow, check_flow, sayable, version_of
from bot.services.replay_flow import LONGEST, Would, totals
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="show them with their versions and runs")
    runs = actions.add_parser("runs", help="where each of its runs stands, and why")
    runs.add_argument("name", metavar="FLOW")
    runs.add_argument("--all", action="store_true", help="those that are finished as well")
    runs.add_argument("--limit", type=int, default=50, metavar="N", help="the last N; else 50")
    check = actions.add_parser("check", help="read a file, and say what is wrong with it")
    check.add_argument("file", type=Path, metavar="FILE.yml")
    publish = actions.add_parser(
        "publish", help="make a file the next version of the flow of its name"
    )
    what = publish.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?", metavar="FILE.yml")
    what.add_argument(
        "--shipped",
        action="store_true",
        help="those that came with an upgrade; where you have your own it becomes a draft",
    )
    back = actions.add_parser("roll-back", help="make an earlier version the active one")
    back.add_argument("name", metavar="FLOW")
    back.add_argument("--to", type=int, metavar="VERSION", help="which; else the one before")
    move = actions.add_parser("move", help="let runs that have begun go on by another version")
    move.add_argument("name", metavar="FLOW")
    move.add_argument("--to", type=int, metavar="VERSION", help="which; else the active one")
    stop = actions.add_parser("stop", help="start no more runs of it")
    stop.add_argument("name", metavar="FLOW")
    result = actions.add_parser("result", help="how many runs of each variant reached the goal")
    result.add_argument("name", metavar="FLOW")
    result.add_argument("--version", type=int, help="which; else the active one")
    actions.add_parser("webhook-secret", help="what your system checks our calls with")
    replay = actions.add_parser("replay", help="what it would have sent, without sending")
    replay.add_argument("name", metavar="FLOW", help="a flow of the merchant's, or a FILE.yml")
    replay.add_argument("--since", required=True, metavar="DATE", help="as in 2026-11-01")
    for action in actions.choices.values():
        merchant_option(action)


def run(options: argparse.Namespace) -> int:
    """Do it; 2 when a file or a name is wrong."""

    async def act(application: Application) -> int:
        merchant = await merchant_named(application, options.merchant)
        await _ACTIONS[options.action](application, merchant, options)
        return 0

    return with_application(act)


async def _check(application: Application, merchant: Merchant, asked: argparse.Namespace) -> None:
    _, plan = _checked(asked.file, application, merchant)
    print(f"{asked.file.name}: {len(plan.steps)} steps, nothing wrong")


async def _roll_back(
    application: Application, merchant: Merchant, asked: argparse.Namespace
) -> None:
    flow = await application.services.publish_flow.roll_back(merchant.id, asked.name, asked.to)
    print(f"{flow.name}: version {flow.version} is active")


async def _move(application: Application, merchant: Merchant, asked: argparse.Namespace) -> None:
    moved = await application.services.move_runs(merchant.id, asked.name, asked.to)
    print(f"{asked.name}: {moved.runs} go on by version {moved.version}")
    for why, count in moved.left.items():
        print(f"    {count} finish on the version that they began with: {why}")


async def _stop(application: Application, merchant: Merchant, asked: argparse.Namespace) -> None:
    await application.services.publish_flow.stop(merchant.id, asked.name)
    print(f"{asked.name}: stopped; runs that have begun go on to their end")


async def _secret(application: Application, merchant: Merchant, _: argparse.Namespace) -> None:
    print(application.services.hooks.secret(merchant.id))


async def _publish(application: Application, merchant: Merchant, asked: argparse.Namespace) -> None:
    """Publish a file; without one, what is shipped and not there yet."""
    publish = application.services.publish_flow
    if asked.shipped:
        for name, became in await publish.shipped(merchant.id, shipped()):
            print(f"{name}: {became}")
        return
    document, _ = _checked(asked.file, application, merchant)
    flow = await publish(merchant.id, asked.file.stem, document)
    print(f"{flow.name}: version {flow.version} is active")


def _checked(
    file: Path, application: Application, merchant: Merchant
) -> tuple[dict[str, Any], Plan]:
    services = application.services
    known = sayable(services.wording, merchant)
    return checked_file(file, lambda text: check_flow(text, known, services.channels))


async def _list(application: Application, merchant: Merchant, _: argparse.Namespace) -> None:
    async with application.database() as unit:
        flows = await unit.flows.every(merchant.id)
        standing = await unit.flows.standing(merchant.id)
    for flow in flows:
        runs = standing.get(flow.id, {})
        state = "active" if flow.active else "not active"
        print(f"{flow.name}  version {flow.version}  {state}")
        for note, count in sorted(runs.items(), key=lambda item: -item[1]):
            print(f"    {count} × {note or 'begun'}")
    print(f"{len(flows)} version{'' if len(flows) == 1 else 's'} of {merchant.name}")


async def _runs(application: Application, merchant: Merchant, asked: argparse.Namespace) -> None:
    async with application.database.reading() as unit:
        await active_flow(unit, merchant.id, asked.name)
        found = await unit.flows.instances(
            merchant.id, asked.name, unfinished=not asked.all, before=None, limit=asked.limit
        )
    for run, flow, shipment in found:
        zone = ZoneInfo(shipment.timezone)
        begun = f"{run.created_at.astimezone(zone):%Y-%m-%d %H:%M}"
        where = "finished" if run.finished_at else f"step {run.step + 1}"
        print(
            f"{begun}  {shipment.reference}  version {flow.version}  {where}  {stands(run, zone)}"
        )
    print(f"{len(found)} run{'' if len(found) == 1 else 's'} of {asked.name}")


async def _result(application: Application, merchant: Merchant, asked: argparse.Namespace) -> None:
    name, version = asked.name, asked.version
    async with application.database() as unit:
        flow = await version_of(unit, merchant.id, name, version)
        try:
            results = await flow_result(unit, flow, application.clock.now())
        except Invalid as error:
            raise CommandError(f"{name}: {error}") from None
    print(f"{flow.name}  version {flow.version}")
    for one in results:
        low, high = one.interval
        print(
            f"    {one.name or 'all':12}  {one.reached} of {one.runs}  {one.share:.1%}"
            f"  (95 %: {low:.1%} to {high:.1%})  {one.still_open} not counted yet"
        )


async def _replay(application: Application, merchant: Merchant, asked: argparse.Namespace) -> None:
    name, since_text = asked.name, asked.since
    try:
        since = datetime.fromisoformat(since_text)
    except ValueError:
        raise CommandError(f"--since: {since_text!r} must be a date like 2026-11-01") from None
    since = since if since.tzinfo else since.replace(tzinfo=UTC)
    if application.clock.now() - since > LONGEST:
        raise CommandError(f"--since: at most {LONGEST.days} days back")
    if name.endswith((".yml", ".yaml")):
        _, plan = _checked(Path(name), application, merchant)
    else:
        async with application.database() as unit:
            plan = read_flow((await active_flow(unit, merchant.id, name)).document)
    try:
        would = await application.services.replay_flow(merchant, plan, since)
    except Invalid as error:
        raise CommandError(f"{name}: {error}") from None
    for one in would:
        print(_line(one))
    messages, pieces, prices = totals(would)
    money = ", ".join(f"{amount} {currency}" for currency, amount in prices.items())
    print(
        f"{messages} messages, {pieces} paid for{f', {money}' if money else ''}; nothing was sent"
    )


def _line(one: Would) -> str:
    when = f"{one.at:%Y-%m-%d %H:%M}" if one.at else "-" * 16
    cost = one.cost
    price = f"{cost.pieces} × {cost.amount} {cost.currency}" if cost and cost.amount else ""
    parts = (when, one.reference, one.contact, one.say, one.channel, price, one.why)
    return "  ".join(part for part in parts if part)


_ACTIONS: Mapping[str, Callable[[Application, Merchant, argparse.Namespace], Awaitable[None]]] = {
    "list": _list,
    "runs": _runs,
    "check": _check,
    "publish": _publish,
    "roll-back": _roll_back,
    "move": _move,
    "stop": _stop,
    "result": _result,
    "webhook-secret": _secret,
    "replay": _replay,
}
