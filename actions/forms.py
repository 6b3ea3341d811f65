"""What each kind of change needs to know, and how it asks: the differences between the forms.

The forms themselves, which are all alike, are made of this table in actions/changes.py. Slots
hold plain strings, so that a question can be taken up in a later session of the engine.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.base import Event, Option, Talk, choosing, chosen_value, option, slot
from actions.choices import CHANGES, HUMAN, HUMAN_ASKED, INTENTS
from actions.lately import made_lately
from bot.domain.answers import goes_back, has_but, plain, says_no, says_yes
from bot.domain.area import MAP_LINK
from bot.domain.asking import asks_for_someone_else, asks_opening_hours
from bot.domain.choosing import (
    asks_other_days,
    asks_others,
    chosen_instead,
    takes_any,
)
from bot.domain.details import LONGEST, complete, find_detail, find_town, put_right, with_more
from bot.domain.for_courier import dont_ring, names_somebody
from bot.domain.pickup import PickupPoint
from bot.domain.places import Place, read_place
from bot.domain.request import Decision, RequestKind, named_place
from bot.domain.shipment import Shipment
from bot.domain.when import Window, Wish, read_wish
from bot.services import change_delivery
from bot.services.describe_policy import still_possible
from bot.services.facts import window_fact
from bot.services.find_parcel import without_item

SHOWN = 3
_OFFERS = 2
_BRIEF = 2
_MOST_PLACES = 9
"""A WhatsApp list takes ten, one of them a person."""
_WITH_NAMES = {RequestKind.neighbour, RequestKind.access_note}
# How the reader takes "my mother is in", "he's called Dave".
_TELLS_WHO = {"inform", "out_of_scope", "nlu_fallback", "ask_courier_contact"}
_CLEAR = 0.6
_WITH_NUMBERS = {RequestKind.change_address, RequestKind.neighbour}
_WORD = re.compile(r"\w+")
# By itself "am" is no hour; as an answer it is half a day.
_HALF = re.compile(r"\W*(?:in the )?([ap])\.?m\W*(?:please|pls|plz)?\W*")
_HALVES = {"a": "in the morning", "p": "in the afternoon"}


class Form:
    """A change that needs nothing but a parcel and a yes."""

    detail: str | None = None
    """The slot that holds what the change needs besides."""

    def __init__(self, kind: RequestKind) -> None:
        self.kind = kind
        self.intent = INTENTS[kind]
        self.loop = f"{kind}_form"

    async def first(self, talk: Talk, shipment: Shipment) -> list[Event]:
        """What the messages up to now have said of it: the parcel has just become clear."""
        return []

    async def read(self, talk: Talk, shipment: Shipment) -> list[Event]:
        """An answer to our question for it; nothing when the message is no such answer."""
        return []

    def answered_by(self, talk: Talk, shipment: Shipment) -> bool:
        """Whether what sounds like a question is an answer: "do you have Sunday?"."""
        return False

    async def correct(self, talk: Talk, shipment: Shipment) -> list[Event]:
        """What a message at the last question changes; nothing when it is only yes or no."""
        return []

    async def ask(self, talk: Talk, shipment: Shipment) -> None:
        """Ask for it. Only forms that need something are asked to."""

    def note(self, talk: Talk) -> str:
        """The words for the courier."""
        return ""

    async def terms(self, talk: Talk, shipment: Shipment) -> dict[str, Any]:
        """What the summary tells besides the change itself."""
        return {}

    def window(self, talk: Talk) -> Window | None:
        """The wished time."""
        return None

    def question(self, talk: Talk, requested: str, shipment: Shipment | None) -> dict[str, Any]:
        """The open question, with all that is known so far."""
        known: dict[str, Any] = {"parcel": str(shipment.id) if shipment else None}
        names = ["extra", "later", "others"]
        if requested == "agreed":
            names += ["request", *([self.detail] if self.detail else [])]
        known |= {name: talk.slot(name) for name in names}
        slots = {name: value for name, value in known.items() if value is not None}
        return {"loop": self.loop, "requested": requested, "slots": slots}

    async def refuse(
        self, talk: Talk, shipment: Shipment, reason: str, why: Mapping[str, Any] | None = None
    ) -> None:
        """Say why not, and what is still possible; the second time in other words.

        Args:
            why: the rule that refuses it, and what the reason's words need.
        """
        about = dict(why or {})
        rule = str(about.pop("rule", ""))
        await change_delivery.audit_refusal(
            talk.unit, talk.conversation, shipment, self.kind, reason, rule, talk.now
        )
        possible = await still_possible(talk.unit, shipment, talk.now, but=self.kind)
        offers = possible[:_OFFERS]
        facts = {**await talk.facts(shipment), "kind": str(self.kind), "offers": offers, **about}
        options = [CHANGES[made["kind"]] for made in offers]
        if talk.first_time(f"{reason}:{self.kind}:{shipment.id}"):
            talk.say(reason, facts, options=[*options, HUMAN])
        else:
            talk.say("refused_again", {**facts, "reason": reason}, options=[HUMAN_ASKED])


class Reschedule(Form):
    """Another time: one of the windows that the policy allows."""

    detail = "window"

    def window(self, talk: Talk) -> Window | None:
        return read_window(talk.slot("window"))

    async def first(self, talk: Talk, shipment: Shipment) -> list[Event]:
        """A time that was named before the parcel was clear is not asked for again."""
        window = await self._chosen(talk, shipment) or await self._beside_made(talk, shipment)
        window = window or await self._only_fit(talk, shipment, said_wish(talk, shipment, self))
        return [slot("window", window_slot(window) if window else None)]

    def answered_by(self, talk: Talk, shipment: Shipment) -> bool:
        if takes_first(talk, self) or asks_others(talk.typed):
            return True
        # "Do you have Sunday?", and "today?" alone, are answers; "does it come today?" is none.
        brief = len(talk.typed.split()) <= _BRIEF and "?" in talk.typed
        asks = talk.intent == "ask_delivery_options" or brief
        return asks and wish_of(talk.typed, talk, shipment).says_something

    async def read(self, talk: Talk, shipment: Shipment) -> list[Event]:
        chosen = await self._chosen(talk, shipment)
        if chosen is not None:
            return [slot("window", window_slot(chosen))]
        if takes_first(talk, self):
            made = await change_delivery.offer(
                talk.unit, shipment, self.kind, said_wish(talk, shipment, self), talk.now
            )
            return [slot("window", window_slot(made.windows[0]))] if made.windows else []
        said = wish_of(talk.typed, talk, shipment)
        if not (said.says_something or said.past or said.refused):
            return [slot("window", None)] if asks_others(talk.typed) else []
        wish = said_wish(talk, shipment, self)
        window = await self._only_fit(talk, shipment, wish)
        if window is None and said.day is None and said.start is not None:
            window = await self._of_the_day_shown(talk, shipment, wish)
        return [slot("window", window_slot(window) if window else None)]

    async def correct(self, talk: Talk, shipment: Shipment) -> list[Event]:
        before, zone = self.window(talk), ZoneInfo(shipment.timezone)
        instead = self._instead(talk)
        if instead is not None:
            return [slot("window", window_slot(instead)), slot("agreed", None)]
        wish = wish_of(talk.typed, talk, shipment, before.day(zone) if before else None)
        if wish.past or wish.says_something:
            if says_yes(talk.typed) and before and wish.fits(before, zone) and not wish.past:
                return []
            window = await self._only_fit(talk, shipment, _merge(wish, before, zone))
            window = window or await self._only_fit(talk, shipment, wish)
            return [slot("window", window_slot(window) if window else None), slot("agreed", None)]
        ruled_out = before is not None and before.day(zone) in wish.refused
        anew = talk.intent == self.intent and not says_yes(talk.typed)
        if ruled_out or anew or asks_others(talk.typed):
            return [slot("window", None), slot("agreed", None)]
        return []

    async def ask(self, talk: Talk, shipment: Shipment) -> None:
        wish = Wish() if goes_back(talk.typed) else said_wish(talk, shipment, self)
        shown = self._shown(talk) if asks_others(talk.typed) else []
        if asks_other_days(talk.typed):
            zone = ZoneInfo(shipment.timezone)
            wish = replace(wish, refused=(*wish.refused, *{window.day(zone) for window in shown}))
        made = await change_delivery.offer(
            talk.unit, shipment, self.kind, wish, talk.now, but=shown
        )
        options = [
            option(
                f"slot{place}",
                choosing(window_slot(window)),
                key="option_slot",
                facts={"window": window_fact(window, shipment.timezone)},
            )
            for place, window in enumerate(made.windows)
        ]
        key = "choose_one" if agrees(talk) else _window_key(wish, fits=made.fits)
        if shown and set(made.windows) <= set(shown):
            key = "reschedule_no_others"
            options.append(HUMAN)
        if key == "reschedule_none_fits" and not talk.first_time(key):
            key = "reschedule_none_again"
            options.append(HUMAN)
        question = self.question(talk, "window", shipment)
        talk.say(key, await talk.facts(shipment), options=options, question=question)

    def _shown(self, talk: Talk) -> list[Window]:
        """Every window that was offered or proposed since the form was opened."""
        shown: list[object] = []
        for asking in talk.askings(self.loop):
            shown += [chosen_value(one) for one in asking["options"]]
            shown.append(asking["question"]["slots"].get("window"))
        return [window for window in map(read_window, shown) if window is not None]

    def _instead(self, talk: Talk) -> Window | None:
        """Another one of those that were offered before the one that is proposed."""
        offered = offered_last(talk, self)
        place = chosen_instead(talk.typed, len(offered))
        return None if place is None else read_window(offered[place])

    async def _chosen(self, talk: Talk, shipment: Shipment) -> Window | None:
        chosen = read_window(talk.choice)
        if chosen is None:
            return None
        possible = await change_delivery.possible_windows(talk.unit, shipment, talk.now)
        return chosen if chosen in possible else None

    async def _beside_made(self, talk: Talk, shipment: Shipment) -> Window | None:
        """What corrects a time that was agreed to a moment ago: only what is named changes."""
        made = await made_lately(talk, str(shipment.id))
        wish = wish_of(talk.typed, talk, shipment)
        if made is None or made.window is None or not wish.says_something:
            return None
        return await self._only_fit(
            talk, shipment, _merge(wish, made.window, ZoneInfo(shipment.timezone))
        )

    async def _of_the_day_shown(self, talk: Talk, shipment: Shipment, wish: Wish) -> Window | None:
        """Hours alone mean the day that was shown in place of one that was not possible."""
        made = await change_delivery.offer(talk.unit, shipment, self.kind, wish, talk.now)
        days = {window.day(ZoneInfo(shipment.timezone)) for window in made.windows}
        if made.fits or len(days) != 1:
            return None
        return await self._only_fit(talk, shipment, Wish(days.pop(), wish.start, wish.end))

    async def _only_fit(self, talk: Talk, shipment: Shipment, wish: Wish) -> Window | None:
        made = await change_delivery.offer(talk.unit, shipment, self.kind, wish, talk.now)
        exact = wish.says_something and made.fits and len(made.windows) == 1
        return made.windows[0] if exact else None


class Contactless(Form):
    """Left at the door; without a ring where somebody sleeps."""

    async def correct(self, talk: Talk, shipment: Shipment) -> list[Event]:
        # What is proposed is said again, now without the bell.
        return [slot("agreed", None)] if dont_ring(talk.typed) else []

    def note(self, talk: Talk) -> str:
        said = (dont_ring(text) for text in talk.texts_since_opening(self.loop))
        return next((words for words in said if words), "")

    async def terms(self, talk: Talk, shipment: Shipment) -> dict[str, Any]:
        return {"quietly": bool(self.note(talk))}


class InWords(Form):
    """A change whose detail is the customer's own words."""

    detail = "detail"

    def note(self, talk: Talk) -> str:
        return str(talk.slot("detail") or "")

    async def first(self, talk: Talk, shipment: Shipment) -> list[Event]:
        texts = talk.texts_since_opening(self.loop)
        if self.kind is RequestKind.neighbour:
            texts = [without_item(text, shipment) for text in texts]
        found = (self.find(talk, text, asked=False) for text in texts)
        detail = self.shared(talk) or next((d for d in found if d), None)
        return [slot("detail", await self._taken(talk, shipment, detail))]

    def answered_by(self, talk: Talk, shipment: Shipment) -> bool:
        """Whether somebody is named: "he is called Dave" asks for nobody."""
        return self.kind in _WITH_NAMES and names_somebody(talk.typed)

    async def read(self, talk: Talk, shipment: Shipment) -> list[Event]:
        detail = self.shared(talk) or self.find(talk, talk.typed, asked=True)
        return [slot("detail", await self._taken(talk, shipment, detail))] if detail else []

    async def correct(self, talk: Talk, shipment: Shipment) -> list[Event]:
        qualifies = says_no(talk.typed) or has_but(talk.typed)
        mine = talk.intent in {self.intent, "inform"} or self.answered_by(talk, shipment)
        # What nobody is sure of is rather more of the note than another wish.
        mine |= self.kind is RequestKind.access_note and talk.confidence < _CLEAR
        named = self.shared(talk) or self.find(talk, talk.typed, asked=not says_yes(talk.typed))
        before = self.note(talk)
        mended = put_right(before, talk.typed) if self.kind in _WITH_NUMBERS else None
        if mended:
            return await self._corrected(talk, shipment, mended)
        if not named or not (qualifies or mine) or plain(named) in plain(before):
            return []
        another = qualifies and self.kind is not RequestKind.change_address
        whole = named if another or self.shared(talk) else complete(self.kind, before, named)
        return await self._corrected(talk, shipment, whole)

    async def _corrected(self, talk: Talk, shipment: Shipment, detail: str) -> list[Event]:
        taken = await self._taken(talk, shipment, detail)
        return [slot("detail", taken), slot("agreed", None)]

    async def ask(self, talk: Talk, shipment: Shipment) -> None:
        facts, question = await talk.facts(shipment), self.question(talk, "detail", shipment)
        against = await self._against(talk, shipment)
        if against is None:
            options = await self.options(talk, shipment)
            talk.say(f"{self.kind}_ask", facts, options=options, question=question)
            return
        await change_delivery.audit_refusal(
            *(talk.unit, talk.conversation, shipment, self.kind),
            *(against.reason, against.rule, talk.now),
        )
        options = [*await self.options(talk, shipment), HUMAN]
        facts |= against.facts
        talk.say(against.reason, facts, options=options, question=question)

    async def options(self, talk: Talk, shipment: Shipment) -> list[Option]:
        """What can be chosen instead of being written."""
        return []

    async def _taken(self, talk: Talk, shipment: Shipment, detail: str | None) -> str | None:
        """The detail if the policy has nothing against it; else it is asked for again."""
        if detail is None:
            return None
        decision = await change_delivery.decide_words(
            talk.unit, shipment, self.kind, detail, talk.now
        )
        return detail if decision.allowed else None

    async def _against(self, talk: Talk, shipment: Shipment) -> Decision | None:
        """What the policy has against what was just said; None when nothing was."""
        if goes_back(talk.typed) or talk.came_back(self.loop):
            return None
        opened = talk.just_opened(self.loop)
        said = self.shared(talk) or self.find(talk, talk.typed, asked=not opened)
        if not said:
            return None
        decision = await change_delivery.decide_words(
            talk.unit, shipment, self.kind, said, talk.now
        )
        return None if decision.allowed else decision

    def find(self, talk: Talk, text: str, *, asked: bool) -> str | None:
        """The detail in one message."""
        return find_detail(self.kind, text, asked=asked)

    def shared(self, talk: Talk) -> str | None:
        """The detail in something that was sent instead of words."""
        return None


