"""Are the ports free? Asked before anything is started, so that the answer is a plain one."""

import socket

from bot.run.local import Ports


def taken(ports: Ports) -> list[str]:
    """A line for each port that somebody else has, and what to do about it."""
    wanted = {
        "gateway": (ports.gateway, "GATEWAY_PORT"),
        "sandbox": (ports.sandbox, "SANDBOX_PORT"),
        "engine": (ports.engine, "ENGINE_PORT"),
        "actions": (ports.actions, "ACTIONS_PORT"),
        "mail server": (ports.smtp, "SMTP_PORT"),
    }
    return [
        f"port {port}, wanted by the {name}, is taken: stop what has it, "
        f"or choose another with {setting}={port + 1000}"
        for name, (port, setting) in wanted.items()
        if not is_free(port)
    ]


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        # As servers do it: connections that are still winding down do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
