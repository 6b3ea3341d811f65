"""Templates at Twilio: Contents that have been handed in to WhatsApp.

https://www.twilio.com/docs/content/content-api-resources
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

from bot.channels.base import Account, TemplateNews
from bot.channels.http import Http
from bot.channels.whatsapp.twilio import content
from bot.domain.errors import OutcomeUnknown, Temporary
from bot.domain.templates import TemplateState

_STATES = {
    "unsubmitted": TemplateState.unknown,
    "received": TemplateState.pending,
    "pending": TemplateState.pending,
    "approved": TemplateState.approved,
    "rejected": TemplateState.rejected,
    "paused": TemplateState.paused,
    "disabled": TemplateState.disabled,
}
_MOST_PAGES = 100
_PLACE = re.compile(r"\{\{\s*\w+\s*\}\}")


async def fetch(http: Http, account: Account) -> list[TemplateNews]:
    """Read all pages of an account's Contents with their approvals.

    Raises:
        Limited, Temporary: ask again later.
        Permanent: refused.
    """
    found: list[TemplateNews] = []
    there = content.url(account, "ContentAndApprovals?PageSize=100")
    for _ in range(_MOST_PAGES):
        reply = await http.get(there, headers=content.authorization(account))
        if not reply.ok:
            raise content.error_of(reply)
        rows = cast("list[dict[str, Any]]", reply.document.get("contents") or [])
        found += [news for row in rows if (news := _read(row)) is not None]
        meta = cast("dict[str, Any]", reply.document.get("meta") or {})
        following = urlsplit(str(meta.get("next_page_url") or ""))
        if not following.query:
            return found
        # By its query, not by its host: the token goes to nobody but the account's own base.
        there = content.url(account, f"ContentAndApprovals?{following.query}")
    return found


async def create(
    http: Http, account: Account, draft: TemplateNews, examples: Sequence[str]
) -> TemplateNews:
    """Make a Content and hand it in to WhatsApp. Raises as `fetch`."""
    body, samples = _numbered(draft.body or "", examples)
    types: dict[str, Any] = {"twilio/text": {"body": body}}
    if draft.buttons:
        # The ids are variables behind those of the text: our choices go there.
        first = len(samples) + 1
        actions = [
            {"type": "QUICK_REPLY", "title": title, "id": f"{{{{{place}}}}}"}
            for place, title in enumerate(draft.buttons, first)
        ]
        samples |= {str(first + place): "choice" for place in range(len(draft.buttons))}
        types = {"twilio/quick-reply": {"body": body, "actions": actions}}
    made = await content.make(http, account, draft.name, draft.language, types, samples)
    asked = {"name": draft.name, "category": (draft.category or "utility").upper()}
    try:
        reply = await http.post(
            content.url(account, f"Content/{made['sid']}/ApprovalRequests/whatsapp"),
            json=asked,
            headers=content.authorization(account),
        )
    except OutcomeUnknown as error:
        raise Temporary(str(error)) from error
    if not reply.ok:
        raise content.error_of(reply)
    state = _STATES.get(str(reply.document.get("status", "")).lower(), TemplateState.unknown)
    category = str(reply.document.get("category") or asked["category"]).lower()
    return replace(draft, state=state, category=category, provider_id=str(made["sid"]), body=body)


def _numbered(body: str, examples: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Name the places "1", "2" …, as Twilio wants them, with their samples."""
    names = list(dict.fromkeys(_PLACE.findall(body)))
    for place, name in enumerate(names, 1):
        body = body.replace(name, f"{{{{{place}}}}}")
    return body, {str(place): text for place, text in enumerate(examples, 1)}


def _read(row: Mapping[str, Any]) -> TemplateNews | None:
    """A Content as a template; None for one that was never handed in, as our shapes are."""
    approval = cast("dict[str, Any]", row.get("approval_requests") or {})
    name, word = str(approval.get("name") or ""), str(approval.get("status") or "").lower()
    if not name or word in {"", "unsubmitted"}:
        return None
    forms = cast("dict[str, dict[str, Any]]", row.get("types") or {})
    none: dict[str, Any] = {}
    form = next((f for key, f in forms.items() if key.startswith("twilio/")), none)
    actions = cast("list[dict[str, Any]]", form.get("actions") or [])
    return TemplateNews(
        name=name,
        language=str(row.get("language", "")),
        state=_STATES.get(word, TemplateState.unknown),
        category=str(approval.get("category") or "").lower(),
        body=str(form.get("body") or ""),
        buttons=tuple(
            str(a.get("title", ""))
            for a in actions
            if a.get("type", "QUICK_REPLY") == "QUICK_REPLY"
        ),
        provider_id=str(row.get("sid", "")),
        reason=str(approval.get("rejection_reason") or ""),
    )
