"""The code server: the process that loads our definitions and starts runs.

What belongs here: what has to be true before it serves, and how runs are started quickly. What does
not: serving and running, which are Dagster's.

Every run is a child of the code server that started it. So when one starts on our socket, a run that
an earlier one on this socket had started is dead, whatever its record says; without this it would
stay "started" for ever and keep its partition from being worked on.
"""

from __future__ import annotations

import importlib
import json
import logging
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker, util
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._cli import main as dagster_command
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._grpc import server as grpc_server

log = logging.getLogger(__name__)

AT_WORK = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def main() -> None:
    """Called with the arguments of ``dagster api grpc``, a socket among them."""
    fork_runs_from_here()
    socket = sys.argv[sys.argv.index("--socket") + 1]
    with dg.DagsterInstance.get() as instance:
        for run_id in fail_orphaned_runs(instance, socket):
            log.warning("Run %s had lost its process; it is marked as failed.", run_id)
    dagster_command()  # type: ignore[no-untyped-call] # Dagster's entry point has no types


def fail_orphaned_runs(instance: dg.DagsterInstance, socket: str) -> list[str]:
    """Mark as failed every unfinished run that a code server on ``socket`` started; their ids."""
    unfinished = instance.get_runs(dg.RunsFilter(statuses=AT_WORK))
    orphans = [run for run in unfinished if _server_of(run.tags).get("socket") == socket]
    for run in orphans:
        instance.report_run_failed(run, "The service stopped while this run was at work.")
    return [run.run_id for run in orphans]


def fork_runs_from_here() -> None:
    """From now on Dagster's runs are forks of this process as it is now, everything imported.

    Dagster spawns a new Python for each run, which imports for 5 s before it does anything. Python's
    own fork server does the forking, in a process without threads; only that this process is forked
    for it, instead of starting one that imports all over again, is ours.

    To be called while there are no threads and no connections.
    """
    resource_tracker.ensure_running()
    start_another_python = util.spawnv_passfds
    util.spawnv_passfds = _fork_this_one  # type: ignore[assignment] # only how it is called counts
    try:
        forkserver.ensure_running()
    except OSError as error:  # the temporary folder has too long a path for a socket
        log.warning("Runs start slowly, each with a Python of its own: %s.", error)
        return
    finally:
        util.spawnv_passfds = start_another_python
    vars(grpc_server)["multiprocessing"] = _ForkedRuns()


class _ForkedRuns:
    """``multiprocessing`` as Dagster's server sees it."""

    def get_context(self, _method: str) -> Any:
        return multiprocessing.get_context("forkserver")

    def __getattr__(self, name: str) -> Any:
        return getattr(multiprocessing, name)


def _fork_this_one(_program: bytes, arguments: Sequence[Any], keep: Sequence[int]) -> int:
    """Stands in for ``multiprocessing.util.spawnv_passfds``: same arguments, same effect."""
    pid = os.fork()
    if pid == 0:
        opened = [int(entry.name) for entry in Path("/dev/fd").iterdir()]
        for number in {*opened} - {0, 1, 2, *keep}:
            with suppress(OSError):  # the one that listed them is closed by now
                os.close(number)
        importlib.reload(forkserver)  # its lock was held when we were forked
        try:
            exec(arguments[-1], {})  # noqa: S102 # what follows python -c: a line of the stdlib
        finally:
            os._exit(0)
    return pid


def _server_of(tags: Mapping[str, str]) -> dict[str, Any]:
    return dict(json.loads(tags.get(GRPC_INFO_TAG, "{}")))
