"""The bench of notices, at a size that says nothing about speed but everything about whether it runs."""

from pathlib import Path

import pytest

from bench import notices
from bench.notices import Loads, run


async def test_every_notice_goes_and_every_message_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOORSTEP_VAR", str(tmp_path))
    # Celery is a peer, not a part: its environment would have to be fetched first.
    monkeypatch.setattr(notices.shutil, "which", lambda _: None)
    results = await run(Loads(sizes=(40, 80), notices=5, rounds=1, workers=1, acks=10))
    assert results.keys() == {
        "notices_per_second",
        "acknowledged_p50_ms",
        "acknowledged_p95_ms",
        "notices_per_second_80_stored",
        "acknowledged_p95_ms_80_stored",
    }
    assert all(float(one["ours"] or 0) > 0 for one in results.values())
    assert float(results["notices_per_second"]["peer"] or 0) > 0
