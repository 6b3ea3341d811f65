"""The templates that stand for our sentences, as they are shipped."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from bot.domain.templates import Draft, Mapped, read_mapping

_FILE = Path(__file__).with_name("templates.yml")


@cache
def _document() -> Mapping[str, Mapping[str, Any]]:
    return cast("Mapping[str, Mapping[str, Any]]", yaml.safe_load(_FILE.read_text("utf-8")))


def shipped() -> dict[str, Mapped]:
    """Which template says which sentence, by wording key."""
    return read_mapping(_document())


def drafts() -> list[Draft]:
    """Every shipped template in every language that it is written in."""
    return [
        Draft(
            name=row["template"],
            language=language,
            category=row["category"],
            body=body,
            buttons=tuple(row.get("buttons", ())),
            examples=tuple(row["examples"]),
        )
        for row in _rows()
        for language, body in row["body"].items()
    ]


def _rows() -> Iterator[Mapping[str, Any]]:
    for first in _document().values():
        row: Mapping[str, Any] | None = first
        while row is not None:
            yield row
            row = row.get("otherwise")
