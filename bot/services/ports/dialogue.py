"""The engine, the languages and the wording."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True)
class Say:
    """Something the bot wants to say: a wording key and its variables, not yet a sentence."""

    say: str
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    options: tuple[Mapping[str, Any], ...] = ()
    question: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Turn:
    """What the engine made of one message."""

    replies: tuple[Say, ...]
    understood: Mapping[str, Any]
    loop: str | None = None
    """The form that is active after the turn."""


class Engine(Protocol):
    """Reads language and predicts what happens next."""

    async def respond(
        self,
        *,
        sender: str,
        message_id: UUID,
        text: str,
        metadata: Mapping[str, str],
        question: Mapping[str, Any] | None,
    ) -> Turn:
        """Hand over one message; repeating a `message_id` gives the earlier answer.

        Raises:
            Temporary: the engine or an action failed, or said nothing at all.
        """
        ...

    async def topics(self, comments: Sequence[str]) -> Sequence[Mapping[str, float]]:
        """How surely each comment is about each topic, 0 to 1.

        Raises:
            Temporary: the engine did not answer soon.
        """
        ...


@dataclass(frozen=True)
class Heard:
    """The language of a conversation so far, and how much speaks for each."""

    language: str
    evidence: Mapping[str, float]


class Languages(Protocol):
    def listen(self, text: str, prior: str, evidence: Mapping[str, float]) -> Heard:
        """The language of a conversation after one more message.

        It stays `prior` unless this message and those before it, in `evidence`, clearly speak
        for another one; a short text never changes it.
        """
        ...


class Wording(Protocol):
    @property
    def languages(self) -> Sequence[str]:
        """In which it is spoken to customers."""
        ...

    def keys(self) -> Collection[str]:
        """What can be said."""
        ...

    def say(
        self,
        key: str,
        variables: Mapping[str, Any],
        language: str,
        overrides: Mapping[str, Mapping[str, str]],
        now: datetime,
    ) -> str:
        """The sentence for a key. Raises KeyError for an unknown key."""
        ...

    def put(self, template: str, variables: Mapping[str, Any], language: str, now: datetime) -> str:
        """Any Liquid text in words; empty where something is missing for it."""
        ...
