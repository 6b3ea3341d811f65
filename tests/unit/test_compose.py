"""The compose file, parsed: what may be reached, what is watched, and that it holds no secret."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import COMMANDS
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOTS = {"migrate", "train"}
PRODUCT = {"gateway", "worker", "clock", "actions", "migrate"}
DOCKERFILES = ["Dockerfile", "engine/Dockerfile"]


def test_the_same_processes_run_as_by_make_run() -> None:
    assert set(SERVICES) == PRODUCT | {"engine", "train", "postgres"}
    for name in PRODUCT:
        assert SERVICES[name]["command"] == [name]
        assert name in COMMANDS


def test_nothing_but_the_gateway_is_published_and_that_to_this_machine_alone() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"gateway": ["${GATEWAY_BIND:-127.0.0.1}:${GATEWAY_PORT:-8080}:8080"]}
    assert not any("network_mode" in service for service in SERVICES.values())


def test_only_who_speaks_to_the_world_can_reach_it() -> None:
    reaching = {name for name, service in SERVICES.items() if "outside" in service["networks"]}
    assert reaching == {"gateway", "worker"}
    assert COMPOSE["networks"]["inside"]["internal"] == "${ISOLATED:-true}"


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_watched_and_restarted(name: str) -> None:
    service = SERVICES[name]
    if name in ONE_SHOTS:
        assert service["healthcheck"] == {"disable": True}
        assert service["restart"] == "no"
    else:
        assert service["healthcheck"]["test"][0] == "CMD"
        assert service["restart"] == "unless-stopped"


def test_what_needs_the_tables_waits_for_them() -> None:
    for name in PRODUCT - ONE_SHOTS | {"engine"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }
    assert SERVICES["engine"]["depends_on"]["train"] == {
        "condition": "service_completed_successfully"
    }


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_the_file(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"KEY|TOKEN|SECRET|PASSWORD", variable):
            assert re.fullmatch(r"\$\{\w+:[?-][^}]*\}", str(value)), f"{variable}: {value}"
        assert not re.search(r"://[^:@/]+:(?!\$\{)[^@]+@", str(value)), f"{variable}: {value}"


def test_what_the_product_must_have_is_asked_for() -> None:
    settings = SERVICES["gateway"]["environment"]
    required = {name.upper() for name, f in Settings.model_fields.items() if f.is_required()}
    assert required <= set(settings)
    assert {name.lower() for name in settings} <= set(Settings.model_fields)
    for secret in ("SECRET_KEY", "ENGINE_TOKEN"):
        assert settings[secret].startswith(f"${{{secret}:?")


def test_the_engine_is_told_no_more_than_it_needs() -> None:
    assert set(SERVICES["engine"]["environment"]) == {
        "ENGINE_TOKEN",
        "ENGINE_TRACKER_URL",
        "ACTIONS_URL",
    }


def test_every_variable_is_explained() -> None:
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    explained = set(re.findall(r"^#?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert used - {"DOORSTEP_VERSION"} <= explained
    assert explained - used == {"COMPOSE_PROFILES"}


def test_the_example_holds_no_secret() -> None:
    for name in ("SECRET_KEY", "ENGINE_TOKEN", "POSTGRES_PASSWORD"):
        assert f"\n{name}=\n" in (ROOT / ".env.example").read_text()


@pytest.mark.parametrize("file", DOCKERFILES)
def test_images_run_as_nobody_special_are_watched_and_copy_what_is_there(file: str) -> None:
    text = (ROOT / file).read_text()
    final = text.split("\nFROM ")[-1]
    assert re.search(r"^USER doorstep$", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
    assert "uv sync --frozen --no-dev" in text
    assert not re.search(r"(?i)(secret|token|password|key)\w*=\S", text)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), f"{source} is not there"
            assert f"!{source.partition('/')[0]}" in ignored, f"{source} does not reach the builder"


def test_images_have_the_pythons_and_the_uv_of_the_repository() -> None:
    uv = re.findall(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0]
    for file, folder in zip(DOCKERFILES, (".", "engine"), strict=True):
        text = (ROOT / file).read_text()
        version = (ROOT / folder / ".python-version").read_text().strip()
        project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]
        assert f"FROM python:{version}-slim" in text
        assert f">={version}" in project["requires-python"]
        assert f"ghcr.io/astral-sh/uv:{uv} " in text
