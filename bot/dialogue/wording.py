"""Wording: keys and variables into sentences, by Liquid templates that a merchant may replace."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import yaml
from babel import Locale
from babel.numbers import format_currency, get_currency_precision
from babel.units import format_unit
from liquid import BoundTemplate, Environment, FalsyStrictUndefined
from liquid.exceptions import LiquidError
from liquid.filter import with_context

from bot.dialogue.phrases import PHRASES, Phrases

logger = logging.getLogger(__name__)

SHIPPED = Path(__file__).resolve().parent.parent / "wording"
FALLBACK = "en"
_ALSO_CALLED = {"hinglish": "hi-latn"}
_NOW = "rendered_at"


class _Limited(Environment):
    """A merchant's template may neither run long nor grow large."""

    loop_iteration_limit = 100
    output_stream_limit = 4096
    local_namespace_limit = 2000


class LiquidWording:
    """The sentences of every shipped language; fulfils `bot.services.ports.Wording`.

    A variable that a template tests with `if` may be absent; one that it prints may not.
    """

    def __init__(self, templates: Mapping[str, Mapping[str, str]]) -> None:
        self._templates = templates
        self._environments = {
            language: _environment(PHRASES.get(language, PHRASES[FALLBACK]), words)
            for language, words in templates.items()
        }
        self._compile = lru_cache(maxsize=2048)(self._compile_once)
        self._spoken = lru_cache(maxsize=2048)(self._nearest)

    @classmethod
    def shipped(cls) -> "LiquidWording":
        """The sentences in `bot/wording/`, one file per language."""
        return cls({
            file.stem: cast("dict[str, str]", yaml.safe_load(file.read_text("utf-8")))
            for file in sorted(SHIPPED.glob("*.yml"))
        })  # fmt: skip

    @property
    def languages(self) -> list[str]:
        return list(self._templates)

    def keys(self, language: str = FALLBACK) -> list[str]:
        return list(self._templates[language])

    def template(self, key: str, language: str = FALLBACK) -> str:
        """The shipped sentence as it is written, which a merchant's own starts from."""
        return self._templates[language][key]

    def say(
        self,
        key: str,
        variables: Mapping[str, Any],
        language: str,
        overrides: Mapping[str, Mapping[str, str]],
        now: datetime,
    ) -> str:
        """The sentence for a key; a merchant's own wins unless it fails.

        Raises:
            KeyError: there is no such key.
            LiquidError: a variable that our own sentence needs is missing.
        """
        spoken = self._spoken(language)
        known = {**variables, _NOW: now}
        own = overrides.get(spoken, {}).get(key)
        if own is not None and key in self._templates[spoken]:
            try:
                return self._render(spoken, own, known)
            except LiquidError as error:
                logger.warning("a merchant's wording of %s (%s) failed: %s", key, spoken, error)
        return self._render(spoken, self._templates[spoken][key], known)

    def put(self, template: str, variables: Mapping[str, Any], language: str, now: datetime) -> str:
        """Any Liquid text in words; empty where something is missing for it."""
        try:
            return self._render(self._spoken(language), template, {**variables, _NOW: now})
        except LiquidError:
            return ""

    def variables(self, key: str, language: str = FALLBACK) -> set[str]:
        """The names of the variables that the shipped sentence for a key uses."""
        return set(self._compile(language, self._templates[language][key]).analyze().globals)

    def check(self, key: str, template: str, language: str) -> list[str]:
        """What is wrong with a merchant's template for a key, in words; empty when it is fine."""
        spoken = self._spoken(language)
        if key not in self._templates[spoken]:
            return [f"there is no sentence named {key!r}"]
        try:
            used = set(self._compile(spoken, template).analyze().globals)
        except LiquidError as error:
            return [str(error).split("\n", 1)[0]]
        known = self.variables(key, spoken) | {"merchant"}
        return [
            f"{name} is not known in this sentence; known: {', '.join(sorted(known))}"
            for name in sorted(used - known)
        ]

    def _nearest(self, language: str) -> str:
        """The shipped language nearest to a tag: `es-MX` is answered in `es`."""
        tag = language.strip().replace("_", "-").lower()
        parts = _ALSO_CALLED.get(tag, tag).split("-")
        shipped = {name.lower(): name for name in self._templates}
        nearer = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((shipped[name] for name in nearer if name in shipped), FALLBACK)

    def _render(self, language: str, template: str, variables: Mapping[str, Any]) -> str:
        text = self._compile(language, template).render(**variables)
        # A template is written over several lines for whoever reads it, not for the phone.
        return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))

    def _compile_once(self, language: str, template: str) -> BoundTemplate:
        return self._environments[language].from_string(template)


