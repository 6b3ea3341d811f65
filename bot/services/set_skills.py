"""Which languages and topics an agent is given cases in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.errors import Invalid
from bot.domain.merchant import User
from bot.domain.rights import Right, demand
from bot.services.audit import audit
from bot.services.ports import Units, Wording

TOPICS = (
    "talk_to_human", "engine", "dispute_attempt", "report_not_received", "report_damage",
    "report_wrong_or_missing_item", "return_parcel", "complain", "request_data_erasure",
    "change_address", "deliver_to_neighbour", "use_pickup_point", "leave_in_safe_place",
    "give_access_instructions", "cancel_delivery", "low_score", "disputed", "not_delivered",
)  # fmt: skip
"""What cases are about; see `Conversation.topic`."""


@dataclass(frozen=True)
class SetSkills:
    """What supervisors say of their agents. Where cases go in turn, they go by it."""

    units: Units
    clock: Clock
    wording: Wording

    async def team(self, by: User) -> Sequence[User]:
        """Whoever works here now. Raises Refused for whoever does not lead, as all of these do."""
        demand(by, Right.lead)
        async with self.units() as unit:
            return [one for one in await unit.team.users(by.merchant_id) if one.active]

    @property
    def languages(self) -> Sequence[str]:
        """Those that customers are spoken to in."""
        return self.wording.languages

    async def __call__(
        self, by: User, user_id: UUID, languages: Iterable[str], topics: Iterable[str]
    ) -> None:
        """Set what somebody is given; nothing of a kind means everything of it.

        Raises:
            NotFound: the merchant has no such user.
            Invalid: there is no such language, or topic.
        """
        demand(by, Right.lead)
        skills = {
            "languages": _known("languages", languages, self.languages),
            "topics": _known("topics", topics, TOPICS),
        }
        async with self.units() as unit:
            user = await unit.team.user(by.merchant_id, user_id)
            user.skills = {name: words for name, words in skills.items() if words}
            audit(unit, by, "set_skills", ("user", user.id), self.clock.now())
            await unit.commit()


def _known(field: str, given: Iterable[str], known: Sequence[str]) -> list[str]:
    asked = set(given)
    if odd := sorted(asked - set(known)):
        raise Invalid((field, f"{odd[0]!r} is unknown; known: {', '.join(known)}"))
    return [one for one in known if one in asked]