class ChangeAddress(InWords):
    """Another address: in words, or the place that was shared on a map."""

    async def correct(self, talk: Talk, shipment: Shipment) -> list[Event]:
        read = await super().correct(talk, shipment)
        answered = says_yes(talk.typed) or says_no(talk.typed) or has_but(talk.typed)
        if read or answered or talk.intent != "inform":
            return read
        before, more = self.note(talk), find_town(talk.typed)
        # "Her name is Pat" puts no street right, nor does a town that comes late.
        whole = with_more(before, more) if more else before
        return await self._corrected(talk, shipment, whole) if whole != before else []

    def shared(self, talk: Talk) -> str | None:
        return f"{MAP_LINK}{talk.location}" if read_place(talk.location) else None


class SafePlace(InWords):
    """A place in the customer's words; where the merchant lists some, one of those."""

    async def read(self, talk: Talk, shipment: Shipment) -> list[Event]:
        rule = (await change_delivery.policy_of(talk.unit, talk.merchant_id)).rule(self.kind)
        if talk.choice and named_place(rule, talk.choice):
            return [slot("detail", talk.choice)]
        return await super().read(talk, shipment)

    async def options(self, talk: Talk, shipment: Shipment) -> list[Option]:
        rule = (await change_delivery.policy_of(talk.unit, talk.merchant_id)).rule(self.kind)
        return [
            option(
                f"place{place}",
                choosing(name),
                key="option_point",
                facts={"point": {"name": name}},
            )
            for place, name in enumerate(list(rule.places)[:_MOST_PLACES])
        ]


