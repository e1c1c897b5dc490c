"""The start and the end of one process of the service.

What belongs here: importing while the database still starts, waiting for the word, ending when the
supervisor is gone. What does not: what the process does (Dagster's own command), when it is started
(``service/processes.py``).

Run as ``python -m ty_pipeline.service.child MODULE:FUNCTION PROGRAM ARGUMENT...``. Standard input is
a pipe from the supervisor: its first byte is the word to begin, its end says that the supervisor is
gone, killed with -9 included.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import time

# Between asking the process group to end and ending it.
GRACE_SECONDS = 5.0


def main() -> None:
    target, *command = sys.argv[1:]
    supervisor = _take_standard_input()
    module, _, function = target.partition(":")
    run = getattr(importlib.import_module(module), function)
    # Dagster imports this only once it has read dagster.yaml; it takes seconds.
    importlib.import_module("ty_pipeline.service.dagster_instance")
    if os.read(supervisor, 1) == b"":
        return
    threading.Thread(target=_end_with, args=(supervisor,), daemon=True).start()
    sys.argv = command
    run()


def _take_standard_input() -> int:
    """The pipe under another number, so that nothing this process starts reads from it."""
    pipe = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return pipe


def _end_with(supervisor: int) -> None:
    while os.read(supervisor, 1) != b"":
        continue
    # The group is this process and the runs it started: the supervisor gives each child its own.
    os.killpg(os.getpgrp(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
