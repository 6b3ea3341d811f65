"""Onfleet's webhooks, verified and read.

https://docs.onfleet.com/reference/webhooks
"""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime
from math import ceil

from bot.carriers.base import CarrierEvent
from bot.carriers.onfleet.map import BY_STATE, NOT_OF_A_TASK, STATES, TRIGGERS
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, header, same_as_any, secrets_of
from bot.domain.errors import BadSignature
from bot.domain.places import Place, on_earth
from bot.domain.shipment import Proof, Status
from bot.domain.when import Window

SIGNATURE = "X-Onfleet-Signature"
_NEXT = {"taskArrival": 0}
"""A worker who arrives is at no other stop before."""


def verify(account: Account, request: WebhookRequest) -> None:
    """Check the hexadecimal HMAC-SHA512 of the raw body; the key is the secret's bytes.

    Raises:
        BadSignature: it is missing or not made with this account's secret.
    """
    given = header(request, SIGNATURE)
    keys = [_key(secret) for secret in secrets_of(account, "webhook_secret")]
    expected = [hmac.new(key, request.body, hashlib.sha512).hexdigest() for key in keys if key]
    if not same_as_any(given, expected):
        raise BadSignature(f"{SIGNATURE} is {'wrong' if given else 'missing'}")


def _key(secret: str) -> bytes:
    try:
        return bytes.fromhex(secret)
    except ValueError:
        return b""


def parse(request: WebhookRequest) -> list[CarrierEvent]:
    """Read one trigger.

    Raises:
        MalformedUpdate: names the field that is wrong.
    """
    update = Reader.of(request.body)
    trigger = update["triggerName"].filled
    if trigger in NOT_OF_A_TASK:
        return []
    data = update["data"]
    worker = data.get("worker")
    event = event_of(data["task"], trigger, _milliseconds(update["time"]), worker)
    return [replace(event, minutes_away=_minutes(update), stops_away=_NEXT.get(trigger))]


def _minutes(update: Reader) -> int | None:
    """`taskEta` says in how many seconds; rounded up."""
    seconds = update.get("etaSeconds")
    return None if seconds is None else max(0, ceil(seconds.number / 60))


def event_of(task: Reader, trigger: str, at: datetime, worker: Reader | None) -> CarrierEvent:
    """A task as one event of a parcel."""
    done = task.get("completionDetails")
    return CarrierEvent(
        key=f"{task['id'].filled}:{trigger}:{at.timestamp():.3f}",
        tracking_number=task["shortId"].filled,
        status=_status(task, trigger, done),
        at=at,
        code=trigger,
        description=_words(done),
        window=_window(task),
        courier_name=(worker.text_at("name") or None) if worker else None,
        courier_phone=(worker.text_at("phone") or None) if worker else None,
        courier_id=worker.text_at("id") if worker else task.text_at("worker"),
        at_place=_place((done and done.get("lastLocation")) or (worker and worker.get("location"))),
        proof=_proof(done),
        raw=task.object,
    )


def _status(task: Reader, trigger: str, done: Reader | None) -> Status:
    if trigger not in BY_STATE:
        return TRIGGERS.get(trigger, Status.unknown)
    state = int(task["state"].number)
    failed = done is not None and done.object.get("success") is False
    if state == 3 and failed:
        return Status.attempt_failed
    return STATES.get(state, Status.unknown)


def _words(done: Reader | None) -> str:
    """Why it failed, or what the courier noted."""
    if done is None:
        return ""
    parts = (done.text_at(name) for name in ("failureReason", "failureNotes", "notes"))
    return " · ".join(part for part in parts if part and part != "NONE")


def _window(task: Reader) -> Window | None:
    after, before = task.get("completeAfter"), task.get("completeBefore")
    if after is None or before is None:
        return None
    start, end = _milliseconds(after), _milliseconds(before)
    return Window(start, end) if start < end else None


def _milliseconds(value: Reader) -> datetime:
    try:
        return datetime.fromtimestamp(value.number / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise value.wrong("must be a Unix time in milliseconds") from None


def _place(location: Reader | None) -> Place | None:
    """Onfleet says longitude first."""
    if location is None:
        return None
    pair = [part.number for part in location]
    if len(pair) != 2:
        return None
    place = pair[1], pair[0]
    return place if on_earth(place) else None


def _proof(done: Reader | None) -> Proof | None:
    if done is None or done.object.get("success") is not True:
        return None
    photo, signature = done.text_at("photoUploadId"), done.text_at("signatureUploadId")
    base = "https://d15p8tr8p0vffz.cloudfront.net"
    return Proof(
        signed_by=done.text_at("signatureText"),
        photo_url=f"{base}/{photo or signature}/800x.png" if photo or signature else "",
    )
