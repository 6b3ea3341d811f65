"""A person with cookies, for tests of the console over HTTP."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from aiohttp import ClientResponse, ClientSession, CookieJar

from bot.domain.ids import new_id
from bot.domain.merchant import Role, User
from bot.services.sign_in import hash_password
from tests.desk import Desk

PASSWORD = "a long phrase for everybody"
HASHED = hash_password(PASSWORD)


class Browser:
    """Somebody at the console."""

    def __init__(self, desk: Desk, session: ClientSession) -> None:
        self.desk = desk
        self.session = session

    async def get(self, path: str, **more: object) -> ClientResponse:
        return await self.session.get(self.desk.url(path), allow_redirects=False, **more)

    async def read(self, path: str) -> str:
        response = await self.get(path)
        assert response.status == 200, (path, response.status)
        return await response.text()

    async def token(self) -> str:
        page = await (await self.session.get(self.desk.url("/console"))).text()
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found
        return found.group(1)

    async def post(self, path: str, csrf: str | None = None, **fields: str) -> ClientResponse:
        given = await self.token() if csrf is None else csrf
        return await self.session.post(
            self.desk.url(path), data={"csrf": given, **fields}, allow_redirects=False
        )

    async def login(self, email: str, password: str = PASSWORD) -> ClientResponse:
        return await self.post("/console/login", email=email, password=password)


@asynccontextmanager
async def browser(desk: Desk) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(desk, session)


async def make_user(desk: Desk, role: Role, name: str = "Bea Okafor") -> User:
    """A colleague who signs in with PASSWORD."""
    user = User(
        id=new_id(), merchant_id=desk.merchant_id, email=f"{uuid4().hex}@maison-lune.example",
        name=name, role=role, password=HASHED, created_at=desk.application.clock.now(),
    )  # fmt: skip
    async with desk.application.database() as unit:
        unit.add(user)
        await unit.commit()
    return user


@asynccontextmanager
async def signed_in(desk: Desk, role: Role) -> AsyncIterator[tuple[Browser, User]]:
    """Somebody of a role, at the console."""
    user = await make_user(desk, role)
    async with browser(desk) as one:
        assert (await one.login(user.email)).status == 303
        yield one, user
