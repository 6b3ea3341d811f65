"""Cross-site request forgery: every POST carries a token that only our own pages know."""

import hmac
import secrets

import aiohttp_session
from aiohttp import web

FIELD = "csrf"
HEADER = "X-CSRF-Token"


async def token(request: web.Request) -> str:
    """The session's token, made when it has none."""
    session = await aiohttp_session.get_session(request)
    if not isinstance(session.get(FIELD), str):
        session[FIELD] = secrets.token_urlsafe(24)
    return session[FIELD]


async def check(request: web.Request) -> bool:
    """Whether a request carries its session's token, as a field or as a header."""
    session = await aiohttp_session.get_session(request)
    expected = session.get(FIELD)
    given = request.headers.get(HEADER)
    if given is None:
        given = (await request.post()).get(FIELD)
    if not isinstance(expected, str) or not isinstance(given, str):
        return False
    return hmac.compare_digest(expected.encode(), given.encode())
