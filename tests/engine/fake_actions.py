"""A tiny action server: just enough of the forms to prove what the rules promise.

Every plain action says its own name. The forms run through rasa-sdk's own FormValidationAction,
so that extraction, rejection and asking go the way they go with the real actions.
"""

import asyncio
import threading
from typing import Any

from aiohttp import web
from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from tests.engine.ports import free_port

type Slots = dict[str, Any]


def _asked(tracker: Tracker, slot: str) -> bool:
    return tracker.get_slot("requested_slot") == slot


def _intent(tracker: Tracker) -> str | None:
    return tracker.latest_message["intent"].get("name")


def _text(tracker: Tracker) -> str:
    return tracker.latest_message.get("text") or ""


def _yes_or_no(tracker: Tracker) -> Slots:
    answer = {"affirm": True, "deny": False}.get(_intent(tracker) or "")
    return {} if answer is None or not _asked(tracker, "agreed") else {"agreed": answer}


class _Form(FormValidationAction):
    async def extract_parcel(self, _: CollectingDispatcher, tracker: Tracker, __: Any) -> Slots:
        return {} if tracker.get_slot("parcel") else {"parcel": "p1"}

    async def extract_agreed(self, _: CollectingDispatcher, tracker: Tracker, __: Any) -> Slots:
        return _yes_or_no(tracker)


class ChangeForm(_Form):
    """Any change; what it needs besides is an "evening" or a "shed", in words or chosen."""

    def __init__(self, form: str) -> None:
        self._form = form

    def name(self) -> str:
        return f"validate_{self._form}"

    async def extract_detail(self, _: CollectingDispatcher, tracker: Tracker, __: Any) -> Slots:
        return {"detail": "shed"} if "shed" in _text(tracker) else {}

    async def extract_window(self, _: CollectingDispatcher, tracker: Tracker, __: Any) -> Slots:
        choice = next(tracker.get_latest_entity_values("choice"), None)
        if choice:
            return {"window": choice}
        return {"window": "evening"} if "evening" in _text(tracker) else {}


class NpsForm(FormValidationAction):
    def name(self) -> str:
        return "validate_nps_form"

    async def extract_nps_score(self, _: CollectingDispatcher, tracker: Tracker, __: Any) -> Slots:
        text = _text(tracker).strip()
        return {"nps_score": int(text)} if _asked(tracker, "nps_score") and text.isdigit() else {}

    async def extract_nps_comment(
        self, _: CollectingDispatcher, tracker: Tracker, __: Any
    ) -> Slots:
        return {"nps_comment": _text(tracker)} if _asked(tracker, "nps_comment") else {}


class _Says(Action):
    """Says its name, and the slots that a test wants to see."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        shown = (
            "parcel",
            "window",
            "detail",
            "agreed",
            "extra",
            "later",
            "survey",
            "nps_score",
            "nps_comment",
        )
        slots = {name: tracker.get_slot(name) for name in shown}
        dispatcher.utter_message(json_message={"say": self._name, "with": slots})
        return []


class _Silent(_Says):
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        return []


class FakeActions:
    """The server, in a thread of its own; `stop` and `start` are the outage."""

    def __init__(self, plain: list[str]) -> None:
        self.port = free_port()
        self.calls = 0
        self.spoilt = False  # when set, answers are not what Rasa's action API asks for
        self._executor = ActionExecutor()
        for name in plain:
            silent = name == "action_ask_nps_form_nps_score"
            self._executor.register_action(_Silent(name) if silent else _Says(name))
        changes = [name.removeprefix("action_ask_").removesuffix("_agreed") for name in plain
                   if name.startswith("action_ask_") and name.endswith("_agreed")]  # fmt: skip
        for form in (*map(ChangeForm, changes), NpsForm()):
            self._executor.register_action(form)
        self._loop = asyncio.new_event_loop()
        self._runner: web.AppRunner | None = None
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhook"

    def start(self) -> None:
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)

    async def _start(self) -> None:
        app = web.Application(client_max_size=10_000_000)
        app.router.add_post("/webhook", self._run)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def _stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _run(self, request: web.Request) -> web.Response:
        self.calls += 1
        result = await self._executor.run(await request.json())
        assert result is not None
        answer = result.model_dump()
        if self.spoilt:
            answer["events"] = [{"event": "nosuch"}]
        return web.json_response(answer)
