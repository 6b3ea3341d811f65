"""The verdict, from what the phones show: each said once, in order, or known to be in doubt."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# What is said to the bot, and how its one answer begins or what it contains.
ANSWERS: Mapping[str, re.Pattern[str]] = {
    "/start": re.compile(r"^Hi\b"),
    "hello": re.compile(r"^Hi\b"),
    "thank you": re.compile(r"You're welcome"),
    "are you a robot?": re.compile(r"delivery assistant, a bot"),
    "what can you do?": re.compile(r"^I can tell you where your parcel is"),
}
QUESTIONS = [asked for asked in ANSWERS if not asked.startswith("/")]
NOTICES: Sequence[tuple[str, re.Pattern[str]]] = (
    ("out for delivery", re.compile(r"out for delivery|is bringing")),
    ("delivered", re.compile(r"has been delivered")),
    ("the score", re.compile(r"How likely is it")),
)
APOLOGY = re.compile(r"Something on our side is slow")
"""What may come besides an answer while the engine is down: an honest line."""


@dataclass(frozen=True)
class Bubble:
    """A message as a phone shows it, in the phone's order."""

    sender: str
    text: str


@dataclass
class Verdict:
    """What was counted, and what is wrong; with nothing wrong the run has passed."""

    answered: int = 0
    told: int = 0
    apologies: int = 0
    overtaken: list[str] = field(default_factory=list[str])
    """Notices that were not told by another channel because later ones were there before."""
    doubtful: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])

    @property
    def passed(self) -> bool:
        return not self.problems


def judge_talk(
    verdict: Verdict,
    phone: str,
    bubbles: Sequence[Bubble],
    *,
    doubt: bool,
    unknowable: bool = False,
) -> None:
    """Everything that was said has its one answer, after it and in the order of what was said.

    Args:
        doubt: our own records say that nobody knows how a send to this phone ended.
        unknowable: and its provider has no receipts, so that it is not sent again to make sure.
    """
    waiting: list[str] = []
    answered: list[str] = []
    for bubble in bubbles:
        if bubble.sender == "customer":
            waiting += [bubble.text] if bubble.text in ANSWERS else []
        elif APOLOGY.search(bubble.text):
            verdict.apologies += 1
        else:
            _take(
                verdict, phone, bubble.text, waiting, answered, doubt=doubt, unknowable=unknowable
            )
    for asked in waiting:
        _never(verdict, f"{phone}: {asked!r} was never answered", unknowable=unknowable)


def _take(
    verdict: Verdict,
    phone: str,
    text: str,
    waiting: list[str],
    answered: list[str],
    *,
    doubt: bool,
    unknowable: bool,
) -> None:
    """Give an answer to the first that waits for one like it; those before it were passed over."""
    place = next((n for n, asked in enumerate(waiting) if ANSWERS[asked].search(text)), None)
    if place is not None:
        for passed in waiting[:place]:
            _never(verdict, f"{phone}: {passed!r} was passed over", unknowable=unknowable)
        answered.append(waiting[place])
        del waiting[: place + 1]
        verdict.answered += 1
    elif any(ANSWERS[asked].search(text) for asked in answered[-1:]):
        _twice(verdict, f"{phone}: {answered[-1]!r} was answered twice", doubt=doubt)
    else:
        verdict.problems.append(f"{phone}: was told what answers nothing: {text!r}")


def judge_notices(
    verdict: Verdict, phone: str, texts: Sequence[str], *, doubt: bool, overtaken: bool = False
) -> None:
    """Every notice was seen once, and in the order in which it happened.

    Args:
        doubt: our own records say that nobody knows how a send to this phone ended.
        overtaken: or that one was not sent anew after later news.
    """
    places = [place for text in texts for place, (_, p) in enumerate(NOTICES) if p.search(text)]
    for place, (name, _) in enumerate(NOTICES):
        seen = places.count(place)
        verdict.told += bool(seen)
        if not seen and overtaken and places and places[-1] > place:
            verdict.overtaken.append(f"{phone}: {name}")
        elif not seen:
            verdict.problems.append(f"{phone}: was never told of {name}")
        elif seen > 1:
            _twice(verdict, f"{phone}: was told of {name} {seen} times", doubt=doubt)
    once = list(dict.fromkeys(places))
    if once != sorted(once):
        names = [NOTICES[place][0] for place in once]
        verdict.problems.append(f"{phone}: was told in another order: {', '.join(names)}")


def _never(verdict: Verdict, what: str, *, unknowable: bool) -> None:
    (verdict.doubtful if unknowable else verdict.problems).append(what)


def _twice(verdict: Verdict, what: str, *, doubt: bool) -> None:
    (verdict.doubtful if doubt else verdict.problems).append(what)
