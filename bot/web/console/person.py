"""Everything about one customer in one place: how much it is, a copy of it, and its erasure."""

import json
from collections.abc import Mapping
from uuid import UUID

from aiohttp import web

from bot.domain.conversation import Contact
from bot.domain.rights import Right
from bot.services.erase_person import open_parcels
from bot.services.export_person import proof_document
from bot.web.console import sheet
from bot.web.console.access import USER
from bot.web.console.desk import named
from bot.web.console.rights import needs
from bot.web.console.view import masked
from bot.web.console.wording import WORDS
from bot.web.keys import APPLICATION
from bot.web.pages import guard, page


def routes() -> list[web.RouteDef]:
    """For supervisors and above."""
    somebody = "/person/{contact}"
    return [
        web.get(somebody, show),
        web.post(f"{somebody}/export", export),
        web.post(f"{somebody}/erase", erase),
        web.get("/proofs/{proof}.json", proof),
    ]


@needs(Right.hold_data)
async def show(request: web.Request) -> web.Response:
    """How much there is about somebody, and what has been done with it."""
    return await _show(request)


@needs(Right.hold_data)
async def export(request: web.Request) -> web.Response:
    """The whole of it as a file."""
    user, contact = request[USER], named(request, "contact")
    made = await request.config_dict[APPLICATION].services.export_person(
        user, user.merchant_id, contact
    )
    return _file(request, made.document, f"person-{contact}.json")


@needs(Right.hold_data)
async def erase(request: web.Request) -> web.Response:
    """Erase it, for whoever types what the page shows."""
    user, contact, form = (
        request[USER],
        named(request, "contact"),
        await sheet.fields(request),
    )
    async with request.config_dict[APPLICATION].database.reading() as unit:
        typed = confirmation(await unit.people.get(user.merchant_id, contact))
    if form.get("confirm", "").strip().lower() != typed:
        return await _show(request, said="person.not_confirmed", status=422)
    await request.config_dict[APPLICATION].services.erase_person(
        user, user.merchant_id, contact, under_way=form.get("under_way") == "yes"
    )
    raise web.HTTPSeeOther(f"/console/person/{contact}")


@needs(Right.hold_data)
async def proof(request: web.Request) -> web.Response:
    """A proof as a file."""
    user, wanted = request[USER], named(request, "proof")
    async with request.config_dict[APPLICATION].database.reading() as unit:
        found = await unit.personal.proof(user.merchant_id, wanted)
        merchant = await unit.merchants.get(user.merchant_id)
    document = json.dumps(proof_document(found, merchant.name), indent=2, ensure_ascii=False)
    return _file(request, document.encode(), f"proof-{found.id}.json")


def confirmation(contact: Contact) -> str:
    """What is typed to erase somebody: it cannot be hit by accident, nor for somebody else."""
    return contact.id.hex[-6:]


def _file(request: web.Request, content: bytes, name: str) -> web.Response:
    response = web.Response(
        body=content,
        content_type="application/json",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    guard(request, response)
    return response


async def _show(request: web.Request, *, said: str = "", status: int = 200) -> web.Response:
    user, contact_id = request[USER], named(request, "contact")
    async with request.config_dict[APPLICATION].database.reading() as unit:
        contact = await unit.people.get(user.merchant_id, contact_id)
        if contact.merged_into is not None:
            raise web.HTTPSeeOther(f"/console/person/{contact.merged_into}")
        counts = await unit.personal.counts(user.merchant_id, contact_id)
        talk = await unit.conversations.of_contact(user.merchant_id, contact_id)
        agents = await unit.inbox.agents(user.merchant_id)
        proofs = await unit.personal.proofs(user.merchant_id, contact_id)
        context = await sheet.context(request, unit) | {
            "contact": contact,
            "masked": masked,
            "counts": {name: count for name, count in counts.items() if count},
            "conversation": talk,
            "open_parcels": await open_parcels(unit, contact),
            "proofs": [(one, _name(one.actor, agents)) for one in proofs],
            "gone": not (contact.name or contact.phone or contact.email),
            "typed": confirmation(contact),
            "said": WORDS(said) if said else "",
        }
    return page(request, "console/person.html", context, status=status)


def _name(actor: str, agents: Mapping[UUID, str]) -> str:
    """Whom an actor of the audit stands for."""
    known = {f"user:{user}": name for user, name in agents.items()}
    return known.get(actor, WORDS(f"person.by_{actor}"))
