"""Twilio's end of the line: takes what we send, and can report on it as Twilio does.

Not the sandbox: that one keeps phones, holds every request to the contract and draws what it
got, all of which would take the cores from what is measured. The resource in the answer, and
the parameters of webhooks, are the sandbox's own.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator

from bot.domain.merchant import ProviderAccount
from sandbox.twilio.wire import Sms, new_sid


class StandIn:
    """Answers `POST Messages.json`, and tells whoever waits for a message to a number."""

    def __init__(self) -> None:
        self.url = ""
        self.sent = 0
        self.receipts = False
        self._waiting: dict[str, asyncio.Future[str]] = {}
        self._account: ProviderAccount | None = None
        self._http: aiohttp.ClientSession | None = None
        self._reports: set[asyncio.Task[None]] = set()

    def serve(self, account: ProviderAccount, http: aiohttp.ClientSession) -> None:
        """Be this account's provider from now on; `http` carries our reports."""
        self._account, self._http = account, http

    def expect(self, number: str) -> asyncio.Future[str]:
        """The text of the next message to a number."""
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        return future

    async def idle(self) -> None:
        """Wait until every report has been taken."""
        while self._reports:
            await asyncio.wait(self._reports)

    async def create(self, request: web.Request) -> web.Response:
        """Accept a message."""
        assert self._account is not None
        wanted = aiohttp.encode_basic_auth(
            self._account.secrets["account_sid"], self._account.secrets["auth_token"]
        )
        if request.headers.get("Authorization") != wanted:
            return web.json_response({"code": 20003, "message": "Authenticate"}, status=401)
        form = {name: str(value) for name, value in (await request.post()).items()}
        sms = _sms(request.match_info["sid"], form["From"], form["To"], form["Body"])
        sms.status_callback = form.get("StatusCallback")
        self.sent += 1
        waiting = self._waiting.pop(sms.to, None)
        if waiting is not None:
            waiting.set_result(sms.body)
        if self.receipts and sms.status_callback:
            task = asyncio.create_task(self._report(sms, sms.status_callback))
            self._reports.add(task)
            task.add_done_callback(self._reports.discard)
        return web.json_response(sms.resource(), status=201)

    async def _report(self, sms: Sms, url: str) -> None:
        assert self._account is not None
        assert self._http is not None
        token = self._account.secrets["auth_token"]
        for sms.status in ("sent", "delivered"):
            headers = signed(token, url, sms.status_params())
            async with self._http.post(url, data=sms.status_params(), headers=headers) as answer:
                answer.raise_for_status()


def inbound(account: ProviderAccount, number: str, text: str) -> dict[str, str]:
    """The parameters of a webhook with a customer's SMS."""
    sid = account.secrets["account_sid"]
    return _sms(sid, number, account.address, text).inbound_params([])


def webhook(
    gateway: str, account: ProviderAccount, number: str, text: str
) -> tuple[str, dict[str, str], dict[str, str]]:
    """Where a customer's SMS is posted, its form, and the headers with its signature."""
    url = f"{gateway}/webhooks/{account.name}/{account.id}"
    form = inbound(account, number, text)
    return url, form, signed(account.secrets["auth_token"], url, form)


def signed(token: str, url: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """The headers with the signature of Twilio's own library."""
    validator: Any = RequestValidator(token)
    return {"X-Twilio-Signature": str(validator.compute_signature(url, parameters))}


@asynccontextmanager
async def serving() -> AsyncIterator[StandIn]:
    """A stand-in on a free port; its `url` is what an account's `api_base` is made of."""
    stand_in = StandIn()
    app = web.Application()
    app.router.add_post("/twilio/2010-04-01/Accounts/{sid}/Messages.json", stand_in.create)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    stand_in.url = f"http://{host}:{port}"
    try:
        yield stand_in
    finally:
        with contextlib.suppress(aiohttp.ClientError):
            await stand_in.idle()
        await runner.cleanup()


def _sms(account_sid: str, sender: str, to: str, body: str) -> Sms:
    now = datetime.now(UTC)
    return Sms(new_sid("SM"), account_sid, sender, to, body, "outbound-api", "queued", now)
