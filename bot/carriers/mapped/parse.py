"""Reading by a mapping."""

import base64
import csv
import hmac
import io
from collections.abc import Iterator
from datetime import UTC, datetime

from bot.carriers.base import CarrierEvent
from bot.carriers.mapped.mapping import Mapped, Times, read_mapping
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, header, same_as_any, secrets_of, storable
from bot.domain.errors import BadSignature, Invalid, MalformedUpdate
from bot.domain.places import Place, on_earth
from bot.domain.shipment import Collect, Handover, Proof, Status
from bot.domain.when import Window

_MOST = 100
"""Minutes or stops; more is no different."""


def mapping_of(account: Account) -> Mapped:
    """The account's mapping.

    Raises:
        MalformedUpdate: it cannot be read; nothing from this sender can, until it is mended.
    """
    try:
        return read_mapping(account.options.get("mapping", ""))
    except Invalid as error:
        raise MalformedUpdate(f"the account's mapping: {error}") from error


def verify(account: Account, request: WebhookRequest) -> None:
    """Check what the mapping says proves the sender.

    Raises:
        BadSignature: it does not.
    """
    try:
        how = mapping_of(account).signature
    except MalformedUpdate as error:
        raise BadSignature(str(error)) from error
    given, secrets = header(request, how.header), secrets_of(account, "secret")
    if how.token:
        expected = secrets
    else:
        digests = [hmac.digest(s.encode(), request.body, how.algorithm) for s in secrets]
        spelled = [
            base64.b64encode(digest).decode() if how.encoding == "base64" else digest.hex()
            for digest in digests
        ]
        expected = [how.prefix + one for one in spelled]
    if not given or not same_as_any(given, expected):
        raise BadSignature(f"{how.header} is {'wrong' if given else 'missing'}")


def parse(account: Account, request: WebhookRequest) -> list[CarrierEvent]:
    """Read every event of a body.

    Raises:
        MalformedUpdate: names the sender's field that is wrong.
    """
    mapped = mapping_of(account)
    if mapped.format == "csv":
        at = mapped.fields["at"]
        return [_event(row, mapped) for row in _rows(request.body) if row.object.get(at)]
    return [_event(event, mapped) for event in _each(Reader.of(request.body), mapped.events)]


def _rows(body: bytes) -> Iterator[Reader]:
    """The rows of a file, with a comma, a semicolon or a tab between their fields."""
    try:
        text = storable(body.decode("utf-8-sig"))
        between = max(",;\t", key=text.partition("\n")[0].count)
        rows = list(csv.DictReader(io.StringIO(text), delimiter=between))
    except (UnicodeDecodeError, csv.Error) as error:
        raise MalformedUpdate(f"the body is not CSV in UTF-8: {error}") from None
    for line, row in enumerate(rows, start=2):
        named = {name.strip(): (value or "").strip() for name, value in row.items() if name}
        yield Reader(named, f"line {line}")


def _each(body: Reader, path: str) -> Iterator[Reader]:
    found = _at(body, path) if path else body
    if found is None:
        raise body.wrong(f"has no {path}")
    if isinstance(found.value, list):
        yield from found
    else:
        yield found


def _at(value: Reader, path: str) -> Reader | None:
    """What is at a path with dots; a number picks from a list."""
    if isinstance(value.value, dict) and path in value.object:
        # A column may be named "Stop no.".
        return value.get(path)
    found: Reader | None = value
    for part in path.split("."):
        if found is None:
            return None
        if part.isdecimal() and isinstance(found.value, list):
            items = list(found)
            found = items[int(part)] if int(part) < len(items) else None
        else:
            found = found.get(part)
    return found


