"""Validation errors in words that somebody can act on."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError

from bot.services.intake_types import TIME_EXAMPLE

_MOST, _LONGEST = 100, 300

_WORDS: dict[str, str] = {
    "missing": "is missing",
    "string_type": "must be text",
    "string_unicode": "has half a character in it; the text was cut or encoded wrongly",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "must not be empty",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "too_long": "has more than {max_length} entries",
    "too_short": "must not be empty",
    "enum": "must be one of: {expected}",
    "uuid_parsing": "is not an id that we gave out",
    "timezone_aware": f"needs an offset or Z, as in {TIME_EXAMPLE}",
    "datetime_parsing": f"must be a date and time like {TIME_EXAMPLE}",
    "datetime_from_date_parsing": f"must be a date and time like {TIME_EXAMPLE}",
}


def in_words(error: ValidationError, model: type[BaseModel]) -> list[tuple[str, str]]:
    """Each problem as (field, what is wrong and how to mend it).

    Args:
        error: what pydantic found.
        model: what the input was to be, for the names that were perhaps meant.
    """
    problems = error.errors(include_url=False)[:_MOST]
    return [(_cut(_path(p["loc"])), _cut(_words(p, model))) for p in problems]


def _cut(words: str) -> str:
    """Values are shown back to whoever sent them, but not by the megabyte."""
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."


def _path(place: Sequence[int | str]) -> str:
    path = ""
    for part in place:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".") or "body"


def _words(problem: Mapping[str, Any], model: type[BaseModel]) -> str:
    kind: str = problem["type"]
    if kind == "extra_forbidden":
        return "is not a field here" + _meant(str(problem["loc"][-1]), model)
    if kind in _WORDS:
        context = cast("dict[str, Any]", problem.get("ctx") or {})
        return _WORDS[kind].format(**context)
    message: str = problem["msg"]
    return message.removeprefix("Value error, ")


def _meant(name: str, model: type[BaseModel]) -> str:
    close = difflib.get_close_matches(name, sorted(set(_names(model))), n=1)
    return f"; did you mean {close[0]}?" if close and close[0] != name else ""


def _names(model: type[BaseModel]) -> Iterator[str]:
    """The names of all fields, those of the parts included."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        kinds: tuple[object, ...] = (field.annotation, *get_args(field.annotation))
        for kind in kinds:
            if isinstance(kind, type(BaseModel)):
                yield from _names(kind)
