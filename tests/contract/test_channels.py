"""The contract that every channel keeps; the same tests for all of them."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import (
    Account,
    Amendment,
    Attachment,
    Channel,
    DeliveryStatus,
    Inbound,
    InboundKind,
    Option,
    Preference,
    Receipt,
    TemplateNews,
    Update,
    WebhookRequest,
    Worded,
)
from bot.channels.registry import channels
from bot.channels.sms.segments import plain, unaccented
from bot.channels.telegram import Telegram
from bot.channels.text import units
from bot.domain.consent import Purpose
from bot.domain.errors import (
    BadSignature,
    Limited,
    MalformedUpdate,
    OutcomeUnknown,
    Permanent,
    Temporary,
)
from bot.domain.templates import TemplateState
from sandbox.contracts.twilio import content_problems
from tests.contract.cases import (
    CASES,
    FIXTURES,
    REFERENCE,
    SMS,
    TELEGRAM,
    WHATSAPP,
    ChannelCase,
    Refusal,
    read,
)
from tests.contract.provider import Provider

SECRET = "the-secret-of-the-test"


def unconnected(case: ChannelCase) -> Channel:
    """Make an adapter that cannot send: reading and rendering need no connection."""
    return case.make(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def with_secrets(case: ChannelCase, **secrets: str) -> Account:
    return replace(case.account, secrets={**case.account.secrets, **secrets})


async def test_registry_names_every_channel(session: aiohttp.ClientSession) -> None:
    made = channels(session)
    # Mail has no HTTP API to hold its requests against: tests/contract/test_channel_email.py.
    names = ["email", *dict.fromkeys(case.name for case in CASES)]
    assert {name: channel.name for name, channel in made.items()} == {n: n for n in names}


class TestVerify:
    """Only the provider is believed."""

    @pytest.fixture
    def account(self, case: ChannelCase) -> Account:
        return with_secrets(case, **{case.secret: SECRET})

    def test_accepts_what_the_provider_signed(
        self, case: ChannelCase, channel: Channel, account: Account
    ) -> None:
        channel.verify(account, case.sign(case.fixture("text"), SECRET))

    def test_reads_the_header_in_any_case(
        self, case: ChannelCase, channel: Channel, account: Account
    ) -> None:
        signed = case.sign(case.fixture("text"), SECRET)
        lowered = {name.lower(): value for name, value in signed.headers.items()}
        channel.verify(account, replace(signed, headers=lowered))

    def test_accepts_the_previous_secret_while_it_is_rotated(
        self, case: ChannelCase, channel: Channel
    ) -> None:
        signed = case.sign(case.fixture("text"), SECRET)
        rotated = with_secrets(case, **{case.secret: "new", f"previous_{case.secret}": SECRET})
        channel.verify(rotated, signed)
        with pytest.raises(BadSignature):
            channel.verify(with_secrets(case, **{case.secret: "new"}), signed)

    def test_refuses_a_wrong_secret(
        self, case: ChannelCase, channel: Channel, account: Account
    ) -> None:
        with pytest.raises(BadSignature, match="is wrong"):
            channel.verify(account, case.sign(case.fixture("text"), "another"))

    def test_refuses_a_missing_signature(
        self, case: ChannelCase, channel: Channel, account: Account
    ) -> None:
        with pytest.raises(BadSignature, match="is missing"):
            channel.verify(account, case.fixture("text"))

    @pytest.mark.parametrize("value", ["", "sha256=", "ü", "x" * 5000])
    def test_refuses_nonsense(
        self, case: ChannelCase, channel: Channel, account: Account, value: str
    ) -> None:
        request = case.fixture("text")
        forged = replace(request, headers={**request.headers, case.signature: value})
        with pytest.raises(BadSignature):
            channel.verify(account, forged)

    def test_refuses_everything_without_a_secret(self, case: ChannelCase, channel: Channel) -> None:
        for secrets in ({}, {case.secret: ""}):
            account = replace(case.account, secrets=secrets)
            with pytest.raises(BadSignature):
                channel.verify(account, case.sign(case.fixture("text"), ""))
            with pytest.raises(BadSignature):
                channel.verify(account, case.fixture("text"))

    @pytest.mark.parametrize("case", [SMS, WHATSAPP], ids=["sms", "whatsapp"], indirect=True)
    def test_refuses_a_changed_body(
        self, case: ChannelCase, channel: Channel, account: Account
    ) -> None:
        signed = case.sign(case.fixture("text"), SECRET)
        with pytest.raises(BadSignature):
            channel.verify(account, replace(signed, body=signed.body.replace(b"parcel", b"Parcel")))


class TestParse:
    """What providers send is read; what they do not send is refused in words."""

    def test_fixture(self, channel_sample: tuple[ChannelCase, Path]) -> None:
        case, path = channel_sample
        document = read(f"{case.folder}/{path.name}")
        updates = unconnected(case).parse(case.account, case.request(document["request"]))
        assert [comparable(update) for update in updates] == [
            expected(update) for update in document["updates"]
        ]

    def test_keeps_the_update_as_it_came(self, case: ChannelCase, channel: Channel) -> None:
        (inbound,) = channel.parse(case.account, case.fixture("text"))
        assert isinstance(inbound, Inbound)
        sent = read(f"{case.folder}/text.json")["request"]
        if case is WHATSAPP:
            sent = {"json": sent["json"]["entry"][0]["changes"][0]["value"]["messages"][0]}
        assert inbound.raw == (sent.get("json") or sent.get("form"))

    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b"[]", b"null", b"5", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"a": NaN}'],
        ids=["empty", "cut", "list", "null", "number", "text", "bytes", "deep", "NaN"],
    )
    def test_refuses_a_body_of_another_shape(
        self, case: ChannelCase, channel: Channel, body: bytes
    ) -> None:
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            request = replace(case.fixture("text"), body=body, headers={"Content-Type": kind})
            with pytest.raises(MalformedUpdate) as caught:
                channel.parse(case.account, request)
            assert str(caught.value)

    def test_survives_a_body_cut_anywhere(self, case: ChannelCase, channel: Channel) -> None:
        whole = case.fixture("text")
        for end in range(len(whole.body)):
            outcome(channel, case.account, replace(whole, body=whole.body[:end]))

    @settings(max_examples=300, deadline=None)
    @given(data=st.data())
    def test_survives_any_field_of_another_type(
        self, case: ChannelCase, data: st.DataObject
    ) -> None:
        path = data.draw(st.sampled_from(sorted((FIXTURES / case.folder).glob("*.json"))))
        described = read(f"{case.folder}/{path.name}")["request"]
        content = described["json"] if "json" in described else described["form"]
        place = data.draw(st.sampled_from(list(places(content))))
        changed = put(content, place, data.draw(NONSENSE))
        kind = "application/json"
        body = json.dumps(changed).encode()
        if "form" in described and isinstance(changed, dict) and data.draw(st.booleans()):
            kind, body = "application/x-www-form-urlencoded", urlencode(changed).encode()
        request = replace(case.request(described), body=body, headers={"Content-Type": kind})
        outcome(unconnected(case), case.account, request)


NONSENSE = st.sampled_from(
    [None, True, 0, -1, 1.5, 10**30, "", " ", "x", [], [None], ["x"], {}, {"x": {}}, {"id": []}]
)


def outcome(channel: Channel, account: Account, request: WebhookRequest) -> None:
    """Check that a request is refused in words or read into well typed updates."""
    try:
        updates = channel.parse(account, request)
    except MalformedUpdate:
        return
    for update in updates:
        check_types(update)


def check_types(update: Update) -> None:
    if isinstance(update, Amendment):
        assert isinstance(update.about, str)
        assert isinstance(update.text, str | None)
        return
    if isinstance(update, Preference):
        assert update.purpose in set(Purpose)
        assert update.sender
        assert update.at.tzinfo
        return
    if isinstance(update, TemplateNews):
        assert all(isinstance(one, str) for one in (update.name, update.language, update.reason))
        assert isinstance(update.state, TemplateState | None)
        return
    assert isinstance(update.key, str)
    assert update.key
    assert update.at is None or (isinstance(update.at, datetime) and update.at.tzinfo)
    if isinstance(update, Receipt):
        assert isinstance(update.status, DeliveryStatus)
        assert isinstance(update.reference, UUID | None)
        assert isinstance(update.provider_id, str | None)
        assert isinstance(update.reason, str | None)
        return
    assert isinstance(update.sender, str)
    assert update.sender
    assert isinstance(update.kind, InboundKind)
    assert isinstance(update.text, str)
    assert (update.choice is not None) == (update.kind is InboundKind.choice)
    for value in (update.choice, update.sender_name, update.media, update.start_token):
        assert isinstance(value, str | None)
    for number in update.location or ():
        assert isinstance(number, float)
    assert "\x00" not in update.text


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Go through the paths of a document, its root included."""
    yield path
    members: Any = value.items() if isinstance(value, dict) else ()
    members = enumerate(value) if isinstance(value, list) else members
    for key, member in members:
        yield from places(member, (*path, key))


