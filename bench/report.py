"""What comes out: `{name: {"ours", "peer", "ratio", "unit"}}`, and the same as a table."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.load import Played, median
from bench.processes import LIMIT_MB

type Line = dict[str, float | str | None]
type Results = dict[str, Line]

AIMS = {
    "messages_per_second": "at least 0.8",
    "p95_ms_one_customer": "under 2",
    "memory_mb_total": "under 1",
    "notices_per_second": "at least 0.5, or 500/s",
    "notices_per_second_celery": "over 1",
    "notices_per_second_1m_stored": "at least 0.8",
    "acknowledged_p95_ms": "under 1",
    "acknowledged_p95_ms_1m_stored": "under 1.2",
    "events_per_second_10k": "at least 0.25",
    "events_per_second_1m": "at least 0.25",
}
"""The ratios that are aimed at."""


@dataclass(frozen=True)
class Scenario:
    """A load: so many customers at once, so many messages a round."""

    suffix: str
    at_once: int
    messages: int
    receipts: bool = False


def line(ours: float, peer: float | None, unit: str) -> Line:
    """One measure; the ratio is ours to the peer's."""
    return {
        "ours": round(ours, 2),
        "peer": None if peer is None else round(peer, 2),
        "ratio": None if not peer else round(ours / peer, 3),
        "unit": unit,
    }


def of_load(scenario: Scenario, ours: Sequence[Played], peer: Sequence[Played]) -> Results:
    """The measures of one load; the fullest one gives the rate without a suffix."""

    def measured(of: Callable[[Played], float], unit: str) -> Line:
        return line(median(ours, of), median(peer, of), unit)

    name = "_" + scenario.suffix
    rate = "messages_per_second" + ("" if name == "_16_customers" else name)
    return {
        rate: measured(lambda played: played.rate, "1/s"),
        f"p50_ms{name}": measured(lambda played: played.quantile(0.5), "ms"),
        f"p95_ms{name}": measured(lambda played: played.quantile(0.95), "ms"),
        f"work_ms{name}": measured(lambda played: played.work_of_one, "ms of a core a message"),
        **{
            f"work_ms{name}_{process}": measured(
                lambda played, p=process: played.work[p] / len(played.latencies) * 1000,
                "ms of a core a message",
            )
            for process in ours[0].work
            if process != "clock"
        },
    }


def of_memory(held: Mapping[str, float]) -> Results:
    """The processes one by one, and their sum against the limit."""
    one_by_one = {f"memory_mb_{name}": line(mb, None, "MB") for name, mb in held.items()}
    return {"memory_mb_total": line(sum(held.values()), LIMIT_MB, "MB"), **one_by_one}


def table(results: Results) -> str:
    """The results for people."""
    width = max(len(name) for name in results)
    rows = [f"{'':{width}}  {'ours':>9} {'peer':>9} {'ratio':>7}  aim of the ratio"]
    for name, measured in results.items():
        cells = [f"{measured['ours']:>9}"]
        cells += [f"{'' if measured[k] is None else measured[k]:>{w}}" for k, w in _COLUMNS]
        rows.append(f"{name:{width}}  {' '.join(cells)}  {AIMS.get(name, '')}".rstrip())
    return "\n".join(rows)


_COLUMNS = (("peer", 9), ("ratio", 7))


def say(words: str) -> None:
    """Tell whoever waits how far it has come."""
    print(words, file=sys.stderr, flush=True)


def keep(results: Results, out: Path) -> None:
    """Add the results to the file in which those of other benches may stand, and show them."""
    before: Results = json.loads(out.read_text()) if out.exists() else {}
    out.write_text(json.dumps(before | results, indent=2) + "\n")
    print(f"\n{table(results)}\n\nWritten to {out}")
