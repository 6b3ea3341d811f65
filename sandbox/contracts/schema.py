"""What the three validators share: loading an extract, and saying briefly what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

HERE = Path(__file__).parent


@cache
def extract(name: str) -> dict[str, Any]:
    """One of the trimmed vendor descriptions beside this file."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def validator(schema: dict[str, Any], definitions: dict[str, Any]) -> Draft202012Validator:
    """A validator of ``schema``, whose references are to ``#/components/schemas/...``."""
    return Draft202012Validator({**schema, "components": {"schemas": definitions}})


def problems(errors: Iterable[ValidationError]) -> list[str]:
    """One line per error: where, and what."""
    return [f"{_where(error)}: {_what(error)}" for error in errors]


def _where(error: ValidationError) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.path)
    return path.lstrip(".") or "(whole)"


def _what(error: ValidationError) -> str:
    best = min(error.context or (), key=lambda inner: len(inner.absolute_path) * -1, default=error)
    message = best.message
    return message if len(message) <= 300 else message[:297] + "..."
