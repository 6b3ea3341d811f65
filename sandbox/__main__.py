"""``python -m sandbox``: the stand-ins and phones on one local port."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from aiohttp import web

from sandbox.app import make_app
from sandbox.config import Demo, Options

PATIENCE = 120.0  # seconds to wait for the demo merchant's file


def main(argv: list[str] | None = None) -> int:
    """Serve until interrupted. 2: there is no usable demo file."""
    args = _arguments(argv)
    try:
        demo = _demo(args.demo)
    except (OSError, ValueError) as exc:
        print(f"sandbox: {exc}", file=sys.stderr)
        return 2
    options = Options(pace=args.pace, latency=args.latency, state_path=args.state)
    web.run_app(
        make_app(demo, options),
        host="127.0.0.1",
        port=args.port,
        access_log=None,
        print=None,
        shutdown_timeout=1.0,
    )
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    environment = os.environ.get
    parser.add_argument("--port", type=int, default=int(environment("SANDBOX_PORT") or 8090))
    parser.add_argument("--demo", type=Path, default=Path("var/demo.json"), help="the accounts")
    parser.add_argument(
        "--state", type=Path, default=Path("var/sandbox.json"), help="what outlives a restart"
    )
    parser.add_argument(
        "--pace",
        type=float,
        default=float(environment("SANDBOX_PACE") or 1.0),
        help="how fast the demo day runs; 0: it stands still",
    )
    parser.add_argument(
        "--latency",
        type=float,
        default=float(environment("SANDBOX_LATENCY") or 0.4),
        help="seconds between sent, delivered and read",
    )
    return parser.parse_args(argv)


def _demo(path: Path) -> Demo:
    """The demo file, waited for if it is not there yet. Raises ``OSError`` or ``ValueError``."""
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        if time.monotonic() > deadline:
            raise FileNotFoundError(f"{path} is missing: python -m bot seed-demo writes it")
        time.sleep(0.5)
    return Demo.load(path)


if __name__ == "__main__":
    sys.exit(main())
