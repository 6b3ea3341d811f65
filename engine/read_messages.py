"""Reads texts with a trained model: JSON strings in, one a line; JSON readings out, in order.

    engine/.venv/bin/python -m engine.read_messages models/doorstep-....tar.gz < texts.jsonl

Starting takes 10 s and more (TensorFlow's import), so many texts go through one process.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from typing import Any, TextIO

from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog


async def read(agent: Agent, text: str) -> dict[str, Any]:
    """One text's intent, confidence, distance to the nearest example, and the time it took."""
    started = time.perf_counter()
    parsed = await agent.parse_message(text)
    took = (time.perf_counter() - started) * 1000
    return {
        "intent": parsed["intent"]["name"],
        "confidence": round(float(parsed["intent"]["confidence"]), 4),
        "nearest": parsed.get("nearest"),
        "ranking": [guess["name"] for guess in parsed.get("intent_ranking", [])],
        "ms": round(took, 2),
    }


async def read_all(model: str, texts: list[str], out: TextIO) -> None:
    """Load the model once, read one text unmeasured, then all."""
    agent = Agent.load(model)
    await read(agent, "hello")
    readings = [await read(agent, text) for text in texts]
    out.writelines(json.dumps(reading) + "\n" for reading in readings)
    out.flush()


def main() -> None:
    """Nothing but readings goes to standard output: what Rasa prints is turned to the other."""
    out, sys.stdout = sys.stdout, sys.stderr
    configure_structlog(logging.WARNING)  # otherwise Rasa prints every text it reads
    texts = [json.loads(line) for line in sys.stdin if line.strip()]
    asyncio.run(read_all(sys.argv[1], texts, out))


if __name__ == "__main__":
    main()
