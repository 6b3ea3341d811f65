"""What Meta asks of the WhatsApp channel beyond the common contract."""

import json
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.channels.base import Inbound, Option, WebhookRequest, Worded
from bot.channels.whatsapp import WhatsApp
from bot.domain.errors import BadSignature, MalformedUpdate
from bot.domain.templates import TemplateState, TemplateUse
from tests.contract.cases import REFERENCE, WHATSAPP, read
from tests.contract.provider import Provider

CHALLENGE = {
    "hub.mode": "subscribe",
    "hub.verify_token": "verify-me",
    "hub.challenge": "1158201444",
}
ACCOUNT = WHATSAPP.account


@pytest.fixture
def whatsapp(session: aiohttp.ClientSession) -> WhatsApp:
    return WhatsApp(session)


def get(query: dict[str, str]) -> WebhookRequest:
    return WebhookRequest("GET", "https://doorstep.example/webhooks", {}, query, b"")


def test_echoes_the_challenge(whatsapp: WhatsApp) -> None:
    request = get(CHALLENGE)
    whatsapp.verify(ACCOUNT, request)
    assert whatsapp.parse(ACCOUNT, request) == []
    answer = whatsapp.answer(ACCOUNT, request)
    assert (answer.status, answer.body, answer.content_type) == (200, "1158201444", "text/plain")


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": "ü"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
    ],
)
def test_echoes_no_other_challenge(whatsapp: WhatsApp, change: dict[str, str]) -> None:
    for query in (CHALLENGE | change, {}):
        with pytest.raises(BadSignature):
            whatsapp.verify(ACCOUNT, get(query))
        with pytest.raises(BadSignature):
            whatsapp.answer(ACCOUNT, get(query))


def test_no_verify_token_is_no_empty_verify_token(whatsapp: WhatsApp) -> None:
    with pytest.raises(BadSignature):
        whatsapp.answer(replace(ACCOUNT, secrets={}), get(CHALLENGE | {"hub.verify_token": ""}))


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("object",), "page", "object"),
        (("entry",), {}, "entry"),
        (("entry", 0, "changes"), None, "entry[0].changes"),
        (("entry", 0, "changes", 0, "value"), [], "entry[0].changes[0].value"),
        (("entry", 0, "changes", 0, "value", "messages", 0, "id"), "", "messages[0].id"),
    ],
)
def test_names_the_field_that_is_wrong(
    whatsapp: WhatsApp, path: tuple[Any, ...], value: object, field: str
) -> None:
    described = read("whatsapp/text.json")["request"]
    inner = described["json"]
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(MalformedUpdate) as caught:
        whatsapp.parse(ACCOUNT, WHATSAPP.request(described))
    assert field in str(caught.value).split(": ")[0]


@pytest.mark.parametrize("field", ["text", "timestamp", "type"])
def test_a_message_that_cannot_be_read_is_one_all_the_same(whatsapp: WhatsApp, field: str) -> None:
    described = read("whatsapp/text.json")["request"]
    sent = described["json"]["entry"][0]["changes"][0]["value"]["messages"][0]
    sent[field] = ["x"]
    (inbound,) = whatsapp.parse(ACCOUNT, WHATSAPP.request(described))
    assert isinstance(inbound, Inbound)
    assert (inbound.kind, inbound.key, inbound.raw) == ("unsupported", sent["id"], sent)


@pytest.mark.parametrize(
    ("to", "recipient"),
    [
        ("+447700900123", {"to": "447700900123"}),
        ("GB.13491208655302741918", {"recipient": "GB.13491208655302741918"}),
        ("GB.ENT.11815799212886844830", {"recipient": "GB.ENT.11815799212886844830"}),
    ],
)
async def test_addresses_a_phone_or_a_user_id(
    whatsapp: WhatsApp, provider: Provider, to: str, recipient: dict[str, str]
) -> None:
    provider.answer = WHATSAPP.answer
    (payload,) = whatsapp.render(WHATSAPP.account, Worded("Hello", (Option("yes", "Yes"),)))
    await whatsapp.send(WHATSAPP.at(provider.url), to, payload, REFERENCE)
    (request,) = provider.requests
    assert WHATSAPP.problems(request) == []
    sent = request.document
    assert {key: sent[key] for key in ("to", "recipient") if key in sent} == recipient
    assert sent["biz_opaque_callback_data"] == str(REFERENCE)
    assert request.headers["Authorization"] == "Bearer access"


def test_the_address_is_the_number_s_id_unless_told_otherwise(whatsapp: WhatsApp) -> None:
    bare = replace(ACCOUNT, address=ACCOUNT.options["phone_number_id"], options={})
    assert whatsapp.parse(bare, WHATSAPP.fixture("text"))
    assert whatsapp.parse(replace(bare, address="1"), WHATSAPP.fixture("text")) == []


@pytest.mark.parametrize(("place", "named"), [("1", {}), ("item", {"parameter_name": "item"})])
def test_a_template_is_sent_as_meta_wants_it(
    whatsapp: WhatsApp, place: str, named: dict[str, str]
) -> None:
    use = TemplateUse("parcel_delivered", "en_GB", ((place, "Linen lamp"),), buttons=1)
    options = (Option("q.0", "Another time"), Option("q.1", "Talk to a person"))
    (payload,) = whatsapp.render(WHATSAPP.account, Worded("unused", options, template=use))
    assert WHATSAPP.payload_problems(payload) == []
    template = payload["template"]
    assert (template["name"], template["language"]) == ("parcel_delivered", {"code": "en_GB"})
    body, button = template["components"]
    assert body["parameters"] == [{"type": "text", "text": "Linen lamp", **named}]
    assert button["parameters"] == [{"type": "payload", "payload": "q.0"}]


def about_a_template(whatsapp: WhatsApp, field: str, business: str = "1", **value: Any) -> Any:
    change = {"field": field, "value": {"message_template_id": 594425479261596, **value}}
    document = {
        "object": "whatsapp_business_account",
        "entry": [{"id": business, "time": 1764000000, "changes": [change]}],
    }
    body = json.dumps(document).encode()
    request = WebhookRequest("POST", "https://doorstep.example/w", {}, {}, body)
    account = replace(ACCOUNT, options={**ACCOUNT.options, "business_account_id": "1"})
    return whatsapp.parse(account, request)


def test_news_of_a_template(whatsapp: WhatsApp) -> None:
    name = {"message_template_name": "parcel_delivered", "message_template_language": "en_GB"}
    state = "message_template_status_update"
    (paused,) = about_a_template(whatsapp, state, event="PAUSED", reason="LOW_QUALITY", **name)
    assert (paused.name, paused.language) == ("parcel_delivered", "en_GB")
    assert (paused.state, paused.reason) == (TemplateState.paused, "LOW_QUALITY")
    (new,) = about_a_template(whatsapp, state, event="SOMETHING_NEW", reason="NONE", **name)
    assert new.state is TemplateState.unknown
    changed = {"previous_category": "UTILITY", "new_category": "MARKETING"}
    (moved,) = about_a_template(whatsapp, "template_category_update", **name, **changed)
    assert (moved.category, moved.state) == ("marketing", None)
    assert about_a_template(whatsapp, state, business="2", event="PAUSED", **name) == []
    with pytest.raises(MalformedUpdate, match="message_template_name"):
        about_a_template(whatsapp, state, event="PAUSED")
