"""The command line of `make faults`."""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.run import local
from faults.run import Plan, run


def main(argv: Sequence[str] | None = None) -> int:
    """Run it; 1 when something was lost, doubled, out of order or left behind."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    parser.add_argument("--talkers", type=int, default=Plan.talkers)
    parser.add_argument("--messages", type=int, default=Plan.messages, help="of each talker")
    parser.add_argument("--parcels", type=int, default=Plan.parcels)
    given = parser.parse_args(argv)
    plan = Plan(given.seed, given.talkers, given.messages, given.parcels)
    print(f"seed {plan.seed}", file=sys.stderr)
    began = time.monotonic()
    var = local.var_folder()
    var.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="faults-", dir=var) as folder:
        verdict, struck = asyncio.run(run(plan, Path(folder)))
    for name, count in sorted(struck.items()):
        print(f"{count:6}  {name}")
    said = plan.talkers * plan.messages
    print(f"{verdict.answered:6}  of {said} messages (and the greetings) answered")
    print(f"{verdict.told:6}  of {plan.parcels * 3} notices seen")
    print(f"{verdict.apologies:6}  honest lines while something was down")
    for title, lines in (
        ("overtaken by later news, and not told after them", verdict.overtaken),
        ("doubtful, and known to be", verdict.doubtful),
        ("WRONG", verdict.problems),
    ):
        print(f"{len(lines):6}  {title}")
        for line in lines:
            print(f"        {line}")
    print(
        f"{time.monotonic() - began:.0f} s, seed {plan.seed}: {'passed' if verdict.passed else 'FAILED'}"
    )
    return 0 if verdict.passed else 1


if __name__ == "__main__":
    sys.exit(main())
