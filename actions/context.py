"""What every action works with; given once, by whoever starts the action server."""

from typing import Protocol

from bot.domain.clock import Clock
from bot.services.catalogue import Services
from bot.services.links import Links
from bot.services.one_time_codes import OneTimeCodes
from bot.services.ports import Engine, Units


class Surroundings(Protocol):
    """The part of the wired application that actions need."""

    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Units: ...
    @property
    def links(self) -> Links: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def services(self) -> Services: ...
    @property
    def codes(self) -> OneTimeCodes: ...


_current: Surroundings | None = None


def use(surroundings: Surroundings | None) -> None:
    """Let this process's actions work with an application; None takes it away again."""
    global _current  # noqa: PLW0603  rasa-sdk makes the actions: there is no other way in
    _current = surroundings


def current() -> Surroundings:
    """Raises RuntimeError when nobody has called `use`."""
    if _current is None:
        raise RuntimeError("the action server was started without an application")
    return _current
