"""`evaluate-dates`: measures how well days and hours are read."""

import argparse
import json
import sys
from pathlib import Path

from bot.dialogue.evaluate_dates import BadFileError, as_json, read_lines, read_row, report


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="lines as in docs/dates.md")
    parser.add_argument("--json", metavar="OUT", type=Path, help="also write the report there")


def run(options: argparse.Namespace) -> int:
    """Print the misses; the last line is the accuracy. 0, however well; 2: no usable file."""
    file: Path = options.file
    out: Path | None = options.json
    try:
        lines = read_lines(file.read_text(encoding="utf-8"))
    except (BadFileError, OSError, UnicodeDecodeError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return 2
    rows = [read_row(line) for line in lines]
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(as_json(rows), ensure_ascii=False, indent=1), encoding="utf-8")
    print(report(rows))
    return 0
