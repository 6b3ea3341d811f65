"""The mapped webhook: the mappings that the docs show are read, and a wrong one names its line."""

import base64
import contextlib
import hmac
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.carriers.base import CarrierEvent
from bot.carriers.mapped import Mapped
from bot.carriers.mapped.mapping import read_mapping
from bot.channels.base import Account, WebhookRequest
from bot.domain.errors import BadSignature, Invalid, MalformedUpdate
from bot.domain.shipment import Collect, Handover, Proof, Status
from bot.domain.when import Window
from tests.contract.cases import ACCOUNT_ID
from tests.contract.test_channels import places, put

PAGE = Path(__file__).parents[2] / "docs" / "carriers.md"
_WORKED = re.compile(
    r"^### (?P<title>[^\n]+)\n.*?```yaml\n(?P<mapping>.*?)```\s*```(?:json|csv)\n(?P<body>.*?)```",
    re.DOTALL | re.MULTILINE,
)
WORKED = {found["title"]: (found["mapping"], found["body"]) for found in _WORKED.finditer(
    PAGE.read_text(encoding="utf-8"))}  # fmt: skip
SECRET = "a-secret"
TITLES = [
    *("Delivery robots", "Drones", "Lockers", "A route planner's export", "Shadowfax"),
    "A fleet of one's own",
]
TWO = datetime(2026, 11, 26, 14, tzinfo=UTC)
mapped = Mapped(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def account(mapping: str) -> Account:
    return Account(ACCOUNT_ID, "mapped", "", {"secret": SECRET}, {"mapping": mapping})


def request(body: str, **headers: str) -> WebhookRequest:
    return WebhookRequest("POST", "https://x.example", headers, {}, body.encode())


def read(title: str) -> CarrierEvent:
    mapping, body = WORKED[title]
    (event,) = mapped.parse(account(mapping), request(body))
    return event


def test_the_page_shows_them_all() -> None:
    assert list(WORKED) == TITLES


@pytest.mark.parametrize("title", TITLES)
def test_every_mapping_of_the_page_is_read(title: str) -> None:
    event = read(title)
    assert (event.tracking_number, event.at) == ("ML-1", TWO)
    assert event.status is not Status.unknown
    assert event.key


def test_what_they_say_besides() -> None:
    robot = read("Delivery robots")
    until = datetime(2026, 11, 26, 14, 10, tzinfo=UTC)
    assert robot.collect == Collect(until=until, link="https://robots.example/u/1")
    assert (robot.vehicle, robot.at_place) == ("6E77", (52.04, -0.76))
    locker = read("Lockers").collect
    assert locker is not None
    assert (locker.code, locker.place) == ("4821", "Gare de Lyon, hall 2")
    assert locker.until == datetime(2026, 11, 29, 21, tzinfo=UTC)
    drone = read("Drones")
    minutes = [datetime(2026, 11, 26, 14, minute, tzinfo=UTC) for minute in (10, 20)]
    assert (drone.key, drone.window) == ("7", Window(*minutes))
    assert read("Shadowfax").courier_phone == "+919810000000"
    fleet = read("A fleet of one's own")
    assert fleet.proof == Proof("A. Byron", "https://fleet.example/p/9.jpg", "reception")
    assert (fleet.courier_id, fleet.depot) == ("d-4", "Lyon Sud")


def test_how_it_changes_hands_is_the_senders_way_or_the_events() -> None:
    ways = [read(title).handover for title in ("Delivery robots", "Drones", "Lockers", "Shadowfax")]
    assert ways == [Handover.robot, Handover.drone, Handover.locker, None]
    mapping, body = WORKED["Lockers"]
    mapping = mapping.replace(
        "fields:", "handovers: {TOBACCONIST: shop}\nfields:\n  handover: kind"
    )
    for said, handover in (("tobacconist", "shop"), ("courier", "courier"), ("?", "locker")):
        told = body.replace('"pin"', f'"kind": "{said}", "pin"')
        (event,) = mapped.parse(account(mapping), request(told))
        assert event.details["handover"] == handover


def test_a_routes_file_is_taken_as_it_is_exported() -> None:
    """With whatever separates its columns; what is still ahead is no event."""
    mapping, body = WORKED["A route planner's export"]
    (event,) = mapped.parse(account(mapping), request(body))
    assert (event.status, event.courier_name) == (Status.attempt_failed, "Sam")
    assert event.at_place == (41.88, -87.63)
    renamed = mapping.replace("Note", "Order no.")
    excel = "\ufeff" + body.replace("Note", "Order no.").replace(",", ";").replace("\n", "\r\n")
    (same,) = mapped.parse(account(renamed), request(excel))
    assert (same.key, same.tracking_number) == (event.key, event.tracking_number)
    with pytest.raises(MalformedUpdate, match="line 2"):
        mapped.parse(account(mapping), request(body.replace("2026-11-26 08", "26/11/2026 08")))


@given(st.binary(max_size=40))
def test_any_file_is_only_ever_malformed(body: bytes) -> None:
    mapping, _ = WORKED["A route planner's export"]
    raw = WebhookRequest("POST", "https://x.example", {}, {}, b"Note,Status,Visited\n" + body)
    with contextlib.suppress(MalformedUpdate):
        mapped.parse(account(mapping), raw)


def test_how_near_the_courier_is() -> None:
    mapping, body = WORKED["Drones"]
    mapping = mapping.replace("fields:", "fields:\n  minutes_away: away\n  stops_away: before")
    body = body.replace('"event": 7', '"event": 7, "away": 3.5, "before": "0"')
    (event,) = mapped.parse(account(mapping), request(body))
    assert event.details == {"handover": "drone", "minutes_away": 3, "stops_away": 0}


@pytest.mark.parametrize("title", TITLES)
def test_only_the_sender_is_believed(title: str) -> None:
    mapping, body = WORKED[title]
    how = read_mapping(mapping).signature
    digest = hmac.digest(SECRET.encode(), body.encode(), how.algorithm)
    spelled = base64.b64encode(digest).decode() if how.encoding == "base64" else digest.hex()
    right = SECRET if how.token else how.prefix + spelled
    mapped.verify(account(mapping), request(body, **{how.header: right}))
    for wrong in ("", right[:-1], right + "0"):
        with pytest.raises(BadSignature):
            mapped.verify(account(mapping), request(body, **{how.header: wrong}))


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("", "signature.header"),
        ("fields: [", "line 1"),
        ("signature: {header: X}\nfields:\n  status: s\n  at: t\n", "line 2, fields.track"),
        ("token: {header: X}\nstatuses:\n  a: delivered\n  b: gone\n", "line 4, statuses.b"),
        ("token: {header: X}\ncolour: red\n", "line 2, colour"),
        ("token: {header: X}\ntime:\n  zone: Mars\n", "line 3, time.zone"),
        ("token: {header: X}\ntime:\n  format: soon\n", "line 3, time.format"),
        ("signature:\n  header: X\n  algorithm: md5\n", "line 3, signature.algorithm"),
        ("token: {header: X}\nfields:\n  weight: kg\n", "line 3, fields.weight"),
        ("token: {header: X}\nhandover: zeppelin\n", "line 2, handover"),
        ("token: {header: X}\nhandovers:\n  a: zeppelin\n", "line 3, handovers.a"),
        ("token: {header: X}\nformat: xml\n", "line 2, format"),
        ("token: {header: X}\nformat: csv\nevents: rows\n", "line 3, events"),
    ],
)
def test_a_wrong_mapping_names_the_line_and_the_fix(mapping: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_mapping(mapping)
    assert says in str(caught.value)
    with pytest.raises(MalformedUpdate, match="mapping"):
        mapped.parse(account(mapping), request("{}"))
    with pytest.raises(BadSignature):
        mapped.verify(account(mapping), request("{}"))


@settings(max_examples=300, deadline=None)
@given(title=st.sampled_from([t for t in TITLES if "csv" not in WORKED[t][0]]), data=st.data())
def test_survives_any_field_of_another_type(title: str, data: st.DataObject) -> None:
    mapping, body = WORKED[title]
    document = json.loads(body)
    where = data.draw(st.sampled_from(list(places(document))))
    junk = [None, True, -1, 10**400, "", "x", [], ["x"], {}, {"a": 1}]
    changed = put(document, where, data.draw(st.sampled_from(junk)))
    try:
        told = mapped.parse(account(mapping), request(json.dumps(changed)))
    except MalformedUpdate:
        return
    assert all(event.at.tzinfo for event in told)
