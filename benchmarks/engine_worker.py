"""One worker process of the engine benchmark: ``python -m benchmarks.engine_worker URL PARTITION``.

Belongs here: the product's own pass over one partition, with actors that answer at once. Says "ready",
waits for a line, runs, and prints one JSON object. Not here: what to compare it with (``engine``).
"""

from __future__ import annotations

import json
import sys
import time

from benchmarks.engine_workflow import WORKFLOW, build
from ty_pipeline.engine.context import EngineContext
from ty_pipeline.engine.passes import run_pass


def main(url: str, partition_key: str) -> None:
    """Run the pass; ``made`` are interactions, ``python_seconds`` CPU time of this process."""
    context = EngineContext(url=url, workflow=WORKFLOW, build=build)
    with context.connect():
        print("ready", flush=True)
    sys.stdin.readline()
    began = time.process_time()
    report = run_pass(context, "bench", partition_key)
    made = {"made": report.completed, "python_seconds": time.process_time() - began}
    print(json.dumps(made), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
