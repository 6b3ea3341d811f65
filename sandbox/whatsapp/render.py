"""An accepted request body as the bubble that the customer sees; Meta's limits on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.phones import Option
from sandbox.whatsapp.wire import Refusal, bad_parameter, bad_value

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
ROWS = 10
_VARIABLE = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")


@dataclass(slots=True)
class Bubble:
    text: str
    options: list[Option] = field(default_factory=list[Option])
    media: str | None = None
    file: str | None = None
    location: tuple[float, float] | None = None
    header: str | None = None
    footer: str | None = None
    list_button: str | None = None
    category: str = "service"
    needs_window: bool = True


def bubble(body: dict[str, Any], templates: list[dict[str, Any]] | None) -> Bubble:
    """Raises ``Refusal`` where Meta would refuse the value."""
    kind = body.get("type", "text")
    if kind == "text":
        return _text(body["text"])
    if kind == "interactive":
        return _interactive(body["interactive"])
    if kind == "template":
        return _template(body["template"], templates)
    if kind == "location":
        place = body["location"]
        where = (float(place.get("latitude", 0)), float(place.get("longitude", 0)))
        return Bubble(place.get("name") or place.get("address") or "", location=where)
    if kind in ("image", "audio", "video", "document", "sticker"):
        return _file(kind, body[kind])
    raise bad_parameter(f"type {kind} is not supported by this stand-in")


def _file(kind: str, file: dict[str, Any]) -> Bubble:
    caption = file.get("caption", "")
    if len(caption) > LONGEST_CAPTION:
        raise bad_parameter(f"caption must be at most {LONGEST_CAPTION} characters long")
    shown = "voice" if kind == "audio" else kind
    return Bubble(caption, media=shown, file=file.get("link"))


def _text(text: dict[str, Any]) -> Bubble:
    found = text.get("body", "")
    if not found.strip():
        raise Refusal(400, 100, "(#100) The parameter text['body'] is required.")
    if len(found) > LONGEST_TEXT:
        message = f"(#100) Param text['body'] must be at most {LONGEST_TEXT} characters long."
        raise Refusal(400, 100, message)
    return Bubble(found)


def _interactive(content: dict[str, Any]) -> Bubble:
    action, text = content["action"], content.get("body", {}).get("text", "")
    if not text.strip():
        raise bad_parameter("The parameter interactive['body'] is required.")
    if content["type"] == "button" and "buttons" in action:
        options = _buttons(action["buttons"])
    elif content["type"] == "list" and "sections" in action:
        options = _rows(action["sections"])
    else:
        raise bad_parameter(f"action does not fit interactive type {content['type']}")
    return Bubble(
        text,
        options,
        header=content.get("header", {}).get("text"),
        footer=content.get("footer", {}).get("text"),
        list_button=action.get("button"),
    )


def _buttons(buttons: list[dict[str, Any]]) -> list[Option]:
    replies = [button["reply"] for button in buttons]
    _unique("Button title", [reply["title"] for reply in replies])
    _unique("Button id", [reply["id"] for reply in replies])
    return [Option(reply["id"], reply["title"]) for reply in replies]


def _rows(sections: list[dict[str, Any]]) -> list[Option]:
    rows = [row for section in sections for row in section.get("rows", [])]
    if not 1 <= len(rows) <= ROWS:
        raise bad_value(f"Total row count exceed max allowed count: {ROWS}")
    if len(sections) > 1 and not all(section.get("title") for section in sections):
        raise bad_value("Section title is required with more than one section")
    _unique("Row id", [row["id"] for row in rows])
    _unique("Row title", [row["title"] for row in rows])
    return [Option(row["id"], row["title"], row.get("description"), "list") for row in rows]


def _unique(what: str, values: list[str]) -> None:
    if any(not value.strip() for value in values):
        raise bad_value(f"{what} length invalid. Min length: 1")
    if len(set(values)) != len(values):
        raise bad_value(f"Duplicated {what.lower()} not allowed")


def _template(template: dict[str, Any], known: list[dict[str, Any]] | None) -> Bubble:
    language = template["language"]["code"]
    components = template.get("components", [])
    parameters = [p for c in components if c["type"] == "body" for p in c.get("parameters", [])]
    for parameter in parameters:
        if re.search(r"[\n\t]| {5,}", str(parameter.get("text", ""))):
            text = (
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
            )
            raise Refusal(400, 132018, "(#132018) There was an issue with the parameters", text)
    found = _approved(template["name"], language, known)
    text = _filled(found["body"], parameters) if found else _unknown(template["name"], parameters)
    titles = found.get("buttons", []) if found else []
    options = _quick_replies(components, titles)
    category = (found or {}).get("category", "utility")
    return Bubble(text, options, category=category, needs_window=False)


def _approved(
    name: str, language: str, known: list[dict[str, Any]] | None
) -> dict[str, Any] | None:
    if known is None:
        return None
    for template in known:
        if template["name"] == name and template["language"] == language:
            return _sendable(template)
    details = f"template name ({name}) does not exist in {language}"
    message = "(#132001) Template name does not exist in the translation"
    raise Refusal(404, 132001, message, details)


def _sendable(template: dict[str, Any]) -> dict[str, Any]:
    state = template.get("state", "APPROVED")
    if state == "PAUSED":
        raise Refusal(400, 132015, "(#132015) Template is Paused", "quality is too low")
    if state != "APPROVED":
        details = f"template name ({template['name']}) is {state.lower()}"
        raise Refusal(404, 132001, "(#132001) Template name does not exist", details)
    return template


def _filled(body: str, parameters: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(_VARIABLE.findall(body)))
    if len(names) != len(parameters):
        details = (
            f"body: number of localizable_params ({len(parameters)}) does not match the "
            f"expected number of params ({len(names)})"
        )
        message = "(#132000) Number of parameters does not match the expected number of params"
        raise Refusal(400, 132000, message, details)
    by_place = zip(names, parameters, strict=True)
    values = {p.get("parameter_name", name): _shown(p) for name, p in by_place}
    return _VARIABLE.sub(lambda match: values.get(match[1], match[0]), body)


def _unknown(name: str, parameters: list[dict[str, Any]]) -> str:
    """Without a list of approved templates their words are unknown: show what was sent."""
    return " · ".join([_shown(p) for p in parameters]) or name


def _shown(parameter: dict[str, Any]) -> str:
    inside = parameter.get(parameter.get("type", "text"))
    return str(inside.get("fallback_value", "") if isinstance(inside, dict) else inside)


def _quick_replies(components: list[dict[str, Any]], titles: list[str]) -> list[Option]:
    payloads: dict[int, str] = {}
    for component in components:
        if component["type"] == "button" and component.get("sub_type", "").lower() == "quick_reply":
            first = (component.get("parameters") or [{}])[0]
            payloads[int(component.get("index", 0))] = str(first.get("payload", ""))
    count = max([len(titles), *(index + 1 for index in payloads)])
    names = titles + [payloads.get(index, "") for index in range(len(titles), count)]
    return [
        Option(payloads.get(index, title), title, kind="template")
        for index, title in enumerate(names)
        if title
    ]
