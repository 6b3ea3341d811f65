"""Mailboxes behind the phones: what is sent to them, and what their owners write."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac

import aiohttp
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.email import wire
from sandbox.outbox import Webhook
from sandbox.phones import Message, Thread
from sandbox.samples import sample
from sandbox.world import CannotSay, Said, World, no_such_thing

_HANG = 60.0


class Mail:
    """The server that the account of ``demo.email`` sends through."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.port = 0
        self._server: asyncio.Server | None = None

    # -- SMTP

    async def start(self) -> None:
        """Listen on this machine alone; port 0 takes a free one, which ``port`` then tells."""
        account = self.world.demo.email
        if account is None:
            return
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="mx.phones.example", enable_SMTPUTF8=True, loop=loop),
            host="127.0.0.1",
            port=account.smtp_port,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def handle_RCPT(  # noqa: N802  the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient whose mailbox there is."""
        del server, session, options
        faults = self.world.faults
        if faults.take("email", "rate_limit"):
            return "450 4.7.1 Too many messages, slow down"
        if faults.take("email", "error"):
            return "451 4.3.0 Temporary failure, try again later"
        number = wire.number_of(address)
        if number is None or "email" not in self.world.phones.get(number).channels:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Put a mail into its recipients' mailboxes, or let it come back."""
        del server, session
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        entry = self.world.journal.note("in", "email", "request", "SMTP", "DATA", raw)
        why = self._why_it_comes_back()
        for address in envelope.rcpt_tos:
            if why is not None:
                back = wire.bounce(raw, address, self.world.clock.now(), why)
                self._post(back, "status", address)
            else:
                self._deliver(str(address), raw)
        entry.status = 250
        if self.world.faults.take("email", "timeout"):
            await asyncio.sleep(_HANG)
        return "250 2.0.0 Ok: queued"

    def _why_it_comes_back(self) -> tuple[str, str] | None:
        if self.world.faults.take("email", "undelivered"):
            return wire.FULL
        return wire.NOT_THERE if self.world.faults.take("email", "reject") else None

    def _deliver(self, address: str, raw: bytes) -> None:
        number = wire.number_of(address)
        assert number is not None
        mail = wire.read(raw)
        if mail.problems:
            self.world.journal.violation(
                "email", "DATA", mail.problems, raw.decode(errors="replace")
            )
        thread = self.world.phones.get(number).thread("email")
        bubble = self.world.message(
            "business",
            mail.text,
            mail.message_id,
            status="delivered",
            options=mail.options,
            media=mail.media,
        )
        bubble.header, bubble.footer, bubble.token = mail.subject, mail.unsubscribe, mail.reply_to
        self.world.phones.say(thread, bubble)

    # -- the phone's side

    def say(self, thread: Thread, said: Said) -> Message:
        """Write a mail (an answer, if there is something to answer), or follow a button's link."""
        no_such_thing(said, "a mail")
        if said.choose is not None:
            return self._follow(thread, said.choose)
        if said.location is not None:
            raise CannotSay("a mail has no location; write the address")
        account = self.world.demo.email
        if account is None:
            raise CannotSay("this merchant has no mailbox")
        last = next((m for m in reversed(thread.messages) if m.sender == "business"), None)
        number = thread.phone.number
        identifier = f"<{self.world.next('mail')}.{number.lstrip('+')}@{wire.DOMAIN}>"
        raw = wire.write(
            sender=(thread.phone.name, wire.address_of(number)),
            to=(last.token if last and last.token else account.address),
            subject=_again(last.header or "") if last else "My parcel",
            text=said.text or "",
            message_id=identifier,
            at=self.world.clock.now(),
            answers=(last.id, last.text) if last else None,
        )
        if said.media:
            content_type, body = sample(said.media)
            raw = wire.attached(raw, content_type, body, said.media)
        text = said.text or ""
        bubble = self.world.message("customer", text, identifier, media=said.media, status="sent")
        self.world.phones.say(thread, bubble)
        self._post(raw, "message", number)
        return bubble

    def _follow(self, thread: Thread, wanted: str) -> Message:
        found = thread.choose(wanted)
        if found is None:
            raise CannotSay(f"no such button: {wanted}")
        _, option = found
        identifier = f"<{self.world.next('mail')}.tap@{wire.DOMAIN}>"
        bubble = self.world.message("customer", option.title, identifier, media="tap")
        self.world.phones.say(thread, bubble)
        self.world.outbox.spawn(self._press(option.url or ""))
        return bubble

    async def _press(self, url: str) -> None:
        """Open the page that a link leads to and press its button."""
        entry = self.world.journal.note("out", "email", "message", "POST", url)
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with self.world.outbox.session.get(url) as page:
                await page.read()
            async with self.world.outbox.session.post(url) as answer:
                entry.status = answer.status

    def read(self, thread: Thread) -> None:
        """Nobody is told that a mail was read."""

    def _post(self, raw: bytes, of: str, lane: str) -> None:
        account = self.world.demo.email
        assert account is not None
        digest = hmac.new(account.webhook_secret.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "message/rfc822", "X-Doorstep-Signature": f"sha256={digest}"}
        url = f"{self.world.demo.gateway}/webhooks/email/{account.account_id}"
        self.world.outbox.post(Webhook("email", of, url, raw, headers, f"email:{lane}"))


def _again(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"
