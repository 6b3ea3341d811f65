"""The bench: its arithmetic, its loop, its stand-in, and that nobody's own settings leak in."""

import asyncio
import os
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from twilio.request_validator import RequestValidator

from bench.events import pgbench
from bench.load import Played, median, play
from bench.measure import UnfairError, check
from bench.people import QUESTIONS, Person
from bench.processes import LIMIT_MB, resident, worked
from bench.report import AIMS, Scenario, line, of_load, of_memory, table
from bench.stack import StackError, engine_with_rest_channel, free_ports, surroundings
from bench.stand_in import inbound, serving, signed
from bench.ways import Peer
from bot.domain.conversation import SESSION_TURNS
from bot.domain.ids import new_id
from bot.domain.merchant import AccountKind, ProviderAccount
from bot.run.process import Child
from bot.settings import ROOT

ACCOUNT = ProviderAccount(
    new_id(),
    new_id(),
    AccountKind.channel,
    "sms",
    "+33644630055",
    {"account_sid": "AC" + "a1" * 16, "auth_token": "t0k3n"},
)


def people(count: int) -> list[Person]:
    return [Person(f"+33612000{n:03d}", new_id()) for n in range(count)]


def played(*latencies: float, seconds: float = 1.0, **work: float) -> Played:
    return Played(seconds, latencies, work)


def test_a_quantile_is_a_latency_that_was_measured() -> None:
    one = played(*(n / 1000 for n in range(1, 21)))
    assert one.quantile(0.5) == pytest.approx(10)
    assert one.quantile(0.95) == pytest.approx(19)
    assert played(0.004).quantile(0.95) == pytest.approx(4)


def test_rates_and_work_are_per_message() -> None:
    one = played(0.1, 0.2, 0.3, 0.4, seconds=0.5, engine=0.06, worker=0.02)
    assert one.rate == pytest.approx(8)
    assert one.work_of_one == pytest.approx(20)


def test_one_noisy_round_does_not_move_the_median() -> None:
    rounds = [played(0.1), played(0.1, seconds=2), played(0.1, seconds=50)]
    assert median(rounds, lambda one: one.rate) == pytest.approx(0.5)


class Recorder:
    """A way that takes a moment, and sees who talks at once."""

    def __init__(self) -> None:
        self.talking: list[str] = []
        self.most = 0
        self.said: list[tuple[str, str]] = []

    async def ask(self, person: Person, text: str) -> None:
        assert person.phone not in self.talking, "said something before the last was answered"
        self.talking.append(person.phone)
        self.most = max(self.most, len(self.talking))
        await asyncio.sleep(0)
        self.talking.remove(person.phone)
        self.said.append((person.phone, text))


@pytest.mark.parametrize(("at_once", "most"), [(1, 1), (4, 4), (16, 6)])
async def test_a_closed_loop_keeps_so_many_busy(at_once: int, most: int) -> None:
    way = Recorder()
    result = await play(way, people(6), 30, at_once)
    assert (len(result.latencies), len(way.said), way.most) == (30, 30, most)
    assert Counter(phone for phone, _ in way.said) == {one.phone: 5 for one in people(6)}
    assert {text for _, text in way.said} == set(QUESTIONS)


async def test_a_way_that_fails_ends_the_round() -> None:
    class Broken:
        async def ask(self, person: Person, text: str) -> None:
            raise LookupError(text)

    with pytest.raises(LookupError):
        await play(Broken(), people(3), 10, 2)


def test_the_results_have_the_names_that_scripts_read() -> None:
    rounds = [played(0.1, 0.2, gateway=0.01, engine=0.03, clock=0.0)]
    slow = [played(0.2, 0.4, seconds=2.0, gateway=0.0, engine=0.03, clock=0.0)]
    results = of_load(Scenario("16_customers", 16, 2), rounds, slow)
    assert results["messages_per_second"] == {"ours": 2, "peer": 1, "ratio": 2, "unit": "1/s"}
    assert results["p95_ms_16_customers"]["ratio"] == 0.5
    results |= of_load(Scenario("one_customer", 1, 2), rounds, slow)
    results |= of_memory({"gateway": 100.0, "engine": 650.0})
    aimed = {"messages_per_second", "p95_ms_one_customer", "memory_mb_total"}
    assert aimed <= set(results) & set(AIMS)
    assert results["memory_mb_total"]["ratio"] == pytest.approx(750 / LIMIT_MB)
    assert results["memory_mb_engine"]["peer"] is None
    assert "work_ms_one_customer_clock" not in results
    printed = table(results)
    assert all(name in printed for name in results)
    assert "None" not in printed


def test_nothing_is_divided_by_a_peer_that_does_nothing() -> None:
    assert line(3.0, 0.0, "ms")["ratio"] is None


