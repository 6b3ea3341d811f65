"""USPS, beyond what every vendor keeps: what is signed, its clocks, and asking."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.carriers.base import CarrierEvent
from bot.carriers.usps import Usps
from bot.channels.base import Account, WebhookRequest
from bot.domain.errors import (
    BadSignature,
    DoorstepError,
    Limited,
    MalformedUpdate,
    Permanent,
    Temporary,
)
from bot.domain.shipment import Handover, Status
from bot.domain.when import Window
from tests.contract.carrier_cases import CARRIER_CASES, SECRET
from tests.contract.cases import ANSWER_TIMEOUT, with_header
from tests.contract.provider import Provider
from tests.contract.test_carrier_vendors import webhook

CASE = next(case for case in CARRIER_CASES if case.name == "usps")
NUMBER = "9400"
TOKEN, TRACK = "/api/oauth2/v3/token", "/api/tracking/v3/tracking/9400"
AT = datetime(2026, 11, 26, 14, 10, tzinfo=UTC)
OUT = {"eventCode": "OF", "GMTTimestamp": "2026-11-26T14:10:00Z", "GMTOffset": "-6:00"}
LOCAL = {"eventCode": "OF", "eventTimestamp": "2026-11-26T08:10:00"}
HOURS = {
    "predictedDeliveryDate": "2026-11-26",
    "predictedDeliveryWindowStartTime": "14:00",
    "predictedDeliveryWindowEndTime": "16:00",
}
WINDOW = Window(datetime(2026, 11, 26, 20, tzinfo=UTC), datetime(2026, 11, 26, 22, tzinfo=UTC))
STAMP = "2026-11-26T14:11:00Z"


def usps() -> Usps:
    return Usps(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def details(*scans: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"trackingNumber": NUMBER, "trackingEvents": scans, **more}


def parsed(document: object, **options: str) -> list[CarrierEvent]:
    return list(usps().parse(replace(CASE.account, options=options), webhook(document)))


def message(payload: str, stamp: str = STAMP) -> WebhookRequest:
    return webhook({"subscriptionId": "a", "timestamp": stamp, "payload": payload, "links": []})


def hexadecimal(digest: bytes) -> str:
    return digest.hex()


def in_base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def signed(
    request: WebhookRequest, text: bytes, spell: Callable[[bytes], str], secret: str = SECRET
) -> WebhookRequest:
    return with_header(request, "X-HMAC", spell(hmac.digest(secret.encode(), text, "sha256")))


@pytest.mark.parametrize("spell", [hexadecimal, in_base64])
class TestVerify:
    """What is signed is not confirmed: two texts, spelled in two ways, and nothing else."""

    payload = json.dumps(details(OUT))

    def test_the_body(self, spell: Callable[[bytes], str]) -> None:
        request = webhook({"payload": details(OUT)})
        usps().verify(CASE.account, signed(request, request.body, spell))

    def test_the_time_and_the_payload(self, spell: Callable[[bytes], str]) -> None:
        text = f"{STAMP}{self.payload}".encode()
        request = signed(message(self.payload), text, spell)
        usps().verify(CASE.account, request)
        secrets = {"webhook_secret": "new", "previous_webhook_secret": SECRET}
        usps().verify(replace(CASE.account, secrets=secrets), request)

    def test_nothing_else(self, spell: Callable[[bytes], str]) -> None:
        text = f"{STAMP}{self.payload}".encode()
        other = json.dumps(details({**OUT, "eventCode": "01"}))
        within = '{"a":1}{"b":2}'
        for request in (
            signed(message(self.payload), text, spell, "another"),
            signed(message(other), text, spell),
            signed(message(self.payload, "2026-11-27T14:11:00Z"), text, spell),
            signed(message(self.payload), self.payload.encode(), spell),
            # What was signed, divided elsewhere.
            signed(message(self.payload[1:], STAMP + "{"), text, spell),
            signed(message(STAMP[-1] + self.payload, STAMP[:-1]), text, spell),
            signed(message('{"b":2}', STAMP + '{"a":1}'), f"{STAMP}{within}".encode(), spell),
        ):
            with pytest.raises(BadSignature, match="wrong"):
                usps().verify(CASE.account, request)

    def test_nothing_without_a_secret(self, spell: Callable[[bytes], str]) -> None:
        text = f"{STAMP}{self.payload}".encode()
        bare = replace(CASE.account, secrets={})
        with pytest.raises(BadSignature):
            usps().verify(bare, signed(message(self.payload), text, spell, ""))
        with pytest.raises(BadSignature, match="missing"):
            usps().verify(CASE.account, message(self.payload))


class TestMessage:
    """A tracking answer in a message, in whichever of its shapes."""

    @pytest.mark.parametrize(
        "document",
        [
            details(OUT),
            {"payload": details(OUT)},
            {"payload": [details(OUT)]},
            {"payload": json.dumps(details(OUT)), "timestamp": "yesterday"},
            {"payload": json.dumps({"trackingNumber": NUMBER, **OUT}), "timestamp": 5},
        ],
    )
    def test_reads(self, document: object) -> None:
        (event,) = parsed(document)
        assert (event.tracking_number, event.at) == (NUMBER, AT)
        assert event.status is Status.out_for_delivery

    @pytest.mark.parametrize(
        ("payload", "says"),
        [
            ("", "payload: is not JSON"),
            ("{", "payload: is not JSON"),
            (5, "payload: must be an object"),
            ("{}", "payload.trackingNumber: is missing"),
            (
                json.dumps(details({"eventCode": "OF"})),
                "payload.trackingEvents[0].eventTimestamp: is missing",
            ),
            (json.dumps(details({"eventCode": 1})), "eventCode: must be text"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, payload: object, says: str) -> None:
        with pytest.raises(MalformedUpdate) as caught:
            parsed({"payload": payload, "timestamp": STAMP})
        assert says in str(caught.value)


class TestTimes:
    """USPS's offsets have one digit, and a time without offset is not guessed."""

    @pytest.mark.parametrize("offset", ["-6:00", "-06:00", "-0600", " -6:00 "])
    def test_reads_an_offset(self, offset: str) -> None:
        assert parsed(details({**LOCAL, "GMTOffset": offset}))[0].at == AT

    @pytest.mark.parametrize("offset", ["six", "-99:00", "-6"])
    def test_names_an_offset_that_is_none(self, offset: str) -> None:
        with pytest.raises(MalformedUpdate, match=r"\[0\].GMTOffset: must be an offset"):
            parsed(details({**LOCAL, "GMTOffset": offset}))

    def test_one_without_offset_is_read_where_the_account_says(self) -> None:
        assert parsed(details(LOCAL), timezone="America/Chicago")[0].at == AT
        with pytest.raises(MalformedUpdate, match=r"eventTimestamp: needs an offset"):
            parsed(details(LOCAL))

    def test_greenwich_time_needs_no_letter(self) -> None:
        scan = {"eventCode": "OF", "GMTTimestamp": "2026-11-26T14:10:00"}
        assert parsed(details(scan))[0].at == AT


