"""Who says when a parcel comes, and whose word stands."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.when import Window


class By(StrEnum):
    """Whose estimate it is; the last two are our own."""

    carrier = "carrier"
    merchant = "merchant"
    position = "position"
    """By where the courier is."""
    history = "history"
    """By how long such parcels have taken."""

    @property
    def ours(self) -> bool:
        return self in {By.position, By.history}


@dataclass(frozen=True)
class Estimate:
    """When a parcel is expected, and who says so."""

    window: Window
    by: By


def prevailing(given: Estimate | None, own: Estimate | None) -> Estimate | None:
    """Which of two estimates stands.

    What was given goes before our history. Where the courier is narrows what was given, and goes
    before it when it says that the parcel comes later. It does not when it says earlier: other
    stops may lie between, and nobody is asked to be in before the time that they were given.
    """
    if given is None or own is None:
        return given or own
    if own.by is By.history:
        return given
    if given.window.overlap(own.window) * 2 < own.window.end - own.window.start:
        return own if own.window.end > given.window.end else given
    start, end = (
        max(given.window.start, own.window.start),
        min(given.window.end, own.window.end),
    )
    return Estimate(Window(start, end), By.position)


def still_holds(told: Window, now: Estimate, tolerance: timedelta) -> bool:
    """Whether who goes by `told` need not be told of the present estimate.

    A window that was given holds while the present one lies within it. Our own are likely, not
    promised, and move a little all the time: what was told holds while it is at least as likely
    as not, which is while half of the present one lies within it.
    """
    window = now.window
    wide = Window(told.start - tolerance, told.end + tolerance)
    if now.by.ours:
        return wide.overlap(window) * 2 >= window.end - window.start
    return wide.start <= window.start and window.end <= wide.end
