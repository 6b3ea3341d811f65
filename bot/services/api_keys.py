"""Merchants' bearer keys: shown once, kept as a hash."""

import hashlib
import secrets

_PREFIX = "dsk_"


def new_key() -> str:
    """A key with 256 random bits; the prefix lets scanners for leaked secrets know it."""
    return _PREFIX + secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """The hash under which a key is kept. Plain SHA-256 will do: keys cannot be guessed."""
    return hashlib.sha256(key.encode()).hexdigest()
