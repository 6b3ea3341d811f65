"""The contract that every vendor's adapter keeps; the same tests for all of them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.carriers.base import (
    Carrier,
    CarrierEvent,
    Challenged,
    Followed,
    Instruction,
    Polled,
    VehiclePosition,
)
from bot.carriers.onfleet import Onfleet
from bot.carriers.registry import carriers
from bot.channels.base import Account, WebhookRequest
from bot.domain.errors import (
    BadSignature,
    DoorstepError,
    Limited,
    MalformedUpdate,
    NotTaken,
    Permanent,
    Temporary,
)
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Proof, Status
from bot.domain.when import Window
from tests.contract.carrier_cases import CARRIER_CASES, SECRET, CarrierCase
from tests.contract.cases import ACCOUNT_ID, FIXTURES, PUBLIC, with_header
from tests.contract.provider import Provider
from tests.contract.test_carriers import comparable, expected
from tests.contract.test_channels import places, put

CASES = {case.name: case for case in CARRIER_CASES}
SAMPLES = [
    path
    for path in sorted((FIXTURES / "carriers").glob("*.json"))
    if path.stem.partition("_")[0] in CASES
]
START = datetime(2026, 11, 27, 8, tzinfo=UTC)
JUNK = [None, True, -1, 1.5, 10**400, "", "x", "9999-99-99", [], ["x"], {}, {"a": 1}]


def webhook(document: Any) -> WebhookRequest:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    url = f"{PUBLIC}/webhooks/carriers/{ACCOUNT_ID}"
    return WebhookRequest("POST", url, {"Content-Type": "application/json"}, {}, body)


def unconnected(case: CarrierCase) -> Carrier:
    return case.make(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.fixture(params=CARRIER_CASES, ids=list(CASES))
def case(request: pytest.FixtureRequest) -> CarrierCase:
    return request.param


@pytest.fixture
def carrier(case: CarrierCase, session: aiohttp.ClientSession) -> Carrier:
    return case.make(session)


async def test_the_registry_names_them_all(session: aiohttp.ClientSession) -> None:
    made = carriers(session)
    assert set(made) == {*CASES, "generic", "mapped"}
    assert all(carrier.name == name for name, carrier in made.items())


class TestVerify:
    """Only the vendor is believed."""

    def test_accepts_what_the_vendor_signed(self, case: CarrierCase) -> None:
        unconnected(case).verify(case.account, case.signed(webhook({})))

    def test_accepts_the_previous_secret_while_it_is_rotated(self, case: CarrierCase) -> None:
        rotated = case.with_secrets(**{case.secret: "beef", f"previous_{case.secret}": SECRET})
        unconnected(case).verify(rotated, case.signed(webhook({})))

    def test_refuses_everything_else(self, case: CarrierCase) -> None:
        request = webhook({"a": 1})
        forged = [
            (case.account, request),
            (case.account, case.signed(request, "beefbeefbeefbeef")),
            (case.account, with_header(request, case.signature, "ü")),
            (case.with_secrets(), case.signed(request)),
            (case.with_secrets(**{case.secret: ""}), with_header(request, case.signature, "")),
        ]
        if case.name != "delhivery":  # which signs nothing, and only shows its token
            forged.append((case.account, replace(case.signed(request), body=b"{}")))
        for account, wrong in forged:
            with pytest.raises(BadSignature, match=r"wrong|missing"):
                unconnected(case).verify(account, wrong)


class TestParse:
    """What a vendor says is read whole or refused by field."""

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_fixture(self, path: Path) -> None:
        case = CASES[path.stem.partition("_")[0]]
        document = json.loads(path.read_text(encoding="utf-8"))
        told = unconnected(case).parse(case.account, webhook(document["request"]["json"]))
        assert [comparable(event) for event in told if isinstance(event, CarrierEvent)] == [
            comparable(described(event)) for event in document["events"]
        ]

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_the_same_is_told_by_the_same_key(self, path: Path) -> None:
        case = CASES[path.stem.partition("_")[0]]
        sent = webhook(json.loads(path.read_text(encoding="utf-8"))["request"]["json"])
        first, again = (unconnected(case).parse(case.account, sent) for _ in range(2))
        assert first == again

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff"])
    def test_refuses_a_body_of_another_shape(self, case: CarrierCase, body: bytes) -> None:
        with pytest.raises(MalformedUpdate):
            unconnected(case).parse(case.account, webhook(body))

    @settings(max_examples=400, deadline=None)
    @given(path=st.sampled_from(SAMPLES), data=st.data())
    def test_survives_any_field_of_another_type(self, path: Path, data: st.DataObject) -> None:
        case = CASES[path.stem.partition("_")[0]]
        document = json.loads(path.read_text(encoding="utf-8"))["request"]["json"]
        where = data.draw(st.sampled_from(list(places(document))))
        changed = put(document, where, data.draw(st.sampled_from(JUNK)))
        try:
            told = unconnected(case).parse(case.account, webhook(json.dumps(changed).encode()))
        except MalformedUpdate:
            return
        for event in told:
            assert event.at.tzinfo


def described(values: dict[str, Any]) -> CarrierEvent:
    """A fixture's event, with what only the vendors' have."""
    proof = values.get("proof")
    at_place = values.get("at_place")
    plain = {name: value for name, value in values.items() if name not in {"proof", "at_place"}}
    return replace(
        expected(plain),
        proof=Proof(**proof) if proof else None,
        at_place=tuple(at_place) if at_place else None,
    )


@pytest.fixture
def answering(case: CarrierCase, provider: Provider) -> Provider:
    provider.answers = case.answers
    return provider


def at(case: CarrierCase, provider: Provider) -> Account:
    return replace(case.account, options={"api_base": f"{provider.url}/"})


POLLED = [case for case in CARRIER_CASES if case.tracked]


@pytest.mark.parametrize("case", POLLED, ids=[case.name for case in POLLED], indirect=True)
class TestTrack:
    """Asked, a vendor tells the whole history."""

    async def test_tells_every_event(
        self, case: CarrierCase, carrier: Carrier, answering: Provider
    ) -> None:
        assert isinstance(carrier, Polled)
        assert carrier.polls_per_minute > 0
        told = await carrier.track(at(case, answering), case.number)
        assert [event.tracking_number for event in told] == [case.number] * case.tracked
        assert answering.requests[-1].headers.get("Authorization", "") or "as-api-key" in str(
            answering.requests[-1].headers
        )

    async def test_a_token_is_asked_for_once(
        self, case: CarrierCase, carrier: Carrier, answering: Provider
    ) -> None:
        assert isinstance(carrier, Polled)
        for _ in range(2):
            await carrier.track(at(case, answering), case.number)
        tokens = [request for request in answering.requests if "token" in request.path]
        assert len(tokens) == (1 if "client_id" in case.secrets else 0)

    @pytest.mark.parametrize(
        ("status", "error"),
        [(401, Permanent), (403, Permanent), (429, Limited), (500, Temporary), (503, Temporary)],
    )
    async def test_refusal(
        self,
        case: CarrierCase,
        carrier: Carrier,
        provider: Provider,
        status: int,
        error: type[DoorstepError],
    ) -> None:
        assert isinstance(carrier, Polled)
        provider.status, provider.answer = status, {"message": "no"}
        with pytest.raises(error, match=str(status)):
            await carrier.track(at(case, provider), case.number)

    @pytest.mark.parametrize("answer", ["<html>", [], {"data": 5}, {"output": []}])
    async def test_an_answer_that_cannot_be_read_is_asked_for_again(
        self, case: CarrierCase, carrier: Carrier, provider: Provider, answer: object
    ) -> None:
        assert isinstance(carrier, Polled)
        provider.answer = answer
        try:
            told = await carrier.track(at(case, provider), case.number)
        except Temporary:
            return
        assert list(told) == []

    async def test_says_what_the_account_lacks(
        self, case: CarrierCase, carrier: Carrier, answering: Provider
    ) -> None:
        assert isinstance(carrier, Polled)
        with pytest.raises(Permanent, match="has no"):
            await carrier.track(replace(at(case, answering), secrets={}), case.number)


class TestOnfleet:
    """A task is changed, and twice is once."""

    instruction = Instruction(UUID(int=1), "9c2a1f08", RequestKind.reschedule)

    @pytest.fixture
    def case(self) -> CarrierCase:
        return CASES["onfleet"]

    async def ask(
        self, carrier: Carrier, provider: Provider, **change: Any
    ) -> tuple[RequestState, list[Any]]:
        answer = await carrier.instruct(
            at(CASES["onfleet"], provider), replace(self.instruction, **change)
        )
        puts = [request.document for request in provider.requests if request.method == "PUT"]
        return answer.state, puts

    async def test_moves_the_window(self, carrier: Carrier, answering: Provider) -> None:
        window = Window(START, START + timedelta(hours=2))
        state, puts = await self.ask(carrier, answering, window=window)
        assert state is RequestState.accepted
        assert puts == [{"completeAfter": 1795766400000, "completeBefore": 1795773600000}]

    async def test_notes_a_wish_once(self, carrier: Carrier, answering: Provider) -> None:
        wish = {"kind": RequestKind.safe_place, "note": "behind the shed"}
        _, puts = await self.ask(carrier, answering, **wish)
        assert puts == [{"notes": "Leave in a safe place: behind the shed"}]
        answering.answers = {
            path: {**task, **puts[0]} for path, task in CASES["onfleet"].answers.items()
        }
        answering.requests.clear()
        state, puts = await self.ask(carrier, answering, **wish)
        assert (state, puts) == (RequestState.accepted, [])

    async def test_changes_the_address(self, carrier: Carrier, answering: Provider) -> None:
        wish = {"kind": RequestKind.change_address, "note": "5 Rue Neuve, Lyon"}
        _, puts = await self.ask(carrier, answering, **wish)
        assert puts == [{"destination": {"address": {"unparsed": "5 Rue Neuve, Lyon"}}}]

    async def test_a_place_on_a_map_is_for_people(
        self, carrier: Carrier, answering: Provider
    ) -> None:
        wish = {"kind": RequestKind.change_address, "note": "a map", "place": (45.76, 4.83)}
        with pytest.raises(NotTaken, match="in words"):
            await self.ask(carrier, answering, **wish)
        assert all(request.method == "GET" for request in answering.requests)

    async def test_refuses_what_is_done_or_unknown(
        self, carrier: Carrier, provider: Provider
    ) -> None:
        provider.answers = {"/api/tasks/shortId/9c2a1f08": {"id": "x", "state": 3}}
        assert (await self.ask(carrier, provider))[0] is RequestState.rejected
        provider.answers, provider.status = {}, 404
        assert (await self.ask(carrier, provider))[0] is RequestState.rejected

    def test_echoes_what_it_is_challenged_with(self, case: CarrierCase) -> None:
        onfleet = unconnected(case)
        assert isinstance(onfleet, Challenged)
        assert isinstance(onfleet, Onfleet)
        asked = replace(webhook(b""), method="GET", query={"check": "abc"})
        assert onfleet.challenge(case.account, asked).body == "abc"


async def test_delhivery_puts_an_attempt_off(
    provider: Provider, session: aiohttp.ClientSession
) -> None:
    case = CASES["delhivery"]
    window = Window(START, START + timedelta(hours=2))
    instruction = Instruction(UUID(int=1), "123", RequestKind.reschedule, window)
    provider.answer = {"request_id": "UPL1"}
    answer = await case.make(session).instruct(at(case, provider), instruction)
    assert answer.state is RequestState.accepted
    assert provider.requests[0].document == {
        "data": [
            {"waybill": "123", "act": "DEFER_DLV", "action_data": {"deferred_date": "2026-11-27"}}
        ]
    }
    provider.answer = {"error": "no attempt was made yet"}
    answer = await case.make(session).instruct(at(case, provider), instruction)
    assert (answer.state, answer.reason) == (RequestState.rejected, "no attempt was made yet")


@pytest.mark.parametrize(("days", "act"), [(0, "RE-ATTEMPT"), (1, "RE-ATTEMPT"), (2, "DEFER_DLV")])
async def test_delhivery_tries_again_the_next_day_or_on_a_later_one(
    provider: Provider, session: aiohttp.ClientSession, days: int, act: str
) -> None:
    """By the day in India, where at 19:00 UTC it is tomorrow already."""
    case, asked_at = CASES["delhivery"], datetime(2026, 11, 26, 19, tzinfo=UTC)
    start = datetime(2026, 11, 27, 4, tzinfo=UTC) + timedelta(days=days)
    window = Window(start, start + timedelta(hours=2))
    instruction = Instruction(UUID(int=1), "123", RequestKind.reschedule, window, at=asked_at)
    provider.answer = {"request_id": "UPL1"}
    await case.make(session).instruct(at(case, provider), instruction)
    assert provider.requests[0].document["data"][0]["act"] == act
    assert case.make(session).capabilities.only_in == {Status.attempt_failed}


class TestSamsara:
    """Vehicles, told and asked for."""

    case = CASES["samsara"]

    def test_reads_where_a_vehicle_is(self) -> None:
        event = {
            "eventId": "e1",
            "eventTime": "2026-11-26T14:00:00Z",
            "eventType": "GeofenceEntry",
            "data": {"vehicle": {"id": "112"}, "gps": {"latitude": 51.5, "longitude": -0.1}},
        }
        told = unconnected(self.case).parse(self.case.account, webhook(event))
        at = datetime(2026, 11, 26, 14, tzinfo=UTC)
        assert told == [VehiclePosition("112", at, (51.5, -0.1))]

    def test_the_time_of_sending_is_signed(self) -> None:
        request = webhook({})
        stamped = with_header(self.case.signed(request), "X-Samsara-Timestamp", "1795719600")
        with pytest.raises(BadSignature):
            unconnected(self.case).verify(self.case.account, stamped)

    async def test_asks_page_by_page(
        self, provider: Provider, session: aiohttp.ClientSession
    ) -> None:
        gps = {"time": "2026-11-26T14:00:00Z", "latitude": 51.5, "longitude": -0.1}
        provider.answer = {
            "data": [{"id": "112", "gps": gps}, {"id": "113"}],
            "pagination": {"hasNextPage": False, "endCursor": "x"},
        }
        samsara = self.case.make(session)
        assert isinstance(samsara, Followed)
        (found,) = await samsara.positions(at(self.case, provider))
        assert (found.vehicle, found.place) == ("112", (51.5, -0.1))
