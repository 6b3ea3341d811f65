"""What a page asks of whoever opens it, said beside the page's own function."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.domain.rights import Right

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_RIGHT = "_doorstep_right"
_OPEN = "_doorstep_open"


def needs(right: Right) -> Callable[[Handler], Handler]:
    """Let a page be opened by those only whose role includes a right."""

    def marked(handler: Handler) -> Handler:
        setattr(handler, _RIGHT, right)
        return handler

    return marked


def open_to_all(handler: Handler) -> Handler:
    """Let a page be opened without signing in."""
    setattr(handler, _OPEN, True)
    return handler


def right_for(handler: object) -> Right:
    """What a page asks for; without a word of its own, what everybody who works here may."""
    return getattr(handler, _RIGHT, Right.converse)


def is_open(handler: object) -> bool:
    """Whether a page may be opened without signing in."""
    return getattr(handler, _OPEN, False)