class _Told:
    """An event, asked by our names of its fields."""

    def __init__(self, event: Reader, mapped: Mapped) -> None:
        self._event, self._mapped = event, mapped

    def reader(self, name: str) -> Reader | None:
        path = self._mapped.fields.get(name)
        return _at(self._event, path) if path else None

    def text(self, name: str) -> str:
        found = self.reader(name)
        if found is None:
            return ""
        if isinstance(found.value, bool) or not isinstance(found.value, str | int | float):
            raise found.wrong("must be text or a number")
        return str(found.value).strip()

    def needed(self, name: str) -> str:
        text = self.text(name)
        if not text:
            raise self._event.wrong(f"{self._mapped.fields[name]} is missing ({name})")
        return text

    def instant(self, name: str) -> datetime | None:
        found = self.reader(name)
        return None if found is None else _instant(found, self._mapped.times)

    def number(self, name: str) -> float | None:
        text = self.text(name)
        try:
            return float(text) if text else None
        except ValueError:
            raise self._event.wrong(f"{self._mapped.fields[name]} must be a number") from None

    def count(self, name: str) -> int | None:
        number = self.number(name)
        return None if number is None else min(max(int(number), 0), _MOST)


def _event(event: Reader, mapped: Mapped) -> CarrierEvent:
    told = _Told(event, mapped)
    word, number = told.needed("status"), told.needed("tracking_number")
    told.needed("at")
    at = told.instant("at")
    assert at is not None, "it is there"
    return CarrierEvent(
        key=told.text("id") or f"{number}:{word}:{at.isoformat()}",
        tracking_number=number,
        status=mapped.statuses.get(word.lower(), Status.unknown),
        at=at,
        code=word,
        description=told.text("description"),
        window=_window(told, event),
        courier_name=told.text("courier_name") or None,
        courier_phone=told.text("courier_phone") or None,
        courier_id=told.text("courier_id"),
        depot=told.text("depot"),
        vehicle=told.text("vehicle"),
        service=told.text("service"),
        at_place=_place(told, event),
        handover=_handover(told, mapped),
        proof=_proof(told),
        collect=_collect(told),
        minutes_away=told.count("minutes_away"),
        stops_away=told.count("stops_away"),
        raw=event.object,
    )


def _instant(told: Reader, times: Times) -> datetime:
    try:
        if times.format in {"unix", "unix_ms"}:
            seconds = float(told.value) / (1000 if times.format == "unix_ms" else 1)
            return datetime.fromtimestamp(seconds, UTC)
        text = str(told.value).strip()
        iso = times.format == "iso"
        moment = datetime.fromisoformat(text) if iso else _by_pattern(text, times.format)
        whole = moment if moment.tzinfo else moment.replace(tzinfo=times.zone)
        return whole.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise told.wrong(f"must be a time written as {times.format}") from None


def _by_pattern(text: str, pattern: str) -> datetime:
    return datetime.strptime(text, pattern)  # noqa: DTZ007  the zone is the mapping's


def _window(told: _Told, event: Reader) -> Window | None:
    start, end = told.instant("window_from"), told.instant("window_to")
    if start is None or end is None:
        return None
    if end <= start:
        raise event.wrong("the window must end after it starts")
    return Window(start, end)


def _place(told: _Told, event: Reader) -> Place | None:
    latitude, longitude = told.number("latitude"), told.number("longitude")
    if latitude is None or longitude is None:
        return None
    if not on_earth((latitude, longitude)):
        raise event.wrong("latitude and longitude are not on earth")
    return latitude, longitude


def _handover(told: _Told, mapped: Mapped) -> Handover | None:
    word = told.text("handover").lower()
    own = Handover(word) if word in Handover.__members__ else None
    return mapped.handovers.get(word) or own or mapped.handover


def _proof(told: _Told) -> Proof | None:
    proof = Proof(
        *(told.text("signed_by"), told.text("photo_url"), told.text("left_at")),
        code=told.text("proof_code"),
    )
    return proof if proof != Proof() else None


def _collect(told: _Told) -> Collect | None:
    collect = Collect(
        told.text("pickup_place"),
        told.text("pickup_code"),
        told.instant("pickup_until"),
        told.text("pickup_link"),
        told.text("pickup_hours"),
    )
    return collect if collect != Collect() else None
