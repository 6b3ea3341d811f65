"""`dead-letters`: the jobs that were given up, for a person to decide about."""

import argparse
import json
import sys
from collections.abc import Sequence

from bot.commands.application import with_application
from bot.commands.common import CommandError
from bot.domain.errors import Permanent
from bot.jobs.failures import DeadLetter, Failures
from bot.logs import mask
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="show them, the newest last")
    for name, words in (
        ("replay", "have them done again, at once"),
        ("drop", "forget them for good"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("jobs", metavar="JOB", nargs="*", type=int, help="numbers of jobs")
        action.add_argument("--all", action="store_true", help="all of them")


def run(options: argparse.Namespace) -> int:
    """List, replay or drop; 1 when some are better left, 2 when a number is none of theirs."""

    async def act(application: Application) -> int:
        failures = Failures(application.database.engine)
        if options.action == "list":
            return await _list(failures)
        known = {letter.job: letter for letter in await failures.dead_letters()}
        chosen = set(known) if options.all else set(options.jobs)
        if not chosen and not options.all:
            raise CommandError("say which: numbers from `dead-letters list`, or --all")
        if unknown := sorted(chosen - set(known)):
            raise CommandError(f"no dead letter: {', '.join(map(str, unknown))}; nothing was done")
        if options.action == "replay":
            letters = [letter for letter in known.values() if letter.job in chosen]
            return await _replay(application, failures, letters)
        for job in sorted(chosen):
            await failures.drop(job)
        print(f"{len(chosen)} dropped")
        return 0

    return with_application(act)


async def _replay(
    application: Application, failures: Failures, letters: Sequence[DeadLetter]
) -> int:
    """Have them done again; 1 where some are better left, each with the reason."""
    left = 0
    for letter in letters:
        try:
            await application.services.redo(letter.task, letter.arguments)
        except Permanent as error:
            left += 1
            print(f"{letter.job} is left as it is: {error}", file=sys.stderr)
        else:
            await failures.replay(letter.job)
    print(f"{len(letters) - left} will be done again")
    return 1 if left else 0


async def _list(failures: Failures) -> int:
    letters = await failures.dead_letters()
    for letter in letters:
        when = letter.at.isoformat(timespec="seconds") if letter.at else "some time ago"
        print(f"{letter.job}  {letter.task}  {mask(json.dumps(letter.arguments))}")
        print(f"    given up {when} after {letter.attempts} attempts: {letter.reason}")
    print(f"{len(letters)} dead letter{'' if len(letters) == 1 else 's'}")
    return 0
