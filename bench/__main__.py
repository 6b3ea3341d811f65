"""Measure, print a table and write `var/bench.json`. Run by `make bench`."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.measure import PEOPLE, UnfairError, ready, tell
from bench.people import QUESTIONS
from bench.report import Results, table
from bench.stack import StackError
from bench.ways import UnansweredError
from bot.dialogue import training
from bot.run import local


async def run(model: Path, rounds: int) -> Results:
    """Start everything in a folder of its own, measure, and leave nothing behind."""
    var = local.var_folder()
    var.mkdir(parents=True, exist_ok=True)
    # Beside the product's own database: on the same disk.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=var) as folder:
        tell("starting everything; the engine takes longest ...")
        async with ready(Path(folder), model) as bench:
            tell(f"{PEOPLE} customers ask {len(QUESTIONS)} questions in turn")
            return await bench.measure(rounds)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; 1 when there is nothing to be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of each load and way")
    parser.add_argument("--out", type=Path, default=local.var_folder() / "bench.json")
    parser.add_argument("--model", type=Path, help="another model than the present one")
    given = parser.parse_args(argv)
    try:
        results = asyncio.run(run(given.model or training.train(), given.rounds))
    except (StackError, UnansweredError, UnfairError, training.TrainingFailedError) as error:
        print(f"The bench has failed: {error}", file=sys.stderr)
        return 1
    given.out.write_text(json.dumps(results, indent=2) + "\n")
    print(f"\n{table(results)}\n\nWritten to {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
