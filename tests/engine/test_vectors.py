"""The kept vectors of the training sentences are those of the encoder, and none is missing."""

import subprocess

from bot.dialogue.training import ROOT, engine_environment, engine_program


def test_every_training_sentence_has_its_own_vector() -> None:
    done = subprocess.run(
        [str(engine_program("python")), "-m", "engine.keep_vectors", "--check"],
        cwd=ROOT,
        env=engine_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
