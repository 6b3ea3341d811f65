"""A small storm: while everything dies, nothing is lost, doubled or out of order. See docs/faults.md."""

from pathlib import Path

from faults.run import Plan, run


async def test_nothing_is_lost_or_doubled_in_a_storm(tmp_path: Path) -> None:
    plan = Plan(seed=1, talkers=6, messages=6, parcels=6)
    verdict, struck = await run(plan, tmp_path / "var", tell=lambda _: None)
    assert verdict.problems == []
    assert sum(count for name, count in struck.items() if name.startswith("killed")) >= 2
