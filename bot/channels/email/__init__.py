"""E-mail, sent by SMTP and taken in by a signed webhook.

An account's `address` is the mailbox that messages come from and go to (`parcels@shop.example`).
The mail server must deliver plus addresses (`parcels+<token>@shop.example`) to it: answers come to
one, and the token in it is how we know who answers.

Its options: `smtp_host`, `smtp_port` (default 587), `smtp_security` (`starttls`, the default;
`tls`; or `none` for a server on the same machine), and the look of a mail: `colour` (#RRGGBB),
`logo_url`. Its secrets: `smtp_user`, `smtp_password` (where the server asks for them),
`webhook_secret`, and `previous_webhook_secret` while that one is being rotated.

Mail comes in as `POST /webhooks/email/<account>` with the whole message (RFC 5322) as the body and
`X-Doorstep-Signature: sha256=<hex HMAC-SHA256 of the body with webhook_secret>`; docs/email.md has
a recipe for a mail server's pipe.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bot.channels.base import (
    Account,
    Capabilities,
    Update,
    WebhookAnswer,
    WebhookRequest,
    Worded,
)
from bot.channels.email import client, parse, render
from bot.channels.reading import check_body_signature


class Email:
    """Mail over SMTP."""

    name = "email"
    capabilities = Capabilities(
        text_limit=render.TEXT_LIMIT,
        buttons=render.BUTTONS,
        button_title_limit=render.TITLE_LIMIT,
        address_is="email",
        framed=True,
        attachments=render.ATTACHMENTS,
        carries_files=True,
        forgeable=True,
    )

    def __init__(self, timeout: float = client.TIMEOUT) -> None:
        self._timeout = timeout

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-Doorstep-Signature`. Raises BadSignature."""
        check_body_signature(account, request, "X-Doorstep-Signature", "webhook_secret")

    def parse(self, account: Account, request: WebhookRequest) -> list[Update]:
        """Read a mail: a message, a bounce, or nothing (a machine's reply). Raises MalformedUpdate."""
        return parse.parse(account, request)

    def answer(self, account: Account, request: WebhookRequest) -> WebhookAnswer:
        """Nothing is replied; answers are mails of their own."""
        return WebhookAnswer()

    def render(self, account: Account, message: Worded) -> list[dict[str, Any]]:
        """Shape a message into one mail, its choices as links."""
        return render.render(account, message)

    async def send(
        self, account: Account, to: str, payload: Mapping[str, Any], reference: UUID
    ) -> str:
        """Hand one mail to the account's server; returns its Message-ID."""
        return await client.send(account, to, payload, reference, self._timeout)

    async def close(self) -> None:
        """Nothing is held open."""
