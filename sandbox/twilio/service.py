"""What Twilio does with a message: check it, keep it, deliver it, report on it."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime

from sandbox.outbox import Webhook
from sandbox.phones import Message, Thread
from sandbox.samples import sample
from sandbox.twilio import wire
from sandbox.twilio.wire import Refusal, Sms
from sandbox.world import CannotSay, Said, World, no_such_thing

KEPT = 50_000
_E164 = re.compile(r"\+[1-9]\d{5,14}")


class Twilio:
    """The account of ``demo.sms`` and its messages."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.account = world.demo.sms
        self.messages: OrderedDict[str, Sms] = OrderedDict()

    def create(self, form: Mapping[str, str]) -> Sms:
        """Accept and deliver an outbound message. Raises ``Refusal`` as Twilio would."""
        to, body = self._checked(form)
        thread = self.world.phones.get(to).thread("sms")
        if thread.opted_out:
            raise Refusal(400, 21610, "Attempt to send to unsubscribed recipient")
        sms = self._sms("SM", self.account.number, to, body, "outbound-api", "queued")
        sms.status_callback = form.get("StatusCallback")
        sms.file = form.get("MediaUrl")
        fate = self._fate(thread)
        self._deliver(thread, sms, fate)
        return sms

    def _checked(self, form: Mapping[str, str]) -> tuple[str, str]:
        to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        if not to:
            raise Refusal(400, 21604, "A 'To' phone number is required.")
        if not _E164.fullmatch(to):
            raise Refusal(400, 21211, f"The 'To' number {to} is not a valid phone number.")
        if not sender and not form.get("MessagingServiceSid"):
            raise Refusal(400, 21603, "A 'From' phone number is required.")
        name = re.fullmatch(wire.SENDER_NAME, sender)
        if sender and sender != self.account.number and not name:
            text = f"'From' {sender} is not a Twilio phone number or Short Code country mismatch"
            raise Refusal(400, 21606, text)
        if not body and not form.get("MediaUrl"):
            raise Refusal(400, 21602, "Message body is required.")
        if len(body) > wire.LONGEST_BODY:
            text = "The concatenated message body exceeds the 1600 character limit"
            raise Refusal(400, 21617, text)
        callback = form.get("StatusCallback")
        if callback and not re.match(r"https?://[^\s/_]+(/|$|\?)", callback):
            raise Refusal(400, 21609, f"The 'StatusCallback' URL {callback} is not a valid URL.")
        return to, body

    def _fate(self, thread: Thread) -> str:
        ordered = self.world.faults.take("twilio", "undelivered")
        return "undelivered" if ordered or "sms" not in thread.phone.channels else "delivered"

    def _deliver(self, thread: Thread, sms: Sms, fate: str) -> None:
        media = "image" if sms.file else None
        message = self.world.message(
            "business", sms.body, sms.sid, media=media, file=sms.file, status="sent"
        )
        if fate == "delivered":
            self.world.phones.say(thread, message)
        self.world.outbox.spawn(self._report(thread, message, sms, fate))

    async def _report(self, thread: Thread, message: Message, sms: Sms, fate: str) -> None:
        await _pause(self.world.options.latency)
        sms.status, sms.sent = "sent", self.world.clock.now()
        self._call_back(sms)
        await _pause(self.world.options.latency)
        sms.status = fate
        if fate == "undelivered":
            sms.error_code, sms.error_message = 30003, "Unreachable destination handset"
        else:
            self.world.status(thread, message, "delivered")
        self._call_back(sms)

    def _call_back(self, sms: Sms) -> None:
        if sms.status_callback:
            self._post("status", sms.status_callback, sms.status_params(), f"st:{sms.to}")

    def _post(self, of: str, url: str, params: dict[str, str], lane: str) -> None:
        body, headers = wire.webhook(url, params, self.account.auth_token)
        hook = Webhook("twilio", of, url, body, headers, f"twilio:{lane}", retried=False)
        self.world.outbox.post(hook)

    def _sms(self, kind: str, from_: str, to: str, body: str, direction: str, status: str) -> Sms:
        sid, now = wire.new_sid(kind), self.world.clock.now()
        sms = Sms(sid, self.account.account_sid, from_, to, body, direction, status, now)
        self.messages[sid] = sms
        if len(self.messages) > KEPT:
            self.messages.popitem(last=False)
        return sms

    def list(self, query: Mapping[str, str]) -> list[Sms]:
        """Messages, newest first, filtered as the query says. Raises ``Refusal``."""
        found = list(reversed(self.messages.values()))
        if to := query.get("To"):
            found = [sms for sms in found if sms.to == to]
        if from_ := query.get("From"):
            found = [sms for sms in found if sms.from_ == from_]
        for name, value in query.items():
            if name.startswith("DateSent"):
                found = [sms for sms in found if _sent_matches(sms, name, value)]
        return found

    # -- the phone's side

    def say(self, thread: Thread, said: Said) -> Message:
        no_such_thing(said, "an SMS")
        text = said.text if said.text is not None else said.choose
        if said.location:
            text = "https://maps.google.com/?q={:.6f},{:.6f}".format(*said.location)
        if text is None and said.media is None:
            raise CannotSay("an SMS needs text or media")
        kind = "MM" if said.media else "SM"
        number = thread.phone.number
        sms = self._sms(kind, number, self.account.number, text or "", "inbound", "received")
        media = [self._media(sms, said)] if said.media else []
        sms.num_media = len(media)
        bubble = self.world.message("customer", sms.body, sms.sid, media=said.media, status="sent")
        bubble.location = said.location
        self.world.phones.say(thread, bubble)
        self._opt(thread, sms.body)
        url = f"{self.world.demo.gateway}/webhooks/sms/{self.account.account_id}"
        self._post("message", url, sms.inbound_params(media), f"in:{number}")
        return bubble

    def read(self, thread: Thread) -> None:
        """SMS has no read receipts."""

    def _media(self, sms: Sms, said: Said) -> tuple[str, str]:
        kind = said.media or "image"
        path = f"/twilio/{wire.API}/Accounts/{sms.account_sid}/Messages/{sms.sid}/Media/{kind}"
        return sample(kind)[0], said.origin + path

    def _opt(self, thread: Thread, body: str) -> None:
        """Twilio's own opt-out: it answers, and refuses later sends, before we are told."""
        word = body.strip().upper()
        if word in wire.STOP_WORDS and not thread.opted_out:
            self._answer_itself(thread, wire.STOPPED, opted_out=True)
        elif word in wire.START_WORDS and thread.opted_out:
            self._answer_itself(thread, wire.STARTED, opted_out=False)

    def _answer_itself(self, thread: Thread, text: str, *, opted_out: bool) -> None:
        thread.opted_out = opted_out
        self.world.changed()
        sid = wire.new_sid("SM")
        self.world.phones.say(thread, self.world.message("business", text, sid, status="delivered"))


def _sent_matches(sms: Sms, name: str, value: str) -> bool:
    try:
        limit = datetime.fromisoformat(value)
    except ValueError:
        raise Refusal(400, 20001, f"Parameter '{name}' is not a valid date") from None
    if sms.sent is None:
        return False
    limit = limit if limit.tzinfo else limit.replace(tzinfo=UTC)
    if len(value) == len("2026-11-23"):
        day, sent = limit.date(), sms.sent.date()
        return {"DateSent<": sent <= day, "DateSent>": sent >= day}.get(name, sent == day)
    return {"DateSent<": sms.sent <= limit, "DateSent>": sms.sent >= limit}.get(
        name, sms.sent == limit
    )


async def _pause(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)
