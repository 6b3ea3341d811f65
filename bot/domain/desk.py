"""How a merchant's people work: targets, who gets which case, replies in store, macros."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, cast

from bot.domain.case import LONGEST_SNOOZE, Priority, SnoozedFor, Targets
from bot.domain.durations import read_duration
from bot.domain.errors import Invalid

LONGEST_UNDO = timedelta(minutes=1)
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_TAG = re.compile(r"[^\s,][^,]{0,38}[^\s,]|[^\s,]")
_TAG_RULE = "a tag has up to 40 characters and no comma"
_KNOWN = (
    "targets", "warn", "assignment", "priorities", "tags", "undo",
    "arranged_within", "override", "replies", "macros",
)  # fmt: skip


class Assignment(StrEnum):
    """Who gets a new case: whoever takes it first, or the agents by skill, load and turn."""

    pull = "pull"
    in_turn = "in_turn"


class Act(StrEnum):
    """What a macro can do."""

    reply = "reply"
    note = "note"
    tag = "tag"
    priority = "priority"
    hand_back = "hand_back"
    snooze = "snooze"


@dataclass(frozen=True)
class Reply:
    """An answer in store. `texts` are Liquid templates by language."""

    shortcut: str
    title: str
    texts: Mapping[str, str]

    def text(self, language: str) -> str:
        """In the customer's language, else in English, else in whatever there is."""
        near = (language, language.partition("-")[0], "en")
        return next((self.texts[one] for one in near if one in self.texts), "") or next(
            iter(self.texts.values())
        )


@dataclass(frozen=True)
class Macro:
    """Several acts by one key."""

    name: str
    acts: tuple[tuple[Act, str], ...]


@dataclass(frozen=True)
class Desk:
    """A merchant's desk, read."""

    targets: Mapping[Priority, Targets] = field(default_factory=dict[Priority, Targets])
    warn: float = 0.25
    assignment: Assignment = Assignment.pull
    at_most: int = 12
    """Conversations that one agent is given at once; more may be taken."""
    moves_on_after: timedelta = timedelta(minutes=5)
    priorities: Mapping[str, Priority] = field(default_factory=dict[str, Priority])
    """By topic."""
    tags: tuple[str, ...] = ()
    undo: timedelta = timedelta(seconds=5)
    arranged_within: timedelta = timedelta(hours=4)
    """Working time in which people arrange what no carrier takes from us."""
    override: bool = False
    """Whether an agent may make a change that the policy refuses, giving a reason."""
    replies: Mapping[str, Reply] = field(default_factory=dict[str, Reply])
    macros: Mapping[str, Macro] = field(default_factory=dict[str, Macro])


def read_desk(document: object) -> Desk:
    """Read the settings document.

    Raises:
        Invalid: names every field that is wrong, and the fix.
    """
    reader = _Reader()
    desk = reader.desk(document)
    if reader.problems:
        raise Invalid(*reader.problems)
    return desk


