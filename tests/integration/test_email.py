"""Mail through the whole house: over real SMTP, the real webhook and the pages mails lead to."""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bot.domain.clock import FixedClock
from bot.domain.consent import Purpose
from bot.domain.conversation import Author, Message, MessageStatus
from bot.domain.shipment import Status
from bot.services import consents
from bot.services.intake import read_shipment
from bot.services.ports import Say, Turn
from bot.services.record_event import NewEvent
from sandbox.email.wire import address_of
from tests.conftest import ScriptedEngine
from tests.integration.api_client import shipment
from tests.integration.house import House, open_house

NUMBER = "+447700900123"
ADDRESS = address_of(NUMBER)


class Post(House):
    """A merchant whose customer has a mailbox, and everything between the two."""

    async def expect(self, *, phone: str | None = None) -> None:
        """A parcel for the owner of the mailbox."""
        to = {"name": "Ada Byron", "phone": phone, "email": ADDRESS, "language": "en"}
        wanted = read_shipment(shipment(window=None) | {"recipient": to})
        await self.application.services.record_shipment(self.shop.merchant, "ML-1", wanted)

    async def announce(self) -> None:
        """A parcel for whoever has nothing but the mailbox, and that it has been delivered."""
        await self.expect()
        now = self.application.clock.now()
        event = NewEvent("api", "e1", Status.delivered, now)
        await self.application.services.record_events(self.shop.merchant.id, "ML-1", [event])
        await self.work()

    async def write(self, words: str) -> None:
        await self.sandbox.say(NUMBER, "email", text=words)
        await self.sandbox.idle()
        await self.work()

    async def mails(self) -> list[dict[str, Any]]:
        return await self.sandbox.hear(NUMBER, "email", wait=0)

    async def thread(self) -> list[Message]:
        """Everything said with the owner of the mailbox."""
        merchant = self.shop.merchant.id
        account = UUID(self.shop.told["email"]["account_id"])
        async with self.application.database() as unit:
            identity = await unit.people.identity(account, ADDRESS)
            assert identity is not None
            found = await unit.conversations.of_contact(merchant, identity.contact_id)
            assert found is not None
            return list(await unit.messages.thread(merchant, found.id))

    async def may(self, channel: str, purpose: str) -> bool:
        account = UUID(self.shop.told["email"]["account_id"])
        async with self.application.database() as unit:
            identity = await unit.people.identity(account, ADDRESS)
            assert identity is not None
            merchant, contact = identity.merchant_id, identity.contact_id
            return await consents.may_send(unit, merchant, contact, channel, purpose)


@pytest.fixture
async def mail(
    database_url: str, clock: FixedClock, engine: ScriptedEngine, tmp_path: Path
) -> AsyncIterator[Post]:
    async with open_house(Post, database_url, clock, engine, tmp_path) as house:
        yield house


async def test_who_has_no_phone_is_told_by_mail_and_answered(
    mail: Post, engine: ScriptedEngine
) -> None:
    await mail.announce()
    (notice,) = await mail.mails()
    assert "has been delivered" in notice["text"]
    assert notice["header"].startswith("Your parcel")
    await mail.write("Thank you!")
    assert engine.heard[-1]["text"] == "Thank you!"
    _, answer = await mail.mails()
    # An answer goes on under the subject of what it answers.
    assert answer["header"] == f"Re: {notice['header']}"
    said = await mail.thread()
    assert [m.author for m in said] == [Author.flow, Author.customer, Author.bot]
    assert await mail.sandbox.violations() == []


