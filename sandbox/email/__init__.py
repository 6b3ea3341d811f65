"""A mail server's stand-in: it takes our mail by SMTP, and posts the people's answers."""

from sandbox.email.service import Mail

__all__ = ["Mail"]
