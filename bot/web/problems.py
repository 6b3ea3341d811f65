"""Errors over HTTP: problem details (RFC 9457) for machines, a request id for whoever asks why."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from math import ceil
from typing import Any

import structlog
from aiohttp import web

from bot.domain.errors import (
    BadSignature,
    Conflict,
    DoorstepError,
    Invalid,
    Limited,
    MalformedUpdate,
    NotFound,
    Refused,
    Temporary,
)
from bot.domain.ids import new_id

logger = structlog.get_logger(__name__)

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CONTENT_TYPE = "application/problem+json"
REQUEST_ID = "X-Request-Id"
REQUEST_ID_KEY: web.RequestKey[str] = web.RequestKey("request_id", str)

# Pages are for people and answer in HTML; these are for programs.
_FOR_PROGRAMS = ("/api/", "/webhooks/", "/sandbox/")
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_RETRY = timedelta(seconds=2)
_ERRORS: tuple[tuple[type[DoorstepError], int, str], ...] = (
    (Invalid, 422, "The request is not valid"),
    (NotFound, 404, "Not found"),
    (Refused, 409, "The rules do not allow it"),
    (BadSignature, 403, "The signature is wrong or missing"),
    (MalformedUpdate, 400, "The body cannot be read"),
    (Limited, 429, "Too many requests"),
    (Temporary, 503, "Try again"),
)


def problem(
    status: int,
    title: str,
    detail: str = "",
    *,
    errors: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    **more: str,
) -> web.Response:
    """A problem details answer. `errors` are (field, what is wrong and how to mend it)."""
    document: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        document["detail"] = detail
    if errors:
        document["errors"] = [{"field": field, "detail": text} for field, text in errors]
    return web.json_response(
        document | more, status=status, content_type=CONTENT_TYPE, headers=headers
    )


@web.middleware
async def problem_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, and every error the shape its reader understands."""
    given = request.headers.get(REQUEST_ID, "")
    request_id = given if _SANE_ID.fullmatch(given) else new_id().hex
    request[REQUEST_ID_KEY] = request_id
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        response = await _answer(request, handler, request_id)
    if not response.prepared:
        response.headers.setdefault(REQUEST_ID, request_id)
    return response


async def _answer(request: web.Request, handler: Handler, request_id: str) -> web.StreamResponse:
    for_programs = request.path.startswith(_FOR_PROGRAMS)
    try:
        return await handler(request)
    except web.HTTPException as error:
        if not for_programs or error.status < 400:
            raise
        return problem(
            error.status, *_words(request, error), instance=request.path, headers=_kept(error)
        )
    except DoorstepError as error:
        answer = of_error(error, request.path) if for_programs else None
        if answer is not None:
            return answer
        if isinstance(error, NotFound):
            raise web.HTTPNotFound from None
        return _unexpected(request, request_id, error)
    except Exception as error:  # noqa: BLE001  the last place where anything can be caught
        return _unexpected(request, request_id, error)


def of_error(error: DoorstepError, instance: str) -> web.Response | None:
    """The answer to one of our own errors; None for one that says nothing to a caller."""
    found = next(
        ((status, title) for kind, status, title in _ERRORS if isinstance(error, kind)), None
    )
    if found is None:
        return None
    wait = error.wait if isinstance(error, Limited) else _RETRY
    again = {"Retry-After": str(ceil(wait.total_seconds()))}
    return problem(
        *found,
        _detail(error),
        errors=error.problems if isinstance(error, Invalid) else (),
        headers=again if isinstance(error, Temporary) else None,
        instance=instance,
    )


def _detail(error: DoorstepError) -> str:
    if isinstance(error, Invalid):
        count = len(error.problems)
        return f"{count} field{'s' if count > 1 else ''} cannot be used as given"
    # A conflict's own words are the database's.
    return "" if isinstance(error, Conflict) else str(error)


def _unexpected(request: web.Request, request_id: str, error: Exception) -> web.Response:
    logger.error("a request failed", method=request.method, path=request.path, exc_info=error)
    if not request.path.startswith(_FOR_PROGRAMS):
        return web.Response(
            status=500,
            text=f"Something went wrong on our side. If it happens again, quote {request_id}.",
        )
    return problem(
        500,
        "Something went wrong on our side",
        f"It has been logged under the request id {request_id}.",
        instance=request.path,
        request_id=request_id,
    )


def _words(request: web.Request, error: web.HTTPException) -> tuple[str, str]:
    """Title and detail; aiohttp's own texts only repeat the status."""
    title = HTTPStatus(error.status).phrase
    said = (error.text or "").removeprefix(f"{error.status}: ")
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return "The body is too large", f"at most {request.client_max_size} bytes are taken"
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        return title, f"{request.method} is not possible here; possible: {allowed}"
    if isinstance(error, web.HTTPNotFound):
        return title, f"there is nothing at {request.path}"
    return title, "" if said in {error.reason, title} else said


def _kept(error: web.HTTPException) -> dict[str, str]:
    """The headers that mean something beside the body, which is replaced."""
    return {n: error.headers[n] for n in ("Allow", "WWW-Authenticate") if n in error.headers}
