"""Message templates: what may be said on a channel whose window for free words has closed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from bot.domain.errors import Invalid

_PLACE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_SPACES = re.compile(r"\s+")
_NAME = re.compile(r"[a-z0-9_]{1,512}")


class TemplateState(StrEnum):
    """What the provider says of a template; only an approved one can be sent."""

    pending = "pending"
    approved = "approved"
    rejected = "rejected"
    paused = "paused"
    disabled = "disabled"
    deleted = "deleted"
    unknown = "unknown"


@dataclass(eq=False)
class Template:
    """A template as the provider keeps it, in one language."""

    id: UUID
    merchant_id: UUID
    account_id: UUID
    name: str
    language: str
    """The provider's code: `en`, `en_GB`, `pt_BR`."""
    category: str
    """`utility`, `marketing` or `authentication`; the provider may change it."""
    state: TemplateState
    changed_at: datetime
    body: str = ""
    buttons: list[str] = field(default_factory=list[str])
    """The titles of its quick replies."""
    provider_id: str = ""
    reason: str = ""
    """Why it was rejected or paused, in the provider's words."""

    @property
    def places(self) -> list[str]:
        """The names (or numbers) of its variables, in the order of the text."""
        return list(dict.fromkeys(_PLACE.findall(self.body)))


@dataclass(frozen=True)
class TemplateUse:
    """A template with its variables filled in, ready to be rendered."""

    name: str
    language: str
    variables: tuple[tuple[str, str], ...]
    """Name of the place and what stands in it, in the order of the text."""
    buttons: int
    text: str = ""
    """The whole of it as the customer reads it."""
    provider_id: str = ""


@dataclass(frozen=True)
class Draft:
    """A template as it is to be made at the provider."""

    name: str
    language: str
    category: str
    body: str
    buttons: tuple[str, ...]
    """Wording keys of its quick replies' titles."""
    examples: tuple[str, ...] = ()
    """What might stand in its places, for the provider's reviewers."""


@dataclass(frozen=True)
class Mapped:
    """Which template says what a sentence of ours says, and what stands in its places."""

    name: str
    variables: tuple[str, ...] = ()
    """Liquid, one a place, in the order of the template's text."""
    otherwise: "Mapped | None" = None
    """What says it where something is missing for these variables: a delay without a new time."""

    @property
    def ways(self) -> Iterator["Mapped"]:
        """Itself, and what stands in for it, in the order in which they are tried."""
        way: Mapped | None = self
        while way is not None:
            yield way
            way = way.otherwise


def read_mapping(document: object) -> dict[str, Mapped]:
    """Read which templates stand for which sentences: `{wording key: {template, variables, otherwise}}`.

    Raises:
        Invalid: names the sentence and the field.
    """
    if not isinstance(document, Mapping):
        raise Invalid(("templates", "must be a table of wording keys"))
    rows = cast("Mapping[str, Any]", document)
    return {str(key): _mapped(str(key), row) for key, row in rows.items()}


def _mapped(key: str, row: object) -> Mapped:
    if not isinstance(row, Mapping):
        raise Invalid((f"templates.{key}", "must be a table with template and variables"))
    given = cast("Mapping[str, Any]", row)
    name, variables = given.get("template"), given.get("variables", [])
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        problem = "must be the template's name: small letters, digits and underscores"
        raise Invalid((f"templates.{key}.template", problem))
    if not isinstance(variables, list) or not all(
        isinstance(one, str) for one in cast("list[object]", variables)
    ):
        raise Invalid((f"templates.{key}.variables", "must be a list of texts, one a place"))
    otherwise = given.get("otherwise")
    return Mapped(
        name,
        tuple(cast("list[str]", variables)),
        _mapped(f"{key}.otherwise", otherwise) if otherwise is not None else None,
    )


def choose(known: Sequence[Template], name: str, language: str) -> Template | None:
    """The approved template of that name in the language, or in the nearest form of it."""
    approved = [t for t in known if t.name == name and t.state is TemplateState.approved]
    wanted = language.replace("-", "_").lower()
    spoken = wanted.partition("_")[0]
    nearness = {wanted: 3, spoken: 2}

    def near(template: Template) -> int:
        code = template.language.replace("-", "_").lower()
        return nearness.get(code, 1 if code.partition("_")[0] == spoken else 0)

    best = max(approved, key=near, default=None)
    return best if best is not None and near(best) else None


def fill(template: Template, values: Sequence[str], options: int) -> TemplateUse | str:
    """A template with its places filled, or why it cannot be used, in a merchant's words.

    A variable may hold no line break and may not be empty (Meta's error 132018); a template with
    more buttons than there are choices would show one that does nothing.
    """
    places = template.places
    if len(places) != len(values):
        return f"template {template.name} has {len(places)} variables, {len(values)} are mapped"
    cleaned = [_SPACES.sub(" ", value).strip() for value in values]
    for place, value in zip(places, cleaned, strict=True):
        if not value:
            return f"template {template.name}: nothing to say for its variable {place}"
    if len(template.buttons) > options:
        return f"template {template.name} has more buttons than there are choices"
    return TemplateUse(
        template.name,
        template.language,
        tuple(zip(places, cleaned, strict=True)),
        len(template.buttons),
        _filled(template.body, dict(zip(places, cleaned, strict=True))),
        template.provider_id,
    )


def _filled(body: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place[1]], body)
