"""The mapping: how somebody's JSON becomes events; read once per text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.domain.errors import Invalid
from bot.domain.shipment import Handover, Status
from bot.domain.yaml_lines import read_yaml

REQUIRED = ("tracking_number", "status", "at")
FIELDS = (
    *("id", *REQUIRED, "description", "window_from", "window_to"),
    *("courier_name", "courier_phone", "courier_id", "depot", "vehicle", "service"),
    *("latitude", "longitude", "minutes_away", "stops_away"),
    *("handover", "signed_by", "photo_url", "left_at", "proof_code"),
    *("pickup_place", "pickup_code", "pickup_until", "pickup_link", "pickup_hours"),
)
ALGORITHMS = ("sha256", "sha1", "sha512")
ENCODINGS = ("hex", "base64")
_UTC = ZoneInfo("UTC")
FORMATS = ("json", "csv")
_SETTINGS = (
    *("signature", "token", "format", "events", "fields", "statuses"),
    *("handover", "handovers", "time"),
)


@dataclass(frozen=True)
class Signature:
    """How the sender proves itself: an HMAC of the raw body, or a token in a header."""

    header: str
    algorithm: str = "sha256"
    encoding: str = "hex"
    prefix: str = ""
    token: bool = False


@dataclass(frozen=True)
class Times:
    """How the sender writes a moment: `iso`, `unix`, `unix_ms`, or a strptime pattern."""

    format: str = "iso"
    zone: ZoneInfo = _UTC


@dataclass(frozen=True)
class Mapped:
    """A mapping, read."""

    signature: Signature
    fields: Mapping[str, str]
    """Ours to theirs: a path with dots, from the event."""
    statuses: Mapping[str, Status]
    """Their words, in lower case, to ours."""
    format: str = "json"
    """`csv` is a file with a line of names, one event a row."""
    events: str = ""
    """The path of the list of events; empty where the body is one event, or a list of them."""
    times: Times = Times()
    handover: Handover | None = None
    """How whatever this sender brings changes hands, where an event does not say otherwise."""
    handovers: Mapping[str, Handover] = field(default_factory=dict[str, Handover])
    """Their words for it, in lower case, to ours."""


@lru_cache(maxsize=100)
def read_mapping(text: str) -> Mapped:
    """Read a mapping.

    Raises:
        Invalid: names every line that is wrong, and the fix.
    """
    document = read_yaml(text)
    problems: list[tuple[str, str]] = []
    data = _mapping(document.data, "", problems)
    known = ", ".join(_SETTINGS)
    problems += [(key, f"is no setting; known: {known}") for key in data if key not in _SETTINGS]
    read = Mapped(
        signature=_signature(data, problems),
        fields=_fields(data.get("fields"), problems),
        statuses=_words(data.get("statuses"), "statuses", Status, problems),
        format=_format(data, problems),
        events=str(data.get("events") or ""),
        times=_times(data.get("time"), problems),
        handover=_handover(data.get("handover"), problems),
        handovers=_words(data.get("handovers"), "handovers", Handover, problems),
    )
    if problems:
        raise document.locate(Invalid(*problems))
    return read


def _mapping(data: object, path: str, problems: list[tuple[str, str]]) -> dict[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, dict):
        problems.append((path or "mapping", "must be a table of names and values"))
        return {}
    return {str(key): value for key, value in cast("dict[Any, Any]", data).items()}


def _signature(data: dict[str, Any], problems: list[tuple[str, str]]) -> Signature:
    name = "token" if "token" in data else "signature"
    given = _mapping(data.get(name), name, problems)
    header = str(given.get("header") or "")
    if not header:
        problems.append((f"{name}.header", "is missing: which header proves who sends?"))
    if name == "token":
        return Signature(header, token=True)
    algorithm, encoding = (
        str(given.get("algorithm", "sha256")).lower(),
        str(given.get("encoding", "hex")).lower(),
    )
    if algorithm not in ALGORITHMS:
        problems.append(("signature.algorithm", f"must be one of {', '.join(ALGORITHMS)}"))
    if encoding not in ENCODINGS:
        problems.append(("signature.encoding", f"must be one of {', '.join(ENCODINGS)}"))
    return Signature(header, algorithm, encoding, str(given.get("prefix", "")))


def _format(data: dict[str, Any], problems: list[tuple[str, str]]) -> str:
    given = str(data.get("format", "json")).lower()
    if given not in FORMATS:
        problems.append(("format", f"{given!r} must be {' or '.join(FORMATS)}"))
    if given == "csv" and data.get("events"):
        problems.append(("events", "a CSV file is the list itself: leave it out"))
    return given


def _fields(data: object, problems: list[tuple[str, str]]) -> dict[str, str]:
    given = _mapping(data, "fields", problems)
    known = ", ".join(FIELDS)
    problems += [
        (f"fields.{name}", f"is no field of an event; known: {known}")
        for name in given
        if name not in FIELDS
    ]
    problems += [
        (f"fields.{name}", "is missing: where does the sender say it?")
        for name in REQUIRED
        if not given.get(name)
    ]
    return {name: str(path) for name, path in given.items()}


def _words[Ours: Status | Handover](
    data: object, name: str, ours: type[Ours], problems: list[tuple[str, str]]
) -> dict[str, Ours]:
    """Their words to ours."""
    given = _mapping(data, name, problems)
    known = ", ".join(ours)
    problems += [
        (f"{name}.{theirs}", f"{word!r} is none of ours; known: {known}")
        for theirs, word in given.items()
        if word not in ours.__members__
    ]
    return {
        theirs.lower(): ours(word) for theirs, word in given.items() if word in ours.__members__
    }


def _handover(word: object, problems: list[tuple[str, str]]) -> Handover | None:
    if word is None:
        return None
    if word not in Handover.__members__:
        problems.append(("handover", f"{word!r} is none of ours; known: {', '.join(Handover)}"))
        return None
    return Handover(str(word))


def _times(data: object, problems: list[tuple[str, str]]) -> Times:
    given = _mapping(data, "time", problems)
    form, zone = str(given.get("format", "iso")), str(given.get("zone", "UTC"))
    if form not in {"iso", "unix", "unix_ms"} and "%" not in form:
        problems.append(("time.format", "must be iso, unix, unix_ms or like %d/%m/%Y %H:%M"))
    try:
        return Times(form, ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        problems.append(("time.zone", f"{zone!r} is no time zone; write one like Europe/Paris"))
        return Times(form)
