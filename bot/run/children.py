"""The processes that make up Doorstep on one machine, in the order in which they stop."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.dialogue.training import engine_environment, engine_program
from bot.run.local import Ports
from bot.run.process import Child
from bot.settings import ROOT

# No new work first, then what works, then what it asks.
_ENTRANCES, _WORKERS, _ASKED = 1, 2, 3
# What is not ours, the engine and the sandbox, has no business with these.
_NOT_FOR_OTHERS = ("SECRET_KEY", "CONTROL_TOKEN", "METRICS_TOKEN", "DATABASE_URL")


def product_children(environ: Mapping[str, str]) -> list[Child]:
    """Our own processes."""
    env = {**environ, "PYTHONUNBUFFERED": "1"}
    return [
        _command("gateway", env, _ENTRANCES),
        _command("clock", env, _ENTRANCES),
        _command("worker", env, _WORKERS),
        _command("actions", env, _ASKED),
    ]


def sandbox_child(var: Path, ports: Ports, environ: Mapping[str, str]) -> Child:
    """The stand-ins for the providers, and the phones."""
    env = {name: value for name, value in environ.items() if name not in _NOT_FOR_OTHERS}
    command = [
        *(sys.executable, "-m", "sandbox", "--port", str(ports.sandbox)),
        *("--demo", str(var / "demo.json"), "--state", str(var / "sandbox.json")),
    ]
    more = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return Child("sandbox", command, {**env, **more}, _ENTRANCES)


def engine_child(model: Path, ports: Ports, environ: Mapping[str, str]) -> Child:
    """Rasa, in its own Python; reachable from this machine alone."""
    env = {
        **environ,
        **engine_environment(),
        "ENGINE_TRACKER_URL": tracker_url(environ["DATABASE_URL"]),
        "ENGINE_TOKEN": environ["ENGINE_TOKEN"],
        "ACTIONS_URL": f"http://127.0.0.1:{ports.actions}/webhook",
        # A message is small work: more threads than one only get into each other's way.
        **dict.fromkeys(
            (
                "OMP_NUM_THREADS",
                "OPENBLAS_NUM_THREADS",
                "TF_INTER_OP_PARALLELISM_THREADS",
                "TF_INTRA_OP_PARALLELISM_THREADS",
            ),
            "1",
        ),
    }
    return Child(
        name="engine",
        command=[
            *(str(engine_program("rasa")), "run", "--model", str(model)),
            *("--interface", "127.0.0.1", "--port", str(ports.engine)),
            *("--endpoints", str(ROOT / "endpoints.yml")),
            *("--credentials", str(ROOT / "credentials.yml")),
        ],
        env={name: value for name, value in env.items() if name not in _NOT_FOR_OTHERS},
        stage=_ASKED,
    )


def training_step() -> Child:
    """The training of the model, if it is out of date."""
    return Child(
        name="training",
        command=[sys.executable, "-u", "-m", "bot.dialogue.training"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def step(name: str, *arguments: str, environ: Mapping[str, str]) -> Child:
    """One command of ours, run to its end."""
    return _command(name, {**environ, "PYTHONUNBUFFERED": "1"}, 0, *arguments)


def tracker_url(database_url: str) -> str:
    """The engine's address of the database: its own driver, and a schema of its own."""
    plain = database_url.replace("postgresql://", "postgresql+psycopg2://", 1)
    return f"{plain}{'&' if '?' in plain else '?'}options=-csearch_path%3Drasa"


def _command(name: str, env: Mapping[str, str], stage: int, *arguments: str) -> Child:
    command = [sys.executable, "-m", "bot", name, *arguments]
    return Child(name, command, {**env, "PYTHONPATH": str(ROOT)}, stage)
