"""The bench of events, on a small house."""

from pathlib import Path

import pytest

from bench import events


async def test_events_are_measured_beside_the_bare_insert_of_the_same_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOORSTEP_VAR", str(tmp_path))
    monkeypatch.setattr(events, "ROUNDS", 1)
    measured = await events.run({"small": 400}, seconds=1)
    assert list(measured) == ["events_per_second_small", "events_per_second_one_at_a_time_small"]
    one = measured["events_per_second_one_at_a_time_small"]
    assert one["unit"] == "1/s"
    assert float(one["ours"] or 0) > 1
    assert float(one["peer"] or 0) > float(one["ours"] or 0)
