"""What Twilio asks of the SMS channel beyond the common contract."""

import hashlib
import json
from dataclasses import replace

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Inbound, WebhookRequest, Worded
from bot.channels.phones import e164, region_of
from bot.channels.sms import Sms
from bot.domain.errors import BadSignature, MalformedUpdate
from tests.contract.cases import PHONE, REFERENCE, SMS, query_of, read, sign_as_twilio
from tests.contract.provider import Provider

TOKEN = SMS.account.secrets["auth_token"]


@pytest.fixture
def sms(session: aiohttp.ClientSession) -> Sms:
    return Sms(session)


def json_request(body: bytes, query: str) -> WebhookRequest:
    text = SMS.fixture("text")
    url = f"{text.url}?{query}" if query else text.url
    return replace(text, url=url, body=body, headers={"Content-Type": "application/json"})


def signed_json(body: bytes, digest: str) -> WebhookRequest:
    """Sign as Twilio signs JSON: the URL alone, which carries the body's digest."""
    request = json_request(body, f"bodySHA256={digest}")
    unbodied = sign_as_twilio(replace(request, body=b""), TOKEN)
    return replace(unbodied, body=body)


def test_the_example_of_twilio_s_documentation(sms: Sms) -> None:
    # https://www.twilio.com/docs/usage/security#validating-signatures-from-twilio
    request = WebhookRequest(
        method="POST",
        url="https://example.com/myapp.php?foo=1&bar=2",
        headers={"X-Twilio-Signature": "L/OH5YylLD5NRKLltdqwSvS0BnU="},
        query={"foo": "1", "bar": "2"},
        body=b"CallSid=CA1234567890ABCDE&Caller=%2B14158675310&Digits=1234"
        b"&From=%2B14158675310&To=%2B18005551212",
    )
    account = replace(SMS.account, secrets={"auth_token": "12345"})
    sms.verify(account, request)
    with pytest.raises(BadSignature):
        sms.verify(account, replace(request, url=request.url.replace("foo=1", "foo=2")))


def test_the_query_is_signed(sms: Sms) -> None:
    signed = SMS.sign(SMS.fixture("status_delivered"), TOKEN)
    sms.verify(SMS.account, signed)
    with pytest.raises(BadSignature):
        sms.verify(SMS.account, replace(signed, url=signed.url.replace("0001", "0002")))


def test_a_json_body_is_covered_by_its_digest(sms: Sms) -> None:
    body = json.dumps(read("sms/text.json")["request"]["form"]).encode()
    signed = signed_json(body, hashlib.sha256(body).hexdigest())
    sms.verify(SMS.account, signed)
    (inbound,) = sms.parse(SMS.account, signed)
    assert isinstance(inbound, Inbound)
    assert inbound.text == "Where is my parcel?"
    with pytest.raises(BadSignature):
        sms.verify(SMS.account, replace(signed, body=body.replace(b"parcel", b"Parcel")))


@pytest.mark.parametrize("query", ["", "bodySHA256=", "bodySHA256", "foo=bodySHA256"])
def test_a_json_body_without_its_digest_is_not_believed(sms: Sms, query: str) -> None:
    signed = sign_as_twilio(json_request(b"", query), TOKEN)
    with pytest.raises(BadSignature):
        sms.verify(SMS.account, replace(signed, body=b'{"MessageSid": "SM1"}'))


@given(body=st.binary(max_size=60), kind=st.sampled_from(["application/json", "text/plain", ""]))
def test_anything_unsigned_is_refused(body: bytes, kind: str) -> None:
    sms = SMS.make(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    request = replace(SMS.fixture("text"), body=body, headers={"Content-Type": kind})
    with pytest.raises(BadSignature):
        sms.verify(SMS.account, request)


@pytest.mark.parametrize("name", ["MessageSid", "From"])
def test_names_the_field_that_is_missing(sms: Sms, name: str) -> None:
    form = read("sms/mms_image.json")["request"]["form"]
    del form[name]
    with pytest.raises(MalformedUpdate, match=rf"^{name}:"):
        sms.parse(SMS.account, SMS.request({"form": form}))


@pytest.mark.parametrize("changed", [{"MediaUrl0": ""}, {"MediaUrl0": "", "NumMedia": "x"}])
def test_a_message_without_its_file_is_one_all_the_same(sms: Sms, changed: dict[str, str]) -> None:
    form = read("sms/mms_image.json")["request"]["form"] | changed
    for body, kind in (("", "unsupported"), ("Look", "text")):
        (inbound,) = sms.parse(SMS.account, SMS.request({"form": form | {"Body": body}}))
        assert isinstance(inbound, Inbound)
        assert (inbound.kind, inbound.text, inbound.media) == (kind, body, None)


def test_a_report_on_no_message_of_ours_is_refused(sms: Sms) -> None:
    described = read("sms/status_sent.json")["request"] | {"query": {"message": "x"}}
    with pytest.raises(MalformedUpdate, match=r"^message: "):
        sms.parse(SMS.account, SMS.request(described))


async def test_sends_from_our_number_and_asks_for_reports(sms: Sms, provider: Provider) -> None:
    provider.status, provider.answer = SMS.status, SMS.answer
    (payload,) = sms.render(SMS.account, Worded("Hello"))
    await sms.send(SMS.at(provider.url), PHONE, payload, REFERENCE)
    (request,) = provider.requests
    form = {name: value for name, (value,) in request.form.items()}
    callback = form.pop("StatusCallback")
    assert form == {"From": "+447700900900", "To": PHONE, "Body": "Hello"}
    assert callback.startswith(f"{SMS.account.options['callback_url']}?")
    assert query_of(callback) == {"message": str(REFERENCE)}
    given = aiohttp.BasicAuth.decode(request.headers["Authorization"])
    assert (given.login, given.password) == (SMS.account.secrets["account_sid"], TOKEN)


async def test_asks_for_no_reports_without_a_public_url(sms: Sms, provider: Provider) -> None:
    provider.status, provider.answer = SMS.status, SMS.answer
    account = replace(SMS.at(provider.url), options={"api_base": provider.url})
    await sms.send(account, PHONE, {"body": "Hello"}, REFERENCE)
    assert "StatusCallback" not in provider.requests[0].form


@pytest.mark.parametrize(
    ("number", "region", "kept"),
    [
        ("+447700900123", None, "+447700900123"),
        ("+44 (0)7700 900-123", None, "+447700900123"),
        ("07700 900123", "GB", "+447700900123"),
        ("07700 900123", None, "07700 900123"),
        ("60777", "GB", "60777"),
        ("MaisonLune", "FR", "MaisonLune"),
        ("", "GB", ""),
    ],
)
def test_numbers_are_kept_in_one_form(number: str, region: str | None, kept: str) -> None:
    assert e164(number, region) == kept


def test_the_country_of_a_number() -> None:
    assert region_of("+447700900900") == "GB"
    assert region_of("MaisonLune") is None
    # Countries that share a code, and a number that is in no table.
    shared = ("+12125550123", "+14165550123", "+74951234567", "+77011234567", "+1999")
    assert [region_of(number) for number in shared] == ["US", "CA", "RU", "KZ", "US"]
