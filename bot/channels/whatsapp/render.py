"""A worded message as WhatsApp takes it: text, reply buttons or a list.

https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages
"""

from collections.abc import Sequence
from typing import Any

from bot.channels.base import Attachment, Option, Worded
from bot.channels.text import cut, ending, numbered, split, tidy, units, with_choices
from bot.domain.templates import TemplateUse

TEXT_LIMIT = 4096
BODY_LIMIT = 1024
BUTTONS = 3
BUTTON_TITLE_LIMIT = 20
CAPTION_LIMIT = 1024
_MB = 2**20
ATTACHMENTS = {
    "image/jpeg": 5 * _MB,
    "image/png": 5 * _MB,
    "application/pdf": 16 * _MB,
    "audio/mpeg": 16 * _MB,
    "audio/mp4": 16 * _MB,
    "audio/aac": 16 * _MB,
    "audio/amr": 16 * _MB,
    "audio/ogg": 16 * _MB,
    "video/mp4": 16 * _MB,
}
"""What Meta and Twilio both take, and up to which size: a document may be larger at Meta.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages
"""
ROWS = 10
ROW_TITLE_LIMIT = 24
ROW_DESCRIPTION_LIMIT = 72
LIST_LABEL_LIMIT = 20
ID_LIMIT = 200
"""Of a list's row; a button takes 256."""


def render(message: Worded, text_limit: int = TEXT_LIMIT) -> list[dict[str, Any]]:
    """Return the payloads without their recipient, in order.

    Up to three short choices are buttons, up to ten a list, more are numbered in the text. A
    text too long to stand above its choices goes ahead of them.
    """
    options = tidy(message.options)
    if message.template is not None:
        return [_template(message.template, options)]
    if message.attachment is not None:
        return _with_file(message, message.attachment, text_limit)
    if not options:
        return [_text(part) for part in split(message.text, text_limit)]
    action = _buttons(options) or _list(options, message.options_label)
    if action is None:
        parts = with_choices(message.text, numbered(options), text_limit)
        return [_text(part) for part in parts]
    before, body = ending(message.text, BODY_LIMIT)
    return [
        *(_text(part) for part in split(before, text_limit)),
        {"type": "interactive", "interactive": {**action, "body": {"text": body or "…"}}},
    ]


def _template(use: TemplateUse, options: Sequence[Option]) -> dict[str, Any]:
    """A template with its places filled, and our choices behind its buttons."""
    components: list[dict[str, Any]] = []
    if use.variables:
        parameters = [
            # A place with a name is filled by it, one with a number by its position.
            {"type": "text", "text": text, **({} if name.isdecimal() else {"parameter_name": name})}
            for name, text in use.variables
        ]
        components.append({"type": "body", "parameters": parameters})
    components += [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(place),
            "parameters": [{"type": "payload", "payload": option.id}],
        }
        for place, option in enumerate(options[: use.buttons])
    ]
    template: dict[str, Any] = {"name": use.name, "language": {"code": use.language}}
    if components:
        template["components"] = components
    return {"type": "template", "template": template}


def _with_file(message: Worded, file: Attachment, text_limit: int) -> list[dict[str, Any]]:
    """The file with the words as its caption; what is too long for one goes ahead of it."""
    described: dict[str, str] = {"link": file.url}
    if file.kind == "document":
        described["filename"] = file.name
    words = message.text.strip()
    captioned = file.kind != "audio" and units(words) <= CAPTION_LIMIT
    if words and captioned:
        described["caption"] = words
    before = [] if captioned else [_text(part) for part in split(words, text_limit)]
    return [*before, {"type": file.kind, file.kind: described}]


def _text(body: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body, "preview_url": False}}


def _buttons(options: Sequence[Option]) -> dict[str, Any] | None:
    """Return reply buttons where every title can be read whole."""
    titles = {option.title for option in options}
    short = all(units(title) <= BUTTON_TITLE_LIMIT for title in titles)
    if len(options) > BUTTONS or len(titles) < len(options) or not short or not _sound(options):
        return None
    buttons = [
        {"type": "reply", "reply": {"id": option.id, "title": option.title}} for option in options
    ]
    return {"type": "button", "action": {"buttons": buttons}}


def _list(options: Sequence[Option], label: str) -> dict[str, Any] | None:
    """Return a list; a row whose title had to be cut says the whole of it below."""
    if len(options) > ROWS or not _sound(options):
        return None
    rows: list[dict[str, str]] = []
    for option in options:
        row = {"id": option.id, "title": cut(option.title, ROW_TITLE_LIMIT)}
        if row["title"] != option.title:
            row["description"] = cut(option.title, ROW_DESCRIPTION_LIMIT)
        rows.append(row)
    if len({row["title"] for row in rows}) < len(rows):
        return None  # Meta refuses two rows of one name
    button = cut(" ".join(label.split()), LIST_LABEL_LIMIT) or "…"
    return {"type": "list", "action": {"button": button, "sections": [{"rows": rows}]}}


def _sound(options: Sequence[Option]) -> bool:
    """Whether the ids are such as come back: unique, within the limit, not padded."""
    ids = {option.id for option in options}
    return len(ids) == len(options) and all(
        one and one == one.strip() and units(one) <= ID_LIMIT for one in ids
    )
