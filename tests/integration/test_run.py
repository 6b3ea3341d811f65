"""The parent of `make run`, with small programs for children."""

import asyncio
import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from bot.run import children, local, start
from bot.run.health import NotUpError, wait_until_up
from bot.run.lock import TakenError, only_one
from bot.run.output import Output
from bot.run.ports import is_free, taken
from bot.run.postgres import DatabaseError, prepare, running_url, served
from bot.run.process import Child
from bot.run.supervisor import Patience, Supervisor
from bot.settings import ROOT

QUICK = Patience(grace=1.0, first_pause=0.05, longest_pause=0.2, steady=60)


class Stage:
    """A supervisor with a terminal that can be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.terminal = io.StringIO()
        self.output = Output(folder / "log", terminal=self.terminal)
        self.supervisor = Supervisor(self.output, QUICK)

    def child(self, name: str, program: str, *, stage: int = 0) -> Child:
        return Child(name, [sys.executable, "-u", "-c", program], stage=stage)

    def log(self, name: str) -> str:
        path = self.output.path(name)
        return path.read_text() if path.exists() else ""

    async def until(self, holds: Callable[[], object], seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, self.terminal.getvalue()
            await asyncio.sleep(0.02)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    made = Stage(tmp_path)
    yield made
    await made.supervisor.stop()
    made.output.close()


FOREVER = "import time; print('up'); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up');"
    "time.sleep(600)"
)


async def test_a_child_that_dies_is_started_again(stage: Stage) -> None:
    stage.supervisor.start(stage.child("worker", FOREVER))
    await stage.until(lambda: "up" in stage.log("worker"))
    first = stage.supervisor.pid("worker")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await stage.until(lambda: stage.log("worker").count("up") == 2)
    assert stage.supervisor.pid("worker") not in {None, first}
    assert "worker was ended by signal 9; starting it again in 0.05 s" in stage.terminal.getvalue()


async def test_one_that_keeps_dying_is_given_longer_and_longer_pauses(stage: Stage) -> None:
    stage.supervisor.start(stage.child("worker", "raise SystemExit(3)"))
    await stage.until(lambda: stage.supervisor.failures("worker") >= 4)
    told = stage.terminal.getvalue()
    assert [f"in {pause} s" in told for pause in ("0.05", "0.1", "0.2")] == [True] * 3
    assert "worker ended with code 3" in told


def test_pauses_double_to_half_a_minute_and_no_more() -> None:
    pauses = Patience().pauses()
    assert [next(pauses) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


async def test_children_stop_stage_by_stage(stage: Stage) -> None:
    program = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep(0.2); print('ended', time.monotonic()); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('up')\n"
        "while True: time.sleep(1)"
    )
    names = ["postgres", "gateway", "worker"]
    for name, place in zip(names, (9, 1, 2), strict=True):
        stage.supervisor.start(stage.child(name, program, stage=place))
    await stage.until(lambda: all("up" in stage.log(name) for name in names))
    await stage.supervisor.stop()
    ended = {name: float(stage.log(name).split("ended")[1]) for name in names}
    assert sorted(ended, key=lambda name: ended[name]) == ["gateway", "worker", "postgres"]


async def test_one_that_does_not_stop_is_ended(stage: Stage) -> None:
    stage.supervisor.start(stage.child("worker", STUBBORN))
    await stage.until(lambda: "up" in stage.log("worker"))
    pid = stage.supervisor.pid("worker")
    began = time.monotonic()
    await stage.supervisor.stop()
    assert 0.9 < time.monotonic() - began < 5
    assert pid is not None
    assert not psutil.pid_exists(pid)


async def test_nothing_that_a_child_has_started_is_left(stage: Stage) -> None:
    program = (
        "import subprocess, sys, time\n"
        "one = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print('started', one.pid)\n"
        "time.sleep(600)"
    )
    stage.supervisor.start(stage.child("engine", program))
    await stage.until(lambda: "started" in stage.log("engine"))
    grandchild = int(stage.log("engine").split("started")[1])
    await stage.supervisor.stop()
    await stage.until(lambda: not psutil.pid_exists(grandchild))


async def test_stopping_does_not_wait_for_a_pause(stage: Stage) -> None:
    supervisor = Supervisor(stage.output, Patience(first_pause=60))
    supervisor.start(stage.child("worker", "raise SystemExit(1)"))
    await stage.until(lambda: supervisor.failures("worker") == 1)
    await asyncio.wait_for(supervisor.stop(), timeout=2)


async def test_output_is_kept_whole_and_shown_when_it_matters(stage: Stage) -> None:
    program = (
        "print('2026-11-23T18:00:00Z [info     ] quiet')\n"
        "print('2026-11-23T18:00:00Z [warning  ] loud')\n"
        "print('x' * 300_000)\n"
        "print('no end of line', end='')"
    )
    code = await stage.supervisor.once(stage.child("step", program))
    assert code == 0
    assert "quiet" in stage.log("step")
    assert stage.log("step").count("x") == 300_000
    assert "no end of line" in stage.log("step")
    assert "step | 2026-11-23T18:00:00Z [warning  ] loud" in stage.terminal.getvalue()
    assert "quiet" not in stage.terminal.getvalue()


async def test_a_log_is_begun_anew_at_each_start(stage: Stage) -> None:
    await stage.supervisor.once(stage.child("step", "print('first')"))
    stage.output.close()
    again = Output(stage.folder / "log", terminal=stage.terminal)
    await Supervisor(again, QUICK).once(stage.child("step", "print('second')"))
    again.close()
    assert stage.log("step") == "second\n"
    assert (stage.folder / "log" / "step.log.1").read_text() == "first\n"


async def test_a_step_that_is_interrupted_is_stopped(stage: Stage) -> None:
    others = psutil.Process().children()
    task = asyncio.create_task(stage.supervisor.once(stage.child("training", STUBBORN)))
    await stage.until(lambda: "up" in stage.log("training"))
    children_before = [child for child in psutil.Process().children() if child not in others]
    assert children_before
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert not any(is_alive(child) for child in children_before)


async def test_what_cannot_be_started_says_so(stage: Stage) -> None:
    code = await stage.supervisor.once(Child("step", ["/nowhere/at/all"]))
    assert code == 1
    assert "/nowhere/at/all cannot be started: No such file" in stage.log("step")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell of a parent's death")
def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    program = f"""
import asyncio, sys
from pathlib import Path
from bot.run.output import Output
from bot.run.process import Child
from bot.run.supervisor import Supervisor

