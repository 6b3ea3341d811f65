"""One run: the stack comes up, people talk through the storm, and what they saw is judged."""

import asyncio
import contextlib
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg

from bot.services.fall_back import OVERTAKEN
from faults.people import People
from faults.storm import Storm
from faults.verdict import Verdict, judge_notices, judge_talk
from tests.stack import Stack, running_stack

_SETTLED_WITHIN = 240.0
_SOON = timedelta(minutes=30)
_UPKEEP = (
    *("sweep_stalled_jobs", "prune", "sync_templates"),
    *("mind_desk", "poll_carriers", "run_schedules"),
)
# What is due within the hour; a reminder in three days is not left behind.
_LEFT = """
    SELECT task_name, status::text, count(*) AS count FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND NOT task_name = ANY(%s) AND id > %s
    AND coalesce(scheduled_at, now()) < now() + %s
    GROUP BY task_name, status ORDER BY task_name, status
"""
_LAST_JOB = "SELECT last_value AS id FROM procrastinate_jobs_id_seq"
_DOUBTFUL = """
    SELECT identity.address FROM messages message
    JOIN identities identity ON identity.id = message.identity_id
    WHERE message.doubts > 0 OR message.error LIKE 'nobody knows%%'
"""
# The addresses of those who were told of something later, by another channel, before.
_OVERTAKEN = """
    SELECT contact.phone FROM messages message
    JOIN conversations thread ON thread.id = message.conversation_id
    JOIN contacts contact ON contact.id = thread.contact_id
    WHERE message.error LIKE %s
"""
_WHY_DEAD = """
    SELECT job.task_name, failure.reason FROM procrastinate_jobs job
    LEFT JOIN job_failures failure ON failure.job_id = job.id
    WHERE job.status = 'failed' AND job.id > %s
"""
_MUTE = """
    SELECT id::text FROM messages WHERE status = 'failed' AND error = '' AND created_at >= %s
"""


@dataclass(frozen=True)
class Plan:
    """How much is said, and by which dice it is struck."""

    seed: int
    talkers: int = 30
    messages: int = 60
    """Of each talker."""
    parcels: int = 100
    calm: float = 10.0
    """Seconds between two deaths, on average."""
    rest: float = 45.0
    """Seconds that one victim is left alone: the supervisor waits longer each time that it dies soon."""
    spared: tuple[str, ...] = ()
    """Of the storm's victims."""


@dataclass(frozen=True)
class Beginning:
    """What was there before belongs to others: the last job, and the moment by the house's clock."""

    job: int
    at: datetime


async def run(plan: Plan, var: Path) -> tuple[Verdict, Counter[str]]:
    """Start everything in a folder of its own, let it storm, and judge."""
    with running_stack(var, SANDBOX_LATENCY="0.05") as stack:
        return await storm_over(stack, plan)


async def storm_over(stack: Stack, plan: Plan) -> tuple[Verdict, Counter[str]]:
    """Let it storm over a running house, and judge what was said meanwhile."""
    limit = aiohttp.TCPConnector(limit=0)
    patience = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(connector=limit, timeout=patience) as http:
        people = People(stack, http, random.Random(plan.seed))  # noqa: S311  not a secret
        dice = random.Random(plan.seed + 1)  # noqa: S311  not a secret
        storm = Storm(stack, http, dice, calm=plan.calm, rest=plan.rest, spared=plan.spared)
        began = Beginning(stack.rows(_LAST_JOB)[0]["id"], await people.now())
        blowing = asyncio.create_task(storm.blow())
        _say(f"{plan.talkers} people talk, {plan.parcels} parcels move, everything dies")
        talks, phones = await _all(people, plan)
        blowing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await blowing
        await storm.pass_over()
        _say("the storm is over; waiting for what is still under way")
        verdict = Verdict()
        await _settled(stack, began)
        await people.wait_for_the_score()
        verdict.problems += await _settled(stack, began)
        await _judge(stack, people, talks, phones, verdict, began)
        return verdict, storm.struck


async def _all(people: People, plan: Plan) -> tuple[list[tuple[str, str]], list[str]]:
    talks = asyncio.gather(*(people.talk(n, plan.messages) for n in range(plan.talkers)))
    at_once = asyncio.Semaphore(10)

    async def parcel(place: int) -> str:
        async with at_once:
            return await people.expect(place)

    parcels = asyncio.gather(*(parcel(n) for n in range(plan.parcels)))
    return await talks, await parcels


async def _settled(stack: Stack, began: Beginning) -> list[str]:
    """Wait until no job is left that is due and not upkeep; those that stay."""
    deadline = time.monotonic() + _SETTLED_WITHIN
    left: list[dict[str, Any]] = []
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError):
            left = stack.rows(_LEFT, list(_UPKEEP), began.job, _SOON)
            if not left:
                break
        await asyncio.sleep(1)
    return [f"left behind: {row['count']} {row['task_name']} {row['status']}" for row in left]


async def _judge(
    stack: Stack,
    people: People,
    talks: list[tuple[str, str]],
    phones: list[str],
    verdict: Verdict,
    began: Beginning,
) -> None:
    doubtful = {row["address"] for row in stack.rows(_DOUBTFUL)}
    telegram = {str(phone["telegram_id"]): phone["number"] for phone in await _phones(people)}
    numbers = {telegram.get(address, address) for address in doubtful}
    for number, channel in talks:
        bubbles = await people.thread(number, channel)
        doubt = number in numbers
        unknowable = doubt and channel == "telegram"
        judge_talk(verdict, f"{number} {channel}", bubbles, doubt=doubt, unknowable=unknowable)
    overtaken = {row["phone"] for row in stack.rows(_OVERTAKEN, f"%{OVERTAKEN}")}
    for phone in phones:
        judge_notices(
            verdict,
            phone,
            await people.told(phone),
            doubt=phone in numbers,
            overtaken=phone in overtaken,
        )
    for row in stack.rows(_WHY_DEAD, began.job):
        verdict.problems.append(f"given up: {row['task_name']}: {row['reason']}")
    for row in stack.rows(_MUTE, began.at):
        verdict.problems.append(f"failed without a reason: message {row['id']}")


async def _phones(people: People) -> list[dict[str, Any]]:
    async with people.http.get(f"{people.stack.sandbox}/phones?all=1") as answer:
        return (await answer.json())["phones"]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
