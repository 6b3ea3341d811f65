"""What every page of ours shares: templates, static files, and the headers that guard it."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.web.keys import APPLICATION
from bot.web.words import Words

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
PAGES: web.AppKey[jinja2.Environment] = web.AppKey("pages", jinja2.Environment)

# Nothing from elsewhere, nothing inline: an injected script finds no way to run.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_GUARDS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


def setup(app: web.Application) -> None:
    """Add templates and `/static`; parts of the web that share them may all call this."""
    if PAGES in app:
        return
    environment = aiohttp_jinja2.setup(
        app,
        app_key=PAGES,
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(asset=asset)  # pyright: ignore[reportUnknownMemberType]
    app.router.add_static("/static", STATIC)


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so caches may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def page(
    request: web.Request, template: str, context: dict[str, object], *, status: int = 200
) -> web.Response:
    """Render a template, with the guarding headers."""
    response = aiohttp_jinja2.render_template(
        template, request, context, app_key=PAGES, status=status
    )
    guard(request, response)
    return response


def missing(request: web.Request, words: Mapping[str, Words]) -> web.Response:
    """A friendly word where a link leads to nothing, in the language that the browser asks for."""
    asked = (
        part.strip()[:2].lower() for part in request.headers.get("Accept-Language", "").split(",")
    )
    language = next((one for one in asked if one in words), "en")
    context: dict[str, object] = {"language": language, "words": words[language]}
    return page(request, "missing.html", context, status=404)


def guard(request: web.Request, response: web.StreamResponse) -> None:
    """Set the headers that guard a page; those set already are left alone."""
    for name, value in _GUARDS.items():
        response.headers.setdefault(name, value)
    if request.config_dict[APPLICATION].settings.secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
