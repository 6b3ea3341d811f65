"""What is wished, ruled out, taken back or told: "not tomorrow", "I work until six", "no, Sunday"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.domain.when.hours import Said
from bot.domain.when.tokens import Days, Token

_ITEMS = ("days", "shift", "said", "part")
_OPEN = {"after", "before", "range"}
_NEAR = 4
_OWN_NOT = {"not", "no", "pas", "nicht", "non", "nao"}
"""Words that may stand between a "not" and the day that it rules out."""


@dataclass
class Item:
    """A day, some hours or a part of the day in the message."""

    kind: str
    value: Any
    at: int
    token: Token
    refused: bool = False
    dropped: bool = False
    settled: bool = False
    """Hours that already stand: no "not" turns them round again."""
    complement: bool = False
    """A part that is ruled out: the rest of the day is meant."""

    @property
    def free(self) -> bool:
        return not (self.refused or self.dropped or self.complement)


@dataclass
class Message:
    """The items of a message, clause by clause."""

    tokens: Sequence[Token]
    items: list[Item] = field(default_factory=list[Item])

    def __post_init__(self) -> None:
        self.items = [
            Item(kind, token.senses[kind], at, token)
            for at, token in enumerate(self.tokens)
            for kind in _ITEMS
            if kind in token.senses
        ]

    def clauses(self) -> Iterator[range]:
        """The stretches between full stops, commas and words like "but"."""
        start = 0
        for at, token in enumerate(self.tokens):
            if token.has("comma", "stop", "break") and not token.has(
                *_ITEMS, "not", "correct", "or", "after"
            ):
                yield range(start, at)
                start = at + 1
        yield range(start, len(self.tokens))

    def of(self, clause: range) -> list[Item]:
        """The items of one clause."""
        return [item for item in self.items if item.at in clause]

    def days(self) -> list[Item]:
        return [item for item in self.items if item.kind in {"days", "shift"} and item.free]


def weigh(tokens: Sequence[Token], today: date) -> Message:
    """Mark the items of a message that are ruled out, taken back or only told."""
    message = Message(tokens)
    for clause in message.clauses():
        _read_past(message, clause, today)
        for at in clause:
            token = tokens[at]
            if token.has("instead_of") or (token.has("than") and _compares(message, clause, at)):
                _refuse_next(message, clause, at)
            elif token.has("instead_of_post"):
                _refuse_last(message, clause, at)
            elif token.has("leave", "back") and _come_or_go(
                message, clause, at, leave=token.has("leave"), busy=token.has("busy")
            ):
                continue
            elif token.has("from_then"):
                _go_on(message, at)
            if (
                _denies(message, at)
                and not _only_asks(message, clause, at)
                and not _ends(message, clause, at)
            ):
                _deny(message, clause, at, busy=token.has("busy") and not token.has("not"))
    _correct(message)
    _leave_stories(message)
    return message


def _compares(message: Message, clause: range, at: int) -> bool:
    """As in "Tuesday is better than Monday"."""
    days = [item for item in message.of(clause) if item.kind == "days" and item.free]
    return any(item.at < at for item in days) and any(0 < item.at - at < _NEAR for item in days)


def _has_its_not(token: Token) -> bool:
    """As in "not before six, I work": the hours are right as they stand, the rest says why."""
    return token.has("said") and token.text.split(" ", 1)[0] in _OWN_NOT


def _denies(message: Message, at: int) -> bool:
    token = message.tokens[at]
    if token.has("no") and _corrects(message, at):
        return False
    return token.has("not", "busy")


def _only_asks(message: Message, clause: range, at: int) -> bool:
    """As in "on Friday or not?"."""
    return at == clause[-1] and at > 0 and message.tokens[at - 1].has("or")


def _ends(message: Message, clause: range, at: int) -> bool:
    """Whether what keeps somebody busy is said to end: "my meeting ends at three"."""
    token = message.tokens[at]
    later = (message.tokens[place] for place in clause if place > at)
    return not token.has("not") and any(one.has("back") for one in later)


def _deny(message: Message, clause: range, at: int, *, busy: bool) -> None:
    if busy and any(_has_its_not(item.token) for item in message.of(clause)):
        return
    items = [
        item for item in message.of(clause) if item.free and not item.settled and not _is_gone(item)
    ]
    ahead = [item for item in items if item.at > at]
    behind = [item for item in items if item.at < at]
    token = message.tokens[at]
    if behind and (token.has("backward") or (_just_before(behind, at) and token.has("no"))):
        ahead = []
    if ahead and ahead[0].kind in {"days", "shift"} and behind and _is_liked(message, ahead[0]):
        ahead = []
    if ahead and ahead[0].at - at <= _NEAR + (3 if busy or ahead[0].kind == "said" else 0):
        _deny_ahead(message, ahead, busy=busy)
    elif behind and _is_chosen(message, behind[-1], at):
        return
    elif behind and (
        busy
        or len(token.text.split()) > 1
        or _just_before(behind, at)
        or (at == clause[-1] and token.has("not"))
    ):
        _deny_behind(message, behind, busy=busy)


def _deny_ahead(message: Message, ahead: list[Item], *, busy: bool) -> None:
    first = ahead[0]
    hours = next((item for item in ahead if item.kind == "said"), None)
    days = [item for item in ahead if item.kind in {"days", "shift"}]
    if first.kind in {"days", "shift"}:
        # "Busy tomorrow until five": the day stands, its hours turn round.
        if (
            hours is not None
            and hours.value.shape in _OPEN
            and len(days) == 1
            and _is_open(hours, busy=busy)
        ):
            _turn_round(hours)
        else:
            _refuse(message, first)
    elif first.kind == "said":
        if first.value.shape in _OPEN and _is_open(first, busy=busy):
            _turn_round(first)
        else:
            first.dropped = True
    elif len(days) == 1 and days[0].at - first.at <= 2:
        _refuse(message, days[0])
    else:
        first.complement = True


def _deny_behind(message: Message, behind: list[Item], *, busy: bool) -> None:
    last = behind[-1]
    before = behind[-2] if len(behind) > 1 else None
    if last.kind == "said" and last.value.shape in _OPEN and _is_open(last, busy=busy):
        _turn_round(last)
    elif last.kind in {"days", "shift"}:
        hours = [item for item in behind if item.kind == "said" and item.value.shape in _OPEN]
        if hours and len(behind) == 2 and hours[0].at < last.at:
            _turn_round(hours[0])
        else:
            _refuse(message, last)
    elif before is not None and before.kind == "days" and last.at - before.at <= 2:
        _refuse(message, before)
    elif last.kind == "part":
        last.complement = True
    else:
        last.dropped = True


def _is_open(item: Item, *, busy: bool) -> bool:
    return item.value.shape != "range" or busy


def _turn_round(item: Item) -> None:
    """Who is away until five is in from five on."""
    said: Said = item.value
    if said.shape == "range" and said.end is not None:
        item.value = Said("after", said.end, part=said.part)
    else:
        item.value = said._replace(shape="before" if said.shape == "after" else "after")
        if said.shape == "before" and not said.start.fixed and said.start.hour == 8:
            item.value = item.value._replace(start=said.start._replace(hour=20, fixed=True))


def _refuse(message: Message, item: Item) -> None:
    """Rule a day out, with those joined to it and the part of it that was named."""
    days: Days | None = item.value if item.kind == "days" else None
    if days is not None and "if_busy" in item.token.senses:
        # "Away until Friday": from Friday on.
        item.value = item.token.senses["if_busy"]
        return
    item.refused = True
    later = [other for other in message.items if other.at > item.at and other.free]
    if later and later[0].kind == "days" and _joined(message, item.at, later[0].at):
        _refuse(message, later[0])
    elif (
        later
        and later[0].kind in {"part", "said"}
        and later[0].at - item.at <= 2
        and not any(
            message.tokens[place].has("comma", "stop", "break")
            for place in range(item.at, later[0].at)
        )
    ):
        later[0].dropped = True
    earlier = [other for other in message.items if other.at < item.at and other.free]
    if earlier and earlier[-1].kind == "part" and item.at - earlier[-1].at <= 1:
        earlier[-1].dropped = True


def _joined(message: Message, one: int, two: int) -> bool:
    gap = message.tokens[one + 1 : two]
    return bool(gap) and len(gap) <= 2 and gap[0].has("or", "and") and not gap[0].has("comma")


def _just_before(behind: list[Item], at: int) -> bool:
    return bool(behind) and at - behind[-1].at <= 2


def _is_liked(message: Message, item: Item) -> bool:
    return any(token.has("good") for token in message.tokens[item.at + 1 : item.at + 4])


def _is_chosen(message: Message, item: Item, at: int) -> bool:
    """As in "Wednesday instead I won't be in": the "not" belongs to what comes after the wish."""
    following = message.tokens[item.at + 1] if item.at + 1 < at - 1 else Token("")
    return item.kind == "days" and following.has("good")


def _refuse_next(message: Message, clause: range, at: int) -> None:
    for item in message.of(clause):
        if item.at > at and item.free:
            _refuse(message, item) if item.kind in {"days", "shift"} else setattr(
                item, "dropped", True
            )
            return


def _refuse_last(message: Message, clause: range, at: int) -> None:
    for item in reversed(message.of(clause)):
        if item.at < at and item.free:
            _refuse(message, item) if item.kind in {"days", "shift"} else setattr(
                item, "dropped", True
            )
            return


def _come_or_go(message: Message, clause: range, at: int, *, leave: bool, busy: bool) -> bool:
    """As in "I'm leaving at four" is until four; "home by six" is from six."""
    hours = [item for item in message.of(clause) if item.kind == "said"]
    near = [item for item in hours if item.at > at] or hours[::-1]
    if not near or near[0].value.shape == "range" or (busy and near[0].value.shape != "point"):
        return False
    # "I don't get home until six": the "not" turns the hours round by itself.
    if not leave and any(message.tokens[place].has("not") for place in clause if place < at):
        return False
    shape = "before" if leave else "after"
    if leave or near[0].value.shape != "after":
        near[0].value = near[0].value._replace(shape=shape)
        near[0].settled = True
    return True


def _go_on(message: Message, at: int) -> None:
    """As in "at four, any time after that"."""
    hours = [item for item in message.items if item.kind == "said" and item.at < at and item.free]
    if hours and hours[-1].value.shape == "point":
        hours[-1].value = hours[-1].value._replace(shape="after")


def _read_past(message: Message, clause: range, today: date) -> None:
    """As in "Kal" is yesterday beside a verb of the past."""
    told = any(message.tokens[at].has("told") for at in clause)
    for item in message.of(clause):
        if told and item.token.has("looks_back"):
            ago = tuple(today - (day - today) for day in item.value.days)
            item.value = Days(ago, gone=True)


def _corrects(message: Message, at: int) -> bool:
    """Whether a "no" takes back what was said before: "no, Sunday"."""
    tokens = message.tokens
    after = tokens[at + 1] if at + 1 < len(tokens) else Token("")
    before = tokens[at - 1] if at else Token("")
    if not tokens[at].has("not"):
        return after.has("comma", "days", "said", "stop") or before.has("comma")
    return after.has("comma") and not before.has("days", "part", "said")


def _correct(message: Message) -> None:
    for at, token in enumerate(message.tokens):
        if not (token.has("correct") or (token.has("no") and _corrects(message, at))):
            continue
        after = [item for item in message.items if item.at > at and item.free]
        hours_after = any(item.kind in {"said", "part"} for item in after)
        days_after = any(item.kind in {"days", "shift"} for item in after)
        for item in message.items:
            if (
                item.at < at
                and item.free
                and (days_after if item.kind in {"days", "shift"} else hours_after)
                and not (item.kind == "days" and any(a.kind == "shift" for a in after))
            ):
                item.dropped = True


def _leave_stories(message: Message) -> None:
    """As in "I ordered on Monday, bring it Friday": the day that is only told is left out."""
    told = [
        item
        for clause in message.clauses()
        if any(message.tokens[at].has("told") for at in clause) or _only_returns(message, clause)
        for item in message.of(clause)
        if item.kind == "days" and item.free
    ]
    others = [item for item in message.days() if item not in told and not _is_gone(item)]
    if others:
        for item in told:
            item.dropped = True


def _only_returns(message: Message, clause: range) -> bool:
    """As in "I'm back on the 15th, so the 16th"."""
    kinds = {item.kind for item in message.of(clause)}
    tokens = [message.tokens[at] for at in clause]
    return kinds == {"days"} and any(token.has("back") and not token.has("or") for token in tokens)


def _is_gone(item: Item) -> bool:
    return item.kind == "days" and bool(item.value.gone)


def shifted(message: Message, item: Item, about: date | None) -> date | None:
    """The day that "the day after" means: after the one named before it, else the one agreed."""
    named = [
        other.value.days[0]
        for other in message.items
        if other.at < item.at and other.kind == "days" and len(other.value.days) == 1
    ]
    base = named[-1] if named else about
    return base + timedelta(days=item.value) if base is not None and abs(item.value) < 400 else None