async def main():
    supervisor = Supervisor(Output(Path({str(tmp_path)!r})))
    supervisor.start(Child("worker", [sys.executable, "-c", {FOREVER!r}]))
    while supervisor.pid("worker") is None:
        await asyncio.sleep(0.05)
    print(supervisor.pid("worker"), flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        gone, left = psutil.wait_procs([child], timeout=5)
    assert gone
    assert not left


def test_only_one_may_use_a_folder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(TakenError, match=str(os.getpid())), only_one(tmp_path):
        raise AssertionError("both hold it")
    with only_one(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        assert not is_free(port)
        [problem] = taken(local.Ports(gateway=port, sandbox=1, engine=1, actions=1, smtp=1))[:1]
    assert f"port {port}, wanted by the gateway, is taken" in problem
    assert "GATEWAY_PORT=" in problem


async def test_what_keeps_ending_is_not_waited_for() -> None:
    with pytest.raises(NotUpError, match="gateway keeps ending"):
        await wait_until_up(
            {"gateway": "http://127.0.0.1:9/"},
            patience=60,
            failures=lambda _: 4,
            tell=lambda _: None,
        )


async def test_what_does_not_come_up_is_named() -> None:
    with pytest.raises(NotUpError, match=r"engine did not come up within 0\.1 s"):
        await wait_until_up(
            {"engine": "http://127.0.0.1:9/"},
            patience=0.1,
            failures=lambda _: 0,
            tell=lambda _: None,
        )


def test_the_database_is_made_once_served_and_left_clean(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    for _ in range(2):
        with served(folder) as url:
            assert running_url(folder) == url
    assert running_url(folder) is None
    assert not (folder / "postmaster.pid").exists()


def test_a_database_left_running_or_half_made_is_dealt_with(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    half_made = tmp_path / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18")
    server = prepare(folder)
    command = [sys.executable, "-I", "-S", str(ROOT / "bot" / "run" / "tether.py")]
    child = server.child()
    with subprocess.Popen(
        [*command, str(os.getpid()), "2", child.user or "-", *child.command],
        env=dict(child.env),
        stderr=subprocess.DEVNULL,
    ) as left_over:
        while not server.ready():
            time.sleep(0.05)
        prepare(folder)
        assert left_over.wait(10) == 0


def test_a_stale_lock_file_of_the_database_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    prepare(folder)
    # The number of a process that lives and is no database.
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n1\n5432\n\n\n\nready\n")
    with served(folder) as url:
        assert url.startswith("postgresql://")


def test_a_folder_with_something_else_in_it_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "photo.jpg").write_text("mine")
    with pytest.raises(DatabaseError, match="holds no database"):
        prepare(folder)
    assert (folder / "photo.jpg").read_text() == "mine"


def test_the_engine_is_told_no_more_than_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {
        "DATABASE_URL": "postgresql://postgres@/postgres?host=/var/x",
        "SECRET_KEY": "not for the engine",
        "CONTROL_TOKEN": "not either",
        "ENGINE_TOKEN": "shared",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(children, "engine_program", lambda name: Path("/engine") / name)
    ports = local.Ports(gateway=1, sandbox=2, engine=5005, actions=5055, smtp=8025)
    engine = children.engine_child(Path("model.tar.gz"), ports, environ)
    assert engine.env["ENGINE_TRACKER_URL"] == (
        "postgresql+psycopg2://postgres@/postgres?host=/var/x&options=-csearch_path%3Drasa"
    )
    assert engine.env["RASA_TELEMETRY_ENABLED"] == "false"
    assert engine.env["ACTIONS_URL"] == "http://127.0.0.1:5055/webhook"
    assert not {"SECRET_KEY", "CONTROL_TOKEN", "DATABASE_URL"} & set(engine.env)
    assert "127.0.0.1" in engine.command
    assert "shared" not in engine.command


def run_doorstep(var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env={
            **os.environ,
            "DOORSTEP_VAR": str(var),
            "DOORSTEP_SETTINGS": str(var / "doorstep.toml"),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_taken_port_stops_the_start_with_a_message(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        done = run_doorstep(tmp_path, GATEWAY_PORT=port)
    assert done.returncode == 2
    assert f"port {port}, wanted by the gateway, is taken" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "running.lock").exists()


def test_a_second_start_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path):
        done = run_doorstep(tmp_path)
    assert done.returncode == 2
    assert f"Doorstep is already in use in {tmp_path} (process {os.getpid()})" in done.stderr


def test_settings_that_cannot_be_used_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "doorstep.toml").write_text("gateway_prot = 1\n")
    done = run_doorstep(tmp_path, **free_ports())
    assert done.returncode == 2
    assert "gateway_prot: there is no such setting; did you mean gateway_port?" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_interrupted_at_any_step(tmp_path: Path, number: signal.Signals) -> None:
    """Here while the database is made or migrated; nothing is left, and it starts again."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env={**os.environ, "DOORSTEP_VAR": str(tmp_path), **free_ports()},
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        time.sleep(0.7 if number is signal.SIGINT else 2.0)
        family = psutil.Process(parent.pid).children(recursive=True)
        parent.send_signal(number)
        said = parent.stdout.read()
        code = parent.wait(20)
    assert "Stopped." in said, said
    assert code == (0 if number is signal.SIGINT else 143)
    assert not [process for process in family if is_alive(process)]
    assert not (tmp_path / "running.lock").exists()
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


def is_alive(process: psutil.Process) -> bool:
    """Whether it still runs; one that has ended and waits for its new parent's look does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def free_ports() -> dict[str, str]:
    holders = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
    names = ("GATEWAY_PORT", "SANDBOX_PORT", "ENGINE_PORT", "ACTIONS_PORT")
    ports = {
        name: str(holder.getsockname()[1]) for name, holder in zip(names, holders, strict=True)
    }
    for holder in holders:
        holder.close()
    return ports


def test_the_greeting_is_a_box(tmp_path: Path) -> None:
    ports = local.Ports(gateway=1, sandbox=2, engine=3, actions=4, smtp=5)
    lines = start.greeting.lines(tmp_path, "http://127.0.0.1:1", ports, sandbox=False)
    assert len({len(line) for line in lines if line}) == 1
    assert any("http://127.0.0.1:1/console" in line for line in lines)
