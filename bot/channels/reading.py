"""Reading what providers send: bodies, headers and signatures, with errors that name the field."""

import hashlib
import hmac
import json
import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

from bot.channels.base import Account, WebhookRequest
from bot.domain.errors import BadSignature, MalformedUpdate, Permanent


def header(request: WebhookRequest, name: str) -> str:
    """Return a header whatever its case, or an empty string."""
    wanted = name.lower()
    return next((value for key, value in request.headers.items() if key.lower() == wanted), "")


PREVIOUS = "previous_"
"""Before the name of a secret: the one that it replaces, while it is being rotated."""


def secrets_of(account: Account, name: str) -> list[str]:
    """Return the secret `name` and, while it is being rotated, `previous_<name>`.

    An account without the secret has none, so nothing can be verified against it.
    """
    found = (account.secrets.get(key, "") for key in (name, f"{PREVIOUS}{name}"))
    return [secret for secret in found if secret]


def credential(account: Account, name: str) -> str:
    """Return a secret that calling the provider needs.

    Raises:
        Permanent: the account lacks it.
    """
    if secret := account.secrets.get(name, ""):
        return secret
    raise Permanent(f"the {account.channel} account {account.id} has no {name}", "account")


def same_as_any(given: str, expected: Iterable[str]) -> bool:
    """Compare with every candidate in constant time, without stopping at the first match."""
    matches = [hmac.compare_digest(given.encode(), one.encode()) for one in expected]
    return any(matches)


def hex_sha256(secret: str, body: bytes) -> str:
    """Return the hexadecimal HMAC-SHA256 of a body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def check_body_signature(account: Account, request: WebhookRequest, name: str, secret: str) -> None:
    """Check a `sha256=<hex>` header over the raw body.

    Args:
        account: whose secret it is.
        request: the request as it came.
        name: the header's name.
        secret: the secret's name in the account.

    Raises:
        BadSignature: the header is missing or was not made with one of the account's secrets.
    """
    given = header(request, name)
    expected = [f"sha256={hex_sha256(key, request.body)}" for key in secrets_of(account, secret)]
    if not same_as_any(given, expected):
        raise BadSignature(f"{name} is {'wrong' if given else 'missing'}")


def storable(text: str) -> str:
    """Drop what no database takes: NUL characters, and halves of surrogate pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "")


class Reader:
    """A JSON value and where it stands, so that an error can name the field."""

    __slots__ = ("path", "value")

    def __init__(self, value: Any, path: str = "") -> None:
        self.value: Any = value
        self.path = path

    @classmethod
    def of(cls, body: bytes) -> "Reader":
        """Read a body.

        Raises:
            MalformedUpdate: it is not JSON in UTF-8.
        """
        try:
            value = json.loads(body.decode(), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise MalformedUpdate(f"the body is not JSON: {error}") from None
        return cls(_clean(value))

    def wrong(self, problem: str) -> MalformedUpdate:
        """Return the error that says what is wrong with this value."""
        return MalformedUpdate(f"{self.path or 'the body'}: {problem}")

    @property
    def object(self) -> dict[str, Any]:
        value = self.value
        if not isinstance(value, dict):
            raise self.wrong("must be an object")
        return cast("dict[str, Any]", value)

    def __getitem__(self, key: str) -> "Reader":
        members = self.object
        path = f"{self.path}.{key}" if self.path else key
        if key not in members:
            raise MalformedUpdate(f"{path}: is missing")
        return Reader(members[key], path)

    def get(self, key: str) -> "Reader | None":
        """Return a member, or None when it is absent or null."""
        return self[key] if self.object.get(key) is not None else None

    def __iter__(self) -> Iterator["Reader"]:
        value = self.value
        if not isinstance(value, list):
            raise self.wrong("must be a list")
        for place, item in enumerate(cast("list[Any]", value)):
            yield Reader(item, f"{self.path}[{place}]")

    def each(self, key: str) -> Iterator["Reader"]:
        """Go through the list at `key`; an absent one is empty."""
        member = self.get(key)
        yield from member if member is not None else ()

    @property
    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.wrong("must be text")
        return self.value

    @property
    def filled(self) -> str:
        """The text, which may not be empty."""
        if not self.text.strip():
            raise self.wrong("must not be empty")
        return self.text

    def text_at(self, key: str, default: str = "") -> str:
        """Return the text at `key`, or the default when it is absent or null."""
        member = self.get(key)
        return default if member is None else member.text

    @property
    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.wrong("must be a number")
        try:
            number = float(self.value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.wrong("is too large")
        return number

    @property
    def unix_time(self) -> datetime:
        """Seconds since 1970, as a number or in text."""
        try:
            return datetime.fromtimestamp(int(self.value), UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            raise self.wrong("must be a Unix time in seconds") from None

    @property
    def instant(self) -> datetime:
        """An ISO 8601 date and time with its offset."""
        try:
            moment = datetime.fromisoformat(self.text)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.wrong("must be a date and time like 2026-11-23T14:05:00Z") from None
        raise self.wrong("needs an offset or Z, as in 2026-11-23T14:05:00Z")


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_clean(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {storable(key): _clean(item) for key, item in members.items()}
    return value
