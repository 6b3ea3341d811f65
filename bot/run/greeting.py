"""What the newcomer is told once everything is up: where to look."""

import json
import urllib.request
from pathlib import Path
from typing import Any

from bot.run.local import Ports, made_up_secrets
from bot.services.seed_demo import EMAIL


def lines(var: Path, public_url: str, ports: Ports, *, sandbox: bool) -> list[str]:
    """A box with the addresses; asks the sandbox for a parcel to look at."""
    told = [("API", f"{public_url}/api/v1/docs")]
    if sandbox:
        phones = f"http://127.0.0.1:{ports.sandbox}"
        told = [
            ("Phones", f"{phones}/"),
            ("Console", f"{public_url}/console"),
            ("", f"{EMAIL}   {made_up_secrets(var)['console_password']}"),
            ("A parcel", _tracking_page(phones) or "see the phones"),
            *told,
        ]
    else:
        told = [
            ("Console", f"{public_url}/console"),
            ("", "make yourself a user: .venv/bin/python -m bot add-user --help"),
            *told,
        ]
    told += [("Logs", str(var / "log")), ("Stop", "Ctrl-C")]
    rows = [f"{name:<9} {text}" for name, text in told]
    width = max(len(row) for row in rows)
    return [
        "",
        f"┌─ Doorstep is up {'─' * (width - 15)}┐",
        *(f"│ {row:<{width}} │" for row in rows),
        f"└{'─' * (width + 2)}┘",
    ]


def _tracking_page(phones: str) -> str | None:
    try:
        with urllib.request.urlopen(f"{phones}/demo", timeout=3) as response:
            demo: dict[str, Any] = json.load(response)
    except (OSError, ValueError):
        return None
    found = [parcel.get("tracking_url") for parcel in demo.get("parcels", [])]
    return next((str(url) for url in found if url), None)
