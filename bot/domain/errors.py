"""Errors, named by what the caller does next."""

from datetime import timedelta


class DoorstepError(Exception):
    """The base of everything that Doorstep raises on purpose; the message is for people."""


class Refused(DoorstepError):
    """The rules do not allow it; say why to whoever asked. `reason` is a wording key."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


class NotFound(DoorstepError):
    """There is no such thing within this merchant."""


class Invalid(DoorstepError):
    """The input is wrong; each problem is (field, what is wrong and how to mend it)."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {text}" for field, text in problems))
        self.problems = problems


class BadSignature(DoorstepError):
    """The sender did not prove who it is: answer 403 and store nothing."""


class MalformedUpdate(DoorstepError):
    """A provider's request that cannot be read: answer 400 with this message."""


class Temporary(DoorstepError):
    """Nothing was done; trying again later may work."""


class Conflict(Temporary):
    """Somebody else made the same thing at the same moment; do it again and find theirs."""


class Limited(Temporary):
    """Asked to slow down; try again after `wait`.

    `one_recipient`: only with this one; else the whole account is to be silent for so long.
    """

    def __init__(self, message: str, wait: timedelta, *, one_recipient: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.one_recipient = one_recipient


class NotYet(Limited):
    """By the pace that we keep ourselves its turn comes after `wait`, and then for certain."""


class Permanent(DoorstepError):
    """Will never work as it is; `code` is the provider's own."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class OptedOut(Permanent):
    """The provider keeps a refusal of the recipient's that we have not heard of.

    `purpose` is what was refused: nothing named is all.
    """

    def __init__(self, message: str, code: str | None = None, purpose: str = "") -> None:
        super().__init__(message, code)
        self.purpose = purpose


class Unreachable(Permanent):
    """Nothing reaches this address: blocked by its owner, or no such address."""


class WindowClosed(Permanent):
    """Free words may not be sent to this person until they write again; a template may."""


class NotTaken(Permanent):
    """A carrier's API has no way to say this; nobody has refused it, and people may arrange it."""


class OutcomeUnknown(DoorstepError):
    """The request may or may not have been carried out; reconcile before repeating."""
