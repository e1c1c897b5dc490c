"""`ty-pipeline up` in a process of its own, with the sample done, for whoever looks at the screen.

Belongs here: starting it, asking its GraphQL and its ledger, stopping it. Not here: the browser
(``chromium.py``), what is looked at (``test_screens.py``, ``screenshots.py``).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg

from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.server import OURS
from ty_pipeline.sources.sample import SAMPLE_DATES, SampleSource

FIRST_RUN_SECONDS = 180.0
RUN_SECONDS = 90.0
STOP_SECONDS = 60.0
PARTITIONS = tuple(f"{day}|{SampleSource.source_id}" for day in SAMPLE_DATES)
LOOK_BACK = "report_and_audit"
LAUNCH = """mutation ($job: String!) { launchRun(executionParams: {selector: {
  repositoryLocationName: "ty_pipeline", repositoryName: "__repository__", jobName: $job}}) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on Error { message } } }"""
RUNS = "query { runsOrError { ... on Runs { results { runId jobName status } } } }"


@dataclass(frozen=True, kw_only=True)
class RunningService:
    """A service with the sample done."""

    ui: str  # address of the Dagster UI, no slash at its end
    first_run_id: str  # the Dagster run that did the sample
    database_url: str  # of the ledger, as its owner

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Rows of a query to the ledger."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(question.encode()).fetchall()

    def launch(self, job: str) -> None:
        """Run a job through queue and daemon, to its good end."""
        launched = graphql(self.ui, LAUNCH, job=job)["launchRun"]
        run_id = launched["run"]["runId"]
        deadline = time.monotonic() + RUN_SECONDS
        while (status := runs(self.ui)[run_id]["status"]) != "SUCCESS":
            assert status not in ("FAILURE", "CANCELED"), f"{job} ended as {status}"
            assert time.monotonic() < deadline, f"{job} is still {status}"
            time.sleep(0.5)


@contextmanager
def running_service(home: Path) -> Iterator[RunningService]:
    """The real service on ``home`` and a free port, stopped with the block."""
    output = home.parent / "up.jsonl"
    program = Path(sys.executable).with_name("ty-pipeline")
    env = {**os.environ, "TY_HOME": str(home), "TY_PORT": str(_free_port())}
    env |= {"TY_DATABASE_URL": "", "DAGSTER_POSTGRES_URL": ""}
    with output.open("w") as file:
        process = subprocess.Popen(
            [program, "up", "--json"], env=env, stdout=file, stderr=file, stdin=subprocess.DEVNULL
        )
    try:
        ui = _await_results(process, output)
        (first,) = runs(ui)
        yield RunningService(ui=ui, first_run_id=first, database_url=EmbeddedServer(home).url(OURS))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=STOP_SECONDS)


def graphql(ui: str, query: str, **variables: Any) -> dict[str, Any]:
    """The data of an answer of the webserver."""
    body = json.dumps({"query": query, "variables": variables})
    connection = HTTPConnection(ui.removeprefix("http://"), timeout=30)
    try:
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    assert "errors" not in answer, answer
    return dict(answer["data"])


def runs(ui: str) -> dict[str, dict[str, Any]]:
    """Every run by its id, with job and status."""
    return {run["runId"]: run for run in graphql(ui, RUNS)["runsOrError"]["results"]}


def _await_results(process: subprocess.Popen[bytes], output: Path) -> str:
    """The address of the UI, once ``up`` has told the results of the sample."""
    deadline = time.monotonic() + FIRST_RUN_SECONDS
    while True:
        told = [json.loads(line) for line in _whole_lines(output)]
        if results := [one for one in told if "published" in one]:
            return str(results[0]["ui"])
        assert process.poll() is None, output.read_text()
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.2)


def _whole_lines(output: Path) -> list[str]:
    return [line for line in output.read_text().split("\n")[:-1] if line.startswith("{")]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
