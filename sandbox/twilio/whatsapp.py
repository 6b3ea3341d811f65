"""WhatsApp as Twilio carries it: on the same phones, by Twilio's forms instead of Meta's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sandbox.outbox import Webhook
from sandbox.phones import Message, Thread
from sandbox.samples import sample
from sandbox.twilio import wire
from sandbox.twilio.content import Contents, Filled
from sandbox.twilio.wire import Refusal, Sms
from sandbox.world import CannotSay, Said, World, no_such_thing

WINDOW = timedelta(hours=24)
PREFIX = "whatsapp:"
_LONGEST_BODY = 1600


class TwilioWhatsApp:
    """The WhatsApp sender of ``demo.whatsapp``, when its provider is Twilio."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.account = world.demo.whatsapp
        self.contents = Contents()
        self.sent: dict[str, Sms] = {}

    # -- the API's side

    def create(self, form: Mapping[str, str]) -> Sms:
        """Accept and deliver a message. Raises ``Refusal`` as Twilio would."""
        if form.get("From") != f"{PREFIX}{self.account.number}":
            raise Refusal(400, 63007, f"no WhatsApp sender {form.get('From')}")
        try:
            phone = self.world.phones.get(form["To"].removeprefix(PREFIX))
        except ValueError as error:
            raise Refusal(400, 21211, str(error)) from error
        shown, free = self._content(form)
        thread = phone.thread("whatsapp")
        sms = self._sms(f"{PREFIX}{self.account.number}", form["To"], shown.text, "outbound-api")
        sms.status_callback = form.get("StatusCallback")
        self.sent[sms.sid] = sms
        message = self.world.message(
            "business",
            shown.text,
            sms.sid,
            options=shown.options,
            list_button=shown.list_button,
            media="document" if form.get("MediaUrl") else None,
            file=form.get("MediaUrl"),
            status="sent",
        )
        failure = self._failure(thread, free=free)
        if failure is None:
            self.world.phones.say(thread, message)
        self.world.outbox.spawn(self._report(thread, message, sms, failure))
        return sms

    def _content(self, form: Mapping[str, str]) -> tuple[Filled, bool]:
        """What is shown, and whether that needs an open window."""
        if sid := form.get("ContentSid"):
            try:
                variables = json.loads(form.get("ContentVariables") or "{}")
            except ValueError:
                raise Refusal(400, 21656, "The ContentVariables Parameter is invalid") from None
            filled = self.contents.fill(sid, variables)
            return filled, not filled.approved
        body = form.get("Body", "")
        if not body and not form.get("MediaUrl"):
            raise Refusal(400, 21602, "Message body is required.")
        if len(body) > _LONGEST_BODY:
            text = "The concatenated message body exceeds the 1600 character limit"
            raise Refusal(400, 21617, text)
        return Filled(body), True

    def _failure(self, thread: Thread, *, free: bool) -> int | None:
        ordered = self.world.faults.take("twilio", "undelivered")
        if ordered or "whatsapp" not in thread.phone.channels:
            return 63024
        last = thread.last_inbound
        closed = last is None or self.world.clock.now() - last > WINDOW
        return 63016 if free and closed else None

    async def _report(
        self, thread: Thread, message: Message, sms: Sms, failure: int | None
    ) -> None:
        await self._pause()
        if failure is not None:
            sms.status, sms.error_code, sms.error_message = "undelivered", failure, "Undelivered"
            self._call_back(sms)
            return
        sms.sent = self.world.clock.now()
        for status in ("sent", "delivered"):
            sms.status = status
            self._call_back(sms)
            await self._pause()
        self.world.status(thread, message, "delivered")
        if thread.phone.auto_read:
            self._mark_read(thread, message)

    async def _pause(self) -> None:
        if self.world.options.latency > 0:
            await asyncio.sleep(self.world.options.latency)

    def _call_back(self, sms: Sms) -> None:
        if sms.status_callback:
            self._post("status", sms.status_callback, sms.status_params(), f"st:{sms.to}")

    def _post(self, of: str, url: str, params: dict[str, str], lane: str) -> None:
        body, headers = wire.webhook(url, params, self.account.auth_token)
        self.world.outbox.post(
            Webhook("twilio", of, url, body, headers, f"twilio-wa:{lane}", retried=False)
        )

    def _sms(self, from_: str, to: str, body: str, direction: str, kind: str = "SM") -> Sms:
        sid, now = wire.new_sid(kind), self.world.clock.now()
        return Sms(sid, self.account.account_sid, from_, to, body, direction, "queued", now)

    # -- the phone's side

    def say(self, thread: Thread, said: Said) -> Message:
        no_such_thing(said, "WhatsApp by Twilio")
        number = thread.phone.number
        params: dict[str, str] = {
            "ProfileName": thread.phone.name,
            "WaId": number.removeprefix("+"),
            "MessageType": "text",
        }
        text, media = said.text or "", []
        if said.choose is not None:
            text = self._chosen(thread, said.choose, params)
        elif said.location is not None:
            latitude, longitude = said.location
            params |= {
                "Latitude": f"{latitude:.6f}",
                "Longitude": f"{longitude:.6f}",
                "MessageType": "location",
            }
        elif said.media is not None:
            params["MessageType"] = {"voice": "audio"}.get(said.media, said.media)
            media = [self._media(said)]
        elif not text:
            raise CannotSay("nothing to say")
        kind = "MM" if media else "SM"
        sms = self._sms(
            f"{PREFIX}{number}", f"{PREFIX}{self.account.number}", text, "inbound", kind
        )
        sms.num_media = len(media)
        bubble = self.world.message("customer", text, sms.sid, media=said.media, status="delivered")
        bubble.location = said.location
        thread.last_inbound = bubble.at
        self.world.phones.say(thread, bubble)
        url = f"{self.world.demo.gateway}/webhooks/whatsapp/{self.account.account_id}"
        self._post("message", url, {**sms.inbound_params(media), **params}, f"in:{number}")
        return bubble

    def _chosen(self, thread: Thread, wanted: str, params: dict[str, str]) -> str:
        found = thread.choose(wanted)
        if found is None:
            raise CannotSay(f"no option {wanted!r} on the latest message that has options")
        asked, option = found
        params["OriginalRepliedMessageSid"] = asked.id
        if option.kind == "list":
            params |= {"ListId": option.id, "ListTitle": option.title, "MessageType": "interactive"}
        else:
            params |= {
                "ButtonPayload": option.id,
                "ButtonText": option.title,
                "MessageType": "button",
            }
        return option.title

    def _media(self, said: Said) -> tuple[str, str]:
        kind = said.media or "image"
        sid = wire.new_sid("MM")
        path = f"/twilio/{wire.API}/Accounts/{self.account.account_sid}/Messages/{sid}/Media/{kind}"
        return sample(kind)[0], said.origin + path

    def read(self, thread: Thread) -> None:
        for message in thread.messages:
            if message.sender == "business" and message.status == "delivered":
                self._mark_read(thread, message)

    def _mark_read(self, thread: Thread, message: Message) -> None:
        self.world.status(thread, message, "read")
        if sms := self.sent.pop(message.id, None):
            sms.status = "read"
            self._call_back(sms)


def resource_of(contents: Contents, size: int, page: int, *, approvals: bool) -> dict[str, Any]:
    """A page of Contents as Twilio lists them."""
    found = list(contents.kept.values())
    here = found[page * size : (page + 1) * size]
    name = "ContentAndApprovals" if approvals else "Content"
    more = (page + 1) * size < len(found)
    following = f"https://content.twilio.com/v1/{name}?PageSize={size}&Page={page + 1}"
    return {
        "contents": [one.with_approval() if approvals else one.resource() for one in here],
        "meta": {
            "page": page,
            "page_size": size,
            "key": "contents",
            "next_page_url": following if more else None,
        },
    }
