"""Templates at Meta: fetched, made, and told of by webhook.

https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

from bot.channels.base import Account, TemplateNews
from bot.channels.http import Http
from bot.channels.reading import Reader, credential
from bot.channels.whatsapp.meta.errors import refusal
from bot.domain.errors import Permanent, Temporary
from bot.domain.templates import TemplateState

_STATES = {
    "APPROVED": TemplateState.approved,
    "PENDING": TemplateState.pending,
    "IN_APPEAL": TemplateState.pending,
    "REJECTED": TemplateState.rejected,
    "PAUSED": TemplateState.paused,
    "FLAGGED": TemplateState.approved,
    "REINSTATED": TemplateState.approved,
    "DISABLED": TemplateState.disabled,
    "LOCKED": TemplateState.disabled,
    "LIMIT_EXCEEDED": TemplateState.disabled,
    "PENDING_DELETION": TemplateState.deleted,
    "DELETED": TemplateState.deleted,
    "ARCHIVED": TemplateState.deleted,
}
_MOST_PAGES = 100
TOLD = {"message_template_status_update", "template_category_update"}
"""The fields of a webhook that are about templates."""


async def fetch(http: Http, account: Account, base: str) -> list[TemplateNews]:
    """Read all pages of an account's templates.

    Raises:
        Temporary: not reached, or asked to come again.
        Permanent: refused, or the account names no business account.
    """
    headers = {"Authorization": f"Bearer {credential(account, 'access_token')}"}
    query = {"fields": "name,language,status,category,components,rejected_reason", "limit": "100"}
    url = f"{base}/{_business(account)}/message_templates?{urlencode(query)}"
    found: list[TemplateNews] = []
    for _ in range(_MOST_PAGES):
        reply = await http.get(url, headers=headers)
        if not reply.ok:
            error = refusal(reply)
            raise error if isinstance(error, Temporary | Permanent) else Temporary(str(error))
        rows = cast("list[object]", reply.document.get("data") or [])
        found += [_read(cast("dict[str, Any]", row)) for row in rows if isinstance(row, dict)]
        paging = cast("dict[str, Any]", reply.document.get("paging") or {})
        after = cast("dict[str, Any]", paging.get("cursors") or {}).get("after")
        if not paging.get("next") or not after:
            return found
        # By its cursor, not by its URL: the token goes to nobody but the account's own base.
        pages = urlencode({**query, "after": str(after)})
        url = f"{base}/{_business(account)}/message_templates?{pages}"
    return found


async def create(
    http: Http,
    account: Account,
    base: str,
    *,
    draft: TemplateNews,
    examples: Sequence[str],
) -> TemplateNews:
    """Ask Meta for a template; it comes back approved, pending or rejected.

    Raises: as `fetch`.
    """
    text: dict[str, Any] = {"type": "BODY", "text": draft.body or ""}
    if examples:
        text["example"] = {"body_text": [list(examples)]}
    components: list[dict[str, Any]] = [text]
    if draft.buttons:
        replies = [{"type": "QUICK_REPLY", "text": title} for title in draft.buttons]
        components.append({"type": "BUTTONS", "buttons": replies})
    reply = await http.post(
        f"{base}/{_business(account)}/message_templates",
        json={
            "name": draft.name,
            "language": draft.language,
            "category": (draft.category or "utility").upper(),
            "components": components,
        },
        headers={"Authorization": f"Bearer {credential(account, 'access_token')}"},
    )
    if not reply.ok:
        raise refusal(reply)
    document = reply.document
    return replace(
        draft,
        state=_STATES.get(str(document.get("status", "")).upper(), TemplateState.unknown),
        category=str(document.get("category") or draft.category or "").lower(),
        provider_id=str(document.get("id", "")),
    )


def told(account: Account, entry: Reader, change: Reader) -> Iterator[TemplateNews]:
    """Read one change of a webhook that is about a template of this account's business."""
    business = account.options.get("business_account_id", "")
    if business and entry.text_at("id") != business:
        return
    value = change["value"]
    name, language = (
        value.text_at("message_template_name"),
        value.text_at("message_template_language"),
    )
    if not name or not language:
        raise value.wrong("names no template: message_template_name, message_template_language")
    about_state = change["field"].text == "message_template_status_update"
    event = value.text_at("event").upper()
    yield TemplateNews(
        name=name,
        language=language,
        state=_STATES.get(event, TemplateState.unknown) if about_state else None,
        category=None if about_state else value.text_at("new_category").lower() or None,
        reason=value.text_at("reason") if about_state and event != "APPROVED" else "",
    )


def _business(account: Account) -> str:
    found = account.options.get("business_account_id", "")
    if not found:
        problem = "business_account_id: the account's options name no business account"
        raise Permanent(problem, "account")
    return found


def _read(row: dict[str, Any]) -> TemplateNews:
    components = cast("list[dict[str, Any]]", row.get("components") or [])
    parts = {str(c.get("type", "")).upper(): c for c in components}
    buttons = cast("list[dict[str, Any]]", parts.get("BUTTONS", {}).get("buttons") or [])
    reason = str(row.get("rejected_reason") or "")
    state = _STATES.get(str(row.get("status", "")).upper(), TemplateState.unknown)
    if state is TemplateState.approved and _asks_for_more(parts.get("HEADER", {}), buttons):
        state, reason = TemplateState.unknown, _MORE
    return TemplateNews(
        name=str(row.get("name", "")),
        language=str(row.get("language", "")),
        state=state,
        category=str(row.get("category", "")).lower(),
        body=str(parts.get("BODY", {}).get("text") or ""),
        buttons=tuple(
            str(b.get("text", "")) for b in buttons if b.get("type", "QUICK_REPLY") == "QUICK_REPLY"
        ),
        provider_id=str(row.get("id", "")),
        reason="" if reason == "NONE" else reason,
    )


_MORE = "only its body can be filled in here: its header, or a button, asks for something as well"
_PLAIN_BUTTONS = {"QUICK_REPLY", "URL", "PHONE_NUMBER"}


def _asks_for_more(header: dict[str, Any], buttons: list[dict[str, Any]]) -> bool:
    """Whether every send would be refused for want of a picture, a code or the end of a link."""
    picture = str(header.get("format", "TEXT")).upper() not in {"TEXT", ""}
    places = [str(header.get("text", "")), *(str(one.get("url", "")) for one in buttons)]
    others = {str(one.get("type", "QUICK_REPLY")).upper() for one in buttons} - _PLAIN_BUTTONS
    return picture or bool(others) or any("{{" in place for place in places)
