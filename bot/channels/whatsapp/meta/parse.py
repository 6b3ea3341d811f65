"""Meta's webhooks, verified and read.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

from bot.channels.base import (
    Account,
    Amendment,
    DeliveryStatus,
    Inbound,
    InboundKind,
    Preference,
    Receipt,
    Update,
    WebhookRequest,
)
from bot.channels.phones import e164
from bot.channels.reading import Reader, check_body_signature, same_as_any, secrets_of
from bot.channels.whatsapp.meta import templates
from bot.channels.whatsapp.meta.errors import NO_MARKETING, WINDOW_CLOSED, in_words
from bot.domain.consent import Purpose
from bot.domain.errors import BadSignature, MalformedUpdate

_log = logging.getLogger(__name__)

_STATUSES = {
    "accepted": DeliveryStatus.queued,
    "sent": DeliveryStatus.sent,
    "delivered": DeliveryStatus.delivered,
    "read": DeliveryStatus.read,
    "played": DeliveryStatus.read,
    "failed": DeliveryStatus.failed,
}
_MEDIA = {
    "image": InboundKind.image,
    "audio": InboundKind.voice,
    "video": InboundKind.video,
    "document": InboundKind.document,
    "sticker": InboundKind.sticker,
}
# WhatsApp speaking of a changed number.
_NOTHING_NEW = {"system"}
# A message that was edited or taken back.
# https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/edit
_AMENDED = {"edit", "revoke"}
# https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/user_preferences
_PREFERENCES = "user_preferences"
_PURPOSES = {"marketing_messages": Purpose.marketing}
_WANTED = {"stop": False, "resume": True}


def verify(account: Account, request: WebhookRequest) -> None:
    """Check a POST's signature over the raw body, or a GET's verify token.

    Raises:
        BadSignature: it is missing or not made with this account's secret.
    """
    if request.method == "GET":
        challenge(account, request)
    else:
        check_body_signature(account, request, "X-Hub-Signature-256", "app_secret")


def challenge(account: Account, request: WebhookRequest) -> str:
    """Return what a subscription's challenge wants to hear; empty for a POST.

    Raises:
        BadSignature: not a challenge, or not with our verify token.
    """
    if request.method != "GET":
        return ""
    token = request.query.get("hub.verify_token", "")
    known = same_as_any(token, secrets_of(account, "verify_token"))
    if not known or request.query.get("hub.mode") != "subscribe":
        raise BadSignature("hub.verify_token is not this account's")
    return request.query.get("hub.challenge", "")


def phone_number_id(account: Account) -> str:
    """Return Meta's id of the account's number."""
    return account.options.get("phone_number_id") or account.address


def parse(account: Account, request: WebhookRequest) -> list[Update]:
    """Read every message and status of a webhook that is for this account's number.

    One that cannot be read takes nothing from its neighbours, and is a message all the same when
    it says who sent it.

    Raises:
        MalformedUpdate: not what Meta sends, and nothing in it can be read; names the field.
    """
    if request.method == "GET":
        return []
    document = Reader.of(request.body)
    if document["object"].text != "whatsapp_business_account":
        raise document["object"].wrong("must be whatsapp_business_account")
    updates: list[Update] = list(_templates(account, document))
    wrong: list[MalformedUpdate] = []
    for value in _values(account, document):
        names = _names(value)
        for message in value.each("messages"):
            updates += _one(message, lambda one, names=names: _message(one, names), wrong)
        for status in value.each("statuses"):
            updates += _one(status, _receipt, wrong)
        for wish in value.each(_PREFERENCES):
            updates += _one(wish, _preference, wrong)
    if wrong and not updates:
        raise wrong[0]
    return updates


def _one(
    item: Reader, read: Callable[[Reader], list[Update]], wrong: list[MalformedUpdate]
) -> list[Update]:
    try:
        return read(item)
    except MalformedUpdate as error:
        _log.warning("whatsapp webhook with an item that cannot be read: %s", error)
        wrong.append(error)
        return []


def _templates(account: Account, document: Reader) -> Iterator[Update]:
    for entry in document["entry"]:
        for change in entry["changes"]:
            if change["field"].text in templates.TOLD:
                yield from templates.told(account, entry, change)


def _values(account: Account, document: Reader) -> Iterator[Reader]:
    for entry in document["entry"]:
        for change in entry["changes"]:
            if change["field"].text in templates.TOLD:
                continue
            if change["field"].text not in {"messages", _PREFERENCES}:
                _log.info("whatsapp tells about %r; not used", change["field"].text)
                continue
            value = change["value"]
            number = value["metadata"]["phone_number_id"].text
            if number != phone_number_id(account):
                _log.warning("whatsapp webhook for another number, %r: ignored", number)
                continue
            for error in value.each("errors"):
                _log.error("whatsapp reports an error: %s", error.value)
            yield value


def _names(value: Reader) -> dict[str, str]:
    """Map each way to address a contact to the name of its profile."""
    names: dict[str, str] = {}
    for contact in value.each("contacts"):
        profile = contact.get("profile")
        name = profile.text_at("name") if profile else ""
        names |= {contact.text_at(key): name for key in ("wa_id", "user_id")}
    return names


def _message(message: Reader, names: dict[str, str]) -> list[Update]:
    kind = str(message.object.get("type"))
    if kind in _NOTHING_NEW:
        _log.info("whatsapp message %r is of type %r; not used", message.text_at("id"), kind)
        return []
    if kind in _AMENDED:
        return _amended(message, kind)
    return [_inbound(message, names)]


def _inbound(message: Reader, names: dict[str, str]) -> Inbound:
    phone, user = message.text_at("from"), message.text_at("from_user_id")
    if not phone.strip() and not user.strip():
        raise message.wrong("has neither from nor from_user_id")
    bare = Inbound(
        key=message["id"].filled,
        sender=e164(f"+{phone}") if phone.strip() else user,
        kind=InboundKind.unsupported,
        sender_name=names.get(phone) or names.get(user) or None,
        # A group's message must not be taken for a private one.
        chat_is_private=message.get("group_id") is None,
        raw=message.object,
    )
    try:
        return _filled(bare, message)
    except MalformedUpdate as error:
        # A picture that Meta could not fetch has errors instead of an id.
        _log.warning("whatsapp message that cannot be read: %s", error)
        return bare


def _filled(bare: Inbound, message: Reader) -> Inbound:
    kind, text, choice = _content(message)
    place = message.get("location") if kind is InboundKind.location else None
    return replace(
        bare,
        kind=kind,
        text=text,
        choice=choice,
        location=(place["latitude"].number, place["longitude"].number) if place else None,
        media=message[message["type"].text]["id"].text if kind in _MEDIA.values() else None,
        about=_about(message),
        at=message["timestamp"].unix_time,
    )


def _content(message: Reader) -> tuple[InboundKind, str, str | None]:
    """Return kind, text and choice of a message."""
    kind = message["type"].text
    if kind == "text":
        return InboundKind.text, message["text"]["body"].text, None
    if kind in {"interactive", "button"}:
        return _choice(message[kind])
    if kind in _MEDIA:
        return _MEDIA[kind], message[kind].text_at("caption"), None
    if kind == "location":
        place = message["location"]
        return InboundKind.location, place.text_at("name") or place.text_at("address"), None
    return *_other(message, kind), None


def _other(message: Reader, kind: str) -> tuple[InboundKind, str]:
    if kind == "reaction":
        return InboundKind.reaction, message["reaction"].text_at("emoji")
    if kind == "contacts":
        return InboundKind.contact, _number(message)
    if kind == "request_welcome":
        return InboundKind.opened, ""
    return InboundKind.unsupported, ""


def _number(message: Reader) -> str:
    """The first telephone number of a contact that was sent."""
    for contact in message.each("contacts"):
        for phone in contact.each("phones"):
            if number := phone.text_at("phone"):
                return number
    return ""


def _about(message: Reader) -> str | None:
    """The message that is quoted, or reacted to."""
    reaction, context = message.get("reaction"), message.get("context")
    if message["type"].text == "reaction" and reaction is not None:
        return reaction.text_at("message_id") or None
    return context.text_at("id") or None if context is not None else None


def _amended(message: Reader, kind: str) -> list[Update]:
    given = message.get(kind)
    about = given.text_at("original_message_id") if given is not None else ""
    phone, user = message.text_at("from").strip(), message.text_at("from_user_id").strip()
    if given is None or not about or not (phone or user):
        _log.info("whatsapp %s without its message; not used", kind)
        return []
    text = None
    if kind == "edit":
        text = _new_words(given)
        if text is None:
            return []
    return [Amendment(about, e164(f"+{phone}") if phone else user, text)]


def _new_words(edit: Reader) -> str | None:
    """What an edited text says now, or the words below an edited picture."""
    inner = edit.get("message")
    if inner is None:
        return None
    kind = inner.text_at("type", "text")
    content = inner.get(kind) if kind == "text" or kind in _MEDIA else None
    if content is None:
        return None
    return content.text_at("body" if kind == "text" else "caption")


def _choice(given: Reader) -> tuple[InboundKind, str, str | None]:
    """Read what was tapped: a button or a row of ours, or a template's button."""
    if given.get("payload") is not None:
        return InboundKind.choice, given["text"].text, given["payload"].filled
    kind = given["type"].text
    if kind not in {"button_reply", "list_reply"}:
        return InboundKind.unsupported, "", None
    reply = given[kind]
    return InboundKind.choice, reply["title"].text, reply["id"].filled


