"""FedEx, beyond what every vendor keeps: estimates, attempts, proof, and asking."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.carriers.base import Answer, CarrierEvent, Instruction
from bot.carriers.fedex import FedEx
from bot.carriers.registry import carriers
from bot.channels.base import Account
from bot.domain.errors import DoorstepError, Limited, MalformedUpdate, Permanent, Temporary
from bot.domain.request import RequestKind
from bot.domain.shipment import Collect, Proof, Status, TrackingEvent, derive
from bot.domain.when import Window
from tests.contract.carrier_cases import CARRIER_CASES
from tests.contract.cases import ANSWER_TIMEOUT
from tests.contract.provider import Provider
from tests.contract.test_carrier_vendors import webhook

CASE = next(case for case in CARRIER_CASES if case.name == "fedex")
NUMBER = "794810209259"
TRACK, TOKEN = "/api/track/v1/trackingnumbers", "/api/oauth/token"
OUT = {"eventType": "OD", "date": "2026-11-26T08:00:00-06:00"}
EIGHT = datetime(2026, 11, 26, 14, tzinfo=UTC)
FAILED = {"eventType": "DE", "exceptionCode": "08", "date": "2026-11-26T09:00:00-06:00"}


def at_hour(hour: int) -> dict[str, Any]:
    """A window of two hours, as FedEx writes it."""
    times = {"begins": hour, "ends": hour + 2}
    window = {name: f"2026-11-26T{value}:00:00-06:00" for name, value in times.items()}
    return {"estimatedDeliveryTimeWindow": {"window": window}}


def results(*scans: Mapping[str, Any], **result: Any) -> dict[str, Any]:
    whole = {"trackingNumber": NUMBER, "trackResults": [{"scanEvents": scans, **result}]}
    return {"output": {"completeTrackResults": [whole]}}


def pushed(at: str, *scans: Mapping[str, Any], **result: Any) -> dict[str, Any]:
    attempts = [{"attempt": 2, "time": "2026-11-26T23:00:00Z"}, {"attempt": 1, "time": at}]
    return {"outputMetaData": attempts, **results(*scans, **result)}


def parsed(document: object, **options: str) -> list[CarrierEvent]:
    account = replace(CASE.account, options=options)
    carrier = FedEx(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    return list(carrier.parse(account, webhook(document)))


def status_of(**scan: Any) -> Status:
    return parsed(results({**OUT, **scan}))[0].status


def stored(event: CarrierEvent) -> TrackingEvent:
    window = event.window
    return TrackingEvent(
        id=UUID(int=1),
        merchant_id=UUID(int=2),
        shipment_id=UUID(int=3),
        key=event.key,
        status=event.status,
        at=event.at,
        received_at=event.at,
        window_start=window.start if window else None,
        window_end=window.end if window else None,
    )


def standing(*documents: object) -> tuple[Status, Window | None]:
    """What a shipment comes to; what is told twice is kept as it was told first."""
    kept: dict[str, CarrierEvent] = {}
    for document in documents:
        for event in parsed(document):
            kept.setdefault(event.key, event)
    told = derive([stored(event) for event in kept.values()])
    return told.status, told.window


def window(hour: int) -> Window:
    start = datetime(2026, 11, 26, hour + 6, tzinfo=UTC)
    return Window(start, start + timedelta(hours=2))


class TestEstimate:
    """A window changes without a scan, and is pushed with the scan once more."""

    def test_a_changed_window_is_heard_in_whatever_order(self) -> None:
        told = [
            pushed("2026-11-26T14:01:00Z", OUT, **at_hour(14)),
            pushed("2026-11-26T15:01:00Z", OUT, **at_hour(18)),
            # Earlier again: neither the keys' order nor the windows' is the order of telling.
            pushed("2026-11-26T16:01:00Z", OUT, **at_hour(12)),
        ]
        for order in permutations(told):
            assert standing(*order) == (Status.out_for_delivery, window(12))

    def test_the_same_window_is_told_once(self) -> None:
        first, again = (
            parsed(pushed(at, OUT, **at_hour(14)))
            for at in ("2026-11-26T14:01:00Z", "2026-11-26T15:01:00Z")
        )
        assert [event.key for event in first] == [event.key for event in again]

    def test_a_later_scan_takes_it_back_though_it_is_heard_of_late(self) -> None:
        late = pushed("2026-11-26T15:30:00Z", OUT, **at_hour(14))
        attempt = pushed("2026-11-26T16:00:00Z", FAILED, OUT)
        for order in permutations([late, attempt]):
            assert standing(*order) == (Status.attempt_failed, None)

    def test_a_delay_may_come_with_a_new_window(self) -> None:
        delay = {"eventType": "DY", "date": "2026-11-26T09:00:00-06:00"}
        assert standing(results(OUT, **at_hour(12)), results(delay, OUT, **at_hour(17))) == (
            Status.delayed,
            window(17),
        )

    def test_the_last_scan_counts_wherever_it_stands(self) -> None:
        done = {"eventType": "DL", "date": "2026-11-26T12:00:00-06:00"}
        for scans in permutations([done, OUT]):
            assert [event.window for event in parsed(results(*scans, **at_hour(14)))] == [None] * 2

    @pytest.mark.parametrize("code", ["DL", "CA", "RS", "HL"])
    def test_nothing_is_expected_of_what_has_ended(self, code: str) -> None:
        assert len(parsed(results({**OUT, "eventType": code}, **at_hour(14)))) == 1

    def test_a_window_that_is_over_when_it_is_told_is_none(self) -> None:
        assert len(parsed(pushed("2026-11-26T22:30:00Z", OUT, **at_hour(14)))) == 1

    @pytest.mark.parametrize("meta", ["x", 5, {"time": 1}, [5], [{"time": "soon"}], [{}]])
    def test_what_is_not_told_of_the_push_does_no_harm(self, meta: object) -> None:
        told = parsed({"outputMetaData": meta, **results(OUT, **at_hour(14))})
        assert [event.at for event in told] == [EIGHT, EIGHT + timedelta(microseconds=1)]

    @pytest.mark.parametrize(
        "times",
        [
            {"begins": "2026-11-26", "ends": "2026-11-27"},
            {"begins": "2026-11-26T14:00:00", "ends": "2026-11-26T16:00:00-06:00"},
            {"begins": "2026-11-26T16:00:00-06:00", "ends": "2026-11-26T14:00:00-06:00"},
            {"begins": "Tuesday", "ends": "2026-11-26T14:00:00-06:00"},
            {},
        ],
    )
    def test_what_is_no_window_is_not_promised(self, times: dict[str, str]) -> None:
        assert len(parsed(results(OUT, estimatedDeliveryTimeWindow={"window": times}))) == 1


class TestTimes:
    """A time without offset is not guessed."""

    def test_one_without_offset_is_read_where_the_account_says(self) -> None:
        scan = {**OUT, "date": "2026-11-26T08:00:00"}
        times = {"begins": "2026-11-26T14:00:00", "ends": "2026-11-26T16:00:00"}
        told = results(scan, estimatedDeliveryTimeWindow={"window": times})
        events = parsed(told, timezone="America/Chicago")
        assert (events[0].at, events[1].window) == (EIGHT, window(14))
        with pytest.raises(MalformedUpdate, match=r"scanEvents\[0\].date: needs an offset"):
            parsed(told)

    @pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc", "America/"])
    def test_a_zone_that_is_none_is_named(self, zone: str) -> None:
        with pytest.raises(MalformedUpdate, match="timezone"):
            parsed(results(OUT), timezone=zone)


class TestStatus:
    """A claimed attempt is put to the customer, so only what claims one may count."""

    @pytest.mark.parametrize(
        ("scan", "status"),
        [
            ({"eventType": "DE", "exceptionCode": "08"}, Status.attempt_failed),
            ({"eventType": "DE", "exceptionCode": "007"}, Status.attempt_failed),
            (
                {"eventType": "DE", "exceptionDescription": "Customer not available."},
                Status.attempt_failed,
            ),
            ({"eventType": "DE", "exceptionCode": "07"}, Status.exception),
            ({"eventType": "DE", "exceptionCode": "083"}, Status.exception),
            ({"eventType": "DE", "exceptionCode": "34"}, Status.exception),
            ({"eventType": "SE", "exceptionCode": "08"}, Status.exception),
            ({"eventType": "AO"}, Status.in_transit),
            ({"eventType": "IN"}, Status.in_transit),
            ({"eventType": "DR"}, Status.created),
            ({"eventType": "RR"}, Status.unknown),
        ],
    )
    def test_reads(self, scan: dict[str, str], status: Status) -> None:
        assert status_of(**scan) is status

    def test_says_where_it_waits(self) -> None:
        where = {
            "contact": {"companyName": "FedEx Office"},
            "address": {"streetLines": ["1 Main St", " "], "city": "AUSTIN", "postalCode": "78701"},
        }
        scan = {**OUT, "eventType": "HP"}
        (held,) = parsed(
            results(scan, holdAtLocation={"locationContactAndAddress": where, "locationId": "A"})
        )
        assert held.collect == Collect("FedEx Office, 1 Main St, AUSTIN, 78701")
        (bare,) = parsed(results(scan, holdAtLocation={"locationId": "A"}))
        assert bare.collect is None

    def test_who_signed_may_be_told_later(self) -> None:
        done = {**OUT, "eventType": "DL"}
        bare, signed = (
            parsed(results(done, deliveryDetails=details))[0]
            for details in ({}, {"signedByName": "A.BYRON", "receivedByName": "Desk"})
        )
        assert (bare.proof, signed.proof) == (None, Proof(signed_by="A.BYRON"))
        # In the order of their keys, which is that of two events at once, the second prevails.
        assert bare.key < signed.key


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    | st.sampled_from(["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59.999999Z", "DE", "DL"]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["window", "begins", "ends", "contact"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(data=st.data(), zone=st.sampled_from(["", "America/Chicago", "x"]))
def test_junk_is_only_ever_malformed(data: st.DataObject, zone: str) -> None:
    names = ["eventType", "date", "exceptionCode", "scanLocation", "exceptionDescription"]
    outer = ["estimatedDeliveryTimeWindow", "deliveryDetails", "holdAtLocation"]
    scan = {**OUT, data.draw(st.sampled_from(names)): data.draw(JUNK)}
    more = {data.draw(st.sampled_from(outer)): data.draw(JUNK)}
    try:
        told = parsed({"outputMetaData": data.draw(JUNK), **results(scan, **more)}, timezone=zone)
    except MalformedUpdate:
        return
    assert all(event.at.tzinfo and event.key for event in told)


@pytest.fixture
def fedex(session: aiohttp.ClientSession) -> FedEx:
    return FedEx(session, ANSWER_TIMEOUT)


@pytest.fixture
def asked(provider: Provider) -> Provider:
    provider.answers = {**CASE.answers, TRACK: results(OUT, **at_hour(14))}
    return provider


def account(provider: Provider) -> Account:
    return replace(CASE.account, options={"api_base": provider.url})


class TestTrack:
    """Asking changes nothing, so whatever goes wrong is asked again."""

    async def test_asks_as_documented(self, fedex: FedEx, asked: Provider) -> None:
        await fedex.track(account(asked), NUMBER)
        token, track = asked.requests
        assert token.form == {
            "grant_type": ["client_credentials"],
            "client_id": ["an-id"],
            "client_secret": ["its-secret"],
        }
        assert track.headers["Authorization"] == "Bearer a-token"
        assert track.document == {
            "includeDetailedScans": True,
            "trackingInfo": [{"trackingNumberInfo": {"trackingNumber": NUMBER}}],
        }

    async def test_the_answer_says_when_it_was_given(self, fedex: FedEx, asked: Provider) -> None:
        asked.headers = {"Date": "Thu, 26 Nov 2026 14:02:00 GMT"}
        _, expected = await fedex.track(account(asked), NUMBER)
        assert expected.window == window(14)
        assert expected.at == EIGHT + timedelta(microseconds=121)

    async def test_a_token_that_is_refused_is_replaced_once(
        self, fedex: FedEx, asked: Provider
    ) -> None:
        await fedex.track(account(asked), NUMBER)
        asked.status = 401
        with pytest.raises(Permanent, match="401"):
            await fedex.track(account(asked), NUMBER)
        assert [request.path for request in asked.requests] == [TOKEN, TRACK, TRACK, TOKEN]

    @pytest.mark.parametrize(
        ("status", "answer", "error"),
        [
            (400, {"errors": [{"code": "BAD.REQUEST"}]}, Permanent),
            (400, {"errors": 5}, Permanent),
            (403, {"errors": [{"code": "FORBIDDEN.ERROR"}]}, Permanent),
            (429, {}, Limited),
            (500, "", Temporary),
            (504, "", Temporary),
        ],
    )
    async def test_refusal(
        self,
        fedex: FedEx,
        asked: Provider,
        status: int,
        answer: object,
        error: type[DoorstepError],
    ) -> None:
        await fedex.track(account(asked), NUMBER)
        asked.status, asked.answers = status, {TRACK: answer}
        with pytest.raises(error, match=str(status)) as caught:
            await fedex.track(account(asked), NUMBER)
        assert type(caught.value) is error

    @pytest.mark.parametrize(
        ("status", "answer"),
        [
            (200, results(error={"code": "TRACKING.TRACKINGNUMBER.NOTFOUND"})),
            (400, {"errors": [{"code": "TRACKING.TRACKINGNUMBER.INVALID"}]}),
            (404, {"errors": [{"code": "NOT.FOUND.ERROR"}]}),
        ],
    )
    async def test_an_unknown_number_has_no_history(
        self, fedex: FedEx, asked: Provider, status: int, answer: object
    ) -> None:
        await fedex.track(account(asked), NUMBER)
        asked.status, asked.answers = status, {TRACK: answer}
        assert await fedex.track(account(asked), NUMBER) == []

    @pytest.mark.parametrize("fault", ["silent", "drops"])
    async def test_no_answer_is_asked_for_again(
        self, fedex: FedEx, asked: Provider, fault: str
    ) -> None:
        setattr(asked, fault, True)
        with pytest.raises(Temporary):
            await fedex.track(account(asked), NUMBER)

    async def test_nobody_listens(self, fedex: FedEx, nobody: str) -> None:
        with pytest.raises(Temporary):
            await fedex.track(replace(CASE.account, options={"api_base": nobody}), NUMBER)

    async def test_a_zone_that_is_none_is_said(self, fedex: FedEx, asked: Provider) -> None:
        wrong = replace(account(asked), options={"api_base": asked.url, "timezone": "Mars"})
        with pytest.raises(Temporary, match="timezone"):
            await fedex.track(wrong, NUMBER)


@pytest.mark.parametrize("name", ["fedex", "usps"])
@pytest.mark.parametrize("kind", RequestKind)
async def test_takes_no_changes_and_says_so(
    session: aiohttp.ClientSession, name: str, kind: RequestKind
) -> None:
    carrier = carriers(session)[name]
    assert not carrier.capabilities.kinds

    async def ask() -> Answer:
        return await carrier.instruct(CASE.account, Instruction(UUID(int=1), NUMBER, kind))

    with pytest.raises(Permanent, match="takes no"):
        await ask()