async def test_a_button_in_a_mail_answers_once_and_not_by_being_opened(
    mail: Post, engine: ScriptedEngine
) -> None:
    await mail.announce()
    options = ({"key": "option_reschedule", "payload": "/reschedule_delivery"},)
    engine.turns.append(Turn((Say("missed_offer", {"parcel": {"item": ""}}, options),), {}))
    await mail.write("I was out")
    offered = (await mail.mails())[-1]
    (choice,) = offered["options"]
    async with mail.http.get(choice["url"]) as page:
        shown = await page.text()
        assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
        assert choice["title"] in shown
    await mail.work()
    assert len(engine.heard) == 1
    for _ in range(2):
        async with mail.http.post(choice["url"]) as page:
            assert "Thank you" in await page.text()
        await mail.work()
    assert [heard["text"] for heard in engine.heard[1:]] == ["/reschedule_delivery"]
    assert (await mail.thread())[-2].kind == "choice"


@pytest.mark.parametrize("path", ["/m/nonsense/0", "/u/nonsense"])
async def test_a_link_that_we_did_not_make_says_so(mail: Post, path: str) -> None:
    base = mail.application.settings.public_url
    for ask in (mail.http.get, mail.http.post):
        async with ask(base + path) as page:
            assert page.status == 404
            assert "does not work" in await page.text()


async def test_a_choice_that_a_message_does_not_have(mail: Post) -> None:
    await mail.announce()
    (notice, *_) = await mail.thread()
    links = mail.application.links
    async with mail.http.get(links.choice(notice.id, 7)) as page:
        assert page.status == 404


async def test_the_mail_programs_own_button_stops_mail_alone(mail: Post) -> None:
    await mail.announce()
    (notice,) = await mail.mails()
    async with mail.http.get(notice["footer"]) as page:
        assert page.status == 200
    assert await mail.may("email", Purpose.service)
    one_click = {"List-Unsubscribe": "One-Click"}
    async with mail.http.post(notice["footer"], data=one_click) as page:
        assert page.status == 200
    assert not await mail.may("email", Purpose.service)
    assert await mail.may("sms", Purpose.service)


async def test_wishes_are_ticked_and_kept(mail: Post) -> None:
    await mail.announce()
    (notice,) = await mail.mails()
    async with mail.http.post(notice["footer"], data={"want": "email"}) as page:
        shown = await page.text()
    assert "Saved." in shown
    assert re.search(r'value="email" checked', shown)
    assert not re.search(r'value="feedback" checked', shown)
    assert await mail.may("email", Purpose.service)
    assert not await mail.may("email", Purpose.feedback)
    async with mail.http.post(notice["footer"], data={"want": "feedback"}) as page:
        assert page.status == 200
    assert not await mail.may("email", Purpose.service)
    async with mail.http.post(notice["footer"], data=[("want", "email"), ("want", "feedback")]):
        pass
    assert await mail.may("email", Purpose.service)
    assert await mail.may("email", Purpose.feedback)
    assert not await mail.may("email", Purpose.marketing), "nobody has asked for that"


async def test_a_mail_that_comes_back_has_failed_in_words(mail: Post) -> None:
    await mail.sandbox.fault("email", "undelivered")
    await mail.announce()
    (notice, note) = await mail.thread()
    assert (notice.status, notice.error) == (MessageStatus.failed, "5.2.2 the mailbox is full")
    assert note.text == "not_delivered"


async def test_a_forged_sender_changes_nothing_and_hears_nothing(
    mail: Post, engine: ScriptedEngine
) -> None:
    await mail.announce()
    await forge(mail, "cancel my parcel")
    assert engine.heard == []
    said = await mail.thread()
    assert [m.kind for m in said if m.author is Author.customer] == ["unproved"]
    assert [m.say for m in said if m.author is Author.bot] == ["mail_unproved"]
    # The owner, who answers that mail, is believed.
    await mail.write("it was me")
    assert [heard["text"] for heard in engine.heard] == ["it was me"]


async def test_a_stop_is_obeyed_even_from_a_sender_that_may_be_forged(mail: Post) -> None:
    await mail.announce()
    await forge(mail, "STOP")
    assert not await mail.may("email", Purpose.service)
    assert await mail.may("sms", Purpose.service), "a stranger must not silence a customer"
    assert (await mail.thread())[-1].say == "stopped_here"