class _Reader:
    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []

    def desk(self, document: object) -> Desk:
        data = self._mapping(document, "", _KNOWN)
        assignment = self._mapping(
            data.get("assignment", {}), "assignment", ("how", "at_most", "moves_on_after")
        )
        default = Desk()
        replies = self._replies(data.get("replies", {}))
        return Desk(
            targets=self._targets(data.get("targets", {})),
            warn=self._share(data.get("warn", default.warn)),
            assignment=self._word(
                Assignment, assignment.get("how", "pull"), "assignment.how", Assignment.pull
            ),
            at_most=self._count(assignment.get("at_most", default.at_most), "assignment.at_most"),
            moves_on_after=self._span(
                assignment.get("moves_on_after", "5m"), "assignment.moves_on_after"
            ),
            priorities={
                str(topic): self._word(Priority, word, f"priorities.{topic}", Priority.normal)
                for topic, word in self._mapping(data.get("priorities", {}), "priorities").items()
            },
            tags=self._tags(data.get("tags", [])),
            undo=self._undo(data.get("undo", "5s")),
            arranged_within=self._span(data.get("arranged_within", "4h"), "arranged_within"),
            override=self._flag(data.get("override", False), "override"),
            replies=replies,
            macros=self._macros(data.get("macros", {}), replies),
        )

    def _targets(self, data: object) -> dict[Priority, Targets]:
        targets: dict[Priority, Targets] = {}
        for name, given in self._mapping(data, "targets", tuple(Priority)).items():
            here = f"targets.{name}"
            spans = self._mapping(given, here, ("first_response", "resolution"))
            missing = {"first_response", "resolution"} - spans.keys()
            for one in sorted(missing):
                self._wrong(here, f"{one} is missing, as in 30m or 8h")
            if not missing:
                first, whole = (
                    self._span(spans[one], f"{here}.{one}")
                    for one in ("first_response", "resolution")
                )
                if first > whole:
                    self._wrong(here, "the first response may not take longer than the resolution")
                targets[Priority(name)] = Targets(first, whole)
        return targets

    def _replies(self, data: object) -> dict[str, Reply]:
        replies: dict[str, Reply] = {}
        for shortcut, given in self._mapping(data, "replies").items():
            here = f"replies.{shortcut}"
            if not _SHORTCUT.fullmatch(shortcut):
                self._wrong(here, "a shortcut is made of small letters, digits and hyphens")
            reply = self._mapping(given, here, ("title", "texts"))
            texts = self._mapping(reply.get("texts", {}), f"{here}.texts")
            if not texts:
                self._wrong(here, "texts is missing: {en: ..., fr: ...}")
                continue
            for language, text in texts.items():
                if not isinstance(text, str) or not text.strip():
                    self._wrong(f"{here}.texts.{language}", "must be a text")
            words = {language: str(text).strip() for language, text in texts.items()}
            replies[shortcut] = Reply(shortcut, str(reply.get("title", shortcut)), words)
        return replies

    def _macros(self, data: object, replies: Mapping[str, Reply]) -> dict[str, Macro]:
        macros: dict[str, Macro] = {}
        for name, given in self._mapping(data, "macros").items():
            here = f"macros.{name}"
            if not isinstance(given, list) or not given:
                self._wrong(here, "must be a list of acts, as in [{reply: hello}, {tag: refund}]")
                continue
            acts: list[tuple[Act, str]] = []
            for place, step in enumerate(cast("list[object]", given)):
                where = f"{here}[{place}]"
                act = self._mapping(step, where, tuple(Act))
                if len(act) != 1:
                    self._wrong(where, f"must be one act; known: {', '.join(Act)}")
                    continue
                ((verb, value),) = act.items()
                self._check_act(where, Act(verb), value, replies)
                acts.append((Act(verb), "" if value is None else str(value)))
            if Act.hand_back in [verb for verb, _ in acts[:-1]]:
                self._wrong(here, "hand_back must be the last act")
            macros[name] = Macro(name, tuple(acts))
        return macros

    def _check_act(
        self, where: str, verb: Act, value: object, replies: Mapping[str, Reply]
    ) -> None:
        if verb is Act.reply and value not in replies:
            self._wrong(where, f"there is no reply {value!r}; known: {', '.join(replies)}")
        elif verb is Act.priority:
            self._word(Priority, value, where, Priority.normal)
        elif verb is Act.snooze and value != SnoozedFor.parcel_moves:
            span = self._span(value, where)
            if span > LONGEST_SNOOZE:
                self._wrong(where, f"may be {LONGEST_SNOOZE.days}d at most")
        elif verb in {Act.note, Act.tag} and not value:
            self._wrong(where, f"{verb} needs words")
        elif verb is Act.tag and not _TAG.fullmatch(str(value)):
            self._wrong(where, _TAG_RULE)

    def _tags(self, data: object) -> tuple[str, ...]:
        if not isinstance(data, list):
            self._wrong("tags", "must be a list, as in [refund, lost]")
            return ()
        tags = [str(tag) for tag in cast("list[object]", data)]
        for place, tag in enumerate(tags):
            if not _TAG.fullmatch(tag):
                self._wrong(f"tags[{place}]", _TAG_RULE)
        return tuple(dict.fromkeys(tags))

    def _undo(self, value: object) -> timedelta:
        if str(value) in {"0", "0s"}:
            return timedelta()
        span = self._span(value, "undo")
        if span > LONGEST_UNDO:
            self._wrong("undo", "may be a minute at most: the customer is waiting")
        return span

    def _mapping(
        self, data: object, where: str, known: tuple[str, ...] | None = None
    ) -> dict[str, Any]:
        if data is None:
            return {}
        if not isinstance(data, dict):
            self._wrong(where or "the document", "must be a mapping")
            return {}
        found = {str(name): value for name, value in cast("dict[object, Any]", data).items()}
        if known is None:
            return found
        for name in [name for name in found if name not in known]:
            place = f"{where}.{name}" if where else name
            self._wrong(place, f"is not a setting; known: {', '.join(known)}")
            del found[name]
        return found

    def _word[Word: StrEnum](
        self, words: type[Word], value: object, where: str, default: Word
    ) -> Word:
        try:
            return words(str(value))
        except ValueError:
            self._wrong(where, f"{value!r} is unknown; known: {', '.join(words)}")
            return default

    def _span(self, value: object, where: str) -> timedelta:
        try:
            return read_duration(where, value)
        except Invalid as error:
            self.problems.extend(error.problems)
            return timedelta()

    def _share(self, value: object) -> float:
        if isinstance(value, int | float) and 0 <= value < 1:
            return float(value)
        self._wrong("warn", "must be a share of the time, from 0 to below 1, as in 0.25")
        return 0.0

    def _count(self, value: object, where: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self._wrong(where, "must be a whole number above 0")
        return 1

    def _flag(self, value: object, where: str) -> bool:
        if not isinstance(value, bool):
            self._wrong(where, "must be true or false")
        return bool(value)

    def _wrong(self, where: str, said: str) -> None:
        self.problems.append((where, said))


def read_tag(text: str) -> str:
    """A tag as an agent types it. Raises Invalid."""
    tag = " ".join(text.split())
    if not _TAG.fullmatch(tag):
        raise Invalid(("tag", _TAG_RULE))
    return tag
