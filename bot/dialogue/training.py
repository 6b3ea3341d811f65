"""Training of the model that reads messages: only when what it is made of has changed.

Run as `python -m bot.dialogue.training [--force]`. Uses the standard library alone, because it
runs before anything else does; the training itself happens in the engine's own Python.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What a model is made of, relative to the root; folders count with all that is below them.
INPUTS = (
    *("config.yml", "domain.yml", "data"),
    *("engine/components", "engine/tuned.npz", "engine/uv.lock"),
)
KEPT_MODELS = 2
_TETHER = ROOT / "bot" / "run" / "tether.py"


class TrainingFailedError(RuntimeError):
    """Rasa refused the data or the configuration; its own output says why."""


def fingerprint(root: Path = ROOT) -> str:
    """Sixteen hex digits that change when, and only when, a training input changes.

    Raises `FileNotFoundError` when one of the inputs is missing.
    """
    digest = hashlib.sha256()
    for path in _input_files(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def model_path(root: Path = ROOT) -> Path:
    """Where the model of the present inputs is, or will be once trained."""
    return root / "models" / f"doorstep-{fingerprint(root)}.tar.gz"


def train(*, force: bool = False, root: Path = ROOT) -> Path:
    """Train unless the model is there already (or `force`); returns the model's path.

    Takes some minutes. Raises `TrainingFailedError` when Rasa does not accept the inputs;
    an earlier model is untouched then.
    """
    models = root / "models"
    models.mkdir(exist_ok=True)
    with _one_at_a_time(models / ".training"):
        target = model_path(root)
        if target.exists() and not force:
            return target
        with tempfile.TemporaryDirectory(dir=models, prefix=".training-") as scratch:
            started = time.monotonic()
            print(f"Training the language model ({target.name}), some minutes ...")
            made = _run_rasa(root, Path(scratch), target.name)
            made.replace(target)  # readers see the whole model or none
        _prune(models, target)
        print(f"Trained in {time.monotonic() - started:.0f} s.")
    return target


def engine_environment(root: Path = ROOT) -> dict[str, str]:
    """The environment that every process of the engine needs."""
    return {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHONUNBUFFERED": "1",
        # Libraries of Rasa's age complain at every start about what is long settled.
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # One short message gains nothing from threads, which only fight over the cores.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        # Otherwise a crash is also reported to a third party.
        "RASA_TELEMETRY_ENABLED": "false",
    }


def engine_program(name: str, root: Path = ROOT) -> Path:
    """The path of a program of the engine's environment; says how to make it when missing."""
    program = root / "engine" / ".venv" / "bin" / name
    if not program.exists():
        raise FileNotFoundError(f"{program} is missing: run `make install` (uv sync in engine/)")
    return program


def _input_files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        start = root / name
        if start.is_file():
            yield start
        elif start.is_dir():
            yield from sorted(path for path in start.rglob("*") if _counts(path))
        else:
            raise FileNotFoundError(f"training input {name} is missing under {root}")


def _counts(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")


@contextmanager
def _one_at_a_time(lock: Path) -> Generator[None]:
    """`make run` and `make test` side by side train once; the system frees a dead one's lock."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _run_rasa(root: Path, scratch: Path, name: str) -> Path:
    command = [
        # Ends with us, however we end: a training left alone goes on for minutes.
        *(sys.executable, "-I", "-S", str(_TETHER)),
        *(str(os.getpid()), str(int(signal.SIGTERM)), "-"),
        *(str(engine_program("rasa", root)), "train", "--force"),
        *("--config", "config.yml", "--domain", "domain.yml", "--data", "data"),
        *("--out", str(scratch), "--fixed-model-name", name.removesuffix(".tar.gz")),
    ]
    # Rasa's cache does not notice changes of helper functions; ours is by the fingerprint.
    env = {**engine_environment(root), "RASA_CACHE_DIRECTORY": str(scratch / "cache")}
    said: list[str] = []
    with subprocess.Popen(
        command, cwd=root, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if step := _progress(line):
                print(f"  {step}", flush=True)
    made = scratch / name
    if process.returncode != 0 or not made.exists():
        sys.stdout.writelines(said[-80:])
        raise TrainingFailedError(f"rasa train ended with {process.returncode} and left no model")
    return made


def _progress(line: str) -> str | None:
    """What a line of Rasa's tells someone who waits; most tell nothing."""
    _, _, text = line.partition("  - ")
    telling = ("Started validating", "Starting to train", "Finished training", "No story structure")
    return text.strip() if text.startswith(telling) else None


def _prune(models: Path, current: Path) -> None:
    others = [path for path in models.glob("doorstep-*.tar.gz") if path != current]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[KEPT_MODELS - 1 :]:
        path.unlink(missing_ok=True)
    for left in models.glob(".training-*"):  # of a training that was killed
        shutil.rmtree(left, ignore_errors=True)


def main(argv: list[str] | None = None) -> int:
    """Train from the command line; 1 when Rasa refuses the inputs."""
    parser = argparse.ArgumentParser(description="Train the language model if it is out of date.")
    parser.add_argument("--force", action="store_true", help="train even when nothing changed")
    force: bool = parser.parse_args(argv).force
    try:
        print(f"Model: {train(force=force)}")
    except (TrainingFailedError, FileNotFoundError) as error:
        print(f"Training failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
