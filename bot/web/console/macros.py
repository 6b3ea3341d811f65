"""The page on which macros are made: several acts of an agent by one key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import web

from bot.domain.case import Priority, SnoozedFor
from bot.domain.desk import Act, Desk, Macro
from bot.domain.errors import Invalid, NotFound
from bot.domain.rights import Right
from bot.services.arrange_desk import mark
from bot.services.store_macros import LONGEST_NAME, MOST_ACTS
from bot.web.console import sheet
from bot.web.console.access import USER
from bot.web.console.rights import needs
from bot.web.keys import APPLICATION
from bot.web.pages import page

MACROS = "/console/macros"
_LONGEST = 2000
_SNOOZES = (SnoozedFor.parcel_moves, "1h", "3h", "1d", "2d")


@dataclass
class Draft:
    """A macro as it stands in the form."""

    name: str = ""
    acts: list[tuple[Act, str]] = field(default_factory=list[tuple[Act, str]])
    was: str = ""
    """Its name until now; empty for a new one."""
    seen: str = ""


def routes() -> list[web.RouteDef]:
    """For supervisors and above."""
    return [
        web.get("/macros", show),
        web.post("/macros", save),
        web.post("/macros/remove", remove),
    ]


@needs(Right.lead)
async def show(request: web.Request) -> web.Response:
    """The macros; `edit` names one to change, `new` is one to add."""
    store = request.config_dict[APPLICATION].services.store_macros
    desk, asked = await store.desk(request[USER]), request.query.get("edit", "")
    if not asked:
        return await _show(request, desk, Draft() if "new" in request.query else None)
    if asked not in desk.macros:
        raise NotFound("there is no such macro")
    macro = desk.macros[asked]
    return await _show(request, desk, Draft(asked, list(macro.acts), asked, mark(macro)))


@needs(Right.lead)
async def save(request: web.Request) -> web.Response:
    """Keep a macro, or only change the form or show what the macro would do."""
    store, user = request.config_dict[APPLICATION].services.store_macros, request[USER]
    form = await sheet.fields(request, _LONGEST)
    draft, do = _read(form), form.get("do", "save")
    said, told = "", None
    try:
        if do == "try":
            told = await store.try_out(user, draft.name, draft.acts)
        elif do == "save":
            name = await store.save(user, draft.name, draft.acts, was=draft.was, seen=draft.seen)
            raise web.HTTPSeeOther(f"{MACROS}?{urlencode({'saved': name})}")
        else:
            _rearrange(draft, do)
    except Invalid as error:
        said = " ".join(f"{where}: {what}." for where, what in error.problems)
    return await _show(request, await store.desk(user), draft, said=said, told=told)


@needs(Right.lead)
async def remove(request: web.Request) -> web.Response:
    """Take a macro out."""
    name = (await sheet.fields(request)).get("name", "")
    await request.config_dict[APPLICATION].services.store_macros.remove(request[USER], name)
    raise web.HTTPSeeOther(MACROS)


def _read(form: dict[str, str]) -> Draft:
    acts = [
        (Act(act), form.get(f"value_{place}", "").replace("\0", ""))
        for place in range(MOST_ACTS)
        if (act := form.get(f"act_{place}", "")) in list(Act)
    ]
    return Draft(
        form.get("name", "").replace("\0", ""), acts, form.get("was", ""), form.get("seen", "")
    )


def _rearrange(draft: Draft, do: str) -> None:
    """Do what a button of the form says: `add-note`, `up-2`, `drop-0`; anything else is nothing."""
    verb, _, what = do.partition("-")
    if verb == "add" and what in list(Act) and len(draft.acts) < MOST_ACTS:
        draft.acts.append((Act(what), ""))
    place = int(what) if what.isdecimal() else -1
    if verb == "drop" and 0 <= place < len(draft.acts):
        del draft.acts[place]
    elif verb == "up" and 0 < place < len(draft.acts):
        draft.acts[place - 1 : place + 1] = reversed(draft.acts[place - 1 : place + 1])


async def _show(
    request: web.Request,
    desk: Desk,
    draft: Draft | None,
    *,
    said: str = "",
    told: Sequence[tuple[Act, str]] | None = None,
) -> web.Response:
    async with request.config_dict[APPLICATION].database.reading() as unit:
        context = await sheet.context(request, unit)
    macros: list[Macro] = sorted(desk.macros.values(), key=lambda one: one.name.casefold())
    context |= {
        "macros": macros,
        "draft": draft,
        "said": said,
        "told": told,
        "saved": request.query.get("saved", ""),
        "acts": list(Act),
        "replies": desk.replies,
        "tags": desk.tags,
        "priorities": list(reversed(Priority)),
        "snoozes": _SNOOZES,
        "full": draft is not None and len(draft.acts) >= MOST_ACTS,
        "longest_name": LONGEST_NAME,
    }
    return page(request, "console/macro_sheet.html", context, status=422 if said else 200)
