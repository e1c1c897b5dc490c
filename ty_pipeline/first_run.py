"""The first run: asks Dagster's daemon for the partitions of the sample, and watches them come.

Belongs here: what ``ty-pipeline up`` does once its services answer. Not here: starting them
(``service``), runs in this process (``runs``).

It is one run over the range of the sample's dates: a run costs seconds, a partition milliseconds. It
goes through the webserver's public API into the queue, from which the daemon takes it.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ty_pipeline.database.connect import Connection, connected
from ty_pipeline.errors import ServiceUnavailable
from ty_pipeline.jobs import PROCESS_PARTITION
from ty_pipeline.ledger.report import read_done, read_fetched
from ty_pipeline.partitions import Partition
from ty_pipeline.sources.sample import SAMPLE_DATES, SampleSource

PARTITIONS = tuple(Partition(day=day, source_id=SampleSource.source_id) for day in SAMPLE_DATES)

POLL_SECONDS = 0.5
REQUEST_SECONDS = 30.0
# Whatever proxy the environment names is not for an address of this machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
ENDED = ("SUCCESS", "FAILURE", "CANCELED")

REPOSITORIES = """query { repositoriesOrError { __typename
  ... on RepositoryConnection { nodes { name location { name } jobs { name } } }
  ... on PythonError { message } } }"""
LAUNCH = """mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) { __typename
  ... on LaunchRunSuccess { run { runId } }
  ... on Error { message } } }"""
STATUS = """query ($id: ID!) { runOrError(runId: $id) { __typename
  ... on Run { status } ... on Error { message } } }"""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the first run has come."""

    status: str  # of the run, as Dagster says: QUEUED, STARTED, SUCCESS ...
    postings: int  # postings found so far
    summarised: int  # of them, with a summary
    graded: int  # of them, with both grades
    published: int  # of them, with a published summary
    scored: int  # of them, with an internal hire likelihood
    seconds: float  # since it was asked for

    @property
    def has_ended(self) -> bool:
        """Whether the run is over, well or not."""
        return self.status in ENDED


def request_first_run(webserver_url: str, *, wait_seconds: float = 60.0) -> str:
    """Ask for all of the sample in one run; returns its id.

    Waits until the code location has loaded. Raises ServiceUnavailable.
    """
    repository = _repository(webserver_url, time.monotonic() + wait_seconds)
    tags = {
        "dagster/asset_partition_range_start": PARTITIONS[0].key,
        "dagster/asset_partition_range_end": PARTITIONS[-1].key,
    }
    params = {
        "selector": {
            "repositoryLocationName": repository["location"]["name"],
            "repositoryName": repository["name"],
            "jobName": PROCESS_PARTITION,
        },
        "runConfigData": {},
        "executionMetadata": {"tags": [{"key": k, "value": v} for k, v in tags.items()]},
    }
    launched = _ask(webserver_url, LAUNCH, {"params": params})["launchRun"]
    if launched["__typename"] != "LaunchRunSuccess":
        raise ServiceUnavailable(
            "Dagster did not take the run of the sample:"
            f" {launched.get('message', launched['__typename'])}"
        )
    return str(launched["run"]["runId"])


def await_first_run(
    webserver_url: str, database_url: str, run_id: str, *, wait_seconds: float = 600.0
) -> Iterator[Progress]:
    """Yield the state twice a second until the run has ended, the end included.

    Raises ServiceUnavailable when it has not ended in time; the run itself goes on.
    """
    began = time.monotonic()
    with connected(database_url, role="ty_reader") as connection:
        while True:
            progress = _progress(connection, _status(webserver_url, run_id), began)
            yield progress
            if progress.has_ended:
                return
            if progress.seconds > wait_seconds:
                raise ServiceUnavailable(
                    f"Run {run_id} is {progress.status} after {wait_seconds:.0f} s:"
                    " look at the daemon's log and at the run in the Dagster UI."
                )
            time.sleep(POLL_SECONDS)


def is_needed(database_url: str) -> bool:
    """Whether a partition of the sample was never fetched."""
    keys = [partition.key for partition in PARTITIONS]
    with connected(database_url, role="ty_reader") as connection:
        return not set(keys) <= read_fetched(connection, keys)


def _progress(connection: Connection, status: str, began: float) -> Progress:
    done = read_done(connection, [partition.key for partition in PARTITIONS])
    return Progress(
        status=status,
        postings=done.get("validate_description", 0),
        summarised=done.get("extract_summary", 0),
        graded=min(done.get("grade_a", 0), done.get("grade_b", 0)),
        published=done.get("save_summary", 0),
        scored=done.get("save_ihl", 0),
        seconds=time.monotonic() - began,
    )


def _repository(webserver_url: str, deadline: float) -> dict[str, Any]:
    """The repository that has our job, as soon as the code location has loaded."""
    seen = ""
    while True:
        try:
            answer = _ask(webserver_url, REPOSITORIES, {})["repositoriesOrError"]
        except ServiceUnavailable as error:
            answer = {"message": str(error)}
        for node in answer.get("nodes", ()):
            if PROCESS_PARTITION in {job["name"] for job in node["jobs"]}:
                return dict(node)
        seen = answer.get("message", "no code location has the job")
        if time.monotonic() > deadline:
            raise ServiceUnavailable(f"Dagster does not offer {PROCESS_PARTITION}: {seen}")
        time.sleep(POLL_SECONDS / 2)


def _status(webserver_url: str, run_id: str) -> str:
    answer = _ask(webserver_url, STATUS, {"id": run_id})["runOrError"]
    if answer["__typename"] != "Run":
        raise ServiceUnavailable(f"Dagster does not know run {run_id}: {answer.get('message')}")
    return str(answer["status"])


def _ask(webserver_url: str, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{webserver_url.rstrip('/')}/graphql",
        data=json.dumps({"query": query, "variables": variables}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with _DIRECT.open(request, timeout=REQUEST_SECONDS) as response:
            answer = json.load(response)
    except (OSError, ValueError) as error:
        raise ServiceUnavailable(
            f"Dagster's webserver at {webserver_url} does not answer: {error}."
        ) from error
    if "data" not in answer or answer["data"] is None:
        raise ServiceUnavailable(f"Dagster's webserver refused a question: {answer['errors']}")
    return dict(answer["data"])
