import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import about, mask, set_up_logs


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("to +33612345678 now", "to +33…78 now"),
        ("to +33 6 12 34 56 78 now", "to +33…78 now"),
        ("from 33612345678", "from 336…78"),
        ("call 06 12 34 56 78.", "call 06 …78."),
        ("ana.duarte@maison-lune.example wrote", "a…@maison-lune.example wrote"),
        ("Authorization: Bearer dsk_AbCdEf0123456789xyz", "Authorization: ***"),
        ("with Bearer abcdefgh.ijk", "with Bearer ***"),
        ('{"access_token": "EAAxyz", "n": 1}', '{"access_token": ***, "n": 1}'),
        ("password=hunter2&next=1", "password=***&next=1"),
        ("postgresql://me:pw@db/doorstep", "postgresql://me:***@db/doorstep"),
        (
            "https://api.telegram.org/bot7000000001:" + "A" * 35 + "/sendMessage",
            "https://api.telegram.org/bot***/sendMessage",
        ),
        ("GET /t/Q2hhdHRlciBpcyBjaGVhcC4gU2hvdyBt", "GET /t/***"),
        ("t.me/bot?start=Q2hhdHRlciBpcyBjaGVhcC4gU2hvdyBt", "t.me/bot?start=***"),
    ],
)
def test_what_could_reach_or_impersonate_somebody_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "message 0192f3c4-5b6a-7c8d-9e0f-123456789012 answered in 0.123456789 s",
        "job 1234567 at 2026-11-23T18:00:00.954807Z",
        "10.0.0.12:5432 refused",
        "SP20261123FR is out for delivery",
    ],
)
def test_what_helps_to_find_a_fault_stays(text: str) -> None:
    assert mask(text) == text


def test_every_line_carries_its_process_and_what_it_is_about() -> None:
    out = io.StringIO()
    set_up_logs("worker", stream=out)
    with about(job=7):
        logging.getLogger("bot.services.answer").warning("the engine failed on %s", "+33612345678")
        structlog.get_logger("bot.jobs").info("done", phone="+33612345678")
    structlog.get_logger("bot.jobs").info("alone")
    first, second, third = out.getvalue().splitlines()
    assert "[warning  ] the engine failed on +33…78" in first
    assert "job=7" in first
    assert "process=worker" in first
    assert "phone=+33…78" in second
    assert "job=7" in second
    assert "job=" not in third


def test_a_traceback_is_masked_too() -> None:
    out = io.StringIO()
    set_up_logs("gateway", stream=out)
    try:
        int("no such number: +33612345678")
    except ValueError:
        logging.getLogger("x").exception("failed")
    assert "Traceback" in out.getvalue()
    assert "+33612345678" not in out.getvalue()


def test_json_stays_json_and_is_masked_inside() -> None:
    out = io.StringIO()
    set_up_logs("gateway", as_json=True, stream=out)
    structlog.get_logger("x").error(
        'said "hello" to +33612345678', token="abc def", body={"to": "+33612345678"}, count=3
    )
    line = json.loads(out.getvalue())
    assert line["event"] == 'said "hello" to +33…78'
    assert line["token"] == "***"
    assert "+33612345678" not in line["body"]
    assert (line["count"], line["level"], line["process"]) == (3, "error", "gateway")
    assert line["timestamp"].endswith("Z")


def test_talkative_libraries_are_kept_down_unless_asked_for() -> None:
    out = io.StringIO()
    set_up_logs("worker", stream=out)
    logging.getLogger("procrastinate.worker").info("Starting job deliver[1](...)")
    assert out.getvalue() == ""


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOG_LEVEL: 'LOUD' is no level"):
        set_up_logs("gateway", level="loud".upper(), stream=sys.stderr)
