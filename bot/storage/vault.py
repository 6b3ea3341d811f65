"""Encryption of what a database dump must not give away: providers' secrets."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet


class Vault:
    """Seals and opens small mappings with a key derived from the installation's secret."""

    def __init__(self, secret: str) -> None:
        key = hashlib.scrypt(secret.encode(), salt=b"doorstep vault", n=2**14, r=8, p=1, dklen=32)
        self._fernet = Fernet(base64.urlsafe_b64encode(key))
        self._marking = hashlib.sha256(b"doorstep marks " + secret.encode()).digest()

    def seal(self, secrets: Mapping[str, str]) -> bytes:
        return self._fernet.encrypt(json.dumps(dict(secrets)).encode())

    def open(self, sealed: bytes) -> dict[str, str]:
        """Raises cryptography's InvalidToken when the secret is not the one that sealed it."""
        return json.loads(self._fernet.decrypt(sealed))

    def mark(self, text: str) -> str:
        """A digest by which a text is known again, and which tells nothing without the secret."""
        return hmac.digest(self._marking, text.encode(), "sha256").hex()
