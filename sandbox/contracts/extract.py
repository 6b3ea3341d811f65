"""Trim the vendors' API descriptions to what the stand-ins use.

``python -m sandbox.contracts.extract FOLDER`` reads FOLDER (twilio_messages_v2010.json,
twilio_content_v1.json, whatsapp_business_v23.yaml, telegram_bot_api.json and the licences) and writes the extracts
beside this file. Nothing is corrected here; corrections, with their reasons, are in the
validators (``whatsapp.py``).
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
PROSE = {"description", "x-twilio", "summary", "externalDocs", "tags"}
LICENCES = ("LICENSE.facebook-openapi", "LICENSE.telegram-bot-api-spec", "LICENSE.twilio-oai")

TELEGRAM_METHODS = (
    "getMe",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendChatAction",
    "answerCallbackQuery",
    "editMessageText",
    "editMessageReplyMarkup",
    "getFile",
)
# Types are kept whole unless named here: then only these fields, so that the extract stays small.
TELEGRAM_FIELDS = {
    "Update": ("update_id", "message", "callback_query"),
    "Message": (
        "message_id",
        "from",
        "date",
        "chat",
        "text",
        "entities",
        "location",
        "photo",
        "document",
        "caption",
        "voice",
        "sticker",
        "reply_markup",
        "edit_date",
    ),
    "MessageEntity": ("type", "offset", "length", "url", "language"),
    "Chat": ("id", "type", "first_name", "last_name", "username"),
    "User": ("id", "is_bot", "first_name", "last_name", "username", "language_code"),
    "Sticker": (
        "file_id",
        "file_unique_id",
        "type",
        "width",
        "height",
        "is_animated",
        "is_video",
        "emoji",
    ),
    "CallbackQuery": ("id", "from", "message", "chat_instance", "data"),
    "InlineKeyboardButton": ("text", "url", "callback_data"),
    "KeyboardButton": ("text", "request_contact", "request_location"),
    "LinkPreviewOptions": ("is_disabled", "url"),
    "ReplyParameters": ("message_id", "chat_id"),
}
# Parameters of features the product has no use for; using one breaks the (trimmed) contract.
TELEGRAM_DROPPED = {
    "certificate",
    "suggested_post_parameters",
    "direct_messages_topic_id",
    "rich_message",
}


def trimmed(node: Any, drop: set[str]) -> Any:
    """A copy without prose. A property or an example's field that bears such a name stays."""
    if isinstance(node, list):
        return [trimmed(item, drop) for item in node]
    if not isinstance(node, dict):
        return node
    kept: dict[str, Any] = {}
    for key, value in node.items():
        if key == "properties":
            kept[key] = {name: trimmed(schema, drop) for name, schema in value.items()}
        elif key not in drop:
            kept[key] = value if key == "examples" else trimmed(value, drop)
    return kept


def reachable(document: dict[str, Any], roots: Any) -> dict[str, Any]:
    """The component schemas that ``roots`` refer to, directly or not."""
    schemas = document["components"]["schemas"]
    found: dict[str, Any] = {}
    waiting = [roots]
    while waiting:
        for name in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(waiting.pop())):
            if name not in found:
                found[name] = schemas[name]
                waiting.append(schemas[name])
    return dict(sorted(found.items()))


def twilio(folder: Path) -> dict[str, Any]:
    whole = json.loads((folder / "twilio_messages_v2010.json").read_text(encoding="utf-8"))
    base = "/2010-04-01/Accounts/{AccountSid}/Messages"
    wanted = ((f"{base}.json", ("get", "post")), (f"{base}/{{Sid}}.json", ("get",)))
    paths = {path: {verb: whole["paths"][path][verb] for verb in verbs} for path, verbs in wanted}
    paths = trimmed(paths, PROSE | {"examples", "headers", "example"})
    return _openapi(whole, paths)


def content(folder: Path) -> dict[str, Any]:
    whole = json.loads((folder / "twilio_content_v1.json").read_text(encoding="utf-8"))
    wanted = (
        "/v1/Content",
        "/v1/Content/{ContentSid}/ApprovalRequests/whatsapp",
        "/v1/ContentAndApprovals",
    )
    verbs = ("get", "post")
    paths = {path: {v: whole["paths"][path][v] for v in verbs if v in whole["paths"][path]}
             for path in wanted}  # fmt: skip
    return _openapi(whole, trimmed(paths, PROSE | {"examples", "headers", "example"}))


def whatsapp(folder: Path) -> dict[str, Any]:
    text = (folder / "whatsapp_business_v23.yaml").read_text(encoding="utf-8")
    whole = yaml.load(text, Loader=yaml.CSafeLoader)
    send = whole["paths"]["/{Version}/{Phone-Number-ID}/messages"]["post"]
    hook = whole["paths"]["/whatsapp/webhooks"]["post"]
    paths = {
        "/{Version}/{Phone-Number-ID}/messages": {"post": {"requestBody": send["requestBody"]}},
        "/whatsapp/webhooks": {"post": {"requestBody": hook["requestBody"]}},
    }
    return _openapi(whole, trimmed(paths, PROSE))


def _openapi(whole: dict[str, Any], paths: dict[str, Any]) -> dict[str, Any]:
    schemas = trimmed(reachable(whole, paths), PROSE | {"example", "examples"})
    info = {key: whole["info"][key] for key in ("title", "version")}
    return {
        "openapi": whole["openapi"],
        "info": info,
        "paths": paths,
        "components": {"schemas": schemas},
    }


def telegram(folder: Path) -> dict[str, Any]:
    whole = json.loads((folder / "telegram_bot_api.json").read_text(encoding="utf-8"))
    methods = {name: _telegram_item(whole["methods"][name], None) for name in TELEGRAM_METHODS}
    types: dict[str, Any] = {}
    waiting: list[Any] = [methods, {"fields": [{"types": ["Update"]}]}]
    while waiting:
        for name in _named_types(waiting.pop()):
            if name in whole["types"] and name not in types:
                types[name] = _telegram_item(whole["types"][name], TELEGRAM_FIELDS.get(name))
                waiting.append(types[name])
    return {"version": whole["version"], "methods": methods, "types": dict(sorted(types.items()))}


def _telegram_item(item: dict[str, Any], only: tuple[str, ...] | None) -> dict[str, Any]:
    fields = [
        {key: field[key] for key in ("name", "types", "required")}
        for field in item.get("fields", [])
        if field["name"] not in TELEGRAM_DROPPED and (only is None or field["name"] in only)
    ]
    kept: dict[str, Any] = {"fields": fields}
    for key in ("returns", "subtypes"):
        if key in item:
            kept[key] = item[key]
    return kept


def _named_types(node: Any) -> set[str]:
    return set(re.findall(r"\b[A-Z]\w+", json.dumps(node)))


EXTRACTS = {
    "twilio_messages.json": twilio,
    "twilio_content.json": content,
    "whatsapp_messages.json": whatsapp,
    "telegram_bot.json": telegram,
}


def main(folder: Path) -> None:
    for name, extract in EXTRACTS.items():
        text = json.dumps(extract(folder), indent=1, ensure_ascii=False, sort_keys=True)
        (HERE / name).write_text(text + "\n", encoding="utf-8")
    for licence in LICENCES:
        shutil.copyfile(folder / licence, HERE / licence)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m sandbox.contracts.extract FOLDER")
    main(Path(sys.argv[1]))
