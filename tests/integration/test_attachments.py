"""An agent's file: as one where the channel takes it, else as a link; and the bytes in a mail."""

from email.message import EmailMessage
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import ClientSession, FormData

from bot.channels.email.client import compose
from bot.domain.conversation import Message
from bot.domain.media import file_name
from bot.domain.merchant import User
from bot.services.ports import adapter_account
from bot.storage import tables as t
from tests.desk import Customer, Desk
from tests.integration.working import Agent, held, last_reply

PNG = b"\x89PNG\r\n\x1a\n of a parcel"
PDF = b"%PDF-1.7\n of an invoice"
WORDS = b"just some words"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> list[dict[str, Any]]:
    """Every payload that reaches an adapter; none leaves the house."""
    found: list[dict[str, Any]] = []

    async def send(account: Any, to: str, payload: dict[str, Any], reference: UUID) -> str:
        found.append(payload)
        return f"id-{len(found)}"

    for channel in desk.application.channels.values():
        monkeypatch.setattr(channel, "send", send)
    return found


async def went(
    desk: Desk, ana: User, customer: Customer, content: bytes, name: str, words: str = "Here"
) -> Message:
    services, here, draft = desk.application.services, customer.conversation.id, uuid4()
    await desk.asks_for_a_person(customer)
    await services.take_over(ana, here)
    await services.attach_file(ana, here, words, content, draft, name)
    async with desk.application.database() as unit:
        thread = await unit.messages.thread(desk.merchant_id, here)
    message = next(one for one in thread if (one.key or "").endswith(str(draft)))
    await services.deliver(desk.merchant_id, message.id)
    async with desk.application.database() as unit:
        return await unit.messages.get(desk.merchant_id, message.id)


@pytest.mark.parametrize(
    ("channel", "content", "shape"),
    [
        ("whatsapp", PNG, {"type": "image"}),
        ("whatsapp", PDF, {"type": "document"}),
        ("telegram", PNG, {"caption": "Here"}),
        ("telegram", PDF, {"caption": "Here"}),
    ],
)
async def test_a_file_goes_as_one_with_its_words(
    desk: Desk,
    ana: User,
    sent: list[dict[str, Any]],
    channel: str,
    content: bytes,
    shape: dict[str, Any],
) -> None:
    customer = await desk.customer("Marie Petit", "+33612345678", channel)
    message = await went(desk, ana, customer, content, "../a/Ihre Rechnung.pdf")
    (payload,) = sent
    assert shape.items() <= payload.items()
    assert "/f/" in str(payload)
    assert message.text == "Here", "the link is no word of the agent's"
    if channel == "whatsapp" and content is PDF:
        assert payload["document"]["filename"] == "Ihre Rechnung.pdf"


@pytest.mark.parametrize(
    ("channel", "content"), [("sms", PNG), ("whatsapp", WORDS), ("telegram", WORDS)]
)
async def test_what_a_channel_does_not_take_goes_as_a_link_once(
    desk: Desk, ana: User, sent: list[dict[str, Any]], channel: str, content: bytes
) -> None:
    customer = await desk.customer("Marie Petit", "+33612345678", channel)
    message = await went(desk, ana, customer, content, "notes.txt", "")
    assert message.text.startswith("http")
    assert str(sent).count("/f/") == 1


async def test_an_mms_where_the_account_allows_it(
    desk: Desk, ana: User, sent: list[dict[str, Any]]
) -> None:
    customer = await desk.customer("Marie Petit", "+12125550123", "sms")
    async with desk.application.database() as unit:
        account = await unit.accounts.of(desk.merchant_id, "channel", "sms")
        assert account is not None
        options = {**account.options, "mms": "yes", "price_mms": "0.02 USD"}
        table = t.provider_accounts
        await unit.session.execute(
            table.update().where(table.c.id == account.id).values(options=options)
        )
        await unit.commit()
    message = await went(desk, ana, customer, PNG, "x.png")
    assert [set(payload) >= {"body", "media_url"} for payload in sent] == [True]
    assert message.cost == {"pieces": "1", "amount": "0.02", "currency": "USD"}


async def test_a_mail_carries_the_bytes_which_are_kept_nowhere_else(
    desk: Desk, ana: User, sent: list[dict[str, Any]]
) -> None:
    customer = await desk.customer("Marie Petit", "marie@petit.example", "email")
    message = await went(desk, ana, customer, PDF, "Invoice.pdf")
    async with desk.application.database() as unit:
        account = adapter_account(await unit.accounts.get(customer.identity.account_id))
    mail = compose(account, "marie@petit.example", sent[0], message.id)
    (file,) = mail.iter_attachments()
    assert isinstance(file, EmailMessage)
    assert (file.get_filename(), file.get_content_type()) == ("Invoice.pdf", "application/pdf")
    assert file.get_content() == PDF
    assert "content" not in message.payloads[0]["file"]


def test_a_file_s_name_is_no_path_and_ends_as_what_it_is() -> None:
    assert file_name("C:\\fakepath\\Bon de livraison.pdf", "application/pdf") == (
        "Bon de livraison.pdf"
    )
    assert file_name("", "image/png") == "file.png"
    assert file_name('a"b\n<c>', "image/jpeg") == "abc.jpg"
    assert len(file_name("x" * 300 + ".png", "image/png")) < 90


async def test_a_file_is_sent_as_a_link_that_the_customer_can_open(
    desk: Desk, at_desk: Agent, ana: User, marie: Customer
) -> None:
    await held(desk, ana, marie)
    draft = uuid4()
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 3_000_000

    async def send(content: bytes) -> int:
        form = FormData({"csrf": await at_desk.token(), "draft": str(draft), "text": "Voici"})
        form.add_field("file", BytesIO(content), filename="label.png")
        url = desk.url(f"{marie.page}/attach")
        async with at_desk.session.post(url, data=form, allow_redirects=False) as response:
            return response.status

    assert await send(b"") == 422
    assert [await send(picture) for _ in range(2)] == [303, 303]
    sent = await last_reply(desk, marie)
    assert (sent.text, sent.kind) == ("Voici", "document")
    async with desk.application.database() as unit:
        file = await unit.media.of_message(desk.merchant_id, sent.id)
    assert file is not None
    link = desk.application.links.file(file.id)
    async with ClientSession() as anybody:
        path = link.removeprefix(desk.application.settings.public_url)
        async with anybody.get(desk.url(path)) as response:
            assert (response.status, response.content_type) == (200, "image/png")
            assert (await response.read()) == picture, "the bytes as they were sent"
        async with anybody.get(desk.url(path[:-2] + "xx")) as response:
            assert response.status == 404
    assert "/media/" in await at_desk.fragments(marie.page)
