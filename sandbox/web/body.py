"""Reading JSON bodies, and answering what is wrong with them."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web


def problem(status: int, reason: str) -> web.HTTPException:
    """An HTTP error with ``{"error": reason}`` as its body, to be raised."""
    kinds = {400: web.HTTPBadRequest, 404: web.HTTPNotFound, 409: web.HTTPConflict}
    kind = kinds.get(status, web.HTTPBadGateway)
    return kind(text=json.dumps({"error": reason}), content_type="application/json")


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object, whatever its content type claims. Raises a 400."""
    try:
        body = json.loads(await request.read())
    except ValueError as exc:
        raise problem(400, f"body is not JSON: {exc}") from exc
    if not isinstance(body, dict):
        raise problem(400, "body is not a JSON object")
    return body