class AccessNote(InWords):
    """A note for the courier; who else takes the parcel in is asked for, and told in full."""

    def answered_by(self, talk: Talk, shipment: Shipment) -> bool:
        # "My mother is in" is unrelated to everything but our question.
        return super().answered_by(talk, shipment) or self._tells_who(talk) is not None

    async def read(self, talk: Talk, shipment: Shipment) -> list[Event]:
        told = self._tells_who(talk)
        if told is None:
            return await super().read(talk, shipment)
        return [slot("detail", await self._taken(talk, shipment, told))]

    def _tells_who(self, talk: Talk) -> str | None:
        """Who takes it in, after the words that asked whether they may; None when it is not told."""
        if talk.slot("requested_slot") != self.detail or talk.intent not in _TELLS_WHO:
            return None
        asked = next(filter(asks_for_someone_else, talk.texts_since_opening(self.loop)), None)
        told = asked is not None and "?" not in talk.typed and not says_yes(talk.typed)
        return f"{asked} {talk.typed}"[:LONGEST] if told else None

    async def ask(self, talk: Talk, shipment: Shipment) -> None:
        if not asks_for_someone_else(talk.typed):
            await super().ask(talk, shipment)
            return
        question = self.question(talk, "detail", shipment)
        talk.say("someone_else_ask", await talk.facts(shipment), question=question)


