"""What each channel's provider does in its own way; the tests are the same for all.

A case says how the provider signs, what it answers, and which description our requests are
held against. A new channel is a new case here and a folder of fixtures.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import aiohttp

from bot.channels.base import Account, Channel, WebhookRequest
from bot.channels.sms import Sms
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.domain.errors import (
    DoorstepError,
    Limited,
    OptedOut,
    OutcomeUnknown,
    Permanent,
    Temporary,
    Unreachable,
    WindowClosed,
)
from sandbox.contracts.telegram import from_form, method_problems
from sandbox.contracts.twilio import create_problems
from sandbox.contracts.whatsapp import send_problems
from tests.contract.provider import Recorded

FIXTURES = Path(__file__).parent.parent / "fixtures"
ACCOUNT_ID = UUID("01939f3e-0b5c-7000-8000-00000000acc0")
REFERENCE = UUID("01939f3e-0b5c-7000-8000-000000000001")
PUBLIC = "https://doorstep.example"
PHONE = "+447700900123"
ANSWER_TIMEOUT = 0.3
"""Seconds; the real one is far too long for a test."""


@dataclass(frozen=True)
class Refusal:
    """An answer of the provider, and the error it must become."""

    name: str
    status: int
    answer: Any
    error: type[DoorstepError]
    says: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    wait: timedelta | None = None
    code: str | None = None


@dataclass(frozen=True)
class ChannelCase:
    """What a channel's provider does in its own way."""

    name: str
    make: Callable[[aiohttp.ClientSession], Channel]
    account: Account
    sign: Callable[[WebhookRequest, str], WebhookRequest]
    """Sign as the vendor does, with the given secret."""
    secret: str
    """The name of the secret that webhooks are proved with."""
    signature: str
    """The header that proves it."""
    to: str
    path: str
    """The path of a send, below the API's base."""
    problems: Callable[[Recorded], list[str]]
    """What breaks the vendor's description in a request of ours."""
    answer: Any
    """The provider's word that it took a message, and the status of it."""
    status: int
    provider_id: str
    refusals: list[Refusal]
    payload_problems: Callable[[Mapping[str, Any]], list[str]]
    variant: str = ""
    """Which provider, where a channel has several."""
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the provider answers, by path, to what a send has to ask first."""

    @property
    def folder(self) -> str:
        """Of its fixtures."""
        return f"{self.name}_{self.variant}" if self.variant else self.name

    def at(self, url: str) -> Account:
        bases = {"api_base": url, "content_base": url}
        return replace(self.account, options={**self.account.options, **bases})

    def fixture(self, name: str) -> WebhookRequest:
        return self.request(read(f"{self.folder}/{name}.json")["request"])

    def request(self, described: Mapping[str, Any]) -> WebhookRequest:
        """Make the HTTP request that a fixture describes, unsigned."""
        query = described.get("query", {})
        url = f"{PUBLIC}/webhooks/{self.name}/{ACCOUNT_ID}{described.get('path', '')}"
        form = "form" in described
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        body = urlencode(described["form"]) if form else json.dumps(described["json"])
        return WebhookRequest(
            method="POST",
            url=f"{url}?{urlencode(query)}" if query else url,
            headers={"Content-Type": kind},
            query=query,
            body=body.encode(),
        )


def read(path: str) -> dict[str, Any]:
    return json.loads((FIXTURES / path).read_text(encoding="utf-8"))


def with_header(request: WebhookRequest, name: str, value: str) -> WebhookRequest:
    return replace(request, headers={**request.headers, name: value})


# -- SMS


def sign_as_twilio(request: WebhookRequest, secret: str) -> WebhookRequest:
    fields = sorted(parse_qsl(request.body.decode(), keep_blank_values=True))
    signed = request.url + "".join(key + value for key, value in fields)
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha1).digest()
    return with_header(request, "X-Twilio-Signature", base64.b64encode(digest).decode())


def _twilio_said(status: int, code: int, message: str) -> dict[str, Any]:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": message, "more_info": more, "status": status}


SID = "SM0123456789abcdef0123456789abcdef"
ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef"
SMS = ChannelCase(
    name="sms",
    make=lambda session: Sms(session, ANSWER_TIMEOUT),
    account=Account(
        id=ACCOUNT_ID,
        channel="sms",
        address="+447700900900",
        secrets={"account_sid": ACCOUNT_SID, "auth_token": "a-token"},
        options={"callback_url": f"{PUBLIC}/webhooks/sms/{ACCOUNT_ID}/status"},
    ),
    sign=sign_as_twilio,
    secret="auth_token",
    signature="X-Twilio-Signature",
    to=PHONE,
    path=f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json",
    problems=lambda recorded: create_problems(recorded.form),
    answer={"sid": SID, "status": "queued", "account_sid": ACCOUNT_SID, "body": "Hello"},
    status=201,
    provider_id=SID,
    refusals=[
        Refusal("rate", 429, _twilio_said(429, 20429, "Too Many Requests"), Limited,
                headers={"Retry-After": "7"}, wait=timedelta(seconds=7)),
        Refusal("queue full", 400, _twilio_said(400, 21611, "Queue full"), Limited),
        Refusal("broken", 500, _twilio_said(500, 20500, "Internal Server Error"), Temporary),
        Refusal("unavailable", 503, "not JSON", Temporary),
        Refusal("a proxy's page", 502, "<html>", OutcomeUnknown),
        Refusal("gateway gave up", 504, "not JSON", OutcomeUnknown),
        Refusal("opted out", 400, _twilio_said(400, 21610, "Unsubscribed"), OptedOut,
                says="opted out", code="21610"),
        Refusal("no mobile", 400, _twilio_said(400, 21614, "Not mobile"), Permanent,
                says="not a mobile", code="21614"),
        Refusal("credentials", 401, _twilio_said(401, 20003, "Authenticate"), Permanent,
                says="credentials", code="20003"),
        Refusal("new code", 400, _twilio_said(400, 29999, "Something new"), Permanent,
                says="29999", code="29999"),
        Refusal("problem details", 400,
                {"type": "x", "title": "Bad", "status": 400, "code": 21211, "detail": "Worse"},
                Permanent, says="not a number", code="21211"),
        Refusal("no JSON", 400, "<html>", Permanent),
        Refusal("taken, but unreadable", 201, "<html>", OutcomeUnknown),
        Refusal("taken, but not an object", 201, ["x"], OutcomeUnknown),
        Refusal("taken, but no id", 201, {"status": "queued"}, OutcomeUnknown),
    ],
    payload_problems=lambda payload: create_problems(
        {"To": [PHONE], "From": ["+447700900900"], "Body": [payload["body"]]}
    ),
)  # fmt: skip

# -- WhatsApp


def sign_as_meta(request: WebhookRequest, secret: str) -> WebhookRequest:
    digest = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    return with_header(request, "X-Hub-Signature-256", f"sha256={digest}")


def _meta_said(code: int, message: str = "(#1) Something", **more: Any) -> dict[str, Any]:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1", **more}
    return {"error": error}


PHONE_NUMBER_ID = "106540352242922"
WAMID = "wamid.HBgMNDQ3NzAwOTAwMTIzFQIAERgSM0EwMDAwMDAwMDAwMDAwMDAwAA=="
WHATSAPP = ChannelCase(
    name="whatsapp",
    make=lambda session: WhatsApp(session, ANSWER_TIMEOUT),
    account=Account(
        id=ACCOUNT_ID,
        channel="whatsapp",
        address="+447700900901",
        secrets={"access_token": "access", "app_secret": "a-secret", "verify_token": "verify-me"},
        options={"phone_number_id": PHONE_NUMBER_ID},
    ),
    sign=sign_as_meta,
    secret="app_secret",
    signature="X-Hub-Signature-256",
    to=PHONE,
    path=f"/v23.0/{PHONE_NUMBER_ID}/messages",
    problems=lambda recorded: send_problems(recorded.document),
    answer={
        "messaging_product": "whatsapp",
        "contacts": [{"input": "447700900123", "wa_id": "447700900123"}],
        "messages": [{"id": WAMID, "message_status": "accepted"}],
    },
    status=200,
    provider_id=WAMID,
    refusals=[
        Refusal("throughput", 429, _meta_said(130429), Limited, wait=timedelta(seconds=5)),
        Refusal("one person too often", 400, _meta_said(131056), Limited,
                wait=timedelta(seconds=6)),
        Refusal("hourly allowance", 400, _meta_said(80007), Limited, wait=timedelta(minutes=5)),
        Refusal("told to wait longer", 429, _meta_said(130429), Limited,
                headers={"Retry-After": "60"}, wait=timedelta(seconds=60)),
        Refusal("some other 429", 429, "busy", Limited),
        Refusal("unknown error", 500, _meta_said(1), Temporary),
        Refusal("service", 503, _meta_said(2), Temporary),
        Refusal("something went wrong", 400, _meta_said(131000), Temporary),
        Refusal("transient", 400, _meta_said(199998, is_transient=True), Temporary),
        Refusal("a proxy's page", 502, "<html>", OutcomeUnknown),
        Refusal("gateway gave up", 504, "<html>", OutcomeUnknown),
        Refusal("window closed", 400, _meta_said(131047), WindowClosed,
                says="window is closed", code="131047"),
        Refusal("no marketing", 400, _meta_said(131050), OptedOut,
                says="opted out of marketing", code="131050"),
        Refusal("no WhatsApp", 400, _meta_said(131026), Permanent,
                says="cannot receive", code="131026"),
        Refusal("token expired", 401, _meta_said(190), Permanent, says="expired", code="190"),
        Refusal("new code", 400, _meta_said(199999, "Something new"), Permanent,
                says="199999 Something new", code="199999"),
        Refusal("no JSON", 400, "<html>", Permanent, says="400"),
        Refusal("error is no object", 400, {"error": "x"}, Permanent, says="400"),
        Refusal("taken, but unreadable", 200, "<html>", OutcomeUnknown),
        Refusal("taken, but no message", 200, {"messages": []}, OutcomeUnknown),
        Refusal("taken, but no id", 200, {"messages": [{"id": 5}]}, OutcomeUnknown),
    ],
    payload_problems=lambda payload: send_problems(
        {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "447700900123",
         **payload}
    ),
)  # fmt: skip

# -- WhatsApp by Twilio

WHATSAPP_TWILIO = ChannelCase(
    name="whatsapp",
    variant="twilio",
    before={"/api/v1/Content": {"contents": [], "sid": "HX0123456789abcdef0123456789abcdef"}},
    make=lambda session: WhatsApp(session, ANSWER_TIMEOUT),
    account=Account(
        id=ACCOUNT_ID,
        channel="whatsapp",
        address="+447700900900",
        secrets={"account_sid": ACCOUNT_SID, "auth_token": "a-token"},
        options={
            "provider": "twilio",
            "callback_url": f"{PUBLIC}/webhooks/whatsapp/{ACCOUNT_ID}/status",
        },
    ),
    sign=sign_as_twilio,
    secret="auth_token",
    signature="X-Twilio-Signature",
    to=PHONE,
    path=f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json",
    problems=lambda recorded: create_problems(recorded.form),
    answer={"sid": SID, "status": "queued", "account_sid": ACCOUNT_SID, "body": "Hello"},
    status=201,
    provider_id=SID,
    refusals=[
        Refusal("rate", 429, _twilio_said(429, 63018, "Rate limit"), Limited),
        Refusal("sender too fast", 400, _twilio_said(400, 63018, "Rate limit"), Limited),
        Refusal("broken", 500, _twilio_said(500, 20500, "Internal Server Error"), Temporary),
        Refusal("window closed", 400, _twilio_said(400, 63016, "Outside"), WindowClosed,
                says="window is closed", code="63016"),
        Refusal("no WhatsApp", 400, _twilio_said(400, 63024, "Invalid recipient"), Permanent,
                says="cannot receive", code="63024"),
        Refusal("no sender", 400, _twilio_said(400, 63007, "No channel"), Permanent,
                says="no WhatsApp sender", code="63007"),
        Refusal("taken, but no id", 201, {"status": "queued"}, OutcomeUnknown),
    ],
    payload_problems=lambda payload: create_problems(
        {"To": [f"whatsapp:{PHONE}"], "From": ["whatsapp:+447700900900"],
         **({"Body": [payload["body"]]} if "body" in payload
            else {"ContentSid": ["HX" + "0" * 32], "ContentVariables": ["{}"]})}
    ),
)  # fmt: skip

# -- Telegram


def sign_as_telegram(request: WebhookRequest, secret: str) -> WebhookRequest:
    return with_header(request, "X-Telegram-Bot-Api-Secret-Token", secret)


def _telegram_said(code: int, description: str, **parameters: Any) -> dict[str, Any]:
    said = {"ok": False, "error_code": code, "description": description}
    return {**said, "parameters": parameters} if parameters else said


def _telegram_problems(recorded: Recorded) -> list[str]:
    method = recorded.path.rsplit("/", 1)[1]
    form = {name: values[0] for name, values in recorded.form.items()}
    return method_problems(method, from_form(method, form))


CHAT = "700900123"
BOT = "110201543:made-up-for-these-tests"
TELEGRAM = ChannelCase(
    name="telegram",
    make=lambda session: Telegram(session, ANSWER_TIMEOUT),
    account=Account(
        id=ACCOUNT_ID,
        channel="telegram",
        address="maison_lune_bot",
        secrets={"bot_token": BOT, "secret_token": "a-secret"},
    ),
    sign=sign_as_telegram,
    secret="secret_token",
    signature="X-Telegram-Bot-Api-Secret-Token",
    to=CHAT,
    path=f"/bot{BOT}/sendMessage",
    problems=_telegram_problems,
    answer={
        "ok": True,
        "result": {
            "message_id": 42,
            "date": 1764000000,
            "chat": {"id": int(CHAT), "type": "private", "first_name": "Ada"},
            "text": "Hello",
        },
    },
    status=200,
    provider_id=f"{CHAT}:42",
    refusals=[
        Refusal("flood", 429, _telegram_said(429, "Too Many Requests", retry_after=11), Limited,
                wait=timedelta(seconds=11)),
        Refusal("flood without a wait", 429, _telegram_said(429, "Too Many Requests"), Limited),
        Refusal("broken", 500, _telegram_said(500, "Internal Server Error"), Temporary),
        Refusal("bad gateway", 502, "<html>", Temporary),
        Refusal("gateway gave up", 504, "<html>", OutcomeUnknown),
        Refusal("blocked", 403, _telegram_said(403, "Forbidden: bot was blocked by the user"),
                Unreachable, says="blocked by the user", code="Forbidden"),
        Refusal("no chat", 400, _telegram_said(400, "Bad Request: chat not found"), Permanent,
                says="Chat not found", code="BadRequest"),
        Refusal("group became a supergroup", 400,
                _telegram_said(400, "Bad Request: migrated", migrate_to_chat_id=-1001), Permanent,
                code="ChatMigrated"),
        Refusal("token", 401, _telegram_said(401, "Unauthorized"), Permanent, code="InvalidToken"),
        Refusal("taken, but unreadable", 200, "<html>", OutcomeUnknown),
        Refusal("taken, but no message", 200, {"ok": True, "result": {}}, OutcomeUnknown),
        Refusal("a proxy's page", 403, "<html>", Permanent, code="Forbidden"),
        Refusal("taken, but no result", 200, {"ok": True}, OutcomeUnknown),
    ],
    payload_problems=lambda payload: method_problems("sendMessage", {"chat_id": CHAT, **payload}),
)  # fmt: skip


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


CASES = [SMS, WHATSAPP, WHATSAPP_TWILIO, TELEGRAM]
