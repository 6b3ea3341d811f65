"""A training does not outlive who asked for it."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

RASA = """#!/bin/sh
echo $$ > pid
exec sleep 60
"""
TRAIN = """
import sys
from pathlib import Path
from bot.dialogue import training
training._run_rasa(Path(sys.argv[1]), Path(sys.argv[1]), "model.tar.gz")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's death")
def test_a_training_ends_with_its_parent_even_a_killed_one(tmp_path: Path) -> None:
    rasa = tmp_path / "engine" / ".venv" / "bin" / "rasa"
    rasa.parent.mkdir(parents=True)
    rasa.write_text(RASA)
    rasa.chmod(0o755)
    pid = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", TRAIN, str(tmp_path)]) as parent:
        deadline = time.monotonic() + 20
        while not (pid.exists() and pid.read_text().strip()) and time.monotonic() < deadline:
            time.sleep(0.05)
        training = psutil.Process(int(pid.read_text()))
        parent.kill()
    try:
        training.wait(5)
    finally:
        if training.is_running():
            training.kill()
