"""What the processes log: one line an event, with the request or job it belongs to, and masked.

Phone numbers, e-mail addresses, tokens and passwords are masked in the finished line, whoever
wrote it: our own code, a library, or the text of an exception.
"""

import logging
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TextIO

import structlog
from structlog.contextvars import bound_contextvars
from structlog.types import EventDict, Processor, WrappedLogger

# Libraries that tell of every request or job at INFO, with their contents.
_TALKATIVE = (
    "aiohttp.access",
    "alembic",
    "apscheduler",
    "httpx",
    "procrastinate",
    "rasa_sdk",
    "sanic",
    "telegram",
    "twilio",
)

_TELLING_NAMES = r"[\w-]*(?:token|secret|password|passwd|api_?key|authorization|signature|cookie)"
_BARE_DIGITS = re.compile(r"(?<![\w.:+-])\d{9,15}(?![\w.:-])")
_PHONE = re.compile(r"\+\d(?:[ ().-]{0,2}\d){6,14}|(?<![\w.:+-])0\d(?:[ .-]?\d){8,9}(?![\w-])")
_EMAIL = re.compile(r"[\w.%+-]+(@[\w-]+(?:\.[\w-]+)+)")
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    # What follows a telling name: token=..., "password": "...", Authorization: Bearer ...
    (
        re.compile(
            rf"(?i)(['\"]?\b{_TELLING_NAMES}['\"]?\s*[=:]\s*)"
            r"(?:(?:bearer|basic)\s+)?(?:'[^']*'|\"[^\"]*\"|[^\s'\",;&)}\]]+)"
        ),
        r"\1***",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 ***"),
    # The password within an address.
    (re.compile(r"(://[^\s:/@]+:)[^\s/@]+@"), r"\1***@"),
    # A Telegram bot's token, also in the address of every one of its requests.
    (re.compile(r"\d{6,}:[\w-]{30,}"), "***"),
    # Our own keys, WhatsApp's access tokens.
    (re.compile(r"\b(?:dsk_|EAA)[\w-]{16,}"), "***"),
    # Whoever has the link of a tracking page or of a chat may see the parcel.
    (re.compile(r"(/t/|[?&]start=)[\w-]{20,}"), r"\1***"),
)


def mask(text: str) -> str:
    """The text without what could reach or impersonate a person.

    The ends of a number stay, so that two lines about one person can be told to be so.
    """
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    text = _EMAIL.sub(lambda found: f"{found[0][0]}…{found[1]}", text)
    for pattern in (_PHONE, _BARE_DIGITS):
        text = pattern.sub(lambda found: f"{found[0][:3]}…{found[0][-2:]}", text)
    return text


def about(**what: object) -> AbstractContextManager[None]:
    """While in the block, every line carries these, say `request` or `job`."""
    return bound_contextvars(**what)


def set_up_logs(
    process: str, *, level: str = "INFO", as_json: bool = False, stream: TextIO | None = None
) -> None:
    """Send this process's log, ours and the libraries', to standard error or `stream`.

    Raises:
        ValueError: `level` is none of Python's.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"LOG_LEVEL: {level!r} is no level; INFO, WARNING, DEBUG are")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _with(process),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _rendered(as_json=as_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _with(process: str) -> Processor:
    def add(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        del logger, method
        event["process"] = process
        return event

    return add


def _rendered(*, as_json: bool) -> Callable[[WrappedLogger, str, EventDict], str]:
    render: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )

    def masked(logger: WrappedLogger, method: str, event: EventDict) -> str:
        if as_json:
            # Masked before it becomes JSON, whose quotes a replacement could tear.
            event = {key: _mask_value(key, value) for key, value in event.items()}
            return str(render(logger, method, event))
        return mask(str(render(logger, method, event)))

    return masked


def _mask_value(key: str, value: object) -> object:
    if key == "timestamp" or value is None or isinstance(value, bool | int | float):
        return value
    if re.fullmatch(rf"(?i){_TELLING_NAMES}", key):
        return "***"
    return mask(value if isinstance(value, str) else repr(value))
