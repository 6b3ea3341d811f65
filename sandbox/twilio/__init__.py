"""Stand-in of Twilio's Programmable Messaging (SMS)."""

from sandbox.twilio.service import Twilio

__all__ = ["Twilio"]
