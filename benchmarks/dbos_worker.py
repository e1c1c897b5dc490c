"""DBOS beside our engine: ``python -m benchmarks.dbos_worker URL SECONDS``.

Belongs here: workflows of 20 steps that return 900 bytes each, one after the other, in DBOS's normal
configuration; each step's result is durable before the next begins. Prints steps per second.
"""

from __future__ import annotations

import sys
import time

from dbos import DBOS, DBOSConfig

STEPS = 20  # of one workflow
ANSWER = "a" * 900


@DBOS.step()
def step(_number: int) -> str:
    """Answers at once."""
    return ANSWER


@DBOS.workflow()
def workflow() -> int:
    """Calls its steps one after the other."""
    return sum(len(step(number)) for number in range(STEPS))


def main(url: str, seconds: str) -> None:
    """Run workflows for that long, after one to warm up."""
    DBOS(config=DBOSConfig(name="bench", system_database_url=url, log_level="ERROR"))
    DBOS.launch()
    workflow()
    began, steps = time.monotonic(), 0
    while time.monotonic() - began < float(seconds):
        workflow()
        steps += STEPS
    print(steps / (time.monotonic() - began), flush=True)
    DBOS.destroy()


if __name__ == "__main__":
    main(*sys.argv[1:])
