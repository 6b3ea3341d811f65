"""Twilio's Content: what is kept of it, filled in, and approved."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.contracts import twilio as contract
from sandbox.phones import Option
from sandbox.twilio.wire import Refusal, new_sid

BUTTONS_WITHIN_THE_WINDOW = 3
LONGEST_BODY = 1024
LONGEST_BUTTON, LONGEST_ROW, LONGEST_DESCRIPTION = 20, 24, 72
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(slots=True)
class Content:
    """A Content as Twilio keeps it; ``approval`` is WhatsApp's word on it, if it was asked."""

    sid: str
    friendly_name: str
    language: str
    variables: dict[str, str]
    types: dict[str, Any]
    approval: dict[str, Any] | None = None

    def resource(self) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "friendly_name": self.friendly_name,
            "language": self.language,
            "variables": self.variables,
            "types": self.types,
            "url": f"https://content.twilio.com/v1/Content/{self.sid}",
        }

    def with_approval(self) -> dict[str, Any]:
        unsubmitted = {"status": "unsubmitted", "name": "", "category": "", "rejection_reason": ""}
        return {**self.resource(), "approval_requests": self.approval or unsubmitted}


@dataclass(frozen=True, slots=True)
class Filled:
    """A Content as the customer sees it."""

    text: str
    options: list[Option] = field(default_factory=list[Option])
    list_button: str | None = None
    approved: bool = False


class Contents:
    """The Contents of one account."""

    def __init__(self) -> None:
        self.kept: dict[str, Content] = {}

    def make(self, asked: Any) -> Content:
        """Raises ``Refusal`` for what breaks the contract."""
        if found := contract.content_problems(asked):
            raise Refusal(400, 20001, "; ".join(found))
        made = Content(
            new_sid("HX"),
            asked.get("friendly_name", ""),
            asked["language"],
            asked.get("variables") or {},
            asked["types"],
        )
        self.kept[made.sid] = made
        return made

    def approve(self, sid: str, asked: Any) -> dict[str, Any]:
        """WhatsApp's reviewers are quick here. Raises ``Refusal``."""
        if found := contract.approval_problems(asked):
            raise Refusal(400, 20001, "; ".join(found))
        made = self.kept.get(sid)
        if made is None:
            raise Refusal(404, 20404, f"The requested resource /Content/{sid} was not found")
        (kind, form), *_ = made.types.items()
        body = str(form.get("body", ""))
        if kind == "twilio/list-picker":
            raise Refusal(400, 20001, "list-picker cannot be handed in for approval")
        if body.startswith("{{") or body.endswith("}}"):
            made.approval = {**asked, "status": "rejected", "rejection_reason": "INVALID_FORMAT"}
        else:
            made.approval = {**asked, "status": "approved", "rejection_reason": ""}
        return {**made.approval, "content_type": kind}

    def fill(self, sid: str, variables: dict[str, str]) -> Filled:
        """Put variables into a Content. Raises ``Refusal`` as Twilio would."""
        made = self.kept.get(sid)
        if made is None:
            raise Refusal(400, 21655, f"The ContentSid {sid} is Invalid")
        known = {**made.variables, **variables}
        if any(not str(value).strip() for value in variables.values()):
            raise Refusal(400, 21656, "The ContentVariables Parameter is invalid")

        def put(text: str) -> str:
            return _PLACE.sub(lambda place: known.get(place[1], place[0]), text)

        approved = (made.approval or {}).get("status") == "approved"
        form = next(iter(made.types.values()))
        text = put(str(form["body"]))
        if "actions" in form:
            options = [Option(put(a["id"]), put(a["title"])) for a in form["actions"]]
            _short(options, LONGEST_BUTTON)
            if len(options) > BUTTONS_WITHIN_THE_WINDOW and not approved:
                raise Refusal(400, 63013, "only three quick replies within the window")
        else:
            options = [
                Option(put(i["id"]), put(i["item"]), put(i.get("description", "")) or None, "list")
                for i in form.get("items", [])
            ]
            _short(options, LONGEST_ROW)
        if options and len(text) > LONGEST_BODY:
            raise Refusal(400, 63005, "the body is too long for its choices")
        return Filled(text, options, put(form["button"]) if "button" in form else None, approved)


def _short(options: list[Option], limit: int) -> None:
    for option in options:
        if len(option.title) > limit or len(option.description or "") > LONGEST_DESCRIPTION:
            raise Refusal(400, 63005, f"{option.title!r} is too long")
