"""Stand-in of Meta's WhatsApp Cloud API."""

from sandbox.whatsapp.service import WhatsApp

__all__ = ["WhatsApp"]
