"""The service as its user sees it: what it prints, what it restarts, what it leaves behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psutil
import pytest

from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.service.lock import running_ui

UP = """
import sys
from ty_pipeline.config import load_settings
from ty_pipeline.errors import TyPipelineError
from ty_pipeline.service.supervisor import up
try:
    up(load_settings(), prepare=lambda url: None, first_run=lambda running: None,
       say=lambda line: print(line, flush=True), definitions="slow_definitions")
except TyPipelineError as error:
    sys.exit(str(error))
"""

LAUNCH = """
mutation Launch($job: String!) {
  launchRun(executionParams: {selector: {
    repositoryLocationName: "ty_pipeline", repositoryName: "__repository__", jobName: $job}}) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  }
}
"""
STATUS = "query Status($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"


class Up:
    """One ``up`` in a process of its own, with everything it printed."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.output = home.parent / f"output-{time.monotonic_ns()}.txt"
        env = {**os.environ, "TY_HOME": str(home), "TY_PORT": str(port)}
        env |= {"PYTHONPATH": str(Path(__file__).parent), "TY_DATABASE_URL": ""}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", UP],
                env=env,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )

    def printed(self) -> str:
        return self.output.read_text()

    def wait_until_up(self) -> str:
        """The UI's address."""
        wait_for(lambda: self.process.poll() is not None or self._address() is not None, 120)
        address = self._address()
        assert address is not None, self.printed()
        return address

    def _address(self) -> str | None:
        found = re.search(r"^http://127\.0\.0\.1:\d+$", self.printed(), re.MULTILINE)
        return found and found.group()


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def processes_of(home: Path) -> list[psutil.Process]:
    """The service's processes, runs among them; neither ``up`` itself nor the database."""
    return [process for process in psutil.process_iter() if is_of(process, home)]


def is_of(process: psutil.Process, home: Path) -> bool:
    try:
        ours = process.environ().get("TY_HOME") == str(home)
        return ours and "ty_pipeline.service.nursery" in process.cmdline()
    except psutil.Error:
        return False


def kill_listener(port: int) -> None:
    """SIGKILL for the process that serves on ``port``."""
    (found,) = {
        connection.pid
        for connection in psutil.net_connections("tcp4")
        if connection.status == psutil.CONN_LISTEN
        and connection.laddr
        and connection.laddr.port == port
    }
    assert found is not None
    os.kill(found, signal.SIGKILL)


def ask(ui: str, query: str, **variables: str) -> dict[str, Any]:
    body = json.dumps({"query": query, "variables": variables})
    with closing(HTTPConnection(ui.removeprefix("http://"), timeout=30)) as connection:
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
    assert "errors" not in answer, answer
    return dict(answer["data"])


def launch(ui: str, job: str) -> str:
    answer = ask(ui, LAUNCH, job=job)["launchRun"]
    assert answer["__typename"] == "LaunchRunSuccess", answer
    return str(answer["run"]["runId"])


def status(ui: str, run: str) -> str:
    return str(ask(ui, STATUS, run=run)["runOrError"]["status"])


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = (
        tmp_path / ("a home with spaces, long enough for its sockets to go elsewhere " * 2).strip()
    )
    yield folder
    for process in psutil.Process().children():
        process.kill()
    for process in processes_of(folder):
        process.kill()
    EmbeddedServer(folder).stop()


def test_the_service_from_start_over_failures_to_ctrl_c(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        first = Up(home, port)
        ui = first.wait_until_up()
        assert f"Port {port} is taken" in first.printed()
        assert not ui.endswith(f":{port}")
    assert running_ui(home) == ui

    second = Up(home, port)
    assert second.process.wait(60) == 1
    told = f"running already as process {first.process.pid}; its UI is {ui}."
    assert told in second.printed()

    quick = launch(ui, "quick_job")
    wait_for(lambda: status(ui, quick) == "SUCCESS", 60)

    kill_listener(int(ui.rsplit(":", 1)[1]))
    wait_for(lambda: "The webserver ended by itself (killed by SIGKILL)" in first.printed(), 10)
    slow = launch_when_up(ui, "slow_job")
    wait_for(lambda: status(ui, slow) == "STARTED", 60)
    first.process.kill()
    first.process.wait()
    wait_for(lambda: processes_of(home) == [], 20)
    assert EmbeddedServer(home).is_running()
    assert running_ui(home) is None

    third = Up(home, port)
    ui = third.wait_until_up()
    assert status(ui, quick) == "SUCCESS"
    assert status(ui, slow) == "FAILURE"
    third.process.send_signal(signal.SIGINT)
    assert third.process.wait(60) == 0
    assert processes_of(home) == []
    assert not EmbeddedServer(home).is_running()
    assert "the data is kept" in third.printed()


@pytest.mark.long
def test_whatever_is_killed_comes_back(home: Path) -> None:
    up = Up(home, 3000)
    ui = up.wait_until_up()
    nursery = next(p for p in processes_of(home) if p.ppid() == up.process.pid)
    nursery.kill()
    wait_for(lambda: "The daemon ended by itself (with the process" in up.printed(), 10)
    quick = launch_when_up(ui, "quick_job")
    wait_for(lambda: status(ui, quick) == "SUCCESS", 60)
    os.kill(int((home / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    wait_for(lambda: "PostgreSQL ended by itself" in up.printed(), 30)
    quick = launch_when_up(ui, "quick_job")
    wait_for(lambda: status(ui, quick) == "SUCCESS", 60)
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(60) == 0
    assert processes_of(home) == []


def launch_when_up(ui: str, job: str) -> str:
    """Asked again while the webserver comes up, or holds connections to a database that is gone."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return launch(ui, job)
        except (OSError, HTTPException, AssertionError):
            assert time.monotonic() < deadline
            time.sleep(0.5)


def test_a_database_that_is_out_of_reach_ends_it_with_one_sentence(home: Path) -> None:
    env = {"TY_HOME": str(home), "TY_DATABASE_URL": "postgresql://me:s3cret@127.0.0.1:1/none"}
    ended = subprocess.run(
        [sys.executable, "-c", UP],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert (
        "The database postgresql://me@/none?host=127.0.0.1&port=1 cannot be reached" in ended.stderr
    )
    assert "s3cret" not in ended.stdout + ended.stderr
    assert processes_of(home) == []