def _environment(phrases: Phrases, words: Mapping[str, str]) -> Environment:
    environment = _Limited(undefined=FalsyStrictUndefined, strict_filters=True)

    def time(value: object, tz: object = "UTC") -> str:
        return phrases.time(_instant(value), str(tz))

    def money(value: object) -> str:
        return _money(value, phrases.locale)

    def km(value: object) -> str:
        return _kilometres(value, phrases.locale)

    def status(value: object) -> str:
        return words.get(f"status_{value}", words["status_unknown"])

    def kind(value: object) -> str:
        return words.get(f"kind_{value}", str(value))

    @with_context
    def estimate(value: object, *, context: Any) -> str:
        fact = cast("Mapping[str, Any]", value)
        said = words.get(f"ours_{fact['ours_by']}")
        if said is None:
            raise LiquidError(f"{value!r} has no estimate of ours", token=None)
        now = context.resolve(_NOW)
        return environment.from_string(said).render(window=fact["ours"], **{_NOW: now})

    filters: dict[str, Callable[..., str]] = {
        "date": _dated(phrases.dated),
        "until": _dated(phrases.until),
        "time": time,
        "window": _dated_window(phrases.window),
        "slot": _dated_window(phrases.slot),
        "money": money,
        "km": km,
        "status": status,
        "kind": kind,
        "estimate": estimate,
    }
    for name, apply in filters.items():
        environment.add_filter(name, apply)
    return environment


def _dated(write: Callable[[datetime, str, datetime], str]) -> Callable[..., str]:
    @with_context
    def apply(value: object, tz: object = "UTC", *, context: Any) -> str:
        return write(_instant(value), str(tz), context.resolve(_NOW))

    return apply


def _dated_window(write: Callable[[datetime, datetime, str, datetime], str]) -> Callable[..., str]:
    @with_context
    def apply(value: object, *, context: Any) -> str:
        try:
            fact = cast("Mapping[str, Any]", value)
            start, end, tz = _instant(fact["start"]), _instant(fact["end"]), str(fact["tz"])
        except (KeyError, TypeError) as error:
            raise LiquidError(f"{value!r} is not a window", token=None) from error
        return write(start, end, tz, context.resolve(_NOW))

    return apply


def _instant(value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as error:
        raise LiquidError(f"{value!r} is not a time", token=None) from error


def _kilometres(value: object, locale: Locale) -> str:
    try:
        far = float(str(value))
    except ValueError as error:
        raise LiquidError(f"{value!r} is not a number of kilometres", token=None) from error
    shown = format_unit(far, "kilometer", "short", "0.0" if far < 10 else "0", locale=locale)
    return shown.replace("\u00a0", " ").replace("\u202f", " ")


def _money(value: object, locale: Locale) -> str:
    try:
        fact = cast("Mapping[str, Any]", value)
        amount, currency = int(fact["amount"]), str(fact["currency"])
    except (KeyError, TypeError, ValueError) as error:
        raise LiquidError(f"{value!r} is not a sum of money", token=None) from error
    whole = amount / 10 ** get_currency_precision(currency)
    text = format_currency(whole, currency, locale=locale)
    # Babel's narrow spaces would turn an SMS to UCS-2 and double its price.
    return text.replace("\u00a0", " ").replace("\u202f", " ")
