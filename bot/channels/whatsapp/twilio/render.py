"""A worded message as Twilio takes it: a body, or a Content with its variables.

The shape is decided where Meta's is (`bot.channels.whatsapp.render`), so that a customer sees the
same message whichever provider carries it.
"""

from collections.abc import Mapping
from typing import Any

from bot.channels.base import Worded
from bot.channels.whatsapp import render as model

TEXT_LIMIT = 1600
"""Twilio's error 21617 above it."""


def render(message: Worded) -> list[dict[str, Any]]:
    """Return the payloads in order.

    `{"body"}` is a text, and `{"media_url"}` a file, with a body or without; `{"content_sid", "variables"}` a template of the merchant's; `{"content",
    "variables"}` a shape of ours, whose Content is made when it is first needed.
    """
    if message.template is not None:
        use = message.template
        values = [text for _, text in use.variables]
        ids = [option.id for option in message.options[: use.buttons]]
        return [{"content_sid": use.provider_id, "variables": [*values, *ids]}]
    return [_payload(shaped) for shaped in model.render(message, TEXT_LIMIT)]


def _payload(shaped: Mapping[str, Any]) -> dict[str, Any]:
    if shaped["type"] == "text":
        return {"body": shaped["text"]["body"]}
    if shaped["type"] != "interactive":
        file = shaped[shaped["type"]]
        words = {"body": file["caption"]} if "caption" in file else {}
        return {**words, "media_url": file["link"]}
    interactive = shaped["interactive"]
    body, action = interactive["body"]["text"], interactive["action"]
    if interactive["type"] == "button":
        replies = [button["reply"] for button in action["buttons"]]
        parts = [part for reply in replies for part in (reply["title"], reply["id"])]
        return {"content": {"buttons": len(replies)}, "variables": [body, *parts]}
    rows = action["sections"][0]["rows"]
    described = ["description" in row for row in rows]
    parts = [
        part
        for row in rows
        for part in (row["title"], row["id"], row.get("description"))
        if part is not None
    ]
    return {"content": {"rows": described}, "variables": [body, action["button"], *parts]}
