"""Reading merchants' files, CSV and JSON, into one entry after the other with its line."""

import csv
import difflib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import Invalid
from bot.domain.hours import WEEKDAYS

_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Columns:
    """What a file of `things` may have in its header, and which of it must be there."""

    things: str
    known: tuple[str, ...]
    needed: tuple[str, ...]


SHIPMENTS = Columns(
    "shipments",
    (
        "reference", "tracking_number", "carrier", "recipient.name", "recipient.phone",
        "recipient.email", "recipient.language", "recipient.country", "address.line1",
        "address.line2", "address.postal_code", "address.city", "address.region",
        "address.country", "item", "value.amount", "value.currency", "timezone", "handover",
        "service", "window.from", "window.to",
    ),
    ("reference", "tracking_number"),
)  # fmt: skip
POINTS = Columns(
    "pick-up points",
    (
        *("id", "name", "address", "latitude", "longitude", "capacity"),
        *(f"hours.{day}" for day in WEEKDAYS),
    ),
    ("id", "name", "address"),
)


def read_entries(content: bytes, columns: Columns = SHIPMENTS) -> Iterator[tuple[int, object]]:
    """Yield (line, entry) for every entry of a file.

    Args:
        content: JSON, a list of objects; or CSV with a header, separated by commas,
            semicolons or tabs, with dotted names for what is inside (`recipient.phone`).
        columns: what it is a file of.

    Raises:
        Invalid: the file is none of these.
    """
    text = _decode(content)
    if not text.strip():
        raise Invalid(("file", "is empty"))
    is_json = text.lstrip().startswith(("[", "{"))
    return _json_entries(text, columns) if is_json else _csv_entries(text, columns)


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid(("file", "is in UTF-16; save it as UTF-8 (in Excel: CSV UTF-8)"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Invalid(
            ("file", f"is not in UTF-8 (line {line}); save it as UTF-8 (in Excel: CSV UTF-8)")
        ) from None


def _json_entries(text: str, columns: Columns) -> Iterator[tuple[int, object]]:
    try:
        yield from _scan_list(text, columns.things)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Invalid(("file", f"is not valid JSON: {error.msg} at {where}")) from None
    except (ValueError, RecursionError) as error:
        raise Invalid(("file", f"is not valid JSON: {error}")) from None


def _scan_list(text: str, things: str) -> Iterator[tuple[int, object]]:
    """Entry by entry, which the library does not do, so that each has its line."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    place = _skip(text, 0)
    if text[place] != "[":
        raise Invalid(("file", f"must be a list of {things}: [{{...}}, {{...}}]"))
    place = _skip(text, place + 1)
    line, counted = 1, 0
    while text[place : place + 1] != "]":
        line, counted = line + text.count("\n", counted, place), place
        entry, place = decoder.raw_decode(text, place)
        yield line, entry
        place = _skip(text, place)
        if text[place : place + 1] == ",":
            place = _skip(text, place + 1)
        elif text[place : place + 1] != "]":
            raise json.JSONDecodeError("Expecting ',' or ']'", text, place)
    if text[place + 1 :].strip():
        raise Invalid(("file", "goes on after the end of the list"))


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return place


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _csv_entries(text: str, known: Columns) -> Iterator[tuple[int, object]]:
    first = text.lstrip().splitlines()[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    begins = 1
    try:
        for row in rows:
            line, begins = begins, rows.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _header(row, known)
            else:
                yield line, _entry(columns, row)
    except csv.Error as error:
        raise Invalid(("file", f"is not valid CSV: {error} (line {rows.line_num})")) from None


def _header(row: list[str], known: Columns) -> list[str]:
    columns = [name.strip().lower() for name in row]
    while columns and not columns[-1]:
        columns.pop()
    problems: list[tuple[str, str]] = []
    for name in columns:
        if name not in known.known:
            close = difflib.get_close_matches(name, known.known, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            problems.append((name or "(no name)", f"is not a column{hint}"))
    problems += [(name, "stands twice in the header") for name in {
        name for name in columns if columns.count(name) > 1
    }]  # fmt: skip
    problems += [
        (name, "is missing from the header") for name in known.needed if name not in columns
    ]
    if problems:
        raise Invalid(*problems)
    return columns


def _entry(columns: list[str], row: list[str]) -> dict[str, Any]:
    """A row as the API would have it; blank cells are left out."""
    entry: dict[str, Any] = {}
    for name, cell in zip(columns, row, strict=False):
        if cell.strip():
            whole, _, part = name.partition(".")
            if part:
                entry.setdefault(whole, {})[part] = cell
            else:
                entry[whole] = cell
    if any(cell.strip() for cell in row[len(columns) :]):
        # Refused by the checks, which name it; most likely a separator inside a text.
        entry["(beyond the last column)"] = row[len(columns) :]
    return entry
