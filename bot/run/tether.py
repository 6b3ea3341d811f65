"""Starts a program that ends when the process that started it does.

    python -I -S bot/run/tether.py PARENT SIGNAL USER PROGRAM [ARGUMENT ...]

Linux sends SIGNAL to the program when PARENT (a process id) is gone, however it went; elsewhere
the program is merely started. USER is the system user to become, or "-". It is run as a file of
its own, because a signal that is asked for before `exec` needs a process that is not ours yet.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, number: int, user: str, command: list[str]) -> None:
    """Become the user, tie the knot, become the program."""
    if user != "-":
        _become(user)
    tie(number)
    if os.getppid() != parent:
        # The parent died before the knot was tied.
        sys.exit(0)
    try:
        os.execvp(command[0], command)  # noqa: S606  the whole point
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}")


def tie(number: int) -> None:
    """Ask for signal `number` on the parent's death; changing the user would forget it."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def _become(user: str) -> None:
    import pwd  # noqa: PLC0415  there is none where there is no user to become

    entry = pwd.getpwnam(user)
    os.setgid(entry.pw_gid)
    os.initgroups(user, entry.pw_gid)
    os.setuid(entry.pw_uid)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
