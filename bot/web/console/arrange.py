"""How the desk is arranged: what each agent can do, and the answers in store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.domain.desk import Reply
from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.rights import Right
from bot.services.arrange_desk import mark
from bot.services.set_skills import TOPICS
from bot.web.console import sheet
from bot.web.console.access import USER
from bot.web.console.desk import named
from bot.web.console.rights import needs
from bot.web.console.wording import WORDS
from bot.web.keys import APPLICATION
from bot.web.pages import page

SKILLS, REPLIES = "/console/skills", "/console/replies"
_LONGEST = 4000


@dataclass(frozen=True)
class Draft:
    """An answer as it stands in the form."""

    reply: Reply
    new: bool = False
    seen: str = ""
    """The mark of what was in force when the form was shown."""
    theirs: Reply | None = None
    """What a colleague has put in force since."""


def routes() -> list[web.RouteDef]:
    """For supervisors and above."""
    return [
        web.get("/skills", show_skills),
        web.post("/skills/{user}", set_skills),
        web.get("/replies", show_replies),
        web.post("/replies", save_reply),
        web.post("/replies/remove", remove_reply),
    ]


@needs(Right.lead)
async def show_skills(request: web.Request) -> web.Response:
    """Everybody who works here, and what they are given."""
    application = request.config_dict[APPLICATION]
    skills = application.services.set_skills
    team = await skills.team(request[USER])
    async with application.database.reading() as unit:
        context = await sheet.context(request, unit)
    context |= {"team": team, "languages": skills.languages, "topics": TOPICS}
    context["saved"] = request.query.get("saved", "")
    return page(request, "console/skills.html", context)


@needs(Right.lead)
async def set_skills(request: web.Request) -> web.Response:
    """Say what somebody is given."""
    form, somebody = await request.post(), named(request, "user")
    chosen = [[str(one) for one in form.getall(name, [])] for name in ("languages", "topics")]
    await request.config_dict[APPLICATION].services.set_skills(request[USER], somebody, *chosen)
    raise web.HTTPSeeOther(f"{SKILLS}?saved={somebody}#user-{somebody}")


@needs(Right.lead)
async def show_replies(request: web.Request) -> web.Response:
    """The answers in store; `edit` names one to change, `new` is one to add."""
    known = await request.config_dict[APPLICATION].services.store_replies.all(request[USER])
    asked = request.query.get("edit", "")
    if not asked:
        empty = Draft(Reply("", "", {}), new=True) if "new" in request.query else None
        return await _show_replies(request, known, empty)
    if asked not in known:
        raise NotFound("there is no such answer in store")
    return await _show_replies(request, known, Draft(known[asked], seen=mark(known[asked])))


@needs(Right.lead)
async def save_reply(request: web.Request) -> web.Response:
    """Keep an answer, or only show how it reads."""
    store = request.config_dict[APPLICATION].services.store_replies
    user, form = request[USER], await sheet.fields(request, _LONGEST)
    draft = _read(form, request.config_dict[APPLICATION].services.set_skills.languages)
    typed, said, crossed = draft.reply, "", False
    shown: Mapping[str, str] = await store.preview(user, typed.texts)
    if form.get("do") != "preview":
        try:
            await store.save(user, typed, new=draft.new, seen=draft.seen)
        except Invalid as error:
            said = " ".join(f"{where}: {what}." for where, what in error.problems)
        except Refused:
            crossed = True
        else:
            raise web.HTTPSeeOther(f"{REPLIES}?saved={typed.shortcut}")
    known = await store.all(user)
    if crossed:
        # Nothing that was typed is lost, and saving it again is done knowingly.
        theirs = known.get(typed.shortcut)
        said = WORDS("replies.changed" if theirs else "replies.removed")
        draft = Draft(typed, new=not theirs, seen=mark(theirs) if theirs else "", theirs=theirs)
        shown = {}
    return await _show_replies(request, known, draft, said=said, shown=shown)


@needs(Right.lead)
async def remove_reply(request: web.Request) -> web.Response:
    """Take an answer out."""
    shortcut = (await sheet.fields(request)).get("shortcut", "")
    store = request.config_dict[APPLICATION].services.store_replies
    await store.remove(request[USER], shortcut)
    raise web.HTTPSeeOther(REPLIES)


def _read(form: Mapping[str, str], languages: Iterable[str]) -> Draft:
    texts = {
        language: form[f"text_{language}"].replace("\r\n", "\n").replace("\0", "")
        for language in languages
        if form.get(f"text_{language}", "").strip()
    }
    typed = Reply(form.get("shortcut", "").strip(), form.get("title", "").replace("\0", ""), texts)
    return Draft(typed, new=form.get("new") == "yes", seen=form.get("seen", ""))


async def _show_replies(
    request: web.Request,
    known: Mapping[str, Reply],
    draft: Draft | None,
    *,
    said: str = "",
    shown: Mapping[str, str] | None = None,
) -> web.Response:
    application = request.config_dict[APPLICATION]
    async with application.database.reading() as unit:
        context = await sheet.context(request, unit)
    context |= {
        "replies": known,
        "draft": draft,
        "said": said,
        "shown": shown or {},
        "saved": request.query.get("saved", ""),
        "languages": application.services.set_skills.languages,
    }
    return page(request, "console/replies.html", context, status=422 if said else 200)