class TestWindow:
    """Hours without a clock are promised by the clock at the door, or not at all."""

    def test_by_the_clock_of_who_is_out_with_it(self) -> None:
        assert parsed(details(OUT, **HOURS))[1].window == WINDOW

    @pytest.mark.parametrize("pair", [("2:00 PM", "4:00pm"), ("14:00:00", "16:00:00")])
    def test_however_it_is_written(self, pair: tuple[str, str]) -> None:
        names = ("predictedDeliveryWindowStartTime", "predictedDeliveryWindowEndTime")
        written = {**HOURS, **dict(zip(names, pair, strict=True))}
        assert parsed(details(OUT, **written))[1].window == WINDOW

    def test_midnight_and_noon(self) -> None:
        day = {
            **HOURS,
            "predictedDeliveryWindowStartTime": "12:00 am",
            "predictedDeliveryWindowEndTime": "12:00 pm",
        }
        found = parsed(details(OUT, **day))[1].window
        assert found
        assert (found.start.hour, found.end.hour) == (6, 18)

    @pytest.mark.parametrize("hour", ["noon", "25:00", "13:00 pm", "0:30 am", "14:99", "14"])
    def test_what_cannot_be_read_is_no_promise(self, hour: str) -> None:
        changed = {**HOURS, "predictedDeliveryWindowStartTime": hour}
        assert len(parsed(details(OUT, **changed))) == 1

    def test_not_by_the_clock_of_a_place_on_the_way(self) -> None:
        on_the_way = {**OUT, "eventCode": "10"}
        assert len(parsed(details(on_the_way, **HOURS))) == 1
        assert parsed(details(on_the_way, **HOURS), timezone="America/Chicago")[1].window == WINDOW


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("31", Status.returning),
        ("27", Status.returning),
        ("06", Status.in_transit),
        ("17", Status.in_transit),
        ("30", Status.attempt_failed),
        ("51", Status.attempt_failed),
        ("60", Status.delivered),
        ("89", Status.created),
        ("DX", Status.unknown),
    ],
)
def test_status(code: str, status: Status) -> None:
    assert parsed(details({**OUT, "eventCode": code}))[0].status is status


