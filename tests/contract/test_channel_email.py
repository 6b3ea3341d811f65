"""Mail: what is sent over real SMTP, and what is read of the mails that people and servers send."""

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import (
    Account,
    DeliveryStatus,
    Frame,
    Inbound,
    InboundKind,
    Option,
    Receipt,
    WebhookRequest,
    Worded,
)
from bot.channels.email import Email
from bot.channels.email.client import compose
from bot.channels.email.errors import in_words
from bot.domain.errors import (
    BadSignature,
    Limited,
    MalformedUpdate,
    OutcomeUnknown,
    Permanent,
    Temporary,
)
from sandbox.app import MAIL
from sandbox.config import Demo
from sandbox.email.wire import address_of, bounce
from sandbox.testing import Sandbox, running

REFERENCE = UUID("01939f3e-0b5c-7000-8000-000000000001")
THREAD = UUID("01939f3e-0b5c-7000-8000-0000000000aa")
TOKEN = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0u1v"
NUMBER = "+447700900123"
PUBLIC = "https://doorstep.example"
ACCOUNT = Account(
    id=UUID("01939f3e-0b5c-7000-8000-00000000acc0"),
    channel="email",
    address="parcels@maison-lune.example",
    secrets={"webhook_secret": "a-secret", "previous_webhook_secret": "an-old-secret"},
    options={"smtp_host": "127.0.0.1", "smtp_security": "none", "colour": "#ffe08a"},
)
FRAME = Frame(
    subject="Your parcel is out for delivery",
    sender="Maison Lune",
    language="en",
    thread=THREAD,
    at=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
    reply_token=TOKEN,
    refuse_url=f"{PUBLIC}/u/x",
    refuse_label="What we write to you about",
    reply_line="Just answer above this line.",
)
WORDED = Worded(
    "It comes <today> & soon.\n\nFollow it: https://doorstep.example/t/abc.",
    (Option("q.0", "Yes, please", f"{PUBLIC}/m/t/0"), Option("q.1", "No", f"{PUBLIC}/m/t/1")),
    frame=FRAME,
)


def payload(worded: Worded = WORDED, account: Account = ACCOUNT) -> dict[str, Any]:
    (made,) = Email().render(account, worded)
    return made


def composed(worded: Worded = WORDED) -> EmailMessage:
    raw = compose(ACCOUNT, "ada@example.org", payload(worded), REFERENCE).as_bytes()
    return message_from_bytes(raw, policy=policy.default)


# -- what is sent


def test_a_mail_is_text_and_html_and_both_say_everything() -> None:
    mail = composed()
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    text = str(plain.get_content()).replace("\r\n", "\n")
    page = str(html.get_content())
    assert text.startswith("Just answer above this line.\n\nIt comes <today> & soon.")
    assert f"1 Yes, please: {PUBLIC}/m/t/0\n2 No: {PUBLIC}/m/t/1" in text
    assert "It comes &lt;today&gt; &amp; soon." in page
    assert f'href="{PUBLIC}/m/t/0"' in page
    assert '<a href="https://doorstep.example/t/abc">' in page
    assert f'href="{FRAME.refuse_url}"' in page
    # Dark words on the merchant's light colour.
    assert "background:#ffe08a;color:#1d2329" in page


def test_the_head_of_a_mail() -> None:
    mail = composed(replace(WORDED, frame=replace(FRAME, answers="<their.1@example.org>")))
    assert str(mail["From"]) == "Maison Lune <parcels@maison-lune.example>"
    assert str(mail["Reply-To"]) == f"parcels+{TOKEN}@maison-lune.example"
    assert str(mail["Message-ID"]) == f"<{REFERENCE.hex}@maison-lune.example>"
    assert str(mail["In-Reply-To"]) == "<their.1@example.org>"
    assert str(mail["References"]).split() == [
        f"<thread.{THREAD.hex}@maison-lune.example>", "<their.1@example.org>",
    ]  # fmt: skip
    assert str(mail["List-Unsubscribe"]) == f"<{FRAME.refuse_url}>"
    assert str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    assert str(mail["Auto-Submitted"]) == "auto-replied"
    assert str(mail["Date"]).startswith("Thu, 26 Nov 2026 09:30")


