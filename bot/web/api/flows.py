"""The API's handlers for messaging flows: drafted, checked, published and rolled back."""

import re
from typing import Any
from uuid import UUID

import yaml
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.errors import Invalid
from bot.domain.flow import Flow
from bot.domain.merchant import Merchant
from bot.services.intake_words import in_words
from bot.services.publish_flow import check_flow, sayable, version_of
from bot.web.api.reading import authenticate, read_json, read_query
from bot.web.api.shapes import (
    FlowChecked,
    FlowList,
    FlowOut,
    FlowRunOut,
    FlowRunPage,
    FlowVersion,
    RunsMoved,
)
from bot.web.api.shipments import answer
from bot.web.keys import APPLICATION

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_BY = "api"


class FlowIn(BaseModel):
    """A flow as a merchant writes it."""

    model_config = ConfigDict(extra="forbid")

    yaml: str = Field(min_length=1, max_length=100_000, description="docs/flows.md; JSON is YAML")


class VersionIn(BaseModel):
    """Which version is meant."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(None, ge=1, description="left out: the latest; the one before "
                                "the active, when rolling back; the active one, when moving runs")  # fmt: skip


class VersionQuery(BaseModel):
    """Which version to show."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(None, ge=1, description="left out: the active one, or the latest")


class RunsQuery(BaseModel):
    """Which runs to list."""

    model_config = ConfigDict(extra="forbid")

    all: bool = Field(False, description="those that are finished as well")
    before: UUID | None = Field(None, description="`next` of the page before")
    limit: int = Field(100, ge=1, le=500)


async def list_flows(request: web.Request) -> web.Response:
    """List every version, and where its runs stand."""
    merchant = await authenticate(request)
    async with request.app[APPLICATION].database.reading() as unit:
        flows = await unit.flows.every(merchant.id)
        standing = await unit.flows.standing(merchant.id)
    shown = [
        FlowVersion(
            name=flow.name,
            version=flow.version,
            active=flow.active,
            created_at=flow.created_at,
            runs={note or "begun": count for note, count in standing.get(flow.id, {}).items()},
        )
        for flow in flows
    ]
    return answer(FlowList(flows=shown))


async def get_flow(request: web.Request) -> web.Response:
    """Show one version of a flow."""
    merchant = await authenticate(request)
    name, asked = _name(request), read_query(request, VersionQuery)
    async with request.app[APPLICATION].database.reading() as unit:
        return answer(_shown(await version_of(unit, merchant.id, name, asked.version)))


async def list_runs(request: web.Request) -> web.Response:
    """Say where each run of a flow stands, and why."""
    merchant = await authenticate(request)
    name, asked = _name(request), read_query(request, RunsQuery)
    async with request.app[APPLICATION].database.reading() as unit:
        await version_of(unit, merchant.id, name, None)
        found = await unit.flows.instances(
            merchant.id, name, unfinished=not asked.all, before=asked.before, limit=asked.limit + 1
        )
    shown = [FlowRunOut.of(*one) for one in found[: asked.limit]]
    more = len(found) > asked.limit
    return answer(FlowRunPage(runs=shown, next=shown[-1].id if more else None))


async def put_flow(request: web.Request) -> web.Response:
    """Keep a draft."""
    merchant = await authenticate(request)
    name = _name(request)
    document, _ = await _checked(request, merchant)
    publish = request.app[APPLICATION].services.publish_flow
    return answer(_shown(await publish.draft(merchant.id, name, document, by=_BY)))


async def check(request: web.Request) -> web.Response:
    """Say what is wrong with a flow, and keep nothing."""
    merchant = await authenticate(request)
    _, steps = await _checked(request, merchant)
    return answer(FlowChecked(steps=steps))


async def publish_flow(request: web.Request) -> web.Response:
    """Make a version the active one."""
    merchant = await authenticate(request)
    name, asked = _name(request), await _body(request, VersionIn)
    application = request.app[APPLICATION]
    version = asked.version
    if version is None:
        async with application.database.reading() as unit:
            versions = await unit.flows.versions(merchant.id, name)
        version = versions[0].version if versions else None
    publish = application.services.publish_flow
    return answer(
        _shown(await publish.roll_back(merchant.id, name, version, by=_BY, action="flow_published"))
    )


async def roll_back(request: web.Request) -> web.Response:
    """Make an earlier version the active one."""
    merchant = await authenticate(request)
    name, asked = _name(request), await _body(request, VersionIn)
    publish = request.app[APPLICATION].services.publish_flow
    return answer(_shown(await publish.roll_back(merchant.id, name, asked.version, by=_BY)))


async def move_runs(request: web.Request) -> web.Response:
    """Let runs that have begun go on by another version."""
    merchant = await authenticate(request)
    name, asked = _name(request), await _body(request, VersionIn)
    move = request.app[APPLICATION].services.move_runs
    moved = await move(merchant.id, name, asked.version, by=_BY)
    return answer(RunsMoved(version=moved.version, runs=moved.runs, left=dict(moved.left)))


async def stop(request: web.Request) -> web.Response:
    """Start no more runs."""
    merchant = await authenticate(request)
    name = _name(request)
    application = request.app[APPLICATION]
    await application.services.publish_flow.stop(merchant.id, name, by=_BY)
    async with application.database.reading() as unit:
        return answer(_shown(await version_of(unit, merchant.id, name, None)))


def _name(request: web.Request) -> str:
    name = request.match_info["name"]
    if not _NAME.fullmatch(name):
        raise Invalid(("name", "must be up to 60 of a-z, 0-9, _ and -, a letter or digit first"))
    return name


async def _body[T: BaseModel](request: web.Request, model: type[T]) -> T:
    try:
        return model.model_validate(await read_json(request))
    except ValidationError as error:
        raise Invalid(*in_words(error, model)) from None


async def _checked(request: web.Request, merchant: Merchant) -> tuple[dict[str, Any], int]:
    given = await _body(request, FlowIn)
    services = request.app[APPLICATION].services
    known = sayable(services.wording, merchant)
    document, plan = check_flow(given.yaml, known, services.channels)
    return document, len(plan.steps)


def _shown(flow: Flow) -> FlowOut:
    return FlowOut(
        name=flow.name,
        version=flow.version,
        active=flow.active,
        created_at=flow.created_at,
        yaml=yaml.safe_dump(flow.document, allow_unicode=True, sort_keys=False),
    )