class PickupPointForm(Form):
    """One of the merchant's points; what is kept is its name and address."""

    detail = "detail"

    def note(self, talk: Talk) -> str:
        return str(talk.slot("detail") or "")

    async def first(self, talk: Talk, shipment: Shipment) -> list[Event]:
        if read_place(talk.location):
            talk.remember("near", talk.location)
        texts = " ".join(talk.texts_since_opening(self.loop))
        named = _named_point(await self._points(talk, shipment), texts)
        return [slot("detail", named.label if named else None)]

    async def read(self, talk: Talk, shipment: Shipment) -> list[Event]:
        if read_place(talk.location):
            talk.remember("near", talk.location)
            return [slot("detail", None)]
        points = await self._points(talk, shipment)
        chosen = next((p for p in points if p.id == talk.choice), None)
        if takes_first(talk, self):
            chosen = next(iter(points), None)
        chosen = chosen or _named_point(points, talk.typed)
        if chosen is None and (asks_others(talk.typed) or asks_opening_hours(talk.typed)):
            return [slot("detail", None)]
        return [slot("detail", chosen.label)] if chosen else []

    async def correct(self, talk: Talk, shipment: Shipment) -> list[Event]:
        if read_place(talk.location):
            return [*await self.read(talk, shipment), slot("agreed", None)]
        points, offered = await self._points(talk, shipment), offered_last(talk, self)
        place = chosen_instead(talk.typed, len(offered))
        instead = next((p for p in points if place is not None and p.id == offered[place]), None)
        named = instead or _named_point(points, talk.typed)
        if named is not None and named.label != self.note(talk):
            return [slot("detail", named.label), slot("agreed", None)]
        anew = talk.intent == self.intent and not says_yes(talk.typed)
        if anew or asks_others(talk.typed):
            return [slot("detail", None), slot("agreed", None)]
        # The summary is said again, and has the hours.
        return [slot("agreed", None)] if asks_opening_hours(talk.typed) else []

    async def ask(self, talk: Talk, shipment: Shipment) -> None:
        points = await self._points(talk, shipment)
        if asks_others(talk.typed):
            shown = {chosen_value(o) for asked in talk.askings(self.loop) for o in asked["options"]}
            points = [point for point in points if point.id not in shown] or points
        points = points[:SHOWN]
        options: list[Option] = [
            option(
                f"point{place}",
                choosing(point.id),
                key="option_point",
                facts={"point": {"name": point.name}},
            )
            for place, point in enumerate(points)
        ]
        facts = await talk.facts(shipment)
        day = _arrival(shipment, talk.now)
        facts["points"] = [_point_fact(point, day) for point in points]
        question = self.question(talk, "detail", shipment)
        key = "choose_one" if agrees(talk) else "pickup_point_ask"
        talk.say(key, facts, options=options, question=question)

    def answered_by(self, talk: Talk, shipment: Shipment) -> bool:
        others = asks_others(talk.typed) or asks_opening_hours(talk.typed)
        return others or takes_first(talk, self)

    async def terms(self, talk: Talk, shipment: Shipment) -> dict[str, Any]:
        """When the point is open, which the summary says, so that whoever asks is told."""
        chosen = next(
            (p for p in await self._points(talk, shipment) if p.label == self.note(talk)), None
        )
        return _point_fact(chosen, _arrival(shipment, talk.now)) if chosen else {}

    async def _points(self, talk: Talk, shipment: Shipment) -> list[PickupPoint]:
        near: Place | None = read_place(talk.slot("near"))
        return await change_delivery.pickup_points(talk.unit, shipment, near, talk.now)


