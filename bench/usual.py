"""The usual stack, as a peer: Celery with Redis, sending through Twilio's own client.

It runs in an environment of its own (see bench/notices.py) and imports nothing of ours. It keeps
nothing and asks nobody: an event goes into the queue as a task, and a task is one message sent.
"""
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUntypedFunctionDecorator=false, reportUnknownArgumentType=false
# pyright: reportFunctionMemberAccess=false

import os
import sys
from typing import Any

from celery import Celery
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

app = Celery("usual", broker=os.environ["USUAL_BROKER"])
app.conf.update(task_ignore_result=True, worker_hijack_root_logger=False)


class _There(TwilioHttpClient):
    """Twilio's transport, led to the stand-in."""

    def request(self, method: str, url: str, *rest: Any, **named: Any) -> Any:
        base = os.environ["USUAL_TWILIO"]
        return super().request(method, url.replace("https://api.twilio.com", base), *rest, **named)


_client: list[Client] = []


@app.task(name="notify")
def notify(sender: str, to: str, body: str) -> None:
    """Send one message; the client is kept from task to task."""
    if not _client:
        sid, token = os.environ["USUAL_SID"], os.environ["USUAL_TOKEN"]
        _client.append(Client(sid, token, http_client=_There()))
    _client[0].messages.create(to=to, from_=sender, body=body)


if __name__ == "__main__":
    count, sender, text = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    for number in range(count):
        notify.delay(sender, f"+336130{number:05d}", text)