async def test_a_stop_by_mail_stops_every_channel(mail: Post) -> None:
    await mail.announce()
    await mail.write("STOP")
    assert not await mail.may("email", Purpose.service)
    assert not await mail.may("sms", Purpose.service)
    assert (await mail.thread())[-1].say == "stopped"


async def test_a_stranger_becomes_the_customer_by_answering_our_mail(
    mail: Post, engine: ScriptedEngine
) -> None:
    await mail.write("where is my parcel")
    stranger = await contact_of(mail)
    # Who writes first is asked to answer our mail: not told of a link that a mail does not have.
    assert engine.heard == []
    assert "Please answer this one" in (await mail.mails())[-1]["text"]
    await mail.expect(phone=NUMBER)
    await forge(mail, "it is me, really")
    assert await contact_of(mail) == stranger
    await mail.write("I wrote before")
    assert await contact_of(mail) != stranger
    assert [heard["text"] for heard in engine.heard] == ["I wrote before"]


async def test_a_mailbox_is_the_customers_once_the_merchant_says_so(mail: Post) -> None:
    await mail.write("where is my parcel")
    stranger = await contact_of(mail)
    await mail.announce()
    assert await contact_of(mail) != stranger
    assert "has been delivered" in (await mail.mails())[-1]["text"]


async def forge(mail: Post, words: str) -> None:
    """Write in the customer's name without ever having seen a mail of ours."""
    thread = mail.world.phones.get(NUMBER).thread("email")
    kept = list(thread.messages)
    thread.messages.clear()
    await mail.sandbox.say(NUMBER, "email", text=words)
    thread.messages.extendleft(reversed(kept))
    await mail.sandbox.idle()
    await mail.work()


async def contact_of(mail: Post) -> object:
    async with mail.application.database() as unit:
        identity = await unit.people.identity(UUID(mail.shop.told["email"]["account_id"]), ADDRESS)
        assert identity is not None
        return identity.contact_id


async def test_a_picture_in_a_mail_is_kept_beside_its_message(mail: Post) -> None:
    await mail.announce()
    await mail.sandbox.say(NUMBER, "email", media="image")
    await mail.sandbox.idle()
    await mail.work()
    theirs = next(m for m in await mail.thread() if m.author is Author.customer)
    async with mail.application.database() as unit:
        kept = await unit.media.of_message(mail.shop.merchant.id, theirs.id)
    assert kept is not None
    assert (kept.content_type, bool(kept.size)) == ("image/png", True)


async def test_a_photograph_of_many_megabytes_comes_in_by_mail_alone(mail: Post) -> None:
    told, base = mail.shop.told["email"], mail.application.settings.public_url
    written = EmailMessage()
    written["From"], written["To"], written["Message-ID"] = ADDRESS, told["address"], "<big@x>"
    picture = b"\x89PNG\r\n\x1a\n" + bytes(4 * 2**20)
    written.add_attachment(picture, maintype="image", subtype="png", filename="door.png")
    body = written.as_bytes()
    digest = hmac.new(told["webhook_secret"].encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Doorstep-Signature": f"sha256={digest}"}
    for channel, status in (("email", 200), ("sms", 413)):
        url = f"{base}/webhooks/{channel}/{mail.shop.told[channel]['account_id']}"
        async with mail.http.post(url, data=BytesIO(body), headers=headers) as answer:
            assert answer.status == status
    (theirs,) = await mail.thread()
    async with mail.application.database() as unit:
        kept = await unit.media.of_message(mail.shop.merchant.id, theirs.id)
    assert kept is not None
    assert kept.size == len(picture)


async def test_a_mailbox_that_is_not_there_is_left_alone(mail: Post) -> None:
    await mail.sandbox.fault("email", "reject")
    await mail.announce()
    async with mail.application.database() as unit:
        account = UUID(mail.shop.told["email"]["account_id"])
        identity = await unit.people.identity(account, ADDRESS)
    assert identity is not None
    assert not identity.reachable(mail.application.clock.now())