def _receipt(status: Reader) -> list[Update]:
    wamid, word = status["id"].filled, status["status"].text
    known = _STATUSES.get(word)
    if known is None:
        _log.info("whatsapp status %r; not used", word)
        return []
    return [
        Receipt(
            key=f"{wamid}:{word}",
            status=known,
            reference=_reference(status.text_at("biz_opaque_callback_data")),
            provider_id=wamid,
            at=status["timestamp"].unix_time,
            reason=_reason(status) if known is DeliveryStatus.failed else None,
            window_closed=known is DeliveryStatus.failed and _names_error(status, WINDOW_CLOSED),
            opted_out=Purpose.marketing
            if known is DeliveryStatus.failed and _names_error(status, NO_MARKETING)
            else None,
        )
    ]


def _names_error(status: Reader, code: str) -> bool:
    return any(str(error["code"].value) == code for error in status.each("errors"))


def _preference(wish: Reader) -> list[Update]:
    """What a customer has switched in WhatsApp itself."""
    purpose, given = _PURPOSES.get(wish.text_at("category")), _WANTED.get(wish.text_at("value"))
    phone, user = wish.text_at("wa_id"), wish.text_at("user_id")
    if purpose is None or given is None or not (phone.strip() or user.strip()):
        _log.info("whatsapp user preference %s; not used", wish.value)
        return []
    sender = e164(f"+{phone}") if phone.strip() else user
    return [Preference(sender, purpose, given, wish.text_at("detail"), wish["timestamp"].unix_time)]


def _reason(status: Reader) -> str:
    reasons = [
        in_words(str(error["code"].value), error.text_at("title") or error.text_at("message"))
        for error in status.each("errors")
    ]
    return "; ".join(reasons) or "no reason given"


def _reference(text: str) -> UUID | None:
    # Another system may send from the same number and put its own word there.
    try:
        return UUID(text)
    except ValueError:
        return None
