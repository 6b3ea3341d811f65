"""Who is signed in: an encrypted cookie that names a user and the user's session epoch."""

import base64
import hashlib
import warnings
from datetime import datetime, timedelta
from uuid import UUID

import aiohttp_session
from aiohttp import web
from aiohttp_session.cookie_storage import EncryptedCookieStorage

from bot.domain.clock import Clock
from bot.domain.merchant import User
from bot.web.keys import APPLICATION

IDLE = timedelta(hours=12)
"""A session ends when it has not been used for so long."""
LONGEST = timedelta(days=7)
"""A session ends after so long, used or not."""
_RENEW = timedelta(hours=1)
_HALFWAY = timedelta(minutes=10)


def setup(app: web.Application, secret: str, *, secure: bool) -> None:
    """Add sessions to an application. The cookie says nothing without the secret."""
    # aiohttp-session 2.12 keeps its session under a plain name, which aiohttp 3.14 minds.
    warnings.filterwarnings("ignore", "It is recommended to use web.RequestKey")
    key = hashlib.sha256(b"doorstep sessions " + secret.encode()).digest()
    storage = EncryptedCookieStorage(
        base64.urlsafe_b64encode(key).decode(),
        # The prefix makes browsers refuse the cookie from another path, domain or plain HTTP.
        cookie_name="__Host-doorstep" if secure else "doorstep",
        max_age=int(IDLE.total_seconds()),
        secure=secure,
        httponly=True,
        samesite="Lax",
    )
    aiohttp_session.setup(app, storage)


async def begin(request: web.Request, user: User) -> None:
    """Start a new session for a user who has just signed in; the earlier one is gone."""
    now = request.config_dict[APPLICATION].clock.now().isoformat()
    session = await aiohttp_session.new_session(request)
    session.update(user=str(user.id), epoch=user.session_epoch, began=now, used=now)


async def begin_halfway(request: web.Request, user: User) -> None:
    """Remember who knew the password, and still owes a code. That is no session of theirs."""
    now = request.config_dict[APPLICATION].clock.now().isoformat()
    session = await aiohttp_session.new_session(request)
    session.update(halfway=str(user.id), epoch=user.session_epoch, began=now)


async def halfway_user(request: web.Request) -> User | None:
    """Who knew the password a moment ago, and still owes a code."""
    application = request.config_dict[APPLICATION]
    session = await aiohttp_session.get_session(request)
    try:
        user_id, epoch = UUID(session["halfway"]), session["epoch"]
        began = datetime.fromisoformat(session["began"])
    except (KeyError, ValueError, TypeError):
        return None
    if application.clock.now() - began >= _HALFWAY:
        return None
    return await _active(request, user_id, epoch)


async def end(request: web.Request) -> None:
    """Take the session away from this browser."""
    (await aiohttp_session.get_session(request)).invalidate()


async def current_user(request: web.Request) -> User | None:
    """The user whose session this is, if it is still good."""
    application = request.config_dict[APPLICATION]
    session = await aiohttp_session.get_session(request)
    try:
        user_id, epoch = UUID(session["user"]), session["epoch"]
        began, used = (datetime.fromisoformat(session[name]) for name in ("began", "used"))
    except (KeyError, ValueError, TypeError):
        return None
    if not _fresh(application.clock, began, used):
        return None
    user = await _active(request, user_id, epoch)
    now = application.clock.now()
    if user is not None and now - used > _RENEW:
        session["used"] = now.isoformat()
    return user


async def _active(request: web.Request, user_id: UUID, epoch: object) -> User | None:
    async with request.config_dict[APPLICATION].database.reading() as unit:
        user = await unit.merchants.user(user_id)
    if user is None or not user.active or user.session_epoch != epoch:
        return None
    return user


def _fresh(clock: Clock, began: datetime, used: datetime) -> bool:
    now = clock.now()
    return now - began < LONGEST and now - used < IDLE