def put(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(document)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


def comparable(update: Update) -> dict[str, Any]:
    """Return an update as a fixture writes it, without `raw`."""
    return {f.name: getattr(update, f.name) for f in fields(update) if f.name != "raw"} | {
        "type": type(update).__name__.lower()
    }


def expected(described: Mapping[str, Any]) -> dict[str, Any]:
    ((kind, values),) = described.items()
    values = dict(values)
    if "at" in values:
        values["at"] = datetime.fromisoformat(values["at"])
    if "location" in values:
        values["location"] = tuple(values["location"])
    if "reference" in values:
        values["reference"] = UUID(values["reference"])
    kinds = {
        "inbound": Inbound,
        "amendment": Amendment,
        "preference": Preference,
        "receipt": Receipt,
        "template": TemplateNews,
    }
    return comparable(kinds[kind](**values))


class TestAnswer:
    """What providers want to hear at once."""

    def test_says_that_all_is_well(self, case: ChannelCase, channel: Channel) -> None:
        answer = channel.answer(case.account, case.fixture("text"))
        assert answer.status == 200
        if case is SMS:
            assert (answer.body, answer.content_type) == ("<Response/>", "text/xml")


TEXTS = st.text(st.characters(codec="utf-8"), max_size=300) | st.builds(
    lambda words, times: " ".join(words) * times,
    st.lists(st.text("abcdéê ’🎁👍🏽.!?\n", min_size=1, max_size=30), min_size=1, max_size=20),
    st.integers(1, 60),
)
IDS = st.text("abcdefghij0123456789-_.", min_size=1, max_size=64)
OPTIONS = st.lists(
    st.builds(Option, IDS, st.text(st.characters(codec="utf-8"), max_size=90)),
    max_size=14,
    unique_by=lambda option: option.id,
)


def squeezed(text: str) -> str:
    return "".join(text.split())


class TestRender:
    """Whatever is to be said comes out within the channel's limits, and whole."""

    @settings(max_examples=200, deadline=None)
    @given(text=TEXTS, options=OPTIONS, label=st.text(max_size=40))
    def test_keeps_the_limits(
        self, case: ChannelCase, text: str, options: list[Option], label: str
    ) -> None:
        channel = unconnected(case)
        message = Worded(text, tuple(options), label)
        payloads = channel.render(case.account, message)
        assert bool(payloads) == bool(text.strip() or options)
        for payload in payloads:
            assert case.payload_problems(payload) == []
            check_limits(channel, payload)
        said = "".join(shown_text(payload) for payload in payloads)
        if case is SMS:  # which may leave accents out
            assert squeezed(unaccented(plain(text))) in squeezed(unaccented(said))
        else:
            assert squeezed(text) in squeezed(said)
        check_choices(payloads, message, said)

    def test_keeps_choices_with_the_last_words(self, case: ChannelCase) -> None:
        message = Worded("Long. " * 1500 + "Which?", (Option("a", "One"), Option("b", "Two")))
        payloads = unconnected(case).render(case.account, message)
        assert len(payloads) > 1
        assert "Which?" in shown_text(payloads[-1])
        assert all(not shown_options(payload) for payload in payloads[:-1])

    def test_says_nothing_for_nothing(self, case: ChannelCase) -> None:
        assert unconnected(case).render(case.account, Worded("  \n")) == []


FILES = {
    "image/jpeg": "damage.jpg", "image/png": "label.png", "image/gif": "door.gif",
    "image/webp": "a.webp", "application/pdf": "invoice.pdf", "audio/mpeg": "call.mp3",
    "video/mp4": "door.mp4",
}  # fmt: skip


class TestAttachments:
    """A file goes as one where the channel says that it takes it, its words with it."""

    @pytest.mark.parametrize(
        "words", ["", "Here it is", "Long. " * 400], ids=["none", "few", "many"]
    )
    async def test_what_it_takes_is_asked_for_as_the_description_says(
        self, case: ChannelCase, channel: Channel, provider: Provider, words: str
    ) -> None:
        able, at = channel.capabilities, case.at(provider.url)
        account = replace(at, options={**at.options, able.attachments_by: "yes"})
        provider.status, provider.answer = case.status, case.answer
        url = "https://shop.example/f/abc"
        for content_type in able.attachments:
            provider.requests.clear()
            file = Attachment(url, content_type, FILES.get(content_type, "voice"), "0" * 64)
            for payload in channel.render(account, Worded(words, attachment=file)):
                sent = await channel.send(account, case.to, payload, REFERENCE)
                assert sent == case.provider_id
            assert [problem for one in provider.requests for problem in case.problems(one)] == []
            said = json.dumps(
                [one.document if case is WHATSAPP else one.form for one in provider.requests]
            )
            assert said.count(url) == 1
            assert said.count("Here it is") == words.count("Here it is")
            assert said.count("Long.") == words.count("Long.")

    def test_what_is_too_large_or_of_another_kind_it_does_not_take(
        self, case: ChannelCase, channel: Channel
    ) -> None:
        able = channel.capabilities
        for content_type, limit in able.attachments.items():
            account = replace(case.account, options={able.attachments_by: "yes"})
            assert able.takes(account, content_type, limit)
            assert not able.takes(account, content_type, limit + 1)
            assert able.takes(case.account, content_type, limit) is not bool(able.attachments_by)
        assert not able.takes(case.account, "application/octet-stream", 10)


def shown_text(payload: Mapping[str, Any]) -> str:
    if "content" in payload:
        return payload["variables"][0]
    if "interactive" in payload:
        return payload["interactive"]["body"]["text"]
    return payload["text"]["body"] if payload.get("type") == "text" else _flat(payload)


def _flat(payload: Mapping[str, Any]) -> str:
    return payload["body"] if "body" in payload else payload["text"]


def content_options(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    described, values = payload["content"].get("rows"), iter(payload["variables"][1:])
    if described is None:
        return [(ident, title) for title, ident in zip(values, values, strict=True)]
    next(values)  # the button that opens the list
    rows: list[tuple[str, str]] = []
    for more in described:
        title, ident = next(values), next(values)
        rows.append((ident, title))
        if more:
            next(values)
    return rows


def shown_options(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (id, title) of what can be tapped."""
    if "content" in payload:
        return content_options(payload)
    if "reply_markup" in payload:
        rows = payload["reply_markup"]["inline_keyboard"]
        return [(button["callback_data"], button["text"]) for row in rows for button in row]
    action = payload.get("interactive", {}).get("action", {})
    buttons = [button["reply"] for button in action.get("buttons", [])]
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    return [(item["id"], item["title"]) for item in buttons + rows]


def check_limits(channel: Channel, payload: Mapping[str, Any]) -> None:
    able, text, options = channel.capabilities, shown_text(payload), shown_options(payload)
    limit = able.interactive_text_limit if options else able.text_limit
    assert 0 < units(text) <= limit
    assert text.strip()
    assert len(options) <= max(able.buttons, able.list_rows)
    is_list = payload.get("interactive", {}).get("type") == "list"
    is_list = is_list or "rows" in payload.get("content", {})
    title_limit = able.list_title_limit if is_list else able.button_title_limit
    for _, title in options:
        assert 0 < units(title) <= title_limit
        assert title.strip()
    for identifier, _ in options:
        assert 1 <= len(identifier.encode()) <= 64


def check_choices(payloads: list[dict[str, Any]], message: Worded, said: str) -> None:
    """Check that every option can be tapped, or else has its number in the text."""
    wanted = [option.id for option in message.options]
    tapped = [identifier for payload in payloads for identifier, _ in shown_options(payload)]
    if tapped:
        assert tapped == wanted
        titles = [title for payload in payloads for _, title in shown_options(payload)]
        if "interactive" in payloads[-1]:
            assert len(set(titles)) == len(titles)
    else:
        for place in range(1, len(wanted) + 1):
            assert f"{place} " in said


class TestSend:
    """One HTTP request per payload, and every answer turned into what to do next."""

    @pytest.fixture
    def answering(self, case: ChannelCase, provider: Provider) -> Provider:
        provider.status, provider.answer = case.status, case.answer
        provider.answers = case.before
        return provider

    @pytest.mark.parametrize(
        "message",
        [
            Worded("Hello"),
            Worded("Shall I?", (Option("yes", "Yes, move it"), Option("no", "No"))),
            Worded(
                "Which one?",
                tuple(Option(f"slot-{n}", f"Tomorrow between {n} and {n + 2}") for n in range(8)),
                "Choose",
            ),
        ],
        ids=["text", "two choices", "eight choices"],
    )
    async def test_asks_as_the_description_says(
        self, case: ChannelCase, channel: Channel, answering: Provider, message: Worded
    ) -> None:
        (payload,) = channel.render(case.account, message)
        sent = await channel.send(case.at(answering.url), case.to, payload, REFERENCE)
        assert sent == case.provider_id
        *before, request = answering.requests
        assert {asked.path for asked in before} <= set(case.before)
        assert [p for asked in before if asked.body for p in content_problems(asked.document)] == []
        assert (request.method, request.path) == ("POST", f"/api{case.path}")
        assert case.problems(request) == []
        assert message.text in json.dumps(request.document if case is WHATSAPP else request.form)

    async def test_tolerates_a_slash_behind_the_base(
        self, case: ChannelCase, channel: Channel, answering: Provider
    ) -> None:
        (payload,) = channel.render(case.account, Worded("Hello"))
        await channel.send(case.at(f"{answering.url}/"), case.to, payload, REFERENCE)
        assert answering.requests[0].path == f"/api{case.path}"

    async def test_refusal(
        self,
        channel_refusal: tuple[ChannelCase, Refusal],
        provider: Provider,
        session: aiohttp.ClientSession,
    ) -> None:
        case, told = channel_refusal
        channel = case.make(session)
        provider.status, provider.answer = told.status, told.answer
        provider.headers = told.headers
        (payload,) = channel.render(case.account, Worded("Hello"))
        with pytest.raises(told.error) as caught:
            await channel.send(case.at(provider.url), case.to, payload, REFERENCE)
        error = caught.value
        assert type(error) is told.error
        assert told.says in str(error)
        if isinstance(error, Limited):
            assert error.wait.total_seconds() > 0
            assert told.wait in (None, error.wait)
        if isinstance(error, Permanent):
            assert told.code in (None, error.code)
        assert len(provider.requests) == 1, "the caller decides about repeating"

    async def test_does_not_know_the_outcome_when_no_answer_comes(
        self, case: ChannelCase, channel: Channel, answering: Provider
    ) -> None:
        answering.silent = True
        (payload,) = channel.render(case.account, Worded("Hello"))
        with pytest.raises(OutcomeUnknown):
            await channel.send(case.at(answering.url), case.to, payload, REFERENCE)
        assert len(answering.requests) == 1

    async def test_does_not_know_the_outcome_when_the_line_goes_dead(
        self, case: ChannelCase, channel: Channel, answering: Provider
    ) -> None:
        answering.drops = True
        (payload,) = channel.render(case.account, Worded("Hello"))
        with pytest.raises(OutcomeUnknown):
            await channel.send(case.at(answering.url), case.to, payload, REFERENCE)

    async def test_nothing_was_sent_when_nobody_listens(
        self, case: ChannelCase, channel: Channel, nobody: str
    ) -> None:
        (payload,) = channel.render(case.account, Worded("Hello"))
        with pytest.raises(Temporary):
            await channel.send(case.at(nobody), case.to, payload, REFERENCE)

    async def test_says_which_credential_is_missing(
        self, case: ChannelCase, channel: Channel, answering: Provider
    ) -> None:
        (payload,) = channel.render(case.account, Worded("Hello"))
        account = replace(case.at(answering.url), secrets={})
        with pytest.raises(Permanent, match=r"has no \w+"):
            await channel.send(account, case.to, payload, REFERENCE)
        assert answering.requests == []

    async def test_leaves_no_secret_in_the_log(
        self,
        case: ChannelCase,
        channel: Channel,
        answering: Provider,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level("INFO")
        (payload,) = channel.render(case.account, Worded("Hello"))
        await channel.send(case.at(answering.url), case.to, payload, REFERENCE)
        for secret in case.account.secrets.values():
            assert secret not in caplog.text


def test_a_telegram_message_that_cannot_be_read_is_one_all_the_same() -> None:
    described = read("telegram/text.json")["request"]
    described["json"]["message"]["from"] = 5
    (inbound,) = unconnected(TELEGRAM).parse(TELEGRAM.account, TELEGRAM.request(described))
    assert isinstance(inbound, Inbound)
    assert (inbound.kind, inbound.sender, inbound.chat_is_private) == (
        InboundKind.unsupported, str(described["json"]["message"]["chat"]["id"]), True,
    )  # fmt: skip


async def test_telegram_stops_the_spinner_of_a_tapped_button(
    provider: Provider, session: aiohttp.ClientSession
) -> None:
    channel = Telegram(session)
    provider.answer = {"ok": True, "result": True}
    account = TELEGRAM.at(provider.url)
    for name in ("tap", "text"):
        (inbound,) = channel.parse(account, TELEGRAM.fixture(name))
        assert isinstance(inbound, Inbound)
        await channel.acknowledge(account, inbound)
    request, edit = provider.requests
    assert request.path.endswith("/answerCallbackQuery")
    assert TELEGRAM.problems(request) == []
    assert request.form["callback_query_id"] == ["4382bfdwdsb323b2d9"]
    # The buttons go, and what was tapped shows in their place.
    assert edit.path.endswith("/editMessageText")
    assert TELEGRAM.problems(edit) == []
    assert "\n\n✓ " in edit.form["text"][0]
    assert "reply_markup" not in edit.form

    provider.status, provider.answer = 400, {"ok": False, "description": "query is too old"}
    (inbound,) = channel.parse(account, TELEGRAM.fixture("tap"))
    assert isinstance(inbound, Inbound)
    await channel.acknowledge(account, inbound)
    await channel.close()