@pytest.mark.parametrize(
    ("words", "handover"),
    [
        ("Delivered, Neighbor as Requested", Handover.neighbour),
        ("Delivered, Front Desk/Reception/Mail Room", None),
    ],
)
def test_a_neighbour_is_known_by_the_words(words: str, handover: Handover | None) -> None:
    scan = {**OUT, "eventCode": "01", "eventType": words}
    assert parsed(details(scan))[0].handover is handover


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    | st.sampled_from(["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59", "-9:00", "01", "OF"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(data=st.data(), zone=st.sampled_from(["", "America/Chicago", "x"]))
def test_junk_is_only_ever_malformed(data: st.DataObject, zone: str) -> None:
    names = [*OUT, "eventTimestamp", "eventType", "eventZIP", "name"]
    scan = {**data.draw(st.sampled_from([OUT, LOCAL]))}
    scan[data.draw(st.sampled_from(names))] = data.draw(JUNK)
    more = {**HOURS, data.draw(st.sampled_from([*HOURS])): data.draw(JUNK)}
    document = {"payload": json.dumps(details(scan, **more)), "timestamp": data.draw(JUNK)}
    try:
        told = parsed(document, timezone=zone)
    except MalformedUpdate:
        return
    assert all(event.at.tzinfo and event.key for event in told)


@given(body=st.binary(max_size=40) | JUNK.map(lambda value: json.dumps(value).encode()))
def test_junk_is_only_ever_badly_signed(body: bytes) -> None:
    with pytest.raises(BadSignature):
        usps().verify(CASE.account, with_header(webhook(body), "X-HMAC", "x"))


@pytest.fixture
def carrier(session: aiohttp.ClientSession) -> Usps:
    return Usps(session, ANSWER_TIMEOUT)


@pytest.fixture
def asked(provider: Provider) -> Provider:
    provider.answers = {**CASE.answers, TRACK: details(OUT, **HOURS)}
    return provider


def account(provider: Provider) -> Account:
    return replace(CASE.account, options={"api_base": provider.url})


class TestTrack:
    """Asking changes nothing, so whatever goes wrong is asked again."""

    async def test_asks_as_documented(self, carrier: Usps, asked: Provider) -> None:
        asked.headers = {"Date": "Thu, 26 Nov 2026 14:12:00 GMT"}
        _, expected = await carrier.track(account(asked), NUMBER)
        token, track = asked.requests
        assert token.document == {
            "grant_type": "client_credentials",
            "client_id": "an-id",
            "client_secret": "its-secret",
        }
        assert (track.method, track.headers["Authorization"]) == ("GET", "Bearer a-token")
        assert expected.window == WINDOW
        assert expected.at == AT + timedelta(microseconds=121)

    async def test_an_answer_may_be_a_list(self, carrier: Usps, asked: Provider) -> None:
        asked.answers = {**CASE.answers, TRACK: [details(OUT)]}
        (event,) = await carrier.track(account(asked), NUMBER)
        assert event.at == AT

    async def test_a_token_that_is_refused_is_replaced_once(
        self, carrier: Usps, asked: Provider
    ) -> None:
        await carrier.track(account(asked), NUMBER)
        asked.status = 401
        with pytest.raises(Permanent, match="401"):
            await carrier.track(account(asked), NUMBER)
        assert [request.path for request in asked.requests] == [TOKEN, TRACK, TRACK, TOKEN]

    @pytest.mark.parametrize(
        ("status", "error"),
        [(403, Permanent), (429, Limited), (500, Temporary), (503, Temporary), (504, Temporary)],
    )
    async def test_refusal(
        self, carrier: Usps, asked: Provider, status: int, error: type[DoorstepError]
    ) -> None:
        await carrier.track(account(asked), NUMBER)
        asked.status = status
        with pytest.raises(error, match=str(status)) as caught:
            await carrier.track(account(asked), NUMBER)
        assert type(caught.value) is error

    @pytest.mark.parametrize("status", [400, 404])
    async def test_an_unknown_number_has_no_history(
        self, carrier: Usps, asked: Provider, status: int
    ) -> None:
        await carrier.track(account(asked), NUMBER)
        asked.status = status
        assert await carrier.track(account(asked), NUMBER) == []

    @pytest.mark.parametrize("status", [400, 404])
    async def test_refused_credentials_are_not_an_unknown_number(
        self, carrier: Usps, asked: Provider, status: int
    ) -> None:
        asked.status = status
        with pytest.raises(Permanent, match=str(status)):
            await carrier.track(account(asked), NUMBER)

    @pytest.mark.parametrize("fault", ["silent", "drops"])
    async def test_no_answer_is_asked_for_again(
        self, carrier: Usps, asked: Provider, fault: str
    ) -> None:
        setattr(asked, fault, True)
        with pytest.raises(Temporary):
            await carrier.track(account(asked), NUMBER)

    async def test_nobody_listens(self, carrier: Usps, nobody: str) -> None:
        with pytest.raises(Temporary):
            await carrier.track(replace(CASE.account, options={"api_base": nobody}), NUMBER)
