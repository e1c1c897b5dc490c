"""What our code server does before it serves: failing orphans, and forking runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from ty_pipeline.service.code_server import fail_orphaned_runs

OURS = {".dagster/grpc_info": json.dumps({"host": "localhost", "socket": "/ours/code.sock"})}
OTHERS = {".dagster/grpc_info": json.dumps({"host": "localhost", "socket": "/others/code.sock"})}
STARTED, NOT_STARTED = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.NOT_STARTED
SUCCESS, FAILURE = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE


@dg.job
def some_job() -> None:
    """Never run."""


@pytest.mark.parametrize(
    ("status", "tags", "after"),
    [
        (STARTED, OURS, FAILURE),
        (dg.DagsterRunStatus.STARTING, OURS, FAILURE),
        (dg.DagsterRunStatus.CANCELING, OURS, FAILURE),
        (NOT_STARTED, OURS, NOT_STARTED),
        (SUCCESS, OURS, SUCCESS),
        (STARTED, OTHERS, STARTED),
        (STARTED, {}, STARTED),
    ],
)
def test_only_unfinished_runs_of_our_own_socket_are_orphans(
    status: dg.DagsterRunStatus, tags: dict[str, str], after: dg.DagsterRunStatus
) -> None:
    with dg.instance_for_test() as instance:
        run = instance.create_run_for_job(some_job, tags=tags, status=status)
        failed = fail_orphaned_runs(instance, "/ours/code.sock")
        assert failed == ([run.run_id] if after != status else [])
        left = instance.get_run_by_id(run.run_id)
        assert left is not None
        assert left.status == after


RUN_WITH_EVERYTHING_IMPORTED = """
import multiprocessing, os, sys, threading
from ty_pipeline.service.code_server import fork_runs_from_here, grpc_server

def report(queue):
    queue.put(("dagster" in sys.modules, os.getppid(), threading.active_count()))

if __name__ == "__main__":
    fork_runs_from_here()
    context = grpc_server.multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=report, args=(queue,))
    process.start()
    had_dagster, parent, threads = queue.get(timeout=30)
    process.join(30)
    print(had_dagster, parent != os.getpid(), threads, process.exitcode)
"""


def test_a_run_starts_with_everything_imported_and_without_threads(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(RUN_WITH_EVERYTHING_IMPORTED)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["True", "True", "1", "0"], done.stderr
