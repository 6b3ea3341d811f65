"""`actions`: the engine's custom actions, in this Python, with the product's services."""

import argparse
import warnings
from typing import Any

from bot.commands.common import CommandError, serve, stop_event
from bot.settings import Settings
from bot.wiring import wire


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Serve actions until stopped; 2 when the port is taken."""
    del options
    return serve("actions", _serve)


async def _serve(settings: Settings) -> int:
    with warnings.catch_warnings():
        # rasa-sdk's libraries speak of their own old age while they are imported.
        warnings.simplefilter("ignore")
        from rasa_sdk.endpoint import (  # noqa: PLC0415
            create_app,  # pyright: ignore[reportUnknownVariableType]
        )
        from rasa_sdk.executor import ActionExecutor  # noqa: PLC0415

    from actions import context  # noqa: PLC0415

    # They are: every release is tried, in the conversation tests.
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk")
    stop = stop_event()
    async with wire(settings) as application:
        context.use(application)
        executor = ActionExecutor()
        executor.register_package("actions")
        app: Any = create_app(executor, cors_origins=[])  # pyright: ignore[reportUnknownVariableType]
        # In this process and loop: rasa-sdk's own way would start others, with nothing wired.
        try:
            server = await app.create_server(
                settings.actions_host, settings.actions_port, access_log=False
            )
        except OSError as error:
            where = f"{settings.actions_host}:{settings.actions_port}"
            raise CommandError(
                f"cannot listen on {where}: {error.strerror}; another port: ACTIONS_PORT=…"
            ) from None
        await server.startup()
        await server.start_serving()
        await stop.wait()
        server.close()
        context.use(None)
    return 0
