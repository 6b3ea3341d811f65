"""An agent's file: as one where the channel takes it, else as a link; and the bytes in a mail."""

from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest

from bot.channels.email.client import compose
from bot.domain.conversation import Message
from bot.domain.media import file_name
from bot.domain.merchant import User
from bot.services.ports import adapter_account
from bot.storage import tables as t
from tests.desk import Customer, Desk

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
