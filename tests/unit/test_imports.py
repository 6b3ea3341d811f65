"""Imports point one way: web, jobs, actions -> services -> domain; wiring joins the rest."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# For each layer, what of ours it may import. A name allows everything below it.
ALLOWED = {
    "bot.domain": ["bot.domain"],
    "bot.services": [
        "bot.services",
        "bot.domain",
        # The ports, and what every adapter shares; never an adapter.
        "bot.channels.base",
        "bot.carriers.base",
    ],
    "bot.channels": ["bot.channels", "bot.domain"],
    "bot.carriers": [
        "bot.carriers",
        "bot.domain",
        # How a provider is called, signed for and read is the same for both.
        "bot.channels.base",
        "bot.channels.http",
        "bot.channels.reading",
    ],
    "bot.storage": ["bot.storage", "bot.domain", "bot.services.ports", "bot.services.inbox"],
    "bot.dialogue": ["bot.dialogue", "bot.domain", "bot.services.ports", "bot.wording"],
    "bot.wording": ["bot.wording", "bot.domain"],
    "bot.jobs": ["bot.jobs", "bot.services", "bot.domain", "bot.wiring", "bot.logs"],
    "bot.web": [
        "bot.web",
        "bot.services",
        "bot.domain",
        "bot.wiring",
        "bot.settings",
        "bot.clocks",
        "bot.channels.base",
        "bot.carriers.base",
    ],
    "actions": ["actions", "bot.services", "bot.domain"],
}
OURS = ["actions", "bench", "bot", "engine", "faults", "sandbox", "simulate", "tests"]
# Reading the world is not the rules' business.
NO_IO_IN_DOMAIN = {
    "aiohttp", "alembic", "asyncio", "httpx", "logging", "os", "pathlib", "procrastinate",
    "psycopg", "pydantic", "random", "requests", "secrets", "socket", "sqlalchemy", "structlog",
    "subprocess", "telegram", "time", "twilio", "urllib",
}  # fmt: skip
# A new id is the one thing that has to be fresh each time.
FRESH = {"bot.domain.ids"}
# Where else a library may be spoken to.
ONLY_IN = {
    "sqlalchemy": ("bot.storage", "bot.jobs.failures", "bot.commands", "bot.web.health"),
    "procrastinate": ("bot.jobs", "bot.storage.migrations", "bot.commands"),
    "twilio": ("bot.channels.twilio",),
    "telegram": ("bot.channels.telegram",),
    "rasa_sdk": ("actions", "bot.commands.actions"),
    "rasa": (),
}


def modules(folder: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def under(name: str, roots: list[str] | tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


@pytest.mark.parametrize("layer", ALLOWED)
def test_a_layer_knows_only_what_it_may(layer: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for _, path in modules(layer.replace(".", "/"))
        for line, name in imports(path)
        if under(name, OURS) and not under(name, ALLOWED[layer])
    ]
    assert not wrong, "\n".join(wrong)


def test_the_rules_read_nothing_of_the_world() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for module, path in modules("bot/domain")
        for line, name in imports(path)
        if name.partition(".")[0] in NO_IO_IN_DOMAIN and module not in FRESH
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_spoken_to_in_one_place(library: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for folder in ("bot", "actions")
        for module, path in modules(folder)
        for line, name in imports(path)
        if name.partition(".")[0] == library and not under(module, ONLY_IN[library])
    ]
    assert not wrong, "\n".join(wrong)


def test_only_wiring_knows_both_services_and_adapters() -> None:
    adapters = ("bot.channels.registry", "bot.carriers.registry", "bot.dialogue.engine")
    joining = {
        module
        for module, path in modules("bot")
        if {name for _, name in imports(path) if under(name, adapters)}
        and not under(module, ("bot.channels", "bot.carriers", "bot.dialogue"))
    }
    assert joining == {"bot.wiring"}


@pytest.mark.slow
def test_importing_everything_does_nothing() -> None:
    """No connection, no thread, no file, no table made by an import."""
    names = [
        name
        for name, _ in modules("bot")
        if not under(name, ("bot.storage.migrations",)) and not name.endswith("__main__")
    ]
    program = f"""
import importlib, sys, threading
sys.addaudithook(lambda event, args: event == "socket.connect" and sys.exit(f"connects to {{args}}"))
for name in {names!r}:
    importlib.import_module(name)
assert threading.active_count() == 1, threading.enumerate()
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
