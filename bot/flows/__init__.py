"""The flows that come with Doorstep, as data."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """The documents of this folder, each under its file's name."""
    return tuple(
        {"name": path.stem, **yaml.safe_load(path.read_text())}
        for path in sorted(Path(__file__).parent.glob("*.yml"))
    )
