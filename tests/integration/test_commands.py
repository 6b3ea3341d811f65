"""The command line, as an operator types it."""

import asyncio
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.__main__ import COMMANDS, main
from bot.commands.gateway import name_requests
from bot.commands.worker import work
from bot.jobs.failures import Failures
from bot.run.health import alive, answers
from bot.run.postgres import served
from bot.settings import ROOT, Settings
from bot.storage.migrate import migrate
from bot.storage.vault import Vault
from bot.wiring import wire
from tests.conftest import create_database
from tests.unit.test_settings import GOOD


@pytest.fixture
def own_database(postgres: str) -> str:
    return create_database(postgres)


def environment(var: Path, **values: str) -> dict[str, str]:
    own = {"DOORSTEP_VAR": str(var), "DOORSTEP_SETTINGS": str(var / "doorstep.toml")}
    return {**os.environ, **own, **values}


def doorstep(
    var: Path, *arguments: str, given: str = "", **values: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment(var, **values),
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"python -m bot {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "days", "whose"),
    [
        ("nps", "(90)", "whose"),
        ("eta-report", "(30)", "whose"),
        ("unknown-codes", "(30)", "whose"),
        ("add-key", "", "whose key"),
        ("import", "", "whose they are"),
        ("person", "", "whose customer"),
    ],
)
def test_whose_and_how_far_back_is_asked_alike(
    command: str, days: str, whose: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert f"{whose}; needed when there are several" in told
    assert (f"how far back {days}" in told) is bool(days)


@pytest.mark.parametrize("option", ["--merchant", "--days"])
def test_what_many_commands_take_is_declared_once(option: str) -> None:
    declared = f'add_argument("{option}"'
    files = [
        file.name for file in (ROOT / "bot/commands").glob("*.py") if declared in file.read_text()
    ]
    assert files == ["application.py"]


def test_wrong_settings_are_a_message_and_not_a_traceback(tmp_path: Path) -> None:
    for command in ("gateway", "worker", "clock", "actions", "migrate", "settings"):
        done = doorstep(tmp_path, command, SECRET_KEY="changeme", DATABASE_URL="")
        assert done.returncode == 2, done.stderr
        assert "SECRET_KEY: is a placeholder" in done.stderr
        assert "Traceback" not in done.stderr


def test_settings_are_shown_with_secrets_masked(tmp_path: Path) -> None:
    address = "postgresql://me:pw-of-mine@h/x"
    done = doorstep(tmp_path, "settings", **{**GOOD, "DATABASE_URL": address})
    assert done.returncode == 0, done.stderr
    assert "secret_key = ***" in done.stdout
    assert "database_url = postgresql://me:***@h/x" in done.stdout
    assert not any(value in done.stdout for value in (GOOD["SECRET_KEY"], "pw-of-mine"))


def test_a_user_and_a_key_are_made(tmp_path: Path, own_database: str) -> None:
    values = {**GOOD, "DATABASE_URL": own_database}
    none_yet = doorstep(tmp_path, "add-user", "ana@shop.example", **values)
    assert none_yet.returncode == 2
    assert "there are: none yet" in none_yet.stderr
    added = doorstep(
        tmp_path,
        *("add-user", "Ana@Shop.example", "--merchant", "Shop", "--new-merchant"),
        *("--role", "owner"),
        **values,
    )
    assert added.returncode == 0, added.stderr
    assert re.search(
        r"ana@shop.example may sign in as owner of Shop, with the password \S{16}", added.stdout
    )
    again = doorstep(tmp_path, "add-user", "ana@shop.example", **values)
    assert (again.returncode, again.stderr) == (2, "ana@shop.example is a user already\n")
    short = doorstep(tmp_path, "add-user", "b@shop.example", "--ask-password", given="x", **values)
    assert "a password has 10 to 256 characters" in short.stderr
    key = doorstep(tmp_path, "add-key", "order system", **values)
    assert re.search(r"A key of Shop, shown only now:\ndsk_\S{43}\n", key.stdout)
    with psycopg.connect(own_database) as connection:
        stored = connection.execute("SELECT name, hash FROM api_keys").fetchall()
    assert [name for name, _ in stored] == ["order system"]
    assert key.stdout.split()[-1] not in str(stored)


def test_a_file_is_loaded_and_its_bad_rows_are_named(tmp_path: Path, own_database: str) -> None:
    values = {**GOOD, "DATABASE_URL": own_database}
    options = ("--merchant", "Shop", "--new-merchant")
    assert doorstep(tmp_path, "add-user", "a@shop.example", *options, **values).returncode == 0
    file = tmp_path / "parcels.csv"
    file.write_text(
        "reference,tracking_number,recipient.phone\n"
        "A1,SP1,+33639981234\n"
        "A2,SP2,12\n"
    )  # fmt: skip
    done = doorstep(tmp_path, "import", str(file), **values)
    assert done.returncode == 1, done.stderr
    assert "line 3 (A2): recipient.phone: " in done.stdout
    assert done.stdout.endswith("loaded 1, refused 1\n")
    missing = doorstep(tmp_path, "import", str(tmp_path / "none.csv"), **values)
    assert missing.returncode == 2
    assert "No such file" in missing.stderr
    explained = doorstep(tmp_path, "policy", "explain", "A1", **values)
    assert re.search(r"cancel +refused_not_offered +by requests\n", explained.stdout)


def test_pick_up_points_are_loaded_whole_or_not_at_all(tmp_path: Path, own_database: str) -> None:
    values = {**GOOD, "DATABASE_URL": own_database}
    options = ("--merchant", "Shop", "--new-merchant")
    assert doorstep(tmp_path, "add-user", "a@shop.example", *options, **values).returncode == 0
    good, bad = tmp_path / "good.json", tmp_path / "bad.csv"
    good.write_text('[{"id": "a", "name": "Tabac", "address": "1 rue A", "capacity": 3}]')
    bad.write_text("id,name,address\nb,Shop,2 rue B\nc,,3 rue C\n")
    done = doorstep(tmp_path, "import-points", str(bad), **values)
    assert (done.returncode, done.stdout) == (1, "line 3: name: is missing\nnothing is changed\n")
    done = doorstep(tmp_path, "import-points", str(good), "--merchant", "Shop", **values)
    assert (done.returncode, done.stdout) == (0, "loaded 1, closed 0\n"), done.stderr
    with psycopg.connect(own_database) as connection:
        rows = connection.execute("SELECT code, capacity, closed_at FROM pickup_points").fetchall()
    assert rows == [("a", 3, None)]


def test_a_person_is_given_out_and_erased(tmp_path: Path, own_database: str) -> None:
    values = {**GOOD, "DATABASE_URL": own_database, "MEDIA_DIR": str(tmp_path / "media")}
    options = ("--merchant", "Shop", "--new-merchant")
    assert doorstep(tmp_path, "add-user", "a@shop.example", *options, **values).returncode == 0
    file = tmp_path / "parcels.csv"
    file.write_text(
        "reference,tracking_number,recipient.phone,recipient.name,recipient.email\n"
        "A1,SP1,+33639981234,Camille Martin,Camille@shop.example\n"
    )  # fmt: skip
    assert doorstep(tmp_path, "import", str(file), **values).returncode == 0
    nobody = doorstep(tmp_path, "person", "export", "+33639981235", **values)
    assert (nobody.returncode, nobody.stderr) == (2, "Shop knows nobody with +33639981235\n")
    given = doorstep(
        tmp_path, "person", "export", "+33 6 39 98 12 34", "--output", str(tmp_path), **values
    )
    assert given.returncode == 0, given.stderr
    proof = json.loads(given.stdout)
    (written,) = tmp_path.glob("person-*.json")
    assert hashlib.sha256(written.read_bytes()).hexdigest() == proof["sha256_of_export"]
    assert "Camille Martin" in written.read_text()
    assert written.stat().st_mode & 0o077 == 0
    asked = doorstep(tmp_path, "person", "erase", "camille@shop.example", **values)
    assert "without one say --yes" in asked.stderr
    going = doorstep(tmp_path, "person", "erase", "camille@shop.example", "--yes", **values)
    assert "a parcel is on its way" in going.stderr
    options = ("--yes", "--under-way")
    done = doorstep(tmp_path, "person", "erase", "camille@shop.example", *options, **values)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["done"] == "erased"
    with psycopg.connect(own_database) as connection:
        people = connection.execute("SELECT name, phone, email FROM contacts").fetchall()
    assert people == [("", None, None)]


def test_commands_work_on_this_machines_database_while_it_is_stopped(tmp_path: Path) -> None:
    with served(tmp_path / "postgres") as url:
        migrate(url)
    (tmp_path / "secrets.toml").write_text(
        f'secret_key = "{GOOD["SECRET_KEY"]}"\nengine_token = "{GOOD["ENGINE_TOKEN"]}"\n'
        'control_token = "t3st-control-token"\nconsole_password = "p"\n'
    )
    done = doorstep(tmp_path, "dead-letters", "list")
    assert (done.returncode, done.stdout) == (0, "0 dead letters\n"), done.stderr
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
    assert not (tmp_path / "running.lock").exists()


def test_an_account_is_made_its_secret_rotated_and_switched_off(
    tmp_path: Path, own_database: str
) -> None:
    values = {**GOOD, "DATABASE_URL": own_database}
    options = ("--merchant", "Shop", "--new-merchant")
    assert doorstep(tmp_path, "add-user", "a@shop.example", *options, **values).returncode == 0
    mailbox = ("account", "add", "channel", "email", "parcels@shop.example")
    add = (*mailbox, "--option", "smtp_host=mail", "--secret", "webhook_secret")
    made = doorstep(tmp_path, *add, given="the-first\n", **values)
    assert made.returncode == 0, made.stderr
    account = made.stdout.splitlines()[0]
    assert f"/webhooks/email/{account}" in made.stdout
    again = doorstep(tmp_path, *add, given="the-first\n", **values)
    assert (again.returncode, "it is there" in again.stderr) == (2, True)
    rotate = ("account", "rotate", account, "--secret", "webhook_secret")
    rotated = doorstep(tmp_path, *rotate, SECRET_WEBHOOK_SECRET="the-second", **values)
    assert rotated.stdout == "rotated\n", rotated.stderr
    with psycopg.connect(own_database) as connection:
        row = connection.execute("SELECT secrets, options FROM provider_accounts").fetchone()
    assert row is not None
    secrets = {"webhook_secret": "the-second", "previous_webhook_secret": "the-first"}
    assert Vault(GOOD["SECRET_KEY"]).open(row[0]) == secrets
    assert row[1] == {"smtp_host": "mail"}
    assert doorstep(tmp_path, "account", "off", account, **values).stdout == "switched off\n"
    listed = doorstep(tmp_path, "account", "list", **values).stdout
    assert "parcels@shop.example  off" in listed
    assert "the-" not in listed
    on = doorstep(tmp_path, *add, given="the-third\n", **values)
    assert on.stdout.splitlines()[0] == account, "whoever is known there stays known"


def test_without_any_database_it_is_said_how_to_get_one(tmp_path: Path) -> None:
    done = doorstep(tmp_path, "dead-letters", "list")
    assert done.returncode == 2
    assert "there is no database yet: set DATABASE_URL, or do `make run` once" in done.stderr


async def test_what_is_given_up_waits_with_its_reason_and_can_be_replayed_or_dropped(
    tmp_path: Path, own_database: str
) -> None:
    values = {**GOOD, "DATABASE_URL": own_database}
    settings = Settings.model_validate({name.lower(): value for name, value in values.items()})
    nobody = "0192f3c4-5b6a-7c8d-9e0f-123456789012"
    async with wire(settings) as application:
        queue = application.queue.app
        async with queue.open_async():
            for _ in range(2):
                job = queue.configure_task("deliver")
                await job.defer_async(merchant_id=nobody, message_id=nobody)
    worker = asyncio.create_task(work(settings))
    async with asyncio.timeout(30):
        listed = await asyncio.to_thread(doorstep, tmp_path, "dead-letters", "list", **values)
        while "2 dead letters" not in listed.stdout and not worker.done():
            listed = await asyncio.to_thread(doorstep, tmp_path, "dead-letters", "list", **values)
    os.kill(os.getpid(), signal.SIGTERM)
    assert await worker == 0
    assert "deliver" in listed.stdout
    assert "given up" in listed.stdout
    assert "NotFound: " in listed.stdout
    jobs = re.findall(r"^(\d+)  deliver", listed.stdout, re.MULTILINE)
    wrong = doorstep(tmp_path, "dead-letters", "drop", "999999", **values)
    assert wrong.returncode == 2
    assert "no dead letter: 999999; nothing was done" in wrong.stderr
    assert "1 dropped" in doorstep(tmp_path, "dead-letters", "drop", jobs[0], **values).stdout
    replayed = doorstep(tmp_path, "dead-letters", "replay", "--all", **values)
    assert "1 will be done again" in replayed.stdout
    with psycopg.connect(own_database) as connection:
        left = connection.execute("SELECT id, status FROM procrastinate_jobs").fetchall()
        connection.execute("INSERT INTO job_failures VALUES (%s, now(), 'orphan')", [jobs[0]])
    assert left == [(int(jobs[1]), "todo")]
    async with wire(settings) as application:
        await Failures(application.database.engine).forget_orphans()
    with psycopg.connect(own_database) as connection:
        kept = connection.execute("SELECT job_id FROM job_failures").fetchall()
    assert kept == [(int(jobs[1]),)]


def test_the_gateway_serves_until_it_is_told_to_end(tmp_path: Path, own_database: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        values = {**GOOD, "DATABASE_URL": own_database, "GATEWAY_PORT": port}
        refused = doorstep(tmp_path, "gateway", **values)
    assert refused.returncode == 2
    assert f"127.0.0.1:{port} is taken: stop what has it, or choose another" in refused.stderr
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "gateway"],
        cwd=ROOT,
        env=environment(tmp_path, **values),
        stderr=subprocess.PIPE,
    ) as gateway:
        url = f"http://127.0.0.1:{port}/healthz"
        deadline = time.monotonic() + 30
        while not answers(url) and gateway.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        try:
            with urllib.request.urlopen(url) as answer:
                assert json.load(answer) == {"status": "ok"}
                assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-ID"])
        finally:
            gateway.send_signal(signal.SIGTERM)
        assert gateway.wait(10) == 0


async def test_a_request_keeps_the_name_its_proxy_gave_it_if_that_can_be_logged() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/gone":
            raise web.HTTPGone
        return web.Response()

    app = web.Application(middlewares=[name_requests])
    app.router.add_get("/{any}", answer)
    async with TestClient(TestServer(app)) as client:
        for path in ("/here", "/gone"):
            kept = await client.get(path, headers={"X-Request-ID": "abc-1"})
            assert kept.headers["X-Request-ID"] == "abc-1"
        replaced = await client.get("/here", headers={"X-Request-ID": "x" * 500})
        assert len(replaced.headers["X-Request-ID"]) == 36


def test_a_process_that_touches_its_file_is_alive(tmp_path: Path) -> None:
    file = tmp_path / "alive"
    assert not alive(file)
    file.touch()
    assert alive(file)
    os.utime(file, (0, 0))
    assert not alive(file)