FORMS: dict[RequestKind, Form] = {
    kind: made(kind)
    for kind, made in {
        RequestKind.reschedule: Reschedule,
        RequestKind.change_address: ChangeAddress,
        RequestKind.neighbour: InWords,
        RequestKind.pickup_point: PickupPointForm,
        RequestKind.safe_place: SafePlace,
        RequestKind.contactless: Contactless,
        RequestKind.access_note: AccessNote,
        RequestKind.cancel: Form,
    }.items()
}


def takes_first(talk: Talk, form: Form) -> bool:
    """Whether any of the things that were offered will do, or the nearest: that is the first.

    Where only one was offered, a yes takes it.
    """
    if talk.slot("requested_slot") != form.detail:
        return False
    return takes_any(talk.typed) or (agrees(talk) and len(offered_last(talk, form)) == 1)


def offered_last(talk: Talk, form: Form) -> list[str]:
    """The values among which a form has let the customer choose last, in the order shown."""
    for asking in talk.askings(form.loop):
        if asking["question"]["requested"] == form.detail:
            values = [chosen_value(one) for one in asking["options"]]
            return [value for value in values if value is not None]
    return []


def agrees(talk: Talk) -> bool:
    """Whether a bare yes answers a question that offers several things."""
    return bool(talk.slot("requested_slot")) and talk.intent == "affirm" and says_yes(talk.typed)