@pytest.mark.parametrize("evil", ["Hello\r\nBcc: all@example.org", "Hello\nX: y"])
def test_nothing_gets_into_the_head_by_a_name_or_a_subject(evil: str) -> None:
    mail = composed(replace(WORDED, frame=replace(FRAME, subject=evil, sender=evil)))
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert str(mail["Subject"]).startswith("Hello ")


def test_a_recipient_that_is_no_address_is_refused_for_good() -> None:
    with pytest.raises(Permanent):
        compose(ACCOUNT, "ada@example.org\r\nBcc: all@example.org", payload(), REFERENCE)


def test_a_look_that_is_no_look_is_left_out() -> None:
    options = {"colour": "red;background:url(x)", "logo_url": "javascript:alert(1)"}
    page = payload(account=replace(ACCOUNT, options=options))["html"]
    assert "red;" not in page
    assert "javascript" not in page
    logo = replace(ACCOUNT, options={"logo_url": "https://shop.example/a.png"})
    assert 'src="https://shop.example/a.png"' in payload(account=logo)["html"]


@pytest.fixture
async def server() -> AsyncIterator[Sandbox]:
    async with running(Demo.example()) as sandbox:
        yield sandbox


async def send(server: Sandbox, to: str = address_of(NUMBER), patience: float = 5.0) -> str:
    assert server.app is not None
    options = {**ACCOUNT.options, "smtp_port": str(server.app[MAIL].port)}
    account = replace(ACCOUNT, options=options)
    return await Email(patience).send(account, to, payload(), REFERENCE)


async def test_a_mail_arrives_as_it_was_written(server: Sandbox) -> None:
    assert await send(server) == f"<{REFERENCE.hex}@maison-lune.example>"
    (mail,) = await server.hear(NUMBER, "email")
    assert mail["header"] == FRAME.subject
    assert mail["text"] == WORDED.text
    assert [option["title"] for option in mail["options"]] == ["Yes, please", "No"]
    assert await server.violations() == []


async def test_no_such_mailbox_is_said_in_words(server: Sandbox) -> None:
    with pytest.raises(Permanent, match="no such mailbox"):
        await send(server, to="nobody@example.org")


@pytest.mark.parametrize(("fault", "error"), [("rate_limit", Limited), ("error", Temporary)])
async def test_a_server_that_says_later(
    server: Sandbox, fault: str, error: type[Exception]
) -> None:
    await server.fault("email", fault)
    with pytest.raises(error):
        await send(server)
    assert await send(server)


async def test_silence_after_the_mail_leaves_its_outcome_unknown(server: Sandbox) -> None:
    await server.fault("email", "timeout")
    with pytest.raises(OutcomeUnknown):
        await send(server, patience=0.3)


async def test_no_server_is_temporary_and_no_setting_is_not() -> None:
    nowhere = replace(ACCOUNT, options={**ACCOUNT.options, "smtp_port": "1"})
    with pytest.raises(Temporary):
        await Email().send(nowhere, "ada@example.org", payload(), REFERENCE)
    for option, value in (("smtp_host", ""), ("smtp_port", "many"), ("smtp_security", "ssl")):
        account = replace(ACCOUNT, options={**ACCOUNT.options, option: value})
        with pytest.raises(Permanent, match=option):
            await Email().send(account, "ada@example.org", payload(), REFERENCE)


# -- what comes in


def request(body: bytes, secret: str = "a-secret") -> WebhookRequest:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Doorstep-Signature": f"sha256={digest}"}
    return WebhookRequest("POST", f"{PUBLIC}/webhooks/email/x", headers, {}, body)


def read(body: bytes | str) -> list[Any]:
    raw = body.encode() if isinstance(body, str) else body
    return list(Email().parse(ACCOUNT, request(raw)))


HEAD = f"""From: Ada Byron <Ada@Example.org>
To: Maison Lune <parcels+{TOKEN}@maison-lune.example>
Subject: Re: Your parcel
Message-ID: <a1@example.org>
"""


