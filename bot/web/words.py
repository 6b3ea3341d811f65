"""The words on our own pages, kept in one YAML file per part of the web."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml


class Words:
    """Looks up phrases by dotted keys: `words("status.delivered")`."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table

    def __call__(self, key: str, **variables: object) -> str:
        """The phrase for a key; a key without one is shown as plain words, never an error.

        Events, intents and topics may be newer than the file, and an agent who reads
        "customs hold" is better served than one who reads an error page.
        """
        found: Any = self._table
        for part in key.split("."):
            found = (
                cast("Mapping[str, Any]", found).get(part) if isinstance(found, Mapping) else None
            )
        if not isinstance(found, str):
            return key.rsplit(".", 1)[-1].replace("_", " ").capitalize()
        return found.format_map(_Known(variables)) if variables else found


class _Known(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "…"


def words_by_language(*files: Path) -> dict[str, Words]:
    """Files of words, ready to be looked up in each of the first one's languages."""
    return {language: Words(table) for language, table in read_words(*files).items()}


def read_words(file: Path, *more: Path) -> dict[str, Any]:
    """Read files of words, by language and key.

    Args:
        file: says in which languages there are words.
        more: files with further words in these languages.
    """
    tables: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    for other in map(read_words, more):
        for language, table in tables.items():
            _add(table, other.get(language, {}))
    return tables


def _add(table: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Join two tables of words; what is in both is said as the first says it."""
    for key, words in more.items():
        if isinstance(words, dict) and isinstance(table.get(key), dict):
            _add(table[key], cast("dict[str, Any]", words))
        else:
            table.setdefault(key, words)
