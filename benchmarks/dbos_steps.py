"""DBOS on the same server: a workflow of 20 steps, each returning 900 bytes, one workflow after another.

Belongs here: its own way to do durable steps, with its normal configuration, in a process of its own
(it keeps state per process). Not here: comparing (``engine``).
"""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.connection import Connection

STEPS = 20  # of one workflow
ANSWER_BYTES = 900  # of one step's result
WARM_UP = 5  # workflows not counted
SECONDS = 8.0  # counted


def rate(url: str) -> float:
    """Steps per second on an empty database at ``url``."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_run, args=(url, theirs))
    process.start()
    theirs.close()
    steps_per_second = float(ours.recv())
    process.join()
    return steps_per_second


def _run(url: str, answer: Connection) -> None:
    from dbos import DBOS

    DBOS(
        config={
            "name": "bench",
            "system_database_url": url.replace("postgresql://", "postgresql+psycopg://", 1),
            "console_log_level": "ERROR",
        }
    )

    @DBOS.step()
    def step(number: int) -> str:
        return str(number).ljust(ANSWER_BYTES, "x")

    @DBOS.workflow()
    def workflow() -> int:
        return sum(len(step(number)) for number in range(STEPS))

    DBOS.launch()
    for _ in range(WARM_UP):
        workflow()
    began, done = time.monotonic(), 0
    while time.monotonic() - began < SECONDS:
        workflow()
        done += 1
    answer.send(done * STEPS / (time.monotonic() - began))
    DBOS.destroy()