def test_the_signature_is_checked_with_either_secret() -> None:
    for secret in ("a-secret", "an-old-secret"):
        Email().verify(ACCOUNT, request(b"x", secret))
    with pytest.raises(BadSignature):
        Email().verify(ACCOUNT, request(b"x", "another"))
    with pytest.raises(BadSignature):
        Email().verify(ACCOUNT, replace(request(b"x"), headers={}))


def test_an_answer() -> None:
    (mail,) = read(f"{HEAD}\nThursday is fine.\n")
    assert isinstance(mail, Inbound)
    assert (mail.key, mail.sender, mail.sender_name) == (
        "<a1@example.org>", "ada@example.org", "Ada Byron",
    )  # fmt: skip
    assert (mail.kind, mail.text, mail.reply_token) == (
        InboundKind.text, "Thursday is fine.", TOKEN,
    )  # fmt: skip
    assert mail.raw["subject"] == "Re: Your parcel"


@pytest.mark.parametrize(
    "quoted",
    [
        "On Thu, 26 Nov 2026 at 10:12, Maison Lune <parcels@x.example> wrote:\n\n> Hello\n> -- \n",
        "Le jeu. 26 nov. 2026 à 10:12, Maison Lune <parcels@x.example> a écrit :\n\n> Bonjour\n",
        "Am Do., 26. Nov. 2026 um 10:12 Uhr schrieb Maison Lune <p@x.example>:\n\n> Hallo\n",
        "El jue, 26 nov 2026 a las 10:12, Maison Lune (<p@x.example>) escribió:\n\n> Hola\n",
        "Em qui., 26 de nov. de 2026 às 10:12, Maison Lune <p@x.example> escreveu:\n\n> Olá\n",
        "Il giorno gio 26 nov 2026 alle ore 10:12 Maison Lune <p@x> ha scritto:\n\n> Ciao\n",
        "गुरु, 26 नव॰ 2026 को 10:12 बजे Maison Lune <p@x> ने लिखा:\n\n> नमस्ते\n",
        # Programs wrap at 78 characters, wherever that is.
        "On Mon, Nov 23, 2026 at 10:00 AM Maison Lune <\nparcels@x.example> wrote:\n\n> Hello\n",
        "Le lun. 23 nov. 2026 à 10:00, Maison Lune <\nparcels@x.example>\na écrit :\n\n> Oui\n",
        "Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Maison Lune\n<p@x.example>:\n\n> Hallo\n",
        "El lun, 23 nov 2026 a las 10:00, Maison Lune (<\np@x.example>) escribió:\n\n> Hola\n",
        "Em seg., 23 de nov. de 2026 às 10:00, Maison Lune <\np@x.example> escreveu:\n\n> Olá\n",
        "Il giorno lun 23 nov 2026 alle ore 10:00 Maison Lune <\np@x> ha scritto:\n\n> Ciao\n",
        "-----Original Message-----\nFrom: Maison Lune\nSent: Thursday\nTo: Ada\n\nHello\n",
        "> Just answer above this line.\n> Hello\n",
    ],
)
def test_what_is_quoted_is_not_what_was_written(quoted: str) -> None:
    (mail,) = read(
        f"{HEAD}Content-Type: text/plain; charset=utf-8\n\nThursday is fine.\n\n{quoted}"
    )
    assert mail.text == "Thursday is fine."


@pytest.mark.parametrize(
    "signature",
    [
        "--\nAda",
        "-- \nAda\n+44 7700 900123",
        "Sent from my iPhone",
        "Sent from Yahoo Mail on Android",
        "Sent from Outlook for iOS",
        "Get Outlook for Android<https://aka.ms/AAb9ysg>",
        "Envoyé de mon iPhone",
        "Envoyé depuis mon téléphone Huawei",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Inviato da iPhone",
        "मेरे iPhone से भेजा गया",
        "mere iPhone se bheja gaya",
        "Sent from my iPhone\n\n> On 23 Nov 2026, at 10:00, Maison Lune <p@x> wrote:\n> \n> Hi",
    ],
)
def test_a_signature_is_not_what_was_written(signature: str) -> None:
    (mail,) = read(f"{HEAD}Content-Type: text/plain; charset=utf-8\n\nSTOP\n\n{signature}\n")
    assert mail.text == "STOP"


