"""`flow`: a merchant's messaging flows, from the file to what they would have done."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.commands.application import merchant_named, with_application
from bot.commands.common import CommandError, checked_file
from bot.domain.errors import Invalid
from bot.domain.flow import Plan
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
        action.add_argument("--merchant", help="whose; needed when there are several")


def run(options: argparse.Namespace) -> int:
    """Do it; 2 when a file or a name is wrong."""

    async def act(application: Application) -> int:
        merchant = await merchant_named(application, options.merchant)
        publish = application.services.publish_flow
        if options.action == "check":
            _, plan = _checked(options.file, application, merchant)
            print(f"{options.file.name}: {len(plan.steps)} steps, nothing wrong")
        elif options.action == "publish":
            await _publish(application, merchant, None if options.shipped else options.file)
        elif options.action == "roll-back":
            flow = await publish.roll_back(merchant.id, options.name, options.to)
            print(f"{flow.name}: version {flow.version} is active")
        elif options.action == "stop":
            await publish.stop(merchant.id, options.name)
            print(f"{options.name}: stopped; runs that have begun go on to their end")
        elif options.action == "result":
            await _result(application, merchant, options.name, options.version)
        elif options.action == "webhook-secret":
            print(application.services.hooks.secret(merchant.id))
        elif options.action == "replay":
            await _replay(application, merchant, options.name, options.since)
        else:
            await _list(application, merchant)
        return 0

    return with_application(act)


async def _publish(application: Application, merchant: Merchant, file: Path | None) -> None:
    """Publish a file; without one, what is shipped and not there yet."""
    publish = application.services.publish_flow
    if file is None:
        for name, became in await publish.shipped(merchant.id, shipped()):
            print(f"{name}: {became}")
        return
    document, _ = _checked(file, application, merchant)
    flow = await publish(merchant.id, file.stem, document)
    print(f"{flow.name}: version {flow.version} is active")


def _checked(
    file: Path, application: Application, merchant: Merchant
) -> tuple[dict[str, Any], Plan]:
    known = sayable(application.services.wording, merchant)
    return checked_file(file, lambda text: check_flow(text, known))


async def _list(application: Application, merchant: Merchant) -> None:
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


async def _result(
    application: Application, merchant: Merchant, name: str, version: int | None
) -> None:
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


async def _replay(application: Application, merchant: Merchant, name: str, since_text: str) -> None:
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
