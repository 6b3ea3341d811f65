"""The public API: `/api/v1`."""

from bot.web.api.routes import setup

__all__ = ["setup"]
