"""Stand-in of Twilio's Programmable Messaging: SMS, and WhatsApp with its Content."""

from sandbox.twilio.service import Twilio
from sandbox.twilio.whatsapp import TwilioWhatsApp

__all__ = ["Twilio", "TwilioWhatsApp"]