@pytest.mark.parametrize(
    "written",
    [
        "It was sent from my mother's phone.\nIs that why it is late?",
        "Sent from the shop on Monday",
        "Two things:\n- the door code is 12\n- ring twice",
        "In 2026 I moved\n\nAsk Ada Byron:",
    ],
)
def test_what_was_written_is_kept_whole(written: str) -> None:
    (mail,) = read(f"{HEAD}Content-Type: text/plain; charset=utf-8\n\n{written}\n")
    assert mail.text == written


def test_many_empty_lines_are_read_at_once() -> None:
    began = time.process_time()
    (mail,) = read(f"{HEAD}\nHello{'\n' * 8000}Ada\n")
    assert mail.text == "Hello\n\nAda"
    assert time.process_time() - began < 2


def test_html_alone_is_read_too() -> None:
    html = (
        "<html><style>p {color: red}</style><p>Leave it with <b>Bob</b>&nbsp;please</p>"
        '<div class="gmail_quote">On Thursday wrote:<blockquote>Hello</blockquote></div></html>'
    )
    (mail,) = read(f"{HEAD}Content-Type: text/html; charset=utf-8\n\n{html}")
    assert " ".join(mail.text.split()) == "Leave it with Bob please"


def test_a_file_without_words_is_media() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "ada@example.org", "p@x.example", "<a2@x>"
    mail.set_content("")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="broken.png")
    (read_back,) = read(mail.as_bytes())
    assert (read_back.kind, read_back.file, read_back.text) == ("image", b"\x89PNG", "")


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "List-Id: <news.example.org>",
        "X-Autoreply: yes",
        "Return-Path: <>",
    ],
)
def test_machines_are_not_answered(line: str) -> None:
    assert read(f"{line}\n{HEAD}\nI am away until Monday.\n") == []
    assert len(read(f"Auto-Submitted: no\n{HEAD}\nI am here.\n")) == 1


def test_our_own_mail_that_comes_round_again_is_no_message() -> None:
    assert read("From: parcels@maison-lune.example\nMessage-ID: <x@y>\n\nHello\n") == []


def test_a_mail_without_an_id_is_known_by_its_content() -> None:
    first, again = (read("From: ada@example.org\n\nHello\n")[0] for _ in range(2))
    other = read("From: ada@example.org\n\nHello again\n")[0]
    assert first.key == again.key != other.key


def test_a_bounce_tells_what_became_of_ours() -> None:
    ours = compose(ACCOUNT, "ada@example.org", payload(), REFERENCE).as_bytes()
    (receipt,) = read(bounce(ours, "ada@example.org", FRAME.at))
    assert isinstance(receipt, Receipt)
    assert (receipt.status, receipt.reference) == (DeliveryStatus.failed, REFERENCE)
    assert receipt.reason == "5.2.2 the mailbox is full"


def test_a_delay_or_a_bounce_of_somebody_elses_mail_changes_nothing() -> None:
    ours = compose(ACCOUNT, "ada@example.org", payload(), REFERENCE).as_bytes()
    back = bounce(ours, "ada@example.org", FRAME.at)
    assert read(back.replace(b"Action: failed", b"Action: delayed")) == []
    assert read(back.replace(REFERENCE.hex.encode(), b"theirs")) == []


def test_an_unknown_code_keeps_the_servers_words() -> None:
    assert in_words("5.9.9", "Go   away") == "5.9.9 Go away"
    assert in_words("550", "5.1.1 Unknown user") == "5.1.1 there is no such mailbox"


@pytest.mark.parametrize("body", ["", "no head at all", "Subject: x\n\nwords", "From: nobody\n\nx"])
def test_what_is_no_mail_is_said(body: str) -> None:
    with pytest.raises(MalformedUpdate, match="From"):
        read(body)


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for raw in (body, HEAD.encode() + body, HEAD.encode() + b"Content-Type: " + body):
        try:
            updates = read(raw)
        except MalformedUpdate:
            continue
        assert all("\x00" not in update.text for update in updates if isinstance(update, Inbound))
