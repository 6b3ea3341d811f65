"""Days and time windows: made, compared, and read out of plain words (see docs/dates.md)."""

from bot.domain.when.reading import read_wish
from bot.domain.when.window import DAY_CLOSES, DAY_OPENS, Window, Wish

__all__ = ["DAY_CLOSES", "DAY_OPENS", "Window", "Wish", "read_wish"]
