"""Telegram's forms: answers, messages, keyboards, text with markup. No I/O."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from sandbox.phones import Message, Option, Phone

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_DATA = 64  # bytes
SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
_TAG = re.compile(r"</?([a-z-]+)(?:\s[^<>]*)?>", re.IGNORECASE)
_TAGS = frozenset(
    ("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre")
) | frozenset(("blockquote", "tg-spoiler", "span", "tg-emoji"))
_MARKDOWN_RESERVED = r"_*\[\]()~`>#+\-=|{}.!"


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """``{"ok": false}``; ``retry_after`` in seconds."""

    status: int
    description: str
    retry_after: int | None = None

    def as_json(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer


def bad_request(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def shown_text(text: str, parse_mode: str | None) -> str:
    """The text after entities parsing. Raises ``Refusal`` for markup Telegram cannot parse."""
    if parse_mode and parse_mode.lower() == "html":
        text = _without_tags(text)
    elif parse_mode and parse_mode.lower().startswith("markdown"):
        text = _without_markdown(text)
    elif parse_mode:
        raise bad_request("unsupported parse_mode")
    text = text.strip()
    if not text:
        raise bad_request("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text


def _without_tags(text: str) -> str:
    for match in _TAG.finditer(text):
        if match[1].lower() not in _TAGS:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{match[1]}"')
    bare = _TAG.sub("", text)
    if "<" in bare:
        at = len(text[: text.index("<")].encode())
        raise bad_request(f"can't parse entities: Unclosed start tag at byte offset {at}")
    return html.unescape(bare)


def _without_markdown(text: str) -> str:
    text = re.sub(r"(?<!\\)\[([^\]]+)\]\([^)]+\)", r"\1", text)
    text = re.sub(r"(?<!\\)[*_~`|]+", "", text)
    return re.sub(rf"\\([{_MARKDOWN_RESERVED}\\])", r"\1", text)


def options(markup: dict[str, Any] | None) -> list[Option]:
    """What a reply markup offers. Raises ``Refusal`` for what Telegram refuses in it."""
    if not markup:
        return []
    if "keyboard" in markup:
        rows = [[b if isinstance(b, str) else b["text"] for b in row] for row in markup["keyboard"]]
        return [Option(title, title, kind="text") for row in rows for title in row]
    return [_inline(button) for row in markup.get("inline_keyboard", []) for button in row]


def _inline(button: dict[str, Any]) -> Option:
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if ("callback_data" in button) == ("url" in button):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed")
    if "url" in button:
        return Option(button["url"], button["text"], kind="url", url=button["url"])
    if not 1 <= len(button["callback_data"].encode()) <= LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    return Option(button["callback_data"], button["text"])


def user(phone: Phone) -> dict[str, Any]:
    return {
        "id": phone.telegram_id,
        "is_bot": False,
        "first_name": phone.name,
        "language_code": {"+33": "fr"}.get(phone.number[:3], "en"),
    }


def chat(phone: Phone) -> dict[str, Any]:
    return {"id": phone.telegram_id, "type": "private", "first_name": phone.name}


def bot(token: str, username: str, name: str) -> dict[str, Any]:
    return {
        "id": int(token.split(":", 1)[0]) if token.split(":", 1)[0].isdecimal() else 1,
        "is_bot": True,
        "first_name": name,
        "username": username,
    }


def message(
    phone: Phone, shown: Message, sender: dict[str, Any], markup: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A ``Message`` as the API gives it; media and location of the customer's are added there."""
    found: dict[str, Any] = {
        "message_id": int(shown.id.split(":", 1)[1]),
        "from": sender,
        "chat": chat(phone),
        "date": int(shown.at.timestamp()),
    }
    if shown.text:
        found["text"] = shown.text
    if shown.text.startswith("/"):
        length = len(shown.text.split(maxsplit=1)[0])
        found["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    if markup and "inline_keyboard" in markup:
        found["reply_markup"] = markup
    return found


def file_message(phone: Phone, shown: Message, sender: dict[str, Any]) -> dict[str, Any]:
    """A ``Message`` of the bot's own that carries a photo or a document."""
    found = message(phone, shown, sender)
    if "text" in found:
        found["caption"] = found.pop("text")
    if shown.media == "image":
        return found | media("image")
    return found | {"document": {"file_id": "sandbox-document", "file_unique_id": "u-document"}}


def media(kind: str) -> dict[str, Any]:
    """The part of a ``Message`` that carries a customer's "image", "voice" or "sticker"."""
    ids = {"file_id": f"sandbox-{kind}", "file_unique_id": f"u-{kind}"}
    if kind == "voice":
        return {"voice": {**ids, "duration": 3, "mime_type": "audio/ogg"}}
    if kind == "sticker":
        shape = {"type": "regular", "width": 512, "height": 512, "emoji": "👍"}
        return {"sticker": {**ids, **shape, "is_animated": False, "is_video": False}}
    return {"photo": [{**ids, "width": 16, "height": 16}]}
