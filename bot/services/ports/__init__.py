"""What the services ask of the world: the Protocols that storage, queue and engine fulfil."""

from bot.services.ports.desk import Cases, Presence, Presences, Views
from bot.services.ports.dialogue import Engine, Heard, Languages, Say, Turn, Wording
from bot.services.ports.flows import Feedback, Flows
from bot.services.ports.merchants import (
    Accounts,
    Hooks,
    Merchants,
    SecondFactors,
    Team,
    adapter_account,
)
from bot.services.ports.parcels import (
    Attempts,
    Codes,
    Journeys,
    Points,
    Requests,
    Shipments,
    Unclaimed,
)
from bot.services.ports.people import Merges, People, PersonalData
from bot.services.ports.talk import (
    Conversations,
    MediaFiles,
    MediaStore,
    Messages,
    Paces,
    Questions,
    Templates,
)
from bot.services.ports.work import Jobs, NewJob, ReadAhead, UnitOfMany, UnitOfWork, Units

__all__ = [
    "Accounts",
    "Attempts",
    "Cases",
    "Codes",
    "Conversations",
    "Engine",
    "Feedback",
    "Flows",
    "Heard",
    "Hooks",
    "Jobs",
    "Journeys",
    "Languages",
    "MediaFiles",
    "MediaStore",
    "Merchants",
    "Merges",
    "Messages",
    "NewJob",
    "Paces",
    "People",
    "PersonalData",
    "Points",
    "Presence",
    "Presences",
    "Questions",
    "ReadAhead",
    "Requests",
    "Say",
    "SecondFactors",
    "Shipments",
    "Team",
    "Templates",
    "Turn",
    "Unclaimed",
    "UnitOfMany",
    "UnitOfWork",
    "Units",
    "Views",
    "Wording",
    "adapter_account",
]
