"""The repositories: every query that the services make, each scoped to its merchant."""

from bot.storage.repositories.attempts import Attempts
from bot.storage.repositories.conversations import Conversations, MediaFiles, Messages, Questions
from bot.storage.repositories.feedback import Feedback
from bot.storage.repositories.flows import Flows
from bot.storage.repositories.journeys import Journeys
from bot.storage.repositories.merchants import Accounts, Merchants
from bot.storage.repositories.people import People
from bot.storage.repositories.requests import Codes, Requests
from bot.storage.repositories.sending import Paces, Templates
from bot.storage.repositories.shipments import Shipments, Unclaimed

__all__ = [
    "Accounts",
    "Attempts",
    "Codes",
    "Conversations",
    "Feedback",
    "Flows",
    "Journeys",
    "MediaFiles",
    "Merchants",
    "Messages",
    "Paces",
    "People",
    "Questions",
    "Requests",
    "Shipments",
    "Templates",
    "Unclaimed",
]
