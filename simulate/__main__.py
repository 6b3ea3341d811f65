"""The command line of `make simulate`."""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.domain.eta import eta_report
from bot.domain.nps import nps_report
from bot.run import local
from bot.run.postgres import served
from simulate.check import Findings
from simulate.month import DAYS
from simulate.parts import Part, in_parts
from simulate.report import page


def main(argv: Sequence[str] | None = None) -> int:
    """Run it; 1 when something that must hold does not."""
    parser = argparse.ArgumentParser(prog="python -m simulate", description=__doc__)
    parser.add_argument("--parcels", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(argv)
    began = time.monotonic()
    var = local.var_folder()
    var.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="simulate-", dir=var) as folder,
        served(Path(folder) / "postgres") as url,
    ):
        parts = in_parts(url, given.parcels, given.seed, given.processes)
    findings = Findings.of([part.findings for part in parts])
    facts = _facts(parts, given.parcels, given.seed)
    facts["seconds it took"] = round(time.monotonic() - began)
    kept = eta_report([arrival for part in parts for arrival in part.arrivals])
    scores = nps_report(score for part in parts for score in part.scores)
    file = var / "simulate.html"
    file.write_text(page("A simulated month", facts, findings, kept, scores), encoding="utf-8")
    for name, value in facts.items():
        print(f"{value!s:>8}  {name}")
    for line in findings.wrong:
        print(f"   WRONG  {line}")
    print(f"{'FAILED' if findings.wrong else 'passed'}; drawn in {file}")
    return 1 if findings.wrong else 0


def _facts(parts: Sequence[Part], parcels: int, seed: int) -> dict[str, object]:
    counts = sum((part.counts for part in parts), Counter[str]())
    return {
        "parcels": parcels,
        "days": DAYS,
        "carriers": 4,
        "events told (late, twice and out of order among them)": counts["events"],
        "messages sent": counts["sent"],
        "customers who answered a failed attempt": counts["said was_in"] + counts["said was_out"],
        "scores": counts["scores"],
        "customers who said STOP": counts["stopped"],
        "seed": seed,
        "processes, with a database each": len(parts),
    }


if __name__ == "__main__":
    sys.exit(main())
