"""Every setting, typed, validated once, read nowhere else.

Settings come from the environment and, below it, from a TOML file (`doorstep.toml`, or the
one that `DOORSTEP_SETTINGS` names). Keys in the file are the names below in lower case.
"""

import difflib
import os
import tomllib
from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_PLACEHOLDERS = ("changeme", "change-me", "change_me", "secret", "password", "example", "xxxx")
_RANDOM = 24
"""Different characters; 32 random bytes in base64 have some 31 of the 64."""
ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """Settings that cannot be used; the message names each one and the fix."""


class Settings(BaseSettings):
    """The settings of one installation; all processes share them."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    database_url: str = Field(description="PostgreSQL, e.g. postgresql://user:pass@host/doorstep")
    secret_key: SecretStr = Field(
        description="seals providers' secrets, signs links and sessions; 32 characters or more"
    )
    engine_token: SecretStr = Field(description="shared with the engine; 16 characters or more")
    public_url: str = "http://127.0.0.1:8080"
    gateway_host: str = "127.0.0.1"
    gateway_port: int = Field(8080, ge=1, le=65535)
    engine_url: str = "http://127.0.0.1:5005"
    engine_timeout: float = Field(15.0, gt=0, description="seconds")
    actions_host: str = "127.0.0.1"
    actions_port: int = Field(5055, ge=1, le=65535)
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="how many proxies of ours stand before the gateway"
    )
    metrics_token: SecretStr | None = Field(None, description="wanted by /metrics when set")
    worker_concurrency: int = Field(10, ge=1, le=200)
    answer_pause_seconds: float = Field(
        0.7, ge=0, le=5, description="for somebody to finish typing; 0 answers at once"
    )
    media_dir: Path = Field(ROOT / "var" / "media", description="files that customers sent")
    media_max_bytes: int = Field(16 * 1024 * 1024, ge=1024, description="of one of them")
    media_days: int = Field(90, ge=1, description="how long they are kept")
    max_body_bytes: int = Field(512 * 1024, ge=1024)
    sandbox: bool = False
    sandbox_url: str = Field(
        "http://127.0.0.1:8090", description="where a browser reaches the sandbox's phones"
    )
    control_token: SecretStr | None = Field(None, description="lets the sandbox move the clock")
    clock_file: Path | None = Field(None, description="the moved clock's offset; sandbox only")
    log_level: str = "INFO"
    log_json: bool = False

    @field_validator("secret_key", "engine_token", "control_token", "metrics_token")
    @classmethod
    def _no_placeholder(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        secret = value.get_secret_value()
        variety = len(set(secret))
        named = any(word in secret.lower() for word in _PLACEHOLDERS)
        # A random secret may have "xxxx" in it by chance; no placeholder is as varied as one.
        if (named and variety < _RANDOM) or variety < 6:
            raise ValueError(
                "is a placeholder; make one with: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        if len(secret) < 16:
            raise ValueError("is too short")
        return value

    @field_validator("public_url", "engine_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str) -> str:
        if not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("must be a postgresql:// URL; Doorstep keeps its data in PostgreSQL")
        return value.replace("postgres://", "postgresql://", 1)

    @model_validator(mode="after")
    def _sandbox_is_guarded(self) -> Self:
        if self.sandbox and (self.control_token is None or self.clock_file is None):
            raise ValueError("SANDBOX needs CONTROL_TOKEN and CLOCK_FILE")
        return self

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


def load_settings(file: Path | None = None) -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: names every missing, unknown or wrong setting and how to mend it.
    """
    path = file or Path(os.environ.get("DOORSTEP_SETTINGS", ROOT / "doorstep.toml"))
    values = _read_file(path)
    try:
        # The environment wins over the file: what it sets is left out of the arguments.
        return Settings(**{k: v for k, v in values.items() if k.upper() not in os.environ})
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}") from None
    known = list(Settings.model_fields)
    problems = [
        f"  {key}: there is no such setting{_suggest(key, known)}"
        for key in values
        if key not in known
    ]
    if problems:
        raise SettingsError(f"{path.name} cannot be used:\n" + "\n".join(problems))
    return values


def _suggest(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _explain(error: ValidationError) -> str:
    lines = ["the settings cannot be used:"]
    for problem in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in problem["loc"]).upper() or "settings"
        field = Settings.model_fields.get(name.lower())
        hint = f" ({field.description})" if field and field.description else ""
        missing = problem["type"] == "missing"
        text = "is not set" if missing else problem["msg"].removeprefix("Value error, ")
        lines.append(f"  {name}: {text}{hint}")
    return "\n".join(lines)
