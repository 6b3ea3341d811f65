"""What every request of the API goes through: whose key it is, and whether its body is JSON."""

import json
from typing import Any, NoReturn

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.domain.errors import Invalid
from bot.domain.merchant import Merchant
from bot.services.intake import read_reference
from bot.services.intake_words import in_words
from bot.web.keys import APPLICATION

_JSON = "application/json"
_LONGEST_KEY = 200


async def authenticate(request: web.Request) -> Merchant:
    """The merchant whose bearer key came with the request; 401 for anybody else."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key:
        raise web.HTTPUnauthorized(
            text="send the merchant's key: Authorization: Bearer dsk_...",
            headers={"WWW-Authenticate": 'Bearer realm="doorstep"'},
        )
    find = request.app[APPLICATION].services.find_merchant
    known = await find(key) if len(key) <= _LONGEST_KEY else None
    if known is None:
        raise web.HTTPUnauthorized(
            text="this key is not known, or has been revoked",
            headers={"WWW-Authenticate": 'Bearer realm="doorstep", error="invalid_token"'},
        )
    return known


def reference_of(request: web.Request) -> str:
    """The shipment that the address names. Raises Invalid."""
    return read_reference(request.match_info["reference"])


async def read_json(request: web.Request) -> Any:
    """The body, as it stands; 415, 413 or 400 when it is not JSON that can be taken."""
    if request.content_type != _JSON:
        raise web.HTTPUnsupportedMediaType(text=f"send the body as Content-Type: {_JSON}")
    limit = request.client_max_size
    if request.content_length is not None and request.content_length > limit:
        # Known before a byte of it is read.
        raise web.HTTPRequestEntityTooLarge(limit, request.content_length)
    body = await request.read()
    if not body.strip():
        raise web.HTTPBadRequest(text="the body is empty; send a JSON object")
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise web.HTTPBadRequest(text=f"the body is not JSON: {error.msg} at {where}") from None
    except UnicodeDecodeError as error:
        raise web.HTTPBadRequest(text=f"the body is not UTF-8 at byte {error.start}") from None
    except (ValueError, RecursionError) as error:
        raise web.HTTPBadRequest(text=f"the body is not JSON: {error}") from None


def read_query[T: BaseModel](request: web.Request, model: type[T]) -> T:
    """The query of the address. Raises Invalid, also for a parameter that does not exist."""
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as error:
        raise Invalid(*in_words(error, model)) from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
