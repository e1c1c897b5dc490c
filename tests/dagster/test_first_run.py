"""The real service: its daemon runs the sample when asked, and backfills as the UI asks for them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from ty_pipeline.config import load_settings
from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.server import planned_urls
from ty_pipeline.errors import ServiceUnavailable
from ty_pipeline.first_run import await_first_run, is_needed, request_first_run

if TYPE_CHECKING:
    from collections.abc import Callable

UP = """
from ty_pipeline.bootstrap import prepare_database
from ty_pipeline.config import load_settings
from ty_pipeline.service.supervisor import up
from ty_pipeline.sources.registry import load_sources
settings = load_settings()
sources = load_sources(settings.mappings_dir).values()
up(settings, prepare=lambda url: prepare_database(url, sources), first_run=lambda service: None,
   say=lambda line: print(line, flush=True))
"""
BACKFILL = """mutation ($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) { __typename
    ... on LaunchBackfillSuccess { backfillId } ... on Error { message } } }"""
STATE = """query ($id: String!) { partitionBackfillOrError(backfillId: $id) { __typename
  ... on PartitionBackfill { status runs(limit: 20) { runId status tags { key value } } }
  ... on Error { message } } }"""


@dataclass(frozen=True, kw_only=True)
class Service:
    """One ``up``."""

    ui: str
    database_url: str

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.ui}/graphql",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.load(response)
        assert "errors" not in answer, answer
        return dict(answer["data"])

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(question.encode()).fetchall()


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, mappings_folder: Callable[[Path], Path]
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    env = {
        "TY_HOME": str(folder / "home"),
        "TY_MAPPINGS_DIR": str(mappings_folder(folder / "mappings")),
        "TY_DATABASE_URL": "",
        "DAGSTER_POSTGRES_URL": "",
    }
    output = folder / "output.txt"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", UP], env={**os.environ, **env}, stdout=file, stderr=file
        )
    try:
        ui = _address(process, output)
        yield Service(ui=ui, database_url=planned_urls(load_settings(env)).ours)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        EmbeddedServer(folder / "home").stop()


def _address(process: subprocess.Popen[bytes], output: Path) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"^http://127\.0\.0\.1:\d+$", output.read_text(), re.MULTILINE):
            return found.group()
        time.sleep(0.1)
    raise AssertionError(output.read_text())


def test_the_daemon_runs_the_sample_and_its_progress_can_be_watched(service: Service) -> None:
    assert is_needed(service.database_url)
    run_id = request_first_run(service.ui)
    seen = list(await_first_run(service.ui, service.database_url, run_id))
    for before, after in pairwise(seen):
        assert before.graded <= after.graded
        assert before.published <= after.published
    last = seen[-1]
    assert last.status == "SUCCESS"
    assert last.postings >= 80
    assert last.summarised == last.graded == last.scored > 80
    assert 0 < last.published <= last.graded
    assert not is_needed(service.database_url)
    done = service.rows("select distinct dagster_run_id from interactions")
    assert done == [(run_id,)]
    partitions = service.rows("select distinct partition_key from interactions order by 1")
    assert partitions == [(f"2026-01-0{day}|sample",) for day in (5, 6, 7)]


@pytest.mark.long  # the daemon looks at backfills every 30 s
def test_a_backfill_from_the_ui_is_a_run_a_range_and_ends(service: Service) -> None:
    keys = ["2026-03-02|adverts", "2026-03-04|adverts"]
    assets = ["fetched_jobs", "staged_postings", "postings", "extracted_summaries"]
    params = {
        "partitionNames": keys,
        "assetSelection": [{"path": [name]} for name in assets],
    }
    launched = service.ask(BACKFILL, params=params)["launchPartitionBackfill"]
    assert launched["__typename"] == "LaunchBackfillSuccess", launched
    state = _ended(service, launched["backfillId"])
    assert state["status"] == "COMPLETED_SUCCESS", state
    assert [run["status"] for run in state["runs"]] == ["SUCCESS"] * len(keys)
    rows = service.rows(
        "select external_id, partition_key, dagster_run_id from postings"
        " join interactions using (posting_id) where conversation_id = 3335"
        " and source_id = 'adverts' order by 1"
    )
    assert [row[:2] for row in rows] == [
        ("job-1", keys[0]),
        ("job-2", keys[0]),
        ("job-5", keys[1]),
    ]
    assert {row[2] for row in rows} == {run["runId"] for run in state["runs"]}


def _ended(service: Service, backfill_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 120
    while True:
        state = dict(service.ask(STATE, id=backfill_id)["partitionBackfillOrError"])
        if state["status"].startswith(("COMPLETED", "FAILED", "CANCELED")):
            return state
        assert time.monotonic() < deadline, state
        time.sleep(0.2)


def test_a_webserver_that_does_not_answer_is_said_in_one_sentence() -> None:
    with pytest.raises(
        ServiceUnavailable, match=r"does not offer process_partition: .* does not answer"
    ):
        request_first_run("http://127.0.0.1:9", wait_seconds=0.1)


def test_a_run_that_dagster_does_not_know_is_said_in_one_sentence(service: Service) -> None:
    with pytest.raises(ServiceUnavailable, match="does not know run nothing"):
        list(await_first_run(service.ui, service.database_url, "nothing"))