def window_slot(window: Window) -> str:
    """A window as a slot and as a choice's value: two instants, ISO 8601."""
    return f"{window.start.isoformat()}/{window.end.isoformat()}"


def read_window(value: object) -> Window | None:
    """A window out of a slot or a choice; None when it is something else."""
    start, slash, end = str(value or "").partition("/")
    try:
        return Window(datetime.fromisoformat(start), datetime.fromisoformat(end)) if slash else None
    except ValueError:
        return None


def said_wish(talk: Talk, shipment: Shipment, form: Form) -> Wish:
    """What was said about time since the form was opened, be it in several messages."""
    wish = Wish()
    for text in reversed(talk.texts_since_opening(form.loop)):
        if takes_any(text):
            # "Whenever" leaves the day that was named as it is.
            continue
        if asks_other_days(text):
            wish = Wish(start=wish.start, end=wish.end, refused=_days(wish))
        elif asks_others(text):
            wish = replace(wish, start=None, end=None)
        wish = wish.then(wish_of(text, talk, shipment, wish.day))
    return wish


def _days(wish: Wish) -> tuple[date, ...]:
    return (*wish.refused, *wish.choices, *([wish.day] if wish.day else []))


def wish_of(text: str, talk: Talk, shipment: Shipment, about: date | None = None) -> Wish:
    """Read a wish; "the day after" counts from the day proposed, else from the one planned."""
    zone = ZoneInfo(shipment.timezone)
    planned = shipment.window.day(zone) if shipment.window else None
    halves = _HALF.fullmatch(plain(text))
    return read_wish(
        _HALVES[halves[1]] if halves else text,
        talk.said_at,
        zone,
        shipment.country or talk.contact.country,
        language=talk.contact.language,
        about=about or planned,
    )


