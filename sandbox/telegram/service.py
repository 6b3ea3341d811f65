"""What Telegram does for a bot: keep its webhook, show its messages, post its updates."""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from sandbox.outbox import Webhook
from sandbox.phones import Message, Thread
from sandbox.samples import sample
from sandbox.telegram import wire
from sandbox.telegram.wire import Refusal, bad_request
from sandbox.world import CannotSay, Said, World, own_last, quoted

KEPT_CALLBACKS = 1_000
INLINE_SEND = frozenset(("sendMessage", "sendPhoto", "sendDocument"))  # what faults hit


class Telegram:
    """The bot of ``demo.telegram``."""

    def __init__(self, world: World) -> None:
        self.world = world
        account = world.demo.telegram
        self.me = wire.bot(account.bot_token, account.bot_username, world.demo.merchant)
        self.webhook_url = f"{world.demo.gateway}/webhooks/telegram/{account.account_id}"
        self.webhook_secret: str | None = account.secret_token
        self.markups: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self.unanswered: OrderedDict[str, str] = OrderedDict()

    @property
    def methods(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        return {
            "getMe": lambda _: self.me,
            "setWebhook": self.set_webhook,
            "deleteWebhook": lambda _: self.set_webhook({"url": ""}),
            "getWebhookInfo": lambda _: self.webhook_info(),
            "sendMessage": self.send_message,
            "sendPhoto": lambda asked: self.send_file(asked, "photo", "image"),
            "sendDocument": lambda asked: self.send_file(asked, "document", "document"),
            "sendChatAction": self.send_chat_action,
            "answerCallbackQuery": self.answer_callback_query,
            "editMessageText": self.edit_message_text,
            "editMessageReplyMarkup": self.edit_reply_markup,
            "getFile": self.get_file,
        }

    # -- the bot's side: one method per API method, raising Refusal

    def set_webhook(self, asked: dict[str, Any]) -> bool:
        secret = asked.get("secret_token")
        if secret is not None and not wire.SECRET_TOKEN.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self.webhook_url, self.webhook_secret = asked["url"], secret
        return True

    def webhook_info(self) -> dict[str, Any]:
        return {
            "url": self.webhook_url,
            "has_custom_certificate": False,
            "pending_update_count": 0,
            "max_connections": 40,
        }

    def send_message(self, asked: dict[str, Any]) -> dict[str, Any]:
        thread = self._thread(asked["chat_id"])
        text = wire.shown_text(asked["text"], asked.get("parse_mode"))
        markup = asked.get("reply_markup")
        options = wire.options(markup)
        message = self.world.message(
            "business", text, self._message_id(thread), options=options, status="sent"
        )
        self.world.phones.say(thread, message)
        if markup and "inline_keyboard" in markup:
            self._remember(message.id, markup)
        return wire.message(thread.phone, message, self.me, markup)

    def send_file(self, asked: dict[str, Any], name: str, media: str) -> dict[str, Any]:
        """Show a file that is named by its URL, as Telegram fetches it."""
        thread, url = self._thread(asked["chat_id"]), str(asked[name])
        if not url.startswith(("http://", "https://")):
            raise bad_request("wrong file identifier/HTTP URL specified")
        caption = str(asked.get("caption", ""))
        if len(caption) > wire.LONGEST_CAPTION:
            raise bad_request("message caption is too long")
        message = self.world.message(
            "business", caption, self._message_id(thread), media=media, file=url, status="sent"
        )
        self.world.phones.say(thread, message)
        return wire.file_message(thread.phone, message, self.me)

    def send_chat_action(self, asked: dict[str, Any]) -> bool:
        thread = self._thread(asked["chat_id"])
        where = {"number": thread.phone.number, "channel": "telegram"}
        self.world.phones.tell({"type": "typing", **where})
        return True

    def answer_callback_query(self, asked: dict[str, Any]) -> bool:
        number = self.unanswered.pop(asked["callback_query_id"], None)
        if number is None:
            text = "query is too old and response timeout expired or query ID is invalid"
            raise bad_request(text)
        if text := asked.get("text"):
            if len(text) > 200:
                raise bad_request("MESSAGE_TOO_LONG")
            toast = {"type": "toast", "number": number, "channel": "telegram", "text": text}
            self.world.phones.tell(toast)
        return True

    def get_file(self, asked: dict[str, Any]) -> dict[str, Any]:
        kind = next((k for k in ("image", "voice", "sticker") if k in asked["file_id"]), None)
        if kind is None:
            raise bad_request("invalid file_id")
        size = len(sample(kind)[1])
        return {
            "file_id": asked["file_id"],
            "file_unique_id": f"u{kind}",
            "file_size": size,
            "file_path": f"files/{kind}",
        }

    def edit_message_text(self, asked: dict[str, Any]) -> dict[str, Any]:
        thread, message = self._own_message(asked)
        text = wire.shown_text(asked["text"], asked.get("parse_mode"))
        return self._edit(thread, message, text, asked.get("reply_markup"))

    def edit_reply_markup(self, asked: dict[str, Any]) -> dict[str, Any]:
        thread, message = self._own_message(asked)
        return self._edit(thread, message, message.text, asked.get("reply_markup"))

    def _edit(
        self, thread: Thread, message: Message, text: str, markup: dict[str, Any] | None
    ) -> dict[str, Any]:
        options = wire.options(markup)
        if (text, options) == (message.text, message.options):
            text = "message is not modified: specified new message content and reply markup are "
            raise bad_request(text + "exactly the same as a current content of the message")
        message.edited = message.edited or text != message.text
        message.text, message.options = text, options
        self.markups.pop(message.id, None)
        if markup:
            self._remember(message.id, markup)
        self.world.phones.changed(thread, message)
        return wire.message(thread.phone, message, self.me, markup)

    def _own_message(self, asked: dict[str, Any]) -> tuple[Thread, Message]:
        if "chat_id" not in asked or "message_id" not in asked:
            raise bad_request("message identifier is not specified")
        thread = self._thread(asked["chat_id"])
        key = f"{thread.phone.telegram_id}:{asked['message_id']}"
        found = self.world.phones.find("telegram", key)
        if found is None:
            raise bad_request("message to edit not found")
        if found[1].sender != "business":
            raise bad_request("message can't be edited")
        return found

    def _thread(self, chat_id: int | str) -> Thread:
        number = int(chat_id) if str(chat_id).lstrip("-").isdecimal() else None
        phone = self.world.phones.by_telegram_id(number) if number is not None else None
        if phone is None or "telegram" not in phone.channels:
            raise bad_request("chat not found")
        thread = phone.thread("telegram")
        if not thread.opened:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        if thread.opted_out:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return thread

    def _message_id(self, thread: Thread) -> str:
        return f"{thread.phone.telegram_id}:{self.world.next('telegram_message')}"

    def _remember(self, message_id: str, markup: dict[str, Any]) -> None:
        self.markups[message_id] = markup
        if len(self.markups) > 10 * KEPT_CALLBACKS:
            self.markups.popitem(last=False)

    # -- the phone's side

    def say(self, thread: Thread, said: Said) -> Message:
        if "telegram" not in thread.phone.channels:
            raise CannotSay("this phone has no Telegram")
        if said.react is not None or said.delete:
            raise CannotSay("Telegram tells this bot neither of reactions nor of what is deleted")
        if said.edit is not None:
            return self._edit_own(thread, said.edit)
        about = quoted(thread, said)
        if said.choose is not None and (tapped := self._tap(thread, said.choose)):
            return tapped
        text = said.choose if said.choose is not None else said.text
        self._open(thread, said, text)
        own = self.world.message(
            "customer",
            text or "",
            self._message_id(thread),
            media=said.media,
            location=said.location,
            status="delivered",
        )
        self.world.phones.say(thread, own)
        message = wire.message(thread.phone, own, wire.user(thread.phone))
        if about is not None:
            by = self.me if about.sender == "business" else wire.user(thread.phone)
            message["reply_to_message"] = wire.message(thread.phone, about, by)
        if said.media is not None:
            message.update(wire.media(said.media))
        if said.location is not None:
            message["location"] = dict(zip(("latitude", "longitude"), said.location, strict=True))
        self._post({"message": message}, thread)
        return own

    def _open(self, thread: Thread, said: Said, text: str | None) -> None:
        """Whoever writes has opened the chat. Raises ``CannotSay`` for nothing at all."""
        if not text and said.media is None and said.location is None:
            raise CannotSay("nothing to say")
        if not thread.opened:
            thread.opened = True
            self.world.changed()

    def _edit_own(self, thread: Thread, text: str) -> Message:
        mine = own_last(thread)
        mine.text, mine.edited = text, True
        self.world.phones.changed(thread, mine)
        edited = wire.message(thread.phone, mine, wire.user(thread.phone))
        edited["edit_date"] = int(self.world.clock.now().timestamp())
        self._post({"edited_message": edited}, thread)
        return mine

    def read(self, thread: Thread) -> None:
        """Telegram tells bots nothing of reading."""

    def _tap(self, thread: Thread, wanted: str) -> Message | None:
        """Tap an inline button: no bubble of one's own, only a callback query.

        None for a keyboard's button: that one types its title.
        """
        found = thread.choose(wanted)
        if found is None:
            raise CannotSay(f"no option {wanted!r} on the latest message that has options")
        message, option = found
        if option.kind == "text":
            return None
        if option.kind == "url":
            raise CannotSay(f"{option.title!r} opens {option.url}; nothing is sent")
        query_id = str(secrets.randbelow(9 * 10**17) + 10**17)
        self.unanswered[query_id] = thread.phone.number
        if len(self.unanswered) > KEPT_CALLBACKS:
            self.unanswered.popitem(last=False)
        shown = wire.message(thread.phone, message, self.me, self.markups.get(message.id))
        query = {
            "id": query_id,
            "from": wire.user(thread.phone),
            "message": shown,
            "chat_instance": str(thread.phone.telegram_id * 7),
            "data": option.id,
        }
        tap = self.world.message("customer", option.title, f"tap:{query_id}", status="delivered")
        tap.media = "tap"
        self.world.phones.say(thread, tap)
        self._post({"callback_query": query}, thread)
        return tap

    def _post(self, update: dict[str, Any], thread: Thread) -> None:
        if not self.webhook_url:
            return
        update = {"update_id": self.world.next("telegram_update"), **update}
        self.world.changed()
        body = json.dumps(update, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        if self.webhook_secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook_secret
        lane = f"telegram:{thread.phone.number}"
        hook = Webhook("telegram", "message", self.webhook_url, body, headers, lane)
        self.world.outbox.post(hook)
