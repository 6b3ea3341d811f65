"""The generic signed carrier: its format, and what it is asked."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.carriers.base import CarrierEvent, Instruction
from bot.carriers.generic import GenericCarrier
from bot.channels.base import Account, WebhookRequest
from bot.domain.errors import (
    BadSignature,
    DoorstepError,
    Limited,
    MalformedUpdate,
    OutcomeUnknown,
    Permanent,
    Temporary,
)
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Status
from bot.domain.when import Window
from sandbox.carrier.service import REQUEST
from tests.contract.cases import ACCOUNT_ID, ANSWER_TIMEOUT, FIXTURES, PUBLIC, read, with_header
from tests.contract.provider import Provider

SECRET = "a-secret"
ACCOUNT = Account(
    id=ACCOUNT_ID,
    channel="generic",
    address="swift",
    secrets={"secret": SECRET},
    options={"api_base": "http://127.0.0.1:1"},
)
START = datetime(2026, 11, 24, 18, tzinfo=UTC)
INSTRUCTION = Instruction(
    request_id=UUID("01939f3e-0b5c-7000-8000-000000000002"),
    tracking_number="SP700900123",
    kind=RequestKind.reschedule,
    window=Window(START, START + timedelta(hours=3)),
    note="Ring twice",
)
SAMPLES = sorted((FIXTURES / "carriers").glob("generic_*.json"))


@pytest.fixture
def carrier(session: aiohttp.ClientSession) -> GenericCarrier:
    return GenericCarrier(session, ANSWER_TIMEOUT)


def webhook(body: bytes) -> WebhookRequest:
    url = f"{PUBLIC}/webhooks/carriers/{ACCOUNT_ID}"
    return WebhookRequest("POST", url, {"Content-Type": "application/json"}, {}, body)


def events_webhook(*events: Mapping[str, Any]) -> WebhookRequest:
    return webhook(json.dumps({"events": events}).encode())


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed(request: WebhookRequest, secret: str = SECRET) -> WebhookRequest:
    return with_header(request, "X-Doorstep-Signature", signature(request.body, secret))


class TestVerify:
    """Only the carrier is believed."""

    def test_accepts_what_the_carrier_signed(self, carrier: GenericCarrier) -> None:
        carrier.verify(ACCOUNT, signed(events_webhook()))

    def test_accepts_the_previous_secret_while_it_is_rotated(self, carrier: GenericCarrier) -> None:
        rotated = replace(ACCOUNT, secrets={"secret": "new", "previous_secret": SECRET})
        carrier.verify(rotated, signed(events_webhook()))

    def test_refuses_everything_else(self, carrier: GenericCarrier) -> None:
        request = signed(events_webhook())
        bare = replace(ACCOUNT, secrets={})
        for account, forged in (
            (ACCOUNT, events_webhook()),
            (ACCOUNT, signed(events_webhook(), "another")),
            (ACCOUNT, replace(request, body=request.body + b" ")),
            (bare, signed(events_webhook(), "")),
        ):
            with pytest.raises(BadSignature):
                carrier.verify(account, forged)


class TestParse:
    """Events are read whole or refused by field."""

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_fixture(self, carrier: GenericCarrier, path: Path) -> None:
        document = read(f"carriers/{path.name}")
        sent = document["request"]["json"]
        events = carrier.parse(ACCOUNT, webhook(json.dumps(sent).encode()))
        assert [comparable(event) for event in events] == [
            comparable(expected(event)) for event in document["events"]
        ]
        assert [event.raw for event in events] == sent["events"]

    @pytest.mark.parametrize("status", Status)
    def test_knows_every_status_of_the_house(self, carrier: GenericCarrier, status: Status) -> None:
        (event,) = carrier.parse(ACCOUNT, events_webhook(sample() | {"status": status.value}))
        assert (event.status, event.code) == (status, "OFD")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"id": ""}, "id"),
            ({"id": 5}, "id"),
            ({"tracking_number": None}, "tracking_number"),
            ({"status": ""}, "status"),
            ({"at": "yesterday"}, "at"),
            ({"at": "2026-11-23T14:05:00"}, "at"),
            ({"at": 1764000000}, "at"),
            ({"at": "0001-01-01T00:00:00+10:00"}, "at"),
            ({"description": []}, "description"),
            ({"window": "14-16"}, "window"),
            ({"window": {"from": "2026-11-23T14:00:00Z"}}, "window.to"),
            ({"window": {"from": "2026-11-23T14:00Z", "to": "2026-11-23T14:00Z"}}, "window"),
            ({"courier": "Sam"}, "courier"),
            ({"courier": {"name": 5}}, "courier.name"),
        ],
    )
    def test_names_the_field_that_is_wrong(
        self, carrier: GenericCarrier, change: dict[str, Any], field: str
    ) -> None:
        request = events_webhook(sample(), sample() | change)
        with pytest.raises(MalformedUpdate) as caught:
            carrier.parse(ACCOUNT, request)
        assert str(caught.value).startswith(f"events[1].{field}: ")

    @pytest.mark.parametrize("name", ["id", "tracking_number", "status", "at"])
    def test_names_the_field_that_is_missing(self, carrier: GenericCarrier, name: str) -> None:
        event = sample()
        del event[name]
        with pytest.raises(MalformedUpdate, match=rf"^events\[0\].{name}: is missing$"):
            carrier.parse(ACCOUNT, events_webhook(event))

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b"{}", b'{"events": {}}', b'{"events":[1]}']
    )
    def test_refuses_a_body_of_another_shape(self, carrier: GenericCarrier, body: bytes) -> None:
        with pytest.raises(MalformedUpdate):
            carrier.parse(ACCOUNT, webhook(body))

    @settings(max_examples=200, deadline=None)
    @given(
        field=st.sampled_from([*json.loads(SAMPLES[0].read_text())["request"]["json"]["events"]]),
        data=st.data(),
    )
    def test_survives_any_field_of_another_type(
        self, field: dict[str, Any], data: st.DataObject
    ) -> None:
        name = data.draw(st.sampled_from(sorted(sample())))
        junk = [None, True, -1, 1.5, 10**400, "", "x", "9999-99-99", [], ["x"], {}, {"from": 1}]
        changed = field | {name: data.draw(st.sampled_from(junk))}
        carrier = GenericCarrier(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        try:
            (event,) = carrier.parse(ACCOUNT, events_webhook(changed))
        except MalformedUpdate:
            return
        assert event.at.tzinfo
        assert isinstance(event.code, str)


def sample() -> dict[str, Any]:
    return read("carriers/generic_out_for_delivery.json")["request"]["json"]["events"][0]


def comparable(event: CarrierEvent) -> dict[str, Any]:
    return {f.name: getattr(event, f.name) for f in fields(event) if f.name != "raw"}


def expected(described: dict[str, Any]) -> CarrierEvent:
    values = described | {"at": datetime.fromisoformat(described["at"])}
    if "window" in values:
        values["window"] = Window(*map(datetime.fromisoformat, values["window"]))
    return CarrierEvent(**values | {"status": Status(values["status"])})


class TestInstruct:
    """One signed request per change, and every answer turned into what to do next."""

    async def ask(
        self, carrier: GenericCarrier, provider: Provider, **change: Any
    ) -> tuple[RequestState, str]:
        account = replace(ACCOUNT, options={"api_base": f"{provider.url}/"})
        answer = await carrier.instruct(account, replace(INSTRUCTION, **change))
        return answer.state, answer.reason

    @pytest.fixture
    def accepting(self, provider: Provider) -> Provider:
        provider.answer = {
            "request_id": str(INSTRUCTION.request_id),
            "state": "accepted",
            "reason": None,
        }
        return provider

    async def test_asks_signed(self, carrier: GenericCarrier, accepting: Provider) -> None:
        assert await self.ask(carrier, accepting) == (RequestState.accepted, "")
        (request,) = accepting.requests
        assert (request.method, request.path) == ("POST", "/api/requests")
        assert request.headers["X-Doorstep-Signature"] == signature(request.body)
        assert request.headers["Content-Type"] == "application/json"
        assert list(REQUEST.iter_errors(request.document)) == []
        assert request.document == {
            "request_id": str(INSTRUCTION.request_id),
            "tracking_number": "SP700900123",
            "kind": "reschedule",
            "window": {"from": "2026-11-24T18:00:00+00:00", "to": "2026-11-24T21:00:00+00:00"},
            "note": "Ring twice",
        }

    async def test_says_where_it_is_to_go(
        self, carrier: GenericCarrier, accepting: Provider
    ) -> None:
        where = {"place": (48.85, 2.35), "point": "voltaire"}
        await self.ask(carrier, accepting, kind=RequestKind.pickup_point, window=None, **where)
        (request,) = accepting.requests
        assert list(REQUEST.iter_errors(request.document)) == []
        assert request.document["point"] == "voltaire"
        assert request.document["place"] == {"latitude": 48.85, "longitude": 2.35}

    @pytest.mark.parametrize("kind", RequestKind)
    async def test_asks_for_every_kind(
        self, carrier: GenericCarrier, accepting: Provider, kind: RequestKind
    ) -> None:
        window = INSTRUCTION.window if kind is RequestKind.reschedule else None
        await self.ask(carrier, accepting, kind=kind, window=window)
        assert list(REQUEST.iter_errors(accepting.requests[0].document)) == []
        assert kind in carrier.capabilities.kinds

    @pytest.mark.parametrize("state", ["requested", "rejected"])
    async def test_hears_the_answer(
        self, carrier: GenericCarrier, accepting: Provider, state: str
    ) -> None:
        accepting.answer |= {"state": state, "reason": "The van has left"}
        assert await self.ask(carrier, accepting) == (RequestState(state), "The van has left")

    @pytest.mark.parametrize(
        ("status", "answer", "error", "says"),
        [
            (400, {"reason": "window: too narrow"}, Permanent, "too narrow"),
            (401, "<html>", Permanent, "401"),
            (404, {"title": "No such parcel"}, Permanent, "No such parcel"),
            (429, {}, Limited, "429"),
            (500, {"error": "broken"}, Temporary, "broken"),
            (504, "", OutcomeUnknown, "504"),
            (200, "<html>", OutcomeUnknown, "another request"),
            (200, {"request_id": "x", "state": "accepted"}, OutcomeUnknown, "another request"),
        ],
    )
    async def test_refusal(
        self,
        carrier: GenericCarrier,
        provider: Provider,
        status: int,
        answer: object,
        error: type[DoorstepError],
        says: str,
    ) -> None:
        provider.status, provider.answer = status, answer
        with pytest.raises(error, match=says) as caught:
            await self.ask(carrier, provider)
        assert type(caught.value) is error

    @pytest.mark.parametrize("state", ["draft", "expired", "done", None, 5, ["accepted"]])
    async def test_does_not_guess_an_unknown_state(
        self, carrier: GenericCarrier, accepting: Provider, state: object
    ) -> None:
        accepting.answer |= {"state": state}
        with pytest.raises(OutcomeUnknown):
            await self.ask(carrier, accepting)

    async def test_does_not_know_the_outcome_when_no_answer_comes(
        self, carrier: GenericCarrier, accepting: Provider
    ) -> None:
        accepting.silent = True
        with pytest.raises(OutcomeUnknown):
            await self.ask(carrier, accepting)

    async def test_nothing_was_asked_when_nobody_listens(
        self, carrier: GenericCarrier, nobody: str
    ) -> None:
        with pytest.raises(Temporary):
            await carrier.instruct(replace(ACCOUNT, options={"api_base": nobody}), INSTRUCTION)

    async def test_says_what_the_account_lacks(self, carrier: GenericCarrier) -> None:
        with pytest.raises(Permanent, match="api_base"):
            await carrier.instruct(replace(ACCOUNT, options={}), INSTRUCTION)
        with pytest.raises(Permanent, match="secret"):
            await carrier.instruct(replace(ACCOUNT, secrets={}), INSTRUCTION)