def _merge(wish: Wish, before: Window | None, zone: ZoneInfo) -> Wish:
    """A correction changes only what it names: "no, Thursday" keeps the hours."""
    if before is None or wish.ambiguous or wish.past:
        return wish
    start, end = before.start.astimezone(zone), before.end.astimezone(zone)
    wish = wish.beside(Wish(start=start.time(), end=end.time()))
    if wish.start is None:
        return Wish(wish.day, start.time(), end.time())
    return wish if wish.day else Wish(start.date(), wish.start, wish.end)


def _window_key(wish: Wish, *, fits: bool) -> str:
    if wish.past:
        return "reschedule_past"
    named = wish.day or wish.start or wish.choices
    if wish.ambiguous and named:
        return "reschedule_which_day"
    if not named:
        # "Another day", without saying which, is the wish that the form was opened with.
        return "reschedule_window"
    return "reschedule_several" if fits else "reschedule_none_fits"


def _named_point(points: list[PickupPoint], text: str) -> PickupPoint | None:
    """The one point that a message names by a word of its name or street."""
    words = set(_WORD.findall(plain(text)))
    named = [
        p for p in points if words & {w for w in _WORD.findall(plain(p.label)) if len(w) > SHOWN}
    ]
    return named[0] if len(named) == 1 else None


def _point_fact(point: PickupPoint, day: date) -> dict[str, Any]:
    hours = point.open_on(day)
    shown = f"{hours[0]:%H:%M}-{hours[1]:%H:%M}" if hours and point.hours else None
    return {"name": point.name, "address": point.address, "hours": shown, "km": point.km}


def _arrival(shipment: Shipment, now: datetime) -> date:
    zone = ZoneInfo(shipment.timezone)
    today = now.astimezone(zone).date()
    return max(today, shipment.window.day(zone)) if shipment.window else today
