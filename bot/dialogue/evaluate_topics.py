"""How well the topics of comments are read: exact sets, and precision and recall of each topic."""

import json
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.dialogue.training import ROOT, engine_environment, engine_program
from bot.domain.topics import TOPICS, topics_of


@dataclass
class TopicsRead:
    """Counts over the lines of a file, and what was read wrongly."""

    lines: int = 0
    exact: int = 0
    right: Counter[str] = field(default_factory=Counter[str])
    claimed: Counter[str] = field(default_factory=Counter[str])
    wanted: Counter[str] = field(default_factory=Counter[str])
    misses: list[str] = field(default_factory=list[str])

    def report(self) -> str:
        """A line a miss, a line a topic, and last `accuracy 0.91 (n=96)`, of whole sets."""
        table = [
            f"{topic:10} precision {_share(self.right[topic], self.claimed[topic])}"
            f"  recall {_share(self.right[topic], self.wanted[topic])}  (n={self.wanted[topic]})"
            for topic in TOPICS
        ]
        last = f"accuracy {self.exact / max(self.lines, 1):.2f} (n={self.lines})"
        return "\n".join([*self.misses, *table, last])


def evaluate(lines: Sequence[str], sure: Sequence[Mapping[str, float]] | None = None) -> TopicsRead:
    """Read lines of `{"text", "topics": [...]}`. Raises KeyError, ValueError: not such a line.

    Args:
        sure: what the engine says of each line (`by_vectors`); without it they go by their words.
    """
    found = TopicsRead()
    for place, line in enumerate(lines):
        row = json.loads(line)
        wanted, read = (
            set[str](row["topics"]),
            set(topics_of(row["text"], sure[place] if sure else None)),
        )
        found.lines += 1
        found.exact += wanted == read
        found.right.update(wanted & read)
        found.claimed.update(read)
        found.wanted.update(wanted)
        if wanted != read:
            found.misses.append(f"{row['text']}: {sorted(read)}, not {sorted(wanted)}")
    return found


def by_vectors(lines: Sequence[str]) -> list[dict[str, float]]:
    """How surely each line's text is about each topic, by the engine's own reader.

    Raises:
        FileNotFoundError: the engine is not installed.
        subprocess.CalledProcessError: it broke; its own output says why.
    """
    texts = "".join(json.dumps(json.loads(line)["text"]) + "\n" for line in lines)
    command = [str(engine_program("python")), "-W", "ignore", "-m", "engine.comments"]
    done = subprocess.run(
        command, cwd=ROOT, env=engine_environment(), input=texts, text=True, check=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "   –"
