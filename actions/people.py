"""Cases for a person, and what concerns the messages themselves."""

from actions.base import DoorstepAction, Event, Talk
from actions.choices import HUMAN
from bot.services import consents
from bot.services.hand_over import hand_over

_KINDS = {
    "change_address": "change_address",
    "deliver_to_neighbour": "neighbour",
    "use_pickup_point": "pickup_point",
    "leave_in_safe_place": "safe_place",
    "give_access_instructions": "access_note",
    "cancel_delivery": "cancel",
}


class HandOver(DoorstepAction):
    title = "action_hand_over"

    async def act(self, talk: Talk) -> list[Event]:
        changed = await hand_over(talk.unit, talk.conversation, talk.intent, talk.now)
        talk.say("handed_over" if changed else "handed_over_already")
        return []


class Escalate(DoorstepAction):
    """Something went wrong: say so as a person would, and fetch one."""

    title = "action_escalate"

    async def act(self, talk: Talk) -> list[Event]:
        await hand_over(talk.unit, talk.conversation, talk.intent, talk.now)
        talk.say("escalated", {"topic": talk.intent})
        return []


class OtherRequest(DoorstepAction):
    """A change that a person has to make."""

    title = "action_other_request"

    async def act(self, talk: Talk) -> list[Event]:
        talk.say("other_request", {"kind": _KINDS.get(talk.intent, "")}, options=(HUMAN,))
        return []


class StopMessages(DoorstepAction):
    """Said in one's own words: then it means every channel."""

    title = "action_stop_messages"

    async def act(self, talk: Talk) -> list[Event]:
        every = consents.EVERY_CHANNEL
        await consents.stop(talk.unit, talk.contact, every, "words", talk.text, talk.now)
        talk.say("stopped")
        return []


class ResumeMessages(DoorstepAction):
    title = "action_resume_messages"

    async def act(self, talk: Talk) -> list[Event]:
        every = consents.EVERY_CHANNEL
        await consents.start(talk.unit, talk.contact, every, "words", talk.text, talk.now)
        talk.say("restarted")
        return []


class SetPreferences(DoorstepAction):
    title = "action_set_preferences"

    async def act(self, talk: Talk) -> list[Event]:
        talk.say("preferences", options=(HUMAN,))
        return []
