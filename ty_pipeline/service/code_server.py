"""The code server: the process that loads our definitions and starts runs.

What belongs here: what has to be true before it serves. What does not: serving, which is Dagster's.

Every run is a child of the code server that started it. So when one starts on our socket, a run that
an earlier one on this socket had started is dead, whatever its record says; without this it would
stay "started" for ever and keep its partition from being worked on.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster._cli import main as dagster_command
from dagster._core.storage.tags import GRPC_INFO_TAG

log = logging.getLogger(__name__)

AT_WORK = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def main() -> None:
    """Called with the arguments of ``dagster api grpc``, a socket among them."""
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


def _server_of(tags: Mapping[str, str]) -> dict[str, Any]:
    return dict(json.loads(tags.get(GRPC_INFO_TAG, "{}")))