def test_ways_that_did_different_work_are_not_compared() -> None:
    said = Counter({"when": 3, "track_delayed": 1})
    check(said, Counter(said), 4)
    with pytest.raises(UnfairError, match="bare Rasa"):
        check(said, Counter({"when": 4}), 4)
    with pytest.raises(UnfairError, match="5 were sent for 4"):
        check(said, Counter(said), 5)


def test_a_process_is_weighed_and_timed() -> None:
    pids = {"me": os.getpid()}
    before = worked(pids)["me"]
    sum(n * n for n in range(1_000_000))
    assert 1 < resident(pids)["me"] < 10_000
    assert worked(pids)["me"] >= before > 0


def test_the_webhooks_carry_twilios_own_signature() -> None:
    form = inbound(ACCOUNT, "+33612000001", "where is it")
    url = "http://127.0.0.1:1/webhooks/sms/x"
    token = ACCOUNT.secrets["auth_token"]
    validator: Any = RequestValidator(token)
    assert validator.validate(url, form, signed(token, url, form)["X-Twilio-Signature"])
    assert (form["From"], form["To"]) == ("+33612000001", ACCOUNT.address)


async def test_the_stand_in_takes_a_message_and_reports_on_it() -> None:
    reports: list[str] = []

    async def callback(request: web.Request) -> web.Response:
        reports.append(str((await request.post())["MessageStatus"]))
        return web.Response()

    app = web.Application()
    app.router.add_post("/status", callback)
    sid = ACCOUNT.secrets["account_sid"]
    async with (
        TestServer(app) as gateway,
        serving() as stand_in,
        aiohttp.ClientSession() as http,
    ):
        stand_in.serve(ACCOUNT, http)
        stand_in.receipts = True
        url = f"{stand_in.url}/twilio/2010-04-01/Accounts/{sid}/Messages.json"
        waiting = stand_in.expect("+33612000001")
        form = {"To": "+33612000001", "From": ACCOUNT.address, "Body": "at two"}
        form["StatusCallback"] = str(gateway.make_url("/status"))
        async with http.post(url, data=form) as refused:
            assert refused.status == 401
        assert not waiting.done()
        headers = {"Authorization": aiohttp.encode_basic_auth(*ACCOUNT.secrets.values())}
        async with http.post(url, data=form, headers=headers) as taken:
            assert (taken.status, (await taken.json())["to"]) == (201, "+33612000001")
        assert await waiting == "at two"
        await stand_in.idle()
    assert (reports, stand_in.sent) == (["sent", "delivered"], 1)


async def test_the_peers_trackers_are_kept_as_short_as_ours() -> None:
    senders: list[str] = []

    async def webhook(request: web.Request) -> web.Response:
        senders.append((await request.json())["sender"])
        return web.json_response([{"custom": {"say": "when"}}])

    app = web.Application()
    app.router.add_post("/webhooks/rest/webhook", webhook)
    person = people(1)[0]
    async with TestServer(app) as rasa, aiohttp.ClientSession() as http:
        peer = Peer(http, str(rasa.make_url("")).rstrip("/"))
        for _ in range(SESSION_TURNS + 1):
            await peer.ask(person, "when")
    assert peer.said == {"when": SESSION_TURNS + 1}
    assert [sender.split(".")[0] for sender in senders] == [str(person.conversation)] * len(senders)
    assert list(Counter(senders).values()) == [SESSION_TURNS, 1]


def test_nobodys_own_settings_are_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("WORKER_CONCURRENCY", "1")
    environ, ports = surroundings(tmp_path)
    assert "DATABASE_URL" not in environ
    assert "WORKER_CONCURRENCY" not in environ
    assert (environ["SANDBOX"], environ["DOORSTEP_VAR"]) == ("false", str(tmp_path))
    assert str(ports.gateway) in environ["PUBLIC_URL"]
    assert len({ports.gateway, ports.sandbox, ports.engine, ports.actions}) == 4
    assert len(set(free_ports(20))) == 20


def test_the_rest_channel_is_open_in_the_bench_alone(tmp_path: Path) -> None:
    shipped = ROOT / "credentials.yml"
    engine = Child("engine", ["rasa", "run", "--credentials", str(shipped)], {})
    changed = engine_with_rest_channel(engine, tmp_path)
    file = Path(changed.command[-1])
    assert file.parent == tmp_path
    assert file.read_text().splitlines()[-1] == "rest:"
    assert "engine.channel.DoorstepInput:" in file.read_text()
    assert "rest:" not in shipped.read_text()
    assert changed.name == "engine"


def test_pgbench_is_found_beside_the_server_or_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "bin"
    elsewhere.mkdir()
    program = elsewhere / "pgbench"
    program.touch(0o755)
    monkeypatch.setenv("PATH", str(elsewhere))
    assert pgbench(tmp_path) == str(program)
    assert pgbench(elsewhere) == str(program)
    program.unlink()
    with pytest.raises(StackError, match="install"):
        pgbench(tmp_path)
