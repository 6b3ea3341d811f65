"""The really trained model, served by the real engine, with its trackers in a real Postgres."""

import json
import secrets
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from bot.dialogue.training import ROOT, engine_environment, engine_program, train
from tests.engine.fake_actions import FakeActions
from tests.engine.ports import free_port

TOKEN = "a-token-for-tests"
START_WITHIN = 180  # s; TensorFlow's import takes 10 and more, on a busy machine far more


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.engine)
            # The first one trains the model and waits for TensorFlow's import.
            item.add_marker(pytest.mark.timeout(600))


@dataclass
class Answer:
    """What the channel answered."""

    status: int
    body: dict[str, Any]

    @property
    def said(self) -> list[str]:
        return [message["custom"]["say"] for message in self.body["messages"]]

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that the last action saw."""
        return self.body["messages"][-1]["custom"]["with"]


@dataclass
class Engine:
    """A running engine and the way to speak to it."""

    url: str
    actions: FakeActions

    def post(self, body: object, token: str | None = TOKEN, to: str = "message") -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(f"{self.url}/webhooks/doorstep/{to}", raw, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return Answer(response.status, json.load(response))
        except urllib.error.HTTPError as error:
            return Answer(error.code, json.loads(error.read()))

    def customer(self) -> "Customer":
        return Customer(self)


@dataclass
class Customer:
    """A person in a conversation of their own."""

    engine: Engine
    conversation: str = field(default_factory=lambda: str(uuid.uuid4()))
    session: int = 1

    def says(
        self, text: str, *, message_id: str | None = None, question: dict[str, Any] | None = None
    ) -> Answer:
        return self.engine.post(
            {
                "sender": f"{self.conversation}.{self.session}",
                "message_id": message_id or str(uuid.uuid4()),
                "text": text,
                "metadata": {"channel": "sms"},
                "question": question,
            }
        )


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model; trained now when its inputs have changed."""
    return train()


@pytest.fixture(scope="session")
def tracker_url(postgres: str) -> str:
    """A database of its own, with the schema that the product's migrations make for Rasa."""
    name = f"engine_{secrets.token_hex(4)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = postgres.replace("/postgres?", f"/{name}?", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA rasa")
    return f"{url}&options=-csearch_path%3Drasa"


@pytest.fixture(scope="session")
def fake_actions() -> Iterator[FakeActions]:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    plain = [name for name in domain["actions"] if not name.startswith("validate_")]
    actions = FakeActions(plain)
    actions.start()
    yield actions
    actions.stop()


@pytest.fixture(scope="session")
def engine(
    model: Path,
    tracker_url: str,
    fake_actions: FakeActions,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Engine]:
    port = free_port()
    log = tmp_path_factory.mktemp("engine") / "engine.log"
    env = {
        **engine_environment(),
        "ACTIONS_URL": fake_actions.url,
        "ENGINE_TRACKER_URL": tracker_url,
        "ENGINE_TOKEN": TOKEN,
    }
    command = [
        *(str(engine_program("rasa")), "run", "--model", str(model)),
        *("--interface", "127.0.0.1", "--port", str(port), "--enable-api", "--auth-token", TOKEN),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
    ]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, process, log)
            yield Engine(url, fake_actions)
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/", timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"the engine did not start:\n{log.read_text(errors='replace')[-4000:]}")
