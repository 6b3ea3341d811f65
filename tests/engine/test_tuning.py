"""Tuning the second encoder: checked where it runs, in the engine's own Python."""

import subprocess

from bot.dialogue.training import ROOT, engine_environment, engine_program


def test_what_is_tuned_is_what_is_run() -> None:
    done = subprocess.run(
        [str(engine_program("python")), "-m", "engine.tuning.check"],
        cwd=ROOT,
        env=engine_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert done.stdout.splitlines()[-1] == "what_is_new_is_learned_beside_half_as_much_of_the_old"
