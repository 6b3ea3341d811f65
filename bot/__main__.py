"""The command line: `python -m bot COMMAND`."""

import argparse
import importlib
import sys
from typing import Protocol, cast

# Each is a module of bot.commands, imported only when it is asked for: some take a second to.
COMMANDS = {
    "run": "start everything on this machine, and stop it with Ctrl-C",
    "gateway": "serve webhooks, API, console and tracking pages",
    "worker": "answer and deliver messages, and do all other jobs",
    "clock": "defer the jobs that recur; any number may stand by",
    "actions": "serve the engine's custom actions",
    "migrate": "bring the database up to date",
    "train": "train the language model if its inputs have changed",
    "evaluate": "measure how well the model reads messages",
    "evaluate-dates": "measure how well days and hours are read",
    "talk": "talk to the running stack as a customer, seeing how each message is read",
    "import": "load shipments from a CSV or JSON file",
    "import-points": "load a merchant's pick-up points from a CSV or JSON file",
    "seed-demo": "make the demo merchant",
    "templates": "list the templates of WhatsApp, fetch them anew, or ask for those we know",
    "eta-report": "show how the windows that customers were told were kept",
    "unknown-codes": "show the carriers' codes that could not be read",
    "nps": "show scores with their intervals, or every answer as CSV",
    "desk": "show, check and publish how people work: targets, replies in store, macros",
    "policy": "show, check, publish and explain what customers may change",
    "flow": "check, publish, roll back and replay messaging flows",
    "dead-letters": "list, replay or drop jobs that were given up",
    "person": "give out, or erase, everything about a customer",
    "add-user": "make somebody a user of the console",
    "account": "add, rotate, switch off or list accounts with providers",
    "add-key": "make an API key for a merchant",
    "settings": "show the settings in use, secrets masked",
}


class Command(Protocol):
    """What a module of bot.commands offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; the exit code."""
        ...


def main(argv: list[str] | None = None) -> int:
    """Run one command. 0: done; 1: done in part; 2: cannot be done as asked."""
    given = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="python -m bot", description="Doorstep.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, words in COMMANDS.items():
        command = commands.add_parser(
            name, help=words, description=f"{words[0].upper()}{words[1:]}."
        )
        if given and given[0] == name:
            _module(name).arguments(command)
    options = parser.parse_args(given)
    return _module(options.command).run(options)


def _module(name: str) -> Command:
    # "import" is a word of Python's own.
    file = "import_file" if name == "import" else name.replace("-", "_")
    return cast("Command", importlib.import_module(f"bot.commands.{file}"))


if __name__ == "__main__":
    sys.exit(main())
