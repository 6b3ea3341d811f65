"""Small talk, and what was not understood."""

import re

from actions.base import DoorstepAction, Event, Option, Talk, option
from actions.choices import HUMAN, START
from actions.parcel import find, tell_status

_LANGUAGES = {
    "en": re.compile(r"\b(english|anglais|ingles|englisch)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(french|fran[cç]ais|frances|französisch)\b", re.IGNORECASE),
}


class Greet(DoorstepAction):
    title = "action_greet"

    async def act(self, talk: Talk) -> list[Event]:
        name = (talk.contact.name.split() or [""])[0]
        talk.say("greet", {"name": name}, options=START)
        return []


class _Says:
    """The part of an action that only says something."""

    key: str
    options: tuple[Option, ...] = ()

    async def act(self, talk: Talk) -> list[Event]:
        talk.say(self.key, options=self.options)
        return []


class Goodbye(_Says, DoorstepAction):
    title, key = "action_goodbye", "goodbye"


class Thank(_Says, DoorstepAction):
    title, key = "action_thank", "thank"


class Capabilities(_Says, DoorstepAction):
    title, key, options = "action_capabilities", "capabilities", START


class BotChallenge(_Says, DoorstepAction):
    title, key, options = "action_bot_challenge", "bot_challenge", (HUMAN,)


class NotUnderstood(_Says, DoorstepAction):
    title, key, options = "action_not_understood", "not_understood", START


class Feedback(_Says, DoorstepAction):
    title, key = "action_feedback", "feedback_thanks"


class Acknowledge(DoorstepAction):
    """A yes or a no to nothing in particular: it is heard, and agrees to nothing."""

    title = "action_acknowledge"

    async def act(self, talk: Talk) -> list[Event]:
        talk.say("acknowledge_no" if talk.intent == "deny" else "acknowledge_yes")
        return []


class Inform(DoorstepAction):
    """A value that no form waits for: a parcel's number, or a choice of an older message."""

    title = "action_inform"

    async def act(self, talk: Talk) -> list[Event]:
        wordless = next((kind for kind in ("media", "location") if talk.value(kind)), None)
        if wordless is not None:
            talk.say("media_image" if wordless == "media" else "media_location", options=(HUMAN,))
            return []
        parcels = await talk.parcels()
        if parcels.own and talk.choice is None and not parcels.named(talk.typed):
            talk.say("inform_unclear", options=START)
            return []
        shipment = await find(talk)
        return await tell_status(talk, shipment) if shipment else []


class ChangeLanguage(DoorstepAction):
    title = "action_change_language"

    async def act(self, talk: Talk) -> list[Event]:
        wanted = talk.choice if talk.choice in _LANGUAGES else _language(talk.typed)
        if wanted is None:
            options = [
                option("english", '/change_language{"choice": "en"}'),
                option("french", '/change_language{"choice": "fr"}'),
            ]
            talk.say("language_which", options=options)
            return []
        talk.contact.language = wanted
        talk.say("language_changed")
        return []


def _language(text: str) -> str | None:
    found = [language for language, words in _LANGUAGES.items() if words.search(text)]
    return found[0] if len(found) == 1 else None
