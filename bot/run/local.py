"""What an installation on one machine has without anybody setting it: folder, secrets, defaults.

The environment wins over `doorstep.toml`, and both over what is made up here. Where neither
`make run` nor its folder is (in a container), nothing is made up and everything has to be set.
"""

import os
import secrets
import tomllib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT, SettingsError

_MADE_UP = ("secret_key", "engine_token", "control_token", "console_password")


@dataclass(frozen=True)
class Ports:
    """The ports of one machine, all on its loopback unless set otherwise."""

    gateway: int
    sandbox: int
    engine: int
    actions: int
    smtp: int
    """Of the sandbox's stand-in for a mail server."""


def var_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where everything lives that is not in the repository; `DOORSTEP_VAR` moves it."""
    return Path(environ.get("DOORSTEP_VAR") or ROOT / "var").resolve()


def settings_file(environ: Mapping[str, str] = os.environ) -> Path:
    """The settings file, there or not."""
    return Path(environ.get("DOORSTEP_SETTINGS") or ROOT / "doorstep.toml")


def secrets_file(var: Path) -> Path:
    """Where the secrets are kept that were made up at the first start."""
    return var / "secrets.toml"


def made_up_secrets(var: Path) -> dict[str, str]:
    """The secrets of this installation; the missing ones are made and kept (mode 0600).

    Raises:
        SettingsError: the file is not TOML.
    """
    known = _read(secrets_file(var))
    missing = [name for name in _MADE_UP if name not in known]
    if missing:
        known |= {name: _make(name) for name in missing}
        _write_privately(
            secrets_file(var),
            "# Made at the first start. Whoever has these can read and change everything.\n"
            + "".join(f'{name} = "{value}"\n' for name, value in known.items()),
        )
    return known


def ports(environ: Mapping[str, str] = os.environ) -> Ports:
    """The ports in use. Raises SettingsError for what is no port."""
    file = _read(settings_file(environ))

    def port(name: str, default: int) -> int:
        given = environ.get(name) or file.get(name.lower()) or default
        if not str(given).isdecimal() or not 0 < int(given) < 65536:
            raise SettingsError(f"{name}: {given!r} is no port; a number from 1 to 65535 is wanted")
        return int(given)

    return Ports(
        gateway=port("GATEWAY_PORT", 8080),
        sandbox=port("SANDBOX_PORT", 8090),
        engine=port("ENGINE_PORT", 5005),
        actions=port("ACTIONS_PORT", 5055),
        smtp=port("SMTP_PORT", 8025),
    )


def is_set(name: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a setting is given, in the environment or the settings file."""
    return name in environ or name.lower() in _read(settings_file(environ))


def fill_in(var: Path, environ: MutableMapping[str, str] = os.environ) -> None:
    """Give the environment what a machine of its own needs and nobody has set.

    The database is not among it; see `bot.run.postgres`.
    """
    made_up, at = made_up_secrets(var), ports(environ)
    defaults = {
        "SECRET_KEY": made_up["secret_key"],
        "ENGINE_TOKEN": made_up["engine_token"],
        "CONTROL_TOKEN": made_up["control_token"],
        "CLOCK_FILE": str(var / "clock"),
        "SANDBOX": "true",
        "PUBLIC_URL": f"http://127.0.0.1:{at.gateway}",
        "SANDBOX_URL": f"http://127.0.0.1:{at.sandbox}",
        "ENGINE_URL": f"http://127.0.0.1:{at.engine}",
    }
    for name, value in defaults.items():
        if not is_set(name, environ):
            environ[name] = value


def _read(file: Path) -> dict[str, str]:
    try:
        return {name: str(value) for name, value in tomllib.loads(file.read_text()).items()}
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file.name} is not valid TOML: {error}") from None


def _make(name: str) -> str:
    # The password is typed by a person: no l and 1, no O and 0, and in groups.
    if name == "console_password":
        letters = "abcdefghjkmnpqrstuvwxyz23456789"
        return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
    return secrets.token_urlsafe(32)


def _write_privately(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
    draft.replace(file)
