"""Turns what is stored into what the console's templates show."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import phonenumbers
from babel.numbers import format_currency, get_currency_precision
from phonenumbers import NumberParseException, PhoneNumberFormat

from bot.domain.conversation import Author, Conversation, Holder, Message, MessageStatus
from bot.domain.media import Media
from bot.domain.merchant import User
from bot.domain.money import Money
from bot.domain.shipment import Shipment
from bot.services.inbox import QueueRow
from bot.services.work_case import COMMENT
from bot.web.console.wording import WORDS
from bot.web.times import Times

_TABLES = {
    "topic": "topic", "kind": "request", "why": "woken", "priority": "priority",
    "verdict": "verdict",
}  # fmt: skip
"""The words that a note's details are looked up in, by their name."""
_MORNING = time(9)
_QUOTED = 120
"""Characters of what is quoted: enough to know it again."""


@dataclass(frozen=True)
class Line:
    """One line of a thread. `day` is set where a new day begins."""

    id: UUID
    author: Author
    name: str
    text: str
    at: datetime
    day: str
    label: str = ""
    """What was sent when it was not text: "Location"."""
    status: MessageStatus = MessageStatus.received
    channel: str = ""
    """Named where it is not the channel of the line before."""
    options: Sequence[str] = ()
    quoted: str = ""
    """What it answers by quoting it, or reacts to: who said it, and its beginning."""
    understood: str = ""
    cost: str = ""
    problem: str = ""
    comment: bool = False
    """A note that an agent wrote, for colleagues alone."""
    calls_you: bool = False
    undo: bool = False
    """It is the agent's own, and may still be taken back."""
    media: Media | None = None
    media_link: str = ""

    @property
    def pending(self) -> bool:
        return not self.text and not self.label and self.media is None


@dataclass(frozen=True)
class Teller:
    """What is needed to tell a thread to one agent."""

    times: Times
    agents: Mapping[UUID, str]
    user: User
    undo: timedelta
    now: datetime


@dataclass(frozen=True)
class Standing:
    """Who holds a conversation, as one agent sees it: `bot`, `waiting`, `you` or `other`."""

    who: str
    said: str
    hint: str = ""


def standing(conversation: Conversation, user: User, agents: Mapping[UUID, str]) -> Standing:
    """Say who answers, and what the agent could do about it."""
    if conversation.holder is Holder.agent and conversation.agent_id == user.id:
        return Standing("you", WORDS("holder.you"))
    if conversation.holder is Holder.agent and conversation.agent_id is not None:
        name = agents.get(conversation.agent_id, WORDS("author.agent"))
        return Standing(
            "other", WORDS("holder.other", name=name), WORDS("composer.other", name=name)
        )
    who = str(conversation.holder)
    return Standing(who, WORDS(f"holder.{who}"), WORDS(f"composer.{who}"))


def lines(
    messages: Sequence[Message],
    teller: Teller,
    files: Mapping[UUID, Media],
    link: Callable[[Media], str],
) -> Iterator[Line]:
    """The thread, line by line; `link` says where a file is seen."""
    day = channel = ""
    known = {name: one for one in messages for name in _names(one)}
    for message in messages:
        if message.status is MessageStatus.withdrawn:
            continue
        today = teller.times.day(message.created_at)
        moved = bool(message.channel) and bool(channel) and message.channel != channel
        yield Line(
            id=message.id,
            author=message.author,
            name=_name(message, teller.agents),
            text=_text(message, teller.times),
            at=message.created_at,
            day=today if today != day else "",
            label=_label(message),
            status=message.status,
            channel=WORDS(f"channel.{message.channel}") if moved else "",
            options=[shown for option in message.options if (shown := option.get("shown"))],
            quoted=_quoted(message, known, teller),
            understood=_understood(message),
            cost=_cost(message),
            problem=_problem(message),
            comment=message.kind == COMMENT,
            calls_you=str(teller.user.id) in message.variables.get("mentions", ()),
            undo=_may_be_undone(message, teller),
            media=(file := files.get(message.id)),
            media_link=link(file) if file and file.digest else "",
        )
        day, channel = today, message.channel or channel


def snoozes(now: datetime, zone: ZoneInfo) -> list[tuple[str, datetime]]:
    """The times to put a case aside until, each with the name of its phrase."""
    local = now.astimezone(zone)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), _MORNING, zone)
    monday = datetime.combine(local.date() + timedelta(days=7 - local.weekday()), _MORNING, zone)
    return [
        ("in_an_hour", now + timedelta(hours=1)),
        ("in_three_hours", now + timedelta(hours=3)),
        ("tomorrow", tomorrow),
        ("monday", monday),
    ]


def last_words(row: QueueRow) -> str:
    """The last line of a conversation, as the queue shows it."""
    text = row.last_text or (WORDS(f"kind.{row.last_kind}") if row.last_kind != "text" else "…")
    if row.last_author in {Author.bot, Author.flow}:
        return WORDS("queue.bot") + text
    if row.last_author is Author.agent:
        return WORDS("queue.agent") + text
    return text if row.last_author else ""


