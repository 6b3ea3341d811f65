"""What Meta does with a message: check it, deliver it, report on it; and what comes back."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import aiohttp

from sandbox.contracts.whatsapp import send_problems
from sandbox.outbox import Webhook
from sandbox.phones import Message, Phone, Thread
from sandbox.samples import sample, sha256
from sandbox.whatsapp import wire
from sandbox.whatsapp.render import Bubble, bubble
from sandbox.whatsapp.wire import Refusal, bad_parameter
from sandbox.world import CannotSay, Said, World, own_last, quoted

WINDOW = timedelta(hours=24)


class WhatsApp:
    """The phone number of ``demo.whatsapp``."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.account = world.demo.whatsapp
        # Grows by POST message_templates; None as long as nobody said which are approved.
        self.templates = self.account.templates

    # -- the API's side

    def send(self, body: Any) -> dict[str, Any]:
        """Accept a message. Raises ``Refusal`` as Meta would; the rest is told by webhook."""
        self._hold_to_contract(body)
        if "status" in body:
            return self._receipt(body)
        phone = self._recipient(body)
        shown = bubble(body, self.templates)
        thread = phone.thread("whatsapp")
        wamid = wire.new_wamid(phone.number)
        message = self._message(wamid, shown, body.get("biz_opaque_callback_data"))
        failure = self._failure(thread, shown)
        if failure is None:
            self.world.phones.say(thread, message)
        self.world.outbox.spawn(self._report(thread, message, shown.category, failure))
        return {
            "messaging_product": "whatsapp",
            "contacts": [
                {
                    "input": body.get("to") or body.get("recipient"),
                    "wa_id": wire.wa_id(phone.number),
                    "user_id": phone.whatsapp_user_id,
                }
            ],
            "messages": [{"id": wamid}],
        }

    def _hold_to_contract(self, body: Any) -> None:
        if not (found := send_problems(body)):
            return
        self.world.journal.violation("whatsapp", "POST messages", found, body)
        raise bad_parameter("; ".join(found))

    def _recipient(self, body: dict[str, Any]) -> Phone:
        if "to" not in body:
            if phone := self.world.phones.by_bsuid(body["recipient"]):
                return phone
            raise bad_parameter("recipient is not a known business-scoped user id")
        try:
            return self.world.phones.get(body["to"])
        except ValueError as exc:
            raise bad_parameter(str(exc)) from exc

    def _receipt(self, body: dict[str, Any]) -> dict[str, Any]:
        found = self.world.phones.find("whatsapp", body["message_id"])
        if found is None or found[1].sender != "customer":
            raise bad_parameter(f"Message {body['message_id']} is not one that was received")
        thread, last = found
        for message in thread.messages:
            unread = message.sender == "customer" and message.status != "read"
            if unread and message.seq <= last.seq:
                self.world.status(thread, message, "read")
        if "typing_indicator" in body:
            where = {"number": thread.phone.number, "channel": "whatsapp"}
            self.world.phones.tell({"type": "typing", **where})
        return {"success": True}

    def _message(self, wamid: str, shown: Bubble, token: str | None) -> Message:
        return self.world.message(
            "business",
            shown.text,
            wamid,
            options=shown.options,
            media=shown.media,
            file=shown.file,
            location=shown.location,
            header=shown.header,
            footer=shown.footer,
            list_button=shown.list_button,
            status="sent",
            token=token,
        )

    def _failure(self, thread: Thread, shown: Bubble) -> int | None:
        ordered = self.world.faults.take("whatsapp", "undelivered")
        if ordered or "whatsapp" not in thread.phone.channels:
            return 131026
        last = thread.last_inbound
        closed = last is None or self.world.clock.now() - last > WINDOW
        return 131047 if shown.needs_window and closed else None

    async def _report(
        self, thread: Thread, message: Message, category: str, failure: int | None
    ) -> None:
        await self._pause()
        if failure is not None:
            self._post_status(thread, message, "failed", category, failure)
            return
        self._post_status(thread, message, "sent", category)
        await self._pause()
        self.world.status(thread, message, "delivered")
        self._post_status(thread, message, "delivered", category)
        if thread.phone.auto_read:
            await self._pause()
            self._mark_read(thread, message)

    async def _pause(self) -> None:
        if self.world.options.latency > 0:
            await asyncio.sleep(self.world.options.latency)

    def _post_status(
        self,
        thread: Thread,
        message: Message,
        name: str,
        category: str = "service",
        failure: int | None = None,
    ) -> None:
        now, phone = self.world.clock.now(), thread.phone
        status = wire.status(phone, message.id, name, now, message.token, category)
        if failure is not None:
            status["errors"] = [wire.failure(failure)]
        self._post("status", {"statuses": [status]}, f"st:{phone.number}")

    def _post(self, of: str, value: dict[str, Any], lane: str, field: str = "messages") -> None:
        body = wire.envelope(self.account, value, field)
        headers = wire.headers(body, self.account.app_secret)
        url = f"{self.world.demo.gateway}/webhooks/whatsapp/{self.account.account_id}"
        self.world.outbox.post(Webhook("whatsapp", of, url, body, headers, f"whatsapp:{lane}"))

    def decide(self, name: str, language: str, state: str | None, category: str | None) -> bool:
        """Meta's reviewers decide on a template, and tell; False where there is no such template."""
        for template in self.templates or []:
            if (template["name"], template["language"]) == (name, language):
                template.update({"state": state} if state else {"category": category})
                field, value = wire.decision(template, state, category)
                self._post("status", value, "templates", field)
                return True
        return False

    # -- the phone's side

    def say(self, thread: Thread, said: Said) -> Message:
        if said.edit is not None or said.delete:
            return self._amend(thread, said)
        content, message = self._content(thread, said)
        if (about := quoted(thread, said)) is not None and "reaction" not in content:
            content["context"] = {"from": wire.wa_id(self.account.number), "id": about.id}
        now = message.at
        thread.last_inbound = now
        self.world.phones.say(thread, message)
        value = wire.incoming(thread.phone, message.id, now, content)
        self._post("message", value, f"in:{thread.phone.number}")
        self.world.changed()
        return message

    def _amend(self, thread: Thread, said: Said) -> Message:
        """Edit or take back one's last text; Meta tells of it in a message of its own."""
        mine = own_last(thread)
        about: dict[str, Any] = {"original_message_id": mine.id}
        content: dict[str, Any] = {"type": "revoke", "revoke": about}
        if said.edit is not None:
            edited = {"type": "text", "text": {"body": said.edit}}
            content = {"type": "edit", "edit": {**about, "message": edited}}
        mine.text, mine.edited = said.edit or "", True
        self.world.phones.changed(thread, mine)
        wamid = wire.new_wamid(thread.phone.number)
        value = wire.incoming(thread.phone, wamid, self.world.clock.now(), content)
        self._post("message", value, f"in:{thread.phone.number}")
        return mine

    def read(self, thread: Thread) -> None:
        for message in thread.messages:
            if message.sender == "business" and message.status == "delivered":
                self._mark_read(thread, message)

    def _mark_read(self, thread: Thread, message: Message) -> None:
        if message.status != "read":
            self.world.status(thread, message, "read")
            self._post_status(thread, message, "read")

    def _content(self, thread: Thread, said: Said) -> tuple[dict[str, Any], Message]:
        """The webhook's ``type`` and its object, and the bubble on the customer's own side."""
        wamid = wire.new_wamid(thread.phone.number)
        if said.choose is not None:
            return self._chosen(thread, said.choose, wamid)
        if said.react is not None:
            theirs = quoted(thread, said) or next(
                (m for m in reversed(thread.messages) if m.sender == "business"), None
            )
            if theirs is None:
                raise CannotSay("there is no message to react to")
            reaction = {"message_id": theirs.id, "emoji": said.react}
            own = self._own(said.react, wamid)
            return {"type": "reaction", "reaction": reaction}, own
        if said.location is not None:
            latitude, longitude = said.location
            content = {
                "type": "location",
                "location": {"latitude": latitude, "longitude": longitude},
            }
            return content, self._own("", wamid, location=said.location)
        if said.media is not None:
            return self._media(said.media), self._own("", wamid, media=said.media)
        if not said.text:
            raise CannotSay("nothing to say")
        return {"type": "text", "text": {"body": said.text}}, self._own(said.text, wamid)

    def _own(self, text: str, wamid: str, **more: Any) -> Message:
        return self.world.message("customer", text, wamid, status="delivered", **more)

    def _chosen(self, thread: Thread, wanted: str, wamid: str) -> tuple[dict[str, Any], Message]:
        found = thread.choose(wanted)
        if found is None:
            raise CannotSay(f"no option {wanted!r} on the latest message that has options")
        asked, option = found
        context = {"from": wire.wa_id(self.account.number), "id": asked.id}
        own = self._own(option.title, wamid)
        if option.kind == "template":
            button = {"payload": option.id, "text": option.title}
            return {"type": "button", "context": context, "button": button}, own
        reply: dict[str, str] = {"id": option.id, "title": option.title}
        kind = "button_reply"
        if option.kind == "list":
            kind = "list_reply"
            if option.description:
                reply["description"] = option.description
        interactive = {"type": kind, kind: reply}
        return {"type": "interactive", "context": context, "interactive": interactive}, own

    def _media(self, media: str) -> dict[str, Any]:
        content_type, _ = sample(media)
        inside: dict[str, Any] = {
            "mime_type": content_type,
            "sha256": sha256(media),
            "id": {"image": "100000000000001", "voice": "100000000000002"}.get(
                media, "100000000000003"
            ),
        }
        if media == "voice":
            return {"type": "audio", "audio": {**inside, "voice": True}}
        if media == "sticker":
            return {"type": "sticker", "sticker": {**inside, "animated": False}}
        return {"type": "image", "image": inside}

    # -- the subscription

    async def verify_subscription(self) -> bool:
        """Meta's GET challenge of the webhook: whether the gateway echoes it for the right token."""
        url = f"{self.world.demo.gateway}/webhooks/whatsapp/{self.account.account_id}"
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": "1158201444",
            "hub.verify_token": self.account.verify_token,
        }
        entry = self.world.journal.note("out", "whatsapp", "challenge", "GET", url)
        try:
            async with self.world.outbox.session.get(url, params=query) as answer:
                entry.status = answer.status
                echoed = (await answer.text()).strip() == query["hub.challenge"]
        except (aiohttp.ClientError, TimeoutError) as exc:
            entry.note = str(exc)
            return False
        entry.note = "echoed" if echoed else "challenge not echoed"
        return echoed and entry.status == 200


def parse_json(raw: bytes) -> Any:
    """Raises ``Refusal`` for what is not JSON."""
    try:
        return json.loads(raw)
    except ValueError as exc:
        raise Refusal(400, 100, "(#100) Invalid parameter", f"body is not JSON: {exc}") from exc