def masked(phone: str | None) -> str:
    """+44 77•• ••• 123: enough to compare with, not enough to call."""
    shown = international(phone)
    places = [place for place, sign in enumerate(shown) if sign.isdigit()]
    code = len(shown.partition(" ")[0]) - 1 if " " in shown else 2
    hidden = places[code + 2 : -3] if len(places) > code + 5 else places
    return "".join("•" if place in hidden else sign for place, sign in enumerate(shown))


def international(phone: str | None) -> str:
    """A number as people write it: +44 7700 900123."""
    if not phone:
        return ""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(phone), PhoneNumberFormat.INTERNATIONAL
        )
    except NumberParseException:
        return phone


def duration(amount: timedelta) -> str:
    """A length of time in its two largest units: 2 h 5 min."""
    minutes = max(0, round(amount.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min")]
    said = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(said[:2]) or "0 min"


def called(name: str, phone: str | None) -> str:
    """What to call a customer: the name, else what is known of the number."""
    return name or masked(phone) or WORDS("facts.nameless")


def map_link(shipment: Shipment) -> str:
    """Where the parcel goes, on a map: by its place, else by its address; empty where neither is known."""
    address = shipment.address
    place = address.get("latitude"), address.get("longitude")
    if None not in place:
        marker = urlencode({"mlat": place[0], "mlon": place[1]})
        return f"https://www.openstreetmap.org/?{marker}#map=17/{place[0]}/{place[1]}"
    if not address.get("line1"):
        return ""
    parts = (address.get(name) for name in ("line1", "postal_code", "city", "country"))
    query = urlencode({"query": ", ".join(str(part) for part in parts if part)})
    return f"https://www.openstreetmap.org/search?{query}"


def money(value: Money) -> str:
    """An amount with its currency: €4.90."""
    amount = value.amount / 10 ** get_currency_precision(value.currency)
    return format_currency(amount, value.currency, locale="en_GB")


def _name(message: Message, agents: Mapping[UUID, str]) -> str:
    if message.agent_id is not None and message.agent_id in agents:
        return agents[message.agent_id]
    return WORDS(f"author.{message.author}")


def _text(message: Message, times: Times) -> str:
    if message.author is not Author.system or message.kind == COMMENT:
        return message.text
    return _note(message, times)


def _may_be_undone(message: Message, teller: Teller) -> bool:
    mine = message.author is Author.agent and message.agent_id == teller.user.id
    waits = message.status is MessageStatus.queued and message.attempted_at is None
    return mine and waits and teller.now < message.created_at + teller.undo


def _note(message: Message, times: Times) -> str:
    details = {name: str(value) for name, value in message.variables.items()}
    for name, table in _TABLES.items():
        if name in details:
            details[name] = WORDS(f"{table}.{details[name]}")
    if details.get("until"):
        details["until"] = times.short(datetime.fromisoformat(details["until"]))
    return WORDS(f"note.{message.text}", **details)


def _names(message: Message) -> list[str]:
    """The ids by which a provider knows a message; see `Messages.named`."""
    if message.author is not Author.customer:
        return message.provider_ids
    return [str(name) for name in (message.key, message.variables.get("id")) if name]


def _quoted(message: Message, known: Mapping[str, Message], teller: Teller) -> str:
    quoted = known.get(str(message.variables.get("about", "")))
    if message.author is not Author.customer or quoted is None:
        return ""
    said = quoted.text or _label(quoted)
    cut = f"{said[:_QUOTED].rstrip()}…" if len(said) > _QUOTED else said
    return f"{_name(quoted, teller.agents)}: {cut}"


def _label(message: Message) -> str:
    plain = message.kind in {"text", "choice"} and "amended" not in message.variables
    if message.author is not Author.customer or plain:
        return ""
    place = message.variables.get("location")
    label = WORDS(f"kind.{message.kind}")
    if message.kind == "text":
        return WORDS(f"amended.{message.variables['amended']}")
    if isinstance(place, list) and len(place) == 2:  # pyright: ignore[reportUnknownArgumentType]
        return f"{label}: {place[0]:.5f}, {place[1]:.5f}"
    return label


def _understood(message: Message) -> str:
    intent, confidence = message.understood.get("intent"), message.understood.get("confidence")
    if not isinstance(intent, str) or not isinstance(confidence, int | float):
        return ""
    named = WORDS(f"intent.{intent}")
    return WORDS("thread.understood", intent=named, percent=round(confidence * 100))


def _cost(message: Message) -> str:
    """What it costs, for whoever asks: how many pieces the provider counts, and their price."""
    cost = message.cost
    if not cost.get("pieces"):
        return ""
    said = WORDS("thread.pieces", count=cost["pieces"])
    return f"{said}, {cost['amount']} {cost['currency']}" if "amount" in cost else said


def _problem(message: Message) -> str:
    if message.status is MessageStatus.failed:
        said = WORDS("thread.failed", error=message.error.rstrip(".") + ".")
        return said if message.error else WORDS("thread.failed_unknown")
    if message.status is MessageStatus.queued and message.error:
        return WORDS("thread.retrying", error=message.error)
    return ""
